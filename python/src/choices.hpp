// Choices that Python makes by name.
//
//   model.precision(precision_of("f32"));
#pragma once

#include <string>

#include "ranvier/error.hpp"
#include "ranvier/model.hpp"

namespace ranvier::python {

inline Precision precision_of(const std::string& name) {
  if (name == "f32") return Precision::f32;
  if (name == "f64") return Precision::f64;
  throw UserError("precision", "there is no '" + name + "'", "give \"f32\" or \"f64\"");
}

}  // namespace ranvier::python
