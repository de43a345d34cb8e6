#include "connect/split_tables.hpp"

#include <algorithm>
#include <bit>

#include "base/hash.hpp"
#include "connect/words.hpp"

namespace ranvier::connect {

void CountTable::accumulate(std::vector<double> weights) {
  double sum = 0;
  for (double& w : weights) w = sum += w;
  for (double& w : weights) w /= sum;
  weights.back() = 1;  // above every uniform, so that the walk in draw() ends
  cumulative_ = std::move(weights);

  const std::size_t size = std::bit_ceil(cumulative_.size());
  guide_.resize(size);
  guide_scale_ = static_cast<double>(size);
  std::uint32_t i = 0;
  for (std::size_t b = 0; b < size; ++b) {
    while (cumulative_[i] <= static_cast<double>(b) / guide_scale_) ++i;
    guide_[b] = i;
  }
}

CountTable CountTable::binomial(std::uint64_t n, double p) {
  const auto trials = static_cast<double>(n);
  const double odds = p / (1 - p);
  const auto mode = std::min(n, static_cast<std::uint64_t>((trials + 1) * p));
  return {0, mode, n, [=](std::uint64_t x) {
            const auto k = static_cast<double>(x);
            return (trials - k) / (k + 1) * odds;
          }};
}

double SplitTables::variance(double total, double good, double draws) const {
  const double fraction = good / total;
  const double binomial = draws * fraction * (1 - fraction);
  return replacement_ ? binomial : binomial * (total - draws) / std::max(total - 1, 1.0);
}

CountTable SplitTables::make(std::uint64_t total, std::uint64_t good, std::uint64_t draws) const {
  const auto n = static_cast<double>(total), g = static_cast<double>(good), d = static_cast<double>(draws);
  if (replacement_) return CountTable::binomial(draws, g / n);
  const std::uint64_t bad = total - good;
  const std::uint64_t lowest = draws > bad ? draws - bad : 0, highest = std::min(draws, good);
  const auto mode = std::clamp(static_cast<std::uint64_t>((d + 1) * (g + 1) / (n + 2)), lowest, highest);
  return {lowest, mode, highest, [=](std::uint64_t x) {
            const auto k = static_cast<double>(x);
            return (g - k) * (d - k) / ((k + 1) * (n - g - d + k + 1));
          }};
}

std::uint64_t SplitTables::split(std::uint64_t total, std::uint64_t good, std::uint64_t draws, std::uint64_t node) {
  if (good == 0 || draws == 0) return 0;
  if (good == total) return draws;
  if (!replacement_ && draws == total) return good;
  if (draws == 1 && !replacement_) {
    // The commonest table of sparse trees: not worth a look-up.
    Words words(key_, node, 2);
    return words.uniform() < static_cast<double>(good) / static_cast<double>(total) ? 1 : 0;
  }
  Slot& slot = find(total, good, draws);
  if (slot.total == 0) {
    if (variance(static_cast<double>(total), static_cast<double>(good), static_cast<double>(draws)) > widest_variance) {
      base::Stream stream(key_, node);
      return replacement_ ? stream.binomial(draws, static_cast<double>(good) / static_cast<double>(total))
                          : stream.hypergeometric(total, good, draws);
    }
    CountTable table = make(total, good, draws);
    bytes_ += table.bytes() + sizeof(Slot) + sizeof(CountTable);
    slot = {total, good, draws, static_cast<std::uint32_t>(tables_.size())};
    tables_.push_back(std::move(table));
    const std::uint64_t count = tables_.back().draw(Words(key_, node, 2).uniform());
    grow();
    return count;
  }
  return tables_[slot.table].draw(Words(key_, node, 2).uniform());
}

SplitTables::Slot& SplitTables::find(std::uint64_t total, std::uint64_t good, std::uint64_t draws) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = base::mix64(draws + 0x9e3779b97f4a7c15ULL * (total + 0x9e3779b97f4a7c15ULL * good)) & mask;
  for (;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.total == 0 || (slot.total == total && slot.good == good && slot.draws == draws)) return slot;
  }
}

void SplitTables::grow() {
  if (bytes_ > most_bytes) {
    tables_.clear();
    slots_.assign(first_capacity, Slot{});
    bytes_ = 0;
  } else if (2 * tables_.size() > slots_.size()) {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.total != 0) find(slot.total, slot.good, slot.draws) = slot;
    }
  }
}

}  // namespace ranvier::connect
