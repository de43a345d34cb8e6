// ranvier._core.Model, Output and Plasticity: see include/ranvier/model.hpp and plasticity.hpp, whose names and meanings these are.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "choices.hpp"
#include "describe.hpp"
#include "model/model_data.hpp"
#include "ranvier/plasticity.hpp"
#include "ranvier/sources.hpp"
#include "ranvier/synapses.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

void bind_declarations(nb::class_<Model>& c) {
  c.def("__init__", [](Model* at, const std::string& name) { new (at) Model(name); }, "name"_a);
  c.def("copy", [](const Model& m) { return m; });
  c.def_prop_ro("name", &Model::name);
  c.def_prop_ro("text", &Model::text);
  c.def("describe", [](Model& m, const std::string& summary, const std::string& source) { m.describe(summary, source); });
  c.def("state", [](Model& m, const std::string& name, const Unit& unit) { return m.state(name, unit); }, "name"_a, "unit"_a);
  c.def("parameter", [](Model& m, const std::string& name, const Quantity& value, const std::string& meaning) {
    return m.parameter(name, value, meaning);
  }, "name"_a, "value"_a, "meaning"_a = "");
  c.def("set", [](Model& m, const std::string& name, const Quantity& value) { m.set(name, value); }, "name"_a, "value"_a);
  c.def("input", [](Model& m, const std::string& name, const Unit& unit, bool held) {
    return m.input(name, unit, held ? InputKind::held : InputKind::inside);
  }, "name"_a, "unit"_a, "held"_a = false);
  c.def("noise", &Model::noise, "name"_a);
  c.def("time_array", [](Model& m, const std::string& name, const TimeArray& values) { return m.time_array(name, values); });
  c.def("find", &Model::find, "name"_a);
  c.def("time", &Model::time);
  c.def("dt", &Model::dt);
  c.def("let", &Model::let, "name"_a, "value"_a);
}

void bind_dynamics(nb::class_<Model>& c) {
  c.def("d", [](Model& m, const Expr& state, const Expr& rate) { m.d(state) = rate; }, "state"_a, "rate"_a);
  c.def("each_step", &Model::each_step, "state"_a, "value"_a);
  c.def("inject", &Model::inject, "input"_a, "value"_a);
  c.def("emits", &Model::emits, "spikes"_a);
  c.def("threshold", &Model::threshold, "when"_a);
  c.def("threshold", [](Model& m, const Condition& level) { m.threshold(level); }, "level"_a);
  c.def("reset", &Model::reset, "state"_a, "value"_a);
  c.def("refractory", [](Model& m, const Expr& duration, const std::vector<Expr>& frozen) {
    m.refractory(duration, frozen);
  }, "duration"_a, "frozen"_a);
  c.def("initial", &Model::initial, "state"_a, "value"_a);
  c.def("method", &Model::method, "name"_a);
  c.def("precision", [](Model& m, const std::string& name) { m.precision(precision_of(name)); }, "name"_a);
  c.def("receives", &Model::receives, "state"_a);
  c.def("sends", &Model::sends, "value"_a);
  c.def("on_spike", &Model::on_spike, "state"_a, "value"_a);
  c.def("every_step", &Model::every_step, "state"_a, "value"_a);
  c.def("pre", &Model::pre, "state"_a, "unit"_a);
  c.def("jumps", [](Model& m, const std::string& state, const Unit& unit, bool keep) {
    m.jumps(state, unit, keep ? WhileRefractory::keep : WhileRefractory::drop);
  }, "state"_a, "unit"_a, "keep"_a = false);
}

/// (name, coherent unit) of states and inputs; (name, value, meaning) of parameters.
template <class C>
void bind_lists(C& c) {
  using T = typename C::Type;
  c.def_prop_ro("states", [](const T& m) {
    nb::list out;
    for (const auto& s : m.data().states) out.append(nb::make_tuple(s.name, Unit{s.dimension, 0}));
    return out;
  });
  c.def_prop_ro("inputs", [](const T& m) {
    nb::list out;
    for (const auto& i : m.data().inputs) out.append(nb::make_tuple(i.name, Unit{i.dimension, 0}));
    return out;
  });
  c.def_prop_ro("lets", [](const T& m) {
    nb::list out;
    for (const auto& l : m.data().lets) out.append(nb::make_tuple(l.name, Unit{l.dimension, 0}));
    return out;
  });
  c.def_prop_ro("parameters", [](const T& m) {
    nb::list out;
    for (const auto& p : m.data().parameters) out.append(nb::make_tuple(p.name, p.value, p.meaning));
    return out;
  });
  c.def_prop_ro("summary", [](const T& m) { return m.data().summary; });
  c.def_prop_ro("source", [](const T& m) { return m.data().source; });
  c.def_prop_ro("description", [](const T& m) { return described(models::describe(m)); });
}

void bind_output(nb::module_& m) {
  nb::class_<Output> c(m, "Output", "How a synapse's state acts on its target.");
  c.def("__init__", [](Output* at, const std::string& name) { new (at) Output(name); }, "name"_a);
  c.def("copy", [](const Output& o) { return o; });
  c.def_prop_ro("name", &Output::name);
  c.def("synaptic", &Output::synaptic, "unit"_a);
  c.def("post", &Output::post, "state"_a, "unit"_a);
  c.def("total_weight", &Output::total_weight, "unit"_a);
  c.def("parameter", &Output::parameter, "name"_a, "value"_a, "meaning"_a = "");
  c.def("current", &Output::current, "value"_a);
  c.def("set", [](Output& o, const std::string& name, const Quantity& value) { o.set(name, value); });
  c.def("describe", [](Output& o, const std::string& summary, const std::string& source) { o.describe(summary, source); });
  bind_lists(c);
}

void bind_plasticity(nb::module_& m) {
  nb::class_<Plasticity> c(m, "Plasticity", "What the synapses of a projection do beyond passing on a constant weight.");
  c.def("__init__", [](Plasticity* at, const std::string& name) { new (at) Plasticity(name); }, "name"_a);
  c.def("copy", [](const Plasticity& p) { return p; });
  c.def_prop_ro("name", &Plasticity::name);
  c.def_prop_ro("text", &Plasticity::text);
  c.def("describe", [](Plasticity& p, const std::string& summary, const std::string& source) { p.describe(summary, source); });
  c.def("weight", &Plasticity::weight, "name"_a, "unit"_a);
  c.def("state", &Plasticity::state, "name"_a, "unit"_a);
  c.def("pre_state", &Plasticity::pre_state, "name"_a, "unit"_a);
  c.def("post_state", &Plasticity::post_state, "name"_a, "unit"_a);
  c.def("parameter", &Plasticity::parameter, "name"_a, "value"_a, "meaning"_a = "");
  c.def("pre", &Plasticity::pre, "state"_a, "unit"_a);
  c.def("post", &Plasticity::post, "state"_a, "unit"_a);
  c.def("time", &Plasticity::time);
  c.def("dt", &Plasticity::dt);
  c.def("d", [](Plasticity& p, const Expr& state, const Expr& rate) { p.d(state) = rate; }, "state"_a, "rate"_a);
  c.def("event_driven", &Plasticity::event_driven, "state"_a);
  c.def("on_pre", &Plasticity::on_pre, "state"_a, "value"_a);
  c.def("on_post", &Plasticity::on_post, "state"_a, "value"_a);
  c.def("sends", &Plasticity::sends, "value"_a);
  c.def("initial", &Plasticity::initial, "state"_a, "value"_a);
  c.def("method", &Plasticity::method, "name"_a);
  c.def("precision", [](Plasticity& p, const std::string& name) { p.precision(precision_of(name)); }, "name"_a);
  c.def("set", [](Plasticity& p, const std::string& name, const Quantity& value) { p.set(name, value); });
  bind_lists(c);
}

/// Models and outputs that take arguments beyond parameters: synapses.hpp, sources.hpp.
void bind_makers(nb::module_& m) {
  m.def("exponential", &exponential, "tau"_a, "weight_unit"_a);
  m.def("coba", &coba, "reversal"_a, "voltage"_a, "weight_unit"_a);
  m.def("cuba", &cuba, "weight_unit"_a);
  m.def("delta", [](const std::string& state, const Unit& unit, bool keep) {
    return delta(state, unit, keep ? WhileRefractory::keep : WhileRefractory::drop);
  }, "state"_a, "unit"_a, "keep"_a);
  m.def("presynaptic", &presynaptic, "state"_a, "unit"_a);
  m.def("gap_junction", &gap_junction, "voltage"_a);
  m.def("poisson_source", [](const Quantity& rate) { return poisson_source(rate); }, "rate"_a);
  m.def("inhomogeneous_poisson_source", [](const TimeArray& rates) { return poisson_source(rates); }, "rates"_a);
  m.def("regular_source", &regular_source, "period"_a, "start"_a);
  m.def("spike_source", &spike_source, "spikes"_a);
  m.def("with_poisson_input", &with_poisson_input, "model"_a, "state"_a, "n"_a, "rate"_a, "weight"_a, "name"_a);
  m.def("with_white_current", &with_white_current, "model"_a, "input"_a, "sigma"_a, "per"_a, "name"_a);
  m.def("with_ou_current", &with_ou_current, "model"_a, "input"_a, "mean"_a, "sigma"_a, "tau"_a, "name"_a);
  m.def("with_current", &with_current, "model"_a, "input"_a, "values"_a, "name"_a);
  m.def("with_voltage_clamp", &with_voltage_clamp, "model"_a, "input"_a, "command"_a, "conductance"_a, "voltage"_a, "name"_a);
}

}  // namespace

void bind_models(nb::module_& m) {
  nb::class_<Model> model(m, "Model", "A model of a neuron or of a synapse.");
  bind_declarations(model);
  bind_dynamics(model);
  bind_lists(model);
  bind_output(m);
  bind_plasticity(m);
  bind_makers(m);
}

}  // namespace ranvier::python
