// links: ranvier_engine
// Sources of spikes, values over time, additions to neuron models: what they give, the same bits however run, and their errors.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_networks.hpp"
#include "ranvier/sources.hpp"

namespace {

/// A neuron that shows what its input and V receive.
Model showing() {
  Model m{"showing"};
  const auto V = m.state("V", mV), seen = m.state("seen", pA);
  const auto I = m.input("I", pA);
  m.d(V) = (-V + I * (0.1 * Gohm)) / (10 * ms);
  m.each_step(seen, I);
  return m;
}

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const UserError& e) {
    return e.what();
  }
  return "";
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(SpikeSource, EmitsItsListSortedAndRounded) {
  Network net;
  auto S = net.add("S", spike_source({{7, 0, 3, 199, 0, 64}, {0.52, 0.1, 0.25, 0.1, 0.349, 0.0}}), 200);
  Simulation sim(net, {.threads = 3});
  const auto spikes = sim.record(S.spikes());
  sim.run(1 * ms);
  EXPECT_EQ(spikes->stamps(), (std::vector<std::uint64_t>{1, 1, 1, 3, 3, 5}));  // 0.25 goes up, 0 to the first stamp
  EXPECT_EQ(spikes->ids(), (std::vector<std::uint32_t>{0, 64, 199, 0, 3, 7}));
  EXPECT_EQ(sim.spike_count(), 6u);
  sim.reset();
  sim.run(1 * ms);
  EXPECT_EQ(spikes->count(), 6u);
}

TEST(SpikeSource, ActsAtItsStampPlusDelay) {
  Network net;
  auto S = net.add("S", spike_source({{0}, {0.5}}), 1), T = net.add("T", showing(), 1);
  net.connect(S, T, all_to_all()).synapse(collecting(pA)).output(cuba()).weight(2 * pA).delay(0.3 * ms);
  Simulation sim(net);
  const auto seen = sim.record(T["seen"]);
  sim.run(2 * ms);
  for (std::size_t k = 0; k < seen->frames(); ++k) EXPECT_EQ(seen->value(k, 0), k >= 9 ? 2.0 : 0.0) << k;  // step 8 ends at 0.9
}

TEST(SpikeSource, BadListsAreErrors) {
  EXPECT_TRUE(has(error_of([] { (void)spike_source({{0, 1}, {1.0}}); }), "2 ids and 1 times"));
  EXPECT_TRUE(has(error_of([] { (void)spike_source({{0, 1}, {1.0, -2.0}}); }), "neuron 1"));
  EXPECT_TRUE(has(error_of([] { (void)spike_source({{0}, {NAN}}); }), "NaN"));
  const auto simulated = [](SpikeTrain t) {
    return error_of([&] {
      Network net;
      net.add("S", spike_source(t), 3);
      Simulation sim(net);
    });
  };
  EXPECT_TRUE(has(simulated({{3}, {1.0}}), "neuron 3"));
  const auto twice = simulated({{1, 2, 1}, {1.0, 1.0, 1.04}});
  EXPECT_TRUE(has(twice, "neuron 1 has two spikes in one step") && has(twice, "1.04 ms")) << twice;
  Model both = spike_source({{0}, {1.0}});
  both.threshold(ranvier::rand() < 0.5);
  Network net;
  net.add("S", both, 3);
  EXPECT_TRUE(has(error_of([&] { Simulation sim(net); }), "a list of spikes and a threshold"));
}

TEST(RegularSource, KeepsItsPeriodOnAndOffTheGrid) {
  Network net;
  auto R = net.add("R", regular_source(1 * ms, 0.5 * ms), 3);
  R.set("period", {1.0, 0.3, 0.25}, ms);
  Simulation sim(net);
  const auto spikes = sim.record(R.spikes());
  sim.run(300 * ms);
  std::vector<std::vector<std::uint64_t>> stamps(3);
  for (std::size_t k = 0; k < spikes->count(); ++k) stamps[spikes->ids()[k]].push_back(spikes->stamps()[k]);
  for (std::size_t n = 0; n < stamps[0].size(); ++n) ASSERT_EQ(stamps[0][n], 5 + 10 * n);
  for (std::size_t n = 0; n < stamps[1].size(); ++n) ASSERT_EQ(stamps[1][n], 5 + 3 * n);
  for (std::size_t n = 0; n < stamps[2].size(); ++n) ASSERT_EQ(stamps[2][n], (10 + 5 * n + 1) / 2) << n;  // rounded up
  EXPECT_EQ(stamps[0].size(), 300u);
}

TEST(TimeArrays, SharedAndPerNeuronValuesReachTheEquations) {
  TimeArray shared{{1, 2, 3, 4}, pA, 0.5 * ms}, each{{}, nA, 0.2 * ms, 130};
  for (int k = 0; k < 130 * 10; ++k) each.values.push_back(k * 0.001);
  Network net;
  auto A = net.add("A", with_current(showing(), "I", shared), 2);
  auto B = net.add("B", with_current(showing(), "I", each), 130);
  for (const int threads : {1, 3}) {
    Simulation sim(net, {.threads = threads});
    const auto a = sim.record(A["seen"]), b = sim.record(B["seen"]);
    sim.run(2 * ms);
    for (std::size_t k = 1; k <= 20; ++k) {
      EXPECT_EQ(a->value(k, 1), 1.0 + (k - 1) / 5);
      EXPECT_EQ(b->value(k, 129), scale_by_power_of_ten(((k - 1) / 2 * 130 + 129) * 0.001, 3));
    }
  }
}

TEST(TimeArrays, LinearOnesAreTakenAtTheMiddleOfAStep) {
  TimeArray line{{0, 10, 0}, pA, 1 * ms, 1, TimeArray::Between::linear};
  Network net;
  auto A = net.add("A", with_current(showing(), "I", line), 1);
  Simulation sim(net);
  const auto seen = sim.record(A["seen"]);
  sim.run(2 * ms);
  for (int k = 1; k <= 20; ++k) EXPECT_NEAR(seen->value(k, 0), k <= 10 ? k - 0.5 : 20.5 - k, 1e-12);
}

TEST(TimeArrays, ShorterThanTheRunIsAnErrorBeforeIt) {
  Network net;
  net.add("A", with_current(showing(), "I", constant(1 * pA, 5 * ms, 1 * ms)), 1);
  Simulation sim(net);
  sim.run(3 * ms);
  const auto text = error_of([&] { sim.run(2.1 * ms); });
  EXPECT_TRUE(has(text, "'clamp'") && has(text, "5 ms") && has(text, "5.1 ms")) << text;
  EXPECT_EQ(sim.time_ms(), 3.0);
  sim.run(2 * ms);
}

TEST(TimeArrays, BadOnesAreErrors) {
  Model m = showing();
  EXPECT_TRUE(has(error_of([&] { (void)m.time_array("a", {{1, 2, 3}, pA, 1 * ms, 2}); }), "whole rows"));
  EXPECT_TRUE(has(error_of([&] { (void)m.time_array("a", {{1, INFINITY}, pA, 1 * ms}); }), "value 1 is not finite"));
  EXPECT_THROW((void)m.time_array("a", {{1}, pA, 0 * ms}), UserError);
  EXPECT_THROW((void)m.time_array("V", {{1}, pA, 1 * ms}), UserError);
  EXPECT_THROW((void)with_current(m, "I", {{1}, mV, 1 * ms}), UnitError);
  EXPECT_TRUE(has(error_of([&] { (void)with_current(m, "J", {{1}, pA, 1 * ms}); }), "'I'"));
  Network net;
  net.add("A", with_current(m, "I", {{1, 2, 3}, pA, 1 * ms, 3}), 4);
  EXPECT_TRUE(has(error_of([&] { Simulation sim(net); }), "3 values and there are 4 neurons"));
}

TEST(Additions, PoissonInputNeedsNoProjection) {
  Network net;
  Model lif{"lif"};
  const auto V = lif.state("V", mV);
  lif.d(V) = -V / (5 * ms);
  auto A = net.add("A", with_poisson_input(lif, "V", 100, 20 * Hz, 0.5 * mV), 2000);
  A.set("poisson_rate", std::vector<double>(2000, 20.0), Hz);
  Simulation sim(net, {.method = "exp_euler"});
  sim.run(100 * ms);
  // Shot noise (Campbell): arrivals act before a step's decay. Mean w r tau and variance w^2 r tau / 2, of steps of 0.1 ms.
  const double a = std::exp(-0.1 / 5), count = 100 * 0.02 * 0.1, mean = 0.5 * count * a / (1 - a), variance = 0.25 * count * a * a / (1 - a * a);
  double sum = 0, square = 0;
  for (const double v : sim.get("A", "V")) sum += v / 2000, square += (v - mean) * (v - mean) / 2000;
  EXPECT_NEAR(sum, mean, 5 * std::sqrt(variance / 2000));
  EXPECT_NEAR(square, variance, 5 * variance * std::sqrt(2.2 / 2000));
}

TEST(Additions, CurrentsHaveTheirLawAndAnyMethodTakesThem) {
  Model m = with_ou_current(with_white_current(showing(), "I", 3 * pA, 2 * ms), "I", 40 * pA, 10 * pA, 4 * ms);
  Network net;
  auto A = net.add("A", m, 4000);
  Simulation sim(net, {.method = "exp_staggered"});
  const auto ou = sim.record(A["ou"], {.every = 20});
  sim.run(3.9 * ms);
  const auto x_before = sim.get("A", "ou"), w_before = sim.get("A", "white");
  sim.step();
  const auto x = sim.get("A", "ou"), w = sim.get("A", "white"), seen = sim.get("A", "seen");
  double mean = 0, variance = 0, white = 0, lagged = 0;
  for (int i = 0; i < 4000; ++i) {
    mean += x[i] / 4000, variance += (x[i] - 40) * (x[i] - 40) / 4000, white += w[i] * w[i] / 4000;
    lagged += (ou->value(0, i) - 40) * (ou->value(2, i) - 40) / 4000;
    EXPECT_EQ(seen[i], x_before[i] + w_before[i]);  // each_step() takes all at once: the values of the step before
  }
  const double n = 4000;
  EXPECT_NEAR(mean, 40, 5 * 10 / std::sqrt(n));
  EXPECT_NEAR(variance, 100, 5 * 100 * std::sqrt(2 / n));
  EXPECT_NEAR(white, 9 * 20, 5 * 180 * std::sqrt(2 / n));
  EXPECT_NEAR(lagged, 100 * std::exp(-1.0), 5 * 100 * std::sqrt(2 / n));
}

TEST(Additions, VoltageClampHoldsTheVoltage) {
  Network net;
  net.add("A", with_voltage_clamp(showing(), "I", section({-70 * mV, 10 * mV}, {20 * ms, 20 * ms}, 1 * ms), 1000 * nS), 1);
  Simulation sim(net);
  sim.run(20 * ms);
  // Series resistance 1 Mohm against 100 Mohm of the membrane.
  EXPECT_NEAR(sim.get("A", "V")[0], -70.0 * 100 / 101, 1e-9);
  sim.run(20 * ms);
  EXPECT_NEAR(sim.get("A", "V")[0], 10.0 * 100 / 101, 1e-9);
}

TEST(Additions, RefractoryStatesMissWhatArrives) {
  Model m{"m"};
  const auto V = m.state("V", mV);
  m.d(V) = 0 * mV / ms;
  m.each_step(V, V + 1 * mV);
  m.threshold(V >= 3 * mV);
  m.reset(V, 0 * mV);
  m.refractory(0.5 * ms, {V});
  Network net;
  auto A = net.add("A", m, 1);
  Simulation sim(net);
  const auto spikes = sim.record(A.spikes());
  sim.run(3 * ms);
  EXPECT_EQ(spikes->stamps(), (std::vector<std::uint64_t>{3, 11, 19, 27}));
}

TEST(Additions, BadOnesAreErrors) {
  const Model m = showing();
  EXPECT_THROW((void)with_poisson_input(m, "V", -1, 1 * Hz, 1 * mV), UserError);
  EXPECT_THROW((void)with_poisson_input(m, "V", 1, 1 * ms, 1 * mV), UnitError);
  EXPECT_THROW((void)with_poisson_input(m, "V", 1, 1 * Hz, 1 * pA), UnitError);
  EXPECT_THROW((void)with_ou_current(m, "I", 0 * pA, 1 * pA, 0 * ms), UserError);
  EXPECT_THROW((void)with_white_current(m, "I", 1 * mV), UnitError);
  EXPECT_THROW((void)poisson_source(-1 * Hz), UserError);
  EXPECT_THROW((void)poisson_source(NAN * Hz), UserError);
  EXPECT_THROW((void)regular_source(0 * ms, 0 * ms), UserError);
}

TEST(Additions, SameBitsForThreadsLanesAndBackends) {
  const auto run = [](SimulationOptions o) {
    Network net;
    auto lif = driven_lif();
    lif = with_poisson_input(with_white_current(with_ou_current(lif, "I", 0 * pA, 80 * pA, 3 * ms), "I", 50 * pA), "V", 50, 10 * Hz, 0.4 * mV);
    lif = with_current(lif, "I", ou_noise(0 * pA, 60 * pA, 5 * ms, {.neurons = 333, .seed = 4}, 40 * ms, 0.2 * ms));
    auto E = net.add("E", lif, 333), P = net.add("P", poisson_source(sinusoid({40 * Hz, 50 * Hz, 60 * Hz, 0 * ms, 40 * ms}, 40 * ms, 0.5 * ms)), 300);
    auto S = net.add("S", spike_source(pulse_packets(150, {10 * ms, 30 * ms}, 1, 3 * ms)), 150);
    net.connect(P, E, bernoulli(0.1)).synapse(exponential(3 * ms, pA)).output(cuba()).weight(30 * pA);
    net.connect(S, E, bernoulli(0.2)).synapse(exponential(3 * ms, pA)).output(cuba()).weight(40 * pA).delay(1 * ms);
    Simulation sim(net, o);
    sim.run(40 * ms);
    EXPECT_GT(sim.spike_counts().at("E"), 100u);
    EXPECT_GT(sim.spike_counts().at("P"), 300u);
    return std::pair(sim.checksum(), sim.get("E", "V"));
  };
  const auto one = run({.threads = 1});
  EXPECT_EQ(run({.threads = 2}), one);
  EXPECT_EQ(run({.threads = 7}), one);
  EXPECT_EQ(run({.threads = 1, .lanes = 2}), one);
  EXPECT_EQ(run({.threads = 1, .lanes = 16}), one);
  EXPECT_EQ(run({.threads = 3, .backend = Backend::interpreter}), one);
  EXPECT_EQ(run({.threads = 2, .fuse = false}), one);
}

TEST(Recording, NoiseHasNoValueBetweenSteps) {
  Network net;
  Model m = with_current(showing(), "I", constant(7 * pA, 5 * ms, 1 * ms));
  net.add("A", m, 2);
  Simulation sim(net);
  EXPECT_TRUE(has(error_of([&] { (void)sim.record("A", "x", [](const Symbols& s) { return s("V") * randn(); }); }), "random numbers"));
}

}  // namespace
