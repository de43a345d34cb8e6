// links: ranvier_engine
// Values through connectivity: synapses that live with their sources, gap junctions, several receptors, jumps.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_networks.hpp"
#include "ranvier/sources.hpp"
#include "ranvier/synapses.hpp"

namespace {

/// Spikes at fixed times: one that fires at `when` steps, and then every `period` steps.
Model metronome(int period) {
  Model m{"metronome"};
  const auto x = m.state("x");
  m.d(x) = 1 / m.dt();
  m.threshold(x >= period - 0.5);
  m.reset(x, 0);
  m.initial(x, period * ranvier::rand());
  return m;
}

/// A passive cell.
Model passive(InputKind kind = InputKind::inside) {
  Model m{"passive"};
  const auto V = m.state("V", mV);
  const auto I = m.input("I", pA, kind);
  const auto C = m.parameter("C", 100 * pF), gl = m.parameter("gl", 5 * nS), El = m.parameter("El", -60 * mV);
  m.d(V) = (gl * (El - V) + I) / C;
  m.initial(V, -60 * mV);
  return m;
}

/// Saturating: dx/dt = -x/tau_x, ds/dt = a x (1 - s) - s/tau; a spike adds one to x.
Model saturating() {
  Model m{"saturating"};
  const auto x = m.state("x"), s = m.state("s");
  const auto tau_x = m.parameter("tau_x", 2 * ms), tau = m.parameter("tau", 100 * ms), a = m.parameter("a", 0.5 / ms);
  m.d(x) = -x / tau_x;
  m.d(s) = a * x * (1 - s) - s / tau;
  m.on_spike(x, x + 1);
  m.sends(s);
  return m;
}

Model dual(Unit unit = nS) {
  Model m{"dual"};
  const auto h = m.state("h", unit), g = m.state("g", unit);
  const auto rise = m.parameter("tau_rise", 1 * ms), decay = m.parameter("tau_decay", 5 * ms);
  m.d(h) = -h / rise;
  m.d(g) = h / ms - g / decay;
  m.receives(h);
  m.sends(g);
  return m;
}

Network dual_network(bool pre, const Model& synapse, Quantity delay = 0 * ms) {
  Network net;
  auto A = net.add("A", metronome(37), 60);
  auto B = net.add("B", passive(InputKind::held), 50);
  auto p = net.connect(A, B, fixed_outdegree(7)).synapse(synapse).output(coba(0 * mV)).weight(0.4 * nS).delay(delay);
  if (pre) p.aligned_to_pre();
  return net;
}

/// What is linear gives the same at either side, up to rounding, in the exponential Euler method, which sees the start of a step.
TEST(AlignedToPre, LinearSynapsesAreEqualToAlignedPost) {
  for (const Quantity delay : {0 * ms, 1.5 * ms}) {
    for (const Model& synapse : {exponential(5 * ms), dual()}) {
      Simulation post(dual_network(false, synapse, delay), {.method = "exp_euler"});
      Simulation pre(dual_network(true, synapse, delay), {.method = "exp_euler"});
      for (int k = 0; k < 40; ++k) {
        post.run(2 * ms), pre.run(2 * ms);
        const auto a = post.get("B", "V"), b = pre.get("B", "V");
        for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-11) << k << " " << i;
      }
      EXPECT_GT(post.get("B", "V")[3], -59.0);
    }
  }
}

TEST(AlignedToPre, StatesLiveWithTheSourceAndAreShared) {
  Network net;
  auto A = net.add("A", metronome(20), 10);
  auto B = net.add("B", passive(), 4), C = net.add("C", passive(), 5);
  net.connect(A, B, all_to_all()).synapse(saturating()).output(coba(0 * mV)).weight(1 * nS);
  net.connect(A, C, all_to_all()).synapse(saturating()).output(coba(0 * mV)).weight(2 * nS);
  auto other = saturating();
  net.connect(A, C, all_to_all()).named("kept").synapse(other).output(coba(0 * mV)).weight(2 * nS).separate();
  Simulation sim(net);
  EXPECT_NO_THROW((void)sim.record(A["A_to_B.s"]));
  EXPECT_EQ(sim.record(A["A_to_C.s"])->neurons().size(), 10u);
  EXPECT_THROW((void)sim.set("A_to_C.tau", 50 * ms), UserError);  // one with A_to_B's
  sim.set("kept.tau", 50 * ms);
  sim.run(20 * ms);
  EXPECT_EQ(sim.get("A", "A_to_B.s"), sim.get("A", "A_to_C.s"));
  EXPECT_NE(sim.get("A", "A_to_B.s"), sim.get("A", "kept.s"));
}

/// The sum by hand, in the order that is promised.
TEST(PropagateValues, SumsInAscendingOrderOfSource) {
  for (const bool delays : {false, true}) {
    Network net;
    Model source{"source"};
    const auto V = source.state("V", mV);
    source.d(V) = 0.37 * mV / source.dt();
    source.initial(V, 10 * mV * randn());
    auto A = net.add("A", source, 90);
    auto B = net.add("B", summing(), 70);
    auto list = mixed_pairs(800, 90, 70, delays);
    const Rule rule = explicit_list(list);
    Output sum{"sum"};
    sum.current(sum.synaptic(pA));
    net.connect(A, B, rule).synapse(presynaptic()).output(sum);
    Simulation sim(net, {.threads = 3});
    std::vector<std::vector<double>> past{sim.get("A", "V")};
    for (int k = 0; k < 15; ++k) {
      sim.step();
      past.push_back(sim.get("A", "V"));
    }
    std::vector<double> expected(70, 0.0);
    const auto edges = sim.connectivity("A_to_B");  // in order of pre, delay, post
    const std::size_t last = 14;                    // start of the last step
    std::vector<std::size_t> delay(edges.size(), 0);
    for (std::size_t e = 0; e < edges.size(); ++e) delay[e] = static_cast<std::size_t>(std::lround(edges.delay[e] / 0.1));
    for (std::size_t e = 0; e < edges.size(); ++e) expected[edges.post[e]] += edges.weight[e] * past[last - delay[e]][edges.pre[e]];
    EXPECT_EQ(sim.get("B", "A_to_B.values"), expected);
  }
}

TEST(PropagateValues, AllToAllIsTheSameAsTheListOfAllPairs) {
  const auto run = [](const Rule& rule) {
    Network net;
    auto A = net.add("A", metronome(20), 30);
    auto B = net.add("B", passive(), 20);
    net.connect(A, B, rule).synapse(saturating()).output(coba(0 * mV)).weight(0.1 * nS);
    Simulation sim(net, {.threads = 2});
    sim.run(20 * ms);
    return sim.get("B", "V");
  };
  PairList all;
  for (std::uint32_t i = 0; i < 30; ++i) {
    for (std::uint32_t j = 0; j < 20; ++j) all.pre.push_back(i), all.post.push_back(j);
  }
  EXPECT_EQ(run(all_to_all()), run(explicit_list(all)));
}

TEST(PropagateValues, ADelayIsThatOfTheValue) {
  Network net;
  auto A = net.add("A", metronome(20), 3);
  Model listener{"listener"};
  const auto x = listener.input("x", Unit{});
  const auto y = listener.state("y");
  listener.d(y) = x / ms;
  auto B = net.add("B", listener, 1);
  Output plain{"plain"};
  plain.current(plain.synaptic(Unit{}));
  for (const int d : {0, 3}) {
    net.connect(A, B, explicit_list({1}, {0})).named("d" + std::to_string(d)).synapse(saturating()).output(plain).weight(1.0).delay(d * 0.1 * ms);
  }
  Simulation sim(net);
  std::vector<double> s{sim.get("A", "d0.s")[1]};
  for (std::size_t k = 0; k < 60; ++k) {
    sim.step();
    s.push_back(sim.get("A", "d0.s")[1]);
    EXPECT_EQ(sim.get("B", "d0.values")[0], s[k]);
    EXPECT_EQ(sim.get("B", "d3.values")[0], k < 3 ? s[0] : s[k - 3]);
  }
  EXPECT_GT(s.back(), 0);
}

Network everything() {
  Network net;
  auto E = net.add("E", driven_lif(), 150), I = net.add("I", driven_lif(), 70);
  auto list = mixed_pairs(900, 150, 70);
  for (auto& w : list.weight) w *= 0.1;
  net.connect(E, I, explicit_list(list)).synapse(saturating()).output(coba(0 * mV));
  net.connect(I, E, fixed_outdegree(9)).receptor("fast", exponential(5 * ms), coba(-80 * mV), 1 * nS)
      .receptor("slow", saturating(), coba(-80 * mV), 0.3 * nS).delay(0.7 * ms);
  net.connect(E, E, symmetric({1, 2, 77, 140}, {2, 3, 20, 9})).named("gap").synapse(presynaptic()).output(gap_junction()).weight(3 * nS);
  net.connect(E, I, bernoulli(0.1)).named("kick").synapse(delta()).weight(0.8 * mV);
  return net;
}

struct Result {
  std::uint64_t checksum;
  std::vector<double> v, s;
  bool operator==(const Result&) const = default;
};

Result run(SimulationOptions o, bool record = false) {
  auto net = everything();
  Simulation sim(net, o);
  std::shared_ptr<const StateRecord> r;
  if (record) r = sim.record(net.population("I")["I_to_E.slow.s"], {.every = 3});
  sim.run(25 * ms);
  sim.run(5 * ms);
  return {sim.checksum(), sim.get("E", "V"), sim.get("I", "I_to_E.slow.s")};
}

TEST(PropagateValues, SameBitsHoweverItRuns) {
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    const SimulationOptions base{.precision = precision, .threads = 1};
    const auto one = run(base);
    EXPECT_NE(one.checksum, 0u);
    for (const int threads : {2, 3}) {
      auto o = base;
      o.threads = threads;
      EXPECT_EQ(run(o), one) << threads;
    }
    for (const int lanes : {1, 4}) {
      auto o = base;
      o.lanes = lanes;
      EXPECT_EQ(run(o), one) << lanes;
    }
    auto o = base;
    o.fuse = false;
    EXPECT_EQ(run(o), one) << "not fused";
    o = base;
    o.backend = Backend::interpreter;
    EXPECT_EQ(run(o), one) << "interpreter";
    EXPECT_EQ(run(base, true), one) << "recorded";
  }
}

TEST(PropagateValues, StoredStateAndVerification) {
  auto net = everything();
  Simulation sim(net, {.threads = 2});
  sim.run(10 * ms);
  EXPECT_EQ(sim.verify(1 * ms).max_ulps, 0);
  sim.run(10 * ms);
  const auto v = sim.get("E", "V");
  sim.reset();
  sim.run(20 * ms);
  EXPECT_EQ(sim.get("E", "V"), v);
}

TEST(Receptors, ShareOneConnectivityAndHaveNames) {
  Network several, apart;
  for (auto* net : {&several, &apart}) net->add("A", metronome(25), 40), net->add("B", passive(InputKind::held), 30);
  const auto slow = exponential(80 * ms);
  const auto pairs = mixed_pairs(300, 40, 30, false);
  const auto rule = explicit_list(pairs.pre, pairs.post);
  several.connect(several.population("A"), several.population("B"), rule)
      .receptor("AMPA", exponential(3 * ms), coba(0 * mV), 2 * nS).receptor("NMDA", slow, coba(0 * mV), 0.5 * nS);
  apart.connect(apart.population("A"), apart.population("B"), rule).named("ampa").synapse(exponential(3 * ms)).output(coba(0 * mV)).weight(2 * nS);
  apart.connect(apart.population("A"), apart.population("B"), rule).named("nmda").synapse(slow).output(coba(0 * mV)).weight(0.5 * nS);
  Simulation a(several), b(apart);
  EXPECT_EQ(a.info().synapses, 300u);
  EXPECT_EQ(b.info().synapses, 600u);
  EXPECT_EQ(b.info().synapse_bytes, 2 * a.info().synapse_bytes);
  const auto g = a.record(several.population("B")["A_to_B.NMDA.g"], {.every = 10});
  a.run(20 * ms), b.run(20 * ms);
  EXPECT_EQ(a.get("B", "V"), b.get("B", "V"));
  EXPECT_EQ(a.get("B", "A_to_B.NMDA.g"), b.get("B", "nmda.g"));
  a.set("A_to_B.NMDA.tau", 20 * ms), b.set("nmda.tau", 20 * ms);
  a.set("A_to_B.AMPA.weight", 1 * nS), b.set("ampa.weight", 1 * nS);
  a.run(20 * ms), b.run(20 * ms);
  EXPECT_EQ(a.get("B", "V"), b.get("B", "V"));
  several.set("A_to_B.NMDA.E", -20 * mV);
  EXPECT_THROW(several.set("A_to_B.NMDAA.E", -20 * mV), UserError);
  EXPECT_THROW((void)several.population("B")["A_to_B.NMDA.h"], UserError);
}

void expect_close(const std::vector<double>& a, const std::vector<double>& b, const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-12 * std::abs(b[i])) << what << " of " << i;
}

/// Synapses that live with their sources take spikes from a list as they do from neurons that fire at the same times. The two populations
/// have different kernels, in which a sum of two products may be rounded the other way round: hence to rounding, not to the bit.
TEST(AlignedToPre, SpikesOfAListActAsThoseOfNeurons) {
  const auto network = [](const Model& source) {
    Network net;
    auto A = net.add("A", source, 40), B = net.add("B", passive(InputKind::held), 30);
    const auto pairs = mixed_pairs(300, 40, 30, false);
    net.connect(A, B, explicit_list(pairs.pre, pairs.post)).receptor("fast", dual(unitless), coba(0 * mV), 2 * nS).receptor("slow", saturating(), coba(0 * mV), 1 * nS);
    net.connect(A.slice(5, 20), B, all_to_all()).named("pre").synapse(dual(unitless)).output(coba(-80 * mV)).weight(0.1 * nS).delay(0.7 * ms).aligned_to_pre();
    return net;
  };
  const auto neurons = network(metronome(37));
  Simulation first(neurons);
  const auto spikes = first.record(neurons.population("A").spikes());
  first.run(30 * ms);
  ASSERT_GT(spikes->count(), 200u);
  const auto list = network(spike_source({spikes->ids(), spikes->times_ms()}));
  for (const SimulationOptions& o : {SimulationOptions{.threads = 1}, SimulationOptions{.threads = 3, .lanes = 1}, SimulationOptions{.threads = 2, .fuse = false},
                                     SimulationOptions{.threads = 1, .backend = Backend::interpreter}}) {
    Simulation second(list, o);
    EXPECT_EQ(second.verify(3 * ms).max_ulps, 0);
    second.run(11 * ms);
    second.store("eleven");
    second.run(19 * ms);
    EXPECT_EQ(second.spike_count(), first.spike_count());
    for (const char* state : {"A_to_B.slow.x", "A_to_B.slow.s", "pre.g"}) expect_close(second.get("A", state), first.get("A", state), state);
    const auto V = second.get("B", "V");
    expect_close(V, first.get("B", "V"), "B.V");
    second.restore("eleven");
    second.run(19 * ms);
    EXPECT_EQ(second.get("B", "V"), V);
  }
}

TEST(AlignedToPre, InitialValues) {
  Network net;
  auto A = net.add("A", metronome(2000), 3), B = net.add("B", passive(), 1);
  net.connect(A, B, all_to_all()).synapse(saturating()).output(coba(0 * mV)).weight(1 * nS);
  A["A_to_B.s"].set({0.1, 0.2, 0.3}, Unit{});
  Simulation sim(net);
  EXPECT_EQ(sim.get("A", "A_to_B.s"), (std::vector<double>{0.1, 0.2, 0.3}));
  sim.step();
  EXPECT_EQ(sim.get("B", "A_to_B.values")[0], 0.1 + 0.2 + 0.3);
  sim.set("A", "A_to_B.s", {0.5, 0, 0});
  sim.step();
  EXPECT_EQ(sim.get("B", "A_to_B.values")[0], 0.5);
  A["A_to_B.s"] = 0.25;
  EXPECT_EQ(Simulation(net).get("A", "A_to_B.s")[2], 0.25);
}

/// What the message of the error contains.
template <class F>
std::string message(F&& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

void expect_error(const std::string& got, std::initializer_list<const char*> parts) {
  for (const auto* part : parts) EXPECT_NE(got.find(part), std::string::npos) << "'" << part << "' in: " << got;
}

TEST(SynapseErrors, NameWhatIsMissing) {
  const auto simulated = [](const Model& source, const Model& synapse, const Output& output, Quantity weight) {
    return message([&] {
      Network net;
      auto A = net.add("A", source, 2), B = net.add("B", passive(), 2);
      net.connect(A, B, all_to_all()).synapse(synapse).output(output).weight(weight);
      Simulation sim(net);
    });
  };
  expect_error(simulated(metronome(5), saturating(), coba(0 * mV, "U"), 1 * nS), {"A_to_B", "'U'", "'B'", "V"});
  expect_error(simulated(metronome(5), presynaptic("U"), gap_junction(), 1 * nS), {"presynaptic", "'U'", "'A'", "x"});
  expect_error(simulated(metronome(5), presynaptic("x"), gap_junction(), 1 * nS), {"'x' of the source"});
  expect_error(simulated(metronome(5), delta("U"), coba(0 * mV), 1 * mV), {"no output"});
  expect_error(simulated(passive(), saturating(), coba(0 * mV), 1 * nS), {"saturating", "'A' never spikes"});
  expect_error(simulated(metronome(5), saturating(), coba(0 * mV), 1 * pA), {"weight 1 pA", "nS"});
  expect_error(simulated(metronome(5), exponential(5 * ms), gap_junction(), 1 * nS), {"total weight"});
  Model nothing{"nothing"};
  nothing.state("x");
  expect_error(simulated(metronome(5), nothing, coba(0 * mV), 1 * nS), {"'nothing'", "sends nothing"});
  Network net;
  auto A = net.add("A", metronome(5), 2), B = net.add("B", passive(), 2);
  auto p = net.connect(A, B, all_to_all());
  expect_error(message([&] { p.receptor("NMDA", saturating(), coba(0 * mV), std::nan("") * nS); }), {"NMDA", "finite"});
  p.receptor("NMDA", saturating(), coba(0 * mV), 1 * nS);
  expect_error(message([&] { p.receptor("NMDA", saturating(), coba(0 * mV), 1 * nS); }), {"twice"});
  expect_error(message([&] { p.weight(1 * nS); }), {"receptors"});
}

}  // namespace
