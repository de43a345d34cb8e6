// Numbers in messages: shortest decimal that reads back, and byte counts for people.
//
//   number(0.02);      // "0.02"
//   size_text(3.2e9);  // "3 GiB"
//   bytes_text(3.2e9); // "3 GiB (3200000000 bytes)"
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

namespace ranvier::connect {

inline std::string number(double value) {
  std::array<char, 32> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), result.ptr};
}
inline std::string number(std::uint64_t value) { return std::to_string(value); }

inline std::string size_text(double bytes) {
  static constexpr std::array<const char*, 6> names = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  double scaled = bytes;
  while (scaled >= 1024 && unit + 1 < names.size()) {
    scaled /= 1024;
    ++unit;
  }
  return number(std::floor(scaled * (unit == 0 ? 1 : 10) + 0.5) / (unit == 0 ? 1 : 10)) + " " + names[unit];
}

inline std::string bytes_text(double bytes) {
  if (bytes < 1024) return size_text(bytes);
  return size_text(bytes) + " (" + (bytes < 0x1p63 ? number(static_cast<std::uint64_t>(bytes)) : number(bytes)) + " bytes)";
}

}  // namespace ranvier::connect
