// models/neurons/wang_buzsaki.cpp against SciPy at 1e-12: states, orders of the methods, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"wang_buzsaki", {{"I_ext", 1 * uA / (cm * cm)}}, {"V", "h", "n"}};

TEST(WangBuzsaki, StatesAreThoseOfTheReference) { expect_states(neuron); }
TEST(WangBuzsaki, MethodsHaveTheirOrders) { expect_orders(neuron, 0.001, 0.01, 0.02); }
TEST(WangBuzsaki, InputIsACurrent) { expect_input_is_parameter(neuron, 1 * uA / (cm * cm) * (20000 * um * um)); }

}  // namespace
