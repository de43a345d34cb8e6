// Stable, non-cryptographic hashes of bytes, equal on every machine: cache keys, structural hashes, checksums of files.
// 128 bits: MurmurHash3 x64 128 (Appleby, public domain); 64 bits: its first half; crc32c: the Castagnoli polynomial.
//
//   Digest d = hash128("text");  std::string name = d.hex();
//   Hasher h;  h.add("kernel").add(std::uint64_t{8}).add(0.1);  Digest key = h.digest();
//   std::uint32_t sum = crc32c(bytes);                           // crc32c(b, crc32c(a)) is that of a followed by b
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ranvier::base {

struct Digest {
  std::uint64_t low = 0, high = 0;
  friend constexpr bool operator==(const Digest&, const Digest&) = default;
  friend constexpr auto operator<=>(const Digest&, const Digest&) = default;
  /// 32 lower-case hexadecimal digits, `low` first.
  [[nodiscard]] std::string hex() const;
};

/// Of the bytes of `data`. Seed 0 gives the published values of MurmurHash3 x64 128; seeds above 32 bits are our
/// extension.
[[nodiscard]] Digest hash128(std::string_view data, std::uint64_t seed = 0);
[[nodiscard]] Digest hash128(std::span<const std::byte> data, std::uint64_t seed = 0);
[[nodiscard]] std::uint64_t hash64(std::string_view data, std::uint64_t seed = 0);

/// CRC-32C of `data` continuing from `previous` (0 to begin).
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t previous = 0);
[[nodiscard]] std::uint32_t crc32c(std::string_view data, std::uint32_t previous = 0);

/// One 64-bit word mixed so that every input bit moves every output bit (the finaliser of MurmurHash3): a bijection.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

/// Hash of a sequence of fields as it is told. Each field is told with its kind and length, so that "ab","c" and
/// "a","bc" differ.
class Hasher {
 public:
  explicit Hasher(std::uint64_t seed = 0) : low_(seed), high_(seed) {}
  Hasher& add(std::string_view text);
  Hasher& add(const char* text) { return add(std::string_view(text)); }
  Hasher& add(std::uint64_t number);
  Hasher& add(std::int64_t number) { return add(static_cast<std::uint64_t>(number)); }
  Hasher& add(std::uint32_t number) { return add(static_cast<std::uint64_t>(number)); }
  Hasher& add(int number) { return add(static_cast<std::uint64_t>(static_cast<std::int64_t>(number))); }
  Hasher& add(bool flag) { return add(static_cast<std::uint64_t>(flag)); }
  Hasher& add(double number) {
    return add(std::bit_cast<std::uint64_t>(number));
  }  ///< by its bits: 0.0 and -0.0 differ
  Hasher& add(const Digest& digest) { return add(digest.low).add(digest.high); }
  [[nodiscard]] Digest digest() const;

 private:
  void pair(std::uint64_t first, std::uint64_t second);
  std::uint64_t low_, high_, pairs_ = 0;
};

}  // namespace ranvier::base
