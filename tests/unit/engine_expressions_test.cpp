// links: ranvier_engine ranvier_models
// Recording: expressions, inputs by name, chosen steps and neurons, reductions, population rates.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_networks.hpp"
#include "message.hpp"

namespace {

/// A gate at half steps under exp_staggered, a named expression, an input.
Model gated() {
  Model m{"gated"};
  const auto V = m.state("V", mV), w = m.state("w");
  const auto gl = m.parameter("gl", 2 * nS);
  const auto I = m.input("I", pA);
  const auto leak = m.let("I_leak", gl * (-60 * mV - V));
  m.d(V) = (leak + 26 * pA + 30 * pA * w + I) / (20 * pF);
  m.d(w) = (1 / (1 + exp((-50 * mV - V) / (5 * mV))) - w) / (30 * ms);
  m.initial(V, -60 * mV + 15 * mV * ranvier::rand());
  m.threshold(crosses_up(V, -48 * mV));
  m.reset(V, -62 * mV);
  return m;
}

Network network(Precision precision, std::uint32_t size = 3000, double p_connect = 0.002) {
  Network net;
  Model m = gated();
  m.precision(precision);
  auto p = net.add("P", m, size);
  net.connect(p, p, bernoulli(p_connect)).synapse(exponential(4 * ms)).output(coba(0 * mV)).weight(0.3 * nS);
  return net;
}

Expr synaptic(const Symbols& s) { return s("P_to_P.g") * (0 * mV - s("V")); }

TEST(Expressions, AreTheProductOfWhatIsRecorded) {
  for (const auto precision : {Precision::f64, Precision::f32}) {
    Simulation sim(network(precision, 300, 0.1), {.method = "exp_staggered", .threads = 2});
    const RecordOptions some{.every = 5, .neurons = {299, 0, 70}};
    const auto V = sim.record("P.V", some), w = sim.record("P.w", some), g = sim.record("P.P_to_P.g", some);
    const auto I = sim.record("P", "I_syn", synaptic, some);
    const auto leak = sim.record("P.I_leak", some), input = sim.record("P.I", some);
    const auto gate = sim.record("P", "3w", [](auto s) { return 3 * s("w") * s("dt") / s("dt"); }, some);
    const auto time = sim.record("P", "time", [](auto s) { return s("t"); }, {.every = 5, .neurons = {1}});
    sim.run(12 * ms);
    const double tolerance = precision == Precision::f64 ? 1e-15 : 4e-7;
    ASSERT_EQ(I->frames(), 25u);
    EXPECT_EQ(I->unit(), "pA");
    EXPECT_EQ(time->unit(), "ms");
    double most = 0;
    for (std::size_t k = 0; k < I->values().size(); ++k) {
      const double v = V->values()[k], i = g->values()[k] * (0 - v);
      EXPECT_NEAR(I->values()[k], i, tolerance * std::fabs(i)) << k;
      EXPECT_EQ(input->values()[k], I->values()[k]);
      EXPECT_NEAR(leak->values()[k], 2 * (-60 - v), tolerance * 60 * 4);
      EXPECT_NEAR(gate->values()[k], 3 * w->values()[k], 2 * tolerance * w->values()[k]);
      most = std::max(most, i);
    }
    EXPECT_GT(most, 1);
    for (std::size_t f = 0; f < 25; ++f) EXPECT_NEAR(time->value(f, 0), 0.5 * static_cast<double>(f), 1e-6);
    EXPECT_EQ(I->times_ms()[3], 1.5);
  }
}

struct Taken {
  std::vector<double> all, some, mean, least;
  std::uint64_t checksum;
  bool operator==(const Taken&) const = default;
};
Taken take(SimulationOptions options, bool record = true) {
  options.method = "exp_staggered";
  Simulation sim(network(Precision::f32), options);
  const auto f = [](const Symbols& s) { return s("P_to_P.g") * (0 * mV - s("V")) * exp(-s("w")) + s("gl") * s("V") * sin(s("t") / (3 * ms)); };
  if (!record) {
    sim.run(8 * ms);
    return {{}, {}, {}, {}, sim.checksum()};
  }
  const auto all = sim.record("P", "f", f, {.every = 16});
  const auto some = sim.record("P", "f", f, {.every = 3, .neurons = {1, 2, 63, 64, 700, 2999}});
  const auto mean = sim.record("P", "f", f, {.every = 2, .reduce = Reduce::mean});
  const auto least = sim.record("P.V", {.reduce = Reduce::min});
  sim.run(8 * ms);
  return {all->values(), some->values(), mean->values(), least->values(), sim.checksum()};
}

TEST(Expressions, HaveTheSameBitsForAllThreadsLanesAndBackends) {
  const auto one = take({.threads = 1});
  EXPECT_EQ(take({.threads = 2}), one);
  EXPECT_EQ(take({.threads = 5, .lanes = 1}), one);
  EXPECT_EQ(take({.threads = 1, .lanes = 4, .fuse = false}), one);
  EXPECT_EQ(take({.threads = 2, .backend = Backend::interpreter}), one);
  EXPECT_EQ(take({.threads = 2}, false).checksum, one.checksum);
  EXPECT_NE(one.checksum, 0u);
  ASSERT_EQ(one.all.size(), 6u * 3000);
  ASSERT_EQ(one.some.size(), 27u * 6);
  EXPECT_EQ(one.some[16 * 6 + 4], one.all[3 * 3000 + 700]);  // step 48
  ASSERT_EQ(one.mean.size(), 41u);
  long double sum = 0;
  for (std::size_t i = 0; i < 3000; ++i) sum += one.all[3 * 3000 + i];
  EXPECT_NEAR(one.mean[24], static_cast<double>(sum / 3000), 1e-12 * std::fabs(one.mean[24]));
}

TEST(Expressions, GoOnAfterAResetARestoreAndParametersThatChange) {
  Simulation sim(network(Precision::f64, 200), {.threads = 2});
  const auto leak = sim.record("P.I_leak", {.neurons = {3}});
  const auto V = sim.record("P.V", {.neurons = {3}});
  sim.run(2 * ms);
  sim.store();
  sim.reset();
  sim.set("P.gl", 4 * nS);
  sim.run(1 * ms);
  for (std::size_t f = 0; f < leak->frames(); ++f) EXPECT_NEAR(leak->value(f, 0), 4 * (-60 - V->value(f, 0)), 1e-12);
  sim.restore();
  sim.run(1 * ms);
  ASSERT_GT(leak->frames(), 15u);
  for (std::size_t f = 11; f < leak->frames(); ++f) EXPECT_NEAR(leak->value(f, 0), 2 * (-60 - V->value(f, 0)), 1e-12);
}

TEST(Expressions, SayWhatIsWrong) {
  Simulation sim(network(Precision::f64, 100), {.threads = 1});
  const auto record = [&](const ExpressionFunction& f) { return message([&] { sim.record("P", "I", f); }); };
  const auto absent = record([](auto s) { return s("P_to_P.h") * s("V"); });
  EXPECT_NE(absent.find("expression 'I' of population 'P': there is no 'P_to_P.h'; did you mean"), std::string::npos) << absent;
  EXPECT_NE(absent.find("'P_to_P.g'"), std::string::npos) << absent;
  EXPECT_NE(record([](auto s) { return s("V") + s("w"); }).find("cannot add 'V' [mV] and 'w'"), std::string::npos);
  EXPECT_NE(record({}).find("is empty"), std::string::npos);
  EXPECT_NE(message([&] { sim.record("Q.V"); }).find("no population 'Q'"), std::string::npos);
  EXPECT_NE(message([&] { sim.record("P.I_leek"); }).find("'I_leak'"), std::string::npos);
  EXPECT_NE(message([&] { sim.record("P"); }).find("there is no ''"), std::string::npos);
}

TEST(Frames, AreTakenAtTheChosenSteps) {
  Simulation sim(network(Precision::f64, 70), {.threads = 2});
  const auto all = sim.record("P.V");
  const auto window = sim.record("P.V", {.every = 10, .neurons = {69}, .from = 0.5 * ms, .until = 2.5 * ms});
  const auto listed = sim.record("P.V", {.neurons = {69, 1}, .steps = {0, 7, 8, 33}});
  const auto later = sim.record("P.V", {.from = 100 * ms});
  for (const double t : {0.7, 2.0, 1.3}) sim.run(t * ms);
  EXPECT_EQ(window->frame_steps(), (std::vector<std::uint64_t>{5, 15, 25}));
  EXPECT_EQ(listed->frame_steps(), (std::vector<std::uint64_t>{0, 7, 8, 33}));
  EXPECT_EQ(listed->every(), 0u);
  EXPECT_EQ(later->frames(), 0u);
  for (std::size_t f = 0; f < 3; ++f) EXPECT_EQ(window->value(f, 0), all->value(5 + 10 * f, 69));
  for (std::size_t f = 0; f < 4; ++f) EXPECT_EQ(listed->value(f, 1), all->value(listed->frame_steps()[f], 1));
}

TEST(Frames, RefuseWhatCannotBe) {
  Simulation sim(network(Precision::f64, 70), {.threads = 1});
  const auto record = [&](const RecordOptions& o) { return message([&] { sim.record("P.V", o); }); };
  EXPECT_NE(record({.every = 0}).find("every = 0"), std::string::npos);
  EXPECT_NE(record({.neurons = {70}}).find("no neuron 70"), std::string::npos);
  EXPECT_NE(record({.from = 0.05 * ms}).find("not a multiple"), std::string::npos);
  EXPECT_NE(record({.from = -1 * ms}).find("0 or more"), std::string::npos);
  EXPECT_NE(record({.from = 1 * mV}).find("must be in"), std::string::npos);
  EXPECT_NE(record({.from = 2 * ms, .until = 1 * ms}).find("is before"), std::string::npos);
  EXPECT_NE(record({.until = std::nan("") * ms}).find("0 or more"), std::string::npos);
  EXPECT_NE(record({.steps = {3, 3}}).find("step 3 follows step 3"), std::string::npos);
  EXPECT_NE(record({.every = 2, .steps = {3}}).find("one or the other"), std::string::npos);
  EXPECT_NE(message([&] { sim.record(SpikesRef{"P"}, {.every = 2}); }).find("when they happen"), std::string::npos);
}

TEST(Spikes, OfSomeNeuronsAndTimesAndTheirRate) {
  Network net;
  net.add("P", driven_lif(), 300);
  Simulation sim(net, {.threads = 2});
  const auto all = sim.record(SpikesRef{"P"});
  const auto some = sim.record(SpikesRef{"P"}, {.neurons = {5, 200}, .from = 5 * ms, .until = 20 * ms});
  const auto rate = sim.record_rate({"P"}, {.every = 50, .from = 5 * ms});
  const auto of_one = sim.record_rate({"P"}, {.every = 200, .neurons = {5}});
  for (const double t : {0.3, 9.8, 30.0}) sim.run(t * ms);
  std::size_t expected = 0;
  std::vector<double> counts(7, 0);
  double one = 0;
  for (std::size_t k = 0; k < all->count(); ++k) {
    const auto stamp = all->stamps()[k], id = std::uint64_t{all->ids()[k]};
    expected += (id == 5 || id == 200) && stamp >= 50 && stamp <= 200 ? 1 : 0;
    one += id == 5 && stamp <= 200 ? 1 : 0;
    if (stamp > 50 && stamp <= 400) counts[(stamp - 51) / 50] += 1;
  }
  EXPECT_GT(expected, 1u);
  EXPECT_EQ(some->count(), expected);
  EXPECT_EQ(rate->frame_steps(), (std::vector<std::uint64_t>{100, 150, 200, 250, 300, 350, 400}));
  for (std::size_t f = 0; f < 7; ++f) EXPECT_DOUBLE_EQ(rate->value(f, 0), counts[f] / 300 / 0.005);
  ASSERT_EQ(of_one->frames(), 2u);
  EXPECT_DOUBLE_EQ(of_one->value(0, 0), one / 0.02);
  EXPECT_EQ(rate->unit(), "Hz");
}

}  // namespace
