// Exponential midpoint: an exponential Euler half step gives the other states at the middle of the step; the whole step is then
// exponential with them. Second order, two evaluations. Held inputs take part in the linear coefficient here.
#include "integrate/pieces.hpp"

namespace ranvier::integrate {
namespace {

/// All states after h from the old state, with the other states frozen at `others`.
std::vector<ir::NodeId> exponential_steps(const OdeSystem& s, const std::vector<ir::NodeId>& others, ir::NodeId time, ir::NodeId h) {
  std::vector<ir::NodeId> next;
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    if (const auto closed = decayed_after(s, k, h)) {
      next.push_back(*closed);
      continue;
    }
    auto at = stage(s, others, time);
    at.erase(s.states[k].symbol);
    next.push_back(exponential_step(*s.graph, s.states[k].symbol, rate_at(s, k, at), slope_at(s, k, at), h));
  }
  return next;
}

Update advance(const OdeSystem& original) {
  OdeSystem s = original;
  for (auto& state : s.states) state.rate = ir::substitute(*s.graph, state.rate, s.held);
  s.held.clear();
  auto& g = *s.graph;
  const auto half = g.mul(g.literal(0.5), s.dt);
  const auto middle = exponential_steps(s, symbols(s), ir::no_node, half);
  return {exponential_steps(s, middle, g.add(s.t, half), s.dt), {}};
}

}  // namespace

const Method exp_midpoint{"exp_midpoint", "exponential midpoint", 2, 2, accepts_all, advance};

}  // namespace ranvier::integrate
