#include "base/step_clock.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "ranvier/error.hpp"

namespace ranvier::base {
namespace {

constexpr std::array<double, 23> exact_powers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::int64_t exact_integers = std::int64_t{1} << 53;

__extension__ using Wide = __int128;

// The double nearest to product × 10^exponent, through its decimal text, which from_chars rounds correctly.
double from_decimal(Wide product, int exponent) {
  std::array<char, 64> text{};
  char* end = text.data() + text.size();
  char* at = end;
  const bool negative = product < 0;
  for (Wide rest = negative ? -product : product; rest != 0; rest /= 10) *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
  if (negative) *--at = '-';
  std::array<char, 96> number{};
  char* out = number.data();
  for (; at != end; ++at) *out++ = *at;
  *out++ = 'e';
  out = std::to_chars(out, number.data() + number.size(), exponent).ptr;
  double value = 0;
  std::from_chars(number.data(), out, value);
  return value;
}

}  // namespace

StepClock::StepClock(double dt_ms) {
  if (!(dt_ms > 0) || !std::isfinite(dt_ms)) {
    throw UserError("dt", "the time step of a recording must be positive and finite", "give it in milliseconds, e.g. 0.1");
  }
  // d.ddde±xx, the shortest that reads back as dt.
  std::array<char, 64> text{};
  const char* end = std::to_chars(text.data(), text.data() + text.size(), dt_ms, std::chars_format::scientific).ptr;
  const char* at = text.data();
  bool fraction = false;
  for (; *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
    } else {
      digits_ = digits_ * 10 + (*at - '0');
      if (fraction) --exponent_;
    }
  }
  int power = 0;
  std::from_chars(at[1] == '+' ? at + 2 : at + 1, end, power);
  exponent_ += power;
}

double StepClock::operator()(std::int64_t step) const {
  if (step == 0) return 0;
  const Wide product = static_cast<Wide>(step) * digits_;
  const bool small = product <= exact_integers && product >= -exact_integers;
  // Both operands exact: one rounding, by the division or the multiplication.
  if (small && exponent_ <= 0 && exponent_ >= -22) return static_cast<double>(product) / exact_powers[static_cast<std::size_t>(-exponent_)];
  if (small && exponent_ > 0 && exponent_ <= 22) return static_cast<double>(product) * exact_powers[static_cast<std::size_t>(exponent_)];
  return from_decimal(product, exponent_);
}

}  // namespace ranvier::base
