// ranvier._core.Network, Population and Projection: see include/ranvier/network.hpp.
#include "ranvier/network.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>

#include "arrays.hpp"
#include "bindings.hpp"
#include "model/model_data.hpp"
#include "model/synaptic_unit.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

std::vector<double> numbers(nb::handle values, const std::string& what) {
  const Numbers<double> n(values, what);
  return {n.span().begin(), n.span().end()};
}

std::uint32_t size_of(std::int64_t size) {
  if (size < 0 || size > 0xffffffffll) throw UserError("population", "its size is " + std::to_string(size), "give a size from 1 to 4294967295");
  return static_cast<std::uint32_t>(size);
}

void bind_population(nb::module_& m) {
  nb::class_<Population> c(m, "Population", "Handle of a population of a network.");
  c.def_prop_ro("name", &Population::name);
  c.def_prop_ro("size", &Population::size);
  c.def("state", [](const Population& p, const std::string& name) { return p[name]; }, "name"_a);
  c.def("set", [](Population& p, const std::string& name, const Expr& value) { p.set(name, value); }, "name"_a, "value"_a);
  c.def("set_each", [](Population& p, const std::string& name, nb::handle values, const Unit& unit) {
    p.set(name, numbers(values, name), unit);
  }, "name"_a, "values"_a, "unit"_a);
  c.def("external", &Population::external, "input"_a);
  c.def("positions", &Population::positions, "where"_a);
  nb::class_<StateRef> s(m, "StateRef", "A state of a population.");
  s.def_prop_ro("population", &StateRef::population);
  s.def_prop_ro("state", &StateRef::state);
  s.def("set", [](StateRef& ref, const Expr& initial) { ref = initial; }, "initial"_a);
  s.def("set_each", [](StateRef& ref, nb::handle values, const Unit& unit) {
    ref.set(numbers(values, ref.population() + "." + ref.state()), unit);
  }, "values"_a, "unit"_a);
}

std::optional<Unit> weight_unit(const Projection& handle, const Network& network) {
  const auto& all = network.data().projections;
  const auto p = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == handle.name(); });
  if (p == all.end() || !p->synapse) return std::nullopt;
  const auto& s = *p->synapse;
  if (s.jump) return Unit{s.jump->dimension, 0};
  if (!s.receives) return Unit{s.sends ? s.sends->dimension() : Dimension{}, 0};
  Dimension d = s.states[*s.receives].dimension;
  if (p->output) d = d * detail::unit_of_weight(*p);
  return Unit{d, 0};
}

/// Says now what building a simulation would say: that the weight has another unit than the synapse's state.
void check_weight(const Projection& handle, const Network& network) {
  const auto& all = network.data().projections;
  const auto p = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == handle.name(); });
  if (p == all.end() || !p->synapse || !p->weight_given || p->plasticity || p->rule.has_weights()) return;
  if (detail::lives_at_source(*p, *p->synapse)) return;
  if (const auto wanted = weight_unit(handle, network)) detail::require_weight(p->name, p->weight, p->weight_law, wanted->dimension);
}

/// Of a state, parameter, input or named expression; None where there is no such name.
std::optional<Unit> unit_in(const detail::ModelData& m, const std::string& name) {
  for (const auto& s : m.states) {
    if (s.name == name) return Unit{s.dimension, 0};
  }
  for (const auto& p : m.parameters) {
    if (p.name == name) return Unit{p.value.dimension, 0};
  }
  for (const auto& i : m.inputs) {
    if (i.name == name) return Unit{i.dimension, 0};
  }
  return std::nullopt;
}

/// Of what "OWNER.name" says: of a population or a projection; synaptic states, "E.I_to_E.g", too.
std::optional<Unit> unit_of(const Network& net, const std::string& owner, const std::string& name) {
  for (const auto& p : net.data().populations) {
    if (p.name != owner) continue;
    if (const auto found = unit_in(p.model, name)) return found;
    const auto dot = name.find('.');
    return dot == std::string::npos ? std::nullopt : unit_of(net, name.substr(0, dot), name.substr(dot + 1));
  }
  for (const auto& p : net.data().projections) {
    if (p.name != owner) continue;
    for (const auto& r : p.receptors) {
      if (!name.starts_with(r.name + ".")) continue;
      const auto rest = name.substr(r.name.size() + 1);
      if (rest == "weight") return Unit{r.weight.dimension, 0};
      const auto found = unit_in(r.synapse, rest);
      return found ? found : unit_in(r.output, rest);
    }
    if (name == "weight" && !p.plasticity) return Unit{p.weight.dimension, 0};
    if (name == "delay") return Unit{dimension::time, 0};
    const detail::ModelData* const parts[] = {p.plasticity ? &*p.plasticity : nullptr, p.synapse ? &*p.synapse : nullptr,
                                              p.output ? &*p.output : nullptr};
    for (const auto* part : parts) {
      if (!part) continue;
      // States of a synapse without units have the output's while it runs.
      const bool state = part == (p.synapse ? &*p.synapse : nullptr) && p.output && p.synapse->receives &&
                         std::any_of(part->states.begin(), part->states.end(), [&](const auto& x) { return x.name == name; });
      if (const auto found = unit_in(*part, name)) return state ? *found * Unit{detail::unit_of_weight(p), 0} : *found;
    }
  }
  return std::nullopt;
}

/// Of a projection: sizes of its two populations, its constant weight and delay.
nb::tuple constants_of(const Network& net, const std::string& name) {
  const auto& all = net.data().projections;
  const auto p = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  if (p == all.end()) return nb::make_tuple(0, 0, 1.0, 0.0);
  return nb::make_tuple(net.population(p->pre.population).size(), net.population(p->post.population).size(), p->weight.value, p->delay.value);
}

void bind_projection(nb::module_& m) {
  nb::class_<Projection> c(m, "Projection", "Handle of a projection of a network.");
  c.def_prop_ro("name", &Projection::name);
  c.def("synapse", [](Projection& p, const Model& model) { p.synapse(model); });
  c.def("output", [](Projection& p, const Output& output) { p.output(output); });
  c.def("onto", [](Projection& p, const std::string& input) { p.onto(input); });
  c.def("arrivals", [](Projection& p, bool after) { p.arrivals(after ? Arrivals::after_decay : Arrivals::before_decay); }, "after_decay"_a);
  c.def("current", [](Projection& p, bool held) { p.current(held ? InputKind::held : InputKind::inside); }, "held"_a);
  c.def("weight", [](Projection& p, const Expr& each) { p.weight(each); });
  c.def("delay", [](Projection& p, const Expr& each) { p.delay(each); });
  c.def("separate", [](Projection& p, bool yes) { p.separate(yes); });
  c.def("aligned_to_pre", [](Projection& p, bool yes) { p.aligned_to_pre(yes); });
  c.def("receptor", [](Projection& p, const std::string& name, const Model& synapse, const Output& output, const Quantity& weight) {
    p.receptor(name, synapse, output, weight);
  }, "name"_a, "synapse"_a, "output"_a, "weight"_a);
  c.def("plasticity", [](Projection& p, const Plasticity& rule) { p.plasticity(rule); });
  c.def("initial", [](Projection& p, const std::string& state, const Expr& value) { p.initial(state, value); });
  c.def("initial_each", [](Projection& p, const std::string& state, nb::handle values, const Unit& unit) {
    p.initial(state, numbers(values, p.name() + "." + state), unit);
  }, "state"_a, "values"_a, "unit"_a);
  c.def("check_weight", &check_weight, "network"_a, "UnitError for a weight in another unit than the synapse's state has.");
  c.def("weight_unit", &weight_unit, "network"_a, "The unit that weights are in, or None where nothing says so yet.");
  c.def("check_state", [](const Projection& p, const std::string& state) { (void)p[state]; });
  c.def("named", [](Projection& p, const std::string& name) { p.named(name); });
}

/// What there is to show of a network: a dict for each population and projection.
nb::tuple summary(const Network& net) {
  nb::list populations, projections;
  for (const auto& p : net.data().populations) {
    nb::dict each;
    each["name"] = p.name;
    each["model"] = p.model.name;
    each["size"] = p.size;
    each["positions"] = p.positions ? nb::cast(p.positions->text()) : nb::none();
    each["external"] = p.external;
    populations.append(each);
  }
  for (const auto& p : net.data().projections) {
    nb::dict each;
    each["name"] = p.name;
    each["pre"] = nb::make_tuple(p.pre.population, p.pre.first, p.pre.last);
    each["post"] = nb::make_tuple(p.post.population, p.post.first, p.post.last);
    each["rule"] = to_string(p.rule);
    each["law"] = p.rule.law();
    each["synapse"] = p.synapse ? p.synapse->name : "";
    each["output"] = p.output ? p.output->name : "";
    each["weight"] = p.weight_law ? p.weight_law->text() : p.rule.has_weights() ? "given" : to_string(p.weight);
    each["delay"] = p.delay_law ? p.delay_law->text() : p.rule.has_delays() ? "given" : to_string(p.delay);
    each["plasticity"] = p.plasticity ? p.plasticity->name : "";
    nb::list receptors;
    for (const auto& r : p.receptors) receptors.append(r.name);
    each["receptors"] = receptors;
    projections.append(each);
  }
  return nb::make_tuple(populations, projections);
}

}  // namespace

void bind_network(nb::module_& m) {
  bind_population(m);
  bind_projection(m);
  nb::class_<Network> c(m, "Network", "Populations of models, projections between them.");
  c.def("__init__", [](Network* at) { new (at) Network(); });
  c.def("copy", [](const Network& n) { return n; });
  c.def("add", [](Network& n, const std::string& name, const Model& model, std::int64_t size) { return n.add(name, model, size_of(size)); },
        "name"_a, "model"_a, "size"_a);
  c.def("connect", [](Network& n, const std::string& pre, std::uint32_t pre_first, std::uint32_t pre_last, const std::string& post,
                      std::uint32_t post_first, std::uint32_t post_last, const Rule& rule) {
    return n.connect({pre, pre_first, pre_last}, {post, post_first, post_last}, rule);
  });
  c.def("population", &Network::population, "name"_a);
  c.def("model_of", [](const Network& n, const std::string& population) {
    (void)n.population(population);
    for (const auto& p : n.data().populations) {
      if (p.name != population) continue;
      Model model(p.model.name);
      detail::ModelAccess::own(model) = p.model;
      return model;
    }
    throw InternalError("a population without a model");
  }, "population"_a, "The model of a population, as it was given.");
  c.def_prop_ro("populations", &Network::populations);
  c.def_prop_ro("projections", &Network::projections);
  c.def("set", &Network::set, "name"_a, "value"_a);
  c.def("unit_of", &unit_of, "owner"_a, "name"_a);
  c.def("constants_of", &constants_of, "projection"_a);
  c.def("drop_last", [](Network& n, bool population) {
    // Python undoes what it could not complete; nothing else has a handle of it yet.
    auto& data = const_cast<detail::NetworkData&>(n.data());
    const std::string name = population ? data.populations.back().name : data.projections.back().name;
    if (population) {
      data.populations.pop_back();
    } else {
      data.projections.pop_back();
    }
    return name;
  }, "population"_a, "Takes the latest population or projection away again, and gives its name.");
  c.def("projection", [](const Network& n, const std::string& name) { return n.projection(name); }, "name"_a);
  c.def("summary", &summary);
}

}  // namespace ranvier::python
