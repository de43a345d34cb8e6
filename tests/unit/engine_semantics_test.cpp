// links: ranvier_engine ranvier_models
// What happens when: stamps, delays, order within a step, refractory periods, thresholds, recording. Times are binary fractions,
// so that what is expected is exact.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_networks.hpp"

namespace {

const Quantity dt = 0.125 * ms;

SimulationOptions euler() { return {.dt = dt, .method = "euler", .threads = 1}; }

/// Frame f of column c.
std::vector<double> column(const StateRecord& r, std::size_t c = 0) {
  std::vector<double> out;
  for (std::size_t f = 0; f < r.frames(); ++f) out.push_back(r.value(f, c));
  return out;
}

/// Neuron 0 of `source` fires once, stamped `stamp`; its synapses have the delays of the list, in steps.
struct Delays {
  Network net;
  Population source, target;
  Delays(double stamp, const std::vector<std::uint32_t>& steps) : source(net.add("source", once(), 3)), target(net.add("target", summing(), 4)) {
    source.set("when", std::vector<double>{stamp, 1e6, 1e6}, unitless);
    PairList list;
    for (std::uint32_t i = 0; i < steps.size(); ++i) {
      list.pre.push_back(0), list.post.push_back(i), list.weight.push_back(i + 1.0), list.delay.push_back(steps[i] * 0.125);
    }
    net.connect(source, target, explicit_list(list)).synapse(collecting()).output(coba(0 * mV)).named("p");
  }
};

TEST(Events, AThresholdCrossedInStepKIsStampedAfterIt) {
  Network net;
  auto s = net.add("s", once(), 2);
  s.set("when", std::vector<double>{8, 1}, unitless);
  Simulation sim(net, euler());
  const auto spikes = sim.record(s.spikes());
  sim.run(0.875 * ms);  // steps 0 to 6
  EXPECT_EQ(spikes->stamps(), std::vector<std::uint64_t>{1});
  sim.step();
  EXPECT_EQ(spikes->stamps(), (std::vector<std::uint64_t>{1, 8}));
  EXPECT_EQ(spikes->ids(), (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(spikes->times_ms(), (std::vector<double>{0.125, 1.0}));
  EXPECT_EQ(sim.time_ms(), 1.0);
}

/// At its stamp + delay an event is in the target's state: the step from there on sees it, so the frame after that step shows it.
TEST(Events, ActAtTheirStampPlusDelay) {
  const std::vector<std::uint32_t> steps{0, 1, 5, 300};
  for (const int threads : {1, 2}) {
    for (const double stamp : {1.0, 7.0, 260.0}) {
      Delays n(stamp, steps);
      auto o = euler();
      o.threads = threads;
      Simulation sim(n.net, o);
      const auto g = sim.record(n.target["p.s"]);
      sim.run(100 * ms);
      for (std::size_t i = 0; i < steps.size(); ++i) {
        for (std::size_t f = 0; f < g->frames(); ++f) {
          const bool there = f >= stamp + steps[i] + 1;
          ASSERT_EQ(g->value(f, i), there ? i + 1.0 : 0.0) << "delay " << steps[i] << ", frame " << f << ", stamp " << stamp;
        }
      }
      EXPECT_EQ(sim.event_count(), 4u);
    }
  }
}

TEST(Events, AConstantDelayIsTheSameAsThatOfAList) {
  for (const std::uint32_t d : {0u, 1u, 5u, 255u, 256u, 257u, 300u, 1000u}) {
    Delays listed(3, {d, d, d, d});
    Network net;
    auto source = net.add("source", once(), 1);
    auto target = net.add("target", summing(), 4);
    source.set("when", 3.0);
    net.connect(source, target, all_to_all()).synapse(collecting()).output(coba(0 * mV)).weight(1 * nS).delay(d * 0.125 * ms).named("p");
    Simulation sim(net, euler());
    sim.run((3 + d) * 0.125 * ms);
    EXPECT_EQ(sim.get("target", "p.s")[0], 0) << d;
    sim.step();
    EXPECT_EQ(sim.get("target", "p.s")[0], 1) << d;
    EXPECT_EQ(sim.connectivity("p").delay.at(0), d * 0.125);
    Simulation other(listed.net, euler());
    other.run((3 + d + 1) * 0.125 * ms);
    EXPECT_EQ(other.get("target", "p.s"), (std::vector<double>{1, 2, 3, 4})) << d;
  }
}

/// Arrivals, integration, threshold, reset: all in the step in which the event acts.
TEST(Steps, GoFromArrivalsToReset) {
  Model follower{"follower"};  // x is the input of this very step
  const auto x = follower.state("x"), resets = follower.state("resets");
  const auto V = follower.state("V", mV);
  const auto I = follower.input("I", pA);
  follower.d(x) = (I / pA - x) / follower.dt();
  follower.threshold(x >= 1.0);
  follower.reset(resets, resets + x);  // the new x, before it is reset itself
  follower.reset(x, -5);
  follower.reset(resets, resets * 10);
  follower.initial(V, 0 * mV);
  Network net;
  auto source = net.add("source", once(), 1);
  auto target = net.add("target", follower, 1);
  source.set("when", 4.0);
  net.connect(source, target, all_to_all()).synapse(collecting(pA)).output(cuba()).weight(3 * pA).named("p");
  Simulation sim(net, euler());
  const auto spikes = sim.record(target.spikes());
  const auto trace = sim.record(target["x"]);
  sim.run(0.75 * ms);
  EXPECT_EQ(column(*trace), (std::vector<double>{0, 0, 0, 0, 0, -5, -5}));
  EXPECT_EQ(spikes->stamps(), (std::vector<std::uint64_t>{5, 6}));
  EXPECT_EQ(sim.get("target", "resets")[0], (3 * 10 + 3) * 10);
}

TEST(Thresholds, LevelAndCrossing) {
  const auto stamps = [](bool crossing, double start) {
    Model m{"m"};
    const auto x = m.state("x");
    m.d(x) = 1 / m.dt();
    m.initial(x, start);
    crossing ? m.threshold(crosses_up(x, 3)) : m.threshold(x >= 3);
    Network net;
    auto p = net.add("p", m, 1);
    Simulation sim(net, euler());
    const auto spikes = sim.record(p.spikes());
    sim.run(0.75 * ms);
    return spikes->stamps();
  };
  using Stamps = std::vector<std::uint64_t>;
  EXPECT_EQ(stamps(false, 0), (Stamps{3, 4, 5, 6}));
  EXPECT_EQ(stamps(true, 0), Stamps{3});
  EXPECT_EQ(stamps(false, 5), (Stamps{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(stamps(true, 5), Stamps{});  // it never was below
  EXPECT_EQ(stamps(true, 2.5), Stamps{1});
}

TEST(Refractory, LastsTheRoundedNumberOfUpdates) {
  for (const auto& [ratio, updates] : std::initializer_list<std::pair<double, std::uint64_t>>{
           {0, 0}, {0.4, 0}, {0.5, 1}, {1, 1}, {1.49, 1}, {2.5, 3}, {3.2, 3}, {50, 50}, {300, 300}}) {
    for (const auto precision : {Precision::f32, Precision::f64}) {
      Model m{"m"};
      const auto x = m.state("x"), free = m.state("free");
      m.d(x) = 1 / m.dt();
      m.d(free) = 1 / m.dt();
      m.threshold(x >= 1);
      m.reset(x, 0);
      m.refractory(ratio * 0.125 * ms, {x});
      Network net;
      auto p = net.add("p", m, 1);
      auto o = euler();
      o.precision = precision;
      Simulation sim(net, o);
      const auto spikes = sim.record(p.spikes());
      sim.run(100 * ms);
      ASSERT_GT(spikes->count(), 2u);
      for (std::size_t k = 0; k < spikes->count(); ++k) ASSERT_EQ(spikes->stamps()[k], 1 + k * (updates + 1)) << ratio;
      EXPECT_EQ(sim.get("p", "free")[0], 800);  // what is not frozen goes on
    }
  }
}

TEST(Refractory, ConductancesGoOnAndSpikesAreNotEmitted) {
  Model m{"m"};  // above threshold all the time, x frozen
  const auto V = m.state("V", mV);
  const auto I = m.input("I", pA);
  m.d(V) = I * (1 * Gohm) / ms;
  m.initial(V, 1 * mV);
  m.threshold(V >= 0 * mV);
  m.refractory(10 * ms, {V});
  Network net;
  auto source = net.add("source", once(), 1);
  auto p = net.add("p", m, 1);
  source.set("when", 4.0);
  net.connect(source, p, all_to_all()).synapse(exponential(2 * ms)).output(coba(-70 * mV)).weight(3 * nS).named("syn");
  Simulation sim(net, {.dt = dt, .method = "exp_euler", .threads = 1});
  const auto spikes = sim.record(p.spikes());
  const auto g = sim.record(p["syn.g"]);
  const auto v = sim.record(p["V"]);
  sim.run(10.125 * ms);
  EXPECT_EQ(spikes->stamps(), std::vector<std::uint64_t>{1});
  for (std::size_t f = 5; f < g->frames(); ++f) EXPECT_NEAR(g->value(f, 0), 3 * std::exp(-0.125 * (f - 4) / 2), 1e-14);
  for (std::size_t f = 1; f < v->frames(); ++f) EXPECT_EQ(v->value(f, 0), v->value(1, 0));
  sim.run(0.125 * ms);
  EXPECT_LT(sim.get("p", "V")[0], v->value(1, 0));  // free again
}

TEST(Refractory, ItsLengthMustBeCountable) {
  Model m{"m"};
  const auto x = m.state("x");
  m.threshold(x > 0);
  m.refractory(1e9 * ms, {x});
  Network net;
  net.add("p", m, 1);
  EXPECT_THROW((Simulation{net, euler()}), UserError);
  m.refractory(1 * ms, {x});
  Network good;
  good.add("p", m, 1);
  Simulation sim(good, euler());
  EXPECT_THROW(sim.set("p.refractory", 1e9 * ms), UserError);
  EXPECT_THROW(sim.set("p.refractory", -1 * ms), UserError);
  EXPECT_NO_THROW(sim.set("p.refractory", 2 * ms));
}

/// Between spikes V = E + RI (1 - exp(-t/tau)) from the grid point of the reset: an interval is the closed form, rounded up.
TEST(Lif, IntervalsAreThoseOfTheClosedForm) {
  for (const double drive : {15.5, 16.0, 20.0, 30.0, 100.0}) {
    Model m{"lif"};
    const auto V = m.state("V", mV);
    const auto RI = m.parameter("RI", drive * mV), tau = m.parameter("tau", 20 * ms);
    m.d(V) = (-60 * mV - V + RI) / tau;
    m.initial(V, -60 * mV);
    m.threshold(V >= -45 * mV);
    m.reset(V, -60 * mV);
    m.refractory(2 * ms, {V});
    Network net;
    auto p = net.add("p", m, 1);
    Simulation sim(net, {.dt = 0.1 * ms, .threads = 1});
    EXPECT_EQ(sim.info().method, "exact");
    const auto spikes = sim.record(p.spikes());
    sim.run(1000 * ms);
    const auto rise = static_cast<std::uint64_t>(std::ceil(20 * std::log(drive / (drive - 15)) / 0.1));
    ASSERT_GT(spikes->count(), 5u) << drive;
    for (std::size_t k = 0; k < spikes->count(); ++k) EXPECT_EQ(spikes->stamps()[k], rise + k * (rise + 20)) << drive;
  }
}

// --------------------------------------------------------------------------------------------------------------- recording

TEST(Recording, ColumnsFramesAndTimes) {
  Model m{"m"};
  const auto x = m.state("x"), slope = m.parameter("slope", 1.0);
  m.d(x) = slope / ms;
  Network net;
  auto p = net.add("p", m, 200);
  std::vector<double> slopes(200);
  for (int i = 0; i < 200; ++i) slopes[i] = i;
  p.set("slope", slopes, unitless);
  for (const int threads : {1, 3}) {
    auto o = euler();
    o.threads = threads;
    Simulation sim(net, o);
    const auto some = sim.record(p["x"], {.every = 3, .neurons = {150, 2, 199, 2}});
    const auto all = sim.record(p["x"], {.every = 4});
    sim.run(0.625 * ms);
    const auto late = sim.record(p["x"], {.every = 2});
    sim.run(0.625 * ms);  // ten steps in all
    EXPECT_EQ(some->frame_steps(), (std::vector<std::uint64_t>{0, 3, 6, 9}));
    EXPECT_EQ(all->frame_steps(), (std::vector<std::uint64_t>{0, 4, 8}));
    EXPECT_EQ(late->frame_steps(), (std::vector<std::uint64_t>{6, 8, 10}));
    EXPECT_EQ(some->times_ms(), (std::vector<double>{0, 0.375, 0.75, 1.125}));
    for (std::size_t f = 0; f < 4; ++f) {
      for (std::size_t c = 0; c < 4; ++c) EXPECT_EQ(some->value(f, c), some->neurons()[c] * 0.375 * f);
    }
    for (std::size_t c = 0; c < 200; ++c) EXPECT_EQ(all->value(2, c), c * 1.0);
    EXPECT_EQ(sim.get("p", "x"), std::vector<double>(late->values().end() - 200, late->values().end()));
  }
}

TEST(Recording, AsksForWhatIsThere) {
  Network net;
  auto p = net.add("p", once(), 5);
  Simulation sim(net, euler());
  EXPECT_THROW(sim.record(p["x"], {.every = 0}), UserError);
  EXPECT_THROW(sim.record(p["x"], {.neurons = {5}}), UserError);
  EXPECT_THROW(sim.record(SpikesRef{"q"}), UserError);
  EXPECT_THROW(sim.stream(nullptr), UserError);
}

/// x' = -2y, y' = 2x: one of the two is kept at half steps. Both are recorded at whole steps, and to second order.
TEST(Recording, StaggeredStatesAreShownAtTheTimeOfTheOthers) {
  const auto worst = [](int steps) {
    Model m{"rotation"};
    auto [x, y] = m.states("x", "y");
    m.d(x) = -2 * y / ms;
    m.d(y) = 2 * x / ms;
    m.initial(x, 1);
    Network net;
    auto p = net.add("p", m, 1);
    Simulation sim(net, {.dt = 1.0 / steps * ms, .method = "exp_staggered", .threads = 1});
    const auto rx = sim.record(p["x"]), ry = sim.record(p["y"]);
    sim.run(1 * ms);
    EXPECT_EQ(sim.get("p", "x")[0], rx->value(steps, 0));
    EXPECT_EQ(sim.get("p", "y")[0], ry->value(steps, 0));
    double ex = 0, ey = 0;
    for (int f = 0; f <= steps; ++f) {
      ex = std::max(ex, std::fabs(rx->value(f, 0) - std::cos(2.0 * f / steps)));
      ey = std::max(ey, std::fabs(ry->value(f, 0) - std::sin(2.0 * f / steps)));
    }
    return std::pair(ex, ey);
  };
  const auto coarse = worst(64), fine = worst(128);
  EXPECT_NEAR(std::log2(coarse.first / fine.first), 2, 0.15);
  EXPECT_NEAR(std::log2(coarse.second / fine.second), 2, 0.15);
}

}  // namespace
