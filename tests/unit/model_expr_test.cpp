// links: ranvier_engine ranvier_models
// Expressions, models and networks as users write them: units, values that may be copied, and what is refused with which words.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "model/model_data.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

/// The message of what `f` throws; empty if nothing, or if it is no UserError.
std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  } catch (const std::exception& e) {
    return std::string("not a user error: ") + e.what();
  }
  return "";
}

testing::AssertionResult says(const std::function<void()>& f, std::initializer_list<const char*> parts) {
  const auto text = message(f);
  for (const char* part : parts) {
    if (text.find(part) == std::string::npos) return testing::AssertionFailure() << "\"" << text << "\" lacks \"" << part << "\"";
  }
  return testing::AssertionSuccess();
}

Model leaky(const std::string& name = "leaky") {
  Model m{name};
  const auto V = m.state("V", mV);
  const auto tau = m.parameter("tau", 20 * ms), E = m.parameter("E_leak", -60 * mV);
  const auto I = m.input("I", pA);
  m.d(V) = (E - V + I * (0.1 * Gohm)) / tau;
  m.initial(V, E);
  return m;
}

Network one(const Model& m, std::uint32_t size = 1) {
  Network net;
  net.add("N", m, size);
  return net;
}

void simulate(const Network& net) { Simulation sim(net, {.threads = 1, .backend = Backend::interpreter}); }

// ------------------------------------------------------------------------------------------------------------------- units

TEST(Units, OfSumsAreNamedOnBothSides) {
  Model m{"m"};
  const auto V = m.state("V", mV), g = m.state("g", nS);
  for (const auto& f : std::initializer_list<std::function<void()>>{
           [&] { (void)(V + g); }, [&] { (void)(V - g); }, [&] { (void)(V < g); }, [&] { (void)(V == g); }, [&] { (void)min(V, g); },
           [&] { (void)max(V, g); }, [&] { (void)where(V > 0 * mV, V, g); }, [&] { (void)clip(V, g, V); }}) {
    EXPECT_TRUE(says(f, {"'V' [mV]", "'g' [nS]"}));
    EXPECT_THROW(f(), UnitError);
  }
  EXPECT_TRUE(says([&] { (void)(V + 1.0); }, {"'V' [mV]", "'1' [no unit]"}));
  EXPECT_TRUE(says([] { (void)(Expr(3 * mV) + Expr(2 * nS)); }, {"3 mV", "2 nS"}));
  EXPECT_TRUE((V * g).dimension() == dimension::current);
  EXPECT_TRUE((V / V).dimension().is_none());
}

TEST(Units, FunctionsWantNumbers) {
  Model m{"m"};
  const auto V = m.state("V", mV);
  for (const auto& f : std::initializer_list<std::pair<const char*, std::function<void()>>>{
           {"exp", [&] { (void)exp(V); }}, {"log", [&] { (void)log(V); }}, {"exprel", [&] { (void)exprel(V); }},
           {"tanh", [&] { (void)tanh(V); }}, {"sin", [&] { (void)sin(V); }}, {"floor", [&] { (void)floor(V); }}}) {
    EXPECT_TRUE(says(f.second, {f.first, "'V' [mV]"}));
  }
  EXPECT_TRUE(exp(V / mV).dimension().is_none());
  EXPECT_TRUE(abs(V).dimension() == dimension::voltage);
}

TEST(Units, PowersTakeWholeAndHalfExponents) {
  Model m{"m"};
  const auto V = m.state("V", mV);
  const auto x = m.state("x");
  EXPECT_TRUE(pow(V, 2).dimension() == dimension::voltage * dimension::voltage);
  EXPECT_TRUE(pow(pow(V, 2), 0.5).dimension() == dimension::voltage);
  EXPECT_TRUE(sqrt(V * V).dimension() == dimension::voltage);
  EXPECT_TRUE(pow(V, -1).dimension() == dimension::none / dimension::voltage);
  EXPECT_TRUE(says([&] { (void)pow(V, 0.3); }, {"'V' [mV]", "0.3"}));
  EXPECT_TRUE(says([&] { (void)pow(V, x); }, {"'V' [mV]"}));
  EXPECT_TRUE(says([&] { (void)pow(x, V); }, {"'V' [mV]"}));
  EXPECT_TRUE(pow(x, 0.3).dimension().is_none());
  EXPECT_TRUE(pow(x, x).dimension().is_none());
}

TEST(Units, OfEquationsThresholdsResetsAndInitialValues) {
  Model m{"hh"};
  const auto V = m.state("V", mV);
  EXPECT_TRUE(says([&] { m.d(V) = V; }, {"model 'hh'", "dV/dt", "mV/ms", "'V'", "mV"}));
  EXPECT_TRUE(says([&] { m.reset(V, 1 * nS); }, {"reset of V", "mV", "nS"}));
  EXPECT_TRUE(says([&] { m.initial(V, 1.0); }, {"initial value of V", "mV", "no unit"}));
  EXPECT_TRUE(says([&] { m.refractory(5 * mV, {V}); }, {"refractory", "ms", "5 mV"}));
  auto net = one(leaky());
  auto N = net.population("N");
  EXPECT_TRUE(says([&] { N["V"] = 3 * nS; }, {"population 'N'", "'V'", "mV", "nS"}));
  EXPECT_TRUE(says([&] { N.set("tau", 3 * mV); }, {"'tau'", "ms", "3 mV"}));
  EXPECT_TRUE(says([&] { N.set("tau", {3.0}, mV); }, {"'tau'", "ms", "mV"}));
  EXPECT_TRUE(says([&] { N["V"].set({3.0}, nS); }, {"'V'", "mV", "nS"}));
}

// ------------------------------------------------------------------------------------------------------------------ models

TEST(Models, TwoDoNotMix) {
  Model a{"a"}, b{"b"};
  const auto x = a.state("x"), y = b.state("y");
  EXPECT_TRUE(says([&] { a.d(x) = -y / ms; }, {"model 'b'", "'y'", "model 'a'"}));
  EXPECT_TRUE(says([&] { (void)(x + y); }, {"model 'b'", "model 'a'"}));
  EXPECT_TRUE(says([&] { a.d(y) = 1 / ms; }, {"model 'b'"}));
  EXPECT_TRUE(says([&] { a.initial(x, y); }, {"model 'b'"}));
  auto net = one(a);
  EXPECT_TRUE(says([&] { net.population("N")["x"] = 2 * y; }, {"model 'b'", "model 'a'"}));
}

TEST(Models, NamesAreUsedOnce) {
  Model m{"m"};
  (void)m.state("V", mV);
  (void)m.let("rate", 1 / ms);
  for (const auto& f : std::initializer_list<std::function<void()>>{
           [&] { (void)m.state("V"); }, [&] { (void)m.parameter("V", 1.0); }, [&] { (void)m.input("V", pA); },
           [&] { (void)m.let("V", 1.0); }}) {
    EXPECT_TRUE(says(f, {"model 'm'", "'V' is used twice"}));
  }
  EXPECT_TRUE(says([&] { (void)m.let("rate", 1.0); }, {"'rate' is used twice"}));
  EXPECT_TRUE(says([&] { (void)m.parameter("rate", 1.0); }, {"'rate' is used twice"}));
  for (const char* name : {"", "2x", "a b", "a.b", "a-b"}) EXPECT_TRUE(says([&] { (void)m.state(name); }, {"is not a name"})) << name;
  for (const char* name : {"t", "dt", "step", "spiked", "refractory", "refractory_steps"}) {
    EXPECT_TRUE(says([&] { (void)m.state(name); }, {name, "is reserved"})) << name;
  }
}

TEST(Models, EquationsAreGivenOnceAndForStates) {
  Model m{"m"};
  const auto x = m.state("x"), p = m.parameter("p", 1.0);
  m.d(x) = -x / ms;
  EXPECT_TRUE(says([&] { m.d(x) = x / ms; }, {"model 'm'", "dx/dt is given twice"}));
  EXPECT_TRUE(says([&] { m.d(p) = x / ms; }, {"d() needs a state of this model, not 'p'"}));
  EXPECT_TRUE(says([&] { m.d(2.0) = x / ms; }, {"d() needs a state"}));
  EXPECT_TRUE(says([&] { m.reset(p, 1.0); }, {"reset() needs a state"}));
  EXPECT_TRUE(says([&] { m.refractory(1 * ms, {p}); }, {"refractory() needs a state"}));
  EXPECT_TRUE(says([&] { m.refractory(-1 * ms, {x}); }, {"-1 ms", "0 or more"}));
  EXPECT_TRUE(says([&] { m.refractory(std::nan("") * ms, {x}); }, {"0 or more"}));
  EXPECT_TRUE(says([&] { (void)m.parameter("q", std::nan("")); }, {"'q' is NaN"}));
  EXPECT_TRUE(says([&] { m.threshold(Condition{}); }, {"empty"}));
}

TEST(Models, ResetsAndRefractoryPeriodsNeedAThreshold) {
  Model a{"a"};
  const auto x = a.state("x");
  a.reset(x, 0);
  EXPECT_TRUE(says([&] { simulate(one(a)); }, {"population 'N'", "model 'a'", "no threshold"}));
  Model b{"b"};
  b.refractory(1 * ms, {b.state("x")});
  EXPECT_TRUE(says([&] { simulate(one(b)); }, {"no threshold"}));
}

TEST(Models, AThresholdUsesStatesAndParameters) {
  Model m{"m"};
  const auto V = m.state("V", mV);
  const auto I = m.input("I", mV, InputKind::held);
  m.d(V) = (I - V) / ms;
  m.threshold(I > 1 * mV);
  EXPECT_TRUE(says([&] { simulate(one(m)); }, {"population 'N'", "'I'"}));
}

TEST(Models, ACopyIsAValue) {
  auto a = leaky();
  auto b = a;
  // Both may take the same new name, with other meanings.
  const auto w = a.state("w", pA);
  const auto p = b.parameter("w", 3 * mV);
  EXPECT_EQ(b.text().find("dw/dt"), std::string::npos);
  EXPECT_NE(a.text().find("dw/dt"), std::string::npos);
  EXPECT_NE(b.text().find("w = 3 mV"), std::string::npos);
  EXPECT_TRUE(says([&] { b.threshold(w > 0 * pA); }, {"'w'", "copy"}));
  EXPECT_TRUE(says([&] { a.threshold(p > 0 * mV); }, {"'w'", "copy"}));
}

/// What was declared before the copy serves both; each goes its own way after.
TEST(Models, SymbolsFromBeforeACopyServeBoth) {
  Model original{"m"};
  const auto x = original.state("x");
  const auto tau = original.parameter("tau", 2 * ms);
  auto copy = original;
  const auto gain = copy.parameter("gain", 3.0);
  copy.d(x) = (gain - x) / tau;  // symbols of both in one expression
  original.d(x) = -x / tau;
  copy.initial(x, 0);
  original.initial(x, 1);
  Simulation a(one(original), {.dt = 1 * ms, .threads = 1}), b(one(copy), {.dt = 1 * ms, .threads = 1});
  a.run(2 * ms), b.run(2 * ms);
  EXPECT_NEAR(a.get("N", "x")[0], std::exp(-1.0), 1e-15);
  EXPECT_NEAR(b.get("N", "x")[0], 3 * (1 - std::exp(-1.0)), 1e-15);
}

TEST(Models, APopulationKeepsTheModelAsItWas) {
  Model m{"m"};
  const auto x = m.state("x");
  m.initial(x, 1);
  auto net = one(m);
  m.d(x) = -x / ms;
  m.initial(x, 2);
  (void)m.state("later");
  Simulation sim(net, {.threads = 1});
  sim.run(1 * ms);
  EXPECT_EQ(sim.get("N", "x")[0], 1);
  EXPECT_TRUE(says([&] { (void)net.population("N")["later"]; }, {"no state 'later'"}));
}

TEST(Models, RandomDrawsAreOnePerCall) {
  Model m{"m"};
  const auto a = m.state("a"), b = m.state("b");
  const auto z = randn();
  m.initial(a, z - z);          // one draw, twice
  m.initial(b, randn() - randn());
  Simulation sim(one(m, 4000), {.threads = 1});
  double variance = 0;
  for (const double x : sim.get("N", "a")) EXPECT_EQ(x, 0);
  for (const double x : sim.get("N", "b")) variance += x * x / 4000;
  EXPECT_NEAR(variance, 2, 0.2);  // of independent draws; its standard error is 2 sqrt(2/4000) = 0.045
}

TEST(Models, InitialValuesUseParametersNotStates) {
  Model m{"m"};
  const auto x = m.state("x"), y = m.state("y"), p = m.parameter("p", 2.0);
  m.initial(x, 3 * p + 1);
  EXPECT_EQ((Simulation{one(m), {.threads = 1}}).get("N", "x")[0], 7);
  m.initial(x, y);
  EXPECT_TRUE(says([&] { simulate(one(m)); }, {"population 'N'", "initial value of 'x' uses 'y'"}));
  m.initial(x, 1 / (p - 2));
  EXPECT_TRUE(says([&] { simulate(one(m)); }, {"'x' of neuron 0 is not finite"}));
}

// ---------------------------------------------------------------------------------------------------------------- networks

TEST(Networks, NamesOfWhatIsNotThereAreFollowedByNearOnes) {
  auto net = one(leaky());
  auto N = net.population("N");
  EXPECT_TRUE(says([&] { (void)N["v"]; }, {"no state 'v'", "did you mean 'V'?"}));
  EXPECT_TRUE(says([&] { N.set("tua", 1 * ms); }, {"no parameter 'tua'", "'tau'"}));
  EXPECT_TRUE(says([&] { N.set("tua", {1.0}, ms); }, {"no parameter 'tua'", "'tau'"}));
  EXPECT_TRUE(says([&] { net.set("N.tua", 1 * ms); }, {"no parameter 'N.tua'", "'N.tau'"}));
  EXPECT_TRUE(says([&] { (void)net.population("M"); }, {"no population 'M'", "'N'"}));
  Simulation sim(net, {.threads = 1, .backend = Backend::interpreter});
  EXPECT_TRUE(says([&] { (void)sim.get("N", "W"); }, {"no variable 'W'", "'V'"}));
  EXPECT_TRUE(says([&] { sim.set("N.tua", 1 * ms); }, {"'N.tua'", "'N.tau'"}));
  EXPECT_TRUE(says([&] { sim.set("N.tau", 1 * mV); }, {"'N.tau'", "ms", "1 mV"}));
  EXPECT_TRUE(says([&] { (void)sim.connectivity("N_to_N"); }, {"no projection 'N_to_N'"}));
}

TEST(Networks, SizesAndCountsMustFit) {
  Network net;
  EXPECT_TRUE(says([&] { net.add("N", leaky(), 0); }, {"population 'N'", "zero neurons"}));
  EXPECT_TRUE(says([&] { simulate(net); }, {"no population"}));
  auto N = net.add("N", leaky(), 3);
  EXPECT_TRUE(says([&] { N.set("tau", {1.0, 2.0}, ms); }, {"2 values for 3 neurons"}));
  EXPECT_TRUE(says([&] { N["V"].set({1, 2, 3, 4}, mV); }, {"4 values for 3 neurons"}));
  EXPECT_TRUE(says([&] { N["V"].set({1, 2, std::nan("")}, mV); }, {"neuron 2 is not finite"}));
  EXPECT_TRUE(says([&] { (void)N.slice(2, 4); }, {"[2, 4)", "3 neurons"}));
  EXPECT_TRUE(says([&] { (void)N.slice(2, 2); }, {"[2, 2)"}));
  EXPECT_TRUE(says([&] { net.connect(View{"N", 0, 4}, N, all_to_all()); }, {"[0, 4)", "3 neurons"}));
  EXPECT_TRUE(says([&] { net.connect(N, View{"N", 2, 1}, all_to_all()); }, {"[2, 1)"}));
  EXPECT_TRUE(says([&] { net.connect(View{"X", 0, 1}, N, all_to_all()); }, {"no population 'X'"}));
}

TEST(Networks, PopulationsAndProjectionsShareOneSpaceOfNames) {
  Network net;
  auto N = net.add("N", leaky(), 3);
  net.add("taken", leaky(), 3);
  auto p = net.connect(N, N, all_to_all());
  EXPECT_EQ(p.name(), "N_to_N");
  EXPECT_EQ(net.connect(N, N, all_to_all()).name(), "N_to_N_2");
  EXPECT_TRUE(says([&] { net.add("N", leaky(), 1); }, {"'N'", "population"}));
  EXPECT_TRUE(says([&] { net.add("N_to_N", leaky(), 1); }, {"'N_to_N'", "projection"}));
  EXPECT_TRUE(says([&] { p.named("taken"); }, {"'taken'", "population"}));
  EXPECT_TRUE(says([&] { p.named("N_to_N_2"); }, {"'N_to_N_2'", "projection"}));
  EXPECT_TRUE(says([&] { p.named("a.b"); }, {"'a.b'"}));
  EXPECT_TRUE(says([&] { net.add("", leaky(), 1); }, {"not a population name"}));
  EXPECT_EQ(p.named("N_to_N").name(), "N_to_N");
}

TEST(Networks, ACopyIsAValue) {
  auto a = one(leaky(), 2);
  auto b = a;
  b.add("more", leaky(), 1);
  b.set("tau", 5 * ms);
  EXPECT_EQ(a.populations(), std::vector<std::string>{"N"});
  EXPECT_EQ((Simulation{a, {.threads = 1, .backend = Backend::interpreter}}).get("N", "tau"), (std::vector<double>{20, 20}));
  EXPECT_EQ((Simulation{b, {.threads = 1, .backend = Backend::interpreter}}).get("N", "tau"), (std::vector<double>{5, 5}));
}

TEST(Networks, ProjectionsSayWhatTheyLack) {
  const auto build = [](const std::function<void(Projection)>& complete, const Model& model = leaky()) {
    return [=] {
      Network net;
      auto N = net.add("N", model, 3);
      complete(net.connect(N, N, all_to_all()));
      simulate(net);
    };
  };
  const auto syn = exponential(5 * ms);
  const auto out = coba(0 * mV);
  EXPECT_EQ(message(build([&](Projection p) { p.synapse(syn).output(out).weight(1 * nS); })), "");
  EXPECT_TRUE(says(build([&](Projection p) { p.output(out).weight(1 * nS); }), {"'N_to_N'", "no synapse"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).weight(1 * nS); }), {"'N_to_N'", "no output"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).output(out); }), {"'N_to_N'", "no weight", "nS"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).output(out).weight(1 * mV); }), {"'N_to_N'", "1 mV", "nS"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).output(out).weight(HUGE_VAL * nS); }), {"finite weight"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(exponential(5 * ms, pA)).output(out).weight(1 * pA); }), {"pA", "nS"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).output(cuba(nS)).weight(1 * nS); }), {"input 'I'", "nS", "pA"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).output(coba(0 * mV, "U")).weight(1 * nS); }), {"needs 'U'"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).output(out).weight(1 * nS).onto("J"); }), {"no input 'J'", "'I'"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(syn).output(out).weight(1 * nS).delay(0.25 * ms); }), {"0.25 ms", "0.1 ms"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.delay(-1 * ms); }), {"-1 ms"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.delay(std::nan("") * ms); }), {"'N_to_N'", "delay"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.delay(1 * mV); }), {"delay", "ms"}));
  EXPECT_TRUE(says(build([&](Projection p) { p.synapse(leaky()); }), {"leaky", "a synapse has states, parameters and equations only"}));
  EXPECT_TRUE(says([] { (void)exponential(0 * ms); }, {"tau", "0 ms"}));
  EXPECT_TRUE(says([] { (void)coba(1 * nS); }, {"reversal", "mV"}));
}

TEST(Networks, ATargetWithSeveralInputsWantsOnto) {
  Model m{"two"};
  const auto V = m.state("V", mV);
  const auto a = m.input("a", pA), b = m.input("b", pA);
  m.d(V) = (a + 2 * b) * (1 * Gohm) / (10 * ms);
  Network net;
  auto N = net.add("N", m, 2);
  auto p = net.connect(N, N, all_to_all()).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(1 * nS);
  EXPECT_TRUE(says([&] { simulate(net); }, {"'N_to_N'", "2 inputs", "onto()", "'a', 'b'"}));
  p.onto("b");
  EXPECT_EQ(message([&] { simulate(net); }), "");
}

TEST(Networks, WeightsOfAListAndOneWeightExclude) {
  Network net;
  auto N = net.add("N", leaky(), 3);
  net.connect(N, N, explicit_list({0}, {1}, {2.0})).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(1 * nS);
  EXPECT_TRUE(says([&] { simulate(net); }, {"'N_to_N'", "weight", "list"}));
}

TEST(Networks, SynapseAndOutputMustNotShareAParametersName) {
  Model syn{"syn"};
  const auto s = syn.state("s", nS);
  const auto E = syn.parameter("E", 5 * ms);
  syn.d(s) = -s / E;
  syn.receives(s);
  Network net;
  auto N = net.add("N", leaky(), 3);
  net.connect(N, N, all_to_all()).synapse(syn).output(coba(0 * mV)).weight(1 * nS);
  EXPECT_TRUE(says([&] { simulate(net); }, {"'N_to_N'", "'E' means two things", "synapse 'syn'", "output 'coba'"}));
}

TEST(Outputs, AreValuesAndMayBeConstant) {
  Output a{"a"};
  (void)a.synaptic(nS);
  EXPECT_TRUE(says([&] { (void)a.synaptic(pA); }, {"output 'a'", "'g'"}));
  auto b = a;
  (void)b.parameter("k", 1.0);
  EXPECT_NO_THROW((void)a.parameter("k", 2.0));
  a.current(7 * pA);  // a current that does not look at the synapse
  Network net;
  auto N = net.add("N", leaky(), 1);
  net.connect(N, N, explicit_list({}, {})).synapse(exponential(5 * ms)).output(a).weight(1 * nS);
  Simulation sim(net, {.method = "exp_euler", .threads = 1});
  sim.run(200 * ms);
  EXPECT_NEAR(sim.get("N", "V")[0], -60 + 0.7 * (1 - std::exp(-10.0)), 1e-9);  // 7 pA through 0.1 Gohm
}

// --------------------------------------------------------------------------------------------------------- per-neuron values

/// One value per neuron or one for all: parameters that enter a step by themselves give the same bits. Where a shared value takes
/// part in an expression of shared values alone, the host evaluates that in f64 and rounds once, so the last digits may differ.
TEST(PerNeuron, EqualValuesAreAsGoodAsOne) {
  Model m{"m"};
  const auto x = m.state("x");
  const auto drive = m.parameter("drive", 1.7), low = m.parameter("low", 0.25), level = m.parameter("level", 1.0);
  const auto tau = m.parameter("tau", 7 * ms);
  m.d(x) = (drive - x) / tau;
  m.threshold(x >= level);
  m.reset(x, low);
  const auto run = [&](std::initializer_list<std::pair<const char*, double>> spread, const char* method) {
    Network net;
    auto N = net.add("N", m, 70);
    for (const auto& [name, value] : spread) N.set(name, std::vector<double>(70, value), std::string(name) == "tau" ? ms : unitless);
    Simulation sim(net, {.method = method, .threads = 1});
    sim.run(30 * ms);
    return std::pair(sim.get("N", "x"), sim.checksum());
  };
  for (const char* method : {"euler", "rk4", "exp_euler"}) {
    const auto shared = run({}, method);
    EXPECT_EQ(run({{"level", 1.0}, {"low", 0.25}}, method), shared) << method;
    const auto all = run({{"level", 1.0}, {"low", 0.25}, {"drive", 1.7}, {"tau", 7}}, method);
    EXPECT_EQ(all.second, shared.second) << method;
    for (std::size_t i = 0; i < 70; ++i) EXPECT_NEAR(all.first[i], shared.first[i], 1e-13) << method;
  }
}

TEST(Detached, NoGraphIsSharedWithTheModels) {
  Model m{"m"};
  const auto x = m.state("x");
  const auto mean = m.parameter("mean", 1 * ms), tau = m.parameter("tau", 1 * ms);
  m.d(x) = -x / tau;
  m.initial(x, 2 + randn());
  Network net;
  auto N = net.add("N", m, 8);
  N.set("tau", mean * (1 + ranvier::rand()));
  const auto before = Simulation(net, {.threads = 1}).program_hash();
  Network alone(net);
  auto& data = const_cast<detail::NetworkData&>(alone.data());
  detail::detach(data);
  const auto& p = data.populations[0];
  ASSERT_NE(p.model.scope, detail::ExprAccess::scope(x));
  EXPECT_EQ(detail::ExprAccess::scope(p.parameter_laws.at("tau")), p.model.scope);
  const auto nodes = p.model.scope->graph.size();
  (void)(x / tau * 17);
  EXPECT_EQ(p.model.scope->graph.size(), nodes);
  Simulation sim(alone, {.threads = 1});
  EXPECT_EQ(sim.program_hash(), before);
  EXPECT_EQ(sim.get("N", "x"), Simulation(net, {.threads = 1}).get("N", "x"));
  EXPECT_EQ(sim.get("N", "tau"), Simulation(net, {.threads = 1}).get("N", "tau"));
}

TEST(Detached, DistributionsKeepTheirNames) {
  const Expr law = normal(1 * ms, 2 * ms);
  const auto copy = detail::ExprAccess::make(detail::copied(detail::ExprAccess::scope(law)), detail::ExprAccess::node(law), law.dimension());
  EXPECT_EQ(law.text(), "normal(1 ms, 2 ms)");
  EXPECT_EQ(copy.text(), law.text());
}

TEST(PerNeuron, EachNeuronHasItsOwn) {
  Model m{"m"};
  const auto x = m.state("x");
  const auto tau = m.parameter("tau", 1 * ms), start = m.parameter("start", 1.0);
  m.d(x) = -x / tau;
  m.initial(x, 2 * start);
  Network net;
  auto N = net.add("N", m, 3);
  N.set("tau", {1000, 2000, 4000}, us);
  N.set("start", {1, 2, 3}, unitless);
  Simulation sim(net, {.threads = 1});
  sim.run(4 * ms);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(sim.get("N", "x")[i], 2 * (i + 1) * std::exp(-4.0 / (1 << i)), 1e-12);
  EXPECT_EQ(sim.get("N", "tau"), (std::vector<double>{1, 2, 4}));
  sim.set("N", "start", {4, 5, 6});
  sim.reset();  // initial values follow the parameters, which keep what they were given
  EXPECT_EQ(sim.get("N", "x"), (std::vector<double>{8, 10, 12}));
}

}  // namespace
