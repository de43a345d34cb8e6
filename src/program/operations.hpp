// What the statements of a step do to the arrays, kernels apart: each worker does its part of the elements. scatter()
// and reduce() are one worker's.
//
//   Operations<float> operations(program, workers);
//   operations.gather(worker, std::get<Gather>(program.statements[3]));
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "program/lower.hpp"
#include "program/parts.hpp"
#include "program/reductions.hpp"

namespace ranvier::program {

/// The elements of an array that are true, of one worker's part.
struct List {
  std::vector<std::uint32_t> ids;
  std::int64_t count = 0;
};

/// What one worker keeps between steps, and its room to work in.
struct Desk {
  std::vector<std::uint64_t> heads;  ///< by array (rings)
  std::vector<std::uint32_t> sources;
  std::vector<double> scratch;
};

template <class Real>
class Operations {
 public:
  Operations(Program& program, int workers) : program_(program), count_(workers) {}

  void copy(int worker, const Copy& c);
  void collect(int worker, int array);
  void propagate(Desk& w, const Propagate& p, const Synapses<Real>& synapses);
  void dense(int worker, const Dense& d, const std::vector<Real>& matrix);
  void product(int worker, const Product& p);
  void gather(int worker, const Gather& g);
  void scatter(const Scatter& s);
  void row_read(int worker, const RowRead& r);
  void row_write(int worker, const RowWrite& r);
  void reduce(Desk& w, const Reduce& r);
  void segment(int worker, Desk& w, const SegmentReduce& r);
  void ring_write(int worker, Desk& w, const RingWrite& r);
  void ring_read(int worker, Desk& w, const RingRead& r);

  [[nodiscard]] bool real(int array) const { return program_.arrays[array].kind == ArrayKind::real; }
  [[nodiscard]] Real* reals(int array) const { return program_.arrays[array].memory.template as<Real>(); }
  [[nodiscard]] std::int32_t* whole(int array) const {
    return program_.arrays[array].memory.template as<std::int32_t>();
  }
  [[nodiscard]] double value(int array, std::size_t i) const {
    return real(array) ? double{reals(array)[i]} : whole(array)[i];
  }
  void put(int array, std::size_t i, double x) const {
    if (real(array))
      reals(array)[i] = static_cast<Real>(x);
    else if (program_.arrays[array].kind == ArrayKind::boolean)
      whole(array)[i] = x != 0;
    else
      whole(array)[i] = static_cast<std::int32_t>(std::clamp(x, -2147483648.0, 2147483647.0));
  }
  [[nodiscard]] Part mine(std::size_t size, int worker) const { return part(size, worker, count_); }

 protected:
  Program& program_;
  std::vector<std::vector<List>> lists_;  ///< [array][worker]

 private:
  void propagate_events(Desk& w, const Propagate& p, const Synapses<Real>& synapses);
  template <class T>
  void segment_of(int worker, Desk& w, const SegmentReduce& r, const T* x);

  int count_;
};

template <class Real>
void Operations<Real>::copy(int worker, const Copy& c) {
  const Part p = mine(c.size, worker);
  const std::size_t bytes = program_.element_bytes(c.from);
  std::memcpy(program_.arrays[c.to].memory.template as<std::byte>() + (c.to_offset + p.lo) * bytes,
              program_.arrays[c.from].memory.template as<std::byte>() + (c.from_offset + p.lo) * bytes,
              p.size() * bytes);
}

template <class Real>
void Operations<Real>::collect(int worker, int array) {
  const Part p = mine(program_.arrays[array].size, worker);
  auto& list = lists_[array][static_cast<std::size_t>(worker)];
  const std::int32_t* x = whole(array);
  list.count = 0;
  for (std::size_t i = p.lo; i < p.hi; ++i) {
    list.ids[static_cast<std::size_t>(list.count)] = static_cast<std::uint32_t>(i);
    list.count += x[i] != 0;
  }
}

/// Each worker's list in turn: sources ascend.
template <class Real>
void Operations<Real>::propagate_events(Desk& w, const Propagate& p, const Synapses<Real>& synapses) {
  for (const auto& list : lists_[p.source]) {
    std::span<const std::uint32_t> ids(list.ids.data(), static_cast<std::size_t>(list.count));
    const auto first = std::lower_bound(ids.begin(), ids.end(), p.source_offset),
               last = std::lower_bound(first, ids.end(), p.source_offset + p.n_pre);
    ids = ids.subspan(static_cast<std::size_t>(first - ids.begin()), static_cast<std::size_t>(last - first));
    if (ids.empty()) continue;
    if (p.source_offset != 0) {
      std::transform(ids.begin(), ids.end(), w.sources.begin(),
                     [&](std::uint32_t id) { return id - static_cast<std::uint32_t>(p.source_offset); });
      ids = {w.sources.data(), ids.size()};
    }
    if (p.constant)
      add_counts(synapses, ids, reinterpret_cast<std::uint32_t*>(whole(p.arrivals)) + synapses.lo);
    else if (p.weight_array < 0)
      add_weights(synapses, ids, [&](std::uint64_t i) { return synapses.weights[i]; }, reals(p.arrivals) + synapses.lo);
    else
      add_weights(
          synapses, ids, [&](std::uint64_t i) { return reals(p.weight_array)[synapses.origin[i]]; },
          reals(p.arrivals) + synapses.lo);
  }
}

template <class Real>
void Operations<Real>::propagate(Desk& w, const Propagate& p, const Synapses<Real>& synapses) {
  if (synapses.targets == 0) return;
  if (real(p.arrivals))
    std::fill_n(reals(p.arrivals) + synapses.lo, synapses.targets, Real{0});
  else
    std::fill_n(whole(p.arrivals) + synapses.lo, synapses.targets, 0);
  if (program_.arrays[p.source].kind == ArrayKind::boolean) return propagate_events(w, p, synapses);
  Real* const sums = reals(p.arrivals) + synapses.lo;
  const auto with = [&](auto&& source) {
    if (p.constant)
      add_values(synapses, p.n_pre, [](std::uint64_t) { return Real{1}; }, source, sums);
    else if (p.weight_array < 0)
      add_values(synapses, p.n_pre, [&](std::uint64_t i) { return synapses.weights[i]; }, source, sums);
    else
      add_values(
          synapses, p.n_pre, [&](std::uint64_t i) { return reals(p.weight_array)[synapses.origin[i]]; }, source, sums);
  };
  if (real(p.source))
    with([&](std::size_t k) { return reals(p.source)[p.source_offset + k]; });
  else
    with([&](std::size_t k) { return static_cast<Real>(whole(p.source)[p.source_offset + k]); });
}

template <class Real>
void Operations<Real>::dense(int worker, const Dense& d, const std::vector<Real>& matrix) {
  const Part p = mine(d.columns, worker);
  Real* const sums = reals(d.arrivals);
  std::fill(sums + p.lo, sums + p.hi, Real{0});
  for (std::size_t row = 0; row < d.rows; ++row) {
    const Real x = static_cast<Real>(value(d.source, d.source_offset + row));
    if (x == Real{0}) continue;
    const Real* const m = matrix.data() + row * d.columns;
    for (std::size_t j = p.lo; j < p.hi; ++j) sums[j] += x * m[j];
  }
}

/// Each worker does a run of the target's elements, row by row.
template <class Real>
void Operations<Real>::product(int worker, const Product& p) {
  const Part own = mine(p.m * p.n, worker);
  for (std::size_t first = own.lo; first < own.hi;) {
    const std::size_t row = first / p.n, lo = first % p.n, hi = std::min(p.n, lo + own.hi - first);
    const Real* const a = reals(p.left) + p.left_offset + row * p.k;
    const Real* const b = reals(p.right) + p.right_offset;
    Real* const sums = reals(p.target) + row * p.n;
    if (p.transposed) {
      for (std::size_t j = lo; j < hi; ++j) sums[j] = dot(a, b + j * p.k, p.k);
    } else {
      std::fill(sums + lo, sums + hi, Real{0});
      for (std::size_t l = 0; l < p.k; ++l) {
        const Real x = a[l];  // of 0 too: 0 times infinity is not 0
        const Real* const m = b + l * p.n;
        for (std::size_t j = lo; j < hi; ++j) sums[j] += x * m[j];
      }
    }
    first += hi - lo;
  }
}

template <class Real>
void Operations<Real>::gather(int worker, const Gather& g) {
  const Part p = mine(g.count, worker);
  const auto size = static_cast<std::int64_t>(program_.arrays[g.source].size);
  const auto from = [&](std::size_t i) {
    if (g.index_array < 0) return static_cast<std::size_t>(g.index[i]);
    std::int64_t k = whole(g.index_array)[i];
    if (k < 0) k += size;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, size - 1));
  };
  const bool same = real(g.source) == real(g.target);
  for (std::size_t i = p.lo; i < p.hi; ++i) {
    const std::size_t k = from(i), to = g.target_offset + i;
    if (!same)
      reals(g.target)[to] = static_cast<Real>(whole(g.source)[k]);
    else if (real(g.target))
      reals(g.target)[to] = reals(g.source)[k];
    else
      whole(g.target)[to] = whole(g.source)[k];
  }
}

template <class Real>
void Operations<Real>::scatter(const Scatter& s) {
  const auto size = static_cast<std::int64_t>(program_.arrays[s.target].size);
  for (std::size_t i = 0; i < s.count; ++i) {
    std::int64_t k = s.index_array < 0 ? s.index[i] : whole(s.index_array)[i];
    if (k < 0) k += size;
    if (k < 0 || k >= size) continue;
    if (real(s.target)) {
      const Real x = static_cast<Real>(value(s.source, i));
      reals(s.target)[k] = s.add ? reals(s.target)[k] + x : x;
    } else {
      const auto x = static_cast<std::uint32_t>(whole(s.source)[i]);  // sums wrap around
      whole(s.target)[k] = static_cast<std::int32_t>(s.add ? static_cast<std::uint32_t>(whole(s.target)[k]) + x : x);
    }
  }
}

template <class Real>
void Operations<Real>::row_read(int worker, const RowRead& r) {
  std::int64_t k = whole(r.index)[r.index_at];
  const auto rows = static_cast<std::int64_t>(r.rows);
  k = std::clamp<std::int64_t>(k < 0 ? k + rows : k, 0, rows - 1);
  const Part p = mine(r.count, worker);
  const std::size_t bytes = program_.element_bytes(r.source);
  std::memcpy(program_.arrays[r.target].memory.template as<std::byte>() + p.lo * bytes,
              program_.arrays[r.source].memory.template as<std::byte>() +
                  (r.offset + static_cast<std::size_t>(k) * r.count + p.lo) * bytes,
              p.size() * bytes);
}

template <class Real>
void Operations<Real>::row_write(int worker, const RowWrite& r) {
  std::int64_t k = whole(r.index)[r.index_at];
  const auto rows = static_cast<std::int64_t>(r.rows);
  if (k < 0) k += rows;
  if (k < 0 || k >= rows) return;
  const Part p = mine(r.count, worker);
  const std::size_t bytes = program_.element_bytes(r.source);
  std::memcpy(program_.arrays[r.target].memory.template as<std::byte>() +
                  (static_cast<std::size_t>(k) * r.count + p.lo) * bytes,
              program_.arrays[r.source].memory.template as<std::byte>() + (r.offset + p.lo) * bytes, p.size() * bytes);
}

template <class Real>
void Operations<Real>::reduce(Desk& w, const Reduce& r) {
  const double x = real(r.source) ? reduce_all(r.kind, reals(r.source) + r.offset, r.size, w.scratch)
                                  : reduce_all(r.kind, whole(r.source) + r.offset, r.size, w.scratch);
  put(r.target, r.target_index, x);
}

template <class Real>
template <class T>
void Operations<Real>::segment_of(int worker, Desk& w, const SegmentReduce& r, const T* x) {
  if (r.axis == 1) {
    const Part p = mine(r.rows, worker);
    for (std::size_t row = p.lo; row < p.hi; ++row)
      put(r.target, row, reduce_all(r.kind, x + row * r.columns, r.columns, w.scratch));
    return;
  }
  const Part p = mine(r.columns, worker);
  Total<T> sums[64];
  for (std::size_t first = p.lo; first < p.hi; first += 64) {
    const std::size_t count = std::min<std::size_t>(64, p.hi - first);
    std::fill_n(sums, count, Total<T>(r.kind == Reduction::all));
    for (std::size_t row = 0; row < r.rows; ++row) {
      const T* const m = x + row * r.columns + first;
      for (std::size_t j = 0; j < count; ++j)
        sums[j] = row == 0 ? start(r.kind, m[j]) : combine(r.kind, sums[j], start(r.kind, m[j]));
    }
    for (std::size_t j = 0; j < count; ++j) {
      const double total = static_cast<double>(sums[j]);
      put(r.target, first + j, r.kind == Reduction::mean ? total / static_cast<double>(r.rows) : total);
    }
  }
}

template <class Real>
void Operations<Real>::segment(int worker, Desk& w, const SegmentReduce& r) {
  real(r.source) ? segment_of(worker, w, r, reals(r.source)) : segment_of(worker, w, r, whole(r.source));
}

template <class Real>
void Operations<Real>::ring_write(int worker, Desk& w, const RingWrite& r) {
  const auto& ring = program_.arrays[r.ring];
  auto& head = w.heads[static_cast<std::size_t>(r.ring)];
  head = (head + 1) % ring.ring_frames;
  const Part p = mine(ring.size, worker);
  const std::size_t bytes = program_.element_bytes(r.ring);
  std::memcpy(ring.memory.template as<std::byte>() + (head * ring.size + p.lo) * bytes,
              program_.arrays[r.source].memory.template as<std::byte>() + p.lo * bytes, p.size() * bytes);
}

template <class Real>
void Operations<Real>::ring_read(int worker, Desk& w, const RingRead& r) {
  const auto& ring = program_.arrays[r.ring];
  const auto head = w.heads[static_cast<std::size_t>(r.ring)];
  const Part p = mine(ring.size, worker);
  const auto frame = [&](std::int64_t steps) {
    return (head + ring.ring_frames - static_cast<std::uint64_t>(steps)) % ring.ring_frames * ring.size;
  };
  if (r.steps.size() == 1) {
    const std::size_t bytes = program_.element_bytes(r.ring);
    std::memcpy(program_.arrays[r.target].memory.template as<std::byte>() + p.lo * bytes,
                ring.memory.template as<std::byte>() + (frame(r.steps[0]) + p.lo) * bytes, p.size() * bytes);
    return;
  }
  for (std::size_t i = p.lo; i < p.hi; ++i) {
    const std::size_t k = frame(r.steps[i]) + i;
    if (real(r.ring))
      reals(r.target)[i] = reals(r.ring)[k];
    else
      whole(r.target)[i] = whole(r.ring)[k];
  }
}

}  // namespace ranvier::program
