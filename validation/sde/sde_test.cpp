// Euler-Maruyama and Milstein against closed forms; README.md has equations and criteria.
#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}
double covariance(const std::vector<double>& x, const std::vector<double>& y) {
  const double a = mean_of(x), b = mean_of(y);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - a) * (y[i] - b);
  return sum / static_cast<double>(x.size() - 1);
}

const double tau = 10, sigma = 2, h = 0.1;
const std::size_t paths = 4000;

Network ornstein_uhlenbeck(double from) {
  Model m{"ou"};
  const auto x = m.state("x");
  const auto s = m.parameter("sigma", sigma), T = m.parameter("tau", tau * ms);
  m.d(x) = -x / T + s * sqrt(2 / T) * m.noise("xi");
  m.initial(x, from);
  Network net;
  net.add("P", m, paths);
  return net;
}

class Sde : public testing::TestWithParam<const char*> {};

TEST_P(Sde, OrnsteinUhlenbeckMeanAndVariance) {
  Simulation sim(ornstein_uhlenbeck(3), {.dt = h * ms, .method = GetParam(), .seed = 7});
  const double a = 1 - h / tau;
  int n = 0;
  for (const int more : {10, 40, 100, 350}) {
    sim.run(more * h * ms);
    n += more;
    const auto x = sim.get("P", "x");
    const double t = n * h, mean = 3 * std::pow(a, n), variance = 2 * sigma * sigma * h / tau * (1 - std::pow(a, 2 * n)) / (1 - a * a);
    EXPECT_NEAR(mean_of(x), mean, 5 * std::sqrt(variance / paths)) << t;
    EXPECT_NEAR(covariance(x, x), variance, 5 * variance * std::sqrt(2.0 / paths)) << t;
    EXPECT_NEAR(mean, 3 * std::exp(-t / tau), 3 * h / tau);
    EXPECT_NEAR(variance, sigma * sigma * (1 - std::exp(-2 * t / tau)), sigma * sigma * h / tau);
  }
}

TEST_P(Sde, OrnsteinUhlenbeckAutocorrelation) {
  auto net = ornstein_uhlenbeck(0);
  Simulation sim(net, {.dt = h * ms, .method = GetParam(), .seed = 8});
  sim.run(100 * ms);
  const auto first = sim.get("P", "x");
  const double a = 1 - h / tau, variance = 2 * sigma * sigma * h / tau / (1 - a * a);
  int n = 0;
  for (const int more : {20, 80, 200}) {
    sim.run(more * h * ms);
    n += more;
    EXPECT_NEAR(covariance(first, sim.get("P", "x")), variance * std::pow(a, n), 5 * variance * std::sqrt((1 + std::pow(a, 2 * n)) / paths));
  }
}

struct Errors {
  double strong, weak, deviation;
};
Errors geometric(const std::string& method, double dt) {
  const double mu = 1.5, s = 1;
  const std::uint32_t count = 20'000;
  Model m{"gbm"};
  const auto x = m.state("x"), B = m.state("B");
  const auto xi = m.noise("xi");
  const auto growth = m.parameter("mu", mu / Quantity(1 * ms)), spread = m.parameter("s", s);
  const auto root = sqrt(1 / Expr(1 * ms));
  m.d(x) = growth * x + spread * root * x * xi;
  m.d(B) = xi * root;
  m.initial(x, 1);
  Network net;
  net.add("P", m, count);
  Simulation sim(net, {.dt = dt * ms, .method = method, .seed = 21});
  sim.run(1 * ms);
  const auto got = sim.get("P", "x"), w = sim.get("P", "B");
  Errors e{0, 0, 0};
  double square = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double d = got[i] - std::exp(mu - s * s / 2 + s * w[i]);
    e.strong += std::fabs(d) / count, e.weak += d / count, square += d * d / count;
  }
  e.deviation = std::sqrt(square / count);
  return e;
}

TEST_P(Sde, GeometricBrownianMotionConvergesInItsOrders) {
  const bool milstein = std::string(GetParam()) == "milstein";
  std::vector<Errors> errors;
  for (const double dt : {1.0 / 8, 1.0 / 16, 1.0 / 32, 1.0 / 64, 1.0 / 128}) {
    errors.push_back(geometric(GetParam(), dt));
    const double weak = std::pow(1 + 1.5 * dt, std::round(1 / dt)) - std::exp(1.5);
    EXPECT_NEAR(errors.back().weak, weak, 5 * errors.back().deviation) << dt;
  }
  const double strong = std::log2(errors.front().strong / errors.back().strong) / 4;
  EXPECT_NEAR(strong, milstein ? 1.0 : 0.5, 0.1);
  EXPECT_NEAR(std::log2(errors.front().weak / errors.back().weak) / 4, 1, 0.2);
}

TEST_P(Sde, TwoNoises) {
  Model m{"two"};
  const auto x = m.state("x"), y = m.state("y");
  const auto u = m.noise("u"), v = m.noise("v");
  const auto root = sqrt(1 / Expr(1 * ms));
  m.d(x) = root * (2 * u + 0.5 * v);
  m.d(y) = root * 0.5 * u;
  Network net;
  net.add("P", m, paths);
  Simulation sim(net, {.method = GetParam(), .seed = 9});
  sim.run(4 * ms);
  const auto a = sim.get("P", "x"), b = sim.get("P", "y");
  const double xx = 4.25 * 4, yy = 0.25 * 4, xy = 1 * 4;
  EXPECT_NEAR(covariance(a, a), xx, 5 * xx * std::sqrt(2.0 / paths));
  EXPECT_NEAR(covariance(b, b), yy, 5 * yy * std::sqrt(2.0 / paths));
  EXPECT_NEAR(covariance(a, b), xy, 5 * std::sqrt((xx * yy + xy * xy) / paths));
}

TEST_P(Sde, TwoRunsAreOne) {
  Simulation one(ornstein_uhlenbeck(1), {.method = GetParam()}), two(ornstein_uhlenbeck(1), {.method = GetParam()});
  one.run(10 * ms);
  two.run(3.7 * ms);
  two.run(6.3 * ms);
  EXPECT_EQ(one.get("P", "x"), two.get("P", "x"));
}

INSTANTIATE_TEST_SUITE_P(Methods, Sde, testing::Values("euler_maruyama", "milstein"), [](const auto& test) { return std::string(test.param); });

}  // namespace
