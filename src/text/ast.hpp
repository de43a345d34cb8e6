// Expressions as they are written: a flat list of nodes, children before parents, so that no walk needs recursion.
//
//   Cursor cursor(tokens);
//   std::optional<Syntax> e = parse_expression(cursor, source, report);
//   std::string s = print(*e);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/lexer.hpp"

namespace ranvier::text {

enum class Form : std::uint8_t {
  number, name, call, negate, add, subtract, multiply, divide, floor_divide, modulo, power,
  less, less_equal, greater, greater_equal, equal, not_equal, logic_not, logic_and, logic_or
};

struct SyntaxNode {
  Form form{};
  Span span;
  std::uint32_t a = 0, b = 0;      ///< operands; of a call: the first of its arguments in Syntax::arguments, and their number
  double number = 0;
  std::string name;
};

struct Syntax {
  std::vector<SyntaxNode> nodes;   ///< the root is the last
  std::vector<std::uint32_t> arguments;
  [[nodiscard]] const SyntaxNode& root() const { return nodes.back(); }
};

/// A place in a list of tokens.
class Cursor {
 public:
  explicit Cursor(const std::vector<Token>& tokens) : tokens_(&tokens) {}
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return (*tokens_)[at_ + ahead < tokens_->size() ? at_ + ahead : tokens_->size() - 1];
  }
  const Token& take() { return at_ + 1 < tokens_->size() ? (*tokens_)[at_++] : tokens_->back(); }
  [[nodiscard]] bool is(std::string_view symbol) const { return peek().kind == Token::Kind::symbol && peek().text == symbol; }
  [[nodiscard]] bool is_word(std::string_view word) const { return peek().kind == Token::Kind::name && peek().text == word; }
  [[nodiscard]] bool at_line_end() const { return peek().kind == Token::Kind::newline || at_end(); }
  [[nodiscard]] bool at_end() const { return peek().kind == Token::Kind::end; }
  /// To the start of the next line.
  void skip_line() {
    while (!at_line_end()) take();
    if (!at_end()) take();
  }

 private:
  const std::vector<Token>* tokens_;
  std::size_t at_ = 0;
};

/// Reads as far as an expression goes. Nothing, with a report, where there is none.
[[nodiscard]] std::optional<Syntax> parse_expression(Cursor& cursor, const Source& source, Report& report);
/// A text that is one expression and nothing else.
[[nodiscard]] std::optional<Syntax> parse_whole(const Source& source, Report& report);

/// Canonical form; parse(print(e)) has the same nodes.
[[nodiscard]] std::string print(const Syntax& e);
/// The same but for places.
[[nodiscard]] bool same(const Syntax& a, const Syntax& b);

/// How tightly a form binds: larger is tighter.
[[nodiscard]] int binding(Form form);
[[nodiscard]] std::string_view spelled(Form form);

}  // namespace ranvier::text
