#include "ranvier/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/in_unit.hpp"

namespace ranvier {
namespace {

constexpr std::array<double, 23> exact_powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                        1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// Correctly rounded value * 10^exponent for any exponent: through the exact decimal expansion (at most 767 digits).
double scale_through_decimal(double value, int exponent) {
  std::array<char, 800> digits{};
  auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::scientific, 767);
  std::string text(digits.data(), written.ptr);
  const auto e = text.find('e');
  const int shifted = std::atoi(text.c_str() + e + 1) + exponent;
  text = text.substr(0, e + 1) + std::to_string(shifted);
  double result = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), result);
  if (read.ec == std::errc::result_out_of_range) {
    result = std::copysign(shifted > 0 ? std::numeric_limits<double>::infinity() : 0.0, value);
  }
  return result;
}

struct NamedDimension {
  const char* name;
  Dimension dimension;
  int exponent = 0;  ///< of the customary unit, relative to the coherent one
};

constexpr Dimension area = dimension::length * dimension::length;

/// One customary unit for each dimension that has one; earlier entries are preferred inside products.
const std::vector<NamedDimension>& customary_units() {
  static const std::vector<NamedDimension> table = {{"mV", dimension::voltage},
                                                    {"pA", dimension::current},
                                                    {"nS", dimension::conductance},
                                                    {"pF", dimension::capacitance},
                                                    {"Gohm", dimension::resistance},
                                                    {"ms", dimension::time},
                                                    {"um", dimension::length},
                                                    {"K", dimension::temperature},
                                                    {"mol", dimension::amount},
                                                    {"Hz", dimension::frequency, -3},
                                                    {"mM", dimension::concentration, -18},
                                                    {"fC", dimension::charge},
                                                    {"mS/cm^2", dimension::conductance / area, -2},
                                                    {"uA/cm^2", dimension::current / area, -2},
                                                    {"uF/cm^2", dimension::capacitance / area, -2},
                                                    {"ng", dimension::mass},
                                                    {"cd", Dimension{{0, 0, 0, 0, 0, 0, 2}}}};
  return table;
}

/// 2 halves are the power 1, printed as nothing; 3 halves print as "^1.5". Only for halves > 0.
std::string power_suffix(int halves) {
  if (halves == 2) return {};
  return "^" + std::to_string(halves / 2) + (halves % 2 != 0 ? ".5" : "");
}

/// The halves h with base^(h/2) == whole, if there are any.
std::optional<int> as_power_of(const Dimension& whole, const Dimension& base) {
  for (int halves : {2, -2, 4, -4, 1, -1, 6, -6, 3, -3, 8, -8}) {
    bool equal = true;
    for (int i = 0; i < 7; ++i) equal = equal && whole.halves[i] * 2 == base.halves[i] * halves;
    if (equal) return halves;
  }
  return std::nullopt;
}

std::string with_power(const char* name, int halves) {
  return halves < 0 ? std::string("1/") + name + power_suffix(-halves) : name + power_suffix(halves);
}

/// A product of two customary units to small powers, such as "mV/ms" or "pA/um^2".
std::optional<std::string> pair_of_units(const Dimension& d) {
  for (int second_halves : {-2, 2, -4, -1, 1, 4, -6, -3}) {
    for (const auto& first : customary_units()) {
      for (const auto& second : customary_units()) {
        if (first.exponent != 0 || second.exponent != 0) continue;
        Dimension product = first.dimension;
        for (int i = 0; i < 7; ++i) {
          product.halves[i] =
              static_cast<std::int8_t>(product.halves[i] + second.dimension.halves[i] * second_halves / 2);
        }
        bool whole = true;
        for (int h : second.dimension.halves) whole = whole && h * second_halves % 2 == 0;
        if (!whole || !(product == d)) continue;
        return first.name + std::string(second_halves < 0 ? "/" : "*") + second.name +
               power_suffix(std::abs(second_halves));
      }
    }
  }
  return std::nullopt;
}

/// The product of base units, which every dimension has.
std::string product_of_base_units(const Dimension& d) {
  static constexpr std::array<const char*, 7> names = {"um", "ng", "ms", "pA", "K", "mol", "cd"};
  std::string above, below;
  for (int i = 0; i < 7; ++i) {
    const int halves = d.halves[i];
    if (halves > 0) above += (above.empty() ? "" : "*") + std::string(names[i]) + power_suffix(halves);
    if (halves < 0) below += std::string("/") + names[i] + power_suffix(-halves);
  }
  return (above.empty() ? "1" : above) + below;
}

/// Name and exponent of the unit in which a quantity is told, and whether the coherent unit has to do instead.
std::pair<std::string, int> told_in(const Dimension& d, bool coherent) {
  if (d.is_none()) return {"unitless", 0};
  for (const auto& unit : customary_units()) {
    if (unit.dimension == d && !(coherent && unit.exponent != 0)) return {unit.name, unit.exponent};
  }
  if (coherent && d == dimension::frequency) return {"kHz", 0};
  for (const auto& unit : customary_units()) {
    if (unit.exponent != 0) continue;
    if (const auto halves = as_power_of(d, unit.dimension)) return {with_power(unit.name, *halves), 0};
  }
  if (auto pair = pair_of_units(d)) return {*pair, 0};
  return {product_of_base_units(d), 0};
}

std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), written.ptr};
}

/// The shortest number x with scale(x, exponent) == value, if a double can be one.
std::optional<std::string> number_in_unit(double value, int exponent) {
  const double guess = scale_by_power_of_ten(value, -exponent);
  std::optional<std::string> best;
  for (double x : {guess, std::nextafter(guess, -HUGE_VAL), std::nextafter(guess, HUGE_VAL)}) {
    if (scale_by_power_of_ten(x, exponent) != value) continue;
    const std::string text = shortest(x);
    if (!best || text.size() < best->size()) best = text;
  }
  return best;
}

std::string describe(const Dimension& d) { return d.is_none() ? "a number without unit" : unit_name(d); }

[[noreturn]] void refuse_sum(const char* what, const Dimension& a, const Dimension& b) {
  throw UnitError(std::string("cannot ") + what + " " + describe(a) + " and " + describe(b),
                  "both sides must have the same dimension");
}

}  // namespace

Dimension power(const Dimension& d, int twice_exponent) {
  Dimension result;
  for (int i = 0; i < 7; ++i) {
    const long halves = static_cast<long>(d.halves[i]) * twice_exponent;
    if (halves % 2 != 0) {
      throw UnitError("the power " + shortest(twice_exponent / 2.0) + " of " + unit_name(d) +
                          " would need an exponent that is not a whole number of halves",
                      "take a power that leaves whole or half exponents");
    }
    if (halves / 2 > 127 || halves / 2 < -128) {
      throw UnitError("the power " + shortest(twice_exponent / 2.0) + " of " + unit_name(d) + " is too high",
                      "exponents of a dimension end at 63");
    }
    result.halves[i] = static_cast<std::int8_t>(halves / 2);
  }
  return result;
}

double scale_by_power_of_ten(double value, int exponent) {
  if (value == 0 || !std::isfinite(value)) return value;
  if (exponent >= 0 && exponent <= 22) return value * exact_powers_of_ten[exponent];
  if (exponent < 0 && exponent >= -22) return value / exact_powers_of_ten[-exponent];
  return scale_through_decimal(value, exponent);
}

double Quantity::in(Unit unit) const {
  if (!(dimension == unit.dimension)) {
    throw UnitError("cannot express " + to_string(*this) + " in " + describe(unit.dimension),
                    "the two have different dimensions");
  }
  return scale_by_power_of_ten(value, -unit.exponent);
}

Quantity operator+(Quantity a, Quantity b) {
  if (!(a.dimension == b.dimension)) refuse_sum("add", a.dimension, b.dimension);
  return {a.value + b.value, a.dimension};
}

Quantity operator-(Quantity a, Quantity b) {
  if (!(a.dimension == b.dimension)) refuse_sum("subtract", a.dimension, b.dimension);
  return {a.value - b.value, a.dimension};
}

std::string unit_name(const Dimension& d) { return told_in(d, false).first; }
std::string coherent_unit_name(const Dimension& d) { return told_in(d, true).first; }

std::string to_string(Quantity q) {
  if (q.dimension.is_none()) return shortest(q.value);
  auto [name, exponent] = told_in(q.dimension, false);
  if (!std::isfinite(q.value)) return shortest(q.value) + " " + name;
  auto number = number_in_unit(q.value, exponent);
  if (!number) {
    // Not every double is a whole number of ulps in a scaled unit; the coherent unit always reads back.
    name = told_in(q.dimension, true).first;
    number = shortest(q.value);
  }
  const bool inverse = name.starts_with("1/");
  return *number + (inverse ? name.substr(1) : " " + name);
}

double require(Quantity q, const Dimension& d, std::string_view what) {
  if (!(q.dimension == d)) {
    throw UnitError(std::string(what) + " must be " + base::in_unit(d) + ", got " + to_string(q),
                    d.is_none() ? "give a plain number" : "multiply or divide by the units that are missing");
  }
  return q.value;
}

}  // namespace ranvier
