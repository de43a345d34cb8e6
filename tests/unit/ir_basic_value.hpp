// The value of a basic expression in float or double, by the shortest independent means: a second opinion on expand().
//
//   std::vector<float> y = basic_values<float>(expanded, {{"V", -50.0f}}, scalars);
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "ir/passes.hpp"

namespace ranvier::ir {

template <class R>
class BasicValues {
 public:
  using Int = std::conditional_t<sizeof(R) == 8, std::int64_t, std::int32_t>;
  using Bits = std::make_unsigned_t<Int>;

  /// `symbols` by name, "$0", "$1", ... included.
  BasicValues(const Graph& g, std::span<const NodeId> roots, const std::map<std::string, R>& symbols) : g_(g), value_(g.size()) {
    for (const NodeId id : topological(g, roots)) {
      const Node& n = g[id];
      if (n.op == Op::symbol) {
        value_[id].real = symbols.at(g.symbol_of(id).name);
      } else if (n.op == Op::literal) {
        if (n.type == Type::real) value_[id].real = static_cast<R>(g.literal_value(id));
        if (n.type != Type::real) value_[id].bits = static_cast<Bits>(n.payload);
      } else {
        value_[id] = of(n);
      }
    }
  }

  [[nodiscard]] R operator[](NodeId id) const { return value_[id].real; }

 private:
  struct Value {
    R real = 0;
    Bits bits = 0;  ///< an integer, or a boolean as 0 and 1
  };

  Value of(const Node& n) const {
    const auto at = [&](int k) { return n.arg[k] == no_node ? Value{} : value_[n.arg[k]]; };
    const R a = at(0).real, b = at(1).real, c = at(2).real;
    const Bits i = at(0).bits, j = at(1).bits;
    const auto real = [](R v) { return Value{v, 0}; };
    const auto whole = [](Bits v) { return Value{0, v}; };
    switch (n.op) {
      case Op::add: return real(a + b);
      case Op::sub: return real(a - b);
      case Op::mul: return real(a * b);
      case Op::div: return real(a / b);
      case Op::neg: return real(-a);
      case Op::abs: return real(std::fabs(a));
      case Op::fma: return real(std::fma(a, b, c));
      case Op::sqrt: return real(std::sqrt(a));
      case Op::floor: return real(std::floor(a));
      case Op::lt: return whole(a < b);
      case Op::le: return whole(a <= b);
      case Op::eq: return whole(a == b);
      case Op::ne: return whole(a != b);
      case Op::logic_and: return whole(i & j);
      case Op::logic_or: return whole(i | j);
      case Op::logic_not: return whole(i ^ 1);
      case Op::select: return i != 0 ? at(1) : at(2);
      case Op::iadd: return whole(i + j);
      case Op::isub: return whole(i - j);
      case Op::imul: return whole(i * j);
      case Op::iand: return whole(i & j);
      case Op::ior: return whole(i | j);
      case Op::ixor: return whole(i ^ j);
      case Op::shl: return whole(i << j);
      case Op::lshr: return whole(i >> j);
      case Op::ilt: return whole(static_cast<Int>(i) < static_cast<Int>(j));
      case Op::ieq: return whole(i == j);
      case Op::bits_of: return whole(std::bit_cast<Bits>(a));
      case Op::real_of_bits: return real(std::bit_cast<R>(i));
      case Op::real_of_int: return real(static_cast<R>(static_cast<Int>(i)));
      default: throw std::logic_error("not a basic operator of the rates: " + std::string(op_info(n.op).name));
    }
  }

  const Graph& g_;
  std::vector<Value> value_;
};

}  // namespace ranvier::ir
