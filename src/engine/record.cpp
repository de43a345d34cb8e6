#include "ranvier/record.hpp"

#include <algorithm>

#include "base/step_clock.hpp"

namespace ranvier {

namespace {

/// For writing: a copy where somebody keeps what was recorded so far.
template <class T>
std::vector<T>& own(std::shared_ptr<std::vector<T>>& values) {
  if (values.use_count() > 1) values = std::make_shared<std::vector<T>>(*values);
  return *values;
}

}  // namespace

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
  auto& all = own(ids_);
  all.insert(all.end(), ids.begin(), ids.end());
}
void SpikeRecord::clear() {
  stamps_.clear();
  ids_ = std::make_shared<std::vector<std::uint32_t>>();
}

void SpikeRecord::cut(std::uint64_t last) {
  const auto end = std::upper_bound(stamps_.begin(), stamps_.end(), last) - stamps_.begin();
  stamps_.resize(static_cast<std::size_t>(end));
  own(ids_).resize(static_cast<std::size_t>(end));
}

std::vector<double> StateRecord::times_ms() const {
  const base::StepClock clock(dt_ms_);
  std::vector<double> out;
  for (const auto s : frame_steps_) out.push_back(clock(static_cast<std::int64_t>(s)));
  return out;
}
void StateRecord::append(std::uint64_t step, std::span<const double> frame) {
  frame_steps_.push_back(step);
  auto& all = own(values_);
  all.insert(all.end(), frame.begin(), frame.end());
}
void StateRecord::cut(std::uint64_t end) {
  const auto frames = std::lower_bound(frame_steps_.begin(), frame_steps_.end(), end) - frame_steps_.begin();
  frame_steps_.resize(static_cast<std::size_t>(frames));
  own(values_).resize(static_cast<std::size_t>(frames) * columns());
}
void StateRecord::clear() {
  frame_steps_.clear();
  values_ = std::make_shared<std::vector<double>>();
}

}  // namespace ranvier
