// links: ranvier_engine
// Channels and ions composed into the model of a neuron: names, values, closed forms, and what users are told.
#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/channel.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

Channel leak(const std::string& name = "IL", double E = -60) {
  Channel c{name};
  const auto g = c.parameter("g_max", 0.05 * mS_per_cm2), e = c.parameter("E", E * mV);
  c.current(g * (e - c.voltage()));
  return c;
}

/// Relaxes to 1/(1 + exp(-(V + 40)/k)) with 2 ms.
Channel gated(const std::string& name = "IG") {
  Channel c{name};
  const auto V = c.voltage();
  const auto g = c.parameter("g_max", 1 * mS_per_cm2), V_sh = c.parameter("V_sh", -40 * mV);
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(V - V_sh) / (5 * mV))), 2 * ms});
  c.current(g * p * (-90 * mV - V));
  return c;
}

/// A constant inward current carried by calcium.
Channel pump() {
  Channel c{"pump"};
  c.current(c.parameter("J", 0.3 * uA_per_cm2), "Ca");
  return c;
}

Ion pool() {
  Ion ca{"Ca"};
  const auto C = ca.state("C", mM);
  const auto tau = ca.parameter("tau", 20 * ms), rest = ca.parameter("rest", 1e-4 * mM), gain = ca.parameter("gain", 2e-3 * mM / ms / uA_per_cm2);
  ca.d(C) = gain * ca.current(uA_per_cm2) + (rest - C) / tau;
  ca.initial(C, rest);
  ca.concentration(C);
  ca.reversal(nernst(C, 2 * mM, 2, 310 * kelvin));
  return ca;
}

const SimulationOptions exact{.dt = 0.1 * ms, .method = "exp_euler", .precision = Precision::f64, .threads = 1};

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

bool says(const std::string& text, std::initializer_list<const char*> parts) {
  return std::all_of(parts.begin(), parts.end(), [&](const char* p) { return text.find(p) != std::string::npos; });
}

TEST(ConductanceGroup, LeakDecaysExactly) {
  Network net;
  net.add("N", conductance_group("leaky", {}, {leak(), leak("IL2", -80)}), 3);
  net.set("N.IL2.g_max", 0.1 * mS_per_cm2);
  net.set("N.V_init", -50 * mV);
  Simulation sim(net, exact);
  sim.run(10 * ms);
  const double target = (0.05 * -60 + 0.1 * -80) / 0.15, expected = target + (-50 - target) * std::exp(-0.15 * 10);
  EXPECT_NEAR(sim.get("N", "V")[2], expected, 1e-11);
}

TEST(ConductanceGroup, AreaDividesTheInput) {
  const auto run = [](const ConductanceOptions& o, const Channel& c, Quantity weight, Unit unit) {
    Network net;
    auto N = net.add("N", conductance_group("n", o, {c}), 1);
    Model constant{"constant"};
    const auto g = constant.state("g", unit);
    constant.initial(g, weight);
    constant.receives(g);
    net.connect(N, N, explicit_list({}, {})).synapse(constant).output(coba(0 * mV, "V", unit)).weight(weight).named("in");
    Simulation sim(net, exact);
    sim.run(5 * ms);
    return sim.get("N", "V")[0];
  };
  const double density = run({}, leak(), 0.05 * mS_per_cm2, mS_per_cm2);
  const double area = run({.A = 20000 * (um * um)}, leak(), 10 * nS, nS);
  Channel whole{"IL"};
  whole.current(whole.parameter("g_max", 10 * nS) * (-60 * mV - whole.voltage()));
  const double absolute = run({.C = 200 * pF}, whole, 10 * nS, nS);
  const double expected = -30 + (-65 + 30) * std::exp(-0.1 * 5);
  for (const double v : {density, area, absolute}) EXPECT_NEAR(v, expected, 1e-11);
}

TEST(ConductanceGroup, GatesStartSteadyAtVInitOrAtZero) {
  for (const double v : {-65.0, -40.0, 7.0}) {
    Network net;
    auto steady = net.add("S", conductance_group("s", {.V_init = v * mV}, {gated()}), 2);
    net.add("Z", conductance_group("z", {.V_init = v * mV, .gates = Gates::zero}, {gated()}), 2);
    net.add("G", conductance_group("g", {.V_init = v * mV}, {gated()}), 2)["IG.p"] = 0.25;
    Simulation sim(net, exact);
    EXPECT_NEAR(sim.get("S", "IG.p")[1], 1 / (1 + std::exp(-(v + 40) / 5)), 1e-15);
    EXPECT_EQ(sim.get("Z", "IG.p")[0], 0);
    EXPECT_EQ(sim.get("G", "IG.p")[0], 0.25);
    const auto record = sim.record(steady["IG.p"]);
    sim.run(1 * ms);
    EXPECT_EQ(record->frames(), 11u);
  }
}

TEST(ConductanceGroup, SteadyRatesAtTheirSingularity) {
  Channel c{"I"};
  const auto x = (c.voltage() + 50 * mV) / (4 * mV);
  (void)c.gate("p", Rates{1 / ms * x / (exp(x) - 1), 3 / ms});
  Network net;
  net.add("N", conductance_group("n", {.V_init = -50 * mV}, {c, leak()}), 1);
  EXPECT_NEAR((Simulation{net, exact}).get("N", "I.p")[0], 0.25, 1e-15);
}

TEST(ConductanceGroup, NamesOfParametersAndStates) {
  const auto m = conductance_group("HH", {.ions = {pool()}}, {gated(), leak(), pump()});
  const auto text = m.text();
  EXPECT_TRUE(says(text, {"IG.p", "IL.g_max", "Ca.C", "Ca.tau"})) << text;
  Network net;
  auto N = net.add("N", m, 2);
  EXPECT_NO_THROW(net.set("IL.g_max", 0.1 * mS_per_cm2));
  EXPECT_NO_THROW(N.set("IL.E", {-60, -70}, mV));
  EXPECT_TRUE(says(message([&] { net.set("N.IL.g_mac", 1.0); }), {"N.IL.g_max"}));
  EXPECT_THROW(net.set("N.IL.g_max", 1 * mV), UnitError);
  Simulation sim(net, exact);
  sim.set("N.IG.g_max", 2 * mS_per_cm2);
  sim.run(1 * ms);
  EXPECT_NE(sim.get("N", "V")[0], sim.get("N", "V")[1]);
}

TEST(ConductanceGroup, SharedParametersAreOne) {
  const auto two = std::vector{gated("A"), gated("B")};
  Network net;
  auto N = net.add("N", conductance_group("n", {.shared = {"V_sh"}}, two), 1);
  N.set("V_sh", -65 * mV);
  Simulation sim(net, exact);
  EXPECT_EQ(sim.get("N", "A.p")[0], 0.5);
  EXPECT_EQ(sim.get("N", "B.p")[0], 0.5);
  const auto other = two[1].with({{"V_sh", -30 * mV}});
  EXPECT_TRUE(says(message([&] { (void)conductance_group("n", {.shared = {"V_sh"}}, {two[0], other}); }), {"'V_sh'", "-30 mV", "-40 mV", "'B'"}));
  EXPECT_TRUE(says(message([&] { (void)conductance_group("n", {.shared = {"V_x"}}, two); }), {"'V_x'"}));
}

/// dC/dt = k J + (rest - C)/tau has a closed form, and the reversal potential is Nernst's.
TEST(Ions, PoolFollowsTheCurrentsOfAllChannels) {
  Network net;
  Channel second = pump().named("second");
  net.add("N", conductance_group("n", {.ions = {pool()}}, {pump(), second, leak()}), 1);
  net.set("N.second.J", 0.2 * uA_per_cm2);
  Simulation sim(net, exact);
  sim.run(30 * ms);
  const double steady = 1e-4 + 20 * 2e-3 * 0.5, expected = steady + (1e-4 - steady) * std::exp(-1.5);
  EXPECT_NEAR(sim.get("N", "Ca.C")[0] * 1e18, expected, 1e-14);
}

TEST(Ions, ReversalDrivesTheChannel) {
  Channel c{"ICa"};
  const auto ca = c.ion("Ca");
  c.current(c.parameter("g", 1 * mS_per_cm2) * (ca.reversal - c.voltage()), "Ca");
  Ion fixed{"Ca"};
  const auto C = fixed.parameter("C", 1e-4 * mM);
  fixed.concentration(C);
  fixed.reversal(nernst(C, 2 * mM, 2, 310 * kelvin));
  Network net;
  net.add("N", conductance_group("n", {.ions = {fixed}}, {c}), 1);
  Simulation sim(net, exact);
  sim.run(100 * ms);
  EXPECT_NEAR(sim.get("N", "V")[0], 8.31446261815324 * 310 / (2 * 96485.33212331001) * std::log(2e4) * 1e3, 1e-9);
  sim.set("N.Ca.C", 2 * mM);
  sim.run(100 * ms);
  EXPECT_NEAR(sim.get("N", "V")[0], 0, 1e-9);
}

TEST(Ions, SameBitsHoweverTheyRun) {
  Channel c{"ICa"};
  const auto ca = c.ion("Ca");
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(c.voltage() + 50 * mV) / (7 * mV))), 3 * ms});
  c.current(c.parameter("g", 0.02 * mS_per_cm2) * p * p * (ca.reversal - c.voltage()), "Ca");
  Network net;
  auto N = net.add("N", conductance_group("n", {.V_th = -45 * mV, .ions = {pool()}}, {c, gated(), leak("IL", -20)}), 130);
  N["V"] = -65 * mV + 20 * mV * ranvier::rand();
  for (const auto precision : {Precision::f32, Precision::f64}) {
    const auto run = [&](SimulationOptions o) {
      o.precision = precision;
      Simulation sim(net, o);
      sim.run(20 * ms);
      return std::tuple{sim.checksum(), sim.get("N", "V"), sim.get("N", "Ca.C"), sim.get("N", "ICa.p")};
    };
    const auto one = run({.threads = 1});
    EXPECT_EQ(run({.threads = 3}), one);
    EXPECT_EQ(run({.threads = 2, .lanes = 4}), one);
    EXPECT_EQ(run({.threads = 1, .fuse = false}), one);
    EXPECT_EQ(run({.threads = 2, .backend = Backend::interpreter}), one);
  }
}

TEST(ChannelErrors, NameChannelAndIon) {
  EXPECT_TRUE(says(message([] { (void)conductance_group("HH", {}, {leak(), pump()}); }), {"'HH'", "'pump'", "'Ca'", "lacks"}));
  const auto text = message([] { (void)conductance_group("HH", {.ions = {Ion{"Cl"}}}, {pump()}); });
  EXPECT_TRUE(says(text, {"'pump'", "'Ca'", "Cl"})) << text;
  Channel reads{"reads"};
  reads.current(1 * mS_per_cm2 * (reads.ion("K").reversal - reads.voltage()), "K");
  EXPECT_TRUE(says(message([&] { (void)conductance_group("HH", {.ions = {Ion{"K"}}}, {reads}); }), {"'reads'", "'K'", "reversal"}));
}

TEST(ChannelErrors, PartsOfOneName) {
  EXPECT_TRUE(says(message([] { (void)conductance_group("HH", {}, {leak(), leak()}); }), {"'IL'", "two"}));
  EXPECT_TRUE(says(message([] { (void)conductance_group("HH", {.ions = {pool()}}, {leak("Ca")}); }), {"'Ca'", "two"}));
  EXPECT_THROW((void)conductance_group("HH", {}, {leak("a.b")}), UserError);
}

TEST(ChannelErrors, Units) {
  EXPECT_TRUE(says(message([] { (void)conductance_group("HH", {.C = 200 * pF}, {leak()}); }), {"'IL'", "pF"}));
  EXPECT_THROW((void)conductance_group("HH", {.C = 1 * nS}, {leak()}), UnitError);
  EXPECT_THROW((void)conductance_group("HH", {.C = 0 * uF_per_cm2}, {leak()}), UserError);
  EXPECT_THROW((void)conductance_group("HH", {.A = -1.0 * (um * um)}, {leak()}), UserError);
  EXPECT_THROW((void)conductance_group("HH", {.A = 1 * nS}, {leak()}), UnitError);
  EXPECT_THROW((void)conductance_group("HH", {.V_th = 1 * ms}, {leak()}), UnitError);
  Ion wrong{"Ca"};
  EXPECT_THROW(wrong.concentration(1 * mV), UnitError);
  EXPECT_THROW(wrong.reversal(1 * mM), UnitError);
  const auto C = wrong.state("C", mM);
  wrong.d(C) = wrong.current(pA) * (1 * mM / pA / ms);
  EXPECT_THROW((void)conductance_group("HH", {.ions = {wrong}}, {pump()}), UnitError);
}

TEST(ChannelErrors, WithAndNamed) {
  EXPECT_TRUE(says(message([] { (void)leak().with({{"g_mx", 1 * mS_per_cm2}}); }), {"'IL'", "'g_mx'", "g_max"}));
  EXPECT_THROW((void)leak().with({{"g_max", 1 * mV}}), UnitError);
  EXPECT_THROW((void)leak().with({{"g_max", NAN * mS_per_cm2}}), UserError);
  EXPECT_EQ(leak().named("other").name(), "other");
  const auto original = leak();
  (void)original.with({{"E", 0 * mV}});
  EXPECT_NE(original.text().find("-60"), std::string::npos);
}

}  // namespace
