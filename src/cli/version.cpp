#include "cli/version.hpp"

#include <fmt/format.h>

#include "codegen/executable.hpp"

namespace ranvier::cli {

std::string version() { return RANVIER_VERSION; }

std::string version_text() {
  const auto& host = codegen::host();
  std::string text = fmt::format("ranvier {}\n", version());
  if (host.isa == "none") {
    text += fmt::format("this processor: no fused multiply-add, kernels are interpreted ({})\n", host.triple);
  } else {
    text += fmt::format("this processor: {}, {} lanes of f32 a vector ({})\n", host.isa, host.native_lanes_f32,
                        host.triple);
  }
#if defined(__clang__)
  text += fmt::format("built with Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  text += fmt::format("built with GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
  return text + fmt::format(", kernel interface {}\n", RANVIER_KERNEL_ABI_VERSION);
}

}  // namespace ranvier::cli
