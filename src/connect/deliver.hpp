// The hot loops of event delivery: the rows of the sources that spiked, added to what has arrived at this worker's targets.
// `arrived` is indexed by local target (slice().size() elements). Sums run in the order of `sources`, then of storage.
//
//   deliver_counts(rows, spiked, slot, counts);            // one constant weight: count, multiply once in the kernel
//   deliver_weights(rows, spiked, slot, conductances);     // a weight for each synapse
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "connect/rows.hpp"

namespace ranvier::connect {

namespace detail {

inline void prefetch(const void* address) { __builtin_prefetch(address, 0, 3); }

/// Calls f(first, last) with the segment of each source. Rows lie scattered in memory: the offsets are asked for sixteen
/// sources ahead, the targets eight ahead (80 of them take three lines of 64 bytes, or six when wide); the hardware follows a
/// longer row once it has begun.
template <class Target, class Offset, class F>
inline std::uint64_t walk_rows(const RowView<Target, Offset>& view, std::span<const std::uint32_t> sources, F&& f) {
  constexpr std::size_t offsets_ahead = 16, targets_ahead = 8;
  constexpr std::size_t line = 64 / sizeof(Target), lines = 3 * sizeof(Target) / 2;
  const auto fetch_row = [&](std::size_t i) {
    const Target* const row = view.targets + view.offsets[sources[i]];
    for (std::size_t l = 0; l < lines; ++l) prefetch(row + l * line);
  };
  const std::size_t count = sources.size();
  for (std::size_t i = 0; i < std::min(count, offsets_ahead); ++i) prefetch(view.offsets + sources[i]);
  for (std::size_t i = 0; i < std::min(count, targets_ahead); ++i) fetch_row(i);
  std::uint64_t events = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + offsets_ahead < count) prefetch(view.offsets + sources[i + offsets_ahead]);
    if (i + targets_ahead < count) fetch_row(i + targets_ahead);
    const Offset* const at = view.offsets + sources[i];
    f(std::uint64_t{at[0]}, std::uint64_t{at[1]});
    events += at[1] - at[0];
  }
  return events;
}

/// Those parts of the rows that have the delay of `slot`; all of them where synapses have no delays.
template <class Target, class Offset, class F>
inline std::uint64_t walk_segments(const Rows& rows, const RowView<Target, Offset>& view, std::span<const std::uint32_t> sources,
                                   std::uint32_t slot, F&& f) {
  if (!rows.has_delays()) return walk_rows(view, sources, f);
  std::uint64_t events = 0;
  for (const std::uint32_t source : sources) {
    const std::uint64_t first = rows.first(source, slot), last = rows.last(source, slot);
    f(first, last);
    events += last - first;
  }
  return events;
}

}  // namespace detail

/// arrived[target] += 1 for each synapse of the segments (source, slot). Each source must be < rows.sources().
inline std::uint64_t deliver_counts(const Rows& rows, std::span<const std::uint32_t> sources, std::uint32_t slot, std::uint32_t* arrived) {
  return rows.visit([&](const auto& view) {
    return detail::walk_segments(rows, view, sources, slot, [&](std::uint64_t first, std::uint64_t last) {
      const auto* target = view.targets + first;
      const auto* const end = view.targets + last;
      // Eight indices are read before any count is written: the increments overlap. Repeated targets are still counted right,
      // since each increment reads memory again.
      for (; end - target >= 8; target += 8) {
        const auto a = target[0], b = target[1], c = target[2], d = target[3];
        const auto e = target[4], f = target[5], g = target[6], h = target[7];
        ++arrived[a], ++arrived[b], ++arrived[c], ++arrived[d];
        ++arrived[e], ++arrived[f], ++arrived[g], ++arrived[h];
      }
      for (; target != end; ++target) ++arrived[*target];
    });
  });
}

/// arrived[target] += weights[synapse] for each synapse of the segments (source, slot), weights in storage order.
template <class Weight, class Real>
inline std::uint64_t deliver_weights(const Rows& rows, std::span<const Weight> weights, std::span<const std::uint32_t> sources,
                            std::uint32_t slot, Real* arrived) {
  return rows.visit([&](const auto& view) {
    return detail::walk_segments(rows, view, sources, slot, [&](std::uint64_t first, std::uint64_t last) {
      const auto* const target = view.targets;
      std::uint64_t i = first;
      for (; i + 4 <= last; i += 4) {
        const auto a = target[i], b = target[i + 1], c = target[i + 2], d = target[i + 3];
        const Real wa = static_cast<Real>(weights[i]), wb = static_cast<Real>(weights[i + 1]);
        const Real wc = static_cast<Real>(weights[i + 2]), wd = static_cast<Real>(weights[i + 3]);
        arrived[a] += wa, arrived[b] += wb, arrived[c] += wc, arrived[d] += wd;
      }
      for (; i < last; ++i) arrived[target[i]] += static_cast<Real>(weights[i]);
    });
  });
}

/// The same with the weights that the rows hold. Precondition: rows.has_weights().
template <class Real>
inline std::uint64_t deliver_weights(const Rows& rows, std::span<const std::uint32_t> sources, std::uint32_t slot, Real* arrived) {
  if (!rows.weights32().empty()) return deliver_weights(rows, rows.weights32(), sources, slot, arrived);
  return deliver_weights(rows, rows.weights64(), sources, slot, arrived);
}

/// arrived[target] += weight for each synapse: for a constant weight where counting is not wanted.
template <class Real>
inline std::uint64_t deliver_constant(const Rows& rows, Real weight, std::span<const std::uint32_t> sources, std::uint32_t slot,
                             Real* arrived) {
  return rows.visit([&](const auto& view) {
    return detail::walk_segments(rows, view, sources, slot, [&](std::uint64_t first, std::uint64_t last) {
      for (std::uint64_t i = first; i < last; ++i) arrived[view.targets[i]] += weight;
    });
  });
}

/// A ring of arrival buffers, for synapses with delays of their own: an event is added where it will arrive, in one pass over its
/// row. `buffer_of[delay]` is the first element of the buffer of the step in which an event of that delay (in steps) arrives.
template <class Element>
struct DelayRing {
  Element* elements;
  const std::uint64_t* buffer_of;
};

/// ring[delay of the synapse][target] += 1 for each synapse of the rows. Precondition: rows.has_delays().
inline std::uint64_t deliver_delayed_counts(const Rows& rows, std::span<const std::uint32_t> sources, DelayRing<std::uint32_t> ring) {
  const std::uint16_t* const delays = rows.delays().data();
  return rows.visit([&](const auto& view) {
    return detail::walk_rows(view, sources, [&](std::uint64_t i, std::uint64_t last) {
      for (; i + 4 <= last; i += 4) {
        const std::uint64_t a = ring.buffer_of[delays[i]] + view.targets[i], b = ring.buffer_of[delays[i + 1]] + view.targets[i + 1];
        const std::uint64_t c = ring.buffer_of[delays[i + 2]] + view.targets[i + 2], d = ring.buffer_of[delays[i + 3]] + view.targets[i + 3];
        ++ring.elements[a], ++ring.elements[b], ++ring.elements[c], ++ring.elements[d];
      }
      for (; i < last; ++i) ++ring.elements[ring.buffer_of[delays[i]] + view.targets[i]];
    });
  });
}

/// ring[delay][target] += weight. Sums run in the order of steps of emission, then of `sources`, then of storage.
template <class Weight, class Real>
inline std::uint64_t deliver_delayed_weights(const Rows& rows, std::span<const Weight> weights, std::span<const std::uint32_t> sources,
                                             DelayRing<Real> ring) {
  const std::uint16_t* const delays = rows.delays().data();
  return rows.visit([&](const auto& view) {
    return detail::walk_rows(view, sources, [&](std::uint64_t i, std::uint64_t last) {
      for (; i < last; ++i) ring.elements[ring.buffer_of[delays[i]] + view.targets[i]] += static_cast<Real>(weights[i]);
    });
  });
}
template <class Real>
inline std::uint64_t deliver_delayed_weights(const Rows& rows, std::span<const std::uint32_t> sources, DelayRing<Real> ring) {
  if (!rows.weights32().empty()) return deliver_delayed_weights(rows, rows.weights32(), sources, ring);
  return deliver_delayed_weights(rows, rows.weights64(), sources, ring);
}

}  // namespace ranvier::connect
