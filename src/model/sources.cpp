#include "ranvier/sources.hpp"

#include <cmath>

namespace ranvier {
namespace {

void require_positive(const std::string& where, const char* what, Quantity q, bool zero_too) {
  if (std::isfinite(q.value) && (q.value > 0 || (zero_too && q.value == 0))) return;
  throw UserError(where, std::string(what) + " is " + to_string(q), zero_too ? "give a finite value of 0 or more" : "give a finite value above 0");
}

}  // namespace

Model poisson_source(Quantity rate) {
  require(rate, dimension::frequency, "poisson_source(): the rate");
  require_positive("poisson_source()", "the rate", rate, true);
  Model m{"poisson_source"};
  const auto r = m.parameter("rate", rate);
  m.threshold(rand() < r * m.dt());
  return m;
}

Model poisson_source(const TimeArray& rates) {
  require(Quantity{0, rates.unit.dimension}, dimension::frequency, "poisson_source(): rates");
  for (const double r : rates.values) require_positive("poisson_source()", "a rate", r * rates.unit, true);
  Model m{"poisson_source"};
  const auto r = m.time_array("rate", rates);
  m.threshold(rand() < r * m.dt());
  return m;
}

Model regular_source(Quantity period, Quantity start) {
  require(period, dimension::time, "regular_source(): the period");
  require(start, dimension::time, "regular_source(): the start");
  require_positive("regular_source()", "the period", period, false);
  require_positive("regular_source()", "the start", start, true);
  Model m{"regular_source"};
  const auto T = m.parameter("period", period), first = m.parameter("start", start);
  // A thousandth of a step keeps times on the grid from falling to either side by rounding.
  const auto before = floor((m.time() + 0.001 * m.dt() - first) / T), now = floor((m.time() + 1.001 * m.dt() - first) / T);
  m.threshold(now > max(before, -1));
  return m;
}

Model spike_source(SpikeTrain spikes) {
  Model m{"spike_source"};
  m.emits(std::move(spikes));
  return m;
}

Model with_poisson_input(Model model, const std::string& state, double n, Quantity rate, Quantity weight, const std::string& name) {
  const std::string where = "with_poisson_input()";
  require(rate, dimension::frequency, where + ": the rate");
  require_positive(where, "the number of trains", n, true);
  require_positive(where, "the rate", rate, true);
  const auto x = model.find(state);
  const auto count = model.parameter(name + "_n", n), r = model.parameter(name + "_rate", rate), w = model.parameter(name + "_weight", weight);
  model.each_step(x, x + w * poisson(count * r * model.dt()));
  return model;
}

Model with_white_current(Model model, const std::string& input, Quantity sigma, Quantity per, const std::string& name) {
  require(per, dimension::time, "with_white_current(): per");
  require_positive("with_white_current()", "per", per, false);
  require_positive("with_white_current()", "sigma", sigma, true);
  const auto I = model.state(name, {sigma.dimension, 0});
  const auto s = model.parameter(name + "_sigma", sigma), time = model.parameter(name + "_per", per);
  model.each_step(I, s * sqrt(time / model.dt()) * randn());
  model.inject(model.find(input), I);
  return model;
}

Model with_ou_current(Model model, const std::string& input, Quantity mean, Quantity sigma, Quantity tau, const std::string& name) {
  require(tau, dimension::time, "with_ou_current(): tau");
  require_positive("with_ou_current()", "tau", tau, false);
  require_positive("with_ou_current()", "sigma", sigma, true);
  const auto I = model.state(name, {sigma.dimension, 0});
  const auto m = model.parameter(name + "_mean", mean), s = model.parameter(name + "_sigma", sigma), T = model.parameter(name + "_tau", tau);
  model.each_step(I, m + (I - m) * exp(-model.dt() / T) + s * sqrt(-expm1(-2 * model.dt() / T)) * randn());
  model.initial(I, m + s * randn());
  model.inject(model.find(input), I);
  return model;
}

Model with_current(Model model, const std::string& input, const TimeArray& values, const std::string& name) {
  const auto I = model.time_array(name, values);
  model.inject(model.find(input), I);
  return model;
}

Model with_voltage_clamp(Model model, const std::string& input, const TimeArray& command, Quantity conductance, const std::string& voltage,
                         const std::string& name) {
  require_positive("with_voltage_clamp()", "the conductance", conductance, true);
  const auto V = model.time_array(name, command), g = model.parameter(name + "_g", conductance);
  model.inject(model.find(input), g * (V - model.find(voltage)));
  return model;
}

}  // namespace ranvier
