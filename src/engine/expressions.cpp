#include "engine/expressions.hpp"

#include <algorithm>

#include "ir/passes.hpp"

namespace ranvier::engine {
namespace {

using ir::Rate;

const model::Array* array_of(const model::StepProgram& program, std::size_t d, const std::string& name) {
  const auto& domain = program.domains[d];
  if (const auto* own = model::find_array(domain, name)) return own;
  const auto alias = program.array_aliases.find(name);
  if (alias == program.array_aliases.end() || alias->second.first != d) return nullptr;
  return &domain.arrays[alias->second.second];
}

/// The name under which the value of a shared parameter is kept; empty if there is none.
std::string uniform_of(const model::StepProgram& program, std::size_t d, const std::string& name) {
  for (const auto& n : {program.domains[d].name + "." + name, name}) {
    const auto alias = program.aliases.find(n);
    const auto& key = alias == program.aliases.end() ? n : alias->second;
    if (program.uniforms.contains(key)) return key;
  }
  return "";
}

/// Noise and random numbers have values within a step only.
void require_values(const model::Domain& domain, const Expression& e, const std::string& where) {
  const ir::NodeId root[] = {e.node};
  for (const ir::NodeId id : ir::topological(e.graph, root)) {
    const auto& node = e.graph[id];
    const bool random = node.op == ir::Op::normal || node.op == ir::Op::uniform;
    const bool noise = node.op == ir::Op::symbol && !node.uniform && !model::find_array(domain, e.graph.symbol_of(id).name);
    if (!random && !noise) continue;
    throw UserError(where, "it contains " + (noise ? "'" + e.graph.symbol_of(id).name + "', which is noise" : "random numbers"),
                    "record a state that each_step() sets to them");
  }
}

}  // namespace

std::vector<std::string> symbol_names(const model::StepProgram& program, std::size_t d) {
  const auto& domain = program.domains[d];
  std::vector<std::string> known;
  for (const auto& a : domain.arrays) known.push_back(a.name);
  for (const auto& [alias, where] : program.array_aliases) {
    if (where.first == d && !alias.starts_with(domain.name + ".")) known.push_back(alias);
  }
  for (const auto& [name, value] : program.uniforms) {
    known.push_back(name.starts_with(domain.name + ".") ? name.substr(domain.name.size() + 1) : name);
  }
  for (const auto& [name, part] : domain.named) known.push_back(name);
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

Expression make_expression(const model::StepProgram& program, std::size_t d, const std::string& name, const ExpressionFunction& function) {
  const auto& domain = program.domains[d];
  const std::string where = "expression '" + name + "' of population '" + domain.name + "'";
  if (!function) throw UserError(where, "it is empty", "give a function that returns an expression");
  auto scope = std::make_shared<detail::Scope>();
  scope->owner = where;
  const Symbols symbols([&](const std::string& wanted) {
    auto& g = scope->graph;
    const auto make = [&](ir::NodeId node, const Dimension& dimension) { return detail::ExprAccess::make(scope, node, dimension); };
    if (wanted == "t" || wanted == "dt") return make(g.symbol(wanted, Rate::uniform), dimension::time);
    if (const auto* a = array_of(program, d, wanted)) return make(g.symbol(a->name, Rate::varying), a->dimension);
    if (const auto key = uniform_of(program, d, wanted); !key.empty()) {
      return make(g.symbol(key, Rate::uniform), program.uniforms.at(key).dimension);
    }
    if (const auto part = domain.named.find(wanted); part != domain.named.end()) {
      const ir::NodeId roots[] = {part->second.node};
      return make(ir::import(g, *domain.graph, roots)[0], part->second.dimension);
    }
    throw UserError(where, "there is no '" + wanted + "'", detail::suggest(wanted, symbol_names(program, d)));
  });
  const Expr value = function(symbols);
  const ir::NodeId roots[] = {detail::ExprAccess::in(scope, value)};
  Expression out{*domain.graph, ir::no_node, value.dimension()};
  out.node = ir::import(out.graph, scope->graph, roots)[0];
  require_values(domain, out, where);
  return out;
}

}  // namespace ranvier::engine
