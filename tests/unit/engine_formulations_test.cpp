// links: ranvier_engine
// When arrivals join a synapse's state, and how its current enters the target's equations.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_networks.hpp"

namespace {

constexpr double dt = 0.125;

/// One spike, stamped in step 4, onto a passive membrane at -60 mV.
struct Pair {
  Network net;
  Population target;
  Projection projection;
  static Model membrane(InputKind kind) {
    Model m{"membrane"};
    const auto V = m.state("V", mV);
    const auto I = m.input("I", pA, kind);
    m.d(V) = (10 * nS * (-60 * mV - V) + I) / (200 * pF);
    m.initial(V, -60 * mV);
    return m;
  }
  explicit Pair(InputKind kind = InputKind::inside)
      : target(net.add("T", membrane(kind), 1)), projection(connect()) {}
  Projection connect() {
    auto source = net.add("S", once(), 1);
    source.set("when", 4.0);
    return net.connect(source, target, all_to_all()).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(20 * nS);
  }
};

const SimulationOptions quick{.dt = dt * ms, .method = "exp_euler", .threads = 1};

double after(const Network& net, std::uint64_t steps, const char* variable = "V") {
  Simulation sim(net, quick);
  while (sim.steps() < steps) sim.step();
  return sim.get("T", variable)[0];
}

/// V after one step from -60 mV with a conductance g [nS] towards 0 mV.
double stepped(double g, bool held) {
  const double slope = -(held ? 10.0 : 10.0 + g) / 200, f = g * 60.0 / 200;
  return -60 + f * std::expm1(dt * slope) / slope;
}

TEST(ArrivalsOrder, FullWeightOrDecayedByOneStep) {
  for (const bool early : {false, true}) {
    Pair n;
    if (early) n.projection.arrivals(Arrivals::before_decay);
    const double decay = std::exp(-dt / 5);
    EXPECT_EQ(after(n.net, 4), -60) << early;
    EXPECT_NEAR(after(n.net, 5), stepped(early ? 20 * decay : 20, false), 1e-12) << early;
    // What is kept at the end of a step is the decayed state, either way.
    EXPECT_NEAR(after(n.net, 7, "S_to_T.g"), 20 * std::pow(decay, 3), 1e-13) << early;
  }
}

TEST(ArrivalsOrder, TwoStatesAdvanceTogether) {
  Model alpha{"alpha"};
  const auto a = alpha.state("a", nS), b = alpha.state("b", nS);
  alpha.d(a) = -a / (2 * ms);
  alpha.d(b) = (a - b) / (2 * ms);
  alpha.receives(a);
  Output second{"a_only"};
  second.current(second.synaptic(nS) * (1 * mV));
  Pair early, late;
  for (auto* n : {&early, &late}) n->projection.synapse(alpha).output(second);
  early.projection.arrivals(Arrivals::before_decay);
  for (const char* state : {"S_to_T.a", "S_to_T.b"}) EXPECT_EQ(after(early.net, 9, state), after(late.net, 9, state)) << state;
  EXPECT_NE(after(early.net, 9), after(late.net, 9));
}

TEST(CurrentKind, ProjectionOverridesTheInput) {
  for (const auto input : {InputKind::inside, InputKind::held}) {
    Pair as_input(input), inside(input), held(input);
    inside.projection.current(InputKind::inside);
    held.projection.current(InputKind::held);
    EXPECT_NEAR(after(as_input.net, 5), stepped(20, input == InputKind::held), 1e-12);
    EXPECT_NEAR(after(inside.net, 5), stepped(20, false), 1e-12);
    EXPECT_NEAR(after(held.net, 5), stepped(20, true), 1e-12);
  }
}

/// One projection inside and one held, into one input.
TEST(CurrentKind, BothInOneInput) {
  Pair n;
  auto other = n.net.add("S2", once(), 1);
  other.set("when", 4.0);
  n.net.connect(other, n.target, all_to_all()).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(7 * nS).current(InputKind::held);
  const double slope = -30.0 / 200, f = 27 * 60.0 / 200;
  EXPECT_NEAR(after(n.net, 5), -60 + f * std::expm1(dt * slope) / slope, 1e-12);
}

TEST(Sharing, OnlyWhereOrderAndCurrentAreTheSame) {
  Network net;
  auto target = net.add("T", Pair::membrane(InputKind::inside), 2), source = net.add("S", driven_lif(), 10);
  const auto connect = [&](const char* name) {
    return net.connect(source, target, all_to_all()).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(1 * nS).named(name);
  };
  connect("a"), connect("b");
  connect("c").arrivals(Arrivals::before_decay);
  connect("d").current(InputKind::held);
  connect("e").arrivals(Arrivals::before_decay);
  Simulation sim(net, quick);
  sim.run(20 * ms);
  const auto g = [&](const std::string& name) { return sim.get("T", name + ".g")[0]; };
  EXPECT_EQ(g("a"), g("b"));
  EXPECT_NEAR(g("a"), 2 * g("d"), 1e-12);
  EXPECT_EQ(g("c"), g("e"));
  EXPECT_NEAR(g("c"), g("a"), 1e-12);
  EXPECT_THROW(sim.set("b.tau", 3 * ms), UserError);
  EXPECT_NO_THROW(sim.set("d.tau", 3 * ms));
}

TEST(Formulations, SameBitsHoweverTheyRun) {
  Network net;
  auto p = net.add("P", driven_lif(), 300);
  net.connect(p.slice(0, 200), p, explicit_list(mixed_pairs(4000, 200, 300))).synapse(exponential(3 * ms)).output(coba(0 * mV)).arrivals(Arrivals::before_decay);
  net.connect(p.slice(200, 300), p, fixed_outdegree(20)).synapse(exponential(3 * ms)).output(coba(-80 * mV)).weight(2 * nS).current(InputKind::held);
  for (const char* method : {"exp_euler", "exp_staggered", "exp_midpoint"}) {
    for (const auto precision : {Precision::f32, Precision::f64}) {
      const auto run = [&](SimulationOptions o) {
        o.method = method, o.precision = precision;
        Simulation sim(net, o);
        sim.run(30 * ms);
        return std::tuple{sim.checksum(), sim.spike_count(), sim.get("P", "V")};
      };
      const auto one = run({.threads = 1});
      EXPECT_GT(std::get<1>(one), 100u);
      EXPECT_EQ(run({.threads = 3}), one);
      EXPECT_EQ(run({.threads = 2, .lanes = 4}), one);
      EXPECT_EQ(run({.threads = 1, .fuse = false}), one);
      EXPECT_EQ(run({.threads = 2, .backend = Backend::interpreter}), one);
    }
  }
}

TEST(Spiked, AreThoseOfTheLastStep) {
  Network net;
  net.add("P", driven_lif(), 300);
  Simulation sim(net, {.dt = 0.1 * ms, .threads = 3});
  const auto record = sim.record(SpikesRef{"P"});
  EXPECT_TRUE(sim.spiked("P").empty());
  std::vector<std::uint32_t> seen;
  for (int k = 0; k < 300; ++k) {
    sim.step();
    const auto ids = sim.spiked("P");
    seen.insert(seen.end(), ids.begin(), ids.end());
  }
  EXPECT_GT(seen.size(), 100u);
  EXPECT_EQ(seen, record->ids());
  EXPECT_THROW((void)sim.spiked("Q"), UserError);
}

}  // namespace
