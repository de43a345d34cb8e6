// What the files of the extension share: one function a topic, called by module.cpp. The classes here are the library's own, by name and
// in coherent units; python/ranvier wraps them in what users see.
//
//   void bind_units(nanobind::module_& m);
#pragma once

#include <nanobind/nanobind.h>

namespace ranvier::python {

void bind_errors(nanobind::module_& m);
void bind_array_program(nanobind::module_& m);
void bind_units(nanobind::module_& m);
void bind_expressions(nanobind::module_& m);
void bind_models(nanobind::module_& m);
void bind_channels(nanobind::module_& m);
void bind_library(nanobind::module_& m);
void bind_text(nanobind::module_& m);
void bind_inputs(nanobind::module_& m);
void bind_rules(nanobind::module_& m);
void bind_network(nanobind::module_& m);
void bind_records(nanobind::module_& m);
void bind_simulation(nanobind::module_& m);
void bind_sweep(nanobind::module_& m);
void bind_sonata(nanobind::module_& m);

}  // namespace ranvier::python
