// links: ranvier_engine ranvier_base
// Random numbers in equations, thresholds, resets and each step: laws, independence, and the same bits however a step is run.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/noise_functions.hpp"
#include "base/random.hpp"
#include "engine/core.hpp"
#include "integrate/build.hpp"
#include "engine_networks.hpp"

namespace {

/// x and u are drawn anew in every step.
Model drawing() {
  Model m{"drawing"};
  const auto x = m.state("x"), u = m.state("u"), n = m.state("n"), mean = m.parameter("mean", 3.0);
  m.each_step(x, randn());
  m.each_step(u, ranvier::rand());
  m.each_step(n, poisson(mean));
  return m;
}

/// Kernels of 32 bits see the low half of the step only; their draws do not come again after 2^32 steps, in whatever chunks it runs.
TEST(Draws, DoNotRepeatAfterTwoToThe32Steps) {
  for (const auto precision : {Precision::f32, Precision::f64}) {
    Network net;
    net.add("P", drawing(), 200);
    const SimulationOptions options{.precision = precision, .threads = 2, .disk_cache = false};
    const auto values = [&](std::uint64_t start, std::vector<std::uint64_t> chunks) {
      engine::Core core(integrate::build_step_program(net.data(), {.dt = 0.1 * ms, .precision = precision}), options);
      core.state().step = start;
      engine::SpikeLog log;
      std::vector<engine::FrameTap*> none;
      for (const auto steps : chunks) core.advance(steps, false, log, none);
      std::vector<double> out;
      for (std::size_t i = 0; i < 200; ++i) out.push_back(engine::load(core.program().domains[0], 1, core.state().domains[0].arrays[1], i));
      return out;
    };
    const std::uint64_t turn = std::uint64_t{1} << 32;
    const auto early = values(0, {6});
    for (const std::uint64_t start : {turn, 2 * turn}) {
      const auto late = values(start, {6});
      std::size_t equal = 0;
      for (std::size_t i = 0; i < 200; ++i) equal += early[i] == late[i];
      EXPECT_LE(equal, 1u);
    }
    EXPECT_EQ(values(turn - 3, {9}), values(turn, {6}));
    EXPECT_EQ(values(turn - 3, {2, 3, 4}), values(turn, {6}));
  }
}

/// Everything at once: noise, counts, random threshold and reset, values over time, a list of spikes, on both precisions.
Network everything() {
  Network net;
  Model lif{"noisy_lif"};
  const auto V = lif.state("V", mV), w = lif.state("w", mV);
  const auto sigma = lif.parameter("sigma", 3 * mV), I = lif.input("I", pA);
  const auto xi = lif.noise("xi"), eta = lif.noise("eta");
  TimeArray each{{}, mV, 1 * ms, 300};
  for (int k = 0; k < 300 * 30; ++k) each.values.push_back((k * 7919 % 100) / 10.0);
  const auto drive = lif.time_array("drive", {{3, 5, 4}, mV, 10 * ms}), own = lif.time_array("own", each);
  const auto tau = 10 * ms;
  lif.d(V) = (-V + drive + own + I * (0.05 * Gohm)) / tau + sigma * sqrt(2 / Expr(tau)) * xi;
  lif.d(w) = -w / (5 * ms) + 0.1 * w * sqrt(1 / Expr(1 * ms)) * eta + 0.2 * sigma * sqrt(1 / Expr(1 * ms)) * xi;
  lif.each_step(w, w + 0.1 * mV * poisson(0.7));
  lif.threshold(V >= 8 * mV + 2 * mV * randn());
  lif.reset(V, 1 * mV * ranvier::rand());
  lif.refractory(1 * ms, {V});
  Model source{"source"};
  source.threshold(ranvier::rand() < source.parameter("rate", 200 * Hz) * source.dt());
  Model list{"list"};
  list.emits({{0, 5, 99, 5}, {1.0, 1.0, 3.4, 7.7}});
  auto E = net.add("E", lif, 300), S = net.add("S", source, 200), L = net.add("L", list, 100);
  net.connect(S, E, bernoulli(0.1)).synapse(exponential(2 * ms, pA)).output(cuba()).weight(60 * pA);
  net.connect(L, E, bernoulli(0.5)).synapse(exponential(2 * ms, pA)).output(cuba()).weight(90 * pA);
  return net;
}

struct Result {
  std::uint64_t checksum, spikes;
  std::vector<double> v, w;
  bool operator==(const Result&) const = default;
};
Result result_of(const Simulation& sim) { return {sim.checksum(), sim.spike_count(), sim.get("E", "V"), sim.get("E", "w")}; }
Result run(const SimulationOptions& options) {
  Simulation sim(everything(), options);
  sim.run(30 * ms);
  return result_of(sim);
}

class NoiseBits : public testing::TestWithParam<Precision> {
 protected:
  SimulationOptions options() const { return {.precision = GetParam(), .threads = 1}; }
};

TEST_P(NoiseBits, ThreadsLanesBackendsAndFusionDoNotMatter) {
  const auto one = run(options());
  EXPECT_GT(one.spikes, 300u);
  const auto same = [&](const char* what, const std::function<void(SimulationOptions&)>& change) {
    auto o = options();
    change(o);
    EXPECT_EQ(run(o), one) << what;
  };
  same("2 threads", [](auto& o) { o.threads = 2; });
  same("3 threads", [](auto& o) { o.threads = 3; });
  same("7 threads", [](auto& o) { o.threads = 7; });
  same("1 lane", [](auto& o) { o.lanes = 1; });
  same("4 lanes", [](auto& o) { o.lanes = 4; });
  same("16 lanes", [](auto& o) { o.lanes = 16; });
  same("not fused", [](auto& o) { o.fuse = false; });
  same("interpreter", [](auto& o) { o.backend = Backend::interpreter, o.threads = 2; });
}

TEST_P(NoiseBits, SeedAloneChangesIt) {
  auto o = options();
  o.seed = 2;
  EXPECT_NE(run(o).checksum, run(options()).checksum);
}

TEST_P(NoiseBits, OneRunOrSeveralAndRecordedOrNot) {
  auto net = everything();
  Simulation sim(net, options());
  const auto v = sim.record(net.population("E")["V"], {.every = 3});
  const auto spikes = sim.record(SpikesRef{"S"});
  sim.run(12.3 * ms);
  sim.step();
  sim.run(17.6 * ms);
  EXPECT_EQ(result_of(sim), run(options()));
  sim.reset();
  sim.run(30 * ms);
  EXPECT_EQ(result_of(sim), run(options()));
}

TEST_P(NoiseBits, AnotherPopulationChangesNothing) {
  auto net = everything();
  auto more = net.add("more", driven_lif(), 50);
  net.connect(net.population("L"), more, all_to_all()).synapse(exponential(1 * ms, pA)).output(cuba()).weight(1 * pA);
  Simulation sim(net, options());
  sim.run(30 * ms);
  EXPECT_EQ(result_of(sim).v, run(options()).v);
}

TEST_P(NoiseBits, VerifyFindsNoDifference) {
  Simulation sim(everything(), options());
  sim.run(5 * ms);
  const auto v = sim.verify(2 * ms);
  EXPECT_EQ(v.max_ulps, 0) << v.where;
}

INSTANTIATE_TEST_SUITE_P(Precisions, NoiseBits, testing::Values(Precision::f32, Precision::f64),
                         [](const auto& test) { return std::string(test.param == Precision::f32 ? "f32" : "f64"); });

/// The number that a step draws is that of the documented key and counter, by the host's own Philox.
TEST(Noise, KeyAndCounterAreAsDocumented) {
  Network net;
  net.add("P", drawing(), 70);
  Simulation sim(net, {.seed = 11});
  sim.run(0.3 * ms);
  const auto x = sim.get("P", "x"), u = sim.get("P", "u");
  const base::Noise<base::ScalarOps<double>> noise;
  const auto key = base::make_key(11, "noise/P");
  for (std::uint64_t i = 0; i < 70; ++i) {
    const auto normal = base::philox(key, i | std::uint64_t{1} << 32, 2), uniform = base::philox(key, i, 2);
    EXPECT_EQ(x[i], noise.normal({normal[0], normal[1], normal[2], normal[3]}, 0));
    const std::uint64_t bits = (std::uint64_t{uniform[0]} << 32 | uniform[1]) >> 12;
    EXPECT_EQ(u[i], (static_cast<double>(bits) + 0.5) * 0x1p-52);
  }
}

TEST(Noise, BoxMullerAgreesWithLibm) {
  const base::Noise<base::ScalarOps<double>> f64;
  const base::Noise<base::ScalarOps<float>> f32;
  const double pi = 3.14159265358979323846;
  // Of f32, the square of the radius is known to 2^-24: a word is rounded to a float.
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto w = base::philox({1, 2}, i, 3);
    const double u = (static_cast<double>((std::uint64_t{w[0]} << 32 | w[1]) >> 12) + 0.5) * 0x1p-52;
    const double part = static_cast<double>((std::uint64_t{w[2]} << 32 | w[3]) >> 12) * 0x1p-52 - 0.5;
    const double angle = pi / 2 * (part + (w[3] & 3)), r = std::sqrt(-2 * std::log(u));
    EXPECT_NEAR(f64.normal({w[0], w[1], w[2], w[3]}, 0), r * std::cos(angle), 4e-15 * r);
    EXPECT_NEAR(f64.normal({w[0], w[1], w[2], w[3]}, 1), r * std::sin(angle), 4e-15 * r);
    for (unsigned pair = 0; pair < 2; ++pair) {
      const double v = (static_cast<double>(w[2 * pair] >> 1) + 0.5) * 0x1p-31, s = std::sqrt(-2 * std::log(v));
      const double turn = pi / 2 * (static_cast<double>(w[2 * pair + 1] >> 2) * 0x1p-30 - 0.5 + (w[2 * pair + 1] & 3));
      EXPECT_NEAR(f32.normal(w, 2 * pair), s * std::cos(turn), 1e-6 * s + 6e-8 / s);
      EXPECT_NEAR(f32.normal(w, 2 * pair + 1), s * std::sin(turn), 1e-6 * s + 6e-8 / s);
    }
  }
}

struct Moments {
  double mean = 0, variance = 0, skew = 0, kurtosis = 0;
};
Moments moments(const std::vector<double>& x) {
  Moments m;
  for (const double v : x) m.mean += v / static_cast<double>(x.size());
  double m3 = 0, m4 = 0;
  for (const double v : x) {
    const double d = v - m.mean;
    m.variance += d * d / static_cast<double>(x.size());
    m3 += d * d * d / static_cast<double>(x.size()), m4 += d * d * d * d / static_cast<double>(x.size());
  }
  m.skew = m3 / std::pow(m.variance, 1.5), m.kurtosis = m4 / (m.variance * m.variance);
  return m;
}

std::vector<double> drawn(const std::string& variable, Precision precision, double mean = 3, int steps = 100) {
  Network net;
  auto P = net.add("P", drawing(), 1000);
  P.set("mean", mean);
  Simulation sim(net, {.precision = precision, .seed = 5});
  const auto record = sim.record(P[variable]);
  sim.run(steps * 0.1 * ms);
  return {record->values().begin() + 1000, record->values().end()};
}

/// Five standard errors of each moment of 10^5 normal numbers; Kolmogorov-Smirnov at 1.95/sqrt(n) (p = 0.001).
TEST(Noise, NormalLaw) {
  for (const auto precision : {Precision::f32, Precision::f64}) {
    auto x = drawn("x", precision);
    const double n = static_cast<double>(x.size());
    const auto m = moments(x);
    EXPECT_NEAR(m.mean, 0, 5 / std::sqrt(n));
    EXPECT_NEAR(m.variance, 1, 5 * std::sqrt(2 / n));
    EXPECT_NEAR(m.skew, 0, 5 * std::sqrt(6 / n));
    EXPECT_NEAR(m.kurtosis, 3, 5 * std::sqrt(24 / n));
    double serial = 0, neighbour = 0;  // one step apart, one neuron apart
    for (std::size_t i = 0; i + 1000 < x.size(); ++i) serial += x[i] * x[i + 1000] / (n - 1000), neighbour += x[i] * x[i + 1] / (n - 1000);
    EXPECT_NEAR(serial, 0, 5 / std::sqrt(n - 1000));
    EXPECT_NEAR(neighbour, 0, 5 / std::sqrt(n - 1000));
    std::sort(x.begin(), x.end());
    double distance = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double p = 0.5 * std::erfc(-x[i] / std::sqrt(2.0));
      distance = std::max({distance, std::fabs(p - static_cast<double>(i) / n), std::fabs(p - static_cast<double>(i + 1) / n)});
    }
    EXPECT_LT(distance, 1.95 / std::sqrt(n));
  }
}

TEST(Noise, UniformLaw) {
  for (const auto precision : {Precision::f32, Precision::f64}) {
    const auto u = drawn("u", precision);
    std::vector<double> bins(100);
    for (const double v : u) {
      ASSERT_GT(v, 0);
      ASSERT_LT(v, 1);
      ++bins[static_cast<std::size_t>(v * 100)];
    }
    double chi = 0;
    for (const double b : bins) chi += (b - 1000) * (b - 1000) / 1000;
    EXPECT_LT(chi, 99 + 5 * std::sqrt(2 * 99.0));
  }
}

/// Chi-square over the counts of expectation 5 or more, at 5 standard deviations of its law.
void expect_poisson(const std::vector<double>& counts, double mean, const std::string& what) {
  std::vector<double> seen(400);
  for (const double c : counts) {
    ASSERT_EQ(c, std::floor(c)) << what;
    ASSERT_GE(c, 0);
    ASSERT_LT(c, 400);
    ++seen[static_cast<std::size_t>(c)];
  }
  const double n = static_cast<double>(counts.size());
  double chi = 0, freedom = -1, rest_seen = 0, rest_expected = 0;
  for (int k = 0; k < 400; ++k) {
    const double expected = n * std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
    if (expected < 5) {
      rest_seen += seen[k], rest_expected += expected;
      continue;
    }
    chi += (seen[k] - expected) * (seen[k] - expected) / expected, ++freedom;
  }
  if (rest_expected > 1) chi += (rest_seen - rest_expected) * (rest_seen - rest_expected) / rest_expected, ++freedom;
  EXPECT_LT(chi, freedom + 5 * std::sqrt(2 * freedom) + 5) << what;
  const auto m = moments(counts);
  EXPECT_NEAR(m.mean, mean, 5 * std::sqrt(mean / n)) << what;
  EXPECT_NEAR(m.variance, mean, 5 * mean * std::sqrt((2 + 1 / mean) / n)) << what;
}

TEST(Noise, PoissonLaw) {
  for (const double mean : {0.01, 0.5, 3.0, 11.9, 12.1, 40.0, 200.0}) {
    expect_poisson(drawn("n", Precision::f64, mean), mean, "mean " + std::to_string(mean));
  }
  expect_poisson(drawn("n", Precision::f32, 0.01), 0.01, "f32");
  expect_poisson(drawn("n", Precision::f32, 8), 8, "f32");
  const auto none = drawn("n", Precision::f64, 0, 2);
  EXPECT_EQ(std::count(none.begin(), none.end(), 0.0), 2000);
}

/// The inversion's probabilities themselves: the largest u that still gives k, against sums of positive terms.
TEST(Noise, PoissonInversionIsExact) {
  const base::Noise<base::ScalarOps<double>> f64;
  const base::Noise<base::ScalarOps<float>> f32;
  for (const double mean : {1e-4, 0.03, 1.0, 7.0, 12.0}) {
    for (int k = 1; k < 20; ++k) {
      double p = 0;
      for (int j = 80; j >= k; --j) p += std::exp(j * std::log(mean) - mean - std::lgamma(j + 1.0));
      if (p < 1e-30 || p > 1 - 1e-9) continue;
      EXPECT_GE(f64.poisson(mean, p * (1 - 2e-13), 0), k);
      EXPECT_LT(f64.poisson(mean, p * (1 + 2e-13), 0), k);
      EXPECT_GE(f32.poisson(static_cast<float>(mean), static_cast<float>(p * (1 - 2e-5)), 0), k);
      EXPECT_LT(f32.poisson(static_cast<float>(mean), static_cast<float>(p * (1 + 2e-5)), 0), k);
    }
  }
}

/// Total variation of the law above 12 against Poisson's, from the monotonic function of a normal number itself.
TEST(Noise, PoissonExpansionIsWithinItsBound) {
  const base::Noise<base::ScalarOps<double>> noise;
  for (const double mean : {12.01, 14.0, 20.0, 60.0, 300.0}) {
    double distance = 0, below = 0;
    for (int n = 0; n < mean + 12 * std::sqrt(mean); ++n) {
      double low = -8.2, high = 8.2;  // where the count passes n + 1/2
      for (int i = 0; i < 80; ++i) (noise.poisson(mean, 0.5, (low + high) / 2) > n ? high : low) = (low + high) / 2;
      const double up_to = 0.5 * std::erfc(-low / std::sqrt(2.0));
      distance += std::fabs(up_to - below - std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.0))) / 2;
      below = up_to;
    }
    EXPECT_LT(distance, 1e-4) << mean;
  }
}

TEST(Noise, NegativePoissonMeanIsReported) {
  Network net;
  auto P = net.add("P", drawing(), 3);
  P.set("mean", -1.0);
  Simulation sim(net);
  EXPECT_THROW(sim.run(1 * ms), UserError);
}

TEST(Noise, OneValueIsOneDrawAndTwoCallsAreTwo) {
  Model m{"m"};
  const auto a = m.state("a"), b = m.state("b"), c = m.state("c");
  const auto z = randn();
  m.each_step(a, z);
  m.each_step(b, 2 * z);
  m.each_step(c, randn());
  Network net;
  net.add("P", m, 10);
  net.add("Q", m, 10);
  Simulation sim(net);
  sim.run(1 * ms);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(2 * sim.get("P", "a")[i], sim.get("P", "b")[i]);
    EXPECT_NE(sim.get("P", "a")[i], sim.get("P", "c")[i]);
    EXPECT_NE(sim.get("P", "a")[i], sim.get("Q", "a")[i]);
  }
}

TEST(Noise, ChangedParametersAndSeedsCompileNothing) {
  Network net;
  auto P = net.add("P", drawing(), 10);
  const auto kernels = kernel_cache();
  Simulation first(net, {.seed = 1, .disk_cache = false, .kernels = kernels});
  EXPECT_GT(first.info().kernels_compiled, 0);
  P.set("mean", 5.0);
  Simulation second(net, {.seed = 2, .disk_cache = false, .kernels = kernels});
  EXPECT_EQ(second.info().kernels_compiled, 0);
}

}  // namespace
