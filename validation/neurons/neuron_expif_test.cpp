// models/neurons/expif.cpp against located events at 1e-12: spike times, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"expif", {{"I_ext", 60 * pA}}, {"V"}};

TEST(ExpIF, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(ExpIF, InputIsACurrent) { expect_input_is_parameter(neuron, 60 * pA); }

}  // namespace
