#include "text/lexer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/quote.hpp"

namespace ranvier::text {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  Lexer(const Source& source, Report& report) : source_(source), text_(source.text()), report_(report) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) next();
    push(Token::Kind::newline, 0);
    push(Token::Kind::end, 0);
    return std::move(tokens_);
  }

 private:
  void push(Token::Kind kind, std::size_t length, double number = 0) {
    tokens_.push_back({kind, {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(length)}, text_.substr(at_, length), number});
    at_ += length;
  }

  void fail(std::size_t length, std::string problem, std::string remedy) {
    report_.add(source_, {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(length)}, std::move(problem), std::move(remedy));
    push(Token::Kind::bad, length);
  }

  void next() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (c == '\n') {
      if (depth_ > 0) {
        ++at_;
      } else {
        push(Token::Kind::newline, 1);
      }
    } else if (c == '\\') {
      backslash();
    } else if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      number();
    } else if (is_letter(c)) {
      name();
    } else {
      symbol();
    }
  }

  void backslash() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t' || text_[end] == '\r')) ++end;
    if (end < text_.size() && text_[end] == '\n') {
      at_ = end + 1;
    } else {
      fail(1, "'\\' is not followed by the end of the line", "remove it, or what follows it");
    }
  }

  void number() {
    std::size_t end = at_;
    const auto digits = [&] { while (end < text_.size() && is_digit(text_[end])) ++end; };
    digits();
    if (end < text_.size() && text_[end] == '.') {
      ++end;
      digits();
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t after = end + 1;
      if (after < text_.size() && (text_[after] == '+' || text_[after] == '-')) ++after;
      if (after < text_.size() && is_digit(text_[after])) {
        end = after;
        digits();
      }
    }
    double value = 0;
    const auto result = std::from_chars(text_.data() + at_, text_.data() + end, value);
    const auto length = end - at_;
    if (result.ec == std::errc::result_out_of_range || !std::isfinite(value)) {
      // Too small reads as out of range, too: both are mistakes.
      fail(length, "the number " + base::quoted(text_.substr(at_, length), 40) + " is out of range", "numbers reach from 1e-307 to 1e308");
      return;
    }
    push(Token::Kind::number, length, value);
    if (at_ < text_.size() && is_letter(text_[at_])) {
      const Span all{tokens_.back().span.first, tokens_.back().span.length + 1};
      report_.add(source_, all, "a name follows a number", "write a product: 5*mV");
      tokens_.back().kind = Token::Kind::bad;
    }
  }

  void name() {
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    if (end - at_ > longest_name) {
      fail(end - at_, "a name of " + std::to_string(end - at_) + " characters", "names have at most " + std::to_string(longest_name));
      return;
    }
    push(Token::Kind::name, end - at_);
  }

  void symbol() {
    static constexpr std::array<std::string_view, 12> pairs = {"**", "//", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "&&", "||"};
    for (const auto p : pairs) {
      if (text_.substr(at_, 2) != p) continue;
      push(Token::Kind::symbol, 2);
      return;
    }
    const char c = text_[at_];
    if (std::string_view("+-*/%()<>=:,;.^!").find(c) != std::string_view::npos) {
      if (c == '(') ++depth_;
      if (c == ')' && depth_ > 0) --depth_;
      push(Token::Kind::symbol, 1);
      return;
    }
    const auto length = character_length(text_, at_);
    if (length == 0) {
      fail(1, "the text is not UTF-8 here", "save the file as UTF-8");
    } else {
      fail(length, base::quoted(text_.substr(at_, length)) + " has no meaning here", "use names, numbers, + - * / ** and parentheses");
    }
  }

  const Source& source_;
  std::string_view text_;
  Report& report_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::vector<Token> tokenise(const Source& source, Report& report) {
  if (source.text().size() > longest_text) {
    report.add(source, {0, 1}, "the text has " + std::to_string(source.text().size()) + " bytes",
               "texts of up to " + std::to_string(longest_text >> 20) + " MB are read");
    return {Token{Token::Kind::newline, {}, {}, 0}, Token{Token::Kind::end, {}, {}, 0}};
  }
  return Lexer(source, report).run();
}

}  // namespace ranvier::text
