#include "ranvier/record.hpp"

#include <algorithm>

#include "base/step_clock.hpp"

namespace ranvier {

double step_time_ms(std::uint64_t step, double dt_ms) { return base::StepClock(dt_ms)(static_cast<std::int64_t>(step)); }

std::vector<double> SpikeRecord::times_ms() const {
  const base::StepClock clock(dt_ms_);
  std::vector<double> out;
  out.reserve(stamps_.size());
  for (const auto s : stamps_) out.push_back(clock(static_cast<std::int64_t>(s)));
  return out;
}
void SpikeRecord::append(std::uint64_t stamp, std::span<const std::uint32_t> ids) {
  stamps_.insert(stamps_.end(), ids.size(), stamp);
  ids_.insert(ids_.end(), ids.begin(), ids.end());
}
void SpikeRecord::clear() {
  stamps_.clear();
  ids_.clear();
}

void SpikeRecord::cut(std::uint64_t last) {
  const auto end = std::upper_bound(stamps_.begin(), stamps_.end(), last) - stamps_.begin();
  stamps_.resize(static_cast<std::size_t>(end));
  ids_.resize(static_cast<std::size_t>(end));
}

std::vector<double> StateRecord::times_ms() const {
  const base::StepClock clock(dt_ms_);
  std::vector<double> out;
  for (const auto s : frame_steps_) out.push_back(clock(static_cast<std::int64_t>(s)));
  return out;
}
void StateRecord::append(std::uint64_t step, std::span<const double> frame) {
  frame_steps_.push_back(step);
  values_.insert(values_.end(), frame.begin(), frame.end());
}
void StateRecord::cut(std::uint64_t end) {
  const auto frames = std::lower_bound(frame_steps_.begin(), frame_steps_.end(), end) - frame_steps_.begin();
  frame_steps_.resize(static_cast<std::size_t>(frames));
  values_.resize(static_cast<std::size_t>(frames) * columns());
}
void StateRecord::clear() {
  frame_steps_.clear();
  values_.clear();
}

}  // namespace ranvier
