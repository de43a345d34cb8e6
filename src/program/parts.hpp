// A worker's part of an array, and the synapses onto it.
//
//   auto [lo, hi] = part(4000, worker, workers);     // lo is a multiple of 64
//   Synapses s(propagate, lo, hi, true);
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "connect/deliver.hpp"
#include "program/statements.hpp"

namespace ranvier::program {

struct Part {
  std::size_t lo = 0, hi = 0;
  [[nodiscard]] std::size_t size() const { return hi - lo; }
};
[[nodiscard]] inline Part part(std::size_t size, int worker, int workers) {
  const auto cut = [&](int w) {
    return w == workers ? size : size * static_cast<std::size_t>(w) / static_cast<std::size_t>(workers) / 64 * 64;
  };
  return {cut(worker), cut(worker + 1)};
}

/// The rows of a projection, cut to the targets [lo, hi); targets are counted from lo and stored in 16 bits where they
/// fit.
template <class Real>
struct Synapses {
  std::vector<std::uint16_t> narrow;
  std::vector<std::uint32_t> wide, offsets;
  std::vector<Real> weights;          ///< empty: constant or plastic
  std::vector<std::uint32_t> origin;  ///< of plastic weights: the synapse's place in the whole rows
  std::size_t lo = 0, targets = 0;

  Synapses() = default;
  Synapses(const Propagate& p, Part targets_of) : lo(targets_of.lo), targets(targets_of.size()) {
    const bool small = targets <= 65536;
    offsets.reserve(p.n_pre + 1);
    offsets.push_back(0);
    for (std::size_t row = 0; row < p.n_pre; ++row) {
      for (auto k = static_cast<std::size_t>(p.indptr[row]); k < static_cast<std::size_t>(p.indptr[row + 1]); ++k) {
        const auto target = static_cast<std::size_t>(p.indices[k]);
        if (target < targets_of.lo || target >= targets_of.hi) continue;
        if (small)
          narrow.push_back(static_cast<std::uint16_t>(target - lo));
        else
          wide.push_back(static_cast<std::uint32_t>(target - lo));
        if (!p.weights.empty()) weights.push_back(static_cast<Real>(p.weights[k]));
        if (p.weight_array >= 0) origin.push_back(static_cast<std::uint32_t>(k));
      }
      offsets.push_back(static_cast<std::uint32_t>(small ? narrow.size() : wide.size()));
    }
  }

  template <class F>
  void visit(F&& f) const {
    if (targets <= 65536)
      f(connect::RowView<std::uint16_t, std::uint32_t>{narrow.data(), offsets.data()});
    else
      f(connect::RowView<std::uint32_t, std::uint32_t>{wide.data(), offsets.data()});
  }
};

/// counts[target] += 1 for each synapse of the sources.
template <class Real>
void add_counts(const Synapses<Real>& s, std::span<const std::uint32_t> sources, std::uint32_t* counts) {
  s.visit([&](const auto& view) {
    connect::detail::walk_rows(view, sources, [&](std::uint64_t first, std::uint64_t last) {
      const auto* t = view.targets + first;
      const auto* const end = view.targets + last;
      for (; end - t >= 8; t += 8) {
        const auto a = t[0], b = t[1], c = t[2], d = t[3], e = t[4], f = t[5], g = t[6], h = t[7];
        ++counts[a], ++counts[b], ++counts[c], ++counts[d];
        ++counts[e], ++counts[f], ++counts[g], ++counts[h];
      }
      for (; t != end; ++t) ++counts[*t];
    });
  });
}

/// sums[target] += weight(synapse) for each synapse of the sources.
template <class Real, class Weight>
void add_weights(const Synapses<Real>& s, std::span<const std::uint32_t> sources, Weight&& weight, Real* sums) {
  s.visit([&](const auto& view) {
    connect::detail::walk_rows(view, sources, [&](std::uint64_t first, std::uint64_t last) {
      for (std::uint64_t i = first; i < last; ++i) sums[view.targets[i]] += weight(i);
    });
  });
}

/// sums[target] += weight(synapse) * value(source): sources of value 0 add nothing.
template <class Real, class Weight, class Value>
void add_values(const Synapses<Real>& s, std::size_t sources, Weight&& weight, Value&& value, Real* sums) {
  s.visit([&](const auto& view) {
    for (std::size_t k = 0; k < sources; ++k) {
      const Real x = value(k);
      if (x == Real{0}) continue;
      for (std::uint64_t i = view.offsets[k], end = view.offsets[k + 1]; i < end; ++i)
        sums[view.targets[i]] += weight(i) * x;
    }
  });
}

}  // namespace ranvier::program
