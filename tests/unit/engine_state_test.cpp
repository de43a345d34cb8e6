// links: ranvier_engine
// Memory of arrays that workers share out, and lists of spikes.
#include "engine/state.hpp"

#include <gtest/gtest.h>

#include <numeric>

using namespace ranvier::engine;

namespace {

ArrayMemory three_parts() {
  ArrayMemory memory(300, 4, std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0, 128, 192}));
  for (std::uint32_t i = 0; i < 300; ++i) memory.at<std::uint32_t>(i) = i;
  return memory;
}

TEST(ArrayMemory, EveryWorkerFindsItsElementsWhereEverybodyDoes) {
  const auto memory = three_parts();
  const std::uint32_t firsts[] = {0, 128, 192, 300};
  for (int w = 0; w < 3; ++w) {
    for (auto i = firsts[w]; i < firsts[w + 1]; ++i) {
      EXPECT_EQ(memory.part<std::uint32_t>(w) + i, &memory.at<std::uint32_t>(i));
      EXPECT_EQ(memory.part<std::uint32_t>(w)[i], i);
    }
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.part<std::uint32_t>(w) + firsts[w]) % 64, 0u);
  }
}

TEST(ArrayMemory, PartsLieApart) {
  const auto memory = three_parts();
  EXPECT_GT(reinterpret_cast<char*>(&memory.at<std::uint32_t>(128)) - reinterpret_cast<char*>(&memory.at<std::uint32_t>(127)), 1024);
  EXPECT_EQ(&memory.at<std::uint32_t>(127) - &memory.at<std::uint32_t>(126), 1);
  EXPECT_EQ(memory.bytes(), 320u * 4);
}

TEST(ArrayMemory, CopiesAreDeepAndKeepTheCuts) {
  auto memory = three_parts();
  const ArrayMemory copy = memory;
  memory.at<std::uint32_t>(200) = 7;
  EXPECT_EQ(copy.at<std::uint32_t>(200), 200u);
  EXPECT_EQ(copy.part<std::uint32_t>(2)[299], 299u);
  ArrayMemory moved;
  moved = std::move(memory);
  EXPECT_EQ(moved.at<std::uint32_t>(200), 7u);
}

TEST(ArrayMemory, IsCopiedToFlatMemory) {
  const ArrayMemory flat(300, 4);
  three_parts().copy_to(flat);
  for (std::uint32_t i = 0; i < 300; ++i) EXPECT_EQ(flat.as<std::uint32_t>()[i], i);
}

TEST(ArrayMemory, WithoutCutsIsOnePiece) {
  const ArrayMemory memory(100, 8);
  EXPECT_EQ(memory.part<double>(3), memory.as<double>());
  EXPECT_EQ(&memory.at<double>(99), memory.as<double>() + 99);
}

TEST(SpikeList, HoldsFewAndMany) {
  SpikeList list;
  EXPECT_EQ(list.begin(), list.end());
  for (const std::size_t count : {1u, 9u, 10u, 70'000u, 10u, 9u, 0u, 5'000u}) {
    std::vector<std::uint32_t> ids(count);
    std::iota(ids.begin(), ids.end(), 3u);
    list.assign(ids.data(), count);
    const SpikeList copy = list;
    EXPECT_EQ(list.size(), count);
    EXPECT_TRUE(std::equal(ids.begin(), ids.end(), list.begin(), list.end()));
    EXPECT_TRUE(std::equal(ids.begin(), ids.end(), copy.begin(), copy.end()));
    list.clear();
    EXPECT_EQ(list.begin(), list.end());
  }
}

}  // namespace
