// models/neurons/lif.cpp against closed forms: relaxation, f-I curve with refractory period, and located events. See README.md.
#include "neuron_case.hpp"

namespace {

const Case neuron{"lif", {{"I_ext", 150 * pA}}, {"V"}};

TEST(LIF, SpikesAreThoseOfTheReference) { expect_spikes(neuron); }
TEST(LIF, InputIsACurrent) { expect_input_is_parameter(neuron, 150 * pA); }

TEST(LIF, RelaxesExponentially) {
  const Case below{"lif", {{"I_ext", 80 * pA}}, {"V"}};
  for (const double dt : {1.0, 0.1, 0.125}) {
    Simulation sim(one(below), with("", dt));
    EXPECT_EQ(sim.info().method, "exact");
    for (int k = 1; k <= 5; ++k) {
      sim.run(10 * ms);
      EXPECT_NEAR(sim.get("N", "V")[0], -52 - 8 * std::exp(-10.0 * k / 20), 1e-12) << dt;
    }
  }
}

TEST(LIF, IntervalsAreThoseOfTheCurve) {
  const double tau_ref = 3, dt = 0.05, V_reset = -65;
  Network net;
  auto N = net.add("N", models::neuron("lif", {{"tau_ref", tau_ref * ms}, {"V_reset", V_reset * mV}}), 40);
  std::vector<double> currents;
  for (int k = 0; k < 40; ++k) currents.push_back(60 + 10.07 * k);  // 60 to 453 pA; the rheobase is 100
  N.set("I_ext", currents, pA);
  Simulation sim(net, with("", dt));
  const auto spikes = sim.record(N.spikes());
  sim.run(1000 * ms);
  std::vector<std::vector<std::uint64_t>> stamps(40);
  for (std::size_t s = 0; s < spikes->count(); ++s) stamps[spikes->ids()[s]].push_back(spikes->stamps()[s]);
  for (std::size_t k = 0; k < 40; ++k) {
    const double V_inf = -60 + 0.1 * currents[k];
    if (V_inf < -50) {
      EXPECT_TRUE(stamps[k].empty()) << currents[k];
      continue;
    }
    const double rise = 20 * std::log((V_inf - V_reset) / (V_inf + 50));
    const auto interval = static_cast<std::uint64_t>(std::lround(tau_ref / dt) + std::ceil(rise / dt));
    ASSERT_GE(stamps[k].size(), 5u) << currents[k];
    for (std::size_t s = 1; s < stamps[k].size(); ++s) ASSERT_EQ(stamps[k][s] - stamps[k][s - 1], interval) << currents[k];
    // The rate itself, against the closed form: within the step that an interval is rounded up by.
    const double rate = 1000 / (interval * dt), exact = 1000 / (tau_ref + rise);
    EXPECT_LE(rate, exact * (1 + 1e-12));
    EXPECT_GE(rate, exact * (1 - dt / (tau_ref + rise)));
  }
}

}  // namespace
