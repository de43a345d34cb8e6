// The exact propagator of states that obey dx/dt = L x + b, with L and b free of states and time: x exp(L dt) + b dt exprel(L dt);
// and of those that such decaying states drive (see cascade()): alpha and dual exponential synapses, membranes with exponential currents.
#include "integrate/pieces.hpp"

namespace ranvier::integrate {
namespace {

std::optional<std::string> refuses(const OdeSystem& s) {
  if (s.stochastic) return "its equations contain noise or random numbers";
  auto& g = *s.graph;
  for (const auto& state : s.states) {
    const auto rate = ir::substitute(g, state.rate, s.held);
    const auto affine = ir::affine_in(g, rate, state.symbol);
    const bool autonomous = affine.ok && ir::independent(g, rate, s.t);
    if (!autonomous) return "d" + state.name + "/dt is not linear in " + state.name + " with constant coefficients";
    if (cascade(s, static_cast<std::size_t>(&state - s.states.data()))) continue;
    for (const std::size_t j : states_in(s, rate)) {
      if (s.states[j].symbol != state.symbol) return "d" + state.name + "/dt depends on '" + s.states[j].name + "'";
    }
  }
  return {};
}

Update advance(const OdeSystem& s) {
  auto& g = *s.graph;
  Update u;
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    const auto x = s.states[k].symbol;
    if (const auto slope = pure_decay(s, k)) {
      u.next.push_back(decayed(g, x, *slope, s.dt));
      continue;
    }
    if (const auto c = cascade(s, k); c && !c->feeds.empty()) {
      u.next.push_back(propagated(g, *c, s.dt));
      continue;
    }
    const auto affine = ir::affine_in(g, ir::substitute(g, s.states[k].rate, s.held), x);
    const auto exponent = g.mul(affine.slope, s.dt);
    const auto kept = g.mul(x, g.make(ir::Op::exp, exponent));
    u.next.push_back(g.add(kept, g.mul(g.mul(affine.offset, s.dt), g.make(ir::Op::exprel, exponent))));
  }
  return u;
}

}  // namespace

const Method exact{"exact", "exact propagator of linear equations", 99, 1, refuses, advance};

}  // namespace ranvier::integrate
