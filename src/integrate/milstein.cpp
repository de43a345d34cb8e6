// Milstein's method (Milstein 1974; Kloeden & Platen 1992, eq. 10.3.16) for noise that is diagonal or additive,
// the Ito sense: Euler-Maruyama and
// 1/2 (L g)(dW^2 - dt), L g = sum over m of g_m dg/dx_m. Strong order 1. Mixed terms of two noises would need Levy areas; it refuses them.
#include "integrate/stochastic.hpp"

namespace ranvier::integrate {
namespace {

using ir::NodeId;

/// L^i g of state k's coefficient g of noise j: how noise i moves it. The literal 0 where it does not.
NodeId moved(const OdeSystem& s, const std::vector<Stochastic>& parts, std::size_t i, NodeId g_of_j) {
  auto& g = *s.graph;
  NodeId sum = g.literal(0.0);
  for (std::size_t m = 0; m < s.states.size(); ++m) {
    const auto by = parts[m].diffusion[i];
    if (g.is_literal(by, 0.0) || ir::independent(g, g_of_j, s.states[m].symbol)) continue;
    const auto slope = ir::differentiate(g, g_of_j, s.states[m].symbol);
    if (g.is_literal(slope, 0.0)) continue;
    const auto term = g.mul(by, slope);
    sum = g.is_literal(sum, 0.0) ? term : g.add(sum, term);
  }
  return sum;
}

std::vector<Stochastic> all_parts(const OdeSystem& s) {
  std::vector<Stochastic> parts;
  for (std::size_t k = 0; k < s.states.size(); ++k) parts.push_back(stochastic_parts(s, k));
  return parts;
}

std::optional<std::string> refuses(const OdeSystem& s) {
  if (auto why = refuses_nonlinear_noise(s)) return why;
  auto& g = *s.graph;
  const auto parts = all_parts(s);
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    for (std::size_t i = 0; i < s.noises.size(); ++i) {
      for (std::size_t j = 0; j < s.noises.size(); ++j) {
        if (i == j || g.is_literal(moved(s, parts, i, parts[k].diffusion[j]), 0.0)) continue;
        return "noise is not diagonal: in d" + s.states[k].name + "/dt the coefficient of '" + s.noises[j].name + "' depends on what '" +
               s.noises[i].name + "' moves";
      }
    }
  }
  return {};
}

Update advance(const OdeSystem& s) {
  auto& g = *s.graph;
  const auto parts = all_parts(s);
  Update u;
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    NodeId next = euler_maruyama_step(s, k, parts[k]);
    for (std::size_t i = 0; i < s.noises.size(); ++i) {
      const auto change = moved(s, parts, i, parts[k].diffusion[i]);
      if (g.is_literal(change, 0.0)) continue;
      const auto z = s.noises[i].draw;
      const auto half = g.mul(g.literal(0.5), s.dt);
      next = g.add(next, g.mul(g.mul(change, half), g.sub(g.mul(z, z), g.literal(1.0))));
    }
    u.next.push_back(next);
  }
  return u;
}

}  // namespace

const Method milstein{"milstein", "Milstein for diagonal noise (Ito)", 1, 1, refuses, advance};

}  // namespace ranvier::integrate
