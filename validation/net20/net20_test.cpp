// BrainPy's 20-neuron network, spike by spike. See README.md.
#include <gtest/gtest.h>

#include <cmath>

#include "coba_hh_neuron.hpp"
#include "net20_reference.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

struct Net20 {
  Network net;
  Population E, I;
  explicit Net20(const Net20Reference& r) : E(net.add("E", coba_hh_neuron(), 16)), I(net.add("I", coba_hh_neuron(), 4)) {
    E["V"].set({r.v0.begin(), r.v0.begin() + 16}, mV);
    I["V"].set({r.v0.begin() + 16, r.v0.end()}, mV);
    const auto excite = exponential(5 * ms), inhibit = exponential(10 * ms);
    net.connect(E, E, explicit_list(r.pairs[0][0])).synapse(excite).output(coba(0 * mV)).weight(30 * nS);
    net.connect(E, I, explicit_list(r.pairs[0][1])).synapse(excite).output(coba(0 * mV)).weight(30 * nS);
    net.connect(I, E, explicit_list(r.pairs[1][0])).synapse(inhibit).output(coba(-80 * mV)).weight(67 * nS);
    net.connect(I, I, explicit_list(r.pairs[1][1])).synapse(inhibit).output(coba(-80 * mV)).weight(67 * nS);
  }
};

TEST(Net20, SpikesAtBrainPysVerySteps) {
  const auto reference = load_net20(1);
  ASSERT_EQ(reference.spikes.size(), 872u);
  Net20 n(reference);
  Simulation sim(n.net, {.method = "exp_euler", .precision = Precision::f64});
  const auto e = sim.record(n.E.spikes()), i = sim.record(n.I.spikes());
  sim.run(200 * ms);
  SpikeSet spikes;
  add_spikes(spikes, *e), add_spikes(spikes, *i, 16);
  EXPECT_EQ(spikes, reference.spikes);
}

TEST(Net20, StatesFollowBrainPy) {
  const auto reference = load_net20(1);
  Net20 n(reference);
  Simulation sim(n.net, {.method = "exp_euler", .precision = Precision::f64});
  double worst = 0;
  for (std::uint64_t step = 0; step < 2000; ++step) {
    sim.step();
    for (const std::string name : {"V", "m", "h", "n", "gE", "gI"}) {
      const auto sample = reference.samples.find({name, step});
      if (sample == reference.samples.end()) continue;
      for (const char* population : {"E", "I"}) {
        const bool exc = *population == 'E';
        std::string variable = name;
        double factor = 1;
        if (name == "gE") variable = exc ? "E_to_E.g" : "E_to_I.g", factor = std::exp(-0.1 / 5);
        if (name == "gI") variable = exc ? "I_to_E.g" : "I_to_I.g", factor = std::exp(-0.1 / 10);
        const auto values = sim.get(population, variable);
        for (std::size_t k = 0; k < values.size(); ++k) {
          const double expected = sample->second[exc ? k : k + 16] * factor;
          worst = std::max(worst, std::fabs(values[k] - expected));
          ASSERT_NEAR(values[k], expected, 1e-6) << name << " of " << population << k << " after step " << step;
        }
      }
    }
  }
  RecordProperty("worst_difference", std::to_string(worst));
}

}  // namespace
