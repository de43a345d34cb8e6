// Limits of an axis from the values that it has to show.
//
//   Range range;
//   for (double v : values) range.add(v);
//   auto [low, high] = range.limits(false);        // with a margin of 5% on either side
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ranvier::plot::detail {

/// Values near the end of the range of doubles would overflow the arithmetic of scales; they are left out like NaN.
inline bool drawable(double value) { return std::fabs(value) < 1e300; }

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    if (!drawable(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool any() const { return low <= high; }
  /// Limits that hold all values with a margin; something sensible if there is one value or none.
  [[nodiscard]] std::pair<double, double> limits(bool log) const {
    if (!any()) return log ? std::pair{1.0, 10.0} : std::pair{0.0, 1.0};
    if (log) {
      const double margin = high > low * (1 + 1e-9) ? std::pow(high / low, 0.05) : 2;
      return {low / margin, high * margin};
    }
    const double size = std::max(std::fabs(low), std::fabs(high));
    const double margin = high - low > 1e-9 * size ? 0.05 * (high - low) : std::max(0.1 * size, 1e-12);
    return {low - margin, high + margin};
  }
};

}  // namespace ranvier::plot::detail
