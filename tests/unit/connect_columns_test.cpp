// links: ranvier_connect ranvier_base
// Columns: every synapse of the rows once, with its target, place and segment, in whatever width they are stored.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "connect/columns.hpp"

namespace ranvier::connect {
namespace {

const base::Key key{0x12345678, 0x9abcdef0};
using Synapse = std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>;  // target, storage index, segment

/// What `columns` tells against the rows themselves, target by target and in storage order.
void expect_reversed(const Rows& rows, const std::vector<std::uint32_t>& slot_of, std::uint32_t slots) {
  const Columns columns(rows, slot_of, slots);
  std::vector<Synapse> expected, told;
  for (std::uint32_t source = 0; source < rows.sources(); ++source) {
    for (std::uint32_t slot = 0; slot < rows.slots(); ++slot) {
      for (auto i = rows.first(source, slot); i < rows.last(source, slot); ++i) expected.emplace_back(rows.target(i), i, source * slots + slot_of[slot]);
    }
  }
  std::stable_sort(expected.begin(), expected.end(), [](const Synapse& a, const Synapse& b) { return std::get<0>(a) < std::get<0>(b); });
  for (std::uint32_t target = 0; target < rows.slice().size(); ++target) {
    const auto before = told.size();
    columns.for_each(rows, target, [&](std::uint64_t i, std::uint32_t segment) { told.emplace_back(target, i, segment); });
    ASSERT_EQ(columns.count(target), told.size() - before);
  }
  EXPECT_EQ(told.size(), rows.synapses());
  EXPECT_EQ(told, expected);
}

TEST(Columns, AreTheReverseOfRows) {
  expect_reversed(build_rows(fixed_outdegree(80), {300, 400}, {0, 400}, key), {0}, 1);
  expect_reversed(build_rows(bernoulli(0.1), {300, 400}, {128, 400}, key), {0}, 1);
  expect_reversed(build_rows(fixed_total(0), {300, 400}, {0, 400}, key), {0}, 1);
}

TEST(Columns, OfMoreSourcesThanSixteenBitsName) {
  expect_reversed(build_rows(fixed_indegree(50), {200'000, 100}, {0, 100}, key), {0}, 1);
}

TEST(Columns, OfRowsLongerThanSixteenBitsName) {
  expect_reversed(build_rows(all_to_all(), {3, 65'536}, {0, 65'536}, key), {0}, 1);
  expect_reversed(build_rows(all_to_all(), {3, 65'537}, {0, 65'537}, key), {0}, 1);
}

/// The projection may have delays that this slice has not: its slots are numbered among all.
TEST(Columns, OfDelays) {
  const Rule rule = explicit_list({2, 0, 2, 0, 2, 2}, {5, 1, 0, 4, 5, 3}, {1, 2, 3, 4, 5, 6}, {0.3, 0.1, 0.3, 0.0, 0.3, 0.1}).multiple(true);
  const Rows rows = build_rows(rule, {3, 6}, {0, 6}, key, {.dt = 0.1});
  ASSERT_EQ(rows.slots(), 3u);
  expect_reversed(rows, {0, 1, 2}, 3);
  expect_reversed(rows, {0, 2, 4}, 5);
}

TEST(Columns, TakeFourBytesASynapse) {
  const Rows rows = build_rows(fixed_outdegree(80), {4000, 4000}, {0, 4000}, key);
  const std::uint32_t slot_of[] = {0};
  EXPECT_EQ(Columns(rows, slot_of, 1).bytes(), 4 * rows.synapses() + 4001 * 8u);
}

}  // namespace
}  // namespace ranvier::connect
