// models/neurons/gif.cpp against located events at 1e-12: spike times, input. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"gif", {{"I_ext", 200 * pA}, {"a", 0.005 / ms}, {"A1", 1000 * pA}, {"A2", -60 * pA}}, {"V", "V_th", "I1", "I2"}};

TEST(GeneralizedIF, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(GeneralizedIF, InputIsACurrent) { expect_input_is_parameter(neuron, 200 * pA); }

}  // namespace
