// The user's expressions over a population of a step program: names become nodes, with dimensions.
//
//   auto e = make_expression(program, domain, "I_syn", [](const Symbols& s) { return s("g") * s("V"); });
//   core.observe(domain, "I_syn", e.graph, e.node);
#pragma once

#include <string>
#include <vector>

#include "model/step_program.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier::engine {

struct Expression {
  ir::Graph graph;  ///< the domain's, continued
  ir::NodeId node = ir::no_node;
  Dimension dimension{};
};
/// UserError for a name that there is not, UnitError for what does not fit.
[[nodiscard]] Expression make_expression(const model::StepProgram& program, std::size_t domain, const std::string& name,
                                         const ExpressionFunction& function);
/// All names that Symbols knows in a domain.
[[nodiscard]] std::vector<std::string> symbol_names(const model::StepProgram& program, std::size_t domain);

}  // namespace ranvier::engine
