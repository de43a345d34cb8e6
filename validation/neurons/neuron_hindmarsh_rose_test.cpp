// models/neurons/hindmarsh_rose.cpp against SciPy at 1e-12: states, orders of the methods, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"hindmarsh_rose", {{"I_ext", 3.0}}, {"V", "y", "z"}};

TEST(HindmarshRose, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(HindmarshRose, MethodsHaveTheirOrders) { expect_orders(neuron, 0.001, 0.005, 0.01); }
TEST(HindmarshRose, InputIsACurrent) { expect_input_is_parameter(neuron, 3.0); }

}  // namespace
