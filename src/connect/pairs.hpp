// Small questions about the ends of a projection that validation, estimates and the builder share.
//
//   std::uint64_t self = self_target(ends, source);   // no_self if the source's own neuron is not among the targets
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "connect/rows.hpp"

namespace ranvier::connect {

constexpr std::uint64_t no_self = ~std::uint64_t{0};

/// The target that is the same neuron as `source`.
inline std::uint64_t self_target(const Ends& ends, std::uint64_t source) {
  if (!ends.same_population) return no_self;
  const std::int64_t target = static_cast<std::int64_t>(source) + ends.shift;
  return target >= 0 && static_cast<std::uint64_t>(target) < ends.n_post ? static_cast<std::uint64_t>(target) : no_self;
}
/// The source that is the same neuron as `target`.
inline std::uint64_t self_source(const Ends& ends, std::uint64_t target) {
  if (!ends.same_population) return no_self;
  const std::int64_t source = static_cast<std::int64_t>(target) - ends.shift;
  return source >= 0 && static_cast<std::uint64_t>(source) < ends.n_pre ? static_cast<std::uint64_t>(source) : no_self;
}
/// How many sources in [first, end) have their own neuron among the targets.
inline std::uint64_t self_pairs(const Ends& ends, std::uint64_t first, std::uint64_t end) {
  if (!ends.same_population) return 0;
  const auto low = std::max(static_cast<std::int64_t>(first), -ends.shift);
  const auto high = std::min(static_cast<std::int64_t>(end), static_cast<std::int64_t>(ends.n_post) - ends.shift);
  return high > low ? static_cast<std::uint64_t>(high - low) : 0;
}
/// Pairs that a rule may draw from, of the sources [first, end).
inline std::uint64_t candidate_pairs(const Rule& rule, const Ends& ends, std::uint64_t first, std::uint64_t end) {
  const std::uint64_t all = (end - first) * ends.n_post;
  return rule.allows_self() ? all : all - self_pairs(ends, first, end);
}

/// k = trunc(n * p) in double precision, as BrainPy computes it.
inline std::uint64_t fraction_of(std::uint64_t n, double p) {
  return static_cast<std::uint64_t>(static_cast<double>(n) * p);
}

/// A delay in ms as whole steps, rounded half up.
double delay_in_steps(double delay, double dt);
/// Distinct delays of a list in steps, ascending; {0} if it has none.
std::vector<std::uint32_t> distinct_delays(const Rule& rule, double dt);

}  // namespace ranvier::connect
