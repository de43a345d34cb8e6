// links: ranvier_engine
// What records share with those who keep it, and shared parameters of projections.
#include <gtest/gtest.h>

#include "engine_networks.hpp"

namespace {

Network chain() {
  Network net;
  auto A = net.add("A", once(), 2), B = net.add("B", summing(), 2);
  A.set("when", 3.0);
  net.connect(A, B, one_to_one()).synapse(exponential(5 * ms)).output(coba(10 * mV)).weight(2 * nS);
  return net;
}

TEST(Records, WhatSomebodyKeepsStaysWhenTheRunGoesOn) {
  Simulation sim{chain()};
  const auto v = sim.record("B.V");
  const auto spikes = sim.record(SpikesRef{"A"});
  sim.run(1 * ms);
  const auto values = v->shared_values();
  const auto ids = spikes->shared_ids();
  const auto copy = *values;
  ASSERT_EQ(copy.size(), 22u);
  EXPECT_EQ(*ids, (std::vector<std::uint32_t>{0, 1}));
  sim.run(1 * ms);
  EXPECT_EQ(*values, copy);
  EXPECT_EQ(v->values().size(), 42u);
  EXPECT_TRUE(std::equal(copy.begin(), copy.end(), v->values().begin()));
  sim.reset();
  EXPECT_EQ(*values, copy);
  EXPECT_EQ(ids->size(), 2u);
  EXPECT_EQ(spikes->count(), 0u);
}

TEST(Records, NothingIsCopiedWhereNobodyKeepsIt) {
  Simulation sim{chain()};
  const auto v = sim.record("B.V");
  sim.run(1 * ms);
  const auto* before = v->shared_values().get();
  sim.run(1 * ms);
  EXPECT_EQ(v->shared_values().get(), before);
}

TEST(Projections, AreFoundByName) {
  Network net = chain();
  net.projection("A_to_B").weight(3 * nS);
  Simulation sim{net};
  EXPECT_EQ(sim.get("A_to_B", "weight"), std::vector<double>{3.0});
  sim.set("A_to_B.weight", 4 * nS);
  EXPECT_EQ(sim.get("A_to_B", "weight"), std::vector<double>{4.0});
  EXPECT_EQ(sim.get("A_to_B", "tau"), std::vector<double>{5.0});
  try {
    (void)net.projection("A_to_b");
    FAIL();
  } catch (const UserError& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean 'A_to_B'"), std::string::npos) << e.what();
  }
  EXPECT_THROW((void)sim.get("A_to_B", "tua"), UserError);
}

}  // namespace
