#include "connect/draw_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "connect/pairs.hpp"
#include "connect/text.hpp"

namespace ranvier::connect {

void ValueDrawer::clear() {
  synapses_.clear();
  ends_.clear();
}

void ValueDrawer::number_copies(std::size_t first) {
  std::unordered_map<std::uint32_t, std::uint32_t> seen;
  for (std::size_t k = first; k < synapses_.size(); ++k) synapses_[k].copy = seen[synapses_[k].target]++;
}

std::string ValueDrawer::name(const Synapse& s) const { return std::to_string(s.source) + " -> " + std::to_string(s.target); }

void ValueDrawer::check_weights() const {
  const double most = options_.single_precision ? std::numeric_limits<float>::max() : HUGE_VAL;
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    const double w = weights_[k];
    if (std::isfinite(w) && std::fabs(w) <= most && !(options_.positive_weights && w < 0)) continue;
    const bool negative = std::isfinite(w) && w < 0 && options_.positive_weights;
    throw UserError(options_.where, "the weight of synapse " + name(synapses_[k]) + " is " + number(w) + options_.weight_unit,
                    negative ? "conductances are 0 or more: choose a law without negative values, such as lognormal(), or clip() it"
                             : "weights must be finite; check the law");
  }
}

std::uint16_t ValueDrawer::steps_of(const Synapse& synapse, double delay) const {
  const std::string problem = "the delay of synapse " + name(synapse) + " is " + number(delay) + " ms";
  if (!(delay >= 0 && std::isfinite(delay))) {
    throw UserError(options_.where, problem, "delays are 0 ms or more: choose a law without other values, or clip() it");
  }
  if (delay > 0 && delay < options_.dt * (1 - 1e-6)) {
    throw UserError(options_.where, problem + ", shorter than the time step of " + number(options_.dt) + " ms",
                    "use delays of at least one step (max(delay, dt)), exactly 0 (which acts in the next step), or a smaller dt");
  }
  const double steps = delay_in_steps(delay, options_.dt);
  if (steps > Rows::longest_delay) {
    throw UserError(options_.where, problem + ", more than 65535 steps of " + number(options_.dt) + " ms", "delays are in ms; check the unit");
  }
  return static_cast<std::uint16_t>(steps);
}

void ValueDrawer::draw() {
  if (options_.weights) {
    weights_.resize(synapses_.size());
    options_.weights(synapses_, weights_);
    check_weights();
  }
  if (options_.delays) {
    delays_.resize(synapses_.size());
    options_.delays(synapses_, delays_);
  }
  entries_.resize(synapses_.size());
  for (std::size_t k = 0; k < synapses_.size(); ++k) {
    const std::uint16_t delay = options_.delays ? steps_of(synapses_[k], delays_[k]) : std::uint16_t{0};
    entries_[k] = {synapses_[k].target - first_target_, delay, options_.weights || kept_ ? weights_[k] : 1.0};
    seen_[delay] = true;
  }
  if (!options_.delays) return;
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    std::stable_sort(entries_.begin() + static_cast<std::ptrdiff_t>(begin), entries_.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Entry& a, const Entry& b) { return a.delay < b.delay; });
    begin = end;
  }
}

std::vector<std::uint32_t> ValueDrawer::distinct_delays() const {
  std::vector<std::uint32_t> steps;
  for (std::uint32_t d = 0; d < seen_.size(); ++d) {
    if (seen_[d]) steps.push_back(d);
  }
  return steps;
}

}  // namespace ranvier::connect
