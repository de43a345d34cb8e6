// The library's parts by name, for ranvier.neurons, ranvier.synapses ...: see include/ranvier/models.hpp.
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "describe.hpp"
#include "ranvier/models.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

nb::object make_part(const std::string& kind, const std::string& name, const models::Settings& parameters) {
  if (kind == "neurons") return nb::cast(models::neuron(name, parameters));
  if (kind == "synapses") return nb::cast(models::synapse(name, parameters));
  if (kind == "sources") return nb::cast(models::source(name, parameters));
  if (kind == "outputs") return nb::cast(models::output(name, parameters));
  if (kind == "plasticities") return nb::cast(models::plasticity(name, parameters));
  if (kind == "channels") return nb::cast(models::channel(name, parameters));
  if (kind == "ions") return nb::cast(models::ion(name, parameters));
  if (kind == "networks") return nb::cast(models::network(name, parameters));
  (void)models::parts(kind);  // says which kinds there are
  throw InternalError("parts of the kind '" + kind + "' cannot be made");
}

}  // namespace

void bind_library(nb::module_& m) {
  m.def("part_kinds", &models::kinds);
  m.def("part_names", [](const std::string& kind) {
    std::vector<std::string> out;
    for (const auto* p : models::parts(kind)) out.push_back(p->name);
    return out;
  }, "kind"_a);
  m.def("part_description", [](const std::string& kind, const std::string& name) {
    return described(models::part(kind, name).describe());
  }, "kind"_a, "name"_a);
  m.def("make_part", &make_part, "kind"_a, "name"_a, "parameters"_a);
}

}  // namespace ranvier::python
