// models/neurons/morris_lecar.cpp against SciPy at 1e-12: states, orders of the methods, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"morris_lecar", {{"I_ext", 100 * uA / (cm * cm)}}, {"V", "W"}};

TEST(MorrisLecar, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(MorrisLecar, MethodsHaveTheirOrders) { expect_orders(neuron, 0.01, 0.05, 0.1); }
TEST(MorrisLecar, InputIsACurrent) { expect_input_is_parameter(neuron, 100 * uA / (cm * cm) * (20000 * um * um)); }

}  // namespace
