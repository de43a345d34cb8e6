// models/neurons/linear_threshold.cpp against its closed form, and two units that excite and inhibit one another. See README.md.
#include "neuron_case.hpp"
#include "ranvier/synapses.hpp"

namespace {

/// r relaxes to beta max(I, 0) exponentially.
TEST(LinearThreshold, FollowsItsClosedForm) {
  Network net;
  auto N = net.add("N", models::neuron("linear_threshold"), 3);
  N.set("I_ext", {300, 0, -300}, pA);
  N["r"] = 5 * Hz;
  Simulation sim(net, with("", 0.1));
  for (int k = 1; k <= 10; ++k) {
    sim.run(5 * ms);
    for (int n = 0; n < 3; ++n) {
      const double goal = n == 0 ? 0.066 * 300 : 0;  // Hz; values are in 1/ms
      EXPECT_NEAR(sim.get("N", "r")[n] * 1000, goal + (5 - goal) * std::exp(-5.0 * k / 20), 1e-12);
    }
  }
}

/// The fixed point of an excitatory and an inhibitory unit: r = (1 - W)^-1 beta I of what is above threshold.
TEST(LinearThreshold, TwoUnitsReachTheirFixedPoint) {
  Network net;
  auto E = net.add("E", models::neuron("linear_threshold"), 1);
  auto I = net.add("I", models::neuron("linear_threshold", {{"tau", 10 * ms}, {"beta", 0.351 * Hz / pA}}), 1);
  E.set("I_ext", 300 * pA);
  const auto join = [&](const Population& a, const Population& b, double weight) {  // pA per Hz
    net.connect(a, b, one_to_one()).synapse(presynaptic("r", Hz)).output(cuba()).weight(weight * pA / Hz);
  };
  join(E, E, 6.0);
  join(E, I, 12.0);
  join(I, E, -4.0);
  Simulation sim(net, with("", 0.05));
  sim.run(2000 * ms);
  // e = b (300 + 6 e - 4 i), i = c 12 e
  const double b = 0.066, c = 0.351, e = b * 300 / (1 - b * 6 + b * 4 * c * 12);
  EXPECT_NEAR(sim.get("E", "r")[0] * 1000, e, 1e-9);
  EXPECT_NEAR(sim.get("I", "r")[0] * 1000, c * 12 * e, 1e-9);
}

}  // namespace
