// models/neurons/traub_miles.cpp against SciPy at 1e-12: states, orders of the methods, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"traub_miles", {{"I_ext", 300 * pA}}, {"V", "m", "h", "n"}};

TEST(TraubMiles, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(TraubMiles, MethodsHaveTheirOrders) { expect_orders(neuron, 0.001, 0.002, 0.01); }
TEST(TraubMiles, InputIsACurrent) { expect_input_is_parameter(neuron, 300 * pA); }

}  // namespace
