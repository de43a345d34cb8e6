// What the host's vector unit offers, without asking LLVM: a warm start must not load it.
// Three levels stand for all processors, so that a cache directory shared by like machines is shared in fact, and so that the
// code that is run does not depend on the model of the processor.
#include <cstdlib>
#include <string_view>

#include "codegen/executable.hpp"

namespace ranvier::codegen {
namespace {

#if defined(__x86_64__)
std::string_view detect() {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("popcnt");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512bw");
  return avx512 ? "avx512" : avx2 ? "avx2" : "none";
}
#elif defined(__aarch64__)
std::string_view detect() { return "neon"; }  // every processor of this family has it
#else
std::string_view detect() { return "none"; }
#endif

Host limited(std::string_view detected) {
  const char* chosen = std::getenv("RANVIER_ISA");
  const std::string_view limit = chosen ? chosen : "";
  if (limit == "none" || (limit == "avx2" && detected == "avx512")) return host_of(limit);
  return host_of(detected);
}

}  // namespace

Host host_of(std::string_view isa) {
  const char* x86 = "x86_64-unknown-linux-gnu";
  const char* avx2 = "+avx2,+fma,+bmi,+bmi2,+popcnt";
  if (isa == "avx512")
    return {.isa = "avx512", .triple = x86, .cpu = "x86-64", .features = std::string(avx2) + ",+avx512f,+avx512vl,+avx512dq,+avx512bw", .native_lanes_f32 = 16};
  if (isa == "avx2") return {.isa = "avx2", .triple = x86, .cpu = "x86-64", .features = avx2, .native_lanes_f32 = 8};
  if (isa == "neon") return {.isa = "neon", .triple = "aarch64-unknown-linux-gnu", .cpu = "generic", .features = "+neon", .native_lanes_f32 = 4};
  return {.isa = "none"};
}

const Host& host() {
  static const Host chosen = limited(detect());
  return chosen;
}

}  // namespace ranvier::codegen
