// ranvier._core.TimeArray, SpikeTrain and the waveforms: see include/ranvier/inputs.hpp.
#include "ranvier/inputs.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "exported.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

void bind_time_array(nb::module_& m) {
  nb::class_<TimeArray> c(m, "TimeArray", "Values at times 0, dt, 2 dt, ...: rows of one value for all neurons, or of one for each.");
  c.def("__init__", [](TimeArray* at, nb::handle values, const Unit& unit, const Quantity& dt, bool linear) {
    const Numbers<double> rows(values, "values over time", 2);
    new (at) TimeArray{{rows.span().begin(), rows.span().end()}, unit, dt, rows.columns(),
                       linear ? TimeArray::Between::linear : TimeArray::Between::hold};
  }, "values"_a, "unit"_a, "dt"_a, "linear"_a);
  c.def_prop_ro("values", [](const TimeArray& t) { return exported(std::vector<double>(t.values), {t.rows(), t.width}); });
  c.def_ro("unit", &TimeArray::unit);
  c.def_ro("dt", &TimeArray::dt);
  c.def_prop_ro("linear", [](const TimeArray& t) { return t.between == TimeArray::Between::linear; });
  nb::class_<SpikeTrain> train(m, "SpikeTrain", "Spikes of a source: neuron ids[i] at times_ms[i].");
  train.def("__init__", [](SpikeTrain* at, nb::handle ids, nb::handle times) {
    const Numbers<std::uint32_t> who(ids, "ids");
    const Numbers<double> when(times, "times");
    new (at) SpikeTrain{{who.span().begin(), who.span().end()}, {when.span().begin(), when.span().end()}};
  }, "ids"_a, "times_ms"_a);
  train.def_prop_ro("ids", [](const SpikeTrain& t) { return exported(std::vector<std::uint32_t>(t.ids), {t.ids.size()}); });
  train.def_prop_ro("times_ms", [](const SpikeTrain& t) { return exported(std::vector<double>(t.times_ms), {t.times_ms.size()}); });
}

}  // namespace

void bind_inputs(nb::module_& m) {
  bind_time_array(m);
  m.def("section", &section, "values"_a, "durations"_a, "dt"_a);
  m.def("constant_input", [](const Quantity& value, const Quantity& duration, const Quantity& dt) {
    return constant(value, duration, dt);
  }, "value"_a, "duration"_a, "dt"_a);
  m.def("step_input", &step, "value"_a, "at"_a, "duration"_a, "dt"_a);
  m.def("ramp", &ramp, "first"_a, "last"_a, "begin"_a, "end"_a, "duration"_a, "dt"_a);
  const auto wave = [](const auto& f) {
    return [f](const Quantity& amplitude, const Quantity& frequency, const Quantity& bias, const Quantity& begin, const Quantity& end,
               const Quantity& duration, const Quantity& dt) { return f(Wave{amplitude, frequency, bias, begin, end}, duration, dt); };
  };
  m.def("sinusoid", wave(&sinusoid), "amplitude"_a, "frequency"_a, "bias"_a, "begin"_a, "end"_a, "duration"_a, "dt"_a);
  m.def("square", wave(&square), "amplitude"_a, "frequency"_a, "bias"_a, "begin"_a, "end"_a, "duration"_a, "dt"_a);
  m.def("pulses", &pulses, "times"_a, "length"_a, "size"_a, "duration"_a, "dt"_a);
  m.def("wiener_noise", [](const Quantity& sigma, const Quantity& per, std::size_t neurons, std::uint64_t seed, const Quantity& begin,
                           const Quantity& duration, const Quantity& dt) {
    return wiener_noise(sigma, per, NoiseInput{neurons, seed, begin}, duration, dt);
  }, "sigma"_a, "per"_a, "neurons"_a, "seed"_a, "begin"_a, "duration"_a, "dt"_a);
  m.def("ou_noise", [](const Quantity& mean, const Quantity& sigma, const Quantity& tau, std::size_t neurons, std::uint64_t seed,
                       const Quantity& begin, const Quantity& duration, const Quantity& dt) {
    return ou_noise(mean, sigma, tau, NoiseInput{neurons, seed, begin}, duration, dt);
  }, "mean"_a, "sigma"_a, "tau"_a, "neurons"_a, "seed"_a, "begin"_a, "duration"_a, "dt"_a);
  m.def("pulse_packets", &pulse_packets, "neurons"_a, "centres"_a, "spikes"_a, "sigma"_a, "seed"_a);
}

}  // namespace ranvier::python
