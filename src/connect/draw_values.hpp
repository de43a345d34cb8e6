// Weights and delays that are drawn for the synapses of some rows: checked, and sorted as rows are.
//
//   ValueDrawer drawer(options, slice.lo);
//   drawer.add_row(source, first, last, target);      // several, then
//   drawer.draw();
//   drawer.sorted(0).weight;
#pragma once

#include <vector>

#include "connect/rows.hpp"

namespace ranvier::connect {

class ValueDrawer {
 public:
  static constexpr std::size_t stretch = 8192;  ///< synapses that are worth one evaluation
  struct Entry {
    std::uint32_t local;
    std::uint16_t delay;
    double weight;
  };

  /// `first_target`: that of the slice. `options` must outlive this.
  ValueDrawer(const RowOptions& options, std::uint32_t first_target) : options_(options), first_target_(first_target) {}

  void clear();
  [[nodiscard]] std::size_t size() const { return synapses_.size(); }
  /// Appends the synapses [first, last) of a source, with their local targets.
  template <class Target>
  void add_row(std::uint32_t source, std::uint64_t first, std::uint64_t last, const Target& target) {
    bool ascending = true;
    for (std::uint64_t i = first; i < last; ++i) {
      const std::uint32_t id = first_target_ + target(i);
      const bool again = i > first && synapses_.back().target == id;
      ascending &= i == first || synapses_.back().target <= id;
      synapses_.push_back({source, id, again ? synapses_.back().copy + 1 : 0});
    }
    if (!ascending) number_copies(ends_.empty() ? 0 : ends_.back());
    ends_.push_back(synapses_.size());
  }
  /// Weights that are not drawn but there: of(k) is that of the k-th synapse added.
  template <class Of>
  void keep_weights(const Of& of) {
    weights_.resize(size());
    for (std::size_t k = 0; k < size(); ++k) weights_[k] = of(k);
    kept_ = true;
  }
  /// UserError that names projection and synapse for a value that cannot be.
  void draw();
  /// Synapses in order of (source, delay, target).
  [[nodiscard]] const Entry& sorted(std::size_t k) const { return entries_[k]; }
  /// Of all that were drawn, ascending, in steps.
  [[nodiscard]] std::vector<std::uint32_t> distinct_delays() const;

 private:
  void check_weights() const;
  void number_copies(std::size_t first);  ///< of the last row, whose targets do not ascend
  [[nodiscard]] std::uint16_t steps_of(const Synapse& synapse, double delay) const;
  [[nodiscard]] std::string name(const Synapse& s) const;

  const RowOptions& options_;
  std::uint32_t first_target_;
  std::vector<Synapse> synapses_;
  std::vector<std::size_t> ends_;
  std::vector<double> weights_, delays_;
  std::vector<Entry> entries_;
  std::vector<bool> seen_ = std::vector<bool>(Rows::longest_delay + 1);
  bool kept_ = false;
};

}  // namespace ranvier::connect
