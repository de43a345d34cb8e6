// The hot loops of event delivery: the rows of the sources that spiked, added to what has arrived at this worker's targets.
// `arrived` is indexed by local target (slice().size() elements). Sums run in the order of `sources`, then of storage.
//
//   deliver_counts(rows, spiked, slot, counts);            // one constant weight: count, multiply once in the kernel
//   deliver_weights(rows, spiked, slot, conductances);     // a weight for each synapse
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

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

namespace detail {

/// Lays short rows end to end before `consume(size, fields...)` walks them: the processor mispredicts where each row
/// ends, which costs as much as ten events and keeps it from having several rows under way. Rows are copied in units of
/// two lines, since rows of about one line each would be mispredicted too; there is room for that behind the last
/// (Buffer::slack). Order is kept.
template <class Consume, class... Field>
class Gathered {
 public:
  explicit Gathered(Consume consume) : consume_(std::move(consume)) {}
  void add(std::size_t size, const Field*... row) {
    if (size > longest) {
      flush();
      return consume_(size, row...);
    }
    std::apply([&](auto&... to) { (copy(to.data() + size_, row, size), ...); }, fields_);
    size_ += size;
    if (size_ > room) flush();
  }
  void flush() {
    std::apply([&](const auto&... from) { consume_(size_, from.data()...); }, fields_);
    size_ = 0;
  }

 private:
  static constexpr std::size_t longest = 128, room = 1024, copied = Buffer<char>::slack;
  template <class T>
  static void copy(T* to, const T* from, std::size_t size) {
    constexpr std::size_t unit = copied / sizeof(T);
    for (std::size_t k = 0; k < size; k += unit) std::memcpy(to + k, from + k, copied);
  }
  Consume consume_;
  std::size_t size_ = 0;
  std::tuple<std::array<Field, room + longest + copied / sizeof(Field)>...> fields_;
};

template <class... Field, class Consume>
Gathered<Consume, Field...> gathered(Consume consume) {
  return Gathered<Consume, Field...>(std::move(consume));
}

/// add(read(i)) for each i < size. Four at a time are read before any is added: the additions overlap.
template <class Read, class Add>
inline void four_at_a_time(std::size_t size, Read&& read, Add&& add) {
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    const auto a = read(i), b = read(i + 1), c = read(i + 2), d = read(i + 3);
    add(a), add(b), add(c), add(d);
  }
  for (; i < size; ++i) add(read(i));
}

/// What a delivery reads of an event before it writes.
template <class Real>
struct Added {
  std::uint64_t to;
  Real what;
};

}  // namespace detail

/// arrived[target] += 1 for each synapse of the segments (source, slot). Each source must be < rows.sources().
template <class Count>
inline std::uint64_t deliver_counts(const Rows& rows, std::span<const std::uint32_t> sources, std::uint32_t slot, Count* arrived) {
  return rows.visit([&](const auto& view) {
    using Target = std::remove_cvref_t<decltype(*view.targets)>;
    // Repeated targets are counted right, since each increment reads memory again.
    auto events = detail::gathered<Target>([&](std::size_t size, const Target* target) {
      detail::four_at_a_time(size, [&](std::size_t i) { return target[i]; }, [&](Target to) { ++arrived[to]; });
    });
    const auto total = detail::walk_segments(rows, view, sources, slot,
                                             [&](std::uint64_t first, std::uint64_t last) { events.add(last - first, view.targets + first); });
    events.flush();
    return total;
  });
}

/// arrived[target] += weights[synapse] for each synapse of the segments (source, slot), weights in storage order. Rows are copied in
/// whole lines: Buffer::slack bytes behind the last weight must be readable, as they are behind a Buffer and an engine's ArrayMemory.
template <class Weight, class Real>
inline std::uint64_t deliver_weights(const Rows& rows, std::span<const Weight> weights, std::span<const std::uint32_t> sources,
                            std::uint32_t slot, Real* arrived) {
  return rows.visit([&](const auto& view) {
    using Target = std::remove_cvref_t<decltype(*view.targets)>;
    auto events = detail::gathered<Target, Weight>([&](std::size_t size, const Target* target, const Weight* weight) {
      detail::four_at_a_time(
          size, [&](std::size_t i) { return detail::Added<Real>{target[i], static_cast<Real>(weight[i])}; },
          [&](const auto& e) { arrived[e.to] += e.what; });
    });
    const auto total = detail::walk_segments(rows, view, sources, slot, [&](std::uint64_t first, std::uint64_t last) {
      events.add(last - first, view.targets + first, weights.data() + first);
    });
    events.flush();
    return total;
  });
}

/// The same with the weights that the rows hold. Precondition: rows.has_weights().
template <class Real>
inline std::uint64_t deliver_weights(const Rows& rows, std::span<const std::uint32_t> sources, std::uint32_t slot, Real* arrived) {
  if (!rows.weights32().empty()) return deliver_weights(rows, rows.weights32(), sources, slot, arrived);
  return deliver_weights(rows, rows.weights64(), sources, slot, arrived);
}

/// A ring of arrival buffers, for synapses with delays of their own: an event is added where it will arrive, in one pass over its
/// row. `buffer_of[delay]` is the first element of the buffer of the step in which an event of that delay (in steps) arrives.
template <class Element>
struct DelayRing {
  Element* elements;
  const std::uint64_t* buffer_of;
};

/// ring[delay of the synapse][target] += 1, which must not overflow, for each synapse of the rows. Precondition: rows.has_delays().
template <class Count>
inline std::uint64_t deliver_delayed_counts(const Rows& rows, std::span<const std::uint32_t> sources, DelayRing<Count> ring) {
  return rows.visit([&](const auto& view) {
    using Target = std::remove_cvref_t<decltype(*view.targets)>;
    auto events = detail::gathered<Target, std::uint16_t>([&](std::size_t size, const Target* target, const std::uint16_t* delay) {
      detail::four_at_a_time(
          size, [&](std::size_t i) { return ring.buffer_of[delay[i]] + target[i]; }, [&](std::uint64_t to) { ++ring.elements[to]; });
    });
    const auto total = detail::walk_rows(view, sources, [&](std::uint64_t first, std::uint64_t last) {
      events.add(last - first, view.targets + first, rows.delays().data() + first);
    });
    events.flush();
    return total;
  });
}

/// ring[delay][target] += weight. Sums run in the order of steps of emission, then of `sources`, then of storage.
template <class Weight, class Real>
inline std::uint64_t deliver_delayed_weights(const Rows& rows, std::span<const Weight> weights, std::span<const std::uint32_t> sources,
                                             DelayRing<Real> ring) {
  return rows.visit([&](const auto& view) {
    using Target = std::remove_cvref_t<decltype(*view.targets)>;
    auto events = detail::gathered<Target, std::uint16_t, Weight>(
        [&](std::size_t size, const Target* target, const std::uint16_t* delay, const Weight* weight) {
          detail::four_at_a_time(
              size, [&](std::size_t i) { return detail::Added<Real>{ring.buffer_of[delay[i]] + target[i], static_cast<Real>(weight[i])}; },
              [&](const auto& e) { ring.elements[e.to] += e.what; });
        });
    const auto total = detail::walk_rows(view, sources, [&](std::uint64_t first, std::uint64_t last) {
      events.add(last - first, view.targets + first, rows.delays().data() + first, weights.data() + first);
    });
    events.flush();
    return total;
  });
}
template <class Real>
inline std::uint64_t deliver_delayed_weights(const Rows& rows, std::span<const std::uint32_t> sources, DelayRing<Real> ring) {
  if (!rows.weights32().empty()) return deliver_delayed_weights(rows, rows.weights32(), sources, ring);
  return deliver_delayed_weights(rows, rows.weights64(), sources, ring);
}

}  // namespace ranvier::connect
