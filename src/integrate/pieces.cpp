#include "integrate/pieces.hpp"

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
