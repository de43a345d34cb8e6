// A kernel ready to run, whichever backend made it, and the two ways of making one.
//
//   auto kernel = interpret(k);                                    // the oracle
//   Compiler compiler{CompilerOptions{.lanes = 0}};                // 0: the host's own width
//   std::shared_ptr<const Executable> fast = compiler.compile(k);  // from memory, disk, or LLVM
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codegen/kernel_abi.h"
#include "ir/kernel.hpp"

namespace ranvier::codegen {

class Executable {
 public:
  virtual ~Executable() = default;
  /// Thread-safe; never throws. See RanvierKernelArgs.
  virtual std::int32_t run(const RanvierKernelArgs& args) const noexcept = 0;
};

/// The basic kernel evaluated node by node in its own precision. Slow, exact, needs nothing.
[[nodiscard]] std::shared_ptr<const Executable> interpret(const ir::Kernel& kernel);

/// What the host's vector unit offers. Detected at run time; RANVIER_ISA=avx2|avx512|neon|none lowers it (never raises it).
struct Host {
  std::string isa;         ///< "avx512", "avx2", "neon", or "none" (no FMA: kernels are interpreted, with a notice)
  std::string triple, cpu, features;  ///< for LLVM
  int native_lanes_f32 = 1;
};
[[nodiscard]] const Host& host();

struct CompilerOptions {
  int lanes = 0;             ///< 1, 2, 4, 8, 16; 0: two native vectors interleaved
  bool disk_cache = true;
  std::string cache_directory;  ///< empty: $RANVIER_CACHE_DIR, else $XDG_CACHE_HOME/ranvier, else ~/.cache/ranvier
};

struct CompileStatistics {
  int from_memory = 0, from_disk = 0, compiled = 0;
  double seconds = 0;        ///< everything spent in compile()
  bool llvm_loaded = false;
};

/// Compiles kernels; equal kernels are compiled once. A damaged cache entry is ignored and rebuilt.
class Compiler {
 public:
  explicit Compiler(CompilerOptions options);
  ~Compiler();
  Compiler(const Compiler&) = delete;
  Compiler& operator=(const Compiler&) = delete;

  /// UnsupportedError if LLVM is missing or too old and the cache has no image (it says which libraries were tried), or if the
  /// lane count is not one of those listed.
  [[nodiscard]] std::shared_ptr<const Executable> compile(const ir::Kernel& kernel);
  /// All at once (LLVM is loaded once; several kernels form one module).
  [[nodiscard]] std::vector<std::shared_ptr<const Executable>> compile(const std::vector<ir::Kernel>& kernels);
  [[nodiscard]] int lanes(ir::Precision precision) const;  ///< the width in use
  [[nodiscard]] CompileStatistics statistics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ranvier::codegen
