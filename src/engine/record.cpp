#include "ranvier/record.hpp"

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
void StateRecord::clear() {
  frame_steps_.clear();
  values_.clear();
}

}  // namespace ranvier
