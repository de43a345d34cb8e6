// models/neurons/adexif.cpp against located events at 1e-12: spike times, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"adexif", {{"I_ext", 1000 * pA}, {"V_th", -30.4 * mV}}, {"V", "w"}};

TEST(AdExIF, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(AdExIF, InputIsACurrent) { expect_input_is_parameter(neuron, 1000 * pA); }

}  // namespace
