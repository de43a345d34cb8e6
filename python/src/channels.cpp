// ranvier._core.Channel, Ion and conductance_group(): see include/ranvier/channel.hpp.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "describe.hpp"
#include "model/model_data.hpp"
#include "ranvier/channel.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

/// What a channel and an ion have in common with a model.
template <class T>
void bind_common(nb::class_<T>& c) {
  c.def("__init__", [](T* at, const std::string& name) { new (at) T(name); }, "name"_a);
  c.def("copy", [](const T& x) { return x; });
  c.def_prop_ro("name", [](const T& x) { return x.name(); });
  c.def_prop_ro("text", [](const T& x) { return x.text(); });
  c.def("describe", [](T& x, const std::string& summary, const std::string& source) { x.describe(summary, source); });
  c.def("state", [](T& x, const std::string& name, const Unit& unit) { return x.state(name, unit); }, "name"_a, "unit"_a);
  c.def("parameter", [](T& x, const std::string& name, const Quantity& value, const std::string& meaning) {
    return x.parameter(name, value, meaning);
  }, "name"_a, "value"_a, "meaning"_a = "");
  c.def("let", [](T& x, const std::string& name, const Expr& value) { return x.let(name, value); });
  c.def("d", [](T& x, const Expr& state, const Expr& rate) { x.d(state) = rate; }, "state"_a, "rate"_a);
  c.def("initial", [](T& x, const Expr& state, const Expr& value) { x.initial(state, value); });
  c.def("time", [](T& x) { return x.time(); });
  c.def("dt", [](T& x) { return x.dt(); });
  c.def("voltage", &T::voltage);
  c.def("set", [](T& x, const std::string& name, const Quantity& value) { x = x.with({{name, value}}); }, "name"_a, "value"_a);
  c.def("rename", [](T& x, const std::string& name) { x = x.named(name); }, "name"_a);
  c.def_prop_ro("parameters", [](const T& x) {
    nb::list out;
    for (const auto& p : x.data().parameters) out.append(nb::make_tuple(p.name, p.value, p.meaning));
    return out;
  });
  c.def_prop_ro("description", [](const T& x) { return described(models::describe(x)); });
}

Model group(const std::string& name, const std::vector<Channel>& channels, const std::vector<Ion>& ions, const Quantity& C,
            const std::optional<Quantity>& A, const Quantity& V_th, const Quantity& V_init, bool held, bool steady,
            const std::vector<std::string>& shared) {
  ConductanceOptions o;
  o.C = C;
  o.A = A;
  o.V_th = V_th;
  o.V_init = V_init;
  o.input = held ? InputKind::held : InputKind::inside;
  o.gates = steady ? Gates::steady : Gates::zero;
  o.ions = ions;
  o.shared = shared;
  return conductance_group(name, o, channels);
}

}  // namespace

void bind_channels(nb::module_& m) {
  nb::class_<Channel> channel(m, "Channel", "An ion channel of a conductance-based group.");
  bind_common(channel);
  channel.def("ion", [](Channel& c, const std::string& name) {
    const auto view = c.ion(name);
    return nb::make_tuple(view.concentration, view.reversal);
  }, "name"_a, "(concentration, reversal potential)");
  channel.def("gate_rates", [](Channel& c, const std::string& name, const Expr& alpha, const Expr& beta, const Expr& speed) {
    return c.gate(name, Rates{alpha, beta}, speed);
  }, "name"_a, "alpha"_a, "beta"_a, "speed"_a);
  channel.def("gate_relaxation", [](Channel& c, const std::string& name, const Expr& inf, const Expr& tau, const Expr& speed) {
    return c.gate(name, Relaxation{inf, tau}, speed);
  }, "name"_a, "inf"_a, "tau"_a, "speed"_a);
  channel.def("current", &Channel::current, "inward"_a, "ion"_a = "");
  nb::class_<Ion> ion(m, "Ion", "The concentration of an ion and its reversal potential.");
  bind_common(ion);
  ion.def("current", &Ion::current, "unit"_a);
  ion.def("concentration", [](Ion& i, const Expr& inside) { i.concentration(inside); }, "inside"_a);
  ion.def("reversal", [](Ion& i, const Expr& potential) { i.reversal(potential); }, "potential"_a);
  m.def("conductance_group", &group, "name"_a, "channels"_a, "ions"_a, "C"_a, "A"_a, "V_th"_a, "V_init"_a, "held"_a, "steady"_a, "shared"_a);
}

}  // namespace ranvier::python
