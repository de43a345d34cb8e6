// Equations with past values of a state against the method of steps. See README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "ranvier/simulation.hpp"
#include "ranvier/synapses.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

/// The past of x reaches the input "past": held at the start of the step, or as the mean of its two ends.
Network with_past(const Model& model, Quantity delay, Quantity dt, bool middle) {
  Network net;
  const auto N = net.add("N", model, 3);
  const auto past = [&](Quantity by, double weight) {
    net.connect(N, N, one_to_one()).synapse(presynaptic("x", unitless)).output(cuba(unitless)).onto("past").weight(weight).delay(by);
  };
  past(delay, middle ? 0.5 : 1.0);
  if (middle) past(Quantity{delay.value - dt.value, delay.dimension}, 0.5);
  return net;
}

Model decay() {
  Model m{"decay"};
  const auto x = m.state("x"), past = m.input("past", unitless);
  m.d(x) = -past / ms;
  m.initial(x, 1.0);
  return m;
}

double by_steps(double t) {
  double sum = 0, factorial = 1;
  for (int k = 0; k <= static_cast<int>(std::floor(t)) + 1; ++k) {
    if (k > 0) factorial *= k;
    sum += (k % 2 == 0 ? 1 : -1) * std::pow(t - (k - 1), k) / factorial;
  }
  return sum;
}

/// The largest over 0 to 4 ms.
double error(double dt, bool middle) {
  Simulation sim(with_past(decay(), 1 * ms, dt * ms, middle), {.dt = dt * ms, .method = "heun", .threads = 1});
  double worst = 0;
  for (int k = 0; k < 40; ++k) {
    sim.run(0.1 * ms);
    worst = std::max(worst, std::fabs(sim.get("N", "x")[1] - by_steps(sim.time_ms())));
  }
  return worst;
}

TEST(DelayedEquations, ConvergeToTheMethodOfSteps) {
  EXPECT_NEAR(error(0.05, false) / error(0.025, false), 2, 0.4);
  EXPECT_NEAR(error(0.05, true) / error(0.025, true), 4, 0.8);
  EXPECT_LT(error(0.05, true), 1e-3);
}

constexpr double beta = 0.2, gamma_ = 0.1, tau = 17, start = 1.2;
double rate(double x, double past) { return beta * past / (1 + std::pow(past, 10)) - gamma_ * x; }

/// x at multiples of h = 0.001 ms: RK4, with the past between grid points by cubic Hermite.
std::vector<double> mackey_glass(double end) {
  constexpr double h = 0.001;
  const auto lag = static_cast<std::size_t>(std::lround(tau / h)), n = static_cast<std::size_t>(std::lround(end / h));
  std::vector<double> x{start}, slope{rate(start, start)};
  const auto at = [&](std::size_t i) { return i < lag ? start : x[i - lag]; };
  for (std::size_t i = 0; i < n; ++i) {
    const double p0 = at(i), p1 = i + 1 < lag ? start : x[i + 1 - lag];
    const double middle = i < lag ? start : (p0 + p1) / 2 + h / 8 * (slope[i - lag] - slope[i + 1 - lag]);
    const double k1 = rate(x[i], p0), k2 = rate(x[i] + h / 2 * k1, middle), k3 = rate(x[i] + h / 2 * k2, middle), k4 = rate(x[i] + h * k3, p1);
    x.push_back(x[i] + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4));
    slope.push_back(rate(x.back(), p1));
  }
  return x;
}

Model mackey_glass_model() {
  Model m{"mackey_glass"};
  const auto x = m.state("x"), past = m.input("past", unitless);
  const auto b = m.parameter("beta", beta / ms), g = m.parameter("gamma", gamma_ / ms);
  m.d(x) = b * past / (1 + pow(past, 10)) - g * x;
  m.initial(x, start);
  return m;
}

TEST(DelayedEquations, MackeyGlass) {
  const auto reference = mackey_glass(60);
  Simulation sim(with_past(mackey_glass_model(), tau * ms, 0.05 * ms, true), {.dt = 0.05 * ms, .method = "heun", .threads = 2});
  for (const std::size_t t : {20, 40, 60}) {
    sim.run(20 * ms);
    EXPECT_NEAR(sim.get("N", "x")[2], reference[t * 1000], 2e-4) << "at " << t << " ms";
  }
  EXPECT_GT(std::fabs(reference[40000] - reference[60000]), 0.05) << "it does not oscillate: nothing is compared";
}

TEST(DelayedEquations, SameBitsHoweverTheyRun) {
  const auto net = with_past(mackey_glass_model(), tau * ms, 0.05 * ms, true);
  const auto run = [&](SimulationOptions options) {
    options.dt = 0.05 * ms;
    Simulation sim(net, options);
    sim.run(13 * ms);
    sim.run(27 * ms);
    return sim.get("N", "x");
  };
  const auto first = run({.threads = 1, .lanes = 1});
  EXPECT_EQ(run({.threads = 3, .lanes = 8}), first);
  EXPECT_EQ(run({.threads = 2, .backend = Backend::interpreter}), first);
  EXPECT_EQ(run({.threads = 1, .fuse = false}), first);
}

TEST(DelayedEquations, ADelayOffTheGridIsRefused) {
  try {
    Simulation sim(with_past(decay(), 0.07 * ms, 0.05 * ms, false), {.dt = 0.05 * ms, .threads = 1});
    FAIL() << "no error";
  } catch (const UserError& e) {
    EXPECT_NE(std::string(e.what()).find("is not a multiple of dt"), std::string::npos) << e.what();
  }
}

}  // namespace
