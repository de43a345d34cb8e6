#include "model/synaptic_unit.hpp"

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

}  // namespace ranvier::detail
