// links: ranvier_engine ranvier_models
// store() and restore(): what follows a restore is bit for bit what followed the store; records and sinks go back along.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_networks.hpp"
#include "message.hpp"

namespace {

/// Weighted and counted arrivals, delays per synapse and per projection, staggered gates, a refractory period.
Network mixed() {
  Network net;
  auto p = net.add("P", driven_lif(), 300), q = net.add("Q", gated(), 150);
  net.connect(p, q, bernoulli(0.1)).synapse(exponential(3 * ms)).output(coba(0 * mV)).weight(0.3 * nS).delay(1.7 * ms);
  net.connect(q, p, explicit_list(mixed_pairs(3000, 150, 300))).synapse(exponential(5 * ms)).output(coba(-70 * mV));
  return net;
}

struct Result {
  std::uint64_t checksum, spikes, events, steps;
  std::vector<double> v, w, g;
  bool operator==(const Result&) const = default;
};
Result result(const Simulation& sim) {
  return {sim.checksum(), sim.spike_count(), sim.event_count(), sim.steps(), sim.get("P", "V"), sim.get("Q", "w"), sim.get("Q", "P_to_Q.g")};
}

class Store : public testing::TestWithParam<int> {};

TEST_P(Store, WhatFollowsIsTheSame) {
  Simulation sim(mixed(), {.dt = 0.1 * ms, .threads = GetParam()});
  sim.run(20.3 * ms);  // spikes are under way
  sim.store();
  sim.run(30 * ms);
  const auto first = result(sim);
  EXPECT_GT(first.spikes, 100u);
  sim.restore();
  EXPECT_EQ(sim.steps(), 203u);
  sim.run(30 * ms);
  EXPECT_EQ(result(sim), first);
  sim.reset();
  sim.restore();  // forth again
  sim.run(30 * ms);
  EXPECT_EQ(result(sim), first);
  sim.reset();
  sim.run(50.3 * ms);
  EXPECT_EQ(result(sim), first);
}
INSTANTIATE_TEST_SUITE_P(Threads, Store, testing::Values(1, 3));

TEST(StoreNames, SeveralAreKeptAndUnknownOnesSuggestNear) {
  Simulation sim(mixed(), {.dt = 0.1 * ms, .threads = 1});
  EXPECT_NE(message([&] { sim.restore(); }).find("nothing is stored as 'default'; store() a state first"), std::string::npos);
  sim.store("start");
  sim.run(5 * ms);
  const auto at5 = result(sim);
  sim.store("middle");
  sim.run(5 * ms);
  const auto at10 = result(sim);
  sim.restore("start");
  EXPECT_EQ(sim.steps(), 0u);
  sim.run(10 * ms);
  EXPECT_EQ(result(sim), at10);
  sim.restore("middle");
  EXPECT_EQ(result(sim), at5);
  EXPECT_NE(message([&] { sim.restore("midle"); }).find("'middle'"), std::string::npos);
  EXPECT_NE(message([&] { sim.forget("midle"); }).find("'middle'"), std::string::npos);
  EXPECT_EQ(sim.stored(), (std::vector<std::string>{"middle", "start"}));
  sim.forget("middle");
  EXPECT_NE(message([&] { sim.restore("middle"); }).find("nothing is stored"), std::string::npos);
}

TEST(StoreParameters, ComeBackToo) {
  Network net = mixed();
  net.population("P").set("drive", std::vector<double>(300, 20.5), mV);
  Simulation sim(net, {.dt = 0.1 * ms, .threads = 2});
  sim.store();
  sim.run(20 * ms);
  const auto first = result(sim);
  sim.restore();
  sim.set("P.tau", 15 * ms);
  sim.set("P", "drive", std::vector<double>(300, 10.0));
  sim.set("P_to_Q.weight", 3 * nS);
  sim.run(20 * ms);
  EXPECT_NE(result(sim), first);
  sim.restore();
  EXPECT_EQ(sim.get("P", "tau")[0], 10);
  EXPECT_EQ(sim.get("P", "drive")[7], 20.5);
  sim.run(20 * ms);
  EXPECT_EQ(result(sim), first);
  sim.restore();
  sim.reset();  // initial values and parameters of the restored state
  sim.run(20 * ms);
  EXPECT_EQ(result(sim), first);
}

TEST(StoreRecords, AreCutAndGoOn) {
  Simulation sim(mixed(), {.dt = 0.1 * ms, .threads = 2});
  const auto spikes = sim.record(SpikesRef{"P"});
  const auto v = sim.record("P.V", {.every = 7, .neurons = {0, 299}});
  const auto rate = sim.record_rate({"P"}, {.every = 30});
  sim.run(9.8 * ms);
  sim.store();
  const auto frames = v->frames(), count = spikes->count();
  sim.run(20 * ms);
  const auto all_spikes = spikes->stamps(), all_frames = v->frame_steps();
  const auto all_ids = spikes->ids();
  const auto values = v->values(), rates = rate->values();
  const auto late = sim.record("P.V", {.every = 10, .neurons = {5}});
  sim.run(3 * ms);
  sim.restore();
  EXPECT_EQ(v->frames(), frames);
  EXPECT_EQ(spikes->count(), count);
  EXPECT_EQ(late->frames(), 0u);
  sim.run(20 * ms);
  EXPECT_EQ(spikes->stamps(), all_spikes);
  EXPECT_EQ(spikes->ids(), all_ids);
  EXPECT_EQ(v->frame_steps(), all_frames);
  EXPECT_EQ(v->values(), values);
  EXPECT_EQ(rate->values(), rates);
  EXPECT_EQ(late->frame_steps().front(), 100u);
  EXPECT_EQ(sim.spike_counts().at("P"), spikes->count());
}

TEST(StoreRecords, TheFrameOfTheStoredTimeIsTakenAgainWhereItWasNotYetTaken) {
  Simulation sim(mixed(), {.dt = 0.1 * ms, .threads = 1});
  const auto v = sim.record("P.V", {.neurons = {0}});
  sim.store();
  sim.set("P", "V", std::vector<double>(300, -50.0));
  sim.run(1 * ms);
  EXPECT_EQ(v->value(0, 0), -50);
  sim.restore();
  EXPECT_EQ(v->frames(), 0u);
  sim.run(1 * ms);
  EXPECT_NE(v->value(0, 0), -50);
}

struct Sink : SpikeSink {
  bool rewinds = false;
  int restarts = 0;
  std::vector<std::uint64_t> stamps_of_all;
  void begin(const std::vector<PopulationInfo>&, double) override {}
  void spikes(std::size_t, std::span<const std::uint64_t> stamps, std::span<const std::uint32_t>) override {
    stamps_of_all.insert(stamps_of_all.end(), stamps.begin(), stamps.end());
  }
  void flush(double) override {}
  void restart() override {
    ++restarts;
    stamps_of_all.clear();
  }
  [[nodiscard]] bool can_rewind() const override { return rewinds; }
  void rewind(std::uint64_t step) override { std::erase_if(stamps_of_all, [&](auto s) { return s > step; }); }
};

TEST(StoreSinks, RefuseToGoBackUnlessTheyCan) {
  Simulation sim(mixed(), {.dt = 0.1 * ms, .threads = 1});
  auto sink = std::make_shared<Sink>();
  sim.stream(sink);
  sim.store("start");
  sim.run(10 * ms);
  sim.store("middle");
  sim.restore("middle");  // nothing to take back
  sim.run(10 * ms);
  EXPECT_NE(message([&] { sim.restore("middle"); }).find("cannot go back in time"), std::string::npos);
  EXPECT_EQ(sim.steps(), 200u);
  sink->rewinds = true;
  sim.restore("middle");
  EXPECT_EQ(sim.steps(), 100u);
  EXPECT_EQ(sink->stamps_of_all.size(), sim.spike_count());
  sim.run(10 * ms);
  EXPECT_EQ(sink->stamps_of_all.size(), sim.spike_count());
  sink->rewinds = false;
  sim.restore("start");
  EXPECT_EQ(sink->restarts, 1);
  sim.run(5 * ms);
  EXPECT_EQ(sink->stamps_of_all.size(), sim.spike_count());
}

}  // namespace
