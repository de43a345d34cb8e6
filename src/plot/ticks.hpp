// Scales from values to points, the choice of ticks on them, and numbers as text.
//
//   Scale x{0, 100, false, box.left, box.right};
//   Ticks ticks = choose_ticks(x, 6);              // 0 20 40 60 80 100
//   double where = x(ticks.ticks[1].value);
#pragma once

#include <string>
#include <vector>

namespace ranvier::plot::detail {

/// A linear or logarithmic map of [low, high] onto [from, to]; low < high, and low > 0 if logarithmic.
struct Scale {
  double low = 0, high = 1;
  bool log = false;
  double from = 0, to = 1;
  /// The place of a value in points; not finite for a value that a logarithmic scale cannot show.
  [[nodiscard]] double operator()(double value) const;
};

struct Tick {
  double value = 0;
  std::string label;  ///< empty for a minor tick
};
struct Ticks {
  std::vector<Tick> ticks;
  int exponent = 0;  ///< labels are to be read times 10^exponent
};

/// Ticks at multiples of 1, 2 or 5 times a power of ten, at most `max_intervals` steps (at least 1); on a logarithmic
/// scale at powers of ten with minor ticks between, at 1-2-5 where there are less than two decades, or as on a linear one where that
/// names less than two.
/// `whole`: only whole numbers.
[[nodiscard]] Ticks choose_ticks(const Scale& scale, int max_intervals, bool whole = false);

/// The smallest of 1, 2, 5 times a power of ten that is not below `value` > 0 (up to rounding).
[[nodiscard]] double round_up_125(double value);

/// Fixed notation with a true minus sign, "0" without a sign.
[[nodiscard]] std::string number(double value, int decimals);
/// About three significant digits: "0", "0.42", "7.25", "39.1", "212".
[[nodiscard]] std::string three_digits(double value);
/// As few digits as tell it from other doubles: for messages.
[[nodiscard]] std::string shortest(double value);
/// "10" with `exponent` as superscript digits.
[[nodiscard]] std::string power_of_ten(int exponent);
/// `label` with the power of ten that was taken out of its ticks, before the unit: "rate (10³ Hz)".
[[nodiscard]] std::string with_exponent(const std::string& label, int exponent);

}  // namespace ranvier::plot::detail
