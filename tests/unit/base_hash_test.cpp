// links: ranvier_base
#include "base/hash.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

namespace ranvier::base {
namespace {

TEST(Hash, GivesThePublishedValuesOfMurmurHash3) {
  // Known answers of the reference implementation (seed 0, x64 128), as the two 64-bit halves.
  EXPECT_EQ(hash128(std::string_view()).hex(), "00000000000000000000000000000000");
  EXPECT_EQ(hash128(std::string_view("hello")).hex(), "cbd8a7b341bd9b025b1e906a48ae1d19");
  EXPECT_EQ(hash128(std::string_view("The quick brown fox jumps over the lazy dog")).hex(),
            "e34bbc7bbc071b6c7a433ca9c49a9347");
  EXPECT_EQ(hash64("hello"), 0xcbd8a7b341bd9b02ULL);
}

TEST(Hash, EveryLengthEveryByteAndTheSeedMatter) {
  std::set<std::string> seen;
  std::string text;
  std::size_t made = 0;
  for (int length = 0; length <= 40; ++length) {
    seen.insert(hash128(std::string_view(text)).hex());
    ++made;
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string other = text;
      other[i] = static_cast<char>(other[i] ^ 0x80);
      seen.insert(hash128(std::string_view(other)).hex());
      ++made;
    }
    text += 'x';
  }
  EXPECT_EQ(seen.size(), made);
  EXPECT_NE(hash64("a", 1), hash64("a", 2));
  EXPECT_NE(hash64("a", 1), hash64("a", 1ULL << 40));
}

TEST(Hash, UnalignedBytesGiveTheSame) {
  alignas(16) char buffer[64];
  const std::string text = "an odd number of bytes, thirty-nine here";
  for (int offset = 0; offset < 9; ++offset) {
    std::memcpy(buffer + offset, text.data(), text.size());
    EXPECT_EQ(hash128(std::string_view(buffer + offset, text.size())), hash128(std::string_view(text)));
    EXPECT_EQ(crc32c(std::string_view(buffer + offset, text.size())), crc32c(std::string_view(text)));
  }
}

TEST(Crc32c, GivesThePublishedCheckValues) {
  EXPECT_EQ(crc32c(std::string_view("123456789")), 0xe3069283u);
  // RFC 3720, appendix B.4.
  const std::string zeros(32, '\0'), ones(32, '\xff');
  EXPECT_EQ(crc32c(std::string_view(zeros)), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string_view(ones)), 0x62a8ab43u);
  std::string rising, falling;
  for (int i = 0; i < 32; ++i) {
    rising += static_cast<char>(i);
    falling += static_cast<char>(31 - i);
  }
  EXPECT_EQ(crc32c(std::string_view(rising)), 0x46dd794eu);
  EXPECT_EQ(crc32c(std::string_view(falling)), 0x113fdb5cu);
}

TEST(Crc32c, ContinuesOverParts) {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(crc32c(text.substr(cut), crc32c(text.substr(0, cut))), crc32c(std::string_view(text)));
  }
}

TEST(Hasher, FieldsKeepTheirBordersOrderAndKind) {
  const auto of = [](auto... fields) {
    Hasher h;
    (h.add(fields), ...);
    return h.digest();
  };
  EXPECT_EQ(of("ab", "c", 1), of("ab", "c", 1));
  EXPECT_NE(of("ab", "c"), of("a", "bc"));
  EXPECT_NE(of("ab", "c"), of("abc"));
  EXPECT_NE(of(1, 2), of(2, 1));
  EXPECT_NE(of(1), of(1, 0));
  EXPECT_NE(of(0.0), of(-0.0));
  EXPECT_NE(of(""), of());
  EXPECT_EQ(of(std::uint64_t{7}), of(7));
}

TEST(Mix64, IsABijectionOnASampleAndMovesHalfOfTheBits) {
  std::set<std::uint64_t> seen;
  double moved = 0;
  int pairs = 0;
  for (std::uint64_t x = 0; x < 2000; ++x) {
    seen.insert(mix64(x));
    for (int bit = 0; bit < 64; bit += 7, ++pairs) moved += std::popcount(mix64(x) ^ mix64(x ^ (1ULL << bit)));
  }
  EXPECT_EQ(seen.size(), 2000u);
  EXPECT_NEAR(moved / pairs, 32, 0.5);
}

}  // namespace
}  // namespace ranvier::base
