// The elementary functions themselves, over any set of basic operations (ScalarOps in elementary.hpp, graph nodes in ir/expand.cpp).
// Polynomials: validation/elementary/remez.py. Measured errors and ranges: docs/elementary-functions.md. Include elementary.hpp.
//
//   double y = ranvier::base::own::expm1(x);                                     // f64 on the host
//   float z = Elementary<ScalarOps<float>>{}.exp(w);                             // f32
//   NodeId n = Elementary<GraphOps>{GraphOps{graph, Precision::f32}}.exp(node);  // the same operations as graph nodes
#pragma once

#include <limits>
#include <utility>

#include "base/elementary.hpp"
#include "base/elementary_tables.hpp"

namespace ranvier::base {

template <class Ops>
struct Elementary {
  using Real = typename Ops::Real;
  using Int = typename Ops::Int;
  using Mask = typename Ops::Mask;
  using Tables = elementary::Tables<Ops::is_f64>;
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

  Ops ops{};

  /// e^x. Results below 2^(emin+1/2) (f32: 1.7e-38, f64: 3.1e-308) are zero.
  Real exp(Real x) const { return exp_of_sum(clamp_exponent(x), nullptr); }

  /// e^x - 1, accurate near 0.
  Real expm1(Real x) const { return expm1_of_clamped(clamp_exponent(x)); }

  /// (e^x - 1)/x, 1 at 0. Infinite where e^x is.
  Real exprel(Real x) const {
    const Real above = clamp_above(x);
    const Real ratio = ops.div(expm1_of_clamped(clamp_below(above)), above);
    return ops.select(negligible(x), ops.lit(1), ratio);
  }

  /// numerator / exprel(x) with one division: numerator * x/(e^x - 1).
  Real over_exprel(Real numerator, Real x) const {
    const Real above = clamp_above(x);
    const Real ratio = ops.div(ops.mul(numerator, above), expm1_of_clamped(clamp_below(above)));
    return ops.select(negligible(x), numerator, ratio);
  }

  /// Natural logarithm; log(0) = -inf, NaN below 0.
  Real log(Real x) const {
    const Split parts = split(x);
    const Real f = ops.sub(parts.mantissa, ops.lit(1));
    const Real s = ops.div(f, ops.add(f, ops.lit(2)));
    const Real z = ops.mul(s, s);
    const Real half_square = ops.mul(ops.mul(ops.lit(0.5), f), f);
    const Real tail = ops.fma(s, ops.fma(z, horner(z, Tables::log_r), half_square), ops.mul(parts.exponent, ops.lit(Tables::log_ln2_low)));
    const Real log_mantissa = ops.sub(f, ops.sub(half_square, tail));
    return log_special(x, ops.fma(parts.exponent, ops.lit(Tables::log_ln2_high), log_mantissa));
  }

  /// log(1 + x): log of the rounded sum, corrected by the ratio of x to what the sum kept of it.
  Real log1p(Real x) const {
    const Real sum = ops.add(x, ops.lit(1));
    const Real corrected = ops.mul(log(sum), ops.div(x, ops.sub(sum, ops.lit(1))));
    const Mask itself = ops.either(ops.eq(sum, ops.lit(1)), ops.eq(sum, ops.lit(infinity)));
    return ops.select(itself, x, corrected);
  }

  /// Radians. |x| <= Tables::trig_limit (f32: 2^20, f64: 2^48), NaN beyond.
  Real sin(Real x) const { return trigonometric(x, false); }
  Real cos(Real x) const { return trigonometric(x, true); }

  /// Odd by construction: t/(t+2) with t = e^(2|x|) - 1, and the sign of x.
  Real tanh(Real x) const {
    const Real twice = ops.mul(ops.abs(x), ops.lit(2));
    const Real t = expm1_of_clamped(ops.select(ops.lt(ops.lit(40), twice), ops.lit(40), twice));
    const Real magnitude = ops.div(t, ops.add(t, ops.lit(2)));
    const Int sign = ops.iand(ops.bits(x), ops.ilit(Tables::sign_bit));
    return ops.from_bits(ops.ior(ops.bits(magnitude), sign));
  }

  /// x^y for real y, special values as in C: pow(x,0) = pow(1,y) = 1, NaN for x < 0 unless y is an integer.
  Real pow(Real x, Real y) const {
    const Real magnitude = ops.abs(x);
    const auto [high, low] = log_in_two(magnitude);
    const Real product = ops.mul(y, high);
    const Real rest = ops.fma(y, low, ops.fma(y, high, ops.neg(product)));
    const Real safe_rest = ops.select(ops.lt(ops.abs(product), ops.lit(2000)), rest, ops.lit(0));
    return pow_special(x, y, magnitude, exp_of_sum(clamp_exponent(product), &safe_rest));
  }

  /// x^n by multiplication; the chain depends on n alone. x^0 = 1, x^-n = 1/x^n.
  Real powi(Real x, int n) const {
    if (n < 0) return ops.div(ops.lit(1), powi(x, -n));
    if (n == 0) return ops.lit(1);
    if (n == 1) return x;
    if (n % 2 == 1) return ops.mul(powi(x, n - 1), x);
    const Real half = powi(x, n / 2);
    return ops.mul(half, half);
  }

  /// c0 + z*(c1 + z*(c2 + ...)).
  template <std::size_t N>
  Real horner(Real z, const double (&c)[N]) const {
    Real sum = ops.lit(c[N - 1]);
    for (std::size_t k = N - 1; k-- > 0;) sum = ops.fma(sum, z, ops.lit(c[k]));
    return sum;
  }

 private:
  struct Reduced {
    Real r;      ///< x - n ln2, |r| <= ln2/2
    Real scale;  ///< 2^(n-1); zero where the result is flushed
  };
  struct Split {
    Real mantissa, exponent;  ///< mantissa in [sqrt(1/2), sqrt(2))
  };

  // Written so that a NaN passes through, and that each is one instruction (min, max) on x86.
  Real clamp_above(Real x) const { return ops.select(ops.lt(ops.lit(Tables::exp_high), x), ops.lit(Tables::exp_high), x); }
  Real clamp_below(Real x) const { return ops.select(ops.lt(x, ops.lit(Tables::exp_low)), ops.lit(Tables::exp_low), x); }
  Real clamp_exponent(Real x) const { return clamp_below(clamp_above(x)); }
  Mask negligible(Real x) const { return ops.lt(ops.abs(x), ops.lit(1e-30)); }

  // Adding 1.5*2^23 (2^52) rounds to an integer, which then stands in the low bits of the sum: no conversion is needed. The
  // constant carries the exponent bias less one too, so that one shift gives 2^(n-1). At n-1 = emin-1 the shifted bits are zero.
  Reduced reduce(Real x, const Real* low) const {
    const Real t = ops.fma(x, ops.lit(Tables::log2_e), ops.lit(Tables::exp_magic));
    const Real n = ops.sub(t, ops.lit(Tables::exp_magic));
    Real r = ops.fma(n, ops.lit(-Tables::ln2_high), x);
    r = ops.fma(n, ops.lit(-Tables::ln2_low), r);
    if (low) r = ops.add(r, *low);
    return {r, ops.from_bits(ops.shl(ops.bits(t), Tables::mantissa_bits))};
  }

  /// e^(x + low), x clamped: (2 e^r) * 2^(n-1) overflows to infinity by itself.
  Real exp_of_sum(Real x, const Real* low) const {
    const Reduced reduced = reduce(x, low);
    return ops.mul(horner(reduced.r, Tables::two_exp), reduced.scale);
  }

  /// 2 (2^(n-1) (e^r-1) + (2^(n-1) - 1/2)): exact cancellation-free form; with n = 0 it is e^r-1 itself.
  Real expm1_of_clamped(Real x) const {
    const auto [r, scale] = reduce(x, nullptr);
    const Real q = ops.fma(ops.mul(r, r), horner(r, Tables::expm1_p), r);
    const Real half = ops.fma(scale, q, ops.sub(scale, ops.lit(0.5)));
    return ops.add(half, half);
  }

  /// Exponent and mantissa of x > 0; subnormals are scaled up first.
  Split split(Real x) const {
    const Mask small = ops.lt(x, ops.lit(Tables::min_normal));
    const Real scaled = ops.select(small, ops.mul(x, ops.lit(Tables::subnormal_scale)), x);
    const Int shifted = ops.iadd(ops.bits(scaled), ops.ilit(Tables::one_bits - Tables::sqrt_half_bits));
    const Int exponent = ops.lshr(shifted, Tables::mantissa_bits);
    const Int mantissa = ops.iadd(ops.iand(shifted, ops.ilit(Tables::mantissa_mask)), ops.ilit(Tables::sqrt_half_bits));
    const Real as_real = ops.from_bits(ops.ior(exponent, ops.ilit(Tables::integer_magic_bits)));
    const Real bias = ops.select(small, ops.lit(Tables::integer_magic + Tables::subnormal_bias), ops.lit(Tables::integer_magic + Tables::bias));
    return {ops.from_bits(mantissa), ops.sub(as_real, bias)};
  }

  Real log_special(Real x, Real regular) const {
    const Mask valid = ops.both(ops.lt(ops.lit(0), x), ops.lt(x, ops.lit(infinity)));
    const Real negative = ops.select(ops.lt(x, ops.lit(0)), ops.lit(nan), x);  // else +inf or NaN: x itself
    return ops.select(valid, regular, ops.select(ops.eq(x, ops.lit(0)), ops.lit(-infinity), negative));
  }

  /// log(x) of a finite x > 0 as an unevaluated sum, relative error about 2^-64 (f64), 2^-33 (f32).
  std::pair<Real, Real> log_in_two(Real x) const {
    const Split parts = split(x);
    const Real f = ops.sub(parts.mantissa, ops.lit(1));
    const Real d = ops.add(f, ops.lit(2));
    const Real d_low = ops.sub(f, ops.sub(d, ops.lit(2)));
    const Real s = ops.div(f, d);
    const Real s_low = ops.div(ops.sub(ops.fma(ops.neg(s), d, f), ops.mul(s, d_low)), d);
    const Real z = ops.mul(s, s);
    const Real s_twice = ops.add(s, s);
    const Real z_low = ops.fma(s_twice, s_low, ops.fma(s, s, ops.neg(z)));
    const Real q = horner(z, Tables::pow_q);  // log m = 2s + s z (2/3 + z q)
    const Real zq = ops.mul(z, q);
    const Real p = ops.add(ops.lit(Tables::two_thirds_high), zq);
    const Real p_low = ops.add(ops.add(ops.sub(ops.lit(Tables::two_thirds_high), p), zq), ops.fma(z_low, q, ops.lit(Tables::two_thirds_low)));
    const Real u = ops.mul(s, z);
    const Real u_low = ops.fma(s_low, z, ops.fma(s, z_low, ops.fma(s, z, ops.neg(u))));
    const Real v = ops.mul(u, p);
    const Real v_low = ops.fma(u_low, p, ops.fma(u, p_low, ops.fma(u, p, ops.neg(v))));
    const Real a = ops.add(s_twice, v);
    const Real a_low = ops.add(ops.add(ops.sub(s_twice, a), v), ops.fma(s_low, ops.lit(2), v_low));
    const Real e = ops.mul(parts.exponent, ops.lit(Tables::log_ln2_high));  // exact: the constant is short
    const Real b = ops.add(e, a);
    const Real b_low = ops.add(ops.add(ops.sub(e, b), a), ops.fma(parts.exponent, ops.lit(Tables::log_ln2_low), a_low));
    const Real high = ops.add(b, b_low);
    return {high, ops.add(ops.sub(b, high), b_low)};
  }

  Real pow_special(Real x, Real y, Real magnitude, Real regular) const {
    const Real zero = ops.lit(0), inf = ops.lit(infinity);
    const Mask falling = ops.lt(y, zero);
    Real r = ops.select(ops.eq(magnitude, ops.lit(1)), ops.lit(1), regular);
    r = ops.select(ops.eq(magnitude, zero), ops.select(falling, inf, zero), r);
    r = ops.select(ops.eq(magnitude, inf), ops.select(falling, zero, inf), r);
    const Mask integral = ops.eq(ops.floor(y), y);
    const Real half = ops.mul(y, ops.lit(0.5));
    const Mask odd = ops.both(integral, ops.ne(ops.floor(half), half));
    const Mask signed_x = ops.ilt(ops.bits(x), ops.ilit(0));
    r = ops.select(ops.both(signed_x, odd), ops.neg(r), r);
    const Mask undefined = ops.both(ops.both(ops.lt(x, zero), ops.lt(magnitude, inf)), ops.invert(integral));
    r = ops.select(undefined, ops.lit(nan), r);
    r = ops.select(ops.ne(x, x), x, r);
    r = ops.select(ops.ne(y, y), y, r);
    return ops.select(ops.either(ops.eq(y, zero), ops.eq(x, ops.lit(1))), ops.lit(1), r);
  }

  // x = n pi/2 + r with pi/2 in three parts. The first fma is exact for |n| < 2^22 (2^51), so r keeps its digits wherever x itself
  // is not within rounding of a multiple of pi/2. Odd n swaps sine and cosine, n mod 4 gives the sign.
  Real trigonometric(Real x, bool cosine) const {
    const Real t = ops.fma(x, ops.lit(Tables::two_over_pi), ops.lit(Tables::trig_magic));
    const Real n = ops.sub(t, ops.lit(Tables::trig_magic));
    Real r = ops.fma(n, ops.lit(-Tables::half_pi_1), x);
    r = ops.fma(n, ops.lit(-Tables::half_pi_2), r);
    r = ops.fma(n, ops.lit(-Tables::half_pi_3), r);
    const Real z = ops.mul(r, r);
    const Real s = ops.fma(ops.mul(r, z), horner(z, Tables::sin_s), r);
    const Real c = ops.fma(ops.mul(z, z), horner(z, Tables::cos_c), ops.fma(z, ops.lit(-0.5), ops.lit(1)));
    const Int quadrant = cosine ? ops.iadd(ops.bits(t), ops.ilit(1)) : ops.bits(t);
    const Mask swapped = ops.ilt(ops.ilit(0), ops.iand(quadrant, ops.ilit(1)));
    const Int sign = ops.shl(ops.iand(quadrant, ops.ilit(2)), Tables::sign_shift);
    const Real value = ops.from_bits(ops.ixor(ops.bits(ops.select(swapped, c, s)), sign));
    return ops.select(ops.le(ops.abs(x), ops.lit(Tables::trig_limit)), value, ops.lit(nan));
  }
};

/// The host's functions in f64, used wherever a value may reach a state. pow follows the expansion pass: integer exponents up to
/// max_powi by multiplication, 1/2 by square root.
namespace own {
inline constexpr int max_powi = 64;
using Host = Elementary<ScalarOps<double>>;
inline double exp(double x) { return Host{}.exp(x); }
inline double expm1(double x) { return Host{}.expm1(x); }
inline double exprel(double x) { return Host{}.exprel(x); }
inline double log(double x) { return Host{}.log(x); }
inline double log1p(double x) { return Host{}.log1p(x); }
inline double sin(double x) { return Host{}.sin(x); }
inline double cos(double x) { return Host{}.cos(x); }
inline double tanh(double x) { return Host{}.tanh(x); }
inline double powi(double x, int n) { return Host{}.powi(x, n); }
inline double pow(double x, double y) {
  if (y == 0.5) return std::sqrt(x);
  if (std::fabs(y) <= max_powi && std::floor(y) == y) return powi(x, static_cast<int>(y));
  return Host{}.pow(x, y);
}
}  // namespace own

}  // namespace ranvier::base
