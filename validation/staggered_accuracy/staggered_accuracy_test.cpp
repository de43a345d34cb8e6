// exp_staggered at 0.1 ms against 0.01 ms and against RK4 on the same networks. See README.md.
#include <gtest/gtest.h>

#include <cstdlib>

#include "coba_hh_neuron.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

Network network() {
  Network net;
  const auto neuron = coba_hh_neuron(InputKind::inside);
  const auto E = net.add("E", neuron, 3200), I = net.add("I", neuron, 800);
  for (auto p : {E, I}) p["V"] = -60 * mV + (5 * mV * randn() - 5 * mV);
  for (const auto& post : {E, I}) {
    net.connect(E, post, fixed_outdegree_fraction(0.02)).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(6 * nS);
    net.connect(I, post, fixed_outdegree_fraction(0.02)).synapse(exponential(10 * ms)).output(coba(-80 * mV)).weight(67 * nS);
  }
  return net;
}

struct Rates {
  double E, I;
};

Rates rates(const Network& net, const char* method, double dt, int seed, double duration) {
  Simulation sim(net, {.dt = dt * ms, .method = method, .precision = Precision::f64, .seed = static_cast<std::uint64_t>(seed)});
  sim.run(100 * ms);
  const auto before = sim.spike_counts();
  sim.run((duration - 100) * ms);
  const auto after = sim.spike_counts();
  const double seconds = (duration - 100) / 1000;
  return {static_cast<double>(after.at("E") - before.at("E")) / 3200 / seconds,
          static_cast<double>(after.at("I") - before.at("I")) / 800 / seconds};
}

TEST(StaggeredAccuracy, RatesAtATenthOfAMillisecondAreThoseOfAHundredth) {
  const bool full = std::getenv("RANVIER_FULL_VALIDATION") != nullptr;
  const int networks = full ? 8 : 2;
  const double duration = full ? 1000 : 500, tolerance = full ? 0.05 : 0.15;
  const auto net = network();
  Rates coarse{}, fine{}, rk4{};
  for (int seed = 1; seed <= networks; ++seed) {
    const auto a = rates(net, "exp_staggered", 0.1, seed, duration), b = rates(net, "exp_staggered", 0.01, seed, duration);
    const auto c = rates(net, "rk4", 0.01, seed, duration);
    std::printf("seed %d  staggered 0.1: E %.2f I %.2f   staggered 0.01: E %.2f I %.2f   rk4 0.01: E %.2f I %.2f\n", seed, a.E, a.I, b.E, b.I, c.E, c.I);
    coarse.E += a.E / networks, coarse.I += a.I / networks;
    fine.E += b.E / networks, fine.I += b.I / networks;
    rk4.E += c.E / networks, rk4.I += c.I / networks;
  }
  std::printf("mean    staggered 0.1: E %.2f I %.2f   staggered 0.01: E %.2f I %.2f   rk4 0.01: E %.2f I %.2f\n", coarse.E, coarse.I, fine.E, fine.I, rk4.E, rk4.I);
  EXPECT_NEAR(coarse.E / fine.E, 1, tolerance);
  EXPECT_NEAR(coarse.I / fine.I, 1, tolerance);
  EXPECT_NEAR(fine.E / rk4.E, 1, tolerance);
  EXPECT_NEAR(fine.I / rk4.I, 1, tolerance);
}

}  // namespace
