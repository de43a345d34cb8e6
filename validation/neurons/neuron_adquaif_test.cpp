// models/neurons/adquaif.cpp against located events at 1e-12: spike times, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"adquaif", {{"I_ext", 1000 * pA}}, {"V", "w"}};

TEST(AdQuaIF, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(AdQuaIF, InputIsACurrent) { expect_input_is_parameter(neuron, 1000 * pA); }

}  // namespace
