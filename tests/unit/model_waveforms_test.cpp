// links: ranvier_model
#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/inputs.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

using Values = std::vector<double>;

TEST(Waveforms, SectionsStepsAndRamps) {
  EXPECT_EQ(section({1 * pA, 0.002 * nA}, {0.2 * ms, 0.3 * ms}, 0.1 * ms).values, (Values{1, 1, 2, 2, 2}));
  EXPECT_EQ(constant(3 * mV, 0.3 * ms, 0.1 * ms).values, (Values{3, 3, 3}));
  EXPECT_EQ(step(3 * mV, 0.2 * ms, 0.4 * ms, 0.1 * ms).values, (Values{0, 0, 3, 3}));
  EXPECT_EQ(step(3 * mV, 9 * ms, 0.2 * ms, 0.1 * ms).values, (Values{0, 0}));
  const auto r = ramp(0 * pA, 4 * pA, 1 * ms, 5 * ms, 7 * ms, 1 * ms).values;
  EXPECT_EQ(r, (Values{0, 0.5, 1.5, 2.5, 3.5, 0, 0}));
  EXPECT_EQ(pulses({1 * ms, 4 * ms}, 2 * ms, 5 * pA, 7 * ms, 1 * ms).values, (Values{0, 5, 5, 0, 5, 5, 0}));
}

TEST(Waveforms, Waves) {
  const auto s = sinusoid({2 * pA, 50 * Hz, 1 * pA, 5 * ms, 30 * ms}, 40 * ms, 1 * ms);
  const auto q = square({2 * pA, 50 * Hz, 1 * pA, 5 * ms, 30 * ms}, 40 * ms, 1 * ms);
  for (int i = 0; i < 40; ++i) {
    const double turns = 0.05 * (i + 0.5 - 5), pi = 3.14159265358979323846;
    EXPECT_NEAR(s.values[i], i >= 5 && i < 30 ? 1 + 2 * std::sin(2 * pi * turns) : 0, 1e-13);
    EXPECT_EQ(q.values[i], i < 5 || i >= 30 ? 0 : turns - std::floor(turns) < 0.5 ? 3 : -1);
  }
}

TEST(Waveforms, NoiseHasItsMomentsAndIsTheSameForASeed) {
  const NoiseInput what{.neurons = 500, .seed = 3};
  const auto w = wiener_noise(2 * pA, 1 * ms, what, 20 * ms, 0.1 * ms), o = ou_noise(5 * pA, 2 * pA, 1 * ms, what, 20 * ms, 0.1 * ms);
  ASSERT_EQ(w.rows(), 200u);
  double white = 0, mean = 0, variance = 0, lag = 0;
  const double n = 500 * 200;
  for (const double v : w.values) white += v * v / n;
  for (const double v : o.values) mean += v / n, variance += (v - 5) * (v - 5) / n;
  for (std::size_t i = 0; i + 5000 < o.values.size(); ++i) lag += (o.values[i] - 5) * (o.values[i + 5000] - 5) / (n - 5000);  // 1 ms apart
  EXPECT_NEAR(white, 40, 5 * 40 * std::sqrt(2 / n));
  const double independent = 500 * 20 / 2.0;  // as many as there are times of twice tau
  EXPECT_NEAR(mean, 5, 5 * 2 / std::sqrt(independent));
  EXPECT_NEAR(variance, 4, 5 * 4 * std::sqrt(2 / independent));
  EXPECT_NEAR(lag, 4 * std::exp(-1.0), 5 * 4 * std::sqrt(2 / independent));
  EXPECT_EQ(o.values, ou_noise(5 * pA, 2 * pA, 1 * ms, what, 20 * ms, 0.1 * ms).values);
  EXPECT_NE(o.values, ou_noise(5 * pA, 2 * pA, 1 * ms, {.neurons = 500, .seed = 4}, 20 * ms, 0.1 * ms).values);
  const auto late = wiener_noise(2 * pA, 1 * ms, {.begin = 1 * ms}, 2 * ms, 0.1 * ms);
  EXPECT_EQ(late.values[9], 0);
  EXPECT_NE(late.values[10], 0);
}

TEST(Waveforms, PulsePackets) {
  const auto p = pulse_packets(200, {100 * ms, 300 * ms}, 10, 5 * ms, 1);
  ASSERT_EQ(p.ids.size(), 4000u);
  double mean = 0, variance = 0;
  for (const double t : p.times_ms) {
    const double d = t < 200 ? t - 100 : t - 300;
    mean += d / 4000, variance += d * d / 4000;
  }
  EXPECT_NEAR(mean, 0, 5 * 5 / std::sqrt(4000));
  EXPECT_NEAR(variance, 25, 5 * 25 * std::sqrt(2.0 / 4000));
}

TEST(Waveforms, BadInput) {
  EXPECT_THROW((void)section({1 * pA}, {}, 1 * ms), UserError);
  EXPECT_THROW((void)section({1 * pA, 1 * mV}, {1 * ms, 1 * ms}, 1 * ms), UnitError);
  EXPECT_THROW((void)constant(1 * pA, 0.25 * ms, 0.1 * ms), UserError);
  EXPECT_THROW((void)constant(1 * pA, -1 * ms, 0.1 * ms), UserError);
  EXPECT_THROW((void)constant(NAN * pA, 1 * ms, 0.1 * ms), UserError);
  EXPECT_THROW((void)constant(1 * pA, 1 * ms, 0 * ms), UserError);
  EXPECT_THROW((void)constant(1 * pA, 1 * pA, 1 * ms), UnitError);
  EXPECT_THROW((void)ou_noise(0 * pA, -1 * pA, 1 * ms, {}, 1 * ms, 1 * ms), UserError);
  EXPECT_THROW((void)wiener_noise(1 * pA, 1 * ms, {.neurons = 0}, 1 * ms, 1 * ms), UserError);
  EXPECT_THROW((void)pulse_packets(1, {-1 * ms}, 1, 1 * ms), UserError);
}

}  // namespace
