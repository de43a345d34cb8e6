// Canonical text of expressions: the fewest parentheses that keep the tree.
#include <algorithm>
#include <charconv>

#include "text/ast.hpp"

namespace ranvier::text {

int binding(Form form) {
  switch (form) {
    case Form::logic_or: return 1;
    case Form::logic_and: return 2;
    case Form::logic_not: return 3;
    case Form::less: case Form::less_equal: case Form::greater: case Form::greater_equal: case Form::equal: case Form::not_equal: return 4;
    case Form::add: case Form::subtract: return 5;
    case Form::multiply: case Form::divide: case Form::floor_divide: case Form::modulo: return 6;
    case Form::negate: return 7;
    case Form::power: return 8;
    case Form::number: case Form::name: case Form::call: return 9;
  }
  return 9;
}

std::string_view spelled(Form form) {
  switch (form) {
    case Form::logic_or: return " or ";
    case Form::logic_and: return " and ";
    case Form::logic_not: return "not ";
    case Form::less: return " < ";
    case Form::less_equal: return " <= ";
    case Form::greater: return " > ";
    case Form::greater_equal: return " >= ";
    case Form::equal: return " == ";
    case Form::not_equal: return " != ";
    case Form::add: return " + ";
    case Form::subtract: return " - ";
    case Form::multiply: return "*";
    case Form::divide: return "/";
    case Form::floor_divide: return "//";
    case Form::modulo: return "%";
    case Form::negate: return "-";
    case Form::power: return "**";
    case Form::number: case Form::name: case Form::call: return "";
  }
  return "";
}

namespace {

std::string number_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

/// What is still to be written: a node, or a text.
struct Piece {
  const SyntaxNode* node = nullptr;
  std::string_view text{};
  bool parentheses = false;
};

class Printer {
 public:
  explicit Printer(const Syntax& e) : e_(e) {}
  std::string run() {
    todo_.push_back({&e_.root(), {}, false});
    while (!todo_.empty()) {
      const auto piece = todo_.back();
      todo_.pop_back();
      if (!piece.node) {
        out_ += piece.text;
        continue;
      }
      if (piece.parentheses) {
        out_ += "(";
        todo_.push_back({nullptr, ")", false});
      }
      write(*piece.node);
    }
    return std::move(out_);
  }

 private:
  void child(std::uint32_t index, int least) {
    const auto& node = e_.nodes[index];
    todo_.push_back({&node, {}, binding(node.form) < least});
  }

  /// Pushes what follows in reverse order.
  void write(const SyntaxNode& n) {
    const int strength = binding(n.form);
    switch (n.form) {
      case Form::number: out_ += number_text(n.number); return;
      case Form::name: out_ += n.name; return;
      case Form::call:
        out_ += n.name + "(";
        todo_.push_back({nullptr, ")", false});
        for (std::uint32_t k = n.b; k-- > 0;) {
          child(e_.arguments[n.a + k], 0);
          if (k > 0) todo_.push_back({nullptr, ", ", false});
        }
        return;
      case Form::negate: case Form::logic_not:
        out_ += spelled(n.form);
        child(n.a, strength);
        return;
      case Form::power:
        child(n.b, binding(Form::negate));
        todo_.push_back({nullptr, "**", false});
        child(n.a, strength + 1);
        return;
      default: {
        const bool comparison = strength == binding(Form::less);
        child(n.b, strength + 1);
        todo_.push_back({nullptr, spelled(n.form), false});
        child(n.a, comparison ? strength + 1 : strength);
      }
    }
  }

  const Syntax& e_;
  std::vector<Piece> todo_;
  std::string out_;
};

}  // namespace

std::string print(const Syntax& e) { return Printer(e).run(); }

bool same(const Syntax& a, const Syntax& b) {
  return a.arguments == b.arguments && a.nodes.size() == b.nodes.size() &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), [](const SyntaxNode& x, const SyntaxNode& y) {
           return x.form == y.form && x.a == y.a && x.b == y.b && x.number == y.number && x.name == y.name;
         });
}

}  // namespace ranvier::text
