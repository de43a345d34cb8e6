// The user's own text in a message: in quotes, of bearable length, with what cannot be printed written as \xNN.
//
//   throw UserError(quoted(text) + " is not a unit");
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace ranvier::base {

[[nodiscard]] inline std::string quoted(std::string_view text, std::size_t limit = 80) {
  std::string out = "'";
  for (const char c : text.substr(0, limit)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + (text.size() > limit ? "...'" : "'");
}

}  // namespace ranvier::base
