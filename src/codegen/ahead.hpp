// Which part of a kernel is computed for the next vector while the rest is done for this one.
//
// The elements of a kernel do not depend on one another, yet a processor has work on several vectors at once only where
// it sees that far: a few hundred operations, less than a long kernel has. What is then left to wait for is the longest
// chain. Its beginning, where few values lead out of it (an exponential of the state, say, that all rates share), is
// done one vector early and is ready when it is needed.
//
//   const Halves halves = split(kernel, plan.order);
//   if (!halves.links.empty()) ...   // ahead: what leads to `links`; here: all else, which reads them
#pragma once

#include <span>
#include <vector>

#include "ir/kernel.hpp"

namespace ranvier::codegen {

struct Halves {
  std::vector<ir::NodeId> links;  ///< the values that are computed one vector early, if any
  std::vector<ir::NodeId> ahead;  ///< operands first; `links` and what they need
  std::vector<ir::NodeId>
      here;  ///< operands first, without `links`. Leaves, and single operations on them, may be in both.
};

/// `order`: the kernel's nodes, operands first.
[[nodiscard]] Halves split(const ir::Kernel& kernel, std::span<const ir::NodeId> order);

}  // namespace ranvier::codegen
