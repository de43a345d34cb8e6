// Descriptions of parts as dicts.
//
//   nb::dict d = described(models::describe(model));
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "models/part.hpp"

namespace ranvier::python {

/// Keys: kind, name, summary, source, equations, parameters (name, Quantity, meaning), properties (label, text).
inline nanobind::dict described(const models::Description& d) {
  namespace nb = nanobind;
  nb::dict out;
  out["kind"] = d.kind;
  out["name"] = d.name;
  out["summary"] = d.summary;
  out["source"] = d.source;
  out["equations"] = d.equations;
  nb::list parameters, properties;
  for (const auto& p : d.parameters) parameters.append(nb::make_tuple(p.name, p.value, p.meaning));
  for (const auto& [label, text] : d.properties) properties.append(nb::make_tuple(label, text));
  out["parameters"] = parameters;
  out["properties"] = properties;
  return out;
}

}  // namespace ranvier::python
