// Synapses that live with their sources, whose values are propagated; several receptors on one connectivity; jumps of a target's own
// state: the parts of a population's builder that go beyond events that arrive at one synaptic state.
#include <algorithm>

#include "base/in_unit.hpp"
#include "integrate/population_builder.hpp"
#include "ir/passes.hpp"
#include "model/synaptic_unit.hpp"

namespace ranvier::integrate {

using detail::ModelData;
using ir::NodeId;
using ir::Op;
using ir::Rate;
using model::Array;
using model::Role;
using model::Statement;

namespace {

/// Equal for synapses of equal equations, constants and initial values.
std::string source_key(const Leg& p) {
  const ModelData& m = *p.synapse;
  std::string key = std::to_string(m.receives.value_or(~std::size_t{0})) + m.method + "|";
  const auto hash = [](const detail::Scope& scope, NodeId node) {
    const NodeId root[] = {node};
    return "=" + (node == ir::no_node ? "" : std::to_string(ir::structural_hash(scope.graph, root, ir::by_name()))) + ";";
  };
  const auto hash_of = [&](const Expr& e) {
    const auto& scope = detail::ExprAccess::scope(e);
    return scope ? hash(*scope, detail::ExprAccess::node(e)) : "=" + to_string(Quantity{detail::ExprAccess::value(e)});
  };
  for (const auto& s : m.states) {
    key += s.name + ":" + unit_name(s.dimension) + "'" + hash(*m.scope, s.rate) + (s.initial ? hash_of(*s.initial) : "");
  }
  for (const auto& q : m.parameters) key += q.name + "=" + to_string(q.value) + ";";
  for (const auto* changes : {&m.on_spike, &m.every_step}) {
    for (const auto& c : *changes) key += std::to_string(c.state) + hash(*m.scope, c.value);
    key += "|";
  }
  if (m.sends) key += hash_of(*m.sends);
  for (const auto& s : m.pre_states) key += s.name + ":" + unit_name(s.dimension);
  return p.separate || !p.initial_values.empty() ? key + "|" + p.name : key;
}

/// The dimension of what the synapse sends.
Dimension sent_dimension(const ModelData& m) { return m.sends ? m.sends->dimension() : m.states[*m.receives].dimension; }

}  // namespace

// --------------------------------------------------------------------------------------------------------- at the source

void PopulationBuilder::send(const Leg& p) {
  const std::string where = "projection '" + p.name + "'";
  const auto& m = *p.synapse;
  if ((m.receives || !m.on_spike.empty()) && !model_.threshold && !model_.train) {
    throw UserError(where, "synapse '" + m.name + "' lives with its source and acts at spikes, and population '" + domain_.name +
                        "' never spikes: model '" + model_.name + "' has no threshold", "give it one, or send a state of it: pre()");
  }
  const auto key = source_key(p);
  auto found = std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s.key == key; });
  if (found == sources_.end()) {
    sources_.push_back(make_source(p, key));
    found = sources_.end() - 1;
  } else {
    for (const auto& q : m.parameters) program_.aliases[p.name + "." + q.name] = found->owner + "." + q.name;
    for (const auto& s : m.states) {
      program_.array_aliases[p.name + "." + s.name] = program_.array_aliases.at(found->owner + "." + s.name);
    }
  }
  program_.array_aliases[p.name + ".sent"] = {index_, found->sent};
}

PopulationBuilder::SourceSide PopulationBuilder::make_source(const Leg& p, std::string key) {
  const auto& m = *p.synapse;
  SourceSide s{.key = std::move(key), .owner = p.name, .synapse = m, .map = bind_parameters(m, p.name), .arrays = {},
               .coupled = !m.pre_states.empty(), .sent = none, .value = ir::no_node};
  owner_ = p.name;  // whose draws these are
  s.arrays = declare_synaptic_states(p, s.map);
  owner_.clear();
  if (s.coupled) read_source_neuron(p, s);
  choose_sent(p, s);
  return s;
}

/// Equations that read the neuron are integrated with it.
void PopulationBuilder::read_source_neuron(const Leg& p, SourceSide& s) {
  std::vector<std::string> known;
  for (const auto& state : model_.states) known.push_back(state.name);
  for (const auto& pre : p.synapse->pre_states) {
    const auto at = std::find(known.begin(), known.end(), pre.name);
    const std::string where = "projection '" + p.name + "'";
    if (at == known.end()) {
      throw UserError(where, "synapse '" + p.synapse->name + "' needs '" + pre.name + "', which its source, population '" +
                          domain_.name + "', lacks", "name a state of model '" + model_.name + "'; " + detail::suggest(pre.name, known));
    }
    const auto& array = domain_.arrays[model_states_[static_cast<std::size_t>(at - known.begin())]];
    if (array.dimension != pre.dimension) {
      throw UnitError(where, "'" + pre.name + "' of the source is " + base::in_unit(array.dimension) + ", not " + base::in_unit(pre.dimension),
                      "check the unit in pre()");
    }
    s.map[pre.symbol] = array.symbol;
  }
  for (std::size_t k = 0; k < s.arrays.size(); ++k) {
    const auto& state = p.synapse->states[k];
    if (state.rate != ir::no_node) rates_.emplace_back(s.arrays[k], bring(*p.synapse->scope, state.rate, s.map));
  }
}

/// A state is propagated as it is; of an expression the value is kept in an array of its own.
void PopulationBuilder::choose_sent(const Leg& p, SourceSide& s) {
  const auto& m = s.synapse;
  const auto whole = [&](NodeId node) {  // states that are needed at the end of a step
    for (std::size_t a = 0; a < domain_.arrays.size(); ++a) {
      if (!ir::independent(g_, node, domain_.arrays[a].symbol)) sent_whole_.push_back(a);
    }
  };
  const NodeId value = m.sends ? bring(*m.scope, detail::ExprAccess::in(m.scope, *m.sends), s.map) : s.map.at(m.states[*m.receives].symbol);
  whole(value);
  for (const auto* changes : {&m.on_spike, &m.every_step}) {
    for (const auto& c : *changes) {
      sent_whole_.push_back(s.arrays[c.state]);
      whole(bring(*m.scope, c.value, s.map));
    }
  }
  if (m.receives) sent_whole_.push_back(s.arrays[*m.receives]);
  // What jumps at whole steps drives its own at whole steps: half a step late would be an error of first order.
  for (std::size_t k = 0; k < s.arrays.size(); ++k) {
    if (m.states[k].rate == ir::no_node) continue;
    const NodeId rate = bring(*m.scope, m.states[k].rate, s.map);
    for (const auto* changes : {&m.on_spike, &m.every_step}) {
      for (const auto& c : *changes) {
        if (!ir::independent(g_, rate, domain_.arrays[s.arrays[c.state]].symbol)) sent_whole_.push_back(s.arrays[k]);
      }
    }
  }
  for (std::size_t a = 0; a < domain_.arrays.size(); ++a) {
    if (domain_.arrays[a].symbol == value && domain_.arrays[a].role == Role::state) s.sent = a;
  }
  if (s.sent != none) return;
  s.sent = add_array({.name = p.name + ".sent", .role = Role::state, .dimension = sent_dimension(m)});
  domain_.arrays[s.sent].initial = value;
  domain_.arrays[s.sent].follows = true;
  s.value = value;
}

/// The synapse's own equations, by its own method: what leaves a neuron does not change how the neuron is integrated.
void PopulationBuilder::advance_source(const SourceSide& s) {
  OdeSystem system;
  system.graph = &g_;
  system.t = t_;
  system.dt = dt_;
  system.step = step_;
  std::vector<std::size_t> arrays;
  for (std::size_t k = 0; k < s.arrays.size(); ++k) {
    const auto& state = s.synapse.states[k];
    if (state.rate == ir::no_node) continue;
    const NodeId roots[] = {bring(*s.synapse.scope, state.rate, s.map)};
    const auto& a = domain_.arrays[s.arrays[k]];
    const bool whole = std::find(sent_whole_.begin(), sent_whole_.end(), s.arrays[k]) != sent_whole_.end();
    system.states.push_back({a.name, a.symbol, ir::recognise_singularities(g_, roots)[0], whole});
    arrays.push_back(s.arrays[k]);
  }
  if (arrays.empty()) return;
  const auto* method = s.synapse.method.empty() ? &default_method(system) : &choose(system, s.synapse.method);
  if (s.synapse.method.empty() && !options_.method.empty()) {
    const auto& asked = find_method(options_.method);  // that of the neurons, unless it cannot
    if (!asked.refuses(system)) method = &asked;
  }
  const auto update = method->advance(system);
  Statement step{.kind = Statement::Kind::assign, .title = s.owner + ", " + std::string(method->name), .assignments = {}};
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    step.assignments.push_back({arrays[k], update.next[k]});
    if (!update.recorded.empty()) domain_.arrays[arrays[k]].recorded = update.recorded[k];
  }
  domain_.statements.push_back(std::move(step));
}

/// Whether a neuron spikes in this step: by its threshold, or as a list prescribes.
NodeId PopulationBuilder::spikes_now() {
  if (!model_.train) return g_.symbol("spiked", Rate::varying, ir::Type::boolean);
  if (!domain_.prescribed_now) domain_.prescribed_now = add_array({.name = "prescribed_now", .role = Role::time_array});
  return g_.make(Op::gt, domain_.arrays[*domain_.prescribed_now].symbol, g_.literal(0.0));
}

/// After the neurons: the synapses advance, spikes act on them, and what they send is computed, for the targets' next step.
void PopulationBuilder::state_sources() {
  const auto assign = [&](const std::string& title, std::size_t array, NodeId value) {
    domain_.statements.push_back({.kind = Statement::Kind::assign, .title = title, .assignments = {{array, value}}});
  };
  for (const auto& s : sources_) {
    const auto& m = s.synapse;
    if (!s.coupled) advance_source(s);
    for (const auto& c : m.every_step) assign(s.owner + ", every step", s.arrays[c.state], bring(*m.scope, c.value, s.map));
    const auto at_spike = [&](std::size_t state, NodeId value) {
      assign(s.owner + ", on spike", s.arrays[state], g_.select(spikes_now(), value, domain_.arrays[s.arrays[state]].symbol));
    };
    for (const auto& c : m.on_spike) at_spike(c.state, bring(*m.scope, c.value, s.map));
    if (m.receives) at_spike(*m.receives, g_.add(domain_.arrays[s.arrays[*m.receives]].symbol, g_.literal(1.0)));
    if (s.value != ir::no_node) assign(s.owner + ", sent", s.sent, s.value);
  }
}

// --------------------------------------------------------------------------------------------------------- at the target

void PopulationBuilder::receive_values(const Leg& p) {
  const std::string where = "projection '" + p.name + "'";
  const auto& out = *p.output;
  const bool listed = p.weighted(), factor = !listed || p.several;
  if (p.rule.has_weights() && p.weight_given && !p.several) {
    throw UserError(where, "it has a weight, and its list has one for each synapse", "give one or the other");
  }
  if (!listed && !p.weight_given) throw UserError(where, "it has no weight", "give one with weight()");
  const auto sent = sent_dimension(*p.synapse), wanted = out.synaptic_dimension, weight = p.weight.dimension;
  // A spike that counts as one unit of the weight (a synapse that could live with its targets as well), or a product of units.
  const bool checked = factor || p.weight_law;
  const bool as_units = p.synapse->receives && sent == wanted && weight == wanted;
  if (checked && !as_units && weight * sent != wanted && !(listed && weight.is_none())) {
    throw UnitError(where, "the weight " + to_string(p.weight) + " times what synapse '" + p.synapse->name + "' sends, " + base::in_unit(sent) +
                        ", must be " + base::in_unit(wanted) + " for output '" + out.name + "'", "check the units of weight, synapse and output");
  }
  const auto weighted = [&](const std::string& name) {
    const auto array = add_array({.name = p.name + name, .role = Role::arrivals});
    program_.array_aliases[p.name + name] = {index_, array};
    const auto symbol = domain_.arrays[array].symbol;
    return factor ? g_.mul(uniform(p.name + ".weight", p.weight), symbol) : symbol;
  };
  const NodeId g = weighted(".values");
  const NodeId total = out.total_weight == ir::no_node ? ir::no_node : weighted(".synapses");
  if (checked && total != ir::no_node && out.total_weight_dimension != weight && !(listed && weight.is_none())) {
    throw UnitError(where, "output '" + out.name + "' takes weights " + base::in_unit(out.total_weight_dimension) + ", not " + base::in_unit(weight),
                    "check the unit of the weight");
  }
  connect_output(p, g, wanted, total);
}

/// What arrives over the connectivity that several receptors share is counted once.
void PopulationBuilder::add_shared_arrivals(const Leg& p, Receptor& receptor) {
  const auto dimension = domain_.arrays[receptor.state_array].dimension;
  const bool listed = p.weighted();  // the weight is a factor on those of the list, or has their unit
  if (!(listed && p.weight.dimension.is_none())) detail::require_weight(p.name, p.weight, std::nullopt, dimension);
  auto& aliases = program_.array_aliases;
  if (!aliases.contains(p.projection + ".arrivals")) {
    Array a{.name = p.projection + ".arrivals", .role = Role::arrivals};
    a.element = listed ? ir::Element::real : ir::Element::count;
    shared_arrivals_.push_back(add_array(std::move(a)));
    aliases[p.projection + ".arrivals"] = {index_, shared_arrivals_.back()};
  }
  const NodeId arrived = domain_.arrays[aliases.at(p.projection + ".arrivals").second].symbol;
  receptor.terms.push_back(g_.mul(uniform(p.name + ".weight", p.weight), arrived));
}

/// Arrays of a synapse's states in this domain, with their initial values; `map` learns their symbols. `scale`: the weight's
/// unit, where it is the weight that gives them one.
std::vector<std::size_t> PopulationBuilder::declare_synaptic_states(const detail::ProjectionData& p, ir::Substitution& map,
                                                                    const Dimension& scale) {
  std::vector<std::size_t> arrays;
  for (const auto& s : p.synapse->states) {
    arrays.push_back(add_array({.name = p.name + "." + s.name, .role = Role::state, .dimension = s.dimension * scale}));
    program_.array_aliases[p.name + "." + s.name] = {index_, arrays.back()};
    map[s.symbol] = domain_.arrays[arrays.back()].symbol;
  }
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    const auto& s = p.synapse->states[k];
    const auto values = p.initial_values.find(s.name);
    if (values != p.initial_values.end()) {
      domain_.arrays[arrays[k]].values = values->second;
    } else if (s.initial) {
      domain_.arrays[arrays[k]].initial = initial_value(*p.synapse, s.name, *s.initial, map);
    }
  }
  return arrays;
}

void PopulationBuilder::receive_jump(const Leg& p) {
  const std::string where = "projection '" + p.name + "'";
  const auto& jump = *p.synapse->jump;
  if (p.aligned_to_pre) {
    throw UserError(where, "synapse '" + p.synapse->name + "' acts on the target itself", "leave out aligned_to_pre()");
  }
  if (p.output && !p.several) {
    throw UserError(where, "synapse '" + p.synapse->name + "' needs no output", "leave out output()");
  }
  std::vector<std::string> known;
  for (const auto& s : model_.states) known.push_back(s.name);
  const auto at = std::find(known.begin(), known.end(), jump.state);
  if (at == known.end()) {
    throw UserError(where, "synapse '" + p.synapse->name + "' needs '" + jump.state + "', which population '" + domain_.name + "' lacks",
                    "name a state of model '" + model_.name + "'; " + detail::suggest(jump.state, known));
  }
  const auto state = static_cast<std::size_t>(at - known.begin());
  const auto array = model_states_[state];
  if (domain_.arrays[array].dimension != jump.dimension) {
    throw UnitError(where, "'" + jump.state + "' of the target is " + base::in_unit(domain_.arrays[array].dimension) + ", not " +
                        base::in_unit(jump.dimension), "check the unit of the jump");
  }
  bool dropped = jump.during == WhileRefractory::drop && model_.refractory;
  if (dropped) {
    const auto& frozen = model_.refractory->frozen;
    dropped = std::find(frozen.begin(), frozen.end(), state) != frozen.end();
  }
  auto same = std::find_if(jumps_.begin(), jumps_.end(),
                           [&](const Jump& j) { return j.receptor.state_array == array && j.dropped == dropped; });
  if (same == jumps_.end() || p.separate) {
    jumps_.push_back({});
    same = jumps_.end() - 1;
    same->receptor.owner = p.name;
    same->receptor.state_array = array;
    same->dropped = dropped;
  }
  add_arrivals(p, same->receptor);
}

/// One statement each: several may act on one state.
void PopulationBuilder::state_jumps() {
  for (const auto& [receptor, dropped] : jumps_) {
    Statement jump{.kind = Statement::Kind::assign, .title = "jumps", .assignments = {}};
    const NodeId x = domain_.arrays[receptor.state_array].symbol;
    NodeId sum = x;
    for (const NodeId term : receptor.terms) sum = g_.add(sum, term);
    if (dropped) sum = g_.select(not_refractory(), sum, x);
    jump.assignments.push_back({receptor.state_array, sum});
    for (const auto& [kind, array] : receptor.arrivals) jump.assignments.push_back({array, g_.literal(0.0)});
    domain_.statements.push_back(std::move(jump));
  }
}

}  // namespace ranvier::integrate
