// models/neurons/hh.cpp against SciPy at 1e-12: states, orders of the methods, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"hh", {{"I_ext", 10 * uA / (cm * cm)}}, {"V", "m", "h", "n"}};

TEST(HodgkinHuxley, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(HodgkinHuxley, MethodsHaveTheirOrders) { expect_orders(neuron, 0.001, 0.01, 0.02); }
TEST(HodgkinHuxley, InputIsACurrent) { expect_input_is_parameter(neuron, 10 * uA / (cm * cm) * (20000 * um * um)); }

}  // namespace
