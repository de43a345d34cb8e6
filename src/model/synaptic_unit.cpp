#include "model/synaptic_unit.hpp"

#include <algorithm>

#include "ir/passes.hpp"

namespace ranvier::detail {

bool linear(ir::Graph& g, ir::NodeId f, const std::vector<ir::NodeId>& of) {
  for (const ir::NodeId x : of) {
    const auto affine = ir::affine_in(g, f, x);
    if (!affine.ok) return false;
    for (const ir::NodeId y : of) {
      if (!ir::independent(g, affine.slope, y)) return false;
    }
    f = affine.offset;
  }
  return g.is_literal(f, 0.0);
}

bool scales(const ProjectionData& p) {
  ir::Graph graph = p.synapse->scope->graph;  // a copy: a network is only read here
  std::vector<ir::NodeId> states;
  for (const auto& s : p.synapse->states) states.push_back(s.symbol);
  for (const auto& s : p.synapse->states) {
    if (s.rate != ir::no_node && !linear(graph, s.rate, states)) return false;
  }
  return !p.synapse->sends || linear(graph, ExprAccess::in(p.synapse->scope, *p.synapse->sends), states);
}

Dimension unit_of_weight(const ProjectionData& p) {
  const auto received = p.synapse->states[*p.synapse->receives].dimension;
  const auto sent = p.synapse->sends ? p.synapse->sends->dimension() : received;
  const auto& wanted = p.output->synaptic_dimension;
  return received.is_none() && sent != wanted && scales(p) ? wanted / sent : Dimension{};
}

void require_weight(const std::string& projection, const Quantity& weight, const std::optional<Expr>& law, const Dimension& state) {
  if (weight.dimension == state) return;
  const std::string shown = law ? "'" + law->text() + "' [" + unit_name(weight.dimension) + "]" : to_string(weight);
  throw UnitError("projection '" + projection + "'", "the weight " + shown + " must be in " + unit_name(state), "the synapse's state has that unit");
}

namespace {

/// Everything in the weight's unit scales with the states that have it, and nothing else depends on them.
bool weight_scales(const PlasticityData& m) {
  const auto unit = m.states[*m.weight].dimension;
  ir::Graph graph = m.scope->graph;
  std::vector<ir::NodeId> weights;
  for (const auto& s : m.states) {
    if (s.dimension != unit) continue;
    if (s.initial) return false;
    weights.push_back(s.symbol);
  }
  const auto fits = [&](std::size_t state, ir::NodeId value) {
    if (value == ir::no_node) return true;
    if (state == PlasticityData::sends || m.states[state].dimension == unit) return linear(graph, value, weights);
    return std::all_of(weights.begin(), weights.end(), [&](ir::NodeId w) { return ir::independent(graph, value, w); });
  };
  for (std::size_t k = 0; k < m.states.size(); ++k) {
    if (!fits(k, m.states[k].rate)) return false;
  }
  for (const auto* statements : {&m.on_pre, &m.on_post}) {
    for (const auto& s : *statements) {
      if (!fits(s.state, s.value)) return false;
    }
  }
  return true;
}

}  // namespace

void adopt_weight_unit(ProjectionData& p) {
  if (!p.plasticity || !p.plasticity->weight || !(p.weight_given || p.weight_law)) return;
  auto& m = *p.plasticity;
  const auto unit = m.states[*m.weight].dimension, wanted = p.weight.dimension;
  if (unit == wanted || unit.is_none() || m.sent != unit || !weight_scales(m)) return;
  for (auto& s : m.states) {
    if (s.dimension == unit) s.dimension = wanted;
  }
  m.sent = wanted;
}

}  // namespace ranvier::detail
