#include "engine/kernel_cache.hpp"

namespace ranvier {

std::shared_ptr<KernelCache> kernel_cache() { return std::make_shared<KernelCache>(); }

codegen::Compiler& KernelCache::compiler(const codegen::CompilerOptions& options) {
  const std::lock_guard lock(mutex_);
  auto& found = compilers_[{options.lanes, options.disk_cache}];
  if (!found) found = std::make_unique<codegen::Compiler>(options);
  return *found;
}

}  // namespace ranvier
