// What reaches a model from outside and by chance: noise, values over time, assignments of each step, injections, lists of spikes.
#include <algorithm>
#include <cmath>

#include "model/checks.hpp"
#include "ranvier/model.hpp"

namespace ranvier {

using detail::described;
using detail::ExprAccess;
using ir::Rate;

double TimeArray::end_ms() const {
  const std::size_t last = between == Between::linear && rows() > 0 ? rows() - 1 : rows();
  return static_cast<double>(last) * dt.value;
}

Expr Model::noise(const std::string& name) {
  auto& m = own();
  detail::require_new_name(m, name);
  const auto node = m.scope->graph.symbol(name, Rate::varying);
  m.noises.push_back({name, node});
  return ExprAccess::make(m.scope, node, power(dimension::time, -1));
}

namespace {

void require_rows(const std::string& where, const TimeArray& a) {
  require(a.dt, dimension::time, where + ": dt of its rows");
  if (!(a.dt.value > 0) || !std::isfinite(a.dt.value)) throw UserError(where, "dt of its rows is " + to_string(a.dt), "give a time above 0");
  if (a.width == 0 || a.values.empty() || a.values.size() % a.width != 0) {
    throw UserError(where, std::to_string(a.values.size()) + " values are no whole rows of " + std::to_string(a.width),
                    "give `width` values for each time");
  }
  const auto bad = std::find_if(a.values.begin(), a.values.end(), [](double v) { return !std::isfinite(v); });
  if (bad == a.values.end()) return;
  throw UserError(where, "value " + std::to_string(bad - a.values.begin()) + " is not finite", "give finite values");
}

}  // namespace

Expr Model::time_array(const std::string& name, TimeArray values) {
  auto& m = own();
  detail::require_new_name(m, name);
  require_rows(described(m) + ": time array '" + name + "'", values);
  for (double& v : values.values) v = scale_by_power_of_ten(v, values.unit.exponent);
  const Dimension d = values.unit.dimension;
  values.unit = {d, 0};
  const auto node = m.scope->graph.symbol(name, values.width == 1 ? Rate::uniform : Rate::varying);
  m.time_arrays.push_back({name, std::make_shared<const TimeArray>(std::move(values)), node});
  return ExprAccess::make(m.scope, node, d);
}

Expr Model::find(const std::string& name) const {
  const auto& m = *data_;
  std::vector<std::string> known;
  const auto look = [&](const auto& list, auto dimension_of) -> std::optional<Expr> {
    for (const auto& x : list) {
      if (x.name == name) return ExprAccess::make(m.scope, x.symbol, dimension_of(x));
      known.push_back(x.name);
    }
    return {};
  };
  const auto own_dimension = [](const auto& x) { return x.dimension; };
  if (const auto s = look(m.states, own_dimension)) return *s;
  if (const auto i = look(m.inputs, own_dimension)) return *i;
  if (const auto p = look(m.parameters, [](const auto& x) { return x.value.dimension; })) return *p;
  throw UserError(described(m), "it has no state, input or parameter '" + name + "'", detail::suggest(name, known));
}

void Model::each_step(const Expr& state, const Expr& value) {
  auto& m = own();
  const auto index = detail::state_index(m, state, "each_step()");
  const auto& name = m.states[index].name;
  detail::require_dimension(m, "the value of " + name + " in each step", value, m.states[index].dimension);
  if (std::any_of(m.each_step.begin(), m.each_step.end(), [&](const auto& e) { return e.state == index; })) {
    throw UserError(described(m), "each_step() is given twice for '" + name + "'", "join the two");
  }
  m.each_step.push_back({index, ExprAccess::in(m.scope, value)});
}

void Model::inject(const Expr& input, const Expr& value) {
  auto& m = own();
  const auto node = ExprAccess::is_literal(input) ? ir::no_node : ExprAccess::in(m.scope, input);
  for (std::size_t i = 0; i < m.inputs.size(); ++i) {
    if (m.inputs[i].symbol != node) continue;
    detail::require_dimension(m, "what input " + m.inputs[i].name + " receives", value, m.inputs[i].dimension);
    m.injections.push_back({i, ExprAccess::in(m.scope, value)});
    return;
  }
  throw UserError(described(m), "inject() needs an input of this model, not '" + input.text() + "'", "pass what input() returned");
}

void Model::emits(SpikeTrain spikes) {
  auto& m = own();
  const std::string where = described(m) + ": its spikes";
  if (spikes.ids.size() != spikes.times_ms.size()) {
    throw UserError(where, std::to_string(spikes.ids.size()) + " ids and " + std::to_string(spikes.times_ms.size()) + " times",
                    "give one time for each id");
  }
  for (std::size_t i = 0; i < spikes.ids.size(); ++i) {
    const double t = spikes.times_ms[i];
    if (std::isfinite(t) && t >= 0) continue;
    throw UserError(where, "time " + std::to_string(i) + ", of neuron " + std::to_string(spikes.ids[i]) + ", is " +
                               (std::isnan(t) ? "NaN" : to_string(Quantity{t, dimension::time})), "give finite times of 0 or more");
  }
  m.train = std::make_shared<const SpikeTrain>(std::move(spikes));
}

}  // namespace ranvier
