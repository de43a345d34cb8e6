// models/neurons/alif.cpp against located events at 1e-12: spike times, input, refractory period. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"alif", {{"I_ext", 4.0}, {"tau_a", 200 * ms}}, {"V", "a"}};

TEST(Alif, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(Alif, InputIsTheParameter) { expect_input_is_parameter(neuron, 4.0); }
/// Without adaptation, V is I(1 - exp(-t/tau)) less what the spikes have taken, decayed: V goes on while no spike may come.
TEST(Alif, VoltageGoesOnInTheRefractoryPeriod) {
  Network net;
  const auto n = net.add("N", models::neuron("alif", {{"I_ext", 3.0}, {"beta", 0.0}, {"tau_ref", 5 * ms}}), 1);
  Simulation sim(net, with("", 0.1));
  const auto spikes = sim.record(n.spikes());
  sim.run(50 * ms);
  const auto times = spikes->times_ms();
  ASSERT_GT(times.size(), 3u);
  double expected = 3 * -std::expm1(-50.0 / 20);
  for (std::size_t k = 0; k < times.size(); ++k) {
    expected -= std::exp(-(50 - times[k]) / 20);
    if (k == 0) continue;
    EXPECT_GE(times[k] - times[k - 1], 5.0 - 1e-9);
  }
  EXPECT_NEAR(sim.get("N", "V")[0], expected, 1e-12);
}

}  // namespace
