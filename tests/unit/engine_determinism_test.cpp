// links: ranvier_engine ranvier_models
// The same bits for every number of workers and lanes, fused or not, recorded or not, in one run or several, on both backends.
#include <gtest/gtest.h>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

Network coba_hh() { return models::find("coba_hh").build({{"scale", 0.25}, {"targets", 60.0}}); }

struct Result {
  std::uint64_t checksum, spikes;
  std::vector<double> v;
  bool operator==(const Result&) const = default;
};

Result result_of(const Simulation& sim) { return {sim.checksum(), sim.spike_count(), sim.get("E", "V")}; }

Result run(SimulationOptions options) {
  Simulation sim(coba_hh(), options);
  sim.run(60 * ms);
  return result_of(sim);
}

class Determinism : public testing::TestWithParam<std::tuple<Precision, const char*>> {
 protected:
  SimulationOptions options() const {
    SimulationOptions o;
    o.precision = std::get<0>(GetParam());
    o.method = std::get<1>(GetParam());
    o.threads = 1;
    return o;
  }
};

TEST_P(Determinism, ThreadsDoNotMatter) {
  const auto one = run(options());
  EXPECT_GT(one.spikes, 500u);
  for (const int threads : {2, 3, 7}) {
    auto o = options();
    o.threads = threads;
    EXPECT_EQ(run(o), one) << threads << " threads";
  }
}

TEST_P(Determinism, LanesDoNotMatter) {
  const auto reference = run(options());
  for (const int lanes : {1, 2, 4, 8, 16, 32}) {
    auto o = options();
    o.lanes = lanes;
    EXPECT_EQ(run(o), reference) << lanes << " lanes";
  }
}

TEST_P(Determinism, FusionDoesNotMatter) {
  auto o = options();
  o.fuse = false;
  EXPECT_EQ(run(o), run(options()));
}

TEST_P(Determinism, TheInterpreterGivesTheSame) {
  auto o = options();
  o.backend = Backend::interpreter;
  o.threads = 2;
  EXPECT_EQ(run(o), run(options()));
}

TEST_P(Determinism, RecordingDoesNotMatter) {
  Simulation sim(coba_hh(), options());
  const auto spikes = sim.record(SpikesRef{"E"});
  auto net = coba_hh();
  const auto v = sim.record(net.population("E")["V"], {.every = 7, .neurons = {0, 5, 799}});
  const auto m = sim.record(net.population("I")["m"], {.every = 3});
  sim.run(60 * ms);
  EXPECT_EQ(result_of(sim), run(options()));
  EXPECT_EQ(v->frames(), 600u / 7 + 1);
  EXPECT_EQ(m->frames(), 201u);
  EXPECT_EQ(spikes->count(), sim.spike_counts().at("E"));
}

TEST_P(Determinism, OneRunOrSeveral) {
  Simulation sim(coba_hh(), options());
  sim.run(25 * ms);
  sim.step();
  sim.run(34.9 * ms);
  EXPECT_EQ(sim.steps(), 600u);
  EXPECT_EQ(result_of(sim), run(options()));
}

TEST_P(Determinism, ResetGoesBackToTheStart) {
  Simulation sim(coba_hh(), options());
  sim.run(31.3 * ms);
  sim.reset();
  EXPECT_EQ(sim.steps(), 0u);
  EXPECT_EQ(sim.spike_count(), 0u);
  sim.run(60 * ms);
  EXPECT_EQ(result_of(sim), run(options()));
}

TEST_P(Determinism, AnotherSeedIsAnotherNetwork) {
  auto o = options();
  o.seed = 2;
  EXPECT_NE(run(o).checksum, run(options()).checksum);
}

TEST_P(Determinism, VerifyFindsNoDifference) {
  Simulation sim(coba_hh(), options());
  sim.run(20 * ms);
  const auto before = result_of(sim);
  const auto v = sim.verify(1 * ms);
  EXPECT_EQ(v.max_ulps, 0) << v.where;
  EXPECT_GT(v.compared, 10'000u);
  EXPECT_EQ(result_of(sim), before);
}

INSTANTIATE_TEST_SUITE_P(Bits, Determinism,
                         testing::Combine(testing::Values(Precision::f32, Precision::f64), testing::Values("exp_euler", "exp_staggered")),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param) == Precision::f32 ? "f32_" : "f64_") + std::get<1>(test.param);
                         });

/// Adding a population must not change the wiring or the initial state of the others.
TEST(Streams, AreKeyedByNames) {
  Simulation alone(coba_hh(), {.threads = 1});
  auto net = coba_hh();
  Model extra{"extra"};
  const auto x = extra.state("x");
  extra.d(x) = -x / ms;
  extra.initial(x, randn());
  net.add("extra", extra, 100);
  Simulation more(net, {.threads = 1});
  EXPECT_EQ(alone.get("E", "V"), more.get("E", "V"));
  EXPECT_EQ(alone.connectivity("I_to_E").post, more.connectivity("I_to_E").post);
}

}  // namespace
