// Sums of products in a normal form (Laurent polynomials over opaque nodes), to establish that two expressions differ by a
// uniform factor however they are written: 0.1*V + 4 and (V + 40)/k have the ratio 0.1*k.
//
//   std::optional<Monomial> m = uniform_ratio(g, numerator, argument);   // numerator == m * argument
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "ir/graph.hpp"

namespace ranvier::ir {

/// coefficient * product of node^exponent, sorted by node, no exponent zero.
struct Monomial {
  double coefficient = 1;
  std::vector<std::pair<NodeId, int>> powers;
};

/// The uniform m with n == m*t, coefficients compared to 1e-14 (0.1*55.7 is not 5.57 in binary), or nothing if that cannot be
/// established. Where t is itself uniform, m must be a number: any two uniform values have some ratio.
[[nodiscard]] std::optional<Monomial> uniform_ratio(const Graph& g, NodeId n, NodeId t);

}  // namespace ranvier::ir
