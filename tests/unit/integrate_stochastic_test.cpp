// links: ranvier_engine
// Which methods take noise, what they refuse and why, and what the default is.
#include <gtest/gtest.h>

#include "engine_networks.hpp"

namespace {

std::string refusal(const Model& m, const std::string& method) {
  Network net;
  net.add("P", m, 1);
  try {
    Simulation sim(net, {.method = method});
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::string chosen(const Model& m) {
  Network net;
  net.add("P", m, 1);
  return Simulation(net).info().method;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Model geometric() {
  Model m{"gbm"};
  const auto x = m.state("x");
  m.d(x) = 0.1 / ms * x + 0.3 * x * sqrt(1 / Expr(1 * ms)) * m.noise("xi");
  return m;
}

TEST(Stochastic, DefaultIsEulerMaruyama) { EXPECT_EQ(chosen(geometric()), "euler_maruyama"); }

TEST(Stochastic, RandomNumbersInEquationsCount) {
  Model m{"m"};
  const auto x = m.state("x");
  m.d(x) = randn() / ms;
  EXPECT_EQ(chosen(m), "euler_maruyama");
}

TEST(Stochastic, OtherMethodsSayWhyNot) {
  for (const char* method : {"euler", "heun", "midpoint", "rk4", "exp_euler", "exp_midpoint", "exp_staggered", "exact"}) {
    const auto text = refusal(geometric(), method);
    EXPECT_TRUE(has(text, method) && has(text, "noise") && has(text, "euler_maruyama")) << text;
  }
  EXPECT_EQ(refusal(geometric(), "euler_maruyama"), "");
  EXPECT_EQ(refusal(geometric(), "milstein"), "");
}

TEST(Stochastic, NoiseMustBeLinear) {
  Model m{"m"};
  const auto x = m.state("x");
  const auto xi = m.noise("xi");
  m.d(x) = xi * xi * (1 - x);
  EXPECT_TRUE(has(refusal(m, ""), "noise otherwise than times") || has(refusal(m, "euler_maruyama"), "noise otherwise than times"));
  Model two{"two"};
  const auto y = two.state("y");
  two.d(y) = two.noise("a") * two.noise("b");
  EXPECT_TRUE(has(refusal(two, "euler_maruyama"), "noise otherwise than times"));
}

TEST(Stochastic, MilsteinRefusesMixedNoise) {
  Model m{"m"};
  const auto x = m.state("x"), y = m.state("y");
  const auto root = sqrt(1 / Expr(1 * ms));
  m.d(x) = root * y * m.noise("a");
  m.d(y) = root * m.noise("b");
  EXPECT_TRUE(has(refusal(m, "milstein"), "not diagonal")) << refusal(m, "milstein");
  EXPECT_EQ(refusal(m, "euler_maruyama"), "");
}

TEST(Stochastic, NoiseHasAUnit) {
  Model m{"m"};
  const auto V = m.state("V", mV);
  EXPECT_THROW(m.d(V) = 1 * mV * m.noise("xi"), UnitError);
  EXPECT_THROW(m.noise("xi"), UserError);
  EXPECT_THROW(m.noise("V"), UserError);
}

TEST(Stochastic, NoiseInAThresholdIsRefused) {
  Model m{"m"};
  const auto x = m.state("x");
  const auto xi = m.noise("xi");
  m.d(x) = xi * sqrt(1 / Expr(1 * ms));
  m.threshold(xi * sqrt(Expr(1 * ms)) > 1);
  EXPECT_TRUE(has(refusal(m, ""), "'xi'")) << refusal(m, "");
}

TEST(Stochastic, SynapsesHaveNone) {
  Model s{"s"};
  const auto g = s.state("g", nS);
  s.d(g) = -g / (5 * ms) + 1 * nS * sqrt(1 / Expr(1 * ms)) * s.noise("xi");
  s.receives(g);
  Network net;
  auto P = net.add("P", geometric(), 1);
  EXPECT_THROW(net.connect(P, P, all_to_all()).synapse(s), UserError);
}

/// Without noise Euler-Maruyama is Euler.
TEST(Stochastic, WithoutNoiseItIsEuler) {
  Model m{"m"};
  const auto x = m.state("x");
  m.d(x) = (1 - x * x) / ms;
  Network net;
  net.add("P", m, 1);
  Simulation a(net, {.method = "euler"}), b(net, {.method = "euler_maruyama"});
  a.run(1 * ms), b.run(1 * ms);
  EXPECT_EQ(a.get("P", "x"), b.get("P", "x"));
}

}  // namespace
