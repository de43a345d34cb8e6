// A straight-line form of some roots for the evaluators: one instruction a node, values in slots that are used again once free,
// so that a chain of 10^5 nodes needs a handful of them. Reals and booleans (as 0 and 1) only, in double.
//
//   Program p = compile(g, roots);
//   run(p, Functions::own, slots, [](const Instruction& leaf) { return value; });
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ir/graph.hpp"

namespace ranvier::ir {

struct Instruction {
  Op op{};
  std::uint32_t out = 0;
  std::array<std::uint32_t, 3> in{};
  double value = 0;            ///< literal
  std::uint64_t payload = 0;   ///< symbol: index into Program::symbols; random: stream number
  bool uniform = false;
};

struct Program {
  std::vector<Instruction> code;
  std::vector<Symbol> symbols;
  std::vector<NodeId> symbol_nodes;    ///< parallel to `symbols`, ids in the graph that was compiled
  std::vector<std::uint32_t> results;  ///< the slot of each root
  std::uint32_t slots = 0;
};

/// InternalError if the roots need integer arithmetic, which has no width here.
[[nodiscard]] Program compile(const Graph& g, std::span<const NodeId> roots);

}  // namespace ranvier::ir
