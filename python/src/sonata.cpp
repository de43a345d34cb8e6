// Networks as SONATA folders: see include/ranvier/sonata.hpp.
#include "ranvier/sonata.hpp"

#include <nanobind/stl/string.h>

#include "bindings.hpp"
#include "simulation_options.hpp"

namespace ranvier::python {

namespace nb = nanobind;
using nb::literals::operator""_a;

void bind_sonata(nb::module_& m) {
  m.def("save_sonata", [](const Network& network, const std::string& folder, const nb::dict& options) {
    save_sonata(network, folder, simulation_options(options));
  }, "network"_a, "folder"_a, "options"_a);
  m.def("load_sonata", [](const std::string& folder, const nb::object& neuron, const nb::object& synapse, const nb::object& output) {
    SonataModels models;
    models.neuron = [&](const std::string& name) { return nb::cast<Model>(neuron(name)); };
    models.synapse = [&](const std::string& name) { return nb::cast<Model>(synapse(name)); };
    models.output = [&](const std::string& name) { return nb::cast<Output>(output(name)); };
    return load_sonata(folder, models);
  }, "folder"_a, "neuron"_a, "synapse"_a, "output"_a);
}

}  // namespace ranvier::python
