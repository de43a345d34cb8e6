#include "integrate/pieces.hpp"

#include <algorithm>
#include <span>

namespace ranvier::integrate {

using ir::Graph;
using ir::NodeId;
using ir::Op;

NodeId rate_at(const OdeSystem& s, std::size_t k, const ir::Substitution& at) {
  const NodeId filled = ir::substitute(*s.graph, s.states[k].rate, s.held);
  return ir::substitute(*s.graph, filled, at);
}

NodeId slope_at(const OdeSystem& s, std::size_t k, const ir::Substitution& at) {
  NodeId slope = ir::differentiate(*s.graph, s.states[k].rate, s.states[k].symbol);
  slope = ir::substitute(*s.graph, slope, s.held);
  return ir::substitute(*s.graph, slope, at);
}

namespace {

/// f as slope*x + b where b needs no operation that f did not need: a*(1 - x) - b*x is (-a - b)*x + a, a single multiply-add.
NodeId shortest_form(Graph& g, NodeId x, NodeId f, NodeId slope) {
  if (ir::differentiate(g, f, x) != slope) return f;  // held inputs depend on x
  const std::size_t before = g.size();
  const auto affine = ir::affine_in(g, f, x);
  const bool known = affine.ok && affine.offset < before && g[affine.offset].op != Op::literal;
  return known ? g.add(g.mul(slope, x), affine.offset) : f;
}

}  // namespace

NodeId exponential_step(Graph& g, NodeId x, NodeId f, NodeId slope, NodeId h) {
  if (g.is_literal(slope, 0.0)) return g.add(x, g.mul(h, f));
  if (g[slope].uniform) return g.add(x, g.mul(g.mul(h, f), g.make(Op::exprel, g.mul(h, slope))));
  // h f exprel(h slope) as f/slope expm1(h slope): the division need not wait for the exponential. A slope of 0 is moved to where
  // the quotient of expm1 and slope is still h to the last digit.
  const NodeId tiny = g.literal(1e-18);
  const NodeId away = g.select(g.make(Op::lt, g.make(Op::abs, slope), tiny), tiny, slope);
  const NodeId quotient = g.div(shortest_form(g, x, f, slope), away);
  return g.add(x, g.mul(quotient, g.make(Op::expm1, g.mul(h, away))));
}

std::optional<NodeId> pure_decay(const OdeSystem& s, std::size_t k) {
  Graph& g = *s.graph;
  const NodeId rate = ir::substitute(g, s.states[k].rate, s.held);
  const auto affine = ir::affine_in(g, rate, s.states[k].symbol);
  if (!affine.ok || !g.is_literal(affine.offset, 0.0)) return {};
  if (!g[affine.slope].uniform || g.is_literal(affine.slope, 0.0)) return {};
  return affine.slope;
}

NodeId decayed(Graph& g, NodeId x, NodeId slope, NodeId h) {
  const NodeId y = g.mul(x, g.make(Op::exp, g.mul(slope, h)));
  return g.select(g.make(Op::lt, g.make(Op::abs, y), g.literal(1e-30)), g.literal(0.0), y);
}

std::vector<std::size_t> states_in(const OdeSystem& s, NodeId node) {
  std::vector<std::size_t> out;
  for (const NodeId id : ir::topological(*s.graph, std::span(&node, 1))) {
    if ((*s.graph)[id].op != Op::symbol) continue;
    const auto found = std::find_if(s.states.begin(), s.states.end(), [&](const auto& state) { return state.symbol == id; });
    if (found != s.states.end()) out.push_back(static_cast<std::size_t>(found - s.states.begin()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<Cascade> cascade(const OdeSystem& s, std::size_t k) {
  Graph& g = *s.graph;
  const auto fixed = [&](NodeId node) {
    return states_in(s, node).empty() && ir::independent(g, node, s.t) && ir::independent(g, node, s.step);
  };
  const auto own = ir::affine_in(g, ir::substitute(g, s.states[k].rate, s.held), s.states[k].symbol);
  if (!own.ok || !fixed(own.slope)) return {};
  Cascade out{s.states[k].symbol, own.slope, own.offset, {}};
  for (const std::size_t j : states_in(s, own.offset)) {
    const auto x = s.states[j].symbol;
    if (j == k || ir::independent(g, out.offset, x)) continue;
    const auto part = ir::affine_in(g, out.offset, x);
    const auto slope = pure_decay(s, j);
    if (!part.ok || !slope || !fixed(part.slope) || !fixed(*slope)) return {};
    out.feeds.push_back({x, *slope, part.slope});
    out.offset = part.offset;
  }
  if (!fixed(out.offset)) return {};
  return out;
}

NodeId propagated(Graph& g, const Cascade& c, NodeId h) {
  const auto exponent = g.mul(c.slope, h);
  const auto factor = g.make(Op::exp, exponent);
  NodeId y = g.mul(c.state, factor);
  if (!g.is_literal(c.offset, 0.0)) y = g.add(y, g.mul(g.mul(c.offset, h), g.make(Op::exprel, exponent)));
  for (const auto& f : c.feeds) {
    const auto between = g.make(Op::exprel, g.mul(g.sub(f.slope, c.slope), h));
    y = g.add(y, g.mul(f.state, g.mul(g.mul(f.coefficient, h), g.mul(factor, between))));
  }
  return y;
}

std::optional<NodeId> decayed_after(const OdeSystem& s, std::size_t k, NodeId h) {
  Graph& g = *s.graph;
  if (const auto slope = pure_decay(s, k)) return decayed(g, s.states[k].symbol, *slope, h);
  const auto c = cascade(s, k);
  if (!c || c->feeds.empty() || !g.is_literal(c->offset, 0.0) || !g[c->slope].uniform || g.is_literal(c->slope, 0.0)) return {};
  for (const auto& f : c->feeds) {
    if (!g[f.coefficient].uniform) return {};
  }
  const NodeId y = propagated(g, *c, h);
  return g.select(g.make(Op::lt, g.make(Op::abs, y), g.literal(1e-30)), g.literal(0.0), y);
}

std::vector<NodeId> symbols(const OdeSystem& s) {
  std::vector<NodeId> out;
  for (const auto& state : s.states) out.push_back(state.symbol);
  return out;
}

ir::Substitution stage(const OdeSystem& s, const std::vector<NodeId>& values, NodeId time) {
  ir::Substitution map;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (values[k] != s.states[k].symbol) map[s.states[k].symbol] = values[k];
  }
  if (time != ir::no_node) map[s.t] = time;
  return map;
}

std::optional<std::string> accepts_all(const OdeSystem& s) {
  if (s.stochastic) return "its equations contain noise or random numbers";
  return {};
}

}  // namespace ranvier::integrate
