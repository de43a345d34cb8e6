// What the host's vector unit offers, without asking LLVM: a warm start must not load it.
// Three levels stand for all processors, so that a cache directory shared by like machines is shared in fact, and so that the
// code that is run does not depend on the model of the processor.
#include <cstdlib>
#include <string_view>

#include "codegen/executable.hpp"

namespace ranvier::codegen {
namespace {

#if defined(__x86_64__)
Host detect() {
  Host none{.isa = "none", .triple = "x86_64-unknown-linux-gnu", .cpu = "x86-64", .features = "", .native_lanes_f32 = 1};
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("popcnt");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512bw");
  const char* chosen = std::getenv("RANVIER_ISA");
  const std::string_view limit = chosen ? chosen : "";
  if (!avx2 || limit == "none") return none;
  Host host = none;
  host.isa = "avx2";
  host.features = "+avx2,+fma,+bmi,+bmi2,+popcnt";
  host.native_lanes_f32 = 8;
  if (!avx512 || limit == "avx2") return host;
  host.isa = "avx512";
  host.features += ",+avx512f,+avx512vl,+avx512dq,+avx512bw";
  host.native_lanes_f32 = 16;
  return host;
}
#elif defined(__aarch64__)
Host detect() {
  Host host{.isa = "neon", .triple = "aarch64-unknown-linux-gnu", .cpu = "generic", .features = "+neon", .native_lanes_f32 = 4};
  const char* chosen = std::getenv("RANVIER_ISA");
  if (chosen && std::string_view(chosen) == "none") {
    host.isa = "none";
    host.native_lanes_f32 = 1;
  }
  return host;
}
#else
Host detect() { return Host{.isa = "none"}; }
#endif

}  // namespace

const Host& host() {
  static const Host detected = detect();
  return detected;
}

}  // namespace ranvier::codegen
