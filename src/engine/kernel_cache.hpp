// The compilers that simulations share, one for each way of compiling.
//
//   auto cache = kernel_cache();
//   cache->compiler(options).compile(kernels);
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "codegen/executable.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier {

class KernelCache {
 public:
  /// Thread-safe; what is returned lives as long as the cache. Options that make a dump are not shared by callers.
  codegen::Compiler& compiler(const codegen::CompilerOptions& options);

 private:
  std::mutex mutex_;
  std::map<std::tuple<int, bool>, std::unique_ptr<codegen::Compiler>> compilers_;
};

}  // namespace ranvier
