// Euler-Maruyama (Maruyama 1955; Kloeden & Platen 1992, eq. 10.2.4): x + dt f + sum of g_i sqrt(dt) z_i, the Ito sense.
// Strong order 1/2 (1 where all noise is additive), weak order 1. Random numbers in f are drawn once and held over the step.
#include "integrate/stochastic.hpp"

namespace ranvier::integrate {

Stochastic stochastic_parts(const OdeSystem& s, std::size_t k) {
  auto& g = *s.graph;
  Stochastic out{.linear = true, .drift = ir::substitute(g, s.states[k].rate, s.held), .diffusion = {}};
  for (const auto& noise : s.noises) {
    const auto affine = ir::affine_in(g, out.drift, noise.symbol);
    out.linear = out.linear && affine.ok;
    if (!out.linear) return out;
    out.diffusion.push_back(affine.slope);
    out.drift = affine.offset;
  }
  for (const auto& noise : s.noises) {
    for (const auto slope : out.diffusion) out.linear = out.linear && ir::independent(g, slope, noise.symbol);
  }
  return out;
}

std::optional<std::string> refuses_nonlinear_noise(const OdeSystem& s) {
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    if (!stochastic_parts(s, k).linear) return "d" + s.states[k].name + "/dt contains noise otherwise than times an expression without noise";
  }
  return {};
}

ir::NodeId euler_maruyama_step(const OdeSystem& s, std::size_t k, const Stochastic& parts) {
  auto& g = *s.graph;
  const auto x = s.states[k].symbol;
  if (const auto slope = pure_decay(s, k)) return decayed(g, x, *slope, s.dt);
  auto next = g.add(x, g.mul(s.dt, parts.drift));
  const auto root = g.make(ir::Op::sqrt, s.dt);
  for (std::size_t i = 0; i < s.noises.size(); ++i) {
    if (g.is_literal(parts.diffusion[i], 0.0)) continue;
    next = g.add(next, g.mul(g.mul(parts.diffusion[i], root), s.noises[i].draw));
  }
  return next;
}

namespace {

Update advance(const OdeSystem& s) {
  Update u;
  for (std::size_t k = 0; k < s.states.size(); ++k) u.next.push_back(euler_maruyama_step(s, k, stochastic_parts(s, k)));
  return u;
}

}  // namespace

const Method euler_maruyama{"euler_maruyama", "Euler-Maruyama for noise (Ito)", 1, 1, refuses_nonlinear_noise, advance};

}  // namespace ranvier::integrate
