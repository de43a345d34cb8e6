// A basic kernel as textual LLVM IR in explicit vectors: LLVM is asked to select instructions, never to vectorise.
// Reads and writes follow kernel_abi.h; no fast-math flag is ever set, so every lane computes what the interpreter computes.
//
//   std::string ir = emit_llvm(kernel, {.lanes = 16, .prefer_vector_bits = 256});   // one function, `ranvier_kernel`
#pragma once

#include <string>
#include <string_view>

#include "ir/kernel.hpp"

namespace ranvier::codegen {

/// The one external symbol of an emitted module.
inline constexpr std::string_view kernel_symbol = "ranvier_kernel";

/// Raised with every change of what is emitted: part of the key of cached images.
inline constexpr int emitter_version = 5;

struct EmitOptions {
  int lanes = 1;                ///< elements a loop iteration: 1, 2, 4, 8, 16 or 32
  int prefer_vector_bits = 0;   ///< widest register to use, 0: LLVM's choice
};

/// The module's text. InternalError if the kernel is not well formed (see make_plan).
[[nodiscard]] std::string emit_llvm(const ir::Kernel& kernel, const EmitOptions& options);

}  // namespace ranvier::codegen
