// Counts, intervals, independence and rates of Poisson sources; README.md has the criteria.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ranvier/simulation.hpp"
#include "ranvier/sources.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

constexpr std::uint32_t neurons = 4000;
constexpr double p = 0.05 * 0.1;

struct Recorded {
  std::vector<double> counts, early, late;
  std::vector<std::vector<double>> stamps;
};
Recorded record(const Model& model, Quantity duration, const std::string& name = "P", Quantity warm = 0 * ms) {
  Network net;
  auto P = net.add(name, model, neurons);
  Simulation sim(net, {.seed = 17});
  if (warm.value > 0) sim.run(warm);
  const auto spikes = sim.record(P.spikes());
  sim.run(duration);
  Recorded r{std::vector<double>(neurons), std::vector<double>(neurons), std::vector<double>(neurons), std::vector<std::vector<double>>(neurons)};
  const double half = duration.value / 0.1 / 2;
  for (std::size_t k = 0; k < spikes->count(); ++k) {
    const auto id = spikes->ids()[k];
    const auto stamp = static_cast<double>(spikes->stamps()[k]);
    ++r.counts[id];
    ++(stamp <= half ? r.early : r.late)[id];
    r.stamps[id].push_back(stamp);
  }
  return r;
}

double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v / static_cast<double>(x.size());
  return sum;
}
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double a = mean_of(x), b = mean_of(y);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) xy += (x[i] - a) * (y[i] - b), xx += (x[i] - a) * (x[i] - a), yy += (y[i] - b) * (y[i] - b);
  return xy / std::sqrt(xx * yy);
}

TEST(PoissonStatistics, CountsAreBinomial) {
  const auto r = record(poisson_source(50 * Hz), 100 * ms);
  const double n = 1000, mean = n * p, variance = n * p * (1 - p);
  EXPECT_NEAR(mean_of(r.counts), mean, 5 * std::sqrt(variance / neurons));
  double square = 0;
  for (const double c : r.counts) square += (c - mean) * (c - mean) / neurons;
  EXPECT_NEAR(square, variance, 5 * variance * std::sqrt(2.2 / neurons));
  double chi = 0, classes = 0;
  for (int k = 0; k < 40; ++k) {
    const double log_pmf = std::lgamma(n + 1) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1) + k * std::log(p) + (n - k) * std::log1p(-p);
    const double expected = neurons * std::exp(log_pmf);
    if (expected < 5) continue;
    const double seen = static_cast<double>(std::count(r.counts.begin(), r.counts.end(), k));
    chi += (seen - expected) * (seen - expected) / expected, ++classes;
  }
  EXPECT_LT(chi, classes + 5 * std::sqrt(2 * classes));
}

TEST(PoissonStatistics, IntervalsAreGeometric) {
  const auto r = record(poisson_source(50 * Hz), 1000 * ms);
  std::vector<double> intervals;  // the first after a fixed time: none is cut off
  for (const auto& s : r.stamps) {
    if (!s.empty()) intervals.push_back(s[0]);
    if (s.size() > 1) intervals.push_back(s[1] - s[0]);
  }
  std::sort(intervals.begin(), intervals.end());
  const double n = static_cast<double>(intervals.size());
  double geometric = 0, exponential = 0;
  for (int k = 1; k < 2000; ++k) {
    const double seen = static_cast<double>(std::upper_bound(intervals.begin(), intervals.end(), k) - intervals.begin()) / n;
    geometric = std::max(geometric, std::fabs(seen - (1 - std::pow(1 - p, k))));
    exponential = std::max(exponential, std::fabs(seen - (1 - std::exp(-p * k))));
  }
  EXPECT_LT(geometric, 1.95 / std::sqrt(n));
  EXPECT_LT(exponential, 1.95 / std::sqrt(n) + p);
}

TEST(PoissonStatistics, NeuronsTimesAndPopulationsAreIndependent) {
  const auto r = record(poisson_source(50 * Hz), 200 * ms), other = record(poisson_source(50 * Hz), 200 * ms, "Q");
  const std::vector<double> left(r.counts.begin(), r.counts.end() - 1), right(r.counts.begin() + 1, r.counts.end());
  EXPECT_LT(std::fabs(correlation(left, right)), 5 / std::sqrt(neurons));
  EXPECT_LT(std::fabs(correlation(r.early, r.late)), 5 / std::sqrt(neurons));
  EXPECT_LT(std::fabs(correlation(r.counts, other.counts)), 5 / std::sqrt(neurons));
  EXPECT_NE(r.counts, other.counts);
}

TEST(PoissonStatistics, OneRateForEachNeuron) {
  Network net;
  auto P = net.add("P", poisson_source(0 * Hz), neurons);
  std::vector<double> rates(neurons);
  for (std::uint32_t i = 0; i < neurons; ++i) rates[i] = 20.0 * (i % 5);
  P.set("rate", rates, Hz);
  Simulation sim(net, {.seed = 3});
  const auto spikes = sim.record(P.spikes());
  sim.run(200 * ms);
  std::vector<double> count(5);
  for (const auto id : spikes->ids()) ++count[id % 5];
  for (int k = 0; k < 5; ++k) {
    const double expected = neurons / 5 * 0.2 * 20 * k;
    EXPECT_NEAR(count[k], expected, 5 * std::sqrt(expected));
  }
}

void expect_rate(const Recorded& r, const std::function<double(double)>& rate_per_ms, int milliseconds) {
  std::vector<double> seen(static_cast<std::size_t>(milliseconds));
  for (const auto& s : r.stamps) {
    for (const double stamp : s) ++seen[static_cast<std::size_t>((stamp - 0.5) / 10)];
  }
  double chi = 0;
  for (int k = 0; k < milliseconds; ++k) {
    double expected = 0;
    for (int i = 0; i < 10; ++i) expected += neurons * 0.1 * rate_per_ms(k + i * 0.1);
    ASSERT_GE(expected, 5);
    chi += (seen[k] - expected) * (seen[k] - expected) / expected;
  }
  EXPECT_LT(chi, milliseconds + 5 * std::sqrt(2.0 * milliseconds));
}

TEST(PoissonStatistics, RateOverTimeFromAnArray) {
  const auto rates = section({20 * Hz, 200 * Hz, 50 * Hz}, {30 * ms, 20 * ms, 50 * ms}, 10 * ms);
  expect_rate(record(poisson_source(rates), 100 * ms), [](double t) { return t < 29.95 ? 0.02 : t < 49.95 ? 0.2 : 0.05; }, 100);
}

TEST(PoissonStatistics, RateOverTimeFromAnEquation) {
  Model m{"inhomogeneous"};
  const auto rate = m.parameter("rate", 100 * Hz), f = m.parameter("f", 20 * Hz);
  m.threshold(ranvier::rand() < rate * (1 + 0.8 * sin(6.283185307179586 * f * m.time())) * m.dt());
  expect_rate(record(m, 100 * ms), [](double t) { return 0.1 * (1 + 0.8 * std::sin(6.283185307179586 * 0.02 * t)); }, 100);
}

}  // namespace
