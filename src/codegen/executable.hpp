// A kernel ready to run, whichever backend made it, and the two ways of making one.
//
//   auto kernel = interpret(k);                                    // the oracle
//   Compiler compiler{CompilerOptions{.lanes = 0}};                // 0: the host's own width
//   std::shared_ptr<const Executable> fast = compiler.compile(k);  // from memory, disk, or LLVM
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
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
/// The same for an instruction set by name, whatever this machine has: for checks of code that another one runs.
[[nodiscard]] Host host_of(std::string_view isa);

/// Is told the text of each requested stage: of what stage ("ir", "llvm" or "asm"), of which kernel.
using DumpSink = std::function<void(std::string_view stage, std::string_view kernel, std::string_view text)>;

struct CompilerOptions {
  int lanes = 0;             ///< 1, 2, 4, 8, 16, 32; 0: two native vectors interleaved
  bool disk_cache = true;
  std::string cache_directory;  ///< empty: $RANVIER_CACHE_DIR, else $XDG_CACHE_HOME/ranvier, else ~/.cache/ranvier
  DumpSink dump;                ///< called by compile() for the stages named below; "asm" loads LLVM even if the image is cached
  std::string dump_stages;      ///< e.g. "ir,llvm,asm" (what RANVIER_DUMP holds; the program reads it, the library does not)
};

struct CompileStatistics {
  int from_memory = 0, from_disk = 0, compiled = 0;
  double seconds = 0;        ///< everything spent in compile()
  bool llvm_loaded = false;
  std::string llvm_version;  ///< of the library in use, empty if none was loaded
  CompileStatistics& operator+=(const CompileStatistics& other);
};

/// Compiles kernels; equal kernels are compiled once. A damaged cache entry is ignored and rebuilt.
/// Thread-safe. Where host().isa is "none" (or no backend for this processor exists) kernels are interpreted.
class Compiler {
 public:
  /// UserError if the lane count is not one of those listed, or a stage to dump is unknown.
  explicit Compiler(CompilerOptions options);
  ~Compiler();
  Compiler(const Compiler&) = delete;
  Compiler& operator=(const Compiler&) = delete;

  /// UnsupportedError if LLVM is missing or too old and the cache has no image (it says which libraries were tried).
  [[nodiscard]] std::shared_ptr<const Executable> compile(const ir::Kernel& kernel);
  /// All at once: LLVM is loaded once, and kernels that no cache has are compiled in parallel, each a module of its own.
  [[nodiscard]] std::vector<std::shared_ptr<const Executable>> compile(const std::vector<ir::Kernel>& kernels);
  /// The same; `spent`: of this call alone.
  [[nodiscard]] std::vector<std::shared_ptr<const Executable>> compile(const std::vector<ir::Kernel>& kernels, CompileStatistics& spent);
  /// Tells the sink of the options about these kernels, as compile() does, and compiles nothing.
  void dump(const std::vector<ir::Kernel>& kernels);
  [[nodiscard]] int lanes(ir::Precision precision) const;  ///< the width in use
  [[nodiscard]] CompileStatistics statistics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ranvier::codegen
