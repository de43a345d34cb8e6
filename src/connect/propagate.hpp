// Values through connectivity: every source's value, times the weight, added to what this worker's targets receive. `received` is
// indexed by local target. Sums run in ascending order of source, then of storage, whatever the cut into workers.
//
//   propagate(rows, values, received);                // sum of values: a constant weight is multiplied by the kernel
//   propagate_weighted(rows, values, received);       // sum of weight * value, weights that the rows hold
//   add_weights(rows, sums);                                // the sum of each target's weights, or their number
#pragma once

#include <cstdint>
#include <span>

#include "connect/rows.hpp"

namespace ranvier::connect {

namespace detail {

/// f(value, first, last) for each source whose value is not zero: a zero adds nothing to a sum that started from +0, weights being
/// finite, and many sources of a kinetic synapse are at rest.
template <class Target, class Offset, class Value, class F>
inline void walk_sources(const RowView<Target, Offset>& view, std::span<const Value> values, F&& f) {
  for (std::size_t source = 0; source < values.size(); ++source) {
    if (values[source] == Value{0}) continue;
    const Offset* const at = view.offsets + source;
    f(values[source], std::uint64_t{at[0]}, std::uint64_t{at[1]});
  }
}

}  // namespace detail

/// received[target] += values[source] for each synapse. values: one a source, rows.sources() of them.
template <class Value, class Real>
inline void propagate(const Rows& rows, std::span<const Value> values, Real* received) {
  rows.visit([&](const auto& view) {
    detail::walk_sources(view, values, [&](Value value, std::uint64_t first, std::uint64_t last) {
      const auto* target = view.targets + first;
      const auto* const end = view.targets + last;
      const auto x = static_cast<Real>(value);
      for (; end - target >= 4; target += 4) {
        const auto a = target[0], b = target[1], c = target[2], d = target[3];
        received[a] += x, received[b] += x, received[c] += x, received[d] += x;
      }
      for (; target != end; ++target) received[*target] += x;
    });
  });
}

/// received[target] += weight * values[source]; weights in storage order.
template <class Weight, class Value, class Real>
inline void propagate(const Rows& rows, std::span<const Weight> weights, std::span<const Value> values, Real* received) {
  rows.visit([&](const auto& view) {
    detail::walk_sources(view, values, [&](Value value, std::uint64_t first, std::uint64_t last) {
      const auto x = static_cast<Real>(value);
      for (std::uint64_t i = first; i < last; ++i) received[view.targets[i]] += static_cast<Real>(weights[i]) * x;
    });
  });
}

/// The same with the weights that the rows hold. Precondition: rows.has_weights().
template <class Value, class Real>
inline void propagate_weighted(const Rows& rows, std::span<const Value> values, Real* received) {
  if (!rows.weights32().empty()) return propagate(rows, rows.weights32(), values, received);
  propagate(rows, rows.weights64(), values, received);
}

/// A delay a synapse: past(delay) is the value array `delay` steps back. Precondition: rows.has_delays().
template <class Real, class Past>
inline void propagate_delayed(const Rows& rows, Past&& past, Real* received) {
  rows.visit([&](const auto& view) {
    for (std::uint32_t source = 0; source < rows.sources(); ++source) {
      const auto last = std::uint64_t{view.offsets[source + 1]};
      for (std::uint64_t i = view.offsets[source]; i < last; ++i) {
        const auto x = static_cast<Real>(past(rows.delays()[i])[source]);
        received[view.targets[i]] += rows.has_weights() ? static_cast<Real>(rows.weight(i)) * x : x;
      }
    }
  });
}

/// All targets have all sources: one sum serves them all, and gives the bits that propagate() would give.
template <class Value, class Real>
inline void propagate_to_all(std::span<const Value> values, std::uint32_t targets, Real* received) {
  Real sum{0};
  for (const Value value : values) sum += static_cast<Real>(value);
  for (std::uint32_t i = 0; i < targets; ++i) received[i] = sum;
}

/// sums[target] += weight (1 where constant) for each synapse, in the order of propagate().
template <class Real>
inline void add_weights(const Rows& rows, Real* sums) {
  for (std::uint32_t source = 0; source < rows.sources(); ++source) {
    for (std::uint32_t slot = 0; slot < rows.slots(); ++slot) {
      rows.for_each(source, slot, [&](std::uint32_t target, double weight) { sums[target] += static_cast<Real>(weight); });
    }
  }
}

}  // namespace ranvier::connect
