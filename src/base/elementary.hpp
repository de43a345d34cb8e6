// Elementary functions, each written once as a template over the basic operations of a kernel, so that the same text gives the
// graph rewrite (ir/expand) and the host's own functions. Table of proven errors: docs/elementary-functions.md.
//
//   double y = ranvier::base::own::exp(x);        // the host, f64
//   auto y = Elementary<Ops>{ops}.exp(x);         // any `Ops`: see ScalarOps for the operations that one must offer
//
// Every function is defined over its whole range, with infinities and NaN as in IEEE 754 (NaN in, NaN out).
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace ranvier::base {

/// The basic operations on plain numbers: Real is float or double, Int the integer of the same width (wrapping), Mask is bool.
/// ir/expand.cpp has the same set on graph nodes. `is_f64` chooses polynomials at generation time.
template <class R>
struct ScalarOps {
  using Real = R;
  using Int = std::conditional_t<sizeof(R) == 8, std::uint64_t, std::uint32_t>;
  using Mask = bool;
  static constexpr bool is_f64 = sizeof(R) == 8;

  Real lit(double v) const { return static_cast<R>(v); }
  Int ilit(std::int64_t v) const { return static_cast<Int>(v); }
  Real add(Real a, Real b) const { return a + b; }
  Real sub(Real a, Real b) const { return a - b; }
  Real mul(Real a, Real b) const { return a * b; }
  Real div(Real a, Real b) const { return a / b; }
  Real neg(Real a) const { return -a; }
  Real abs(Real a) const { return std::fabs(a); }
  Real fma(Real a, Real b, Real c) const { return std::fma(a, b, c); }
  Real sqrt(Real a) const { return std::sqrt(a); }
  Real floor(Real a) const { return std::floor(a); }
  Mask lt(Real a, Real b) const { return a < b; }
  Mask le(Real a, Real b) const { return a <= b; }
  Mask eq(Real a, Real b) const { return a == b; }
  Mask ne(Real a, Real b) const { return a != b; }
  Mask both(Mask a, Mask b) const { return a && b; }
  Mask either(Mask a, Mask b) const { return a || b; }
  Mask invert(Mask a) const { return !a; }
  Real select(Mask c, Real a, Real b) const { return c ? a : b; }
  Int iselect(Mask c, Int a, Int b) const { return c ? a : b; }
  Int iadd(Int a, Int b) const { return a + b; }
  Int isub(Int a, Int b) const { return a - b; }
  Int iand(Int a, Int b) const { return a & b; }
  Int ior(Int a, Int b) const { return a | b; }
  Int ixor(Int a, Int b) const { return a ^ b; }
  Int shl(Int a, int bits) const { return a << bits; }
  Int lshr(Int a, int bits) const { return a >> bits; }
  Int mulhi32(Int a, Int b) const { return static_cast<Int>(std::uint64_t{std::uint32_t(a)} * std::uint32_t(b) >> 32); }
  Int mullo32(Int a, Int b) const { return static_cast<Int>(static_cast<std::uint32_t>(std::uint32_t(a) * std::uint32_t(b))); }
  Real real_of_int(Int a) const { return static_cast<R>(static_cast<std::make_signed_t<Int>>(a)); }
  Mask ilt(Int a, Int b) const { return static_cast<std::make_signed_t<Int>>(a) < static_cast<std::make_signed_t<Int>>(b); }
  Int bits(Real a) const { return std::bit_cast<Int>(a); }
  Real from_bits(Int a) const { return std::bit_cast<R>(a); }
};

}  // namespace ranvier::base

#include "base/elementary_functions.hpp"  // Elementary<Ops> and namespace own
