// Random numbers of a time step, each written once as a template over the basic operations of a kernel: Philox4x32-10 words, uniform
// and normal numbers from them, and Poisson counts. docs/noise.md states laws, resolution and errors.
//
//   Noise<ScalarOps<double>> noise;                                     // the host; ir/expand has the same on graph nodes
//   auto words = noise.philox({k0, k1}, {element, block, step, 0});
//   double z = noise.normal(words, 0);                                  // one of two (f64) or four (f32) of these words
#pragma once

#include <array>

#include "base/elementary.hpp"

namespace ranvier::base {

template <class Ops>
struct Noise {
  using Real = typename Ops::Real;
  using Int = typename Ops::Int;
  using Words = std::array<Int, 4>;
  using Tables = elementary::Tables<Ops::is_f64>;
  /// Numbers that one block of four words gives.
  static constexpr unsigned per_block = Ops::is_f64 ? 2 : 4;

  Ops ops{};

  /// Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC11). 32-bit words, in f64 with anything above the low half.
  Words philox(std::array<Int, 2> key, Words c) const {
    const Int m0 = ops.ilit(0xD2511F53), m1 = ops.ilit(0xCD9E8D57), w0 = ops.ilit(0x9E3779B9), w1 = ops.ilit(0xBB67AE85);
    for (int round = 0; round < 10; ++round) {
      if (round > 0) key = {ops.iadd(key[0], w0), ops.iadd(key[1], w1)};
      c = {ops.ixor(ops.ixor(ops.mulhi32(m1, c[2]), c[1]), key[0]), ops.mullo32(m1, c[2]),
           ops.ixor(ops.ixor(ops.mulhi32(m0, c[0]), c[3]), key[1]), ops.mullo32(m0, c[0])};
    }
    return c;
  }

  /// Uniform in (0, 1), never 0 nor 1. f64: odd multiples of 2^-53. f32: odd multiples of 2^-32, rounded to a float below 1.
  Real uniform(const Words& w, unsigned which) const {
    if constexpr (Ops::is_f64) return ops.add(ops.sub(from_one_to_two(w[2 * which], w[2 * which + 1]), ops.lit(1)), ops.lit(0x1p-53));
    return open_unit(w[which]);
  }

  /// Standard normal by Box and Muller (1958): sqrt(-2 ln u) times cosine (even `which`) or sine (odd) of a uniform angle.
  Real normal(const Words& w, unsigned which) const {
    if constexpr (Ops::is_f64) return scaled(uniform(w, 0), angle(w), which % 2 == 1);
    const unsigned first = which / 2 * 2;
    return scaled(open_unit(w[first]), angle_f32(w[first + 1]), which % 2 == 1);
  }

  /// A Poisson count of this mean from one uniform and one normal number. Up to `exact_mean` by inversion: N >= k where
  /// u < P(N >= k), each probability with a few ulp of relative error however small; counts end at `most`. Above, Giles' expansion of
  /// the inverse (ACM TOMS 42, 2016, algorithm 955) of three corrections. NaN for a negative mean, 0 for 0.
  Real poisson(Real mean, Real u, Real z) const {
    const Real few = inverted(mean, u), many = expanded(mean, z);
    const Real count = ops.select(ops.le(mean, ops.lit(exact_mean)), few, many);
    return ops.select(ops.le(ops.lit(0), mean), count, ops.lit(Elementary<Ops>::nan));
  }
  static constexpr double exact_mean = 12;
  static constexpr int most = 48;  ///< P(N > 48) = 1e-15 at mean 12

 private:
  struct Angle {
    Real quarter;   ///< [-1/2, 1/2) of a quarter turn
    Int quadrant;   ///< its low two bits
  };

  // 52 bits of two words become the mantissa of a number in [1, 2): AVX2 cannot convert 64-bit integers.
  Real from_one_to_two(Int high, Int low) const {
    const Int low_bits = ops.lshr(ops.iand(low, ops.ilit(0xffffffff)), 12);
    const Int high_bits = ops.shl(ops.iand(high, ops.ilit(0xffffffff)), 20);
    return ops.from_bits(ops.ior(ops.ior(high_bits, low_bits), ops.ilit(Tables::one_bits)));
  }
  Real open_unit(Int word) const {
    const Real u = ops.fma(ops.real_of_int(ops.lshr(word, 1)), ops.lit(0x1p-31), ops.lit(0x1p-32));
    return ops.select(ops.lt(u, ops.lit(1)), u, ops.lit(1 - 0x1p-24));
  }
  Angle angle(const Words& w) const { return {ops.sub(from_one_to_two(w[2], w[3]), ops.lit(1.5)), w[3]}; }
  Angle angle_f32(Int word) const {
    return {ops.fma(ops.real_of_int(ops.lshr(word, 2)), ops.lit(0x1p-30), ops.lit(-0.5)), word};
  }

  // The quadrant comes from bits of its own, so that no argument needs reduction; polynomials as in Elementary::sin.
  Real scaled(Real u, Angle angle, bool sine) const {
    const Elementary<Ops> functions{ops};
    const Real radius = ops.sqrt(ops.mul(ops.lit(-2), functions.log(u)));
    const Real r = ops.mul(angle.quarter, ops.lit(1.5707963267948966));
    const Real square = ops.mul(r, r);
    const Real s = ops.fma(ops.mul(r, square), functions.horner(square, Tables::sin_s), r);
    const Real c = ops.fma(ops.mul(square, square), functions.horner(square, Tables::cos_c), ops.fma(square, ops.lit(-0.5), ops.lit(1)));
    const auto swapped = ops.ilt(ops.ilit(0), ops.iand(angle.quadrant, ops.ilit(1)));
    // cos and sin of (quadrant + quarter) quarter turns: (c, s), (-s, c), (-c, -s), (s, -c).
    const Real chosen = sine ? ops.select(swapped, c, s) : ops.select(swapped, s, c);
    const Int turned = sine ? angle.quadrant : ops.iadd(angle.quadrant, ops.ilit(1));
    const Int sign = ops.shl(ops.iand(turned, ops.ilit(2)), Tables::sign_shift);
    return ops.mul(radius, ops.from_bits(ops.ixor(ops.bits(chosen), sign)));
  }

  // P(N >= k) = p_k T_k with p_k = e^-m m^k/k! and T_k = 1 + m/(k+1) T_(k+1): sums of positive terms only.
  Real inverted(Real mean, Real u) const {
    std::array<Real, most + 1> tail;
    tail[most] = ops.lit(1);
    for (int k = most; k-- > 1;) tail[k] = ops.fma(ops.mul(mean, ops.lit(1.0 / (k + 1))), tail[k + 1], ops.lit(1));
    Real p = Elementary<Ops>{ops}.exp(ops.neg(mean)), count = ops.lit(0);
    for (int k = 1; k <= most; ++k) {
      p = ops.mul(p, ops.mul(mean, ops.lit(1.0 / k)));
      count = ops.add(count, ops.select(ops.lt(u, ops.mul(p, tail[k])), ops.lit(1), ops.lit(0)));
    }
    return count;
  }

  Real expanded(Real mean, Real z) const {
    const Real square = ops.mul(z, z), root = ops.sqrt(mean);
    const Real first = ops.fma(square, ops.lit(1.0 / 6), ops.lit(1.0 / 3));
    const Real second = ops.mul(z, ops.fma(square, ops.lit(-1.0 / 72), ops.lit(-1.0 / 36)));
    const Real third = ops.fma(square, ops.fma(square, ops.lit(1.0 / 270), ops.lit(7.0 / 810)), ops.lit(-8.0 / 405));
    const Real corrections = ops.add(first, ops.add(ops.div(second, root), ops.div(third, mean)));
    const Real quantile = ops.floor(ops.add(ops.fma(root, z, mean), corrections));
    return ops.select(ops.lt(ops.lit(0), quantile), quantile, ops.lit(0));
  }
};

namespace own {
inline double poisson(double mean, double u, double z) { return Noise<ScalarOps<double>>{}.poisson(mean, u, z); }
}  // namespace own

}  // namespace ranvier::base
