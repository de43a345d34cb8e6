// models/neurons/theta.cpp against its closed form: tan(theta/2) = sqrt(I) tan(sqrt(I) t/tau) from theta = 0, so that the k-th spike
// (from 1) is at (k - 1/2) pi tau / sqrt(I). Accepted if: theta within 1e-9 before the first spike (rk4, dt 0.005 ms); orders within
// 20%; every spike at most one step late and half a step early, since the reset keeps what theta is above pi.
#include "neuron_case.hpp"

namespace {

const double pi = std::acos(-1.0);
const double I = 0.25, tau = 2;
const Case neuron{"theta", {{"I_ext", I}, {"tau", tau * ms}}, {"theta"}};

double closed_form(double t) { return 2 * std::atan(std::sqrt(I) * std::tan(std::sqrt(I) * t / tau)); }

double error(const std::string& method, double dt) {
  Simulation sim(one(neuron), with(method, dt));
  sim.run(4 * ms);
  return std::fabs(sim.get("N", "theta")[0] - closed_form(4));
}

TEST(Theta, FollowsItsClosedForm) { EXPECT_LT(error("rk4", 0.005), 1e-9); }

TEST(Theta, MethodsHaveTheirOrders) {
  EXPECT_NEAR(error("euler", 0.01) / error("euler", 0.005), 2, 0.4);
  for (const char* method : {"heun", "midpoint", "exp_midpoint"}) EXPECT_NEAR(error(method, 0.1) / error(method, 0.05), 4, 0.8) << method;
  EXPECT_NEAR(error("rk4", 0.2) / error("rk4", 0.1), 16, 3.2);
}

TEST(Theta, SpikesAtTheRateOfTheSquareRoot) {
  for (const double dt : {0.05, 0.01}) {
    const auto net = one(neuron);
    Simulation sim(net, with("rk4", dt));
    const auto spikes = sim.record(net.population("N").spikes());
    sim.run(200 * ms);
    const double period = pi * tau / std::sqrt(I);
    ASSERT_EQ(spikes->count(), static_cast<std::size_t>(200 / period + 0.5));
    for (std::size_t k = 0; k < spikes->count(); ++k) {
      const double late = spikes->times_ms()[k] - (static_cast<double>(k) + 0.5) * period;
      EXPECT_GE(late, -0.5 * dt) << k;
      EXPECT_LE(late, dt) << k;
    }
  }
}

TEST(Theta, InputIsACurrent) { expect_input_is_parameter(neuron, I); }

}  // namespace
