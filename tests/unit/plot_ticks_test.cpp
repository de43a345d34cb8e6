// links: ranvier_plot
// Scales, the choice of ticks, numbers as text.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "plot/panel.hpp"
#include "plot/ticks.hpp"

using namespace ranvier::plot::detail;

namespace {

std::vector<std::string> labels(const Ticks& ticks) {
  std::vector<std::string> result;
  for (const Tick& tick : ticks.ticks)
    if (!tick.label.empty()) result.push_back(tick.label);
  return result;
}
using Labels = std::vector<std::string>;

TEST(PlotTicks, ScalesMapEndsAndMiddle) {
  const Scale linear{-10, 30, false, 100, 500};
  EXPECT_DOUBLE_EQ(linear(-10), 100);
  EXPECT_DOUBLE_EQ(linear(10), 300);
  EXPECT_DOUBLE_EQ(linear(30), 500);
  const Scale log{0.01, 100, true, 0, 4};
  EXPECT_NEAR(log(1), 2, 1e-12);
  EXPECT_NEAR(log(10), 3, 1e-12);
  EXPECT_FALSE(std::isfinite(log(0)));
  EXPECT_FALSE(std::isfinite(log(-1)));
}

TEST(PlotTicks, StepsAreOneTwoFive) {
  EXPECT_EQ(labels(choose_ticks({0, 100}, 6)), (Labels{"0", "20", "40", "60", "80", "100"}));
  EXPECT_EQ(labels(choose_ticks({0, 1}, 5)), (Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(labels(choose_ticks({-73, 24}, 5)), (Labels{"−60", "−40", "−20", "0", "20"}));
  EXPECT_EQ(labels(choose_ticks({-0.5, 3199.5}, 4)), (Labels{"0", "1000", "2000", "3000"}));
  EXPECT_EQ(labels(choose_ticks({-0.5, 0.5}, 12, true)), (Labels{"0"}));
  EXPECT_EQ(labels(choose_ticks({-0.5, 2.5}, 12, true)), (Labels{"0", "1", "2"}));
}

TEST(PlotTicks, ManyRangesGiveTicksInsideAndNotTooMany) {
  for (const double low : {0.0, -3.7, 12345.6, -1e-7, 1e9})
    for (const double span : {1e-6, 0.3, 7.0, 99.9, 1e5, 3e12})
      for (const int most : {1, 2, 5, 12}) {
        const Scale scale{low, low + span};
        const Ticks ticks = choose_ticks(scale, most);
        EXPECT_LE(ticks.ticks.size(), static_cast<std::size_t>(most) + 1);
        for (std::size_t i = 0; i < ticks.ticks.size(); ++i) {
          EXPECT_GE(ticks.ticks[i].value, low - 1e-6 * span);
          EXPECT_LE(ticks.ticks[i].value, low + span * (1 + 1e-6));
          if (i > 0) {
            EXPECT_GT(ticks.ticks[i].value, ticks.ticks[i - 1].value);
            EXPECT_NE(ticks.ticks[i].label, ticks.ticks[i - 1].label) << low << ' ' << span;
          }
        }
      }
}

TEST(PlotTicks, LabelsOfLargeAndSmallNumbersShareAnExponent) {
  const Ticks large = choose_ticks({0, 4e6}, 4);
  EXPECT_EQ(large.exponent, 6);
  EXPECT_EQ(labels(large), (Labels{"0", "1", "2", "3", "4"}));
  const Ticks small = choose_ticks({0, 4e-5}, 4);
  EXPECT_EQ(small.exponent, -6);
  EXPECT_EQ(labels(small), (Labels{"0", "10", "20", "30", "40"}));
  EXPECT_EQ(with_exponent("rate (Hz)", 6), "rate (10⁶ Hz)");
  EXPECT_EQ(with_exponent("error", -12), "error (10⁻¹²)");
  EXPECT_EQ(with_exponent("rate (Hz)", 0), "rate (Hz)");
}

TEST(PlotTicks, LogarithmicAxesHavePowersOfTenAndMinorTicks) {
  const Ticks ticks = choose_ticks({1e-7, 10, true}, 8);
  EXPECT_EQ(labels(ticks), (Labels{"10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"}));
  EXPECT_EQ(ticks.ticks.size(), 9u + 8 * 8);
  EXPECT_EQ(labels(choose_ticks({0.01, 1, true}, 8)), (Labels{"0.01", "0.1", "1"}));
  EXPECT_EQ(labels(choose_ticks({1, 30, true}, 8)), (Labels{"1", "2", "5", "10", "20"}));
  // Where no two powers, twos or fives lie within the limits, ticks are as on a linear axis.
  EXPECT_EQ(labels(choose_ticks({31, 38, true}, 8)), (Labels{"31", "32", "33", "34", "35", "36", "37", "38"}));
  EXPECT_EQ(labels(choose_ticks({0.3, 0.48, true}, 4)), (Labels{"0.30", "0.35", "0.40", "0.45"}));
  for (const std::string& label : labels(choose_ticks({1e-300, 1e300, true}, 6))) EXPECT_EQ(label.substr(0, 2), "10");
}

TEST(PlotTicks, Numbers) {
  EXPECT_EQ(number(-0.04, 1), "0.0");
  EXPECT_EQ(number(-2.5, 1), "−2.5");
  EXPECT_EQ(three_digits(0), "0");
  EXPECT_EQ(three_digits(39.06), "39.1");
  EXPECT_EQ(three_digits(212.4), "212");
  EXPECT_EQ(three_digits(0.864), "0.86");
  EXPECT_DOUBLE_EQ(round_up_125(1.01), 2);
  EXPECT_DOUBLE_EQ(round_up_125(0.05), 0.05);
  EXPECT_DOUBLE_EQ(round_up_125(600), 1000);
}

TEST(PlotTicks, LimitsHoldEverythingAndAreNeverEmpty) {
  Range none, one, many, huge;
  EXPECT_LT(none.limits(false).first, none.limits(false).second);
  EXPECT_LT(none.limits(true).first, none.limits(true).second);
  one.add(-65);
  one.add(NAN);
  one.add(INFINITY);
  EXPECT_LT(one.limits(false).first, -65);
  EXPECT_GT(one.limits(false).second, -65);
  many.add(1e-3);
  many.add(10);
  EXPECT_LT(many.limits(true).first, 1e-3);
  EXPECT_GT(many.limits(true).first, 0);
  EXPECT_GT(many.limits(true).second, 10);
}

}  // namespace
