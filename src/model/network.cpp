#include "ranvier/network.hpp"

#include <algorithm>
#include <cmath>

#include "base/in_unit.hpp"
#include "model/checks.hpp"
#include "model/model_data.hpp"
#include "model/synaptic_unit.hpp"

namespace ranvier {

using detail::NetworkData;
using detail::PopulationData;
using detail::ProjectionData;

namespace {

std::vector<std::string> state_names(const detail::ModelData& m) {
  std::vector<std::string> names;
  for (const auto& s : m.states) names.push_back(s.name);
  return names;
}

detail::ParameterData* find_parameter(detail::ModelData& m, const std::string& name) {
  const auto it = std::find_if(m.parameters.begin(), m.parameters.end(), [&](const auto& p) { return p.name == name; });
  return it == m.parameters.end() ? nullptr : &*it;
}

PopulationData& find_population(NetworkData& net, const std::string& name) {
  std::vector<std::string> known;
  for (auto& p : net.populations) {
    if (p.name == name) return p;
    known.push_back(p.name);
  }
  throw UserError("network", "there is no population '" + name + "'", detail::suggest(name, known));
}

const detail::StateData& find_state(const PopulationData& p, const std::string& name) {
  for (const auto& s : p.model.states) {
    if (s.name == name) return s;
  }
  throw UserError("population '" + p.name + "'", "there is no state '" + name + "'",
                  detail::suggest(name, state_names(p.model)));
}

const detail::ParameterData& known_parameter(PopulationData& p, const std::string& name) {
  if (const auto* found = find_parameter(p.model, name)) return *found;
  std::vector<std::string> known;
  for (const auto& q : p.model.parameters) known.push_back(q.name);
  throw UserError("population '" + p.name + "'", "there is no parameter '" + name + "'", detail::suggest(name, known));
}

/// Populations and projections share one space of names: "NAME.parameter" must say whose.
void require_free_name(const NetworkData& net, const char* kind, const std::string& name) {
  if (name.empty() || name.find_first_of("./ ") != std::string::npos) {
    throw UserError("network", "'" + name + "' is not a " + kind + " name", "use letters, digits and '_'");
  }
  for (const auto& p : net.populations) {
    if (p.name == name) throw UserError("network", "the name '" + name + "' is that of a population", "rename one of them");
  }
  for (const auto& p : net.projections) {
    if (p.name == name) throw UserError("network", "the name '" + name + "' is that of a projection", "rename one of them");
  }
}

void require_view(const NetworkData& net, const View& view) {
  for (const auto& p : net.populations) {
    if (p.name != view.population || (view.first < view.last && view.last <= p.size)) continue;
    throw UserError("population '" + p.name + "'", "the view [" + std::to_string(view.first) + ", " + std::to_string(view.last) +
                        ") is not within its " + std::to_string(p.size) + " neurons", "use first < last <= size");
  }
}

void require_parameter_value(const std::string& where, const std::string& name, Quantity value, const Dimension& wanted) {
  if (value.dimension != wanted) {
    throw UnitError(where, "'" + name + "' must be " + base::in_unit(wanted) + ", got " + to_string(value), "check the unit");
  }
  if (std::isnan(value.value)) throw UserError(where, "'" + name + "' is NaN", "give it a number");
}

std::vector<double> in_coherent_units(const std::string& where, const std::string& what, const std::vector<double>& values,
                                      Unit unit, const Dimension& wanted, std::size_t size) {
  if (unit.dimension != wanted) {
    throw UnitError(where, what + " is in " + unit_name(wanted) + ", not " + unit_name(unit.dimension), "check the unit");
  }
  if (values.size() != size) {
    throw UserError(where, what + " got " + std::to_string(values.size()) + " values for " + std::to_string(size) + " neurons",
                    "give one value per neuron");
  }
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw UserError(where, what + " of neuron " + std::to_string(i) + " is not finite", "give finite values");
    }
    out[i] = scale_by_power_of_ten(values[i], unit.exponent);
  }
  return out;
}

void require_synapse(const std::string& where, const detail::ModelData& m) {
  if (!m.inputs.empty() || m.threshold || !m.resets.empty() || m.refractory) {
    throw UserError(where, "model '" + m.name + "' has inputs, a threshold, a reset or a refractory period",
                    "a synapse has states, parameters and equations only");
  }
  if (!m.noises.empty() || !m.time_arrays.empty() || !m.each_step.empty() || m.train) {
    throw UserError(where, "model '" + m.name + "' has noise, values over time, or something to do in each step",
                    "a synapse has states, parameters and equations only");
  }
  if (m.jump && !m.states.empty()) throw UserError(where, "synapse '" + m.name + "' jumps and has states", "remove one of the two");
  if (m.jump || m.receives || m.sends) return;
  throw UserError(where, "synapse '" + m.name + "' sends nothing: it neither receives events nor says what acts on the target",
                  "call receives(state) or sends(value) on it");
}

void require_output(const std::string& where, const detail::ModelData& m) {
  if (m.current && m.synaptic != ir::no_node) return;
  throw UserError(where, "output '" + m.name + "' is not complete", "declare synaptic() and current()");
}

/// A synapse of a projection: its own, or that of a receptor, under the name that users say.
struct Part {
  std::string name;
  detail::ModelData* synapse;
  detail::ModelData* output;
  detail::ModelData* plasticity;
  Quantity* weight;
  std::map<std::string, std::vector<double>>* initial_values;
  std::string* population;  ///< where its states live
};

std::vector<Part> parts_of(ProjectionData& p) {
  std::vector<Part> parts;
  const auto home = [&](const detail::ModelData& s) { return detail::lives_at_source(p, s) ? &p.pre.population : &p.post.population; };
  for (auto& r : p.receptors) {
    parts.push_back({p.name + "." + r.name, &r.synapse, &r.output, nullptr, &r.weight, &r.initial_values, home(r.synapse)});
  }
  if (!p.receptors.empty()) return parts;
  parts.push_back({p.name, p.synapse ? &*p.synapse : nullptr, p.output ? &*p.output : nullptr,
                   p.plasticity ? &*p.plasticity : nullptr, &p.weight, &p.initial_values,
                   p.synapse ? home(*p.synapse) : nullptr});
  return parts;
}

/// A synaptic state that lives in a population, "I_to_E.g"; synapse null if there is none of that name.
std::pair<Part, detail::StateData*> find_synaptic_state(NetworkData& net, const std::string& population, const std::string& state) {
  for (auto& p : net.projections) {
    for (auto& part : parts_of(p)) {
      if (!part.synapse || *part.population != population) continue;
      for (auto& s : part.synapse->states) {
        if (state == part.name + "." + s.name) return {part, &s};
      }
    }
  }
  return {};
}

}  // namespace

// ---------------------------------------------------------------------------------------------------- StateRef, Population

StateRef& StateRef::operator=(const Expr& initial) {
  auto& p = find_population(*network_, population_);
  const auto [part, synaptic] = find_synaptic_state(*network_, population_, state_);
  const auto& s = synaptic ? *synaptic : find_state(p, state_);
  if (initial.dimension() != s.dimension) {
    throw UnitError("population '" + population_ + "'", "the initial value of '" + state_ + "' must be " +
                        base::in_unit(s.dimension) + ", but '" + initial.text() + "' is " + base::in_unit(initial.dimension()),
                    "check the units of its terms");
  }
  if (synaptic) {
    const auto& scope = part.synapse->scope;
    synaptic->initial = detail::ExprAccess::make(scope, detail::ExprAccess::in(scope, initial), initial.dimension());
    part.initial_values->erase(synaptic->name);
    return *this;
  }
  p.initial[state_] = detail::ExprAccess::make(p.model.scope, detail::ExprAccess::in(p.model.scope, initial), initial.dimension());
  p.initial_values.erase(state_);
  return *this;
}

void StateRef::set(const std::vector<double>& values, Unit unit) {
  auto& p = find_population(*network_, population_);
  const auto [part, synaptic] = find_synaptic_state(*network_, population_, state_);
  const auto& s = synaptic ? *synaptic : find_state(p, state_);
  auto& values_of = synaptic ? *part.initial_values : p.initial_values;
  values_of[s.name] = in_coherent_units("population '" + population_ + "'", "the initial value of '" + state_ + "'",
                                               values, unit, s.dimension, p.size);
}

const std::string& Population::name() const { return network_->populations[index_].name; }
std::uint32_t Population::size() const { return network_->populations[index_].size; }

StateRef Population::operator[](const std::string& state) const {
  StateRef ref;
  ref.network_ = network_;
  ref.population_ = name();
  ref.state_ = state;
  if (find_synaptic_state(*network_, ref.population_, state).second) return ref;
  (void)find_state(network_->populations[index_], state);
  return ref;
}

void Population::set(const std::string& parameter, const Expr& value) {
  auto& p = network_->populations[index_];
  const auto& wanted = known_parameter(p, parameter).value.dimension;
  const std::string where = "population '" + p.name + "'";
  p.parameter_laws.erase(parameter);
  if (detail::ExprAccess::is_literal(value)) {
    const Quantity number{detail::ExprAccess::value(value), value.dimension()};
    require_parameter_value(where, parameter, number, wanted);
    p.parameters[parameter] = number;
  } else {
    if (value.dimension() != wanted) {
      throw UnitError(where, "'" + parameter + "' must be " + base::in_unit(wanted) + ", but '" +
                                 value.text() + "' is " + base::in_unit(value.dimension()), "check the units of its terms");
    }
    const auto node = detail::ExprAccess::in(p.model.scope, value);
    p.parameter_laws.emplace(parameter, detail::ExprAccess::make(p.model.scope, node, wanted));
  }
  p.parameter_values.erase(parameter);
}

void Population::set(const std::string& parameter, const std::vector<double>& values, Unit unit) {
  auto& p = network_->populations[index_];
  const auto& declared = known_parameter(p, parameter);
  p.parameter_values[parameter] = in_coherent_units("population '" + p.name + "'", "parameter '" + parameter + "'", values,
                                                    unit, declared.value.dimension, p.size);
  p.parameter_laws.erase(parameter);
}

void Population::positions(const Positions& where) {
  auto& p = network_->populations[index_];
  std::uint64_t count = p.size;
  if (const auto* g = std::get_if<Positions::Grid>(&where.what())) {
    count = 1;
    for (const auto n : g->shape) count *= n;
  } else if (const auto* e = std::get_if<Positions::Explicit>(&where.what())) {
    count = e->coordinates.size() / static_cast<std::size_t>(e->dimensions);
  }
  if (count != p.size) {
    throw UserError("population '" + p.name + "'", where.text() + " has " + std::to_string(count) + " positions for " +
                        std::to_string(p.size) + " neurons", "give one position per neuron");
  }
  p.positions = where;
}

void Population::external(const std::string& input) {
  auto& p = network_->populations[index_];
  std::vector<std::string> known;
  for (const auto& i : p.model.inputs) known.push_back(i.name);
  if (std::find(known.begin(), known.end(), input) == known.end()) {
    throw UserError("population '" + p.name + "'", "there is no input '" + input + "'", detail::suggest(input, known));
  }
  if (std::find(p.external.begin(), p.external.end(), input) == p.external.end()) p.external.push_back(input);
}

View Population::slice(std::uint32_t first, std::uint32_t last) const {
  View view{name(), first, last};
  require_view(*network_, view);
  return view;
}

// ---------------------------------------------------------------------------------------------------------------- Projection

ProjectionData& Projection::data() const { return network_->projections[index_]; }
const std::string& Projection::name() const { return data().name; }

Projection& Projection::synapse(const Model& model) {
  require_synapse("projection '" + name() + "'", model.data());
  require_one_way();
  data().synapse = model.data();
  return *this;
}
Projection& Projection::output(const Output& output) {
  require_output("projection '" + name() + "'", output.data());
  require_one_way();
  data().output = output.data();
  return *this;
}
Projection& Projection::receptor(const std::string& receptor, const Model& synapse, const Output& output, Quantity weight) {
  const std::string where = "projection '" + name() + "', receptor '" + receptor + "'";
  auto& p = data();
  require_synapse(where, synapse.data());
  if (!synapse.data().jump) require_output(where, output.data());
  if (p.synapse || p.output || p.weight_given) {
    throw UserError(where, "the projection has a synapse, output or weight of its own too", "make that one a receptor()");
  }
  if (receptor.empty() || receptor == "weight" || receptor.find_first_of("./ ") != std::string::npos) {
    throw UserError(where, "'" + receptor + "' is not a receptor's name", "use letters, digits and '_'");
  }
  for (const auto& r : p.receptors) {
    if (r.name == receptor) throw UserError(where, "the name is used twice", "rename one of the two");
  }
  if (!std::isfinite(weight.value)) throw UserError(where, "the weight is " + to_string(weight), "give a finite weight");
  p.receptors.push_back({receptor, synapse.data(), output.data(), weight, {}});
  return *this;
}
Projection& Projection::aligned_to_pre(bool yes) {
  data().aligned_to_pre = yes;
  return *this;
}
void Projection::require_one_way() const {
  if (data().receptors.empty()) return;
  throw UserError("projection '" + name() + "'", "it has receptors", "give their synapse, output and weight with receptor()");
}
Projection& Projection::onto(const std::string& input) {
  data().input = input;
  return *this;
}
Projection& Projection::weight(const Expr& each) {
  if (detail::ExprAccess::is_literal(each)) {
    const Quantity number{detail::ExprAccess::value(each), each.dimension()};
    if (!std::isfinite(number.value)) {
      throw UserError("projection '" + name() + "'", "the weight is " + to_string(number), "give a finite weight");
    }
    data().weight = number;
    data().weight_law.reset();
  } else {
    data().weight = Quantity{0, each.dimension()};
    data().weight_law = each;
  }
  require_one_way();
  data().weight_given = true;
  detail::adopt_weight_unit(data());
  return *this;
}
Projection& Projection::delay(const Expr& each) {
  const std::string where = "projection '" + name() + "'";
  if (detail::ExprAccess::is_literal(each)) {
    const Quantity number{detail::ExprAccess::value(each), each.dimension()};
    require(number, dimension::time, where + ": the delay");
    if (!(number.value >= 0) || std::isinf(number.value)) {
      throw UserError(where, "the delay is " + to_string(number), "give a finite time of 0 or more");
    }
    data().delay = number;
    data().delay_law.reset();
  } else {
    if (each.dimension() != dimension::time) {
      throw UnitError(where, "the delay '" + each.text() + "' must be in ms and is " + base::in_unit(each.dimension()), "check the units of its terms");
    }
    data().delay = 0 * units::ms;
    data().delay_law = each;
  }
  data().delay_given = true;
  return *this;
}
Projection& Projection::arrivals(Arrivals when) {
  data().arrivals = when;
  return *this;
}
Projection& Projection::current(InputKind kind) {
  data().current = kind;
  return *this;
}
Projection& Projection::separate(bool yes) {
  data().separate = yes;
  return *this;
}
Projection& Projection::named(const std::string& name) {
  if (name != data().name) require_free_name(*network_, "projection", name);
  data().name = name;
  return *this;
}

// ------------------------------------------------------------------------------------------------------------------- Network

Network::Network() : data_(std::make_shared<NetworkData>()) {}
Network::Network(const Network& other) : data_(std::make_shared<NetworkData>(*other.data_)) {}
Network& Network::operator=(const Network& other) {
  if (this != &other) data_ = std::make_shared<NetworkData>(*other.data_);
  return *this;
}

Population Network::add(const std::string& name, const Model& model, std::uint32_t size) {
  require_free_name(*data_, "population", name);
  if (size == 0) throw UserError("population '" + name + "'", "it has zero neurons", "give a size of 1 or more");
  detail::require_one_model(*data_, name, model.data());
  PopulationData p;
  p.name = name;
  p.model = model.data();
  p.size = size;
  data_->populations.push_back(std::move(p));
  return population(name);
}

Projection Network::connect(const View& pre, const View& post, const Rule& rule) {
  (void)population(pre.population);
  (void)population(post.population);
  require_view(*data_, pre);
  require_view(*data_, post);
  ProjectionData p;
  p.pre = pre;
  p.post = post;
  p.rule = rule;
  const std::string base = pre.population + "_to_" + post.population;
  p.name = base;
  const auto taken = [&](const std::string& n) {
    if (std::any_of(data_->populations.begin(), data_->populations.end(), [&](const auto& q) { return q.name == n; })) return true;
    return std::any_of(data_->projections.begin(), data_->projections.end(), [&](const auto& q) { return q.name == n; });
  };
  for (int k = 2; taken(p.name); ++k) p.name = base + "_" + std::to_string(k);
  data_->projections.push_back(std::move(p));
  Projection handle;
  handle.network_ = data_;
  handle.index_ = data_->projections.size() - 1;
  return handle;
}

Population Network::population(const std::string& name) const {
  const auto& p = find_population(*data_, name);
  Population handle;
  handle.network_ = data_;
  handle.index_ = static_cast<std::size_t>(&p - data_->populations.data());
  return handle;
}

Projection Network::projection(const std::string& name) const {
  for (std::size_t i = 0; i < data_->projections.size(); ++i) {
    if (data_->projections[i].name != name) continue;
    Projection handle;
    handle.network_ = data_;
    handle.index_ = i;
    return handle;
  }
  throw UserError("network", "there is no projection '" + name + "'", detail::suggest(name, projections()));
}

std::vector<std::string> Network::populations() const {
  std::vector<std::string> names;
  for (const auto& p : data_->populations) names.push_back(p.name);
  return names;
}
std::vector<std::string> Network::projections() const {
  std::vector<std::string> names;
  for (const auto& p : data_->projections) names.push_back(p.name);
  return names;
}

void Network::set(const std::string& name, Quantity value) {
  const auto dot = name.find('.');
  const std::string owner = dot == std::string::npos ? "" : name.substr(0, dot);
  const std::string parameter = dot == std::string::npos ? name : name.substr(dot + 1);
  std::vector<std::string> known;
  bool found = false;
  for (std::size_t i = 0; i < data_->populations.size(); ++i) {
    auto& p = data_->populations[i];
    for (const auto& q : p.model.parameters) known.push_back(owner.empty() ? q.name : p.name + "." + q.name);
    if ((owner.empty() || owner == p.name) && find_parameter(p.model, parameter)) {
      population(p.name).set(parameter, value);
      found = true;
    } else if (!owner.empty() && find_parameter(p.model, name)) {  // "INa.g_max", of a channel
      population(p.name).set(name, value);
      found = true;
    }
  }
  for (auto& p : data_->projections) {
    for (const auto& part : parts_of(p)) {
      known.push_back(part.name + ".weight");
      if (name == part.name + ".weight") {
        require_parameter_value("projection '" + p.name + "'", name, value, part.weight->dimension);
        *part.weight = value;
        p.weight_law.reset();
        found = true;
      }
      for (auto* model : {part.synapse, part.output, part.plasticity}) {
        if (!model) continue;
        for (auto& q : model->parameters) {
          known.push_back(part.name + "." + q.name);
          if (known.back() != name) continue;
          require_parameter_value("projection '" + p.name + "'", name, value, q.value.dimension);
          q.value = value;
          found = true;
        }
      }
    }
  }
  if (found) return;
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  throw UserError("network", "there is no parameter '" + name + "'", detail::suggest(name, known));
}

}  // namespace ranvier
