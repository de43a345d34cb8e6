// models/neurons/quaif.cpp against located events at 1e-12: spike times, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"quaif", {{"I_ext", 120 * pA}}, {"V"}};

TEST(QuaIF, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(QuaIF, InputIsACurrent) { expect_input_is_parameter(neuron, 120 * pA); }

}  // namespace
