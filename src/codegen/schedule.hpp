// The order in which a kernel's operations are written. LLVM keeps it (llvm_text.cpp asks for that), so it decides how
// many chains of dependent operations are in flight, which is what the speed of a long kernel without branches hangs
// on.
//
//   plan.order = schedule(kernel.graph, plan.order);   // same nodes, operands still first
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ir/graph.hpp"

namespace ranvier::codegen {

inline constexpr std::size_t longest_order = 4096;  ///< nodes: choosing takes time in proportion to the square

/// Cycles until the result can be used, as on current x86 and ARM cores; 0 for what is folded into other instructions.
[[nodiscard]] int latency(ir::Op op);

/// List scheduling: a processor that starts one product and one sum a cycle, the longest remaining chain first, few
/// values alive. Symbols stand just before their first use. `order` holds operands before users, and may leave out values
/// that are known already; it comes back as it is where it is very long.
[[nodiscard]] std::vector<ir::NodeId> schedule(const ir::Graph& graph, std::span<const ir::NodeId> order);

}  // namespace ranvier::codegen
