// What the files of the extension share: one function a topic, called by module.cpp.
//
//   void bind_array_program(nanobind::module_& m);
#pragma once

#include <nanobind/nanobind.h>

namespace ranvier::python {

void bind_errors(nanobind::module_& m);
void bind_array_program(nanobind::module_& m);

}  // namespace ranvier::python
