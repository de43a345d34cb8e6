// links: ranvier_engine ranvier_models
// Every method: its order of convergence against closed forms, what it refuses, and the defaults.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "integrate/method.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

struct Problem {
  const char* name;
  std::function<Model()> model;
  std::vector<std::pair<std::string, double>> at_end;  ///< closed form at t = 1 ms
};

/// x' = x (1 - x), y' = -x y: logistic growth drives a decay. x = 1/(1 + c e^-t), y = y0 (1 + c)/(e^t + c), c = 1/x0 - 1.
Problem logistic() {
  const double x0 = 0.2, y0 = 1.5, c = 1 / x0 - 1;
  return {"logistic",
          [=] {
            Model m{"logistic"};
            auto [x, y] = m.states("x", "y");
            m.d(x) = x * (1 - x) / ms;
            m.d(y) = -x * y / ms;
            m.initial(x, x0);
            m.initial(y, y0);
            return m;
          },
          {{"x", 1 / (1 + c * std::exp(-1.0))}, {"y", y0 * (1 + c) / (std::exp(1.0) + c)}}};
}

/// x' = -2 y, y' = 2 x: rotation; each variable depends on the other alone.
Problem rotation() {
  return {"rotation",
          [] {
            Model m{"rotation"};
            auto [x, y] = m.states("x", "y");
            m.d(x) = -2 * y / ms;
            m.d(y) = 2 * x / ms;
            m.initial(x, 1);
            return m;
          },
          {{"x", std::cos(2.0)}, {"y", std::sin(2.0)}}};
}

/// x' = -3 x + cos(5 t): driven decay; tests where in the step the time is taken.
Problem driven() {
  const auto solution = [](double t) { return (3 * std::cos(5 * t) + 5 * std::sin(5 * t)) / 34 + (1 - 3.0 / 34) * std::exp(-3 * t); };
  return {"driven",
          [] {
            Model m{"driven"};
            auto x = m.state("x");
            m.d(x) = (-3 * x + cos(5 * m.time() / ms)) / ms;
            m.initial(x, 1);
            return m;
          },
          {{"x", solution(1.0)}}};
}

double error(const Problem& p, const std::string& method, int steps) {
  Network net;
  net.add("N", p.model(), 1);
  Simulation sim(net, {.dt = 1.0 / steps * ms, .method = method, .threads = 1});
  sim.run(1 * ms);
  double worst = 0;
  for (const auto& [variable, value] : p.at_end) worst = std::max(worst, std::fabs(sim.get("N", variable)[0] - value));
  return worst;
}

struct Case {
  const char* method;
  int problem;
};
const std::function<Problem()> problems[] = {logistic, rotation, driven};

class Convergence : public testing::TestWithParam<Case> {};

TEST_P(Convergence, HasTheOrderThatItClaims) {
  const auto problem = problems[GetParam().problem]();
  const auto& method = integrate::find_method(GetParam().method);
  const int steps = method.order == 4 ? 20 : 80;
  const double coarse = error(problem, GetParam().method, steps), fine = error(problem, GetParam().method, 2 * steps);
  EXPECT_NEAR(std::log2(coarse / fine), method.order, 0.15) << "errors " << coarse << " and " << fine;
  EXPECT_LT(fine, 0.05);
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  return std::string(info.param.method) + "_" + problems[info.param.problem]().name;
}

INSTANTIATE_TEST_SUITE_P(Methods, Convergence,
                         testing::Values(Case{"euler", 0}, Case{"euler", 1}, Case{"euler", 2}, Case{"heun", 0}, Case{"heun", 1},
                                         Case{"heun", 2}, Case{"midpoint", 0}, Case{"midpoint", 1}, Case{"midpoint", 2},
                                         Case{"rk4", 0}, Case{"rk4", 1}, Case{"rk4", 2}, Case{"exp_euler", 0},
                                         Case{"exp_euler", 1}, Case{"exp_euler", 2}, Case{"exp_midpoint", 0},
                                         Case{"exp_midpoint", 1}, Case{"exp_midpoint", 2}, Case{"exp_staggered", 0},
                                         Case{"exp_staggered", 1}, Case{"exp_staggered", 2}),
                         case_name);

TEST(Exact, IsExactForLinearEquationsAtAnyStep) {
  Model m{"linear"};
  auto [x, y] = m.states("x", "y");
  auto tau = m.parameter("tau", 0.7 * ms);
  m.d(x) = -x / tau;
  m.d(y) = (2 - y) / tau;
  m.initial(x, 3);
  m.initial(y, -1);
  Network net;
  net.add("N", m, 1);
  for (const int steps : {1, 7, 64}) {
    Simulation sim(net, {.dt = 1.0 / steps * ms, .threads = 1});
    EXPECT_EQ(sim.info().method, "exact");
    sim.run(1 * ms);
    EXPECT_NEAR(sim.get("N", "x")[0], 3 * std::exp(-1 / 0.7), 4e-15 * steps);
    EXPECT_NEAR(sim.get("N", "y")[0], 2 - 3 * std::exp(-1 / 0.7), 4e-15 * steps);
  }
}

TEST(Exact, RefusesWhatIsNotLinear) {
  Network net;
  net.add("N", logistic().model(), 1);
  try {
    Simulation sim(net, {.method = "exact"});
    FAIL();
  } catch (const UserError& e) {
    EXPECT_STREQ(e.what(), "population 'N': method 'exact' cannot integrate it: dx/dt is not linear in x with constant "
                           "coefficients; choose another method, such as exp_midpoint");
  }
}

TEST(Staggered, RefusesThreeThatDependOnEachOther) {
  Model m{"ring"};
  auto [x, y, z] = m.states("x", "y", "z");
  m.d(x) = -y / ms;
  m.d(y) = -z / ms;
  m.d(z) = -x / ms;
  Network net;
  net.add("N", m, 1);
  EXPECT_THROW((Simulation{net, {.method = "exp_staggered"}}), UserError);
  EXPECT_EQ((Simulation{net, {}}).info().method, "exp_midpoint");
}

TEST(Defaults, AreChosenByTheEquations) {
  Network net;
  net.add("N", rotation().model(), 1);
  EXPECT_EQ((Simulation{net, {}}).info().method, "exp_staggered");
}

TEST(Methods, AnUnknownOneIsNamedWithNearNames) {
  Network net;
  net.add("N", rotation().model(), 1);
  try {
    Simulation sim(net, {.method = "exp_eulr"});
    FAIL();
  } catch (const UserError& e) {
    EXPECT_STREQ(e.what(), "method: there is no integration method 'exp_eulr'; did you mean 'exp_euler'?");
  }
}

/// A decay that would end among the denormal numbers ends at zero.
TEST(Decay, EndsAtZeroNotAmongDenormals) {
  Model m{"decay"};
  auto x = m.state("x");
  m.d(x) = -x / (1 * ms);
  m.initial(x, 1);
  m.precision(Precision::f32);
  Network net;
  net.add("N", m, 3);
  Simulation sim(net, {.dt = 1 * ms});
  sim.run(68 * ms);
  EXPECT_GT(sim.get("N", "x")[1], 0.99e-30);
  sim.run(10 * ms);
  EXPECT_EQ(sim.get("N", "x")[1], 0.0);
}

}  // namespace
