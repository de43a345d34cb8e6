// links: ranvier_engine ranvier_models
// What must not matter and what must: merging of synapses, views, workers, names of things; weights of lists; program hashes.
#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>
#include <functional>
#include <map>

#include "engine_networks.hpp"

namespace {

struct Result {
  std::uint64_t checksum, spikes, events;
  std::map<std::string, std::vector<double>> v;
  bool operator==(const Result&) const = default;
};

Result run(const Network& net, SimulationOptions o, Quantity duration = 50 * ms) {
  Simulation sim(net, o);
  sim.run(duration);
  Result r{sim.checksum(), sim.spike_count(), sim.event_count(), {}};
  for (const auto& p : net.populations()) r.v[p] = sim.get(p, "V");
  return r;
}

// ------------------------------------------------------------------------------------------------------------------ merging

/// Three sources of one kind of synapse onto one target; `apart`: none is merged.
struct Converging {
  Network net;
  Population target;
  explicit Converging(const Model& synapse, const Output& output, bool apart = false) : target(net.add("T", summing(), 2)) {
    double when = 3;
    for (const std::string name : {"A", "B", "C"}) {
      auto source = net.add(name, once(), 1);
      source.set("when", when += 4);
      net.connect(source, target, all_to_all()).synapse(synapse).output(output).weight((name == "C" ? 2 : 1) * nS).separate(apart);
    }
  }
};

const SimulationOptions quick{.dt = 0.125 * ms, .method = "exp_euler", .threads = 1};

TEST(Merging, EqualSynapsesShareOneState) {
  Converging n(exponential(5 * ms), coba(0 * mV));
  Simulation sim(n.net, quick);
  const auto b = sim.record(n.target["B_to_T.g"]);
  sim.run(4 * ms);
  // Stamps 7, 11, 15; frame stamp + 1 has decayed for one step.
  const auto after = [](double stamp) { return std::exp(-(32 - stamp) * 0.125 / 5); };
  for (const char* alias : {"A_to_T.g", "B_to_T.g", "C_to_T.g"}) {
    EXPECT_NEAR(sim.get("T", alias)[1], after(7) + after(11) + 2 * after(15), 1e-14) << alias;
  }
  EXPECT_EQ(b->value(32, 0), sim.get("T", "A_to_T.g")[0]);
  ASSERT_EQ(sim.info().warnings.size(), 1u);
  EXPECT_NE(sim.info().warnings[0].find("'B_to_T.g' is shared with 'A_to_T.g', 'C_to_T.g'"), std::string::npos) << sim.info().warnings[0];
}

TEST(Merging, SeparateOnesKeepTheirOwn) {
  Converging n(exponential(5 * ms), coba(0 * mV), true), merged(exponential(5 * ms), coba(0 * mV));
  Simulation sim(n.net, quick), other(merged.net, quick);
  sim.run(4 * ms), other.run(4 * ms);
  EXPECT_NEAR(sim.get("T", "A_to_T.g")[0], std::exp(-25 * 0.125 / 5), 1e-14);
  EXPECT_NEAR(sim.get("T", "C_to_T.g")[0], 2 * std::exp(-17 * 0.125 / 5), 1e-14);
  EXPECT_NEAR(sim.get("T", "V")[0], other.get("T", "V")[0], 1e-12);
  EXPECT_TRUE(sim.info().warnings.empty());
}

/// Where the sum obeys another equation than its parts, they stay apart by themselves.
TEST(Merging, OnlyWhereItIsTheSame) {
  Model quadratic{"quadratic"}, offset{"offset"}, started{"started"};
  const auto q = quadratic.state("g", nS), o = offset.state("g", nS), s = started.state("g", nS);
  quadratic.d(q) = -q * q / (1 * nS * ms);
  offset.d(o) = (1 * nS - o) / ms;
  started.d(s) = -s / ms;
  started.initial(s, 1 * nS);
  quadratic.receives(q), offset.receives(o), started.receives(s);
  Output saturating{"saturating"};
  const auto g = saturating.synaptic(nS);
  saturating.current(g / (1 + g / nS) * (1 * mV));
  const auto cases = {std::pair{quadratic, coba(0 * mV)}, {offset, coba(0 * mV)}, {started, coba(0 * mV)}, {exponential(5 * ms), saturating}};
  for (const auto& [synapse, output] : cases) {
    Converging whole(synapse, output), apart(synapse, output, true);
    Simulation a(whole.net, quick), b(apart.net, quick);
    a.run(5 * ms), b.run(5 * ms);
    EXPECT_EQ(a.get("T", "V"), b.get("T", "V")) << synapse.name();
    EXPECT_EQ(a.get("T", "B_to_T.g"), b.get("T", "B_to_T.g")) << synapse.name();
    EXPECT_NE(a.get("T", "B_to_T.g"), a.get("T", "A_to_T.g")) << synapse.name();
    EXPECT_EQ(a.program_hash(), b.program_hash()) << synapse.name();
  }
  EXPECT_EQ((Simulation{Converging(started, coba(0 * mV)).net, quick}).get("T", "C_to_T.g")[0], 1);
}

TEST(Merging, TellsStatesThatReceiveApart) {
  const auto alpha = [](bool into_second) {
    Model m{"alpha"};
    const auto a = m.state("a", nS), b = m.state("b", nS);
    m.d(a) = -a / ms;
    m.d(b) = (a - b) / ms;
    m.receives(into_second ? b : a);
    return m;
  };
  Network net;
  auto source = net.add("S", once(), 1);
  auto target = net.add("T", summing(), 1);
  source.set("when", 2.0);
  for (const bool second : {false, true, true}) net.connect(source, target, all_to_all()).synapse(alpha(second)).output(coba(0 * mV)).weight(1 * nS);
  Simulation sim(net, quick);
  sim.run(1 * ms);
  EXPECT_GT(sim.get("T", "S_to_T.a")[0], 0);
  EXPECT_EQ(sim.get("T", "S_to_T_2.a")[0], 0);
  EXPECT_EQ(sim.get("T", "S_to_T_2.b"), sim.get("T", "S_to_T_3.b"));
  EXPECT_NEAR(sim.get("T", "S_to_T_3.b")[0], 2 * std::exp(-0.75), 1e-15);  // two of weight 1, six steps after their stamp
}

TEST(Merging, WhatIsSharedCannotBeSetForOne) {
  Converging n(exponential(5 * ms), coba(0 * mV));
  Simulation sim(n.net, quick);
  EXPECT_THROW(sim.set("A_to_T.tau", 3 * ms), UserError);
  EXPECT_THROW(sim.set("C_to_T.E", 3 * mV), UserError);
  EXPECT_THROW(sim.set("A_to_T.weight", 3 * nS), UserError);  // counted with B's
  EXPECT_NO_THROW(sim.set("C_to_T.weight", 3 * nS));
  sim.run(4 * ms);
  EXPECT_NEAR(sim.get("T", "C_to_T.g")[0], std::exp(-25 * 0.125 / 5) + std::exp(-21 * 0.125 / 5) + 3 * std::exp(-17 * 0.125 / 5), 1e-14);
}

// ----------------------------------------------------------------------------------------------- workers, views, sizes, lists

SimulationOptions with(Precision precision, int threads) { return {.dt = 0.1 * ms, .precision = precision, .threads = threads}; }

Network listed(std::uint32_t size) {
  Network net;
  auto p = net.add("P", driven_lif(), size);
  net.connect(p, p, explicit_list(mixed_pairs(size * 20, size, size))).synapse(exponential(3 * ms)).output(coba(0 * mV));
  net.connect(p, p, explicit_list(mixed_pairs(size * 10, size, size, false))).synapse(exponential(3 * ms)).output(coba(0 * mV)).delay(1.5 * ms);
  return net;
}

TEST(Lists, SumsOfWeightsDoNotDependOnWorkers) {
  for (const auto precision : {Precision::f32, Precision::f64}) {
    const auto one = run(listed(500), with(precision, 1));
    EXPECT_GT(one.spikes, 300u);
    EXPECT_GT(one.events, 30 * 300u);
    for (const int threads : {2, 3, 5, 40}) EXPECT_EQ(run(listed(500), with(precision, threads)), one) << threads;
  }
}

TEST(Populations, OfAnySizeWithAnyNumberOfWorkers) {
  Network net;
  std::vector<Population> all;
  for (const std::uint32_t n : {1u, 63u, 64u, 65u, 700u}) all.push_back(net.add("P" + std::to_string(n), driven_lif(), n));
  net.add("lonely", driven_lif(), 100);
  for (const auto& a : all) {
    for (const auto& b : all) net.connect(a, b, bernoulli(0.05)).synapse(exponential(2 * ms)).output(coba(0 * mV)).weight(1.5 * nS);
  }
  for (const auto precision : {Precision::f32, Precision::f64}) {
    const auto one = run(net, with(precision, 1));
    EXPECT_GT(one.spikes, 500u);
    for (const int threads : {2, 3, 16, 70}) EXPECT_EQ(run(net, with(precision, threads)), one) << threads;
  }
}

/// A projection between parts of populations is the one between the whole with shifted indices.
TEST(Views, AreShiftedWholes) {
  const auto list = mixed_pairs(1500, 40, 54);
  auto shifted = list;
  for (auto& pre : shifted.pre) pre += 20;
  for (auto& post : shifted.post) post += 137;
  const auto build = [&](bool views) {
    Network net;
    auto a = net.add("A", driven_lif(), 100), b = net.add("B", driven_lif(), 300);
    auto p = views ? net.connect(a.slice(20, 60), b.slice(137, 191), explicit_list(list)) : net.connect(a, b, explicit_list(shifted));
    p.synapse(exponential(3 * ms)).output(coba(0 * mV));
    return net;
  };
  const auto whole = run(build(false), with(Precision::f64, 1));
  EXPECT_GT(whole.events, 1000u);
  for (const int threads : {1, 2, 3}) {
    EXPECT_EQ(run(build(true), with(Precision::f64, threads)), whole) << threads;
    Simulation sim(build(true), with(Precision::f64, threads)), other(build(false), with(Precision::f64, 1));
    const auto a = sim.connectivity("A_to_B"), b = other.connectivity("A_to_B");
    EXPECT_EQ(a.pre, b.pre);
    EXPECT_EQ(a.post, b.post);
    EXPECT_EQ(a.weight, b.weight);
    EXPECT_EQ(a.delay, b.delay);
  }
}

TEST(Views, SelfConnectionsAreOfNeuronsNotOfIndices) {
  Network net;
  auto p = net.add("P", driven_lif(), 300);
  net.connect(p.slice(50, 200), p.slice(100, 300), all_to_all().self_connections(false)).synapse(exponential(2 * ms)).output(coba(0 * mV)).weight(0.1 * nS);
  for (const int threads : {1, 3}) {
    Simulation sim(net, with(Precision::f64, threads));
    const auto edges = sim.connectivity("P_to_P");
    EXPECT_EQ(edges.size(), 150u * 200 - 100);
    for (std::size_t i = 0; i < edges.size(); ++i) ASSERT_NE(edges.pre[i], edges.post[i]);
  }
}

TEST(Populations, MayDifferInPrecisionAndMethod) {
  auto exact = driven_lif(), coarse = driven_lif();
  exact.precision(Precision::f64);
  exact.method("exp_midpoint");
  coarse.precision(Precision::f32);
  coarse.method("euler");
  Network net;
  auto a = net.add("A", exact, 200), b = net.add("B", coarse, 200);
  for (const auto& [pre, post] : {std::pair{a, b}, {b, a}, {a, a}, {b, b}}) {
    net.connect(pre, post, explicit_list(mixed_pairs(2000, 200, 200))).synapse(exponential(3 * ms)).output(coba(0 * mV));
  }
  const auto one = run(net, {.threads = 1});
  EXPECT_GT(one.spikes, 100u);
  EXPECT_EQ(run(net, {.threads = 3}), one);
  EXPECT_EQ(run(net, {.threads = 2, .backend = Backend::interpreter}), one);
  Simulation sim(net, {.threads = 1});
  EXPECT_EQ(sim.info().precision, "f64,f32");
  EXPECT_EQ(sim.info().method, "exp_midpoint,euler");  // one name is part of no other
}

/// The caller's rounding mode and traps are neither used nor changed.
TEST(FloatingPoint, TheCallersEnvironmentDoesNotMatter) {
  const auto net = listed(100);
  const auto reference = run(net, with(Precision::f64, 2));
  std::fesetround(FE_UPWARD);
  const auto upward = run(net, with(Precision::f64, 2));
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
  std::fesetround(FE_TONEAREST);
  EXPECT_EQ(upward, reference);
}

// -------------------------------------------------------------------------------------------------------------------- names

/// A Hodgkin-Huxley network whose every name goes through `n`; names that key random numbers are given apart.
Network named_network(const std::function<std::string(const std::string&)>& n) {
  Model m{n("hh")};
  const auto V = m.state(n("V"), mV), a = m.state(n("m")), h = m.state(n("h")), k = m.state(n("n"));
  const auto C = m.parameter(n("Cm"), 200 * pF), gl = m.parameter(n("gl"), 10 * nS), gna = m.parameter(n("g_Na"), 20 * uS);
  const auto gk = m.parameter(n("g_Kd"), 6 * uS), El = m.parameter(n("El"), -60 * mV), Ena = m.parameter(n("ENa"), 50 * mV);
  const auto Ek = m.parameter(n("EK"), -90 * mV), VT = m.parameter(n("VT"), -63 * mV);
  const auto I = m.input(n("I"), pA, InputKind::held), J = m.input(n("J"), pA);
  const auto rate = [&](double c, double v, double s) { return c / mV / ms * (v * mV - V + VT) / (exp((v * mV - V + VT) / (s * mV)) - 1); };
  m.d(a) = rate(0.32, 13, 4) * (1 - a) - rate(-0.28, 40, -5) * a;
  m.d(h) = 0.128 / ms * exp((17 * mV - V + VT) / (18 * mV)) * (1 - h) - 4 / ms / (1 + exp((40 * mV - V + VT) / (5 * mV))) * h;
  m.d(k) = rate(0.032, 15, 5) * (1 - k) - 0.5 / ms * exp((10 * mV - V + VT) / (40 * mV)) * k;
  m.d(V) = (gl * (El - V) + gna * pow(a, 3) * h * (Ena - V) + gk * pow(k, 4) * (Ek - V) + I + J * h + a * k * (1 * pA)) / C;
  m.threshold(crosses_up(V, -20 * mV));
  Network net;
  std::vector<double> start(150);
  for (std::size_t i = 0; i < start.size(); ++i) start[i] = -75 + 0.2 * static_cast<double>(i);
  auto p = net.add(n("P"), m, 150);
  p[n("V")].set(start, mV);
  net.connect(p, p, fixed_outdegree(12)).synapse(exponential(5 * ms)).output(coba(0 * mV, n("V"))).weight(6 * nS).onto(n("I")).named("one");
  net.connect(p, p, fixed_outdegree(5)).synapse(exponential(8 * ms)).output(coba(-80 * mV, n("V"))).weight(20 * nS).onto(n("J")).named("two");
  return net;
}

TEST(Names, DoNotMatter) {
  const auto plain = named_network([](const std::string& s) { return s; });
  // Orders of all kinds: reversed letters, and hashes that have nothing to do with the plain ones.
  const std::function<std::string(const std::string&)> schemes[] = {
      [](const std::string& s) { return "z" + std::string(s.rbegin(), s.rend()); },
      [](const std::string& s) { return "q" + std::to_string(std::hash<std::string>{}(s + "x")); },
      [](const std::string& s) { return "q" + std::to_string(std::hash<std::string>{}(s + "yy")); },
      [](const std::string& s) { return "q" + std::to_string(std::hash<std::string>{}(s + "zzz")); }};
  for (const auto precision : {Precision::f32, Precision::f64}) {
    for (const char* method : {"exp_euler", "exp_staggered"}) {
      const SimulationOptions o{.method = method, .precision = precision, .threads = 1};
      Simulation reference(plain, o);
      reference.run(20 * ms);
      EXPECT_GT(reference.spike_count(), 50u);
      for (const auto& scheme : schemes) {
        Simulation sim(named_network(scheme), o);
        EXPECT_EQ(sim.program_hash(), reference.program_hash());
        sim.run(20 * ms);
        EXPECT_EQ(sim.get(scheme("P"), scheme("V")), reference.get("P", "V")) << method;
        EXPECT_EQ(sim.get(scheme("P"), scheme("m")), reference.get("P", "m")) << method;
        EXPECT_EQ(sim.checksum(), reference.checksum()) << method;
      }
    }
  }
}

// --------------------------------------------------------------------------------------------------------------------- hash

struct Recipe {
  bool commuted = false;
  double factor = 2, parameter = 3, start = 0, weight = 1, dt = 0.1;
  std::uint32_t size = 10;
  std::vector<double> per_neuron, list = {1, 2};
  bool random_start = false;
};

std::uint64_t hash_of(const Recipe& r) {
  Model m{"m"};
  const auto x = m.state("x"), y = m.state("y"), p = m.parameter("p", r.parameter);
  const auto I = m.input("I", pA);
  m.d(x) = (r.commuted ? y * (x * r.factor) + (I / pA + p) : p + I / pA + r.factor * x * y) / ms;
  m.d(y) = (r.commuted ? -(y * p) : -(p * y)) / ms;
  m.initial(x, r.random_start ? 2 * randn() : Expr(r.start));
  const auto V = m.state("V", mV);
  (void)V;
  m.threshold(x >= 1);
  Network net;
  auto N = net.add("N", m, r.size);
  if (!r.per_neuron.empty()) N.set("p", r.per_neuron, unitless);
  net.connect(N, N, all_to_all()).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(r.weight * nS);
  net.connect(N, N, explicit_list({0, 1}, {1, 2}, r.list)).synapse(exponential(5 * ms)).output(coba(0 * mV));
  return Simulation(net, {.dt = r.dt * ms, .method = "euler", .threads = 1, .backend = Backend::interpreter}).program_hash();
}

TEST(Hash, IsOfWhatIsSimulated) {
  const auto plain = hash_of({});
  EXPECT_EQ(hash_of({}), plain);
  EXPECT_EQ(hash_of({.commuted = true}), plain);
  EXPECT_EQ(hash_of({.random_start = true}), hash_of({.random_start = true}));
  const std::vector<double> ten(10, 3.0), other{3, 3, 3, 3, 3, 3, 3, 3, 3, 4};
  const std::vector<std::uint64_t> all{plain, hash_of({.factor = 2.5}), hash_of({.parameter = 3.5}), hash_of({.start = 1}),
                                       hash_of({.weight = 2}), hash_of({.dt = 1e-7}), hash_of({.dt = 2e-7}), hash_of({.size = 11}),
                                       hash_of({.per_neuron = ten}), hash_of({.per_neuron = other}), hash_of({.list = {1, 3}}),
                                       hash_of({.random_start = true})};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(all[i], all[j]) << i << " and " << j;
  }
}

}  // namespace
