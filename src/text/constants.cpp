// Units and physical constants by name, and the values of constant expressions.
#include <array>
#include <cmath>

#include "ir/interpret.hpp"
#include "ir/passes.hpp"
#include "model/model_data.hpp"
#include "text/compile.hpp"

namespace ranvier::text {
namespace {

using namespace units;

struct Constant {
  std::string_view name;
  double number;
  Unit unit;
};

constexpr Unit coulomb = amp * second, joule = volt * coulomb, kilogram{dimension::mass, 12};
constexpr Unit mole{dimension::amount, 0};
// SI 2019: exact, but for those that follow from measured ones (CODATA 2018).
constexpr std::array<Constant, 14> constants = {{
    {"pi", 3.14159265358979323846, {}},
    {"e", 2.71828182845904523536, {}},
    {"inf", INFINITY, {}},
    {"avogadro_constant", 6.02214076e23, Unit{} / mole},
    {"boltzmann_constant", 1.380649e-23, joule / kelvin},
    {"electric_constant", 8.8541878128e-12, farad / meter},
    {"electron_mass", 9.1093837015e-31, kilogram},
    {"elementary_charge", 1.602176634e-19, coulomb},
    {"faraday_constant", 96485.33212331001, coulomb / mole},
    {"gas_constant", 8.31446261815324, joule / mole / kelvin},
    {"magnetic_constant", 1.25663706212e-6, volt * second / amp / meter},
    {"molar_mass_constant", 0.99999999965e-3, kilogram / mole},
    {"zero_celsius", 273.15, kelvin},
    {"speed_of_light", 299792458.0, meter / second},
}};

/// Symbols as equations use them. Not all that parse_unit() knows: 'El' is a reversal potential, not an exalitre, and one letter
/// is a variable that was forgotten far more often than metre, gram or second.
bool is_symbol(std::string_view name) {
  if (name == "Hz" || name == "ohm" || name == "mol") return true;
  if (name.size() < 2) return false;
  const auto among = [](std::string_view one, std::string_view all) { return all.find(one) != std::string_view::npos; };
  const auto prefix = name.substr(0, 1), rest = name.substr(1);
  if (rest.size() == 1 && among(rest, "VASFs")) return among(prefix, "fpnumkMG");
  if (rest == "Hz" || rest == "ohm") return among(prefix, "mukMGn");
  if (rest == "m") return among(prefix, "numck");
  if (rest == "M" || rest == "mol") return among(prefix, "fpnum");
  return rest == "g" && among(prefix, "knum");
}

bool is_full_name(std::string_view name) {
  constexpr std::array<std::string_view, 24> names = {"volt",  "amp",    "ampere", "siemens", "farad", "second",  "meter", "metre",
                                                      "ohm",   "hertz",  "mole",   "molar",   "kelvin", "gram",   "joule", "newton",
                                                      "watt",  "coulomb", "pascal", "liter",  "litre", "tesla",   "weber", "henry"};
  if (name.ends_with("s") && !name.ends_with("siemens")) name.remove_suffix(1);
  for (const auto n : names) {
    if (name.ends_with(n)) return true;
  }
  return false;
}

}  // namespace

std::optional<Quantity> unit_or_constant(const std::string& name) {
  for (const auto& c : constants) {
    if (c.name != name) continue;
    // In two steps where one would lose digits: powers of ten up to 22 are exact.
    double value = c.number;
    for (int left = c.unit.exponent; left != 0;) {
      const int step = left > 22 ? 22 : left < -22 ? -22 : left;
      value = scale_by_power_of_ten(value, step);
      left -= step;
    }
    return Quantity{value, c.unit.dimension};
  }
  if (!is_symbol(name) && !is_full_name(name)) return {};
  try {
    return 1.0 * parse_unit(name);
  } catch (const UserError&) {
    return {};
  }
}

std::optional<Quantity> constant_value(const Expr& e) {
  using detail::ExprAccess;
  if (ExprAccess::is_literal(e)) return Quantity{ExprAccess::value(e), e.dimension()};
  const auto& graph = ExprAccess::scope(e)->graph;
  const ir::NodeId root[] = {ExprAccess::node(e)};
  for (const auto id : ir::topological(graph, root)) {
    const auto op = graph[id].op;
    if (op == ir::Op::symbol || op == ir::Op::normal || op == ir::Op::uniform) return {};
  }
  return Quantity{ir::evaluate(graph, root[0], {}, ir::Functions::own), e.dimension()};
}

}  // namespace ranvier::text
