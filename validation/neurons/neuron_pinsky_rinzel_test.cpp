// models/neurons/pinsky_rinzel.cpp against SciPy at 1e-12: states, orders, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"pinsky_rinzel", {{"I_ext", 0.75 * uA / (cm * cm)}}, {"V", "V_d", "h", "n", "s", "c", "q", "Ca"}};

TEST(PinskyRinzel, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(PinskyRinzel, MethodsHaveTheirOrders) {
  for (const char* method : {"euler", "exp_euler"}) expect_order(neuron, method, 1, 0.001);
  for (const char* method : {"heun", "midpoint", "exp_midpoint"}) expect_order(neuron, method, 2, 0.01);
  expect_order(neuron, "rk4", 4, 0.05);
}
TEST(PinskyRinzel, InputIsADensityTimesTheArea) { expect_input_is_parameter(neuron, 45 * pA); }

}  // namespace
