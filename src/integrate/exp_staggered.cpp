// Staggered exponential steps (after Hines 1984): states that depend on one another only across two groups are advanced in turn,
// one group at whole steps, the other at half steps, each exactly for frozen others. Second order at one evaluation.
//
// Stored at time t = k dt: whole-step states at t, half-step states at t - dt/2 (at t in the first step, which advances them by
// dt/2 only). A step advances the half-step states to t + dt/2 with the whole-step states at t, then the whole-step states with
// those. States that decay by themselves (conductances) are whole-step states and enter the other whole-step equations as they
// are at t + dt/2. The recorded value of a half-step state is its value at t.
#include <deque>
#include <set>

#include "integrate/pieces.hpp"

namespace ranvier::integrate {
namespace {

enum class Group { decay, whole, half, open };

struct Partition {
  std::vector<Group> group;
  std::optional<std::string> refusal;
};

/// Two-colours the graph of mutual dependence; states that must be known at whole steps start, and stay, `whole`.
Partition partition(const OdeSystem& s) {
  const std::size_t n = s.states.size();
  Partition p{std::vector<Group>(n, Group::open), {}};
  std::vector<ir::NodeId> rate;
  for (std::size_t k = 0; k < n; ++k) {
    rate.push_back(ir::substitute(*s.graph, s.states[k].rate, s.held));
    if (decayed_after(s, k, s.dt)) p.group[k] = Group::decay;
  }
  std::vector<std::set<std::size_t>> linked(n);  // one of the two reads the other
  for (std::size_t a = 0; a < n; ++a) {
    for (const std::size_t b : states_in(s, rate[a])) {
      linked[a].insert(b);
      linked[b].insert(a);
    }
  }
  const auto flood = [&](std::size_t start) {
    std::deque<std::size_t> queue{start};
    p.group[start] = Group::whole;
    while (!queue.empty()) {
      const auto a = queue.front();
      queue.pop_front();
      for (const std::size_t b : linked[a]) {
        if (b == a || p.group[b] == Group::decay) continue;
        const Group other = p.group[a] == Group::whole ? Group::half : Group::whole;
        if (p.group[b] == Group::open) {
          p.group[b] = other;
          queue.push_back(b);
        } else if (p.group[b] != other) {
          p.refusal = "'" + s.states[a].name + "' and '" + s.states[b].name + "' depend on each other within one group";
        }
      }
    }
  };
  for (const bool must : {true, false}) {
    for (std::size_t k = 0; k < n; ++k) {
      if (p.group[k] == Group::open && (s.states[k].whole_step || !must)) flood(k);
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    if (p.group[k] == Group::half && s.states[k].whole_step) {
      p.refusal = "'" + s.states[k].name + "' is needed at whole steps but would live at half steps";
    }
  }
  return p;
}

std::optional<std::string> refuses(const OdeSystem& s) {
  if (s.stochastic) return "its equations contain noise or random numbers";
  return partition(s).refusal;
}

Update advance(const OdeSystem& original) {
  OdeSystem s = original;
  auto& g = *s.graph;
  for (auto& state : s.states) state.rate = ir::substitute(g, state.rate, s.held);
  s.held.clear();
  const auto groups = partition(s).group;
  const std::size_t n = s.states.size();
  const auto first = g.make(ir::Op::eq, s.step, g.literal(0.0));
  const auto half = g.mul(g.literal(0.5), s.dt);
  const auto half_step_length = g.select(first, half, s.dt);
  const auto centre = g.select(first, g.add(s.t, g.mul(g.literal(0.25), s.dt)), s.t);

  Update u;
  u.next.assign(n, ir::no_node);
  u.recorded.assign(n, ir::no_node);
  auto middle = symbols(s);  // the states as the whole-step group sees them, at t + dt/2
  for (std::size_t k = 0; k < n; ++k) {
    const auto x = s.states[k].symbol;
    if (groups[k] == Group::decay) {
      const auto slope = pure_decay(s, k);
      u.next[k] = *decayed_after(s, k, s.dt);
      middle[k] = slope ? g.mul(x, g.make(ir::Op::exp, g.mul(*slope, half))) : propagated(g, *cascade(s, k), half);
    } else if (groups[k] == Group::half) {
      const auto at = ir::Substitution{{s.t, centre}};
      u.next[k] = exponential_step(g, x, rate_at(s, k, at), slope_at(s, k, at), half_step_length);
      u.recorded[k] = exponential_step(g, x, rate_at(s, k, {}), slope_at(s, k, {}), g.select(first, g.literal(0.0), half));
      middle[k] = u.next[k];
    }
  }
  const auto at_middle = stage(s, middle, g.add(s.t, half));
  for (std::size_t k = 0; k < n; ++k) {
    if (groups[k] != Group::whole) continue;
    u.next[k] = exponential_step(g, s.states[k].symbol, rate_at(s, k, at_middle), slope_at(s, k, at_middle), s.dt);
  }
  return u;
}

}  // namespace

const Method exp_staggered{"exp_staggered", "exponential steps, gates at half steps", 2, 1, refuses, advance};

}  // namespace ranvier::integrate
