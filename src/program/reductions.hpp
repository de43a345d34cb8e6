// Sums and the like in an order of their own, the same for every number of workers.
//
//   double total = reduce_all(Reduction::sum, values, count);
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "program/statements.hpp"

namespace ranvier::program {

/// Sums of integers and truth values are exact, those of reals are in the precision of the program.
template <class T>
using Total = std::conditional_t<std::is_floating_point_v<T>, T, std::int64_t>;

template <class A>
A larger(A a, A b) {
  return b > a || b != b ? b : a;
}  // NaN wins, as in NumPy
template <class A>
A smaller(A a, A b) {
  return b < a || b != b ? b : a;
}

template <class A>
A combine(Reduction kind, A a, A b) {
  switch (kind) {
    case Reduction::max:
      return larger(a, b);
    case Reduction::min:
      return smaller(a, b);
    case Reduction::any:
      return A(a != A{0} || b != A{0});
    case Reduction::all:
      return A(a != A{0} && b != A{0});
    default:
      return a + b;
  }
}

template <class T>
Total<T> start(Reduction kind, T first) {
  switch (kind) {
    case Reduction::any:
    case Reduction::all:
      return Total<T>(first != T{0});
    default:
      return static_cast<Total<T>>(first);
  }
}

/// At most 1,024 values: sixteen running sums, then a tree over them.
template <class T>
Total<T> reduce_block(Reduction kind, const T* x, std::size_t n) {
  using A = Total<T>;
  std::array<A, 16> lane{};
  const std::size_t lanes = std::min<std::size_t>(n, 16);
  for (std::size_t k = 0; k < lanes; ++k) lane[k] = start(kind, x[k]);
  if (kind == Reduction::sum || kind == Reduction::mean) {
    std::size_t i = 16;
    for (; i + 16 <= n; i += 16) {
      for (std::size_t k = 0; k < 16; ++k) lane[k] += static_cast<A>(x[i + k]);
    }
    for (; i < n; ++i) lane[i % 16] += static_cast<A>(x[i]);
  } else {
    for (std::size_t i = 16; i < n; ++i) lane[i % 16] = combine(kind, lane[i % 16], start(kind, x[i]));
  }
  for (std::size_t width = 8; width > 0; width /= 2) {
    for (std::size_t k = 0; k < width && k + width < lanes; ++k) lane[k] = combine(kind, lane[k], lane[k + width]);
  }
  return lane[0];
}

/// Sixteen running sums of products, then a tree over them.
template <class Real>
Real dot(const Real* a, const Real* b, std::size_t n) {
  std::array<Real, 16> lane{};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    for (std::size_t k = 0; k < 16; ++k) lane[k] += a[i + k] * b[i + k];
  }
  for (; i < n; ++i) lane[i % 16] += a[i] * b[i];
  for (std::size_t width = 8; width > 0; width /= 2) {
    for (std::size_t k = 0; k < width; ++k) lane[k] += lane[k + width];
  }
  return lane[0];
}

/// Blocks of 1,024, then pairs of neighbours.
template <class T>
double reduce_all(Reduction kind, const T* x, std::size_t n, std::vector<double>& scratch) {
  using A = Total<T>;
  if (n == 0) return kind == Reduction::all ? 1 : 0;
  constexpr std::size_t block = 1024;
  A result{};
  if (n <= block) {
    result = reduce_block(kind, x, n);
  } else {
    // The tree needs the sums of the blocks at hand; doubles hold floats and counts below 2^53 exactly.
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; i += block)
      scratch[count++] = static_cast<double>(reduce_block(kind, x + i, std::min(block, n - i)));
    while (count > 1) {
      for (std::size_t k = 0; k < count / 2; ++k) {
        scratch[k] =
            static_cast<double>(combine(kind, static_cast<A>(scratch[2 * k]), static_cast<A>(scratch[2 * k + 1])));
      }
      if (count % 2 == 1) scratch[count / 2] = scratch[count - 1];
      count = (count + 1) / 2;
    }
    result = static_cast<A>(scratch[0]);
  }
  return kind == Reduction::mean ? static_cast<double>(result) / static_cast<double>(n) : static_cast<double>(result);
}

}  // namespace ranvier::program
