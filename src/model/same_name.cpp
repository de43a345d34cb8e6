// Two models of one name in a network must be one model, but for what is added to one of them (currents, states of synapses): saved
// networks, messages and parameters name models.
#include <algorithm>
#include <map>
#include <set>

#include "ir/passes.hpp"
#include "ir/rebuild.hpp"
#include "model/checks.hpp"
#include "ranvier/error.hpp"

namespace ranvier::detail {
namespace {

struct Part {
  std::string what;  ///< "the equation of 'V'"
  ir::NodeId node = ir::no_node;
  std::uint64_t digest = 0;
  bool operator==(const Part& other) const { return what == other.what && digest == other.digest; }
};

/// Digests that do not depend on the order in which expressions were made. Draws are told apart by a number of the process: all count as one.
void digest(const ModelData& m, std::vector<Part>& parts) {
  std::vector<ir::NodeId> roots;
  for (const auto& p : parts) roots.push_back(p.node);
  const auto& from = m.scope->graph;
  ir::Graph to;
  ir::NodeMap done(roots);
  for (const auto id : ir::topological(from, roots)) {
    const bool draw = from[id].op == ir::Op::normal || from[id].op == ir::Op::uniform;
    done[id] = draw ? to.make(from[id].op) : ir::rebuild(to, from, id, done);
  }
  const auto made = done.of(roots);
  const auto hashes = ir::structural_hashes(to, made, ir::by_name());
  for (std::size_t k = 0; k < parts.size(); ++k) parts[k].digest = hashes[made[k]];
}

using Names = std::set<std::string>;

/// What a model computes of these states, but for values of parameters and what is added to it: injections, each_step().
std::vector<Part> parts_of(const ModelData& m, const Names& states) {
  std::vector<Part> parts;
  const auto add = [&](const std::string& what, ir::NodeId node) {
    if (node != ir::no_node) parts.push_back({what, node});
  };
  const auto name = [&](std::size_t k) -> const std::string& { return m.states[k].name; };
  for (const auto& s : m.states) {
    if (states.contains(s.name)) add("the equation of '" + s.name + "'", s.rate);
  }
  if (m.threshold) add(m.threshold->crossing ? "the threshold that is crossed" : "the threshold", m.threshold->now);
  for (const auto& r : m.resets) {
    if (states.contains(name(r.state))) add("the reset of '" + name(r.state) + "'", r.value);
  }
  digest(m, parts);
  if (!m.refractory) return parts;
  std::string frozen = "the refractory period of";
  for (const auto k : m.refractory->frozen) {
    if (states.contains(name(k))) frozen += " '" + name(k) + "'";
  }
  parts.push_back({frozen});
  return parts;
}

/// "the equation of 'V'": in what two models of one name contradict each other first; empty if in nothing.
std::string difference(const ModelData& a, const ModelData& b) {
  std::map<std::string, Dimension> of_a;
  for (const auto& s : a.states) of_a.emplace(s.name, s.dimension);
  Names common;
  for (const auto& s : b.states) {
    const auto same = of_a.find(s.name);
    if (same == of_a.end()) continue;
    if (same->second != s.dimension) return "the unit of '" + s.name + "'";
    common.insert(s.name);
  }
  if (common.empty() && !a.states.empty() && !b.states.empty()) return "all states";
  const auto first = parts_of(a, common), second = parts_of(b, common);
  for (std::size_t k = 0; k < std::max(first.size(), second.size()); ++k) {
    if (k < first.size() && k < second.size() && first[k] == second[k]) continue;
    return (k < second.size() ? second[k] : first[k]).what;
  }
  return {};
}

}  // namespace

void require_one_model(const NetworkData& net, const std::string& population, const ModelData& model) {
  if (model.name.empty()) return;
  for (const auto& p : net.populations) {
    if (p.model.name != model.name) continue;
    if (p.model.scope == model.scope) return;
    const auto found = difference(p.model, model);
    if (found.empty()) return;  // like the others of this name
    throw UserError("population '" + population + "'",
                    "its model '" + model.name + "' has the name of another, of population '" + p.name + "': they differ in " + found,
                    "give one of the two models another name");
  }
}

}  // namespace ranvier::detail
