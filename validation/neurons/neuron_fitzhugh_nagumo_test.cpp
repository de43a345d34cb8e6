// models/neurons/fitzhugh_nagumo.cpp against SciPy at 1e-12: states, orders of the methods, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"fitzhugh_nagumo", {{"I_ext", 0.5}}, {"V", "w"}};

TEST(FitzHughNagumo, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(FitzHughNagumo, MethodsHaveTheirOrders) { expect_orders(neuron, 0.005, 0.02, 0.1); }
TEST(FitzHughNagumo, InputIsACurrent) { expect_input_is_parameter(neuron, 0.5); }

}  // namespace
