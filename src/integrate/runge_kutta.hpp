// Explicit Runge-Kutta methods from their tableau.
//
//   return runge_kutta(system, {{{0.5}}, {0, 1}, {0.5}});   // the midpoint rule
#pragma once

#include <vector>

#include "integrate/pieces.hpp"

namespace ranvier::integrate {

/// Butcher tableau: `a[i]` are the coefficients of stage i+1, `b` the weights, `c[i]` the time of stage i+1, in units of dt.
struct Tableau {
  std::vector<std::vector<double>> a;
  std::vector<double> b, c;
};

[[nodiscard]] inline Update runge_kutta(const OdeSystem& s, const Tableau& tableau) {
  auto& g = *s.graph;
  const std::size_t n = s.states.size();
  std::vector<std::vector<ir::NodeId>> k;  // [stage][state]
  const auto combine = [&](std::size_t state, const std::vector<double>& weights) {
    ir::NodeId sum = ir::no_node;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] == 0) continue;
      const auto term = g.mul(g.literal(weights[i]), k[i][state]);
      sum = sum == ir::no_node ? term : g.add(sum, term);
    }
    return g.add(s.states[state].symbol, g.mul(s.dt, sum));
  };
  for (std::size_t i = 0; i < tableau.b.size(); ++i) {
    ir::Substitution at;
    if (i > 0) {
      std::vector<ir::NodeId> values;
      for (std::size_t x = 0; x < n; ++x) values.push_back(combine(x, tableau.a[i - 1]));
      at = stage(s, values, g.add(s.t, g.mul(g.literal(tableau.c[i - 1]), s.dt)));
    }
    k.emplace_back();
    for (std::size_t x = 0; x < n; ++x) k.back().push_back(rate_at(s, x, at));
  }
  Update u;
  for (std::size_t x = 0; x < n; ++x) u.next.push_back(combine(x, tableau.b));
  return u;
}

}  // namespace ranvier::integrate
