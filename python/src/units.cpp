// ranvier._core.Unit and Quantity: see include/ranvier/units.hpp.
#include "ranvier/units.hpp"

#include <nanobind/stl/string.h>

#include "bindings.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

nb::tuple halves(const Dimension& d) {
  return nb::make_tuple(d.halves[0], d.halves[1], d.halves[2], d.halves[3], d.halves[4], d.halves[5], d.halves[6]);
}

/// The power twice/2 of a unit. Half powers of an odd power of ten do not exist as units.
Unit power_of(const Unit& u, int twice) {
  if (u.exponent * twice % 2 != 0) {
    throw UnitError("a half power of " + unit_name(u.dimension) + " times 10^" + std::to_string(u.exponent) + " is no unit",
                    "convert to another prefix first, such as the base unit's");
  }
  return {power(u.dimension, twice), u.exponent * twice / 2};
}

}  // namespace

void bind_units(nb::module_& m) {
  nb::class_<Unit> unit(m, "Unit", "A dimension and a power of ten relative to mV, ms, pA, nS, pF, um, ng, K, mol, cd.");
  unit.def("__init__", [](Unit* at, const std::string& text) { new (at) Unit(parse_unit(text)); }, "text"_a);
  unit.def_prop_ro("dimension", [](const Unit& u) { return halves(u.dimension); }, "Exponents of m kg s A K mol cd, in halves.");
  unit.def_ro("exponent", &Unit::exponent);
  unit.def("times", [](const Unit& a, const Unit& b) { return a * b; }, "other"_a);
  unit.def("over", [](const Unit& a, const Unit& b) { return a / b; }, "other"_a);
  unit.def("power", &power_of, "twice_exponent"_a);
  unit.def("coherent", [](const Unit& u) { return Unit{u.dimension, 0}; });
  unit.def("name", [](const Unit& u) { return coherent_unit_name(u.dimension); }, "Name of the coherent unit of this dimension.");
  unit.def("customary", [](const Unit& u) { return unit_name(u.dimension); }, "Name of the customary unit of this dimension.");

  nb::class_<Quantity> quantity(m, "Quantity", "A number with a dimension, in coherent units.");
  quantity.def("__init__", [](Quantity* at, double value, const Unit& u) { new (at) Quantity(value * u); }, "value"_a, "unit"_a);
  quantity.def("__init__", [](Quantity* at, double value) { new (at) Quantity(value); }, "value"_a);
  quantity.def_ro("value", &Quantity::value, "In coherent units.");
  quantity.def_prop_ro("unit", [](const Quantity& q) { return Unit{q.dimension, 0}; });
  quantity.def("__str__", [](const Quantity& q) { return to_string(q); });
  m.def("scale_by_power_of_ten", &scale_by_power_of_ten, "value"_a, "exponent"_a, "Correctly rounded.");
  m.def("parse_quantity", [](const std::string& text) { return parse_quantity(text); }, "text"_a, "\"12 nS\"");
  m.def("require", [](const Quantity& q, const Unit& u, const std::string& what) { return require(q, u.dimension, what); }, "quantity"_a,
        "unit"_a, "what"_a, "The value in coherent units; UnitError that says which unit is wanted.");
}

}  // namespace ranvier::python
