// models/neurons/qif_mean_field.cpp against SciPy at 1e-12 and its fixed point. See README.md.
#include <numbers>

#include "neuron_case.hpp"

namespace {

const Case neuron{"qif_mean_field", {{"I_ext", 3.0}}, {"r", "v"}};

TEST(QifMeanField, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(QifMeanField, MethodsHaveTheirOrders) {
  for (const char* method : {"euler", "exp_euler"}) expect_order(neuron, method, 1, 0.001);
  for (const char* method : {"heun", "midpoint", "exp_midpoint"}) expect_order(neuron, method, 2, 0.005);
  expect_order(neuron, "rk4", 4, 0.02);
}
TEST(QifMeanField, InputIsTheParameter) { expect_input_is_parameter(neuron, 3.0); }
/// At rest v = -delta/(2 pi tau r), hence (pi tau r)^2 = eta + J tau r + (delta/(2 pi tau r))^2.
TEST(QifMeanField, ComesToRestWhereTheRateSolvesItsEquation) {
  Network net;
  net.add("N", models::neuron("qif_mean_field", {{"tau", 10 * ms}, {"eta", -2.0}, {"J", 3.0}, {"delta", 0.7}}), 1);
  Simulation sim(net, with("rk4", 0.05));
  sim.run(1000 * ms);
  const double pi = std::numbers::pi, x = 10 * sim.get("N", "r")[0], v = sim.get("N", "v")[0];
  EXPECT_NEAR(v, -0.7 / (2 * pi * x), 1e-9);
  EXPECT_NEAR(pi * pi * x * x, -2 + 3 * x + v * v, 1e-9);
}

}  // namespace
