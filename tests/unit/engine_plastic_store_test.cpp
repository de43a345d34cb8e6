// links: ranvier_engine ranvier_models
// store() and restore() with plastic synapses: weights, traces and spikes under way come back.
#include <gtest/gtest.h>

#include "engine_networks.hpp"
#include "ranvier/models.hpp"

namespace {

/// Two populations that spike and are joined by plastic synapses with delays of their own.
Network plastic(const std::string& rule) {
  Network net;
  auto P = net.add("P", driven_lif(), 60), Q = net.add("Q", driven_lif(), 40);
  P["V"] = -60 * mV + 10 * mV * ranvier::rand();
  Q["V"] = -60 * mV + 10 * mV * ranvier::rand();
  net.connect(P, Q, fixed_outdegree(20)).synapse(exponential(4 * ms)).output(coba(0 * mV)).weight(0.5 * nS)
      .delay(uniform(0.5 * ms, 3 * ms)).plasticity(models::plasticity(rule)).named("S");
  return net;
}

struct Result {
  std::uint64_t checksum;
  std::vector<double> w, v;
  bool operator==(const Result&) const = default;
};

class PlasticStore : public testing::TestWithParam<std::tuple<std::string, int>> {};

TEST_P(PlasticStore, WhatFollowsIsTheSame) {
  const auto& [rule, threads] = GetParam();
  Simulation sim(plastic(rule), {.dt = 0.1 * ms, .threads = threads});
  const auto result = [&] { return Result{sim.checksum(), sim.get("S", "w"), sim.get("Q", "V")}; };
  sim.run(60.3 * ms);
  const auto then = result();
  sim.store();
  sim.run(80 * ms);
  const auto first = result();
  EXPECT_NE(first.w, then.w) << "no weight has changed: nothing is compared";
  sim.restore();
  EXPECT_EQ(result(), then);
  sim.run(80 * ms);
  EXPECT_EQ(result(), first);
  sim.reset();
  sim.run(140.3 * ms);
  EXPECT_EQ(result(), first);
}

INSTANTIATE_TEST_SUITE_P(Rules, PlasticStore, testing::Combine(testing::Values("stdp_pair", "stdp_triplet", "stdp_inhibitory"), testing::Values(1, 3)),
                         [](const auto& test) { return std::get<0>(test.param) + "_" + std::to_string(std::get<1>(test.param)); });

}  // namespace
