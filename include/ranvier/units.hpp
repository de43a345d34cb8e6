// Physical dimensions, units and quantities. Inside, one coherent base: mV, ms, pA, nS, pF, um (all factors exactly 1).
// Conversion between decimal units multiplies or divides by one exact power of ten, so 300*us == 0.3*ms bit for bit.
//
//   Quantity tau = 5 * ms;
//   Quantity current = 10 * nS * (20 * mV);          // 200 pA
//   double in_ms = tau.in(ms);                        // 5.0; UnitError if the dimension differs
//   Quantity t = parse_quantity("100us");             // from text
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ranvier/error.hpp"

namespace ranvier {

/// Exponents of the seven SI base dimensions, in halves (so that sqrt(second) can be said): m kg s A K mol cd.
struct Dimension {
  std::array<std::int8_t, 7> halves{};
  friend constexpr bool operator==(const Dimension&, const Dimension&) = default;
  [[nodiscard]] constexpr bool is_none() const { return *this == Dimension{}; }
};
constexpr Dimension operator*(Dimension a, const Dimension& b) {
  for (int i = 0; i < 7; ++i) a.halves[i] = static_cast<std::int8_t>(a.halves[i] + b.halves[i]);
  return a;
}
constexpr Dimension operator/(Dimension a, const Dimension& b) {
  for (int i = 0; i < 7; ++i) a.halves[i] = static_cast<std::int8_t>(a.halves[i] - b.halves[i]);
  return a;
}
/// `d` to the power `twice_exponent`/2; UnitError if that is not a whole number of halves.
[[nodiscard]] Dimension power(const Dimension& d, int twice_exponent);

/// A named unit: a dimension and an exact power of ten relative to the coherent base.
struct Unit {
  Dimension dimension{};
  int exponent = 0;  ///< one of this unit is 10^exponent coherent base units
};
constexpr Unit operator*(Unit a, Unit b) { return {a.dimension * b.dimension, a.exponent + b.exponent}; }
constexpr Unit operator/(Unit a, Unit b) { return {a.dimension / b.dimension, a.exponent - b.exponent}; }

/// value * 10^exponent, by one exact multiplication or division (|exponent| <= 22), correctly rounded.
[[nodiscard]] double scale_by_power_of_ten(double value, int exponent);

/// A number with a dimension; `value` is in coherent base units (mV, ms, pA, nS, pF, um).
struct Quantity {
  double value = 0;
  Dimension dimension{};
  constexpr Quantity() = default;
  constexpr Quantity(double number) : value(number) {}  // NOLINT: a bare number is a dimensionless quantity
  constexpr Quantity(double v, Dimension d) : value(v), dimension(d) {}
  /// The number of `unit`s; UnitError naming both units if the dimensions differ.
  [[nodiscard]] double in(Unit unit) const;
};
inline Quantity operator*(double number, Unit u) { return {scale_by_power_of_ten(number, u.exponent), u.dimension}; }
inline Quantity operator*(Quantity q, Unit u) {
  return {scale_by_power_of_ten(q.value, u.exponent), q.dimension * u.dimension};
}
inline Quantity operator/(Quantity q, Unit u) {
  return {scale_by_power_of_ten(q.value, -u.exponent), q.dimension / u.dimension};
}
inline Quantity operator*(Quantity a, Quantity b) { return {a.value * b.value, a.dimension * b.dimension}; }
inline Quantity operator/(Quantity a, Quantity b) { return {a.value / b.value, a.dimension / b.dimension}; }
inline Quantity operator-(Quantity a) { return {-a.value, a.dimension}; }
Quantity operator+(Quantity a, Quantity b);  ///< UnitError naming both units if the dimensions differ
Quantity operator-(Quantity a, Quantity b);  ///< UnitError naming both units if the dimensions differ

/// "12 nS", "-3.5 mV/ms", "0.02" ...: a number followed by a unit expression (`*`, `/`, `^`, prefixes, `nS`, `nsiemens`,
/// `uF/cm^2`, `Hz`, ...). UserError that names the unknown unit (with near names) or the malformed number.
[[nodiscard]] Quantity parse_quantity(std::string_view text);
/// A unit expression alone: "mV/ms". UserError if it is not one.
[[nodiscard]] Unit parse_unit(std::string_view text);
/// The customary unit of a dimension, for messages and file headers: "mV", "nS", "pA", "Hz", else a product such as "mV/ms".
[[nodiscard]] std::string unit_name(const Dimension& d);
/// The unit of Quantity::value: as unit_name() but for dimensions whose customary unit is another ("kHz", not "Hz").
[[nodiscard]] std::string coherent_unit_name(const Dimension& d);
/// The number in the customary unit followed by its name: "5 ms". Shortest form that reads back to the same value.
[[nodiscard]] std::string to_string(Quantity q);
/// UnitError "`what` must be in `unit`, got `q`" unless q has that dimension; returns q.value in coherent units.
double require(Quantity q, const Dimension& d, std::string_view what);

namespace dimension {
inline constexpr Dimension none{};
inline constexpr Dimension length{{2, 0, 0, 0, 0, 0, 0}};
inline constexpr Dimension mass{{0, 2, 0, 0, 0, 0, 0}};
inline constexpr Dimension time{{0, 0, 2, 0, 0, 0, 0}};
inline constexpr Dimension current{{0, 0, 0, 2, 0, 0, 0}};
inline constexpr Dimension temperature{{0, 0, 0, 0, 2, 0, 0}};
inline constexpr Dimension amount{{0, 0, 0, 0, 0, 2, 0}};
inline constexpr Dimension frequency = none / time;
inline constexpr Dimension voltage = length * length * mass / (time * time * time * current);
inline constexpr Dimension conductance = current / voltage;
inline constexpr Dimension resistance = voltage / current;
inline constexpr Dimension charge = current * time;
inline constexpr Dimension capacitance = charge / voltage;
inline constexpr Dimension concentration = amount / (length * length * length);
}  // namespace dimension

/// The units of everyday use; more are understood by parse_unit().
namespace units {
inline constexpr Unit volt{dimension::voltage, 3}, mV{dimension::voltage, 0}, uV{dimension::voltage, -3};
inline constexpr Unit second{dimension::time, 3}, ms{dimension::time, 0}, us{dimension::time, -3};
inline constexpr Unit amp{dimension::current, 12}, mA{dimension::current, 9}, uA{dimension::current, 6},
    nA{dimension::current, 3}, pA{dimension::current, 0};
inline constexpr Unit siemens{dimension::conductance, 9}, mS{dimension::conductance, 6},
    uS{dimension::conductance, 3}, nS{dimension::conductance, 0}, pS{dimension::conductance, -3};
inline constexpr Unit farad{dimension::capacitance, 12}, uF{dimension::capacitance, 6}, nF{dimension::capacitance, 3},
    pF{dimension::capacitance, 0};
inline constexpr Unit ohm{dimension::resistance, -9}, Mohm{dimension::resistance, -3}, Gohm{dimension::resistance, 0};
inline constexpr Unit Hz{dimension::frequency, -3}, kHz{dimension::frequency, 0};
inline constexpr Unit meter{dimension::length, 6}, cm{dimension::length, 4}, mm{dimension::length, 3},
    um{dimension::length, 0};
inline constexpr Unit kelvin{dimension::temperature, 0};
inline constexpr Unit unitless{};
}  // namespace units

}  // namespace ranvier
