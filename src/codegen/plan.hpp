// What both backends need to know of a basic kernel before they walk it: the nodes in order, and where each symbol comes from.
// Checking happens here, once, so that neither backend meets a node that it cannot evaluate.
//
//   KernelPlan plan = make_plan(kernel);                 // InternalError if the kernel is not well formed
//   for (ir::NodeId id : plan.order) { ... plan.sources[id] ... }
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ir/kernel.hpp"

namespace ranvier::codegen {

/// Where the value of a symbol is read from.
struct SymbolSource {
  enum class Kind : std::uint8_t { array, scalar } kind{};
  std::uint32_t index = 0;  ///< into Kernel::arrays or Kernel::scalars
};

struct KernelPlan {
  std::vector<ir::NodeId> order;                           ///< operands before users, each node that a store or event needs
  std::unordered_map<ir::NodeId, SymbolSource> sources;    ///< of the symbols in `order`
};

/// InternalError naming the kernel and the node if an operator is not basic, a symbol has no source, or a type cannot be stored.
[[nodiscard]] KernelPlan make_plan(const ir::Kernel& kernel);

}  // namespace ranvier::codegen
