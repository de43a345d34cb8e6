// Forward Euler: x + dt f(x).
#include "integrate/pieces.hpp"

namespace ranvier::integrate {
namespace {

Update advance(const OdeSystem& s) {
  auto& g = *s.graph;
  Update u;
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    u.next.push_back(g.add(s.states[k].symbol, g.mul(s.dt, rate_at(s, k, {}))));
  }
  return u;
}

}  // namespace

const Method euler{"euler", "forward Euler", 1, 1, accepts_all, advance};

}  // namespace ranvier::integrate
