// links: ranvier_connect ranvier_base
// Delivery against a plain loop over the pairs, bit for bit and in the same order; memory estimates and limits.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "connect/deliver.hpp"
#include "connect/rows.hpp"
#include "temporary_folder.hpp"

namespace ranvier::connect {
namespace {

const base::Key key = base::make_key(5, "deliver");

std::vector<std::uint32_t> every_third(std::uint32_t n) {
  std::vector<std::uint32_t> sources;
  for (std::uint32_t s = 1; s < n; s += 3) sources.push_back(s);
  return sources;
}

TEST(Deliver, CountsEverySynapseOfTheSources) {
  // Narrow and wide targets; rows of 0 to 20 and rows with many repeats.
  const std::pair<Rule, Ends> cases[] = {{bernoulli(0.001), {300, 9000}},
                                         {fixed_outdegree(80), {300, 4000}},
                                         {fixed_outdegree(40), {300, 70000}},
                                         {fixed_outdegree(500).multiple(true), {50, 7}},
                                         {fixed_outdegree(0), {10, 10}}};
  for (const auto& [rule, ends] : cases) {
    const Slice slice{static_cast<std::uint32_t>(ends.n_post / 7), static_cast<std::uint32_t>(ends.n_post)};
    const Rows rows = build_rows(rule, ends, slice, key);
    const auto sources = every_third(rows.sources());
    std::vector<std::uint32_t> arrived(slice.size(), 3), expected(slice.size(), 3);
    deliver_counts(rows, sources, 0, arrived.data());
    for (const auto s : sources) rows.for_each(s, 0, [&](std::uint32_t t, double) { ++expected[t]; });
    EXPECT_EQ(arrived, expected) << rule;
    deliver_counts(rows, {}, 0, arrived.data());
    EXPECT_EQ(arrived, expected);
  }
}

template <class Real>
void expect_weights_in_order(bool single) {
  std::mt19937 random(11);
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight, delay;
  for (int i = 0; i < 4000; ++i) {
    pre.push_back(random() % 50);
    post.push_back(random() % 40);  // many repeats, so that the order of summation shows in the last bits
    weight.push_back(std::ldexp(1.0 + random() * 0x1p-32, static_cast<int>(random() % 20)));
    delay.push_back(0.1 * (random() % 3));
  }
  const Rows rows = build_rows(explicit_list(pre, post, weight, delay).multiple(true), {50, 40}, {0, 40}, key,
                               {.dt = 0.1, .single_precision = single});
  ASSERT_EQ(rows.slots(), 3u);
  for (std::uint32_t slot = 0; slot < 3; ++slot) {
    const auto sources = every_third(50);
    std::vector<Real> arrived(40), expected(40);
    deliver_weights(rows, sources, slot, arrived.data());
    for (const auto s : sources) {
      rows.for_each(s, slot, [&](std::uint32_t t, double w) { expected[t] += static_cast<Real>(w); });
    }
    EXPECT_EQ(arrived, expected);
  }
}
TEST(Deliver, AddsWeightsInTheOrderOfSourcesAndStorage) {
  expect_weights_in_order<float>(true);
  expect_weights_in_order<float>(false);
  expect_weights_in_order<double>(true);
  expect_weights_in_order<double>(false);
}

TEST(Memory, EstimateIsWhatIsBuilt) {
  const Ends ends{3000, 5000};
  for (const Rule& rule : {fixed_outdegree(100), fixed_outdegree_fraction(0.02), fixed_indegree(7), fixed_indegree_fraction(0.01),
                           fixed_total(12345), all_to_all(), explicit_list({1, 2}, {3, 4}, {1, 2}, {0.1, 0.2})}) {
    const Estimate need = estimate(rule, ends, 2);
    const Rows a = build_rows(rule, ends, {0, 2500}, key), b = build_rows(rule, ends, {2500, 5000}, key);
    EXPECT_EQ(need.synapses, static_cast<double>(a.synapses() + b.synapses())) << rule;
    EXPECT_EQ(need.bytes, static_cast<double>(a.bytes() + b.bytes())) << rule;
    EXPECT_GE(need.peak_bytes, need.bytes);
  }
  EXPECT_NEAR(estimate(bernoulli(0.1), ends).synapses, 1.5e6, 1e-6);
  EXPECT_NEAR(estimate(bernoulli(0.1).self_connections(false), {100, 100, true}).synapses, 990, 1e-9);
  EXPECT_EQ(estimate(one_to_one(), {70, 70}).synapses, 70);
  // 77,169 x 3,876 with 16-bit targets: two bytes a synapse and offsets.
  EXPECT_LT(estimate(fixed_outdegree(3876), {77169, 77169}, 2).bytes / (77169.0 * 3876), 2.01);
}

TEST(Memory, TooLargeIsSaidInBytes) {
  const Estimate need = estimate(fixed_outdegree(1000000), {1000000, 1000000});
  try {
    check_memory(need, 8.0 * (1 << 30), "E -> E");
    FAIL();
  } catch (const UserError& e) {
    const std::string text = e.what();
    EXPECT_EQ(e.where(), "E -> E");
    // 10^12 targets of 4 bytes, 10^6 + 1 offsets of 8 bytes, and as many while building.
    EXPECT_NE(text.find("1000000000000 synapses need 3.6 TiB (4000016000016 bytes)"), std::string::npos) << text;
    EXPECT_NE(text.find("and 8 GiB (8589934592 bytes) are available"), std::string::npos) << text;
  }
  EXPECT_NO_THROW(check_memory(need, need.peak_bytes, "E -> E"));
}

class FakeMachine : public ::testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    const auto file = std::filesystem::path(root_ + path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  const TemporaryFolder folder_;
  const std::string root_ = folder_.path().string();
};

TEST_F(FakeMachine, AvailableMemoryIsTheLeastOfItsLimits) {
  EXPECT_EQ(available_memory(root_), std::numeric_limits<double>::max());
  write("/proc/meminfo", "MemTotal:       2000 kB\nMemFree:        10 kB\nMemAvailable:   1000 kB\n");
  EXPECT_EQ(available_memory(root_), 1024000);
  // Version 2: no limit on the group itself, one on its parent, whose file cache can be reclaimed.
  write("/proc/self/cgroup", "0::/job/step\n");
  write("/sys/fs/cgroup/job/step/memory.max", "max\n");
  EXPECT_EQ(available_memory(root_), 1024000);
  write("/sys/fs/cgroup/job/memory.max", "500000\n");
  write("/sys/fs/cgroup/job/memory.current", "400000\n");
  EXPECT_EQ(available_memory(root_), 100000);
  write("/sys/fs/cgroup/job/memory.stat", "anon 1\ninactive_file 150000\nactive_file 5\n");
  EXPECT_EQ(available_memory(root_), 250000);
  write("/sys/fs/cgroup/memory.max", "90000\n");
  EXPECT_EQ(available_memory(root_), 90000);
}

TEST_F(FakeMachine, VersionOneOfControlGroups) {
  write("/proc/meminfo", "MemAvailable:   1000 kB\n");
  write("/proc/self/cgroup", "11:cpu,cpuacct:/a\n4:memory:/a\nnonsense\n");
  write("/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "70000\n");
  write("/sys/fs/cgroup/memory/a/memory.usage_in_bytes", "80000\n");
  EXPECT_EQ(available_memory(root_), 0);
}

TEST(Memory, OfThisMachineIsPositive) { EXPECT_GT(available_memory(), 1 << 20); }

}  // namespace
}  // namespace ranvier::connect
