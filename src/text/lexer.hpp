// Cuts a text into tokens. Line ends inside parentheses, and after a backslash, do not count; # starts a comment.
//
//   std::vector<Token> tokens = tokenise(source, report);      // ends with Kind::end
#pragma once

#include <vector>

#include "text/report.hpp"

namespace ranvier::text {

struct Token {
  enum class Kind : std::uint8_t { number, name, symbol, newline, end, bad } kind{};
  Span span;
  std::string_view text;   ///< of the source
  double number = 0;
};

/// What cannot be read is reported and becomes Kind::bad, which is not reported again.
[[nodiscard]] std::vector<Token> tokenise(const Source& source, Report& report);

}  // namespace ranvier::text
