#include "connect/rows.hpp"

#include <cmath>

#include "connect/pairs.hpp"

namespace ranvier::connect {

std::uint64_t Rows::bytes() const {
  return targets16_.bytes() + targets32_.bytes() + offsets32_.bytes() + offsets64_.bytes() + weights32_.bytes() +
         weights64_.bytes();
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
  for (std::uint32_t source = 0; source < any.sources(); ++source) {
    for (std::uint32_t slot = 0; slot < any.slots(); ++slot) {
      const double delay = any.delay_steps()[slot] * any.dt();
      for (const Rows* rows : slices) {
        rows->for_each(source, slot, [&](std::uint32_t target, double weight) {
          edges.pre.push_back(source);
          edges.post.push_back(rows->slice().lo + target);
          if (any.has_weights()) edges.weight.push_back(weight);
          if (any.has_delays()) edges.delay.push_back(delay);
        });
      }
    }
  }
  return edges;
}

}  // namespace ranvier::connect
