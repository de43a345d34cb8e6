// What arrives at a population: receptors, which projections of equal synapses share, and the currents that outputs make.
#include "integrate/population_builder.hpp"

#include <map>
#include <string>

#include "ir/passes.hpp"
#include "model/synaptic_unit.hpp"

namespace ranvier::integrate {

using detail::ModelData;
using detail::ProjectionData;
using detail::linear;
using detail::scales;
using detail::unit_of_weight;
using ir::NodeId;
using model::Array;
using model::Role;

const detail::InputData& PopulationBuilder::target_input(const ProjectionData& p) const {
  const std::string where = "projection '" + p.name + "'";
  std::vector<std::string> known;
  for (const auto& i : model_.inputs) known.push_back(i.name);
  if (p.input.empty()) {
    if (model_.inputs.size() == 1) return model_.inputs[0];
    throw UserError(where, "model '" + model_.name + "' of population '" + domain_.name + "' has " +
                        std::to_string(model_.inputs.size()) + " inputs", "name one with onto(); " + detail::suggest("", known));
  }
  for (const auto& i : model_.inputs) {
    if (i.name == p.input) return i;
  }
  throw UserError(where, "population '" + domain_.name + "' has no input '" + p.input + "'", detail::suggest(p.input, known));
}

namespace {

/// The sum of the states of several such projections obeys the equations of each, and acts as they do together.
bool mergeable(const ProjectionData& p) {
  if (p.separate || !p.initial_values.empty() || !scales(p)) return false;
  for (const auto& s : p.synapse->states) {
    if (s.initial) return false;
  }
  ir::Graph output = p.output->scope->graph;
  return linear(output, detail::ExprAccess::node(*p.output->current), {p.output->synaptic});
}

/// Equal for projections of equal equations, constants and units.
std::string receptor_key(const ProjectionData& p, const std::string& input) {
  std::string key = input + "|" + std::to_string(*p.synapse->receives) + "|";
  key += std::to_string(static_cast<int>(p.arrivals)) + (p.current ? std::to_string(static_cast<int>(*p.current)) : "") + "|";
  const auto add = [&](const ModelData& part, NodeId node) {
    const NodeId root[] = {node};
    key += "=" + (node == ir::no_node ? "0" : std::to_string(ir::structural_hash(part.scope->graph, root, ir::by_name()))) + ";";
  };
  for (const auto* part : {&*p.synapse, &*p.output}) {
    for (const auto& s : part->states) {
      key += s.name + ":" + unit_name(s.dimension) + "'";
      add(*part, s.rate);
    }
    for (const auto& q : part->parameters) key += q.name + "=" + to_string(q.value) + ";";
    if (part->current) add(*part, detail::ExprAccess::node(*part->current));
    if (part->sends) add(*part, detail::ExprAccess::node(*part->sends));
    key += "|";
  }
  return mergeable(p) ? key : key + p.name;
}

}  // namespace

PopulationBuilder::Receptor& PopulationBuilder::receptor_of(const ProjectionData& p) {
  const std::string key = receptor_key(p, target_input(p).name);
  for (auto& r : receptors_) {
    if (r.key != key) continue;
    for (const auto* part : {&*p.synapse, &*p.output}) {
      for (const auto& q : part->parameters) program_.aliases[p.name + "." + q.name] = r.owner + "." + q.name;
    }
    for (const auto& s : p.synapse->states) {
      program_.array_aliases[p.name + "." + s.name] = program_.array_aliases.at(r.owner + "." + s.name);
    }
    return r;
  }
  receptors_.push_back(make_receptor(p, key));
  return receptors_.back();
}

PopulationBuilder::Receptor PopulationBuilder::make_receptor(const ProjectionData& p, std::string key) {
  owner_ = p.name;  // whose draws these are
  Receptor r{.key = std::move(key), .owner = p.name, .state_array = 0, .arrivals = {}, .terms = {}, .states = {}, .order = p.arrivals};
  if (!p.synapse->on_spike.empty() || !p.synapse->every_step.empty() || !p.synapse->pre_states.empty()) {
    throw UserError("projection '" + p.name + "'", "synapse '" + p.synapse->name +
                        "' has on_spike(), every_step() or pre(), and lives with its targets", "call aligned_to_pre()");
  }
  auto map = bind_parameters(*p.synapse, p.name);
  const auto scale = unit_of_weight(p);
  const auto arrays = declare_synaptic_states(p, map, scale);
  r.state_array = arrays[*p.synapse->receives];
  r.states = arrays;
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    const auto& s = p.synapse->states[k];
    if (s.rate != ir::no_node) rates_.emplace_back(arrays[k], bring(*p.synapse->scope, s.rate, map));
  }
  const auto& received = domain_.arrays[r.state_array];
  const auto& sends = p.synapse->sends;
  const NodeId acting = sends ? bring(*p.synapse->scope, detail::ExprAccess::node(*sends), map) : received.symbol;
  if (p.output->total_weight != ir::no_node) {
    throw UserError("projection '" + p.name + "'", "output '" + p.output->name + "' uses the total weight, and the synapse lives with its targets",
                    "call aligned_to_pre()");
  }
  connect_output(p, acting, sends ? sends->dimension() * scale : received.dimension);
  owner_.clear();
  return r;
}

/// The current that the output makes of `g`, the sum of what the synapses send to a target.
void PopulationBuilder::connect_output(const ProjectionData& p, NodeId g, const Dimension& dimension, NodeId total_weight) {
  const std::string where = "projection '" + p.name + "'";
  const auto& input = target_input(p);
  const auto& out = *p.output;
  auto map = bind_parameters(out, p.name);
  const auto require_same = [&](const Dimension& a, const Dimension& b, const std::string& what) {
    if (a == b) return;
    throw UnitError(where, what + ": " + unit_name(a) + " against " + unit_name(b), "check the units of synapse and output");
  };
  require_same(dimension, out.synaptic_dimension, "the synapse's state does not fit output '" + out.name + "'");
  require_same(out.current->dimension(), input.dimension, "output '" + out.name + "' does not fit input '" + input.name + "'");
  map[out.synaptic] = g;
  if (out.total_weight != ir::no_node) map[out.total_weight] = total_weight;
  for (const auto& post : out.post_states) {
    const auto* array = model::find_array(domain_, post.name);
    if (!array) {
      std::vector<std::string> known;
      for (const auto& s : model_.states) known.push_back(s.name);
      throw UserError(where, "output '" + out.name + "' needs '" + post.name + "', which population '" + domain_.name + "' lacks",
                      "name a state of model '" + model_.name + "' in the output; " + detail::suggest(post.name, known));
    }
    require_same(post.dimension, array->dimension, "'" + post.name + "' of the target");
    map[post.symbol] = array->symbol;
  }
  const auto current = bring(*out.scope, detail::ExprAccess::node(*out.current), map);
  auto& received = inputs_[static_cast<std::size_t>(&input - model_.inputs.data())];
  auto& sum = p.current.value_or(input.kind) == InputKind::held ? received.held : received.inside;
  sum = sum == ir::no_node ? current : g_.add(sum, current);
}

void PopulationBuilder::add_arrivals(const Leg& p, Receptor& receptor) {
  if (p.several) return add_shared_arrivals(p, receptor);
  const auto& state = domain_.arrays[receptor.state_array];
  if (p.rule.has_weights() && p.weight_given) {
    throw UserError("projection '" + p.name + "'", "it has a weight, and its list has one for each synapse", "give one or the other");
  }
  if (!p.rule.has_weights() && !p.plasticity && p.weight_given) detail::require_weight(p.name, p.weight, p.weight_law, state.dimension);
  if (!p.weighted() && !p.weight_given) {
    throw UserError("projection '" + p.name + "'", "it has no weight", "give one with weight(), in " + unit_name(state.dimension));
  }
  const std::string kind = p.weighted() ? "" : to_string(p.weight);
  auto found = receptor.arrivals.find(kind);
  if (found == receptor.arrivals.end()) {
    Array a{.name = p.name + ".arrivals", .role = Role::arrivals, .dimension = state.dimension};
    a.element = p.weighted() ? ir::Element::real : ir::Element::count;
    const auto index = add_array(std::move(a));
    NodeId term = domain_.arrays[index].symbol;
    if (!p.weighted()) term = g_.mul(uniform(p.name + ".weight", p.weight), term);
    receptor.terms.push_back(term);
    found = receptor.arrivals.emplace(kind, index).first;
  } else if (!p.weighted()) {
    const auto& name = domain_.arrays[found->second].name;
    program_.aliases[p.name + ".weight"] = name.substr(0, name.size() - std::string(".arrivals").size()) + ".weight";
  }
  program_.array_aliases[p.name + ".arrivals"] = {index_, found->second};
}

namespace {

/// All names of a projection's parts stand behind "NAME."
void require_names_apart(const Leg& p, const std::string& where) {
  std::map<std::string, std::string> owners;
  const auto add = [&](const std::string& name, const std::string& owner) {
    const auto [known, added] = owners.emplace(name, owner);
    if (added) return;
    throw UserError(where, "'" + name + "' means two things: it is a name of " + known->second + " and of " + owner,
                    "rename it in one of them; of the library, ranvier show NAME --as-toml gives a text to change");
  };
  for (const char* own : {"weight", "arrivals"}) add(own, "the projection");
  if (p.at_source) {
    for (const char* own : {"values", "synapses", "sent"}) add(own, "the projection");
  }
  const auto add_all = [&](const detail::ModelData& part, const std::string& owner) {
    for (const auto& s : part.states) add(s.name, owner);
    for (const auto& q : part.parameters) add(q.name, owner);
  };
  add_all(*p.synapse, "synapse '" + p.synapse->name + "'");
  add_all(*p.output, "output '" + p.output->name + "'");
  if (p.plasticity) add_all(*p.plasticity, "plasticity '" + p.plasticity->name + "'");
}

}  // namespace

void PopulationBuilder::receive(const Leg& p) {
  const std::string where = "projection '" + p.name + "'";
  if (!p.synapse) throw UserError(where, "it has no synapse", "give one with synapse(), such as exponential(5 * ms)");
  if (p.synapse->jump) return receive_jump(p);
  if (!p.output) throw UserError(where, "it has no output", "give one with output(), such as coba(0 * mV)");
  require_names_apart(p, where);
  if (p.at_source) return receive_values(p);
  add_arrivals(p, receptor_of(p));
}

}  // namespace ranvier::integrate
