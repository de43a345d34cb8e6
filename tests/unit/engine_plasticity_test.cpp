// links: ranvier_engine
// Plastic synapses: what happens when, bits that do not depend on workers, lanes, backends, fusion, recording or
// cutting runs in two.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine_networks.hpp"
#include "ranvier/synapses.hpp"

namespace {

/// Spikes at the stamps that bits of two numbers say: stamp s where bit s-1 of `pattern` is set.
Model scripted(const std::string& name = "scripted") {
  Model m{name};
  const auto clock = m.state("clock"), a = m.parameter("a", -1.0), b = m.parameter("b", -1.0),
             c = m.parameter("c", -1.0);
  m.d(clock) = 1 / m.dt();
  m.threshold((clock == a) || (clock == b) || (clock == c));
  return m;
}

/// Targets that spike at scripted stamps and collect what arrives.
Model scripted_target() {
  Model m = scripted("scripted_target");
  const auto I = m.input("I", pA);
  const auto V = m.state("V", mV);
  m.d(V) = I * (1 * Gohm) / ms;
  return m;
}

/// Pair rule with additive bounds; the order of statements as in the documentation.
Plasticity pair_rule() {
  Plasticity p{"pair"};
  const auto w = p.weight("w", nS);
  const auto x = p.pre_state("x"), y = p.post_state("y");
  const auto tau_plus = p.parameter("tau_plus", 20 * ms), tau_minus = p.parameter("tau_minus", 30 * ms);
  const auto up = p.parameter("A_plus", 0.3 * nS), down = p.parameter("A_minus", 0.2 * nS),
             top = p.parameter("w_max", 10 * nS);
  p.d(x) = -x / tau_plus;
  p.d(y) = -y / tau_minus;
  p.sends(w);
  p.on_pre(x, x + 1);
  p.on_pre(w, clip(w - down * y, 0 * nS, top));
  p.on_post(y, y + 1);
  p.on_post(w, clip(w + up * x, 0 * nS, top));
  return p;
}

Network one_pair(const Plasticity& rule, std::vector<double> pre, std::vector<double> post, Quantity delay = 0 * ms) {
  Network net;
  auto A = net.add("A", scripted(), 1), B = net.add("B", scripted_target(), 1);
  const char* names[] = {"a", "b", "c"};
  for (std::size_t k = 0; k < pre.size(); ++k) A.set(names[k], pre[k]);
  for (std::size_t k = 0; k < post.size(); ++k) B.set(names[k], post[k]);
  net.connect(A, B, one_to_one())
      .synapse(collecting())
      .output([] {
        Output o{"nothing"};
        o.current(o.synaptic(nS) * (1 * mV));
        return o;
      }())
      .weight(5 * nS)
      .delay(delay)
      .plasticity(rule)
      .named("S");
  return net;
}

double final_weight(const Network& net, Quantity run = 20 * ms) {
  Simulation sim(net, {.threads = 1});
  sim.run(run);
  return sim.get("S", "w").at(0);
}

TEST(PlasticityOrder, PreBeforePostIsPotentiation) {
  EXPECT_NEAR(final_weight(one_pair(pair_rule(), {10}, {40})), 5 + 0.3 * std::exp(-3.0 / 20), 1e-12);
}
TEST(PlasticityOrder, PostBeforePreIsDepression) {
  EXPECT_NEAR(final_weight(one_pair(pair_rule(), {40}, {10})), 5 - 0.2 * std::exp(-3.0 / 30), 1e-12);
}
TEST(PlasticityOrder, CoincidenceIsPreBeforePost) {
  EXPECT_NEAR(final_weight(one_pair(pair_rule(), {10}, {10})), 5.3, 1e-12);
}
TEST(PlasticityOrder, ThePreEventIsTheArrival) {
  // Stamped 1 ms, it arrives at 3 ms; the target spikes at 2 ms: post before pre.
  EXPECT_NEAR(final_weight(one_pair(pair_rule(), {10}, {20}, 2 * ms)), 5 - 0.2 * std::exp(-1.0 / 30), 1e-12);
  EXPECT_NEAR(final_weight(one_pair(pair_rule(), {10}, {30}, 2 * ms)), 5.3, 1e-12);
  EXPECT_NEAR(final_weight(one_pair(pair_rule(), {10}, {31}, 2 * ms)), 5 + 0.3 * std::exp(-0.1 / 20), 1e-12);
}

TEST(PlasticityOrder, RecordersShowWhatIsBeforeTheEventsOfTheirTime) {
  Simulation sim(one_pair(pair_rule(), {10}, {10}), {.threads = 1});
  const auto w = sim.record(SynapseRef{"S", "w"}), x = sim.record(SynapseRef{"S", "x"}),
             y = sim.record(SynapseRef{"S", "y"});
  sim.run(2 * ms);
  ASSERT_EQ(w->frames(), 21u);
  EXPECT_EQ(w->value(10, 0), 5);
  EXPECT_EQ(x->value(10, 0), 0);
  EXPECT_EQ(y->value(10, 0), 0);
  EXPECT_NEAR(w->value(11, 0), 5.3, 1e-12);
  EXPECT_NEAR(x->value(11, 0), std::exp(-0.1 / 20), 1e-12);
  EXPECT_NEAR(y->value(11, 0), std::exp(-0.1 / 30), 1e-12);
  EXPECT_EQ(w->pre(), std::vector<std::uint32_t>{0});
  EXPECT_EQ(w->unit(), "nS");
}

/// sends() acts at its place among the statements.
TEST(PlasticityOrder, StatementsActInTheirOrder) {
  const auto rule = [](bool first) {
    Plasticity p{"order"};
    const auto w = p.weight("w", nS);
    if (first) p.sends(w);
    p.on_pre(w, w + 1 * nS);
    p.on_pre(w, 2.0 * w);
    if (!first) p.sends(w);
    return p;
  };
  for (const bool first : {true, false}) {
    Simulation sim(one_pair(rule(first), {10}, {}), {.threads = 1});
    sim.run(2 * ms);
    EXPECT_EQ(sim.get("B", "S.s").at(0), first ? 5 : 12);
    EXPECT_EQ(sim.get("S", "w").at(0), 12);
  }
}

/// Before its own statement has acted, a trace is what it was: on both sides.
TEST(PlasticityOrder, TracesAreReadAsTheirStatementsFoundThem) {
  Plasticity p{"own"};
  const auto w = p.weight("w", nS);
  const auto x = p.pre_state("x"), y = p.post_state("y");
  p.d(x) = 0.0 * x / ms;
  p.d(y) = 0.0 * y / ms;
  p.sends(w);
  p.on_pre(w, w + 1 * nS * x);
  p.on_pre(x, x + 1);
  p.on_pre(w, w + 100 * nS * x);
  p.on_post(w, w + 1000 * nS * y);
  p.on_post(y, y + 1);
  p.on_post(w, w + 100000 * nS * y);
  // Two arrivals: 0 + 100, 1 + 200; two spikes: 0 + 100000, 1000 + 200000.
  EXPECT_NEAR(final_weight(one_pair(p, {10, 20}, {30, 40})), 5 + 301 + 301000, 1e-9);
  EXPECT_NEAR(final_weight(one_pair(p, {10, 20}, {10, 20})), 5 + 301 + 301000, 1e-9);
}

TEST(PlasticityOrder, EventsReadBothNeurons) {
  Plasticity p{"reads"};
  const auto w = p.weight("w", nS);
  const auto here = p.pre("clock", Unit{}), there = p.post("clock", Unit{});
  p.sends(w);
  p.on_pre(w, 100 * nS * here + 1 * nS * there);
  p.on_post(w, w + 10000 * nS * here);
  Simulation sim(one_pair(p, {10}, {12}), {.threads = 1});
  sim.run(2 * ms);
  EXPECT_NEAR(sim.get("S", "w").at(0), 1000 + 10 + 120000, 1e-9);
}

/// Neurons that spike irregularly, plastic synapses with delays, everything at once.
Network plastic_network(bool event_driven, bool delays = true) {
  Network net;
  auto A = net.add("A", driven_lif(), 300), B = net.add("B", driven_lif(), 200);
  std::vector<double> drive(300), other(200);
  Mixed random;
  for (auto& d : drive) d = 16 + random.below(1000) / 100.0;
  for (auto& d : other) d = 14 + random.below(1000) / 100.0;
  A.set("drive", drive, mV), B.set("drive", other, mV);
  Plasticity p{"all"};
  const auto w = p.weight("w", pA), e = p.state("e"), slow = p.state("slow", pA);
  const auto x = p.pre_state("x"), y = p.post_state("y"), low = p.post_state("low", mV);
  const auto tau = p.parameter("tau_x", 15 * ms);
  p.d(x) = -x / tau;
  p.d(y) = -y / (20 * ms);
  p.d(low) = (p.post("V", mV) - low) / (10 * ms);
  p.d(e) = -e / (25 * ms);
  p.d(slow) = (w - slow) / (50 * ms);
  if (event_driven) p.event_driven(e);
  p.on_pre(x, x + 1);
  p.on_pre(e, e + 0.1 * y);
  p.on_pre(w, clip(w - 0.5 * pA * y * exp(-e), 0 * pA, 30 * pA));
  p.sends(w + 0.1 * slow);
  p.on_post(e, e + 0.2 * x);
  p.on_post(w, clip(w + 0.4 * pA * x * exp((p.pre("V", mV) - low) / (100 * mV)), 0 * pA, 30 * pA));
  p.on_post(y, 1.0);
  p.initial(slow, 1 * pA * ranvier::rand());
  auto list = mixed_pairs(6000, 300, 200, delays);
  net.connect(A, B, explicit_list(list)).synapse(exponential(5 * ms, pA)).output(cuba()).plasticity(p).named("S");
  // A second one, back, with a constant delay and views.
  Plasticity q = pair_rule();
  net.connect(B.slice(3, 190), A.slice(17, 301 - 1), fixed_outdegree(11))
      .synapse(exponential(3 * ms))
      .output([] {
        Output o{"out"};
        o.current(o.synaptic(nS) * (2 * mV));
        return o;
      }())
      .weight(2 * nS)
      .delay(0.7 * ms)
      .plasticity(q)
      .initial("w", 2 * nS + 1 * nS * ranvier::rand())
      .named("R");
  return net;
}

struct Result {
  std::uint64_t checksum;
  std::vector<double> v, w, e, slow, x, low, r;
  bool operator==(const Result&) const = default;
};
Result result_of(const Simulation& sim) {
  return {sim.checksum(),       sim.get("B", "V"), sim.get("S", "w"),   sim.get("S", "e"),
          sim.get("S", "slow"), sim.get("S", "x"), sim.get("S", "low"), sim.get("R", "w")};
}

class PlasticBits : public testing::TestWithParam<std::tuple<Precision, bool>> {
 protected:
  static SimulationOptions options() {
    SimulationOptions o;
    o.precision = std::get<0>(GetParam());
    o.threads = 1;
    return o;
  }
  static Network network() { return plastic_network(std::get<1>(GetParam())); }
  static Result run(const SimulationOptions& o) {
    Simulation sim(network(), o);
    sim.run(80 * ms);
    return result_of(sim);
  }
};

TEST_P(PlasticBits, DependOnNothingButTheNetwork) {
  const auto reference = run(options());
  EXPECT_NE(std::count_if(reference.w.begin(), reference.w.end(), [](double w) { return w > 2; }), 0);
  for (const int threads : {2, 3, 5}) {
    auto o = options();
    o.threads = threads;
    EXPECT_EQ(run(o), reference) << threads << " threads";
  }
  for (const int lanes : {1, 4, 16}) {
    auto o = options();
    o.lanes = lanes;
    EXPECT_EQ(run(o), reference) << lanes << " lanes";
  }
  auto o = options();
  o.fuse = false;
  EXPECT_EQ(run(o), reference) << "not fused";
  o.fuse = true;
  o.backend = Backend::interpreter;
  o.threads = 2;
  EXPECT_EQ(run(o), reference) << "interpreted";
}

TEST_P(PlasticBits, SplitRecordedAndResetRunsAreTheSame) {
  const auto reference = run(options());
  auto o = options();
  o.threads = 2;
  Simulation sim(network(), o);
  const auto e = sim.record(SynapseRef{"S", "e"}, {.every = 7, .neurons = {5999, 0, 17}});
  const auto w = sim.record(SynapseRef{"S", "w"}, {.every = 400});
  sim.run(31.3 * ms);
  sim.step();
  sim.run(48.6 * ms);
  EXPECT_EQ(result_of(sim), reference);
  ASSERT_EQ(w->frames(), 3u);
  EXPECT_TRUE(std::equal(reference.w.begin(), reference.w.end(), w->values().begin() + 2 * 6000));
  const auto edges = sim.connectivity("S");
  EXPECT_EQ(edges.pre[5999], e->pre()[0]);
  EXPECT_EQ(edges.post[17], e->post()[2]);
  sim.reset();
  sim.run(80 * ms);
  EXPECT_EQ(result_of(sim), reference);
}

TEST_P(PlasticBits, VerifyCoversSynapses) {
  Simulation sim(network(), options());
  sim.run(20 * ms);
  const auto before = result_of(sim);
  const auto v = sim.verify(1 * ms);
  EXPECT_EQ(v.max_ulps, 0) << v.where;
  EXPECT_GT(v.compared, 10u * 3 * 6000);
  EXPECT_EQ(result_of(sim), before);
}

INSTANTIATE_TEST_SUITE_P(All, PlasticBits,
                         testing::Combine(testing::Values(Precision::f32, Precision::f64), testing::Bool()),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param) == Precision::f32 ? "f32" : "f64") +
                                  (std::get<1>(test.param) ? "_event_driven" : "_stepped");
                         });

/// The closed form between events is what a fine integration gives: linear decay by an exact method, so to rounding.
TEST(EventDriven, IsTheSteppedStateUpToRounding) {
  Simulation a(plastic_network(true, false), {.threads = 1}), b(plastic_network(false, false), {.threads = 1});
  a.run(60 * ms), b.run(60 * ms);
  const auto x = a.get("S", "e"), y = b.get("S", "e");
  ASSERT_EQ(a.checksum(), b.checksum());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR(x[i], y[i], 1e-12);
    largest = std::max(largest, x[i]);
  }
  EXPECT_GT(largest, 0.1);
}

TEST(PlasticValues, AreSetAndGotInTheOrderOfConnectivity) {
  Simulation sim(plastic_network(true), {.threads = 3});
  const auto edges = sim.connectivity("S");
  EXPECT_EQ(sim.get("S", "w"), edges.weight);  // the list's
  sim.run(10 * ms);
  std::vector<double> values;
  for (std::size_t i = 0; i < edges.size(); ++i) values.push_back(edges.pre[i] + 0.001 * edges.post[i]);
  sim.set("S", "e", values);
  EXPECT_EQ(sim.get("S", "e"), values);
  sim.set("S", "w", values);
  EXPECT_EQ(sim.get("S", "w"), values);
  EXPECT_EQ(sim.get("R", "A_plus"), std::vector<double>{0.3});
}

TEST(PlasticValues, AParameterSetBetweenRunsActs) {
  Simulation sim(one_pair(pair_rule(), {10, 110}, {20, 120}), {.threads = 1});
  sim.set("S.A_plus", 0 * nS);
  sim.set("S.A_minus", 0 * nS);
  sim.run(10 * ms);
  EXPECT_EQ(sim.get("S", "w").at(0), 5);
  sim.set("S.A_plus", 1 * nS);
  sim.run(10 * ms);
  EXPECT_NEAR(sim.get("S", "w").at(0), 5 + std::exp(-1.0 / 20) * (1 + std::exp(-10.0 / 20)), 1e-12);
}

TEST(PlasticValues, MemoryOfAPairRuleIsTenBytesASynapse) {
  Network net;
  auto A = net.add("A", once(), 1000), B = net.add("B", scripted_target(), 1000);
  net.connect(A, B, fixed_outdegree(200))
      .synapse(exponential(5 * ms))
      .output([] {
        Output o{"out"};
        o.current(o.synaptic(nS) * (2 * mV));
        return o;
      }())
      .weight(2 * nS)
      .plasticity(pair_rule());
  Simulation sim(net, {.precision = Precision::f32, .threads = 1});
  EXPECT_LT(static_cast<double>(sim.info().synapse_bytes), 10.1 * 200'000);
}

/// A rule in which the weight alone has a unit acts on conductances, currents and jumps alike; the sum of three arrivals by hand.
TEST(Plasticity, TakesTheUnitOfTheWeightWhereNothingElseHasOne) {
  const auto rule = [] {
    Plasticity p{"depressing"};
    const auto w = p.weight("w", nS), R = p.pre_state("R");
    p.d(R) = (1 - R) / (100 * ms);
    p.initial(R, 1.0);
    p.sends(w * R);
    p.on_pre(R, 0.5 * R);
    return p;
  };
  const auto sum = [&](const char* state, bool plasticity_first, const auto& give, Quantity weight) {
    Network net;
    auto A = net.add("A", scripted(), 1), B = net.add("B", summing(), 1);
    A.set("a", 10.0), A.set("b", 20.0), A.set("c", 30.0);
    auto p = net.connect(A, B, all_to_all()).named("S");
    give(p);
    if (plasticity_first) p.plasticity(rule()).weight(weight);
    else p.weight(weight).plasticity(rule());
    Simulation sim(net, {.dt = 0.1 * ms, .threads = 1});
    sim.run(5 * ms);
    return sim.get("B", state)[0];
  };
  double expected = 0, R = 1;
  for (int k = 0; k < 3; ++k) {
    expected += 2 * R;
    R = 1 - (1 - 0.5 * R) * std::exp(-1.0 / 100);
  }
  for (const bool first : {false, true}) {
    EXPECT_NEAR(sum("S.s", first, [](Projection& p) { p.synapse(collecting(nS)).output(coba(0 * mV)); }, 2 * nS), expected, 1e-12);
    EXPECT_NEAR(sum("S.s", first, [](Projection& p) { p.synapse(collecting(pA)).output(cuba()); }, 2 * pA), expected, 1e-12);
    EXPECT_NEAR(sum("V", first, [](Projection& p) { p.synapse(delta("V", mV)); }, 2 * mV), expected, 1e-12);
  }
}

/// A largest weight has the unit as well, and says which it is.
TEST(Plasticity, KeepsItsUnitWhereAParameterHasIt) {
  Plasticity p{"bounded"};
  const auto w = p.weight("w", nS), w_max = p.parameter("w_max", 3 * nS);
  p.sends(w);
  p.on_post(w, min(w * 1.1, w_max));
  Network net;
  auto A = net.add("A", scripted(), 1), B = net.add("B", scripted_target(), 1);
  net.connect(A, B, all_to_all()).synapse(collecting(pA)).output(cuba()).weight(2 * pA).plasticity(p);
  EXPECT_THROW(Simulation sim(net), UnitError);
}

}  // namespace
