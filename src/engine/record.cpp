#include "ranvier/record.hpp"

#include <array>
#include <charconv>

#include "ranvier/units.hpp"

namespace ranvier {

namespace {

/// dt as the shortest decimal that reads back to it, digits * 10^exponent: 0.1 is 1 * 10^-1.
class DecimalStep {
 public:
  explicit DecimalStep(double dt) : dt_(dt) {
    std::array<char, 64> text{};
    const char* end = std::to_chars(text.data(), text.data() + text.size(), dt, std::chars_format::scientific).ptr;
    bool fraction = false;
    const char* at = text.data();
    for (; at != end && *at != 'e'; ++at) {
      if (*at == '.') {
        fraction = true;
      } else {
        digits_ = digits_ * 10 + (*at - '0');
        exponent_ -= fraction;
      }
    }
    if (end - at < 3) return;  // not a finite number
    int power = 0;
    std::from_chars(at[1] == '+' ? at + 2 : at + 1, end, power);
    exponent_ += power;
  }
  [[nodiscard]] double time(std::uint64_t step) const {
    // Both factors are exact, so there is one rounding; beyond 2^53 the product itself is as good as any.
    const double product = static_cast<double>(step) * digits_;
    if (product > 0x1p53 || exponent_ < -22 || exponent_ > 22) return static_cast<double>(step) * dt_;
    return scale_by_power_of_ten(product, exponent_);
  }

 private:
  double dt_, digits_ = 0;
  int exponent_ = 0;
};

}  // namespace

double step_time_ms(std::uint64_t step, double dt_ms) { return DecimalStep(dt_ms).time(step); }

std::vector<double> SpikeRecord::times_ms() const {
  const DecimalStep clock(dt_ms_);
  std::vector<double> out;
  out.reserve(stamps_.size());
  for (const auto s : stamps_) out.push_back(clock.time(s));
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
  const DecimalStep clock(dt_ms_);
  std::vector<double> out;
  for (const auto s : frame_steps_) out.push_back(clock.time(s));
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
