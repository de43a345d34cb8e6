// models/neurons/stuart_landau.cpp against its closed form. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"stuart_landau", {{"a", 0.5}, {"w", 0.9}}, {"x", "y"}};

struct Point {
  double x, y;
};
/// r^2 = a / (1 + (a/r0^2 - 1) exp(-2 a t)), the angle is w t; from x = 0.1, y = 0.
Point exact(double t) {
  const double r = std::sqrt(0.5 / (1 + (0.5 / 0.01 - 1) * std::exp(-t)));
  return {r * std::cos(0.9 * t), r * std::sin(0.9 * t)};
}

double error(const std::string& method, double dt, double t) {
  Simulation sim(one(neuron), with(method, dt));
  sim.run(t * ms);
  return std::hypot(sim.get("N", "x")[0] - exact(t).x, sim.get("N", "y")[0] - exact(t).y);
}

TEST(StuartLandau, FollowsItsClosedForm) {
  for (const double t : {1.0, 4.0, 10.0, 40.0}) EXPECT_LT(error("rk4", 0.0125, t), 1e-8) << t;
}
TEST(StuartLandau, MethodsHaveTheirOrders) {
  const auto expect = [](const char* method, int order, double dt) {
    const double ratio = std::pow(2, order);
    EXPECT_NEAR(error(method, dt, 6) / error(method, dt / 2, 6), ratio, 0.2 * ratio) << method;
  };
  for (const char* method : {"euler", "exp_euler"}) expect(method, 1, 0.01);
  for (const char* method : {"heun", "midpoint", "exp_midpoint"}) expect(method, 2, 0.02);
  expect("rk4", 4, 0.1);
}
TEST(StuartLandau, InputIsTheParameter) {
  const Case driven{"stuart_landau", {{"I_ext", 0.3}}, {"x", "y"}};
  expect_input_is_parameter(driven, 0.3);
}

}  // namespace
