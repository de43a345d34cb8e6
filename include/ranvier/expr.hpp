// Expressions as C++ values: what equations, thresholds, resets and initial values are written in. Dimensions are checked as
// they are built.
//
//   Expr alpha = 0.128 / ms * exp((17 * mV - V + VT) / (18 * mV));
//   Condition fires = V >= V_th;
//   Expr start = El + 5 * mV * randn() - 5 * mV;
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ranvier/units.hpp"

namespace ranvier {

namespace detail {
struct Scope;  // an expression graph and whose it is
struct ExprAccess;
}  // namespace detail

/// A real-valued expression with a dimension. Cheap to copy; immutable.
class Expr {
 public:
  Expr() : Expr(Quantity{}) {}
  Expr(double number) : Expr(Quantity{number}) {}  // NOLINT: a bare number is a dimensionless literal
  Expr(int number) : Expr(Quantity{static_cast<double>(number)}) {}  // NOLINT
  Expr(Quantity literal);                          // NOLINT: a quantity is a literal
  Expr(Unit unit) : Expr(1.0 * unit) {}            // NOLINT: a bare unit is one of it
  [[nodiscard]] const Dimension& dimension() const { return dimension_; }
  /// In the syntax of equations, with literals in coherent units (mV, ms, pA, nS, pF).
  [[nodiscard]] std::string text() const;

 private:
  friend struct detail::ExprAccess;
  std::shared_ptr<detail::Scope> scope_;  // null: a literal
  std::uint32_t node_ = 0;
  double value_ = 0;
  Dimension dimension_{};
};

/// A truth value for each element: thresholds, where().
class Condition {
 public:
  [[nodiscard]] std::string text() const;

 private:
  friend struct detail::ExprAccess;
  std::shared_ptr<detail::Scope> scope_;
  std::uint32_t node_ = 0;
};

// UnitError, naming both sides with their units, where dimensions do not fit.
Expr operator+(const Expr& a, const Expr& b);
Expr operator-(const Expr& a, const Expr& b);
Expr operator*(const Expr& a, const Expr& b);
Expr operator/(const Expr& a, const Expr& b);
Expr operator-(const Expr& a);
Condition operator<(const Expr& a, const Expr& b);
Condition operator<=(const Expr& a, const Expr& b);
Condition operator>(const Expr& a, const Expr& b);
Condition operator>=(const Expr& a, const Expr& b);
Condition operator==(const Expr& a, const Expr& b);
Condition operator!=(const Expr& a, const Expr& b);
Condition operator&&(const Condition& a, const Condition& b);
Condition operator||(const Condition& a, const Condition& b);
Condition operator!(const Condition& a);

// Dimensionless argument, dimensionless result.
Expr exp(const Expr& x);
Expr expm1(const Expr& x);
Expr exprel(const Expr& x);  ///< (exp(x) - 1) / x, and 1 at 0
Expr log(const Expr& x);
Expr log1p(const Expr& x);
Expr sin(const Expr& x);
Expr cos(const Expr& x);
Expr tanh(const Expr& x);
Expr floor(const Expr& x);
// Any dimension, kept; both sides alike where there are two.
Expr abs(const Expr& x);
Expr min(const Expr& a, const Expr& b);
Expr max(const Expr& a, const Expr& b);
Expr clip(const Expr& x, const Expr& low, const Expr& high);
Expr where(const Condition& condition, const Expr& yes, const Expr& no);
/// A dimensional base takes a whole or half exponent; a dimensionless one takes any.
Expr pow(const Expr& base, double exponent);
Expr pow(const Expr& base, int exponent);
Expr pow(const Expr& base, const Expr& exponent);  ///< both dimensionless
Expr sqrt(const Expr& x);
/// Standard normal and uniform draws in (0, 1): one per element and per call in an initial value, and per step elsewhere. A value that
/// is used twice is one draw. In equations they are held over the step.
Expr randn();
Expr rand();
/// A Poisson count of this mean (no unit), NaN where it is negative. Up to 12 by inversion, above by an expansion of the inverse whose law
/// is within 1e-4 of Poisson's in total variation (docs/noise.md).
Expr poisson(const Expr& mean);

}  // namespace ranvier
