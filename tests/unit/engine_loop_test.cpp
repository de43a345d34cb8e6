// links: ranvier_engine
// The user's own loop: order, results, early end, the bar, and steps mixed with runs.
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "engine_networks.hpp"
#include "ranvier/loop.hpp"

namespace {

TEST(ForLoop, CollectsWhatEachTurnReturns) {
  EXPECT_EQ(for_loop(4, [](std::uint64_t i) { return 2 * i; }), (std::vector<std::uint64_t>{0, 2, 4, 6}));
  EXPECT_TRUE(for_loop(0, [](std::uint64_t i) { return i; }).empty());
  int turns = 0;
  for_loop(3, [&](std::uint64_t) { ++turns; });
  EXPECT_EQ(turns, 3);
}

TEST(ForLoop, EndsWhereProgressSaysSo) {
  std::vector<std::uint64_t> seen;
  const auto results = for_loop(10, [](std::uint64_t i) { return i; }, [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, 10u);
    seen.push_back(done);
    return done < 3;
  });
  EXPECT_EQ(results, (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_THROW(for_loop(2, [](std::uint64_t) { throw std::runtime_error("mine"); }), std::runtime_error);
}

TEST(ForLoop, StepsAndRunsMixFreely) {
  const auto network = [] {
    Network net;
    auto p = net.add("P", driven_lif(), 200);
    net.connect(p.slice(0, 150), p, fixed_outdegree(10)).synapse(exponential(3 * ms)).output(coba(0 * mV)).weight(2 * nS);
    return net;
  };
  Simulation whole(network(), {.threads = 2}), mixed(network(), {.threads = 2});
  const auto record = whole.record(SpikesRef{"P"});
  whole.run(40 * ms);
  std::vector<std::uint32_t> ids;
  const auto turn = [&](std::uint64_t) {
    mixed.step();
    const auto now = mixed.spiked("P");
    ids.insert(ids.end(), now.begin(), now.end());
    return now.size();
  };
  const auto counts = for_loop(100, turn);
  EXPECT_EQ(counts.size(), 100u);
  const auto during = mixed.record(SpikesRef{"P"});
  mixed.run(20 * ms);
  ids.insert(ids.end(), during->ids().begin(), during->ids().end());
  for_loop(100, turn);
  EXPECT_EQ(ids, record->ids());
  EXPECT_EQ(mixed.checksum(), whole.checksum());
}

TEST(Bar, ShowsSlowLoopsOnlyAndGoesAway) {
  using clock = std::chrono::steady_clock;
  for (auto begun = clock::now();; begun = clock::now()) {
    std::ostringstream quick;
    for_loop(1000, [](std::uint64_t) {}, Bar(quick));
    if (clock::now() - begun >= std::chrono::milliseconds(300)) continue;  // the machine was busy elsewhere
    EXPECT_EQ(quick.str(), "");
    break;
  }
  std::ostringstream slow;
  for_loop(5, [](std::uint64_t) { std::this_thread::sleep_for(std::chrono::milliseconds(110)); }, Bar(slow, 10));
  EXPECT_NE(slow.str().find("[########--] 4 of 5"), std::string::npos) << slow.str();
  EXPECT_TRUE(slow.str().ends_with("\r\033[K"));
}

}  // namespace
