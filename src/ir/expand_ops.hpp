// The basic operations of base/elementary.hpp on graph nodes: the same template text that computes numbers on the host writes the
// kernel's nodes here.
//
//   base::Elementary<GraphOps<true>> f64{{graph}};
//   NodeId y = f64.exp(x);
#pragma once

#include <cstdint>

#include "base/elementary.hpp"
#include "ir/graph.hpp"

namespace ranvier::ir {

template <bool F64>
struct GraphOps {
  using Real = NodeId;
  using Int = NodeId;
  using Mask = NodeId;
  static constexpr bool is_f64 = F64;

  Graph& g;

  /// A literal of a basic graph is exactly representable in the kernel's precision.
  Real lit(double v) const { return g.literal(F64 ? v : static_cast<double>(static_cast<float>(v))); }
  Int ilit(std::int64_t v) const { return g.integer(v); }
  Real add(Real a, Real b) const { return g.add(a, b); }
  Real sub(Real a, Real b) const { return g.sub(a, b); }
  Real mul(Real a, Real b) const { return g.mul(a, b); }
  Real div(Real a, Real b) const { return g.div(a, b); }
  Real neg(Real a) const { return g.neg(a); }
  Real abs(Real a) const { return g.make(Op::abs, a); }
  Real fma(Real a, Real b, Real c) const { return g.make(Op::fma, a, b, c); }
  Real sqrt(Real a) const { return g.make(Op::sqrt, a); }
  Real floor(Real a) const { return g.make(Op::floor, a); }
  Mask lt(Real a, Real b) const { return g.make(Op::lt, a, b); }
  Mask le(Real a, Real b) const { return g.make(Op::le, a, b); }
  Mask eq(Real a, Real b) const { return g.make(Op::eq, a, b); }
  Mask ne(Real a, Real b) const { return g.make(Op::ne, a, b); }
  Mask both(Mask a, Mask b) const { return g.make(Op::logic_and, a, b); }
  Mask either(Mask a, Mask b) const { return g.make(Op::logic_or, a, b); }
  Mask invert(Mask a) const { return g.make(Op::logic_not, a); }
  Real select(Mask c, Real a, Real b) const { return g.select(c, a, b); }
  Int iselect(Mask c, Int a, Int b) const { return g.select(c, a, b); }
  Int iadd(Int a, Int b) const { return g.make(Op::iadd, a, b); }
  Int isub(Int a, Int b) const { return g.make(Op::isub, a, b); }
  Int iand(Int a, Int b) const { return g.make(Op::iand, a, b); }
  Int ior(Int a, Int b) const { return g.make(Op::ior, a, b); }
  Int ixor(Int a, Int b) const { return g.make(Op::ixor, a, b); }
  Int shl(Int a, int bits) const { return g.make(Op::shl, a, g.integer(bits)); }
  Int lshr(Int a, int bits) const { return g.make(Op::lshr, a, g.integer(bits)); }
  Int mulhi32(Int a, Int b) const { return g.make(Op::mulhi32, a, b); }
  Int mullo32(Int a, Int b) const { return g.make(Op::mullo32, a, b); }
  Real real_of_int(Int a) const { return g.make(Op::real_of_int, a); }
  Mask ilt(Int a, Int b) const { return g.make(Op::ilt, a, b); }
  Int bits(Real a) const { return g.make(Op::bits_of, a); }
  Real from_bits(Int a) const { return g.make(Op::real_of_bits, a); }
};

}  // namespace ranvier::ir
