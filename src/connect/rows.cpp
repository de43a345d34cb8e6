#include "connect/rows.hpp"

#include <algorithm>
#include <cmath>

#include "connect/pairs.hpp"

namespace ranvier::connect {

std::uint64_t Rows::bytes() const {
  return targets16_.bytes() + targets32_.bytes() + offsets32_.bytes() + offsets64_.bytes() + delays_.bytes() + weights32_.bytes() +
         weights64_.bytes();
}

std::uint64_t Rows::first(std::uint32_t source, std::uint32_t slot) const {
  if (!has_delays_) return row_first(source);
  const auto row = delays_.span().subspan(row_first(source), row_last(source) - row_first(source));
  return row_first(source) + static_cast<std::uint64_t>(std::lower_bound(row.begin(), row.end(), delay_steps_[slot]) - row.begin());
}
std::uint64_t Rows::last(std::uint32_t source, std::uint32_t slot) const {
  if (!has_delays_) return row_last(source);
  const auto row = delays_.span().subspan(row_first(source), row_last(source) - row_first(source));
  return row_first(source) + static_cast<std::uint64_t>(std::upper_bound(row.begin(), row.end(), delay_steps_[slot]) - row.begin());
}

double delay_in_steps(double delay, double dt) { return std::floor(delay / dt + 0.5); }

std::vector<std::uint32_t> distinct_delays(const Rule& rule, double dt) {
  if (!rule.has_delays()) return {0};
  std::vector<std::uint32_t> steps;
  for (const double delay : rule.pairs()->delay) {
    const auto step = static_cast<std::uint32_t>(delay_in_steps(delay, dt));
    if (!steps.empty() && steps.back() == step) continue;
    steps.push_back(step);
    if (steps.size() < 4096) continue;  // lists are long and have few distinct delays
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

Edges read_back(std::span<const Rows* const> slices) {
  Edges edges;
  if (slices.empty()) return edges;
  const Rows& any = *slices.front();
  std::uint64_t total = 0;
  for (const Rows* rows : slices) total += rows->synapses();
  edges.pre.reserve(total);
  edges.post.reserve(total);
  if (any.has_weights()) edges.weight.reserve(total);
  if (any.has_delays()) edges.delay.reserve(total);
  struct Entry {
    std::uint32_t delay, post;
    double weight;
  };
  std::vector<Entry> row;
  for (std::uint32_t source = 0; source < any.sources(); ++source) {
    row.clear();
    for (const Rows* rows : slices) {
      for (std::uint64_t i = rows->row_first(source); i < rows->row_last(source); ++i) {
        row.push_back({any.has_delays() ? rows->delays()[i] : 0u, rows->slice().lo + rows->target(i), rows->weight(i)});
      }
    }
    // Slices ascend in target, and each row in (delay, target).
    if (any.has_delays()) std::stable_sort(row.begin(), row.end(), [](const Entry& a, const Entry& b) { return a.delay < b.delay; });
    for (const Entry& e : row) {
      edges.pre.push_back(source);
      edges.post.push_back(e.post);
      if (any.has_weights()) edges.weight.push_back(e.weight);
      if (any.has_delays()) edges.delay.push_back(e.delay * any.dt());
    }
  }
  return edges;
}

}  // namespace ranvier::connect
