// models/neurons/izhikevich.cpp against located events at 1e-12: spike times, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"izhikevich", {{"I_ext", 10 * pA}}, {"V", "u"}};

TEST(Izhikevich, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(Izhikevich, InputIsACurrent) { expect_input_is_parameter(neuron, 10 * pA); }

}  // namespace
