#include "integrate/population_builder.hpp"

#include <algorithm>
#include <cmath>

#include "ir/passes.hpp"

namespace ranvier::integrate {

using detail::ModelData;
using detail::ProjectionData;
using ir::NodeId;
using ir::Op;
using ir::Rate;
using model::Array;
using model::Role;

PopulationBuilder::PopulationBuilder(const detail::PopulationData& population, std::size_t index, model::StepProgram& program,
                                     const BuildOptions& options)
    : population_(population), model_(population.model), index_(index), program_(program), options_(options),
      domain_{.name = population.name, .size = population.size, .graph = std::make_shared<ir::Graph>(), .arrays = {},
              .statements = {}, .time_values = {}, .prescribed = {}, .noise = {}, .precision = {}, .method = {}, .stores = {}, .spikes = ir::no_node},
      g_(*domain_.graph), t_(g_.symbol("t", Rate::uniform)), dt_(g_.symbol("dt", Rate::uniform)),
      step_(g_.symbol("step", Rate::uniform)) {
  domain_.precision = options.precision.value_or(model_.precision.value_or(Precision::f64));
}

std::size_t PopulationBuilder::add_array(Array array) {
  array.symbol = g_.symbol(array.name, Rate::varying);
  program_.array_aliases[domain_.name + "." + array.name] = {index_, domain_.arrays.size()};
  domain_.arrays.push_back(std::move(array));
  return domain_.arrays.size() - 1;
}

NodeId PopulationBuilder::uniform(const std::string& qualified, Quantity value) {
  program_.uniforms.emplace(qualified, value);
  return g_.symbol(qualified, Rate::uniform);
}

/// Domain symbols for the parameters of a synapse or output, and for time.
ir::Substitution PopulationBuilder::bind_parameters(const ModelData& part, const std::string& owner) {
  ir::Substitution map;
  for (const auto& p : part.parameters) map[p.symbol] = uniform(owner + "." + p.name, p.value);
  for (const auto& [name, node] : {std::pair{"t", t_}, std::pair{"dt", dt_}}) {
    const auto theirs = part.scope->graph.find_symbol(name);
    if (theirs != ir::no_node) map[theirs] = node;
  }
  return map;
}

/// Copies an expression of a model into the domain's graph, with its symbols replaced.
NodeId PopulationBuilder::bring(const detail::Scope& scope, NodeId node, const ir::Substitution& symbols, Draws draws) {
  const NodeId roots[] = {node};
  std::map<NodeId, NodeId> done;
  std::uint64_t number = 0;
  for (const NodeId id : ir::topological(scope.graph, roots)) {
    const ir::Node n = scope.graph[id];
    if (const auto it = symbols.find(id); it != symbols.end()) {
      done[id] = it->second;
    } else if (n.op == Op::symbol && scope.graph.symbol_of(id).name.ends_with(")")) {  // distance(), position(0)
      throw UserError("population '" + domain_.name + "'", "an equation uses " + scope.graph.symbol_of(id).name,
                      "distance() has a value in weights, delays and connection probabilities, position() in initial values and parameters");
    } else if (n.op == Op::symbol) {
      throw InternalError("unbound symbol '" + scope.graph.symbol_of(id).name + "' in population '" + domain_.name + "'");
    } else if (n.op == Op::literal) {
      done[id] = n.type == ir::Type::boolean ? g_.boolean(n.payload != 0) : g_.literal(scope.graph.literal_value(id));
    } else {
      std::array<NodeId, 3> a{ir::no_node, ir::no_node, ir::no_node};
      for (int k = 0; k < ir::op_info(n.op).arity; ++k) a[k] = done.at(n.arg[k]);
      const bool random = n.op == Op::normal || n.op == Op::uniform;
      const bool numbered = random && draws == Draws::numbered;
      done[id] = g_.make(n.op, a[0], a[1], a[2], numbered ? number++ : random ? draw_number(n.op, n.payload) : n.payload);
    }
  }
  return done.at(node);
}

void PopulationBuilder::declare() {
  symbols_ = {};
  for (const auto& [name, node] : {std::pair{"t", t_}, std::pair{"dt", dt_}}) {
    const auto theirs = model_.scope->graph.find_symbol(name);
    if (theirs != ir::no_node) symbols_[theirs] = node;
  }
  for (const auto& p : model_.parameters) {
    if (const auto values = population_.parameter_values.find(p.name); values != population_.parameter_values.end()) {
      Array a{.name = p.name, .role = Role::parameter, .dimension = p.value.dimension, .values = values->second};
      const auto array = add_array(std::move(a));
      symbols_[p.symbol] = domain_.arrays[array].symbol;
    } else if (const auto law = population_.parameter_laws.find(p.name); law != population_.parameter_laws.end()) {
      // Its parameters are those declared before it: the others have no symbol yet.
      const auto initial = initial_value(model_, p.name, law->second, symbols_);
      const auto array = add_array({.name = p.name, .role = Role::parameter, .dimension = p.value.dimension});
      domain_.arrays[array].initial = initial;
      symbols_[p.symbol] = domain_.arrays[array].symbol;
    } else {
      const auto set = population_.parameters.find(p.name);
      symbols_[p.symbol] = uniform(domain_.name + "." + p.name, set == population_.parameters.end() ? p.value : set->second);
    }
  }
  for (const auto& s : model_.states) {
    model_states_.push_back(add_array({.name = s.name, .role = Role::state, .dimension = s.dimension}));
    symbols_[s.symbol] = domain_.arrays[model_states_.back()].symbol;
  }
  inputs_.assign(model_.inputs.size(), {});
  for (std::size_t i = 0; i < model_.inputs.size(); ++i) {
    const auto& input = model_.inputs[i];
    if (std::find(population_.external.begin(), population_.external.end(), input.name) == population_.external.end()) continue;
    Array a{.name = input.name + ".external", .role = Role::parameter, .dimension = input.dimension};
    a.values.assign(population_.size, 0.0);
    auto& sum = input.kind == InputKind::held ? inputs_[i].held : inputs_[i].inside;
    sum = domain_.arrays[add_array(std::move(a))].symbol;
  }
  declare_outside();
}

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

/// f is a sum of multiples of the `of`, nothing else.
bool linear(ir::Graph& g, NodeId f, const std::vector<NodeId>& of) {
  for (const NodeId x : of) {
    const auto affine = ir::affine_in(g, f, x);
    if (!affine.ok) return false;
    for (const NodeId y : of) {
      if (!ir::independent(g, affine.slope, y)) return false;
    }
    f = affine.offset;
  }
  return g.is_literal(f, 0.0);
}

/// The synapse's states and what it sends scale with what arrives.
bool scales(const ProjectionData& p) {
  ir::Graph graph = p.synapse->scope->graph;  // a copy: a network is only read here
  std::vector<NodeId> states;
  for (const auto& s : p.synapse->states) states.push_back(s.symbol);
  for (const auto& s : p.synapse->states) {
    if (s.rate != ir::no_node && !linear(graph, s.rate, states)) return false;
  }
  return !p.synapse->sends || linear(graph, detail::ExprAccess::in(p.synapse->scope, *p.synapse->sends), states);
}

/// A synapse without units takes that of the weight: what the output asks for.
Dimension unit_of_weight(const ProjectionData& p) {
  const auto received = p.synapse->states[*p.synapse->receives].dimension;
  const auto sent = p.synapse->sends ? p.synapse->sends->dimension() : received;
  const auto& wanted = p.output->synaptic_dimension;
  return received.is_none() && sent != wanted && scales(p) ? wanted / sent : Dimension{};
}

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
  if (!p.rule.has_weights() && !p.plasticity && p.weight_given && p.weight.dimension != state.dimension) {
    const std::string weight = p.weight_law ? "'" + p.weight_law->text() + "' [" + unit_name(p.weight.dimension) + "]" : to_string(p.weight);
    throw UnitError("projection '" + p.name + "'", "the weight " + weight + " must be in " + unit_name(state.dimension),
                    "the synapse's state has that unit");
  }
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

void PopulationBuilder::receive(const Leg& p) {
  const std::string where = "projection '" + p.name + "'";
  if (!p.synapse) throw UserError(where, "it has no synapse", "give one with synapse(), such as exponential(5 * ms)");
  if (p.synapse->jump) return receive_jump(p);
  if (!p.output) throw UserError(where, "it has no output", "give one with output(), such as coba(0 * mV)");
  std::vector<std::string> names{"weight", "arrivals"};  // all stand behind "NAME."
  if (p.at_source) names.insert(names.end(), {"values", "synapses", "sent"});
  for (const auto* part : {&*p.synapse, &*p.output}) {
    for (const auto& s : part->states) names.push_back(s.name);
    for (const auto& q : part->parameters) names.push_back(q.name);
  }
  if (p.plasticity) {
    for (const auto& s : p.plasticity->states) names.push_back(s.name);
    for (const auto& q : p.plasticity->parameters) names.push_back(q.name);
  }
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    throw UserError(where, "'" + *twice + "' means two things in its synapse, output, plasticity and weight", "rename it in one of them");
  }
  if (p.at_source) return receive_values(p);
  add_arrivals(p, receptor_of(p));
}

/// An input stands for the sum of what it receives; what is held is a symbol of its own, filled in after differentiation.
void PopulationBuilder::bind_inputs(OdeSystem& s) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const auto& input = model_.inputs[i];
    auto [inside, held] = inputs_[i];
    if (held != ir::no_node || (input.kind == InputKind::held && inside == ir::no_node)) {
      const auto symbol = g_.symbol(input.name, Rate::varying);
      s.held[symbol] = held == ir::no_node ? g_.literal(0.0) : held;
      inside = inside == ir::no_node ? symbol : g_.add(symbol, inside);
    }
    symbols_[input.symbol] = inside == ir::no_node ? g_.literal(0.0) : inside;
  }
  held_ = s.held;
}

OdeSystem PopulationBuilder::system() {
  OdeSystem s;
  s.graph = &g_;
  s.t = t_;
  s.dt = dt_;
  s.step = step_;
  receive_injections();
  bind_inputs(s);
  s.noises = noises_;
  std::vector<std::size_t> whole;  // arrays that must be known at whole steps
  for (const auto& r : receptors_) whole.push_back(r.state_array);
  for (const auto& r : jumps_) whole.push_back(r.receptor.state_array);
  whole.insert(whole.end(), sent_whole_.begin(), sent_whole_.end());
  for (const auto& r : model_.resets) whole.push_back(model_states_[r.state]);
  for (const auto& r : model_.each_step) whole.push_back(model_states_[r.state]);
  const auto threshold = model_.threshold ? bring(*model_.scope, model_.threshold->now, symbols_) : ir::no_node;

  std::vector<std::pair<std::size_t, NodeId>> rates;
  for (std::size_t k = 0; k < model_.states.size(); ++k) {
    const auto& state = model_.states[k];
    if (state.rate != ir::no_node) rates.emplace_back(model_states_[k], bring(*model_.scope, state.rate, symbols_));
  }
  rates.insert(rates.end(), rates_.begin(), rates_.end());
  rates_ = std::move(rates);
  for (const auto& [array, rate] : rates_) {
    const NodeId roots[] = {rate};
    const auto& a = domain_.arrays[array];
    OdeState state{a.name, a.symbol, ir::recognise_singularities(g_, roots)[0], false};
    state.whole_step = std::find(whole.begin(), whole.end(), array) != whole.end();
    if (threshold != ir::no_node && !ir::independent(g_, threshold, a.symbol)) state.whole_step = true;
    s.states.push_back(std::move(state));
  }
  s.stochastic = is_stochastic(s);
  return s;
}

const Method& PopulationBuilder::choose(const OdeSystem& s, const std::string& own) const {
  const std::string name = options_.method.empty() ? own : options_.method;
  const auto& method = name.empty() ? default_method(s) : find_method(name);
  if (const auto why = method.refuses(s)) {
    throw UserError("population '" + domain_.name + "'", "method '" + std::string(method.name) + "' cannot integrate it: " + *why,
                    s.stochastic ? "choose euler_maruyama or milstein" : "choose another method, such as exp_midpoint");
  }
  return method;
}

void PopulationBuilder::state_arrivals() {
  model::Statement arrive{.kind = model::Statement::Kind::assign, .title = "arrivals", .assignments = {}};
  for (const auto& r : receptors_) {
    NodeId sum = domain_.arrays[r.state_array].symbol;
    for (const NodeId term : r.terms) sum = g_.add(sum, term);
    arrive.assignments.push_back({r.state_array, sum});
    for (const auto& [kind, array] : r.arrivals) arrive.assignments.push_back({array, g_.literal(0.0)});
  }
  state_jumps();
  for (const auto array : shared_arrivals_) arrive.assignments.push_back({array, g_.literal(0.0)});
  if (!arrive.assignments.empty()) domain_.statements.push_back(std::move(arrive));
}

/// Synapses whose arrivals are added before they decay advance by themselves, ahead of the neurons that see the result.
void PopulationBuilder::state_early_synapses(OdeSystem& s, const Method& method) {
  const auto early = [&](std::size_t array) {
    return std::any_of(receptors_.begin(), receptors_.end(), [&](const Receptor& r) {
      return r.order == Arrivals::before_decay && std::find(r.states.begin(), r.states.end(), array) != r.states.end();
    });
  };
  OdeSystem synapses = s;
  synapses.states.clear();
  synapses.held.clear();
  std::vector<OdeState> others;
  std::vector<std::pair<std::size_t, NodeId>> rates, early_rates;
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    (early(rates_[k].first) ? synapses.states : others).push_back(s.states[k]);
    (early(rates_[k].first) ? early_rates : rates).push_back(rates_[k]);
  }
  if (early_rates.empty()) return;
  const auto update = method.advance(synapses);
  model::Statement step{.kind = model::Statement::Kind::assign, .title = "synapses", .assignments = {}};
  for (std::size_t k = 0; k < early_rates.size(); ++k) {
    step.assignments.push_back({early_rates[k].first, update.next[k]});
    if (!update.recorded.empty()) domain_.arrays[early_rates[k].first].recorded = update.recorded[k];
  }
  domain_.statements.push_back(std::move(step));
  s.states = std::move(others);
  rates_ = std::move(rates);
}

void PopulationBuilder::state_integration() {
  auto s = system();
  const auto& method = choose(s, model_.method);
  domain_.method = std::string(method.name);
  NodeId active = ir::no_node;
  if (model_.refractory) {
    active = not_refractory();
  }
  state_each_step(s, active);
  state_early_synapses(s, method);
  const auto update = s.states.empty() ? Update{} : method.advance(s);
  model::Statement step{.kind = model::Statement::Kind::assign, .title = domain_.method, .assignments = {}};
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    const auto array = rates_[k].first;
    NodeId next = update.next[k];
    NodeId recorded = update.recorded.empty() ? ir::no_node : update.recorded[k];
    if (model_.refractory) {
      for (const auto frozen : model_.refractory->frozen) {
        if (model_states_[frozen] != array) continue;
        next = g_.select(active, next, domain_.arrays[array].symbol);
        if (recorded != ir::no_node) recorded = g_.select(active, recorded, domain_.arrays[array].symbol);
      }
    }
    step.assignments.push_back({array, next});
    domain_.arrays[array].recorded = recorded;
  }
  domain_.statements.push_back(std::move(step));
}

/// Holds at the start of a step for neurons that are not refractory.
NodeId PopulationBuilder::not_refractory() {
  if (refractory_ == none) {
    refractory_ = add_array({.name = "refractory_steps", .role = Role::refractory, .element = ir::Element::count});
  }
  return g_.make(Op::le, domain_.arrays[refractory_].symbol, g_.literal(0.0));
}

void PopulationBuilder::state_spikes() {
  if (model_.train) return prescribe_spikes();
  if (!model_.threshold) {
    if (model_.resets.empty() && !model_.refractory) return;
    throw UserError("population '" + domain_.name + "'", "model '" + model_.name + "' has a reset or a refractory period and no threshold",
                    "give it a threshold");
  }
  const auto& t = *model_.threshold;
  model::Statement emit{.kind = model::Statement::Kind::emit, .title = "spike", .assignments = {}};
  emit.now = bring(*model_.scope, t.now, symbols_);
  if (t.crossing) emit.before = bring(*model_.scope, t.before, symbols_);
  if (model_.refractory) {
    // Silent while refractory: the count at the start of the step says so.
    const auto free = g_.make(Op::le, domain_.arrays[refractory_].symbol, g_.literal(0.0));
    emit.before = emit.before == ir::no_node ? free : g_.make(Op::logic_and, emit.before, free);
  }
  domain_.statements.push_back(emit);

  const auto spiked = g_.symbol("spiked", Rate::varying, ir::Type::boolean);
  for (const auto& r : model_.resets) {
    const auto array = model_states_[r.state];
    const auto value = bring(*model_.scope, r.value, symbols_);
    const auto chosen = g_.select(spiked, value, domain_.arrays[array].symbol);
    domain_.statements.push_back({.kind = model::Statement::Kind::assign, .title = "reset", .assignments = {{array, chosen}}});
  }
  if (model_.refractory) {
    const auto count = domain_.arrays[refractory_].symbol;
    const auto steps = refractory_steps();
    const auto left = g_.make(Op::max, g_.sub(count, g_.literal(1.0)), g_.literal(0.0));
    const auto value = g_.select(spiked, steps, left);
    domain_.statements.push_back({.kind = model::Statement::Kind::assign, .title = "refractory", .assignments = {{refractory_, value}}});
  }
}

/// round(period / dt), halves up. A period that is no more than a parameter is checked now and whenever it is set.
NodeId PopulationBuilder::refractory_steps() {
  const auto& r = *model_.refractory;
  const auto rounded = [&](NodeId period) { return g_.make(Op::floor, g_.add(g_.div(period, dt_), g_.literal(0.5))); };
  if (r.period == ir::no_node) {
    const auto name = domain_.name + ".refractory";
    model::check_refractory("'" + name + "'", r.duration, program_.dt_ms);
    program_.refractory.insert(name);
    return rounded(uniform(name, r.duration));
  }
  const auto period = bring(*model_.scope, r.period, symbols_);
  if (g_[period].op == Op::symbol) {
    const auto& name = g_.symbol_of(period).name;
    if (const auto* array = model::find_array(domain_, name)) {
      for (const double value : array->values) {
        model::check_refractory("'" + domain_.name + "." + name + "'", {value, dimension::time}, program_.dt_ms);
      }
    } else {
      model::check_refractory("'" + name + "'", program_.uniforms.at(name), program_.dt_ms);
      program_.refractory.insert(name);
    }
  }
  // An expression, or values that are set later, may be anything: below zero (and NaN) is none.
  const auto steps = g_.make(Op::min, rounded(period), g_.literal(0x1p24));
  return g_.select(g_.make(Op::lt, g_.literal(0.0), steps), steps, g_.literal(0.0));
}

void PopulationBuilder::declare_initial_values() {
  for (std::size_t k = 0; k < model_.states.size(); ++k) {
    const auto& state = model_.states[k];
    auto& array = domain_.arrays[model_states_[k]];
    if (const auto v = population_.initial_values.find(state.name); v != population_.initial_values.end()) {
      array.values = v->second;
      continue;
    }
    const auto given = population_.initial.find(state.name);
    const Expr* e = given != population_.initial.end() ? &given->second : state.initial ? &*state.initial : nullptr;
    if (e) array.initial = initial_value(model_, state.name, *e, symbols_);
  }
}

NodeId PopulationBuilder::initial_value(const ModelData& part, const std::string& state, const Expr& e, const ir::Substitution& symbols) {
  // Its scope is the part's, or that which the part's was copied from: symbols have the same numbers in both.
  const auto& scope = *detail::ExprAccess::scope(e);
  const auto& graph = scope.graph;
  const NodeId root[] = {detail::ExprAccess::node(e)};
  auto bound = symbols;
  for (const NodeId id : ir::topological(graph, root)) {
    if (graph[id].op != Op::symbol) continue;
    const auto& name = graph.symbol_of(id).name;
    if (name.starts_with("position(")) {
      const int axis = name[9] - '0';
      if (!population_.positions || axis >= population_.positions->dimensions()) {
        throw UserError("population '" + domain_.name + "'", "'" + state + "' uses " + name + ", which it does not have",
                        "give it positions with positions(); axes are 0, 1 and 2");
      }
      bound[id] = g_.symbol(name, Rate::varying);
      continue;
    }
    const bool parameter = std::any_of(part.parameters.begin(), part.parameters.end(), [&](const auto& p) { return p.symbol == id; });
    if (parameter && symbols.contains(id)) continue;
    if (parameter) {
      throw UserError("population '" + domain_.name + "'", "'" + state + "' uses '" + name + "', which comes after it or is itself",
                      "the law of a parameter may use those that the model declares before it");
    }
    throw UserError("population '" + domain_.name + "'", "the initial value of '" + state + "' uses '" + graph.symbol_of(id).name + "'",
                    "initial values may use parameters, numbers, position(), randn() and rand()");
  }
  return bring(scope, root[0], bound, Draws::numbered);
}

/// A threshold or reset that reads what has no value of its own (a held input, say) is the user's mistake.
void PopulationBuilder::require_only_arrays(const ir::Substitution& stores) const {
  std::vector<NodeId> roots;
  for (const auto& [symbol, value] : stores) roots.push_back(value);
  for (const NodeId id : ir::topological(g_, roots)) {
    if (g_[id].op != Op::symbol || g_.symbol_of(id).rate == Rate::uniform) continue;
    const auto& name = g_.symbol_of(id).name;
    if (!model::find_array(domain_, name)) {
      throw UserError("population '" + domain_.name + "'", "the threshold or a reset uses '" + name + "'",
                      "use states and parameters there");
    }
  }
}

/// Runs the statements once, symbolically: what each array holds at the end of the step as a function of its start.
void PopulationBuilder::lower() {
  ir::Substitution now;
  std::vector<std::size_t> written;
  for (const auto& statement : domain_.statements) {
    if (statement.kind == model::Statement::Kind::emit) {
      domain_.spikes = ir::substitute(g_, statement.now, now);
      if (statement.before != ir::no_node) domain_.spikes = g_.make(Op::logic_and, statement.before, domain_.spikes);
      now[g_.symbol("spiked", Rate::varying, ir::Type::boolean)] = domain_.spikes;
      continue;
    }
    ir::Substitution next = now;
    for (const auto& a : statement.assignments) {
      next[domain_.arrays[a.array].symbol] = ir::substitute(g_, a.value, now);
      if (std::find(written.begin(), written.end(), a.array) == written.end()) written.push_back(a.array);
    }
    now = std::move(next);
  }
  require_only_arrays(now);
  std::vector<NodeId> roots;
  for (const auto array : written) roots.push_back(now.at(domain_.arrays[array].symbol));
  if (domain_.spikes != ir::no_node) roots.push_back(domain_.spikes);
  const auto precision = domain_.precision == Precision::f32 ? ir::Precision::f32 : ir::Precision::f64;
  roots = ir::simplify(g_, roots);
  roots = ir::share_exponentials(g_, roots, precision, ir::by_position(g_));
  roots = ir::multiply_by_reciprocals(g_, roots);
  for (std::size_t k = 0; k < written.size(); ++k) domain_.stores.push_back({written[k], roots[k]});
  if (domain_.spikes != ir::no_node) domain_.spikes = roots.back();
}

void PopulationBuilder::warn_of_precision() {
  if (domain_.precision != Precision::f32) return;
  const auto check = [&](const std::string& name, const Dimension& d, double value) {
    if (d != dimension::time || !(value > 0) || program_.dt_ms / value >= 1e-5) return;
    program_.warnings.push_back("population '" + domain_.name + "': float32 does not resolve dt/" + name + " = " +
                                to_string(Quantity{program_.dt_ms / value}) + "; use precision f64");
  };
  for (const auto& [name, value] : program_.uniforms) {
    const bool ours = name != "dt" && !program_.refractory.contains(name) && g_.find_symbol(name) != ir::no_node;
    if (ours) check(name, value.dimension, value.value);
  }
  for (const auto& a : domain_.arrays) {
    if (a.role == Role::parameter && !a.values.empty()) check(a.name, a.dimension, *std::max_element(a.values.begin(), a.values.end()));
  }
}

/// After everything else: nodes that are made here change no order among those that kernels are made of.
void PopulationBuilder::name_parts() {
  for (const auto& i : model_.inputs) domain_.named[i.name] = {ir::substitute(g_, symbols_.at(i.symbol), held_), i.dimension};
  for (const auto& l : model_.lets) {
    domain_.named[l.name] = {ir::substitute(g_, bring(*model_.scope, l.node, symbols_), held_), l.dimension};
  }
}

model::Domain PopulationBuilder::finish() {
  domain_.positions = population_.positions;
  state_arrivals();
  state_integration();
  state_spikes();
  state_sources();
  declare_initial_values();
  lower();
  warn_of_precision();
  name_parts();
  return std::move(domain_);
}

}  // namespace ranvier::integrate
