// links: ranvier_models ranvier_engine
// The library by name: kinds, parts, what they say about themselves, other defaults, near names.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Library, EveryPartSaysWhatItIsAndWhereFrom) {
  std::set<std::pair<std::string, std::string>> names;
  for (const auto& p : models::parts()) {
    const auto d = p.describe();
    EXPECT_EQ(d.kind, p.kind);
    EXPECT_EQ(d.name, p.name);
    EXPECT_TRUE(names.emplace(p.kind, p.name).second) << p.name;
    EXPECT_FALSE(d.summary.empty()) << p.kind << " " << p.name;
    EXPECT_FALSE(d.source.empty()) << p.kind << " " << p.name;
    EXPECT_LE(d.summary.size(), 110u) << p.name;
    if (p.kind != "neurons" && p.kind != "networks") continue;
    for (const auto& s : d.parameters) EXPECT_FALSE(s.meaning.empty()) << p.name << "." << s.name << " has no meaning";
  }
  EXPECT_TRUE(names.contains({"networks", "coba_hh"}));
  EXPECT_TRUE(names.contains({"neurons", "lif"}));
}

TEST(Library, EveryNeuronRunsWithItsDefaults) {
  for (const auto* p : models::parts("neurons")) {
    Network net;
    net.add("N", models::neuron(p->name), 3);
    Simulation sim(net, {.dt = 0.01 * ms, .threads = 1, .backend = Backend::interpreter});
    EXPECT_NO_THROW(sim.run(2 * ms)) << p->name;
  }
}

TEST(Library, ADescriptionHasEquationsAndProperties) {
  const auto d = models::part("neurons", "lif").describe();
  ASSERT_EQ(d.equations.size(), 1u);
  EXPECT_EQ(d.equations[0], "dV/dt = (V_rest - V + R * (I_ext + I)) / tau");
  const std::multimap<std::string, std::string> properties(d.properties.begin(), d.properties.end());
  EXPECT_EQ(properties.find("threshold")->second, "V >= V_th");
  EXPECT_EQ(properties.find("reset")->second, "V = V_reset");
  EXPECT_EQ(properties.find("refractory")->second, "tau_ref, holds V");
  EXPECT_EQ(properties.find("state")->second, "V (mV), starts at V_rest");
  EXPECT_EQ(properties.find("input")->second, "I (pA)");
}

TEST(Library, NamesAreFoundWhateverTheirCase) {
  EXPECT_EQ(models::part("neurons", "LIF").name, "lif");
  EXPECT_EQ(models::part("networks", "CobaHH").name, "coba_hh");
}

TEST(Library, UnknownNamesAreAnsweredWithNearOnes) {
  EXPECT_NE(message([] { (void)models::neuron("lifs"); }).find("there is no neuron 'lifs'; did you mean 'lif'"), std::string::npos);
  EXPECT_EQ(message([] { (void)models::parts("neuron"); }), "the library has no 'neuron'; did you mean 'neurons'?");
  EXPECT_EQ(message([] { (void)models::neuron("lif", {{"taum", 3 * ms}}); }),
            "model 'lif': there is no parameter 'taum'; did you mean 'tau'?");
  EXPECT_NE(message([] { (void)models::neuron("lif", {{"tau", 3 * mV}}); }).find("parameter 'tau' must be in ms, got 3 mV"),
            std::string::npos);
  EXPECT_NE(message([] { (void)models::neuron("lif", {{"tau", NAN * ms}}); }).find("parameter 'tau' is NaN"), std::string::npos);
}

TEST(Library, OtherDefaultsBelongToTheCopy) {
  const auto fast = models::neuron("lif", {{"tau", 3 * ms}});
  const auto plain = models::neuron("lif");
  EXPECT_NE(fast.text().find("tau = 3 ms"), std::string::npos);
  EXPECT_NE(plain.text().find("tau = 20 ms"), std::string::npos);
}

/// x grows by one a step and is silent and held for round(tau_ref / dt) updates after each spike.
Model counter() {
  Model m{"counter"};
  const auto x = m.state("x");
  const auto tau_ref = m.parameter("tau_ref", 0.5 * ms);
  m.d(x) = 1 / m.dt();
  m.threshold(x >= 2);
  m.reset(x, 0);
  m.refractory(tau_ref, {x});
  return m;
}

SimulationOptions eighth() { return {.dt = 0.125 * ms, .method = "euler", .threads = 1}; }

TEST(RefractoryParameter, IsSharedOrPerNeuronAndSetBetweenRuns) {
  Network net;
  auto N = net.add("N", counter(), 4);
  N.set("tau_ref", std::vector<double>{0, 0.125, 0.18, 0.19}, ms);  // 0, 1, 1, 2 steps
  auto S = net.add("S", counter(), 1);
  Simulation sim(net, eighth());
  const auto n = sim.record(N.spikes()), s = sim.record(S.spikes());
  sim.run(12 * 0.125 * ms);
  std::vector<std::vector<std::uint64_t>> stamps(4);
  for (std::size_t k = 0; k < n->count(); ++k) stamps[n->ids()[k]].push_back(n->stamps()[k]);
  EXPECT_EQ(stamps[0], (std::vector<std::uint64_t>{2, 4, 6, 8, 10, 12}));
  EXPECT_EQ(stamps[1], (std::vector<std::uint64_t>{2, 5, 8, 11}));
  EXPECT_EQ(stamps[2], stamps[1]);
  EXPECT_EQ(stamps[3], (std::vector<std::uint64_t>{2, 6, 10}));
  EXPECT_EQ(s->stamps(), (std::vector<std::uint64_t>{2, 8}));
  const auto compiled = sim.info().kernels_compiled;
  sim.set("S.tau_ref", 0 * ms);  // what is under way goes on
  sim.run(5 * 0.125 * ms);
  EXPECT_EQ(s->stamps(), (std::vector<std::uint64_t>{2, 8, 14, 16}));
  EXPECT_EQ(sim.info().kernels_compiled, compiled);
  EXPECT_NE(message([&] { sim.set("S.tau_ref", -1 * ms); }).find("the refractory period is -1 ms"), std::string::npos);
}

TEST(RefractoryParameter, MustBeATimeMadeOfParameters) {
  const auto with = [](const std::function<Expr(Model&, Expr)>& period) {
    return message([&] {
      Model m{"m"};
      const auto x = m.state("x", ms);
      m.refractory(period(m, x), {x});
    });
  };
  EXPECT_EQ(with([](Model&, Expr x) { return x; }), "model 'm': the refractory period uses 'x'; make it of parameters and numbers");
  EXPECT_EQ(with([](Model&, Expr) { return ms * ranvier::rand(); }),
            "model 'm': the refractory period uses 'a random number'; make it of parameters and numbers");
  EXPECT_NE(with([](Model& m, Expr) { return m.parameter("v", 3 * mV); }).find("must be in ms"), std::string::npos);
  EXPECT_EQ(with([](Model& m, Expr) { return 2 * m.parameter("tau", 3 * ms); }), "no error");
  Network net;
  auto N = net.add("N", counter(), 2);
  N.set("tau_ref", std::vector<double>{1, -1}, ms);
  EXPECT_NE(message([&] { (void)Simulation(net, eighth()); }).find("'N.tau_ref': the refractory period is -1 ms"), std::string::npos);
}

/// A tenth of the neurons with ten times the weight: the held synaptic current overshoots at 0.1 ms, and the message says what helps.
TEST(CobaHhSmall, IsStiffAndTheMessageHelps) {
  const auto net = models::network("coba_hh", {{"scale", 0.1}});
  const auto said = message([&] {
    Simulation sim(net, {.threads = 1});
    sim.run(100 * ms);
  });
  for (const char* part : {"population '", "of neuron ", "became NaN at t = ", "a smaller dt or exp_staggered"}) {
    EXPECT_NE(said.find(part), std::string::npos) << said;
  }
  Simulation staggered(net, {.method = "exp_staggered", .threads = 1}), finer(net, {.dt = 0.02 * ms, .threads = 1});
  EXPECT_NO_THROW(staggered.run(100 * ms));
  EXPECT_NO_THROW(finer.run(100 * ms));
  EXPECT_NEAR(static_cast<double>(staggered.spike_count()), static_cast<double>(finer.spike_count()), 0.02 * static_cast<double>(finer.spike_count()));
}

}  // namespace
