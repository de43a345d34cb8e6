// models/neurons/wilson_cowan.cpp against SciPy at 1e-12: states, orders, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"wilson_cowan", {{"I_ext", 1.25}}, {"e", "i"}};

TEST(WilsonCowan, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(WilsonCowan, MethodsHaveTheirOrders) {
  for (const char* method : {"euler", "exp_euler"}) expect_order(neuron, method, 1, 0.01);
  for (const char* method : {"heun", "midpoint", "exp_midpoint"}) expect_order(neuron, method, 2, 0.02);
  expect_order(neuron, "rk4", 4, 0.1);
}
TEST(WilsonCowan, InputIsTheParameter) { expect_input_is_parameter(neuron, 1.25); }

}  // namespace
