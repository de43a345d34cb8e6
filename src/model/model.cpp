#include "ranvier/model.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "model/checks.hpp"
#include "model/model_data.hpp"

namespace ranvier {

using detail::ExprAccess;
using detail::ModelData;
using ir::Rate;

std::shared_ptr<detail::Scope> detail::copied(const std::shared_ptr<Scope>& scope) {
  return std::make_shared<Scope>(Scope{scope->graph, scope->owner, scope, scope->graph.size(), scope->calls});
}

ModelData& detail::own(std::shared_ptr<ModelData>& data) {
  if (data.use_count() > 1) {
    auto copy = std::make_shared<ModelData>(*data);
    copy->scope = copied(data->scope);
    data = std::move(copy);
  }
  return *data;
}

namespace {

bool is_identifier(const std::string& name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

}  // namespace

namespace detail {

std::string described(const ModelData& m) { return m.scope->owner; }

void require_new_name(const ModelData& m, const std::string& name) {
  if (!is_identifier(name)) {
    throw UserError(described(m), "'" + name + "' is not a name", "use letters, digits and '_', not starting with a digit");
  }
  if (name == "t" || name == "dt") throw UserError(described(m), "'" + name + "' is reserved", "use time() or dt()");
  for (const char* reserved : {"step", "spiked", "refractory", "refractory_steps"}) {
    if (name == reserved) throw UserError(described(m), "'" + name + "' is reserved", "choose another name");
  }
  if (m.let_names.contains(name) || m.scope->graph.find_symbol(name) != ir::no_node) {
    throw UserError(described(m), "the name '" + name + "' is used twice", "rename one of the two");
  }
}

std::size_t state_index(const ModelData& m, const Expr& e, const char* what) {
  const auto node = ExprAccess::is_literal(e) ? ir::no_node : ExprAccess::in(m.scope, e);
  // Symbols are numbered as states are declared.
  const auto it = std::lower_bound(m.states.begin(), m.states.end(), node, [](const StateData& s, ir::NodeId n) { return s.symbol < n; });
  if (it != m.states.end() && it->symbol == node) return static_cast<std::size_t>(it - m.states.begin());
  for (std::size_t i = 0; i < m.states.size(); ++i) {
    if (m.states[i].symbol == node) return i;
  }
  throw UserError(described(m), std::string(what) + " needs a state of this model, not '" + e.text() + "'",
                  "pass what state() returned");
}

void require_dimension(const ModelData& m, const std::string& what, const Expr& value, const Dimension& wanted) {
  if (value.dimension() == wanted) return;
  std::string text = value.text();
  if (text.size() > 80) text = text.substr(0, 77) + "...";
  const auto shown = [](const Dimension& d) { return d.is_none() ? std::string("no unit") : unit_name(d); };
  throw UnitError(described(m), what + " must be in " + shown(wanted) + ", but '" + text + "' is in " +
                                    shown(value.dimension()), "check the units of its terms");
}

}  // namespace detail

using detail::described;
using detail::require_dimension;
using detail::require_new_name;
using detail::state_index;

namespace {

std::shared_ptr<ModelData> new_data(const std::string& name, const char* kind) {
  auto data = std::make_shared<ModelData>();
  data->name = name;
  data->scope = std::make_shared<detail::Scope>();
  data->scope->owner = std::string(kind) + " '" + name + "'";
  return data;
}

}  // namespace

Expr detail::add_parameter(ModelData& m, const std::string& name, Quantity value, const std::string& meaning) {
  require_new_name(m, name);
  if (std::isnan(value.value)) throw UserError(described(m), "parameter '" + name + "' is NaN", "give it a number");
  const auto node = m.scope->graph.symbol(name, Rate::uniform);
  m.parameters.push_back({name, value, node, meaning});
  return ExprAccess::make(m.scope, node, value.dimension);
}

void detail::set_parameter(ModelData& m, const std::string& name, Quantity value) {
  std::vector<std::string> known;
  for (auto& p : m.parameters) {
    known.push_back(p.name);
    if (p.name != name) continue;
    require(value, p.value.dimension, described(m) + ": parameter '" + name + "'");
    if (std::isnan(value.value)) throw UserError(described(m), "parameter '" + name + "' is NaN", "give it a number");
    p.value = value;
    return;
  }
  throw UserError(described(m), "there is no parameter '" + name + "'", detail::suggest(name, known));
}

using detail::add_parameter, detail::set_parameter;

namespace {

std::vector<std::size_t> state_indices(const ModelData& m, const std::vector<Expr>& states, const char* what) {
  std::vector<std::size_t> out;
  for (const auto& e : states) out.push_back(state_index(m, e, what));
  return out;
}

/// state = value, with its dimension checked.
detail::ResetData change_of(const ModelData& m, const char* what, const Expr& state, const Expr& value) {
  const auto index = state_index(m, state, what);
  require_dimension(m, "the " + std::string(what, std::char_traits<char>::length(what) - 2) + " of " + m.states[index].name, value,
                    m.states[index].dimension);
  return {index, ExprAccess::in(m.scope, value)};
}

/// A symbol for a state of a neuron that the synapse or output meets.
Expr add_foreign(ModelData& m, std::vector<detail::InputData>& list, const std::string& prefix, const std::string& state, Unit unit) {
  require_new_name(m, prefix + state);
  const auto node = m.scope->graph.symbol(prefix + state, Rate::varying);
  list.push_back({state, unit.dimension, InputKind::inside, node});
  return ExprAccess::make(m.scope, node, unit.dimension);
}

}  // namespace

Threshold crosses_up(const Expr& x, const Expr& level) { return {x < level, x >= level}; }

Model::Model(std::string name) : data_(new_data(name, "model")) {}
const std::string& Model::name() const { return data_->name; }
ModelData& Model::own() { return detail::own(data_); }

Expr Model::state(const std::string& name, Unit unit) {
  auto& m = own();
  require_new_name(m, name);
  const auto node = m.scope->graph.symbol(name, Rate::varying);
  m.states.push_back({name, unit.dimension, node, ir::no_node, {}});
  return ExprAccess::make(m.scope, node, unit.dimension);
}

Model& Model::describe(const std::string& summary, const std::string& source) {
  own().summary = summary;
  own().source = source;
  return *this;
}

Expr Model::parameter(const std::string& name, Quantity value, const std::string& meaning) {
  return add_parameter(own(), name, value, meaning);
}

Model& Model::set(const std::string& parameter, Quantity value) {
  set_parameter(own(), parameter, value);
  return *this;
}

Expr Model::input(const std::string& name, Unit unit, InputKind kind) {
  auto& m = own();
  require_new_name(m, name);
  const auto node = m.scope->graph.symbol(name, Rate::varying);
  m.inputs.push_back({name, unit.dimension, kind, node});
  return ExprAccess::make(m.scope, node, unit.dimension);
}

Expr Model::time() {
  return ExprAccess::make(data_->scope, data_->scope->graph.symbol("t", Rate::uniform), dimension::time);
}
Expr Model::dt() {
  return ExprAccess::make(data_->scope, data_->scope->graph.symbol("dt", Rate::uniform), dimension::time);
}

Expr Model::let(const std::string& name, const Expr& value) {
  auto& m = own();
  require_new_name(m, name);
  m.lets.push_back({name, ExprAccess::in(m.scope, value), value.dimension()});
  m.let_names.insert(name);
  return value;
}

void Model::Derivative::operator=(const Expr& rate) {
  auto& m = model_.own();
  auto& state = m.states[state_index(m, state_, "d()")];
  require_dimension(m, "d" + state.name + "/dt", rate, state.dimension / dimension::time);
  if (state.rate != ir::no_node) {
    throw UserError(described(m), "d" + state.name + "/dt is given twice", "remove one of the two");
  }
  state.rate = ExprAccess::in(m.scope, rate);
}

void Model::threshold(const Threshold& when) {
  auto& m = own();
  detail::ThresholdData t;
  t.crossing = when.crossing;
  t.now = ExprAccess::in(m.scope, when.now);
  if (when.crossing) t.before = ExprAccess::in(m.scope, when.before);
  m.threshold = t;
}

void Model::reset(const Expr& state, const Expr& value) {
  auto& m = own();
  m.resets.push_back(change_of(m, "reset()", state, value));
}

void Model::refractory(Quantity duration, const std::vector<Expr>& frozen) {
  auto& m = own();
  require(duration, dimension::time, described(m) + ": the refractory period");
  if (!(duration.value >= 0) || std::isinf(duration.value)) {
    throw UserError(described(m), "the refractory period is " + to_string(duration), "give a finite time of 0 or more");
  }
  m.refractory = detail::RefractoryData{duration, state_indices(m, frozen, "refractory()")};
}

void Model::refractory(const Expr& duration, const std::vector<Expr>& frozen) {
  if (ExprAccess::is_literal(duration)) return refractory(Quantity{ExprAccess::value(duration), duration.dimension()}, frozen);
  auto& m = own();
  require_dimension(m, "the refractory period", duration, dimension::time);
  const auto period = ExprAccess::in(m.scope, duration);
  const ir::NodeId roots[] = {period};
  for (const auto id : ir::topological(m.scope->graph, roots)) {
    const auto op = m.scope->graph[id].op;
    const bool random = op == ir::Op::normal || op == ir::Op::uniform;
    const bool parameter = std::any_of(m.parameters.begin(), m.parameters.end(), [&](const auto& p) { return p.symbol == id; });
    if (!random && (op != ir::Op::symbol || parameter)) continue;
    throw UserError(described(m), "the refractory period uses '" + (random ? "a random number" : m.scope->graph.symbol_of(id).name) + "'",
                    "make it of parameters and numbers");
  }
  m.refractory = detail::RefractoryData{{}, state_indices(m, frozen, "refractory()"), period};
}

void Model::initial(const Expr& state, const Expr& value) {
  auto& m = own();
  auto& s = m.states[state_index(m, state, "initial()")];
  require_dimension(m, "the initial value of " + s.name, value, s.dimension);
  s.initial = ExprAccess::make(m.scope, ExprAccess::in(m.scope, value), value.dimension());
}

void Model::method(const std::string& name) { own().method = name; }
void Model::precision(Precision p) { own().precision = p; }
void Model::receives(const Expr& state) {
  auto& m = own();
  m.receives = state_index(m, state, "receives()");
}
void Model::sends(const Expr& value) {
  auto& m = own();
  m.sends = ExprAccess::make(m.scope, ExprAccess::in(m.scope, value), value.dimension());
}
void Model::on_spike(const Expr& state, const Expr& value) {
  auto& m = own();
  m.on_spike.push_back(change_of(m, "on_spike()", state, value));
}
void Model::every_step(const Expr& state, const Expr& value) {
  auto& m = own();
  m.every_step.push_back(change_of(m, "every_step()", state, value));
}
Expr Model::pre(const std::string& state, Unit unit) { return add_foreign(own(), own().pre_states, "pre_", state, unit); }
void Model::jumps(const std::string& state, Unit unit, WhileRefractory during) {
  own().jump = detail::JumpData{state, unit.dimension, during};
}

// What comes from outside and by chance stands in model_inputs.cpp.

std::string Model::text() const {
  const auto& m = *data_;
  const auto unit = [](const Dimension& d) { return d.is_none() ? std::string("1") : unit_name(d); };
  std::string out;
  for (const auto& l : m.lets) out += l.name + " = " + ir::print(m.scope->graph, l.node) + "\n";
  for (const auto& s : m.states) {
    const std::string rate = s.rate == ir::no_node ? "0" : ir::print(m.scope->graph, s.rate);
    out += "d" + s.name + "/dt = " + rate + " : " + unit(s.dimension) + "\n";
  }
  for (const auto& p : m.parameters) out += p.name + " = " + to_string(p.value) + "\n";
  for (const auto& i : m.inputs) {
    out += i.name + " : " + unit(i.dimension) + (i.kind == InputKind::held ? " (input, held over a step)\n" : " (input)\n");
  }
  for (const auto& n : m.noises) out += n.name + " : white noise\n";
  for (const auto& a : m.time_arrays) out += a.name + " : " + unit(a.values->unit.dimension) + " (values over time)\n";
  for (const auto& i : m.injections) out += m.inputs[i.input].name + " += " + ir::print(m.scope->graph, i.value) + "\n";
  for (const auto& e : m.each_step) out += "each step: " + m.states[e.state].name + " = " + ir::print(m.scope->graph, e.value) + "\n";
  if (m.train) out += "spikes: a list of " + std::to_string(m.train->ids.size()) + "\n";
  if (m.threshold) {
    out += m.threshold->crossing ? "threshold (on becoming true): " : "threshold: ";
    out += ir::print(m.scope->graph, m.threshold->now) + "\n";
  }
  for (const auto& r : m.resets) out += "reset: " + m.states[r.state].name + " = " + ir::print(m.scope->graph, r.value) + "\n";
  if (m.refractory) {
    const auto period = m.refractory->period;
    out += "refractory: " + (period == ir::no_node ? to_string(m.refractory->duration) : ir::print(m.scope->graph, period)) + "\n";
  }
  if (m.receives) out += "receives: " + m.states[*m.receives].name + "\n";
  for (const auto& r : m.every_step) out += "every step: " + m.states[r.state].name + " = " + ir::print(m.scope->graph, r.value) + "\n";
  for (const auto& r : m.on_spike) out += "on a spike: " + m.states[r.state].name + " = " + ir::print(m.scope->graph, r.value) + "\n";
  if (m.sends) out += "sends: " + m.sends->text() + "\n";
  if (m.jump) out += "adds to: " + m.jump->state + (m.jump->during == WhileRefractory::drop ? "" : ", also while refractory") + "\n";
  return out;
}

Output::Output(std::string name) : data_(new_data(name, "output")) {}
Expr Output::synaptic(Unit unit) {
  auto& m = detail::own(data_);
  require_new_name(m, "g");
  m.synaptic = m.scope->graph.symbol("g", Rate::varying);
  m.synaptic_dimension = unit.dimension;
  return ExprAccess::make(m.scope, m.synaptic, unit.dimension);
}
Expr Output::post(const std::string& state, Unit unit) {
  auto& m = detail::own(data_);
  return add_foreign(m, m.post_states, "post_", state, unit);
}
Expr Output::total_weight(Unit unit) {
  auto& m = detail::own(data_);
  require_new_name(m, "total_weight");
  m.total_weight = m.scope->graph.symbol("total_weight", Rate::varying);
  m.total_weight_dimension = unit.dimension;
  return ExprAccess::make(m.scope, m.total_weight, unit.dimension);
}
Expr Output::parameter(const std::string& name, Quantity value, const std::string& meaning) {
  return add_parameter(detail::own(data_), name, value, meaning);
}
Output& Output::describe(const std::string& summary, const std::string& source) {
  auto& m = detail::own(data_);
  m.summary = summary;
  m.source = source;
  return *this;
}
Output& Output::set(const std::string& parameter, Quantity value) {
  set_parameter(detail::own(data_), parameter, value);
  return *this;
}
const std::string& Output::name() const { return data_->name; }
void Output::current(const Expr& value) {
  auto& m = detail::own(data_);
  m.current = ExprAccess::make(m.scope, ExprAccess::in(m.scope, value), value.dimension());
}

Model exponential(Quantity tau, Unit weight_unit) {
  require(tau, dimension::time, "exponential(): tau");
  if (!(tau.value > 0)) throw UserError("exponential()", "tau is " + to_string(tau), "give a time above 0");
  Model m{"exponential"};
  const auto g = m.state("g", weight_unit);
  const auto time_constant = m.parameter("tau", tau);
  m.d(g) = -g / time_constant;
  m.receives(g);
  return m;
}

Output coba(Quantity reversal, const std::string& voltage, Unit weight_unit) {
  require(reversal, dimension::voltage, "coba(): the reversal potential");
  Output out{"coba"};
  const auto g = out.synaptic(weight_unit), v = out.post(voltage, units::mV), e = out.parameter("E", reversal);
  out.current(g * (e - v));
  return out;
}

Output cuba(Unit weight_unit) {
  Output out{"cuba"};
  out.current(out.synaptic(weight_unit));
  return out;
}

}  // namespace ranvier
