// links: ranvier_engine ranvier_base
// Distributions of parameters against their laws: Kolmogorov-Smirnov and moments of 20,000 fixed draws.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

constexpr std::uint32_t n = 20000;

std::vector<double> draws(const Expr& law) {
  Model m{"m"};
  m.parameter("x", Quantity{0, law.dimension()});
  m.state("s");
  Network net;
  net.add("N", m, n).set("x", law);
  auto x = Simulation(net, {.threads = 1, .backend = Backend::interpreter}).get("N", "x");
  std::sort(x.begin(), x.end());
  return x;
}

/// sqrt(n) times the largest distance of the empirical law from `below`; over 2.3 with a probability of 5e-5.
double kolmogorov(const std::vector<double>& x, const std::function<double(double)>& below) {
  double most = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double f = below(x[i]);
    most = std::max({most, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return std::sqrt(n) * most;
}
double phi(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

TEST(Distributions, FollowTheirLaws) {
  EXPECT_LT(kolmogorov(draws(uniform(2 * ms, 5 * ms)), [](double x) { return (x - 2) / 3; }), 2.3);
  EXPECT_LT(kolmogorov(draws(normal(-60 * mV, 3 * mV)), [](double x) { return phi((x + 60) / 3); }), 2.3);
  const double s2 = std::log1p(0.25), mu = std::log(2.0) - s2 / 2;  // mean 2, standard deviation 1
  EXPECT_LT(kolmogorov(draws(lognormal(2 * nS, 1 * nS)), [&](double x) { return phi((std::log(x) - mu) / std::sqrt(s2)); }), 2.3);
  EXPECT_LT(kolmogorov(draws(lognormal_median(2 * nS, 0.7)), [](double x) { return phi(std::log(x / 2) / 0.7); }), 2.3);
  EXPECT_LT(kolmogorov(draws(exponential_random(3 * ms)), [](double x) { return -std::expm1(-x / 3); }), 2.3);
  EXPECT_EQ(draws(constant(4 * ms)), std::vector<double>(n, 4.0));
}

TEST(Distributions, TruncatedNormalIsTheNormalBetweenItsLimits) {
  const struct {
    double mean, sd, low, high;
  } cases[] = {{0, 1, -1, 2}, {0, 1, -INFINITY, 0.3}, {0, 1, 2, INFINITY}, {5, 2, 9, 9.5}, {0, 1, -40, 40}, {0, 1, 8, 12}, {0, 1, -12, -8}};
  for (const auto& c : cases) {
    const auto x = draws(normal(c.mean * mV, c.sd * mV, c.low * mV, c.high * mV));
    EXPECT_GE(x.front(), c.low);
    EXPECT_LE(x.back(), c.high);
    // In the tail that keeps the digits.
    const double sign = c.low > c.mean ? -1 : 1;
    const auto below = [&](double v) { return phi(sign * (v - c.mean) / c.sd); };
    const double a = std::isinf(c.low) ? phi(sign * c.low) : below(c.low), b = std::isinf(c.high) ? phi(sign * c.high) : below(c.high);
    EXPECT_LT(kolmogorov(x, [&](double v) { return (below(v) - a) / (b - a); }), 2.3) << c.low << ' ' << c.high;
  }
}

TEST(Distributions, GammaHasItsMoments) {
  for (const double shape : {0.4, 1.0, 2.5, 30.0}) {
    const auto x = draws(gamma_random(shape, 6 * ms));
    double mean = 0, square = 0;
    for (const double v : x) mean += v / n, square += v * v / n;
    EXPECT_NEAR(mean, 6, 4.3 * 6 / std::sqrt(shape * n)) << shape;
    const double variance = 36 / shape;
    // Fourth central moment of the gamma law: (3 + 6 / shape) variance^2.
    EXPECT_NEAR(square - mean * mean, variance, 4.3 * variance * std::sqrt((2 + 6 / shape) / n)) << shape;
  }
  EXPECT_LT(kolmogorov(draws(gamma_random(1, 3 * ms)), [](double x) { return -std::expm1(-x / 3); }), 2.3);  // exponential
  // Shape 2: 1 - (1 + x / s) exp(-x / s), s = mean / 2.
  EXPECT_LT(kolmogorov(draws(gamma_random(2, 4 * ms)), [](double x) { return 1 - (1 + x / 2) * std::exp(-x / 2); }), 2.3);
}

}  // namespace
