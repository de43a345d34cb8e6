// Text of literals, the same wherever a node is written out.
//
//   shortest(0.1);              // "0.1": the fewest digits that read back as the same double
//   literal_text(g, literal);   // "-70", "true"
#pragma once

#include <string>

#include "ir/graph.hpp"

namespace ranvier::ir {

[[nodiscard]] std::string shortest(double value);
[[nodiscard]] std::string literal_text(const Graph& g, NodeId id);

}  // namespace ranvier::ir
