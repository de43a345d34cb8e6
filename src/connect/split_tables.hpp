// How a number of draws splits between two groups: hypergeometric (without replacement) or binomial (with). Small spreads are
// inverted in tables that are kept, so that a split costs one uniform and about two look-ups; large ones go to base::Stream.
//
//   SplitTables tables(key, false);
//   std::uint64_t left = tables.split(2048, 1024, 40, node_id);   // of 40 draws from 2048, how many hit the first 1024
//
// Tables come from the ratio of neighbouring probabilities by + * / alone, so they hold the same bits on every machine, and
// whether a table was kept or made anew never changes a result.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"

namespace ranvier::connect {

/// Cumulative law of a count, inverted with a guide table (Chen and Asau 1974): one or two comparisons a draw.
class CountTable {
 public:
  /// Law on [lowest, highest] with probability(x + 1) = ratio(x) * probability(x), largest near `mode`. Probabilities under
  /// 1e-22 of the largest are left out: a 53-bit uniform cannot hit them.
  template <class Ratio>
  CountTable(std::uint64_t lowest, std::uint64_t mode, std::uint64_t highest, const Ratio& ratio) {
    std::vector<double> weights;
    double w = 1;
    first_ = mode;
    while (first_ > lowest && (w /= ratio(first_ - 1)) > negligible) {
      weights.push_back(w);
      --first_;
    }
    weights = {weights.rbegin(), weights.rend()};
    weights.push_back(1);
    w = 1;
    for (std::uint64_t x = mode; x < highest && (w *= ratio(x)) > negligible; ++x) weights.push_back(w);
    accumulate(std::move(weights));
  }

  /// The binomial law of n trials with probability p in (0, 1).
  static CountTable binomial(std::uint64_t n, double p);

  [[nodiscard]] std::uint64_t draw(double u) const {
    std::uint32_t i = guide_[static_cast<std::uint32_t>(u * guide_scale_)];
    while (u >= cumulative_[i]) ++i;
    return first_ + i;
  }
  [[nodiscard]] std::size_t bytes() const { return cumulative_.size() * sizeof(double) + guide_.size() * sizeof(std::uint32_t); }

 private:
  static constexpr double negligible = 1e-22;
  void accumulate(std::vector<double> weights);

  std::uint64_t first_ = 0;
  double guide_scale_ = 0;
  std::vector<double> cumulative_;
  std::vector<std::uint32_t> guide_;
};

class SplitTables {
 public:
  SplitTables(base::Key key, bool replacement) : key_(key), replacement_(replacement), slots_(first_capacity) {}

  /// Of `draws` draws from `total` objects, how many are among the first `good`. `node` names the draw: the high half of its
  /// counter. Precondition: good <= total and, without replacement, draws <= total.
  std::uint64_t split(std::uint64_t total, std::uint64_t good, std::uint64_t draws, std::uint64_t node);

 private:
  struct Slot {
    std::uint64_t total = 0, good = 0, draws = 0;  // total 0: free
    std::uint32_t table = 0;
  };
  static constexpr std::size_t first_capacity = 1024;
  static constexpr std::size_t most_bytes = std::size_t{32} << 20;
  static constexpr double widest_variance = 1024;  // beyond it a table is long and rejection is cheap

  [[nodiscard]] double variance(double total, double good, double draws) const;
  Slot& find(std::uint64_t total, std::uint64_t good, std::uint64_t draws);
  [[nodiscard]] CountTable make(std::uint64_t total, std::uint64_t good, std::uint64_t draws) const;
  void grow();

  base::Key key_;
  bool replacement_;
  std::vector<Slot> slots_;
  std::vector<CountTable> tables_;
  std::size_t bytes_ = 0;
};

}  // namespace ranvier::connect
