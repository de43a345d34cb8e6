#include "cli/json.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace ranvier::cli {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 32) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

JsonObject& JsonObject::add_raw(std::string_view key, std::string_view json) {
  members_ += (members_.empty() ? "  " : ",\n  ") + json_string(key) + ": ";
  for (const char c : json) members_ += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return *this;
}

std::string JsonObject::text() const { return members_.empty() ? "{}" : "{\n" + members_ + "\n}"; }

JsonArray& JsonArray::add_raw(std::string_view json) {
  items_ += items_.empty() ? "" : ", ";
  items_ += json;
  return *this;
}

}  // namespace ranvier::cli
