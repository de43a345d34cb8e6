// What one worker stores of a projection: rows by source, cut to the targets that the worker owns, each row sorted by
// (delay, target). A constant weight or delay is not stored; targets take 16 bits while the slice has at most 65,536 neurons.
//
//   Rows rows = build_rows(rule, {.n_pre = 3200, .n_post = 4000}, {0, 2000}, base::make_key(seed, "E_to_all"));
//   rows.for_each(17, 0, [&](std::uint32_t local_target, double weight) { ... });
//   Edges edges = read_back(std::array{&rows_of_worker_0, &rows_of_worker_1});
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "connect/buffer.hpp"
#include "ranvier/connect.hpp"
#include "ranvier/positions.hpp"

namespace ranvier::connect {

/// The two ends of a projection: sizes of the source and target views, and, where both are of one population, how their indices
/// correspond: source s and target s + shift are the same neuron (shift = first of the source view - first of the target view).
struct Ends {
  std::uint64_t n_pre = 0, n_post = 0;
  bool same_population = false;
  std::int64_t shift = 0;
  /// Where the neurons of the two populations are (nullptr: nowhere), and the first neuron of each view.
  const Points *pre_points = nullptr, *post_points = nullptr;
  std::uint64_t pre_first = 0, post_first = 0;
};

/// A synapse by its source and target, and how many of the same pair come before it.
struct Synapse {
  std::uint32_t source, target, copy;
};
/// A value for each of some synapses. Called by several workers at once.
using SynapseValues = std::function<void(std::span<const Synapse>, std::span<double>)>;

/// The targets [lo, hi) of the target view that a worker owns.
struct Slice {
  std::uint32_t lo = 0, hi = 0;
  [[nodiscard]] std::uint32_t size() const { return hi - lo; }
};

struct RowOptions {
  double dt = 0.1;              ///< ms; delays of a list are rounded to whole steps of it
  bool single_precision = true;  ///< store weights of synapses as float (else double)
  SynapseValues weights{}, delays{};  ///< a weight [coherent units] and delay [ms] for each synapse that was made; empty: none
  /// Weights may not be negative (conductances); their unit, and the projection's name, for messages.
  bool positive_weights = false;
  std::string weight_unit{}, where{};
};

/// One (target type, offset type) instance of the storage, for hot loops. The row of a source is [offsets[source],
/// offsets[source + 1]); where synapses have delays, it is sorted by them.
template <class Target, class Offset>
struct RowView {
  const Target* targets;
  const Offset* offsets;
};

class Rows {
 public:
  Rows() = default;

  [[nodiscard]] std::uint32_t sources() const { return sources_; }
  [[nodiscard]] Slice slice() const { return slice_; }
  [[nodiscard]] std::uint64_t synapses() const { return targets16_.size() + targets32_.size(); }
  /// Distinct delays of this slice in steps, ascending: slot i holds the synapses of delay_steps()[i]. Just {0} when the synapses
  /// have no delays of their own (the projection's constant delay applies).
  [[nodiscard]] const std::vector<std::uint32_t>& delay_steps() const { return delay_steps_; }
  [[nodiscard]] std::uint32_t slots() const { return static_cast<std::uint32_t>(delay_steps_.size()); }
  [[nodiscard]] bool has_delays() const { return has_delays_; }
  /// In steps, one a synapse, in storage order: rows are sorted by (delay, target). Empty unless has_delays().
  [[nodiscard]] std::span<const std::uint16_t> delays() const { return delays_.span(); }
  static constexpr std::uint32_t longest_delay = 65535;
  [[nodiscard]] bool has_weights() const { return !weights32_.empty() || !weights64_.empty() || has_weights_; }
  [[nodiscard]] double dt() const { return dt_; }
  [[nodiscard]] bool wide_targets() const { return wide_; }
  /// Weights in storage order (the index that for_each and the hot loops walk); empty where constant or of the other precision.
  [[nodiscard]] std::span<const float> weights32() const { return weights32_.span(); }
  [[nodiscard]] std::span<const double> weights64() const { return weights64_.span(); }
  /// Bytes held.
  [[nodiscard]] std::uint64_t bytes() const;

  /// Calls f(RowView<Target, Offset>) with the types that are stored.
  template <class F>
  decltype(auto) visit(F&& f) const;
  /// First and past-the-end storage index of a row.
  [[nodiscard]] std::uint64_t row_first(std::uint32_t source) const { return offset(source); }
  [[nodiscard]] std::uint64_t row_last(std::uint32_t source) const { return offset(std::uint64_t{source} + 1); }
  /// Those of the synapses of a row with the delay delay_steps()[slot]. For cold paths.
  [[nodiscard]] std::uint64_t first(std::uint32_t source, std::uint32_t slot = 0) const;
  [[nodiscard]] std::uint64_t last(std::uint32_t source, std::uint32_t slot = 0) const;
  [[nodiscard]] std::uint32_t target(std::uint64_t index) const { return wide_ ? targets32_[index] : targets16_[index]; }
  /// The stored weight, or 1 where weights are constant.
  [[nodiscard]] double weight(std::uint64_t index) const {
    return !weights32_.empty() ? double{weights32_[index]} : !weights64_.empty() ? weights64_[index] : 1.0;
  }
  /// f(local target, weight) over one segment, in storage order. For cold paths.
  template <class F>
  void for_each(std::uint32_t source, std::uint32_t slot, F&& f) const {
    for (std::uint64_t i = first(source, slot), end = last(source, slot); i < end; ++i) f(target(i), weight(i));
  }

 private:
  friend class RowsBuilder;
  [[nodiscard]] std::uint64_t offset(std::uint64_t i) const { return offsets64_.empty() ? offsets32_[i] : offsets64_[i]; }

  std::uint32_t sources_ = 0;
  Slice slice_;
  bool wide_ = false, has_delays_ = false, has_weights_ = false;
  double dt_ = 0;
  std::vector<std::uint32_t> delay_steps_{0};
  Buffer<std::uint16_t> targets16_;
  Buffer<std::uint32_t> targets32_;
  Buffer<std::uint32_t> offsets32_;
  Buffer<std::uint64_t> offsets64_;
  Buffer<std::uint16_t> delays_;
  Buffer<float> weights32_;
  Buffer<double> weights64_;
};

template <class F>
decltype(auto) Rows::visit(F&& f) const {
  if (offsets64_.empty()) {
    return wide_ ? f(RowView<std::uint32_t, std::uint32_t>{targets32_.data(), offsets32_.data()})
                 : f(RowView<std::uint16_t, std::uint32_t>{targets16_.data(), offsets32_.data()});
  }
  return wide_ ? f(RowView<std::uint32_t, std::uint64_t>{targets32_.data(), offsets64_.data()})
               : f(RowView<std::uint16_t, std::uint64_t>{targets16_.data(), offsets64_.data()});
}

/// Throws UserError, naming `where` (the projection), for what a rule cannot do between these ends: k larger than the number of
/// candidates, sizes that differ in one_to_one, indices of a list out of range, repeated pairs ... Call once, before build_rows.
void validate(const Rule& rule, const Ends& ends, std::string_view where, const RowOptions& options = {});

/// Draws the rows of one slice. Thread-safe. The union over any cut of the targets into slices is the same: every draw belongs
/// to (key, row, node of a fixed tree of target blocks), and a slice draws only the nodes that it overlaps.
/// Precondition: validate() passed.
[[nodiscard]] Rows build_rows(const Rule& rule, const Ends& ends, Slice targets, base::Key key, const RowOptions& options = {});

/// All pairs of a projection from its slices (in order of target), in order of (pre, delay, post); the same for every cut.
[[nodiscard]] Edges read_back(std::span<const Rows* const> slices);

/// Expected size of a projection, all workers together; for fixed rules the exact number of synapses.
struct Estimate {
  double synapses = 0;
  double bytes = 0;       ///< kept
  double peak_bytes = 0;  ///< while building
};
[[nodiscard]] Estimate estimate(const Rule& rule, const Ends& ends, unsigned workers = 1, const RowOptions& options = {});

/// Bytes that this process can still have: the least of MemAvailable and the limits of its control groups. `root` is put before
/// /proc and /sys (for tests). The largest double where nothing can be read.
[[nodiscard]] double available_memory(const std::string& root = {});

/// UserError saying how many bytes are needed and available, if `need.peak_bytes` exceeds `available`.
void check_memory(const Estimate& need, double available, std::string_view where);

}  // namespace ranvier::connect
