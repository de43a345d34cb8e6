#include "integrate/population_builder.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

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
              .statements = {}, .time_values = {}, .prescribed = {}, .prescribed_now = {}, .noise = {}, .precision = {}, .method = {}, .stores = {}, .spikes = ir::no_node},
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
  return bring(scope, std::span<const NodeId>(&node, 1), symbols, draws).front();
}

std::vector<NodeId> PopulationBuilder::bring(const detail::Scope& scope, std::span<const NodeId> roots, const ir::Substitution& symbols, Draws draws) {
  std::unordered_map<NodeId, NodeId> done;
  std::uint64_t number = 0;
  for (const NodeId id : ir::topological(scope.graph, roots)) {
    const ir::Node n = scope.graph[id];
    if (const auto it = symbols.find(id); it != symbols.end()) {
      done[id] = it->second;
    } else if (n.op == Op::symbol && scope.graph.symbol_of(id).name.ends_with(")")) {  // distance(), position(0)
      throw UserError("population '" + domain_.name + "'", "an equation uses " + scope.graph.symbol_of(id).name,
                      "distance(), source_index() and target_index() have values in weights and delays, position() and neuron_index() in initial values and parameters");
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
  std::vector<NodeId> out;
  for (const NodeId root : roots) out.push_back(done.at(root));
  return out;
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
    if (name == "neuron_index()") {
      bound[id] = g_.symbol(name, Rate::varying);
      continue;
    }
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
                    "initial values may use parameters, numbers, position(), neuron_index(), randn() and rand()");
  }
  return bring(scope, root[0], bound, Draws::numbered);
}

/// A threshold or reset that reads what has no value of its own (a held input, say) is the user's mistake.
void PopulationBuilder::require_only_arrays(const ir::Substitution& stores) const {
  std::vector<NodeId> roots;
  for (const auto& [symbol, value] : stores) roots.push_back(value);
  std::unordered_set<std::string_view> arrays;  // models may have thousands
  for (const auto& a : domain_.arrays) arrays.insert(a.name);
  for (const NodeId id : ir::topological(g_, roots)) {
    if (g_[id].op != Op::symbol || g_.symbol_of(id).rate == Rate::uniform) continue;
    const auto& name = g_.symbol_of(id).name;
    if (!arrays.contains(name)) {
      throw UserError("population '" + domain_.name + "'", "the threshold or a reset uses '" + name + "'",
                      "use states and parameters there");
    }
  }
}

/// Runs the statements once, symbolically: what each array holds at the end of the step as a function of its start.
void PopulationBuilder::lower() {
  ir::Substitution now;
  std::vector<std::size_t> written;
  std::vector<bool> known(domain_.arrays.size());
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
      if (!known[a.array]) written.push_back(a.array);
      known[a.array] = true;
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
  // All at once: each walk costs a little in proportion to the whole graph, and there may be thousands.
  std::vector<NodeId> nodes;
  for (const auto& l : model_.lets) nodes.push_back(l.node);
  nodes = ir::substitute(g_, bring(*model_.scope, nodes, symbols_), held_);
  for (std::size_t k = 0; k < nodes.size(); ++k) domain_.named[model_.lets[k].name] = {nodes[k], model_.lets[k].dimension};
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
