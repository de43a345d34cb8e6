// Exponential Euler: every state advances by x + dt f exprel(dt df/dx), all right-hand sides taken from the old state. What
// BrainPy calls exp_auto. Inputs declared `held` are constants of the derivative; a pure decay is exact.
#include "integrate/pieces.hpp"

namespace ranvier::integrate {
namespace {

Update advance(const OdeSystem& s) {
  auto& g = *s.graph;
  Update u;
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    const auto x = s.states[k].symbol;
    if (const auto slope = pure_decay(s, k)) {
      u.next.push_back(decayed(g, x, *slope, s.dt));
    } else {
      u.next.push_back(exponential_step(g, x, rate_at(s, k, {}), slope_at(s, k, {}), s.dt));
    }
  }
  return u;
}

}  // namespace

const Method exp_euler{"exp_euler", "exponential Euler from the old state (BrainPy's exp_auto)", 1, 1, accepts_all, advance};

}  // namespace ranvier::integrate
