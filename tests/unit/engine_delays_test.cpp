// links: ranvier_engine ranvier_models
// Per-synapse weights and delays, parameters drawn per neuron, positions: exact to the step, the same for every number of workers.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "engine_networks.hpp"

namespace {

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}
#define EXPECT_SAYS(f, part)                               \
  do {                                                     \
    const std::string said = message([&] { static_cast<void>(f); });          \
    EXPECT_NE(said.find(part), std::string::npos) << said; \
  } while (false)

SimulationOptions with(int threads) { return {.threads = threads, .disk_cache = false}; }

/// 300 sources, each spiking once, at steps spread over 100; 500 targets that sum up what arrives.
Network pulses() {
  Network net;
  auto P = net.add("P", once(), 300);
  std::vector<double> when(300);
  for (std::size_t i = 0; i < when.size(); ++i) when[i] = static_cast<double>(1 + i * 37 % 100);
  P.set("when", when, {});
  net.add("T", summing(), 500);
  return net;
}

Projection join(Network& net, const Rule& rule) {
  auto p = net.connect(net.population("P"), net.population("T"), rule);
  p.synapse(collecting()).output(coba(0 * mV));
  return p;
}

/// What each target has received after each step, from the realised synapses: a spike of source s in step k, stamped k + 1, with
/// delay d acts in step k + 1 + d.
std::vector<std::vector<double>> expected_sums(const Edges& e, std::size_t steps, std::size_t targets) {
  std::vector<std::vector<double>> sums(steps + 1, std::vector<double>(targets, 0.0));
  std::map<std::pair<std::size_t, std::size_t>, double> arrivals;
  for (std::size_t i = 0; i < e.size(); ++i) {
    const auto emitted = 1 + e.pre[i] * 37 % 100 - 1;  // `when` steps are counted in step when - 1
    const auto at = static_cast<std::size_t>(emitted) + 1 + static_cast<std::size_t>(std::lround(e.delay[i] / 0.1));
    if (at < steps) sums[at + 1][e.post[i]] += e.weight[i];
  }
  for (std::size_t k = 1; k <= steps; ++k) {
    for (std::size_t t = 0; t < targets; ++t) sums[k][t] += sums[k - 1][t];
  }
  return sums;
}

void expect_exact(const Network& net, int threads) {
  Simulation sim(net, with(threads));
  const auto e = sim.connectivity("P_to_T");
  const std::size_t steps = 170;
  const auto sums = expected_sums(e, steps, 500);
  const auto s = sim.record(net.population("T")["P_to_T.s"]);
  sim.run(0.1 * static_cast<double>(steps) * ms);
  EXPECT_EQ(sim.event_count(), e.size());
  const auto times = s->times_ms();
  ASSERT_GE(times.size(), steps);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const auto step = static_cast<std::size_t>(std::lround(times[k] / 0.1));
    for (std::size_t t = 0; t < 500; ++t) {
      ASSERT_NEAR(s->values()[k * 500 + t], sums[step][t], 1e-9) << "target " << t << " at step " << step;
    }
  }
}

TEST(Delays, EverySpikeArrivesAtItsStep) {
  for (const int threads : {1, 2, 3}) {
    auto counted = pulses();
    join(counted, fixed_outdegree(40)).weight(1 * nS).delay(uniform(0.1 * ms, 6 * ms));
    expect_exact(counted, threads);
    auto weighted = pulses();
    join(weighted, bernoulli(0.1)).weight(lognormal(2 * nS, 1 * nS)).delay(normal(3 * ms, 1 * ms, 0.1 * ms, 6 * ms));
    expect_exact(weighted, threads);
    auto zero = pulses();
    join(zero, fixed_total(3000)).weight(1 * nS).delay(floor(3 * ranvier::rand()) * (1 * ms));  // 0, 1, 2 ms
    expect_exact(zero, threads);
  }
}

/// Everything arrives in one step at one neuron: 300 events, more than a byte counts, and 255, which it just does.
TEST(Delays, CountsDoNotOverflow) {
  for (const std::size_t sources : {255u, 256u, 300u}) {
    auto net = pulses();
    PairList pairs;
    for (std::uint32_t s = 0; s < sources; ++s) {
      pairs.pre.push_back(s);
      pairs.post.push_back(7);
      pairs.delay.push_back(0.1 * (119 - s * 37 % 100));
    }
    join(net, explicit_list(pairs)).weight(1 * nS);
    for (const int threads : {1, 2}) {
      Simulation sim(net, with(threads));
      sim.run(12 * ms);
      EXPECT_EQ(sim.get("T", "P_to_T.s")[7], 0.0);
      sim.run(0.1 * ms);
      EXPECT_EQ(sim.get("T", "P_to_T.s")[7], static_cast<double>(sources));
    }
  }
}

/// Synapses of one delay, of a delay each, and weights, all onto one state: their arrivals meet in the ring's buffer of the step.
TEST(Delays, MeetSynapsesOfOneDelay) {
  auto net = pulses();
  const auto P = net.population("P"), T = net.population("T");
  net.connect(P, T, fixed_outdegree(30)).named("one").synapse(collecting()).output(coba(0 * mV)).weight(1 * nS).delay(2 * ms);
  net.connect(P, T, fixed_outdegree(20)).named("each").synapse(collecting()).output(coba(0 * mV)).weight(1 * nS).delay(uniform(0.1 * ms, 6 * ms));
  for (const int threads : {1, 2, 3}) {
    Simulation sim(net, with(threads));
    const auto one = sim.connectivity("one"), each = sim.connectivity("each");
    auto all = each;
    for (std::size_t i = 0; i < one.size(); ++i) {
      all.pre.push_back(one.pre[i]);
      all.post.push_back(one.post[i]);
      all.delay.push_back(2.0);
    }
    all.weight.assign(all.size(), 1.0);
    const auto expected = expected_sums(all, 180, 500);
    for (std::size_t k = 1; k <= 180; ++k) {
      sim.run(0.1 * ms);
      ASSERT_EQ(sim.get("T", "one.s"), expected[k]) << k;
    }
  }
}

TEST(Delays, OfAListAndDrawnWeights) {
  auto pairs = mixed_pairs(4000, 300, 500);
  pairs.weight.clear();
  auto net = pulses();
  join(net, explicit_list(pairs)).weight(uniform(1 * nS, 2 * nS));
  expect_exact(net, 2);
  pairs = mixed_pairs(4000, 300, 500, false);
  auto other = pulses();
  join(other, explicit_list(pairs)).delay(uniform(1 * ms, 2 * ms));
  expect_exact(other, 2);
  // The list's weights stay with their pairs when rows are sorted by delay.
  const auto e = Simulation(other, with(3)).connectivity("P_to_T");
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> given;
  for (std::size_t i = 0; i < pairs.pre.size(); ++i) given[{pairs.pre[i], pairs.post[i]}] = pairs.weight[i];
  ASSERT_EQ(e.size(), given.size());
  for (std::size_t i = 0; i < e.size(); ++i) ASSERT_EQ(e.weight[i], (given[{e.pre[i], e.post[i]}]));
}

TEST(Delays, SynapsesAreTheSameForEveryNumberOfWorkers) {
  auto net = pulses();
  net.population("P").positions(random_box({1 * mm, 1 * mm}).periodic());
  net.population("T").positions(grid({20, 25}, {50 * um, 40 * um}).periodic());
  join(net, gaussian_prob(200 * um)).weight(normal(3 * nS, 0.5 * nS) * exp(-distance() / (300 * um)))
      .delay(0.5 * ms + distance() / (0.2 * (1 * mm) / ms));
  const Simulation one(net, with(1));
  const auto whole = one.connectivity("P_to_T");
  ASSERT_GT(whole.size(), 10000u);
  for (const int threads : {2, 3, 7}) {
    const Simulation sim(net, with(threads));
    const auto e = sim.connectivity("P_to_T");
    EXPECT_TRUE(e.pre == whole.pre && e.post == whole.post && e.weight == whole.weight && e.delay == whole.delay) << threads;
    EXPECT_EQ(sim.positions("P"), one.positions("P"));
  }
  // Delays and weights are what their expressions say.
  const auto a = one.positions("P"), b = one.positions("T");
  for (std::size_t i = 0; i < whole.size(); i += 97) {
    double square = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      double d = std::fabs(a.coordinates[2 * whole.pre[i] + k] - b.coordinates[2 * whole.post[i] + k]);
      d = std::min(d, 1000 - d);
      square += d * d;
    }
    const double delay = 0.5 + std::sqrt(square) / 200;
    ASSERT_NEAR(whole.delay[i], delay, 0.05 + 1e-9);
    ASSERT_LT(std::fabs(whole.weight[i] / std::exp(-std::sqrt(square) / 300) - 3), 3);
  }
}

/// A recurrent network where all that is drawn matters for the spikes.
Network restless() {
  Network net;
  auto E = net.add("E", driven_lif(), 400), I = net.add("I", driven_lif(), 100);
  E.set("tau", normal(10 * ms, 1 * ms, 5 * ms, 15 * ms));
  E.positions(random_disc(500 * um));
  I.set("drive", 18 * mV + position(0) * (0.01 * mV / um));
  I.positions(grid({10, 10}, 100 * um).shifted({-500 * um, -500 * um}));
  const auto join = [&](const char* a, const char* b, const Rule& rule, Quantity E_rev) {
    auto p = net.connect(net.population(a), net.population(b), rule);
    p.synapse(exponential(5 * ms)).output(coba(E_rev));
    return p;
  };
  join("E", "E", fixed_outdegree(20), 0 * mV).weight(lognormal(1 * nS, 0.5 * nS)).delay(uniform(0.5 * ms, 3 * ms));
  join("E", "I", exponential_prob(200 * um), 0 * mV).weight(1 * nS).delay(0.2 * ms + distance() / (0.5 * (1 * mm) / ms));
  join("I", "E", fixed_indegree(10), -80 * mV).weight(gaussian_decay(5 * nS, 300 * um)).delay(1 * ms);
  return net;
}

TEST(Delays, NetworksKeepTheirBits) {
  const auto net = restless();
  const auto checksum = [&](SimulationOptions o) {
    o.disk_cache = false;
    Simulation sim(net, o);
    sim.run(100 * ms);
    EXPECT_GT(sim.spike_count(), 1000u);
    return sim.checksum();
  };
  const auto first = checksum({.threads = 1});
  EXPECT_EQ(checksum({.threads = 2}), first);
  EXPECT_EQ(checksum({.threads = 3}), first);
  EXPECT_EQ(checksum({.threads = 7}), first);
  EXPECT_EQ(checksum({.threads = 2, .lanes = 1}), first);
  EXPECT_EQ(checksum({.threads = 1, .backend = Backend::interpreter}), first);
  EXPECT_EQ(checksum({.threads = 1, .fuse = false}), first);
  EXPECT_NE(checksum({.seed = 2, .threads = 1}), first);
}

TEST(Delays, RunsCanBeCutAndRepeated) {
  const auto net = restless();
  Simulation whole(net, with(2)), cut(net, with(2));
  whole.run(60 * ms);
  cut.run(10.3 * ms);
  cut.run(0.1 * ms);
  cut.run(49.6 * ms);
  EXPECT_EQ(cut.checksum(), whole.checksum());
  cut.reset();
  cut.run(60 * ms);
  EXPECT_EQ(cut.checksum(), whole.checksum());
  EXPECT_EQ(cut.verify(2 * ms).max_ulps, 0);
}

/// Events under way lie in rings of buffers: as many elements as neurons (of whole lines) and steps up to the longest delay.
TEST(Delays, VerifyComparesWhatIsUnderWay) {
  const auto compared = [](bool each) {
    auto net = pulses();
    auto p = join(net, fixed_outdegree(40)).weight(1 * nS);
    if (each) p.delay(uniform(1 * ms, 2 * ms));
    else p.delay(2 * ms);
    const auto v = Simulation(net, with(1)).verify(1 * ms);
    EXPECT_EQ(v.max_ulps, 0) << v.where;
    return v.compared;
  };
  EXPECT_EQ(compared(true) - compared(false), 10u * 512 * 21);
}

TEST(Draws, DoNotDependOnOtherProjections) {
  auto net = pulses();
  join(net, fixed_outdegree(40)).weight(uniform(0 * nS, 1 * nS));
  const auto alone = Simulation(net, with(1)).connectivity("P_to_T").weight;
  join(net, fixed_outdegree(40)).weight(uniform(0 * nS, 1 * nS));
  const Simulation both(net, with(1));
  EXPECT_EQ(both.connectivity("P_to_T").weight, alone);
  EXPECT_NE(both.connectivity("P_to_T_2").weight, alone);
  // Weight and delay of one synapse are drawn apart; repeated pairs too.
  auto other = pulses();
  join(other, explicit_list({0, 0, 0}, {3, 3, 3}).multiple(true)).weight(uniform(0 * nS, 1 * nS)).delay(uniform(1 * ms, 2 * ms));
  const auto e = Simulation(other, with(1)).connectivity("P_to_T");
  EXPECT_NE(e.weight[0], e.weight[1]);
  EXPECT_NE(e.weight[1], e.weight[2]);
  EXPECT_GT(std::fabs(e.weight[0] - (e.delay[0] - 1)), 0.051);
}

TEST(Draws, AreShownByTheLaw) {
  auto net = pulses();
  join(net, fixed_outdegree(4)).weight(uniform(0 * nS, 1 * nS)).delay(uniform(1 * ms, 2 * ms));
  const Simulation sim(net, with(1));
  const auto law = sim.info().projection_laws.at("P_to_T");
  EXPECT_NE(law.find("weight = "), std::string::npos) << law;
  EXPECT_NE(law.find("delay = "), std::string::npos) << law;
}

TEST(Draws, EnterTheHash) {
  const auto hash = [](const Expr& weight) {
    auto net = pulses();
    join(net, fixed_outdegree(4)).weight(weight);
    return Simulation(net, {.threads = 1, .backend = Backend::interpreter}).program_hash();
  };
  EXPECT_EQ(hash(uniform(0 * nS, 1 * nS)), hash(uniform(0 * nS, 1 * nS)));
  EXPECT_NE(hash(uniform(0 * nS, 1 * nS)), hash(uniform(0 * nS, 2 * nS)));
}

TEST(Parameters, AreDrawnPerNeuron) {
  Network net;
  auto N = net.add("N", driven_lif(), 20000);
  N.set("tau", normal(10 * ms, 1 * ms));
  const Simulation sim(net, with(2)), again(net, with(1));
  const auto tau = sim.get("N", "tau");
  EXPECT_EQ(tau, again.get("N", "tau"));
  double mean = 0, square = 0;
  for (const double x : tau) mean += x / 20000, square += x * x / 20000;
  EXPECT_NEAR(mean, 10, 4.5 / std::sqrt(20000.0));
  EXPECT_NEAR(square - mean * mean, 1, 4.5 * std::sqrt(2 / 20000.0));
  // A law gives way to a number and to given values.
  N.set("tau", 12 * ms);
  EXPECT_EQ(Simulation(net, with(1)).get("N", "tau"), std::vector<double>(20000, 12.0));
  // Of other parameters and of the position.
  Model m{"m"};
  const auto a = m.parameter("a", 2.0);
  m.parameter("b", 0.0);
  m.state("x");
  Network other;
  auto P = other.add("P", m, 4);
  P.set("b", a * position(1) / (1 * um));
  P.positions(grid({2, 2}, 10 * um));
  EXPECT_EQ(Simulation(other, with(1)).get("P", "b"), (std::vector<double>{0, 20, 0, 20}));
}

TEST(Errors, OfValuesThatCannotBe) {
  const auto simulate = [](const std::function<void(Projection)>& set) {
    auto net = pulses();
    set(join(net, fixed_outdegree(10)));
    Simulation sim(net, {.threads = 2, .backend = Backend::interpreter});
  };
  EXPECT_SAYS(simulate([](Projection p) { p.weight(normal(1 * nS, 1 * nS)); }), "projection 'P_to_T': the weight of synapse ");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(normal(1 * nS, 1 * nS)); }), "conductances are 0 or more");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS * log(-ranvier::rand() - 1)); }), "is nan nS");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(uniform(1 * mV, 2 * mV)); }), "must be in nS");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS).delay(normal(1 * ms, 1 * ms)); }), "projection 'P_to_T': the delay of synapse ");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS).delay(ms * log(-ranvier::rand() - 1)); }), "is nan ms");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS).delay(uniform(0.01 * ms, 0.09 * ms)); }), "shorter than the time step of 0.1 ms");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS).delay(uniform(1e6 * ms, 2e6 * ms)); }), "more than 65535 steps");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS).delay(uniform(1 * mV, 2 * mV)); }), "must be in ms");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS).delay(0.04 * ms); }), "not a multiple of dt");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS).delay(-1 * ms); }), "delay is -1 ms");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS * exp(-distance() / um)); }), "population 'P' has no positions");
  EXPECT_SAYS(simulate([](Projection p) { p.weight(1 * nS * position(0) / um); }), "uses 'position(0)'");
  Model m{"m"};
  const auto tau = m.parameter("tau", 1 * ms);
  EXPECT_SAYS(simulate([&](Projection p) { p.weight(1 * nS).delay(tau * ranvier::rand()); }), "uses 'tau'");
  auto net = pulses();
  EXPECT_SAYS((join(net, explicit_list({0}, {0}, {1}, {1})).delay(1 * ms), Simulation(net, with(1))), "give one or the other");
  EXPECT_SAYS((Simulation(pulses(), with(1)).positions("T")), "has no positions");
}

TEST(Errors, OfParameters) {
  Network net;
  Model m{"m"};
  m.parameter("g", 1 * nS);
  const auto a = m.parameter("a", 1.0), b = m.parameter("b", 1.0);
  m.state("x");
  auto N = net.add("N", m, 1000);
  N.set("g", normal(1 * nS, 1 * nS));
  EXPECT_SAYS(Simulation(net, with(1)), "population 'N': parameter 'g' of neuron ");
  N.set("g", 1 * nS);
  N.set("a", b * ranvier::rand());
  EXPECT_SAYS(Simulation(net, with(1)), "comes after it");
  N.set("a", 1 / (ranvier::rand() * 0));
  EXPECT_SAYS(Simulation(net, with(1)), "values must be finite");
  N.set("a", position(0) / um);
  EXPECT_SAYS(Simulation(net, with(1)), "uses position(0), which it does not have");
  EXPECT_SAYS(N.set("a", normal(1 * ms, 1 * ms)), "'a' must be without unit, but 'normal(1 ms, 1 ms)' is in ms");
  EXPECT_SAYS(N.positions(grid({10, 10})), "has 100 positions for 1000 neurons");
  EXPECT_SAYS(grid({3, 0}), "an axis has no neurons");
  EXPECT_SAYS(grid({3, 3}, -1 * um), "length above 0");
  EXPECT_SAYS(grid({3, 3}, 1 * ms), "must be in");
  EXPECT_SAYS(random_box({}), "0 dimensions");
  EXPECT_SAYS(random_disc(1 * mm).periodic(), "no extent");
  EXPECT_SAYS(at_points({{1, 2}, {3}}), "point 1 has 1 coordinates");
  EXPECT_SAYS(at_points({{1, NAN}}), "not finite");
  EXPECT_SAYS(uniform(2 * ms, 1 * ms), "give the lower end first");
  EXPECT_SAYS(uniform(2 * ms, 1 * mV), "different units");
  EXPECT_SAYS(normal(1 * ms, -1 * ms), "the standard deviation is -1 ms");
  EXPECT_SAYS(lognormal(-1 * ms, 1 * ms), "the mean is -1 ms");
  EXPECT_SAYS(gamma_random(0, 1 * ms), "the shape is 0");
  EXPECT_SAYS(normal(0 * ms, 1 * ms, 50 * ms, 60 * ms), "next to nothing");
}

TEST(Errors, OfDistanceInAnEquation) {
  Model m{"m"};
  const auto x = m.state("x");
  m.d(x) = distance() / um / ms;
  Network net;
  net.add("N", m, 3);
  EXPECT_SAYS(Simulation(net, with(1)), "an equation uses distance()");
}

}  // namespace
