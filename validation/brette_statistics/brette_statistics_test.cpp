// The integrate-and-fire benchmarks of Brette et al. 2007, as network files, against Brian2's and NEST's statistics. See README.md.
#include <gtest/gtest.h>

#include <cstdio>

#include "network_statistics.hpp"
#include "ranvier/network_file.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

constexpr int seeds = 32;

struct Simulator {
  const char* name;
  References E, I;
};

/// Activity that has ended by itself has no statistics; how often it did is told and bounded.
bool ended(const SpikeRecord& spikes) {
  const auto times = spikes.times_ms();
  return times.empty() || times.back() < 950;
}

void compare_file(const char* file, const std::vector<Simulator>& simulators, const ConstantValues& set = {}) {
  const auto read = read_network_file(std::string(RANVIER_SOURCE_DIR) + "/" + file, set);
  Samples E, I;
  int silent = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Simulation sim(read.network, {.dt = read.run.dt, .method = read.run.method, .precision = Precision::f64, .seed = static_cast<std::uint64_t>(seed)});
    const auto e = sim.record(SpikesRef{"E"}), i = sim.record(SpikesRef{"I"});
    sim.run(1000 * ms);
    if (ended(*e)) {
      ++silent;
      continue;
    }
    E.add(estimate(*e));
    I.add(estimate(*i));
  }
  std::printf("%s: activity ended in %d of %d runs\n", file, silent, seeds);
  EXPECT_LE(silent, 3);
  for (const auto& each : simulators) {
    std::printf("%s\n", each.name);
    SCOPED_TRACE(each.name);
    judge("E", E, each.E, 0.10);
    judge("I", I, each.I, 0.05);
  }
}

/// Brian2 holds the voltage for 49 updates where 5 ms are asked for.
TEST(BretteStatistics, CobaLikeBrian2) {
  compare_file("validation/brette_statistics/coba.toml", {
    {"Brian2", {{19.7957, 1.46525, 8}, {1.61387, 0.03782, 8}, {8.60133, 1.81411, 8}}, {{19.58142, 0.69309, 8}, {1.61672, 0.05258, 8}, {1.13787, 0.20454, 8}}},
  }, {{"t_ref", 4.9 * ms}});
}

TEST(BretteStatistics, CobaLikeNest) {
  compare_file("validation/brette_statistics/coba.toml", {
    {"Nest", {{19.05104, 1.57605, 8}, {1.58898, 0.0335, 8}, {8.19326, 1.00578, 8}}, {{18.99601, 0.596, 8}, {1.58613, 0.04129, 8}, {1.25365, 0.12246, 8}}},
  });
}

TEST(BretteStatistics, Cuba) {
  compare_file("examples/brette_cuba.toml", {
    {"Brian2", {{5.64362, 0.25545, 8}, {0.52261, 0.0076, 8}, {5.74969, 1.10878, 8}}, {{5.59358, 0.05354, 8}, {0.5225, 0.01417, 8}, {1.57714, 0.23224, 8}}},
    {"Nest", {{5.6322, 0.33477, 8}, {0.52268, 0.0067, 8}, {6.05163, 1.50786, 8}}, {{5.56944, 0.08338, 8}, {0.52771, 0.01212, 8}, {1.81779, 0.26069, 8}}},
  });
}

TEST(BretteStatistics, Jumps) {
  compare_file("examples/brette_jumps.toml", {
    {"Brian2", {{9.77478, 0.34108, 8}, {0.37038, 0.00342, 8}, {18.24546, 2.41514, 8}}, {{9.77378, 0.08011, 8}, {0.37282, 0.00837, 8}, {2.61431, 0.43873, 8}}},
    {"Nest", {{9.88841, 0.42207, 8}, {0.36979, 0.00515, 8}, {22.13031, 2.67962, 8}}, {{9.8184, 0.11837, 8}, {0.37006, 0.00765, 8}, {3.18616, 0.36955, 8}}},
  });
}

}  // namespace
