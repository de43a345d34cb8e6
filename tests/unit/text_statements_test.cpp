// links: ranvier_text ranvier_engine ranvier_models
// What equations say beside rates: statements of every step and of regular times, expressions kept over a step, variables that synapses add to.
#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/network_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

Simulation simulate(const ModelText& text, const SimulationOptions& options = {}) {
  Network net;
  net.add("A", model_from_text("m", text), 4);
  return Simulation(net, options);
}

TEST(TextStatements, EachStepAssigns) {
  ModelText t;
  t.equations = "dx/dt = 1/ms : 1\nn : 1\nlast : 1\ntwice : 1";
  t.each_step = "n += 1; last = x; twice = n; twice += n";
  auto sim = simulate(t);
  sim.run(5 * ms);
  EXPECT_EQ(sim.get("A", "twice")[0], 100);  // one statement after the other
  EXPECT_EQ(sim.get("A", "n")[0], 50);
  EXPECT_NEAR(sim.get("A", "last")[0], 4.9, 1e-9);  // of the state before the step's equations
}

TEST(TextStatements, RegularStatementsActAtTheirTimes) {
  ModelText t;
  t.equations = "dx/dt = -x/tau : 1\nn : 1";
  t.parameters = {{"tau", "7*ms"}};
  t.regularly = {{"2*ms", "x += 1; n += 1"}, {"5*ms", "n += 100"}};
  auto sim = simulate(t);
  sim.run(11 * ms);
  EXPECT_EQ(sim.get("A", "n")[0], 6 + 300);  // at 0, 2 ... 10, and at 0, 5, 10
  double x = 0;
  for (int k = 0; k <= 5; ++k) x += std::exp(-(11.0 - 2 * k) / 7);
  EXPECT_NEAR(sim.get("A", "x")[0], x, 1e-9);
}

TEST(TextStatements, ConstantOverDtIsOneValueAStep) {
  ModelText t;
  t.equations = "dx/dt = a/ms : 1\ndy/dt = a/ms : 1\na = 2*rand() - 1 : 1 (constant over dt)\nb = x : 1 (constant over dt)\ndz/dt = b/ms : 1";
  t.method = "rk4";
  auto sim = simulate(t);
  const auto a = sim.record("A.a"), x = sim.record("A.x"), z = sim.record("A.z");
  sim.run(2 * ms);
  EXPECT_EQ(sim.get("A", "x"), sim.get("A", "y"));
  double sum = 0, area = 0;
  for (std::size_t k = 1; k <= 20; ++k) {
    EXPECT_NE(a->value(k, 0), a->value(k - 1, 0));
    EXPECT_LE(std::fabs(a->value(k, 0)), 1);
    sum += 0.1 * a->value(k, 0);  // what was drawn in the step that ends there
    area += 0.1 * x->value(k - 1, 0);
    EXPECT_NEAR(x->value(k, 0), sum, 1e-12);
    EXPECT_NEAR(z->value(k, 0), area, 1e-12);
  }
}

TEST(TextStatements, TimestepsAreCounted) {
  ModelText t;
  t.equations = "dx/dt = 0/ms : 1\nk : 1";
  t.each_step = "k = timestep(t, dt)";
  auto sim = simulate(t);
  for (int k = 0; k < 300; ++k) {
    sim.run(0.1 * ms);
    ASSERT_EQ(sim.get("A", "k")[0], k);
  }
}

TEST(TextStatements, SharedExpressionsAreChecked) {
  ModelText t;
  t.equations = "dx/dt = drive/ms : 1\ndrive = sin(t/tau) : 1 (shared)";
  t.parameters = {{"tau", "7*ms"}};
  EXPECT_NO_THROW((void)model_from_text("m", t));
  t.equations = "dx/dt = drive/ms : 1\ndrive = sin(x) : 1 (shared)";
  EXPECT_THROW((void)model_from_text("m", t), ParseError);
}

TEST(TextStatements, WhatSynapsesAddToIsAState) {
  const auto file = network_from_toml(R"toml(
[models.m]
equations = "dV/dt = g*mV/ms : volt\ng : 1"
[synapses.s]
on_pre = "g_post += 2"
[populations]
S = { size = 1, spikes = { neurons = [0, 0], times = [1, 3], unit = "ms" } }
T = { model = "m", size = 1 }
[[projections]]
source = "S"
target = "T"
rule = "all_to_all"
synapse = "s"
)toml");
  Simulation sim(file.network);
  sim.run(5 * ms);
  EXPECT_EQ(sim.get("T", "g")[0], 4);
  EXPECT_NEAR(sim.get("T", "V")[0], 2 * 2 + 4 * 2, 1e-9);
}

TEST(TextStatements, MistakesAreNamed) {
  const auto message = [](const char* equations, const char* each_step, const char* every = "", const char* threshold = "") -> std::string {
    ModelText t;
    t.equations = equations;
    t.each_step = each_step;
    if (*every) t.regularly = {{every, "x = 0"}};
    t.threshold = threshold;
    try {
      (void)model_from_text("m", t);
    } catch (const ParseError& e) {
      EXPECT_EQ(e.diagnostics().size(), 1u) << e.what();
      return e.what();
    }
    return "";
  };
  EXPECT_NE(message("dx/dt = -x/ms : 1", "y = 1").find("each_step sets 'y', which does not exist"), std::string::npos);
  EXPECT_NE(message("dx/dt = -x/ms : 1\ny = 2*x : 1", "y = 1").find("each_step sets 'y', which is an expression"), std::string::npos);
  EXPECT_NE(message("dx/dt = -x/ms : 1", "x = 1*mV").find("each_step of x must be without unit"), std::string::npos);
  EXPECT_NE(message("dx/dt = -x/ms : 1", "", "3*mV").find("every must be in ms"), std::string::npos);
  EXPECT_NE(message("dx/dt = -x/ms : 1\na = x : 1 (constant over dt)\nb = a : 1 (constant over dt)", "").find("both are constant over dt"), std::string::npos);
  EXPECT_NE(message("dx/dt = -x/ms : 1 (constant over dt)", "").find("is for expressions"), std::string::npos);
  EXPECT_NE(message("dx/dt = -x/ms : 1", "", "", "x > 1 and not_refractory > 0").find("no spike is emitted during the refractory period"), std::string::npos);
}

}  // namespace
