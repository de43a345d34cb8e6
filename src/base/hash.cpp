#include "base/hash.hpp"

#include <cstring>

namespace ranvier::base {
namespace {

constexpr std::uint64_t c1 = 0x87c37b91114253d5ULL, c2 = 0x4cf5ad432745937fULL;

/// Little-endian whatever the machine.
std::uint64_t read_word(const char* bytes, std::size_t count) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, count);
    return word;
  } else {
    std::uint64_t word = 0;
    for (std::size_t i = count; i > 0; --i) word = word << 8 | static_cast<unsigned char>(bytes[i - 1]);
    return word;
  }
}

constexpr std::uint64_t scramble_first(std::uint64_t k) { return std::rotl(k * c1, 31) * c2; }
constexpr std::uint64_t scramble_second(std::uint64_t k) { return std::rotl(k * c2, 33) * c1; }

void absorb(std::uint64_t& h1, std::uint64_t& h2, std::uint64_t k1, std::uint64_t k2) {
  h1 ^= scramble_first(k1);
  h1 = (std::rotl(h1, 27) + h2) * 5 + 0x52dce729;
  h2 ^= scramble_second(k2);
  h2 = (std::rotl(h2, 31) + h1) * 5 + 0x38495ab5;
}

Digest finish(std::uint64_t h1, std::uint64_t h2, std::uint64_t length) {
  h1 ^= length;
  h2 ^= length;
  h1 += h2;
  h2 += h1;
  h1 = mix64(h1);
  h2 = mix64(h2);
  h1 += h2;
  h2 += h1;
  return {h1, h2};
}

/// Eight tables of 256: byte i of a word of eight, counted from its end, moves the remainder on by i bytes.
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;
constexpr CrcTables make_crc_tables() {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1u) != 0 ? 0x82f63b78u : 0u);
    tables[0][byte] = rest;
  }
  for (std::size_t t = 1; t < 8; ++t) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      tables[t][byte] = (tables[t - 1][byte] >> 8) ^ tables[0][tables[t - 1][byte] & 0xff];
    }
  }
  return tables;
}
constexpr CrcTables crc_tables = make_crc_tables();

std::string_view as_text(std::span<const std::byte> data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

}  // namespace

std::string Digest::hex() const {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::uint64_t word : {low, high}) {
    for (int shift = 60; shift >= 0; shift -= 4) text += digits[word >> shift & 15];
  }
  return text;
}

Digest hash128(std::string_view data, std::uint64_t seed) {
  std::uint64_t h1 = seed, h2 = seed;
  const char* at = data.data();
  std::size_t left = data.size();
  for (; left >= 16; left -= 16, at += 16) absorb(h1, h2, read_word(at, 8), read_word(at + 8, 8));
  if (left > 8) h2 ^= scramble_second(read_word(at + 8, left - 8));
  if (left > 0) h1 ^= scramble_first(read_word(at, left < 8 ? left : 8));
  return finish(h1, h2, data.size());
}

Digest hash128(std::span<const std::byte> data, std::uint64_t seed) { return hash128(as_text(data), seed); }

std::uint64_t hash64(std::string_view data, std::uint64_t seed) { return hash128(data, seed).low; }

std::uint32_t crc32c(std::string_view data, std::uint32_t previous) {
  std::uint32_t rest = ~previous;
  const char* at = data.data();
  std::size_t left = data.size();
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint64_t word = read_word(at, 8) ^ rest;
    rest = 0;
    for (std::size_t i = 0; i < 8; ++i) rest ^= crc_tables[7 - i][word >> (8 * i) & 0xff];
  }
  for (; left > 0; --left, ++at) rest = (rest >> 8) ^ crc_tables[0][(rest ^ static_cast<unsigned char>(*at)) & 0xff];
  return ~rest;
}

std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t previous) {
  return crc32c(as_text(data), previous);
}

void Hasher::pair(std::uint64_t first, std::uint64_t second) {
  absorb(low_, high_, first, second);
  ++pairs_;
}

Hasher& Hasher::add(std::string_view text) {
  const Digest inner = hash128(text);
  pair(text.size(), 1);
  pair(inner.low, inner.high);
  return *this;
}

Hasher& Hasher::add(std::uint64_t number) {
  pair(number, 2);
  return *this;
}

Digest Hasher::digest() const { return finish(low_, high_, 16 * pairs_); }

}  // namespace ranvier::base
