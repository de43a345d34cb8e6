// Grid points to times without rounding errors of their own: a step size is read as the decimal that the user wrote.
//
//   StepClock clock{0.1};
//   clock(3);   // 0.3
#pragma once

#include <cstdint>

namespace ranvier::base {

/// time(step) is the double nearest to step × dt, dt read as the shortest decimal that gives it. UserError unless dt is positive and finite.
class StepClock {
 public:
  explicit StepClock(double dt_ms);
  [[nodiscard]] double operator()(std::int64_t step) const;

 private:
  std::int64_t digits_ = 0;  // dt = digits × 10^exponent
  int exponent_ = 0;
};

}  // namespace ranvier::base
