#include "ranvier/plasticity.hpp"

#include <algorithm>
#include <cmath>

#include "model/checks.hpp"
#include "model/model_data.hpp"
#include "model/synaptic_unit.hpp"

namespace ranvier {

using detail::ExprAccess;
using detail::PlasticityData;
using detail::Side;
using ir::Rate;

namespace {

const char* side_name(Side side) { return side == Side::synapse ? "synapse" : side == Side::pre ? "source" : "target"; }

Expr add_state(PlasticityData& m, const std::string& name, Unit unit, Side side) {
  detail::require_new_name(m, name);
  const auto node = m.scope->graph.symbol(name, Rate::varying);
  m.states.push_back({name, unit.dimension, node, ir::no_node, {}});
  m.sides.push_back(side);
  m.event_driven.push_back(false);
  return ExprAccess::make(m.scope, node, unit.dimension);
}

Expr add_read(PlasticityData& m, const std::string& state, Unit unit, bool pre) {
  const std::string symbol = (pre ? "pre_" : "post_") + state;
  for (const auto& r : m.reads) {
    if (r.pre != pre || r.state != state) continue;
    if (r.dimension == unit.dimension) return ExprAccess::make(m.scope, r.symbol, unit.dimension);
    throw UnitError(m.scope->owner, "'" + state + "' is read in two units", "use the one it has");
  }
  detail::require_new_name(m, symbol);
  const auto node = m.scope->graph.symbol(symbol, Rate::varying);
  m.reads.push_back({state, unit.dimension, node, pre});
  return ExprAccess::make(m.scope, node, unit.dimension);
}

/// Draws belong to the start of a simulation only: what a synapse draws at an event would depend on how events are
/// grouped.
void require_no_draws(const PlasticityData& m, const std::string& what, ir::NodeId value) {
  const ir::NodeId roots[] = {value};
  for (const auto id : ir::topological(m.scope->graph, roots)) {
    const auto op = m.scope->graph[id].op;
    if (op != ir::Op::normal && op != ir::Op::uniform) continue;
    throw UserError(m.scope->owner, what + " draws random numbers", "randn() and rand() are for initial values");
  }
}

/// What a trace's equation or jump reads must be of its own side.
void require_side(const PlasticityData& m, Side side, const std::string& what, ir::NodeId value) {
  if (side == Side::synapse) return;
  const ir::NodeId roots[] = {value};
  for (const auto id : ir::topological(m.scope->graph, roots)) {
    if (m.scope->graph[id].op != ir::Op::symbol) continue;
    bool fits = true;
    for (std::size_t k = 0; k < m.states.size(); ++k) fits &= m.states[k].symbol != id || m.sides[k] == side;
    for (const auto& r : m.reads) fits &= r.symbol != id || r.pre == (side == Side::pre);
    if (fits) continue;
    throw UserError(
        m.scope->owner,
        what + " uses '" + m.scope->graph.symbol_of(id).name + "', which is not of the " + side_name(side) + " neuron",
        std::string("a trace of the ") + side_name(side) +
            " may read that neuron and its traces only; make it a state() of each synapse");
  }
}

void add_statement(PlasticityData& m, std::vector<PlasticityData::Statement>& to, Side side, const char* verb,
                   const Expr& state, const Expr& value) {
  const auto index = detail::state_index(m, state, verb);
  const auto& s = m.states[index];
  const std::string what = std::string(verb) + " of " + s.name;
  detail::require_dimension(m, what, value, s.dimension);
  if (m.sides[index] != Side::synapse && m.sides[index] != side) {
    throw UserError(
        m.scope->owner,
        "'" + s.name + "' is a trace of the " + side_name(m.sides[index]) + " neuron and " + verb + " would change it",
        std::string("it changes in ") + (side == Side::pre ? "on_post()" : "on_pre()") +
            ", or make it a state() of each synapse");
  }
  const auto node = ExprAccess::in(m.scope, value);
  require_no_draws(m, what, node);
  require_side(m, m.sides[index], what, node);
  to.push_back({index, node});
}

}  // namespace

Plasticity::Plasticity(std::string name) : data_(std::make_shared<PlasticityData>()) {
  data_->scope = std::make_shared<detail::Scope>();
  data_->scope->owner = "plasticity '" + name + "'";
  data_->name = std::move(name);
}
const std::string& Plasticity::name() const { return data_->name; }

Plasticity& Plasticity::describe(const std::string& summary, const std::string& source) {
  auto& m = own();
  m.summary = summary;
  m.source = source;
  return *this;
}
Plasticity& Plasticity::set(const std::string& parameter, Quantity value) {
  detail::set_parameter(own(), parameter, value);
  return *this;
}

PlasticityData& Plasticity::own() {
  if (data_.use_count() > 1) {
    auto copy = std::make_shared<PlasticityData>(*data_);
    copy->scope = detail::copied(data_->scope);
    data_ = std::move(copy);
  }
  return *data_;
}

Expr Plasticity::weight(const std::string& name, Unit unit) {
  auto& m = own();
  if (m.weight)
    throw UserError(m.scope->owner, "it has two weights, '" + m.states[*m.weight].name + "' and '" + name + "'",
                    "make one a state()");
  auto e = add_state(m, name, unit, Side::synapse);
  m.weight = m.states.size() - 1;
  return e;
}
Expr Plasticity::state(const std::string& name, Unit unit) { return add_state(own(), name, unit, Side::synapse); }
Expr Plasticity::pre_state(const std::string& name, Unit unit) { return add_state(own(), name, unit, Side::pre); }
Expr Plasticity::post_state(const std::string& name, Unit unit) { return add_state(own(), name, unit, Side::post); }
Expr Plasticity::parameter(const std::string& name, Quantity value, const std::string& meaning) {
  return detail::add_parameter(own(), name, value, meaning);
}
Expr Plasticity::pre(const std::string& state, Unit unit) { return add_read(own(), state, unit, true); }
Expr Plasticity::post(const std::string& state, Unit unit) { return add_read(own(), state, unit, false); }
Expr Plasticity::time() {
  auto& m = own();
  return ExprAccess::make(m.scope, m.scope->graph.symbol("t", Rate::uniform), dimension::time);
}
Expr Plasticity::dt() {
  auto& m = own();
  return ExprAccess::make(m.scope, m.scope->graph.symbol("dt", Rate::uniform), dimension::time);
}

void Plasticity::Derivative::operator=(const Expr& rate) {
  auto& m = owner_.own();
  const auto index = detail::state_index(m, state_, "d()");
  auto& state = m.states[index];
  const std::string what = "d" + state.name + "/dt";
  detail::require_dimension(m, what, rate, state.dimension / dimension::time);
  if (state.rate != ir::no_node) throw UserError(m.scope->owner, what + " is given twice", "remove one of the two");
  const auto node = ExprAccess::in(m.scope, rate);
  require_no_draws(m, what, node);
  require_side(m, m.sides[index], what, node);
  state.rate = node;
}

void Plasticity::event_driven(const Expr& state) {
  auto& m = own();
  const auto index = detail::state_index(m, state, "event_driven()");
  if (m.sides[index] != Side::synapse) {
    throw UserError(m.scope->owner, "event_driven(" + m.states[index].name + "): it is a trace of a neuron",
                    "traces are stepped with the neurons; leave it out");
  }
  m.event_driven[index] = true;
}

void Plasticity::on_pre(const Expr& state, const Expr& value) {
  auto& m = own();
  add_statement(m, m.on_pre, Side::pre, "on_pre()", state, value);
}
void Plasticity::on_post(const Expr& state, const Expr& value) {
  auto& m = own();
  add_statement(m, m.on_post, Side::post, "on_post()", state, value);
}

void Plasticity::sends(const Expr& value) {
  auto& m = own();
  const bool twice =
      std::any_of(m.on_pre.begin(), m.on_pre.end(), [](const auto& s) { return s.state == PlasticityData::sends; });
  if (twice) throw UserError(m.scope->owner, "sends() is given twice", "send the sum of the two");
  const auto node = ExprAccess::in(m.scope, value);
  require_no_draws(m, "sends()", node);
  m.on_pre.push_back({PlasticityData::sends, node});
  m.sent = value.dimension();
}

void Plasticity::initial(const Expr& state, const Expr& value) {
  auto& m = own();
  const auto index = detail::state_index(m, state, "initial()");
  auto& s = m.states[index];
  detail::require_dimension(m, "the initial value of " + s.name, value, s.dimension);
  const auto node = ExprAccess::in(m.scope, value);
  if (m.sides[index] != Side::synapse) require_no_draws(m, "the initial value of the trace " + s.name, node);
  s.initial = ExprAccess::make(m.scope, node, value.dimension());
}

void Plasticity::method(const std::string& name) { own().method = name; }
void Plasticity::precision(Precision p) { own().precision = p; }

std::string Plasticity::text() const {
  const auto& m = *data_;
  const auto& g = m.scope->graph;
  std::string out;
  for (std::size_t k = 0; k < m.states.size(); ++k) {
    const auto& s = m.states[k];
    out += "d" + s.name + "/dt = " + (s.rate == ir::no_node ? "0" : ir::print(g, s.rate)) + " : " +
           (s.dimension.is_none() ? "1" : unit_name(s.dimension)) + " (each " + side_name(m.sides[k]) +
           (m.event_driven[k] ? ", event-driven)\n" : ")\n");
  }
  for (const auto& p : m.parameters) out += p.name + " = " + to_string(p.value) + "\n";
  const auto statements = [&](const char* verb, const std::vector<PlasticityData::Statement>& list) {
    for (const auto& s : list) {
      const bool sends = s.state == PlasticityData::sends;
      out +=
          std::string(verb) + ": " + (sends ? "send " : m.states[s.state].name + " = ") + ir::print(g, s.value) + "\n";
    }
  };
  statements("on pre", m.on_pre);
  statements("on post", m.on_post);
  return out;
}

// ----------------------------------------------------------------------------------------------------------------
// Projection

namespace {

std::size_t plastic_state(const detail::ProjectionData& p, const std::string& name) {
  const std::string where = "projection '" + p.name + "'";
  if (!p.plasticity)
    throw UserError(where, "its synapses have no state '" + name + "'", "give it a plasticity() first");
  std::vector<std::string> known;
  for (std::size_t k = 0; k < p.plasticity->states.size(); ++k) {
    if (p.plasticity->states[k].name == name) return k;
    known.push_back(p.plasticity->states[k].name);
  }
  throw UserError(where, "its synapses have no state '" + name + "'", detail::suggest(name, known));
}

const detail::StateData& synapse_state(const detail::ProjectionData& p, const std::string& name,
                                       const Dimension& given) {
  const auto k = plastic_state(p, name);
  const auto& s = p.plasticity->states[k];
  const std::string where = "projection '" + p.name + "'", what = "the initial value of '" + name + "'";
  if (p.plasticity->sides[k] != Side::synapse)
    throw UserError(where, what + ": it is a trace of a neuron", "give it with Plasticity::initial()");
  if (given == s.dimension) return s;
  const auto shown = [](const Dimension& d) { return d.is_none() ? std::string("no unit") : unit_name(d); };
  throw UnitError(where, what + " must be in " + shown(s.dimension) + ", not " + shown(given), "check the unit");
}

}  // namespace

Projection& Projection::plasticity(const Plasticity& rule) {
  const auto& m = rule.data();
  const std::string where = "projection '" + name() + "'";
  const auto sends = [](const auto& s) { return s.state == PlasticityData::sends; };
  if (std::none_of(m.on_pre.begin(), m.on_pre.end(), sends)) {
    throw UserError(where, "the synapses of plasticity '" + m.name + "' send nothing",
                    "call sends(value), the weight for instance");
  }
  for (std::size_t k = 0; k < m.states.size(); ++k) {
    if (m.sides[k] == Side::synapse || m.states[k].rate != ir::no_node) continue;
    throw UserError(where, "the trace '" + m.states[k].name + "' of plasticity '" + m.name + "' has no equation",
                    "give it one with d(), such as -x / tau; a constant is a parameter");
  }
  for (std::size_t k = 0; k < m.states.size(); ++k) {
    if (!m.event_driven[k] || m.states[k].rate != ir::no_node) continue;
    throw UserError(where, "'" + m.states[k].name + "' is event-driven and has no equation", "give it one with d()");
  }
  data().plasticity = m;
  detail::adopt_weight_unit(data());
  data().synapse_initial.clear();
  data().synapse_values.clear();
  return *this;
}

Projection& Projection::initial(const std::string& state, const Expr& value) {
  (void)synapse_state(data(), state, value.dimension());
  const auto& scope = data().plasticity->scope;
  data().synapse_initial.insert_or_assign(state, ExprAccess::make(scope, ExprAccess::in(scope, value), value.dimension()));
  data().synapse_values.erase(state);
  return *this;
}

Projection& Projection::initial(const std::string& state, const std::vector<double>& values, Unit unit) {
  (void)synapse_state(data(), state, unit.dimension);
  std::vector<double> coherent;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw UserError("projection '" + name() + "'",
                      "the initial value of '" + state + "' of synapse " + std::to_string(i) + " is not finite",
                      "give finite values");
    }
    coherent.push_back(scale_by_power_of_ten(values[i], unit.exponent));
  }
  data().synapse_values[state] = std::move(coherent);
  data().synapse_initial.erase(state);
  return *this;
}

SynapseRef Projection::operator[](const std::string& state) const {
  (void)plastic_state(data(), state);
  return {name(), state};
}

}  // namespace ranvier
