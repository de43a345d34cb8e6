#include "plot/ticks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace ranvier::plot::detail {
namespace {

constexpr double slack = 1e-9;  // of a step: a tick that rounding puts just outside the axis still counts

Ticks linear_ticks(const Scale& scale, int max_intervals, bool whole) {
  const double span = scale.high - scale.low;
  double step = round_up_125(span / std::max(1, max_intervals));
  if (whole) step = std::max(step, 1.0);
  const double largest = std::max(std::fabs(scale.low), std::fabs(scale.high));
  Ticks result;
  const bool fine = step < 1e-7 * largest;  // then digits matter more than width, and all are written
  if (!fine && (largest >= 1e6 || largest < 1e-3)) result.exponent = 3 * static_cast<int>(std::floor(std::log10(largest) / 3));
  const double unit = std::pow(10.0, result.exponent);
  const int decimals = std::clamp(-static_cast<int>(std::floor(std::log10(step / unit) + slack)), 0, 15);
  const double first = std::ceil(scale.low / step - slack);
  for (int i = 0; i <= max_intervals; ++i) {
    const double value = (first + i) * step;
    if (value > scale.high + slack * step) break;
    if (!result.ticks.empty() && value <= result.ticks.back().value) continue;  // finer than doubles are
    result.ticks.push_back({value, number(value / unit, decimals)});
  }
  return result;
}

Ticks log_ticks(const Scale& scale, int max_intervals) {
  Ticks result;
  const int first = static_cast<int>(std::floor(std::log10(scale.low) + slack));
  const int last = static_cast<int>(std::ceil(std::log10(scale.high) - slack));
  const double decades = std::log10(scale.high / scale.low);
  const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(1, max_intervals) - slack)));
  const bool plain = scale.low > 1e-4 * (1 + slack) && scale.high < 1e5 * (1 - slack);  // no power of ten below 0.001 or above 10,000
  for (int n = first; n <= last; ++n) {
    for (int digit = 1; digit <= 9; ++digit) {
      if (every > 1 && digit > 1) break;
      const double value = digit * std::pow(10.0, n);
      if (value < scale.low * (1 - slack) || value > scale.high * (1 + slack)) continue;
      const bool named = (digit == 1 && n % every == 0) || (decades < 2 && (digit == 2 || digit == 5));
      std::string label;
      if (named && plain) label = number(value, std::max(0, -n));
      else if (named && digit == 1) label = power_of_ten(n);
      else if (named) label = number(digit, 0) + "×" + power_of_ten(n);
      result.ticks.push_back({value, label});
    }
  }
  const auto named = std::count_if(result.ticks.begin(), result.ticks.end(), [](const Tick& t) { return !t.label.empty(); });
  return named < 2 ? linear_ticks(scale, max_intervals, false) : result;
}

}  // namespace

double Scale::operator()(double value) const {
  const double place = log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return from + (to - from) * place;
}

double round_up_125(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double digit : {1.0, 2.0, 5.0})
    if (digit * power >= value * (1 - slack)) return digit * power;
  return 10 * power;
}

Ticks choose_ticks(const Scale& scale, int max_intervals, bool whole) {
  return scale.log ? log_ticks(scale, max_intervals) : linear_ticks(scale, max_intervals, whole);
}

std::string number(double value, int decimals) {
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr;
  std::string result(text.data(), end);
  if (result[0] != '-') return result;
  const bool zero = result.find_first_not_of("-0.") == std::string::npos;
  return zero ? result.substr(1) : "−" + result.substr(1);
}

std::string shortest(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string three_digits(double value) {
  if (value == 0) return "0";
  const double size = std::fabs(value);
  return number(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

std::string power_of_ten(int exponent) {
  static constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += digits[digit - '0'];
  return text;
}

std::string with_exponent(const std::string& label, int exponent) {
  if (exponent == 0) return label;
  const std::string factor = power_of_ten(exponent);
  if (label.empty() || label.back() != ')') return label + " (" + factor + ")";
  return label.substr(0, label.rfind('(') + 1) + factor + " " + label.substr(label.rfind('(') + 1);
}

}  // namespace ranvier::plot::detail
