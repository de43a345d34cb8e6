// The unit that a synapse's state has in a projection: its own, or, where it has none, that which its output asks for.
//
//   const Dimension d = synapse.states[0].dimension * unit_of_weight(projection);
#pragma once

#include "model/model_data.hpp"

namespace ranvier::detail {

/// f is a sum of multiples of the `of`, nothing else.
[[nodiscard]] bool linear(ir::Graph& g, ir::NodeId f, const std::vector<ir::NodeId>& of);
/// The synapse's states and what it sends scale with what arrives.
[[nodiscard]] bool scales(const ProjectionData& p);
/// A synapse without units takes that of the weight: what the output asks for. For one that receives() and has an output.
[[nodiscard]] Dimension unit_of_weight(const ProjectionData& p);
/// A rule whose only quantity in the unit of its weight is that weight, and what is a multiple of it, takes the unit of the projection's
/// weight: short-term plasticity of conductances, currents and jumps is one rule. One with a largest weight, say, keeps its own.
void adopt_weight_unit(ProjectionData& p);
/// UnitError unless the weight (with the law of its values, if there is one) is in the unit that the synapse's state has.
void require_weight(const std::string& projection, const Quantity& weight, const std::optional<Expr>& law, const Dimension& state);

}  // namespace ranvier::detail
