// How messages name the unit of a value: "it must be in mV, and 3 is without unit".
//
//   throw UnitError(where, "it must be " + in_unit(wanted) + ", not " + in_unit(given));
#pragma once

#include <string>

#include "ranvier/units.hpp"

namespace ranvier::base {

/// "in mV"; "without unit" for plain numbers.
[[nodiscard]] inline std::string in_unit(const Dimension& d) {
  return d.is_none() ? "without unit" : "in " + unit_name(d);
}

}  // namespace ranvier::base
