// Precedence climbing. Recursion goes as deep as parentheses, powers and prefixes are nested, which is bounded; chains of
// operators are loops.
#include <algorithm>
#include <set>

#include "base/quote.hpp"
#include "text/ast.hpp"

namespace ranvier::text {
namespace {

struct Infix {
  std::string_view symbol;
  Form form;
};
constexpr Infix infixes[] = {{"or", Form::logic_or},      {"||", Form::logic_or}, {"and", Form::logic_and}, {"&&", Form::logic_and},
                             {"<", Form::less},           {"<=", Form::less_equal}, {">", Form::greater},   {">=", Form::greater_equal},
                             {"==", Form::equal},         {"!=", Form::not_equal}, {"+", Form::add},        {"-", Form::subtract},
                             {"*", Form::multiply},       {"/", Form::divide},     {"//", Form::floor_divide}, {"%", Form::modulo},
                             {"**", Form::power}};

bool is_comparison(Form f) { return f >= Form::less && f <= Form::not_equal; }

class Parser {
 public:
  Parser(Cursor& cursor, const Source& source, Report& report) : cursor_(cursor), source_(source), report_(report) {}

  std::optional<Syntax> run() {
    if (!climb(0)) return {};
    return std::move(syntax_);
  }

 private:
  using Place = std::optional<std::uint32_t>;

  Place fail(Span span, std::string problem, std::string remedy) {
    report_.add(source_, span, std::move(problem), std::move(remedy));
    return {};
  }

  std::uint32_t push(SyntaxNode node) {
    syntax_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(syntax_.nodes.size() - 1);
  }

  const Infix* infix() const {
    const auto& t = cursor_.peek();
    if (t.kind != Token::Kind::symbol && t.kind != Token::Kind::name) return nullptr;
    const auto* found = std::find_if(std::begin(infixes), std::end(infixes), [&](const Infix& i) { return i.symbol == t.text; });
    return found == std::end(infixes) ? nullptr : found;
  }

  /// Operators that bind at least as tightly as `least`.
  Place climb(int least) {
    auto left = prefix(least);
    while (left) {
      const auto* op = infix();
      if (!op) return misplaced() ? Place{} : left;
      const int strength = binding(op->form);
      if (strength < least) return left;
      if (is_comparison(op->form) && is_comparison(syntax_.nodes[*left].form) && !in_parentheses(*left)) {
        return fail(cursor_.peek().span, "comparisons cannot be chained", "write a < b and b < c");
      }
      cursor_.take();
      // A power's exponent may carry a sign and be a power: a**-b**c is a**(-(b**c)).
      if (++depth_ > deepest_nesting) return too_deep(cursor_.peek().span);
      const auto right = climb(op->form == Form::power ? binding(Form::negate) : strength + 1);
      --depth_;
      if (!right) return {};
      left = push({op->form, join(syntax_.nodes[*left].span, syntax_.nodes[*right].span), *left, *right, 0, {}});
    }
    return {};
  }

  /// Spans of what stands in parentheses include them.
  bool in_parentheses(std::uint32_t node) const { return source_.text()[syntax_.nodes[node].span.first] == '(' && closed_.contains(node); }

  bool misplaced() {
    const auto& t = cursor_.peek();
    if (t.kind == Token::Kind::bad) return true;  // told already
    if (t.kind == Token::Kind::symbol && t.text == ")" && depth_ == 0) {
      fail(t.span, "this ')' closes nothing", "remove it, or open it with '('");
      return true;
    }
    if (t.kind == Token::Kind::symbol && t.text == "^") {
      fail(t.span, "'^' is no operator", "write a power as x**2");
      return true;
    }
    if (t.kind == Token::Kind::number || (t.kind == Token::Kind::name && t.text != "not" && t.text != "if" && t.text != "else")) {
      fail(t.span, "an operator is missing before " + base::quoted(t.text, 40), "write a product with *");
      return true;
    }
    if (t.kind == Token::Kind::name) {
      fail(t.span, "'" + std::string(t.text) + "' cannot stand here", t.text == "not" ? "put 'and' or 'or' before it" : "use where(condition, yes, no)");
      return true;
    }
    if (t.kind == Token::Kind::symbol && t.text == "(") {
      fail(t.span, "an operator is missing before '('", "write a product with *");
      return true;
    }
    return false;
  }

  Place prefix(int least) {
    const auto t = cursor_.peek();
    const bool sign = t.kind == Token::Kind::symbol && (t.text == "-" || t.text == "+");
    const bool negation = cursor_.is_word("not") || cursor_.is("!");
    if (!sign && !negation) return primary();
    if (++depth_ > deepest_nesting) return too_deep(t.span);
    cursor_.take();
    const Form form = negation ? Form::logic_not : Form::negate;
    if (binding(form) < least && negation) return fail(t.span, "'not' cannot stand here", "put parentheses around it");
    const auto inner = climb(binding(form));
    --depth_;
    if (!inner || (sign && t.text == "+")) return inner;
    return push({form, join(t.span, syntax_.nodes[*inner].span), *inner, 0, 0, {}});
  }

  Place too_deep(Span span) {
    return fail(span, "more than " + std::to_string(deepest_nesting) + " levels of parentheses or signs", "name parts of the expression");
  }

  Place primary() {
    const auto t = cursor_.peek();
    if (t.kind == Token::Kind::number) {
      cursor_.take();
      return push({Form::number, t.span, 0, 0, t.number, {}});
    }
    if (t.kind == Token::Kind::name && t.text != "and" && t.text != "or") {
      cursor_.take();
      if (cursor_.is("(")) return call(t);
      return dotted(t);
    }
    if (cursor_.is("(")) return parenthesised();
    if (t.kind == Token::Kind::bad) return {};  // told already
    const bool ends = t.kind == Token::Kind::symbol && std::string_view(":;),").find(t.text) != std::string_view::npos;
    if (cursor_.at_line_end() || ends) return fail(t.span, "the expression ends too early", "complete it");
    return fail(t.span, base::quoted(t.text, 40) + " cannot stand here", "an expression is a number, a name, or a formula of them");
  }

  /// Names of parts: "INa.p", "I_to_E.g".
  Place dotted(const Token& first) {
    auto span = first.span;
    std::string name(first.text);
    while (cursor_.is(".")) {
      const auto dot = cursor_.take();
      const auto next = cursor_.peek();
      const bool joined = dot.span.first == span.last() && next.span.first == dot.span.last();
      if (next.kind != Token::Kind::name || !joined) return fail(dot.span, "'.' has no meaning here", "use a plain name, or one such as INa.p");
      name += "." + std::string(cursor_.take().text);
      span = join(span, next.span);
    }
    if (cursor_.is("(")) return fail(span, "'" + name + "' is no function", "functions have plain names");
    return push({Form::name, span, 0, 0, 0, std::move(name)});
  }

  Place parenthesised() {
    const auto open = cursor_.take();
    if (++depth_ > deepest_nesting) return too_deep(open.span);
    if (cursor_.is(")")) return fail(join(open.span, cursor_.peek().span), "the parentheses are empty", "put an expression between them");
    const auto inner = climb(0);
    --depth_;
    if (!inner) return {};
    if (!cursor_.is(")")) return unclosed(open);
    auto& node = syntax_.nodes[*inner];
    node.span = join(open.span, cursor_.take().span);
    closed_.insert(*inner);
    return inner;
  }

  Place unclosed(const Token& open) {
    const auto& t = cursor_.peek();
    if (cursor_.at_line_end() || t.text == ":" || t.text == "=") return fail(open.span, "this '(' is never closed", "close it with ')'");
    return fail(t.span, "expected ')' before " + base::quoted(t.text, 40), "close the '(' of " + source_.quote({open.span.first, 20}));
  }

  Place call(const Token& name) {
    const auto open = cursor_.take();
    if (++depth_ > deepest_nesting) return too_deep(open.span);
    std::vector<std::uint32_t> arguments;
    while (!cursor_.is(")")) {
      const auto a = climb(0);
      if (!a) return {};
      arguments.push_back(*a);
      if (cursor_.is(",")) {
        cursor_.take();
        if (cursor_.is(")")) return fail(cursor_.peek().span, "an argument is missing", "remove the comma or add it");
      } else if (!cursor_.is(")")) {
        return unclosed(open);
      }
    }
    --depth_;
    const auto close = cursor_.take();
    const auto first = static_cast<std::uint32_t>(syntax_.arguments.size());
    syntax_.arguments.insert(syntax_.arguments.end(), arguments.begin(), arguments.end());
    return push({Form::call, join(name.span, close.span), first, static_cast<std::uint32_t>(arguments.size()), 0, std::string(name.text)});
  }

  Cursor& cursor_;
  const Source& source_;
  Report& report_;
  Syntax syntax_;
  std::set<std::uint32_t> closed_;   ///< nodes that stand in parentheses
  std::size_t depth_ = 0;
};

}  // namespace

std::optional<Syntax> parse_expression(Cursor& cursor, const Source& source, Report& report) {
  return Parser(cursor, source, report).run();
}

std::optional<Syntax> parse_whole(const Source& source, Report& report) {
  const auto before = report.count();
  const auto tokens = tokenise(source, report);
  if (report.count() > before) return {};
  Cursor cursor(tokens);
  while (cursor.peek().kind == Token::Kind::newline) cursor.take();
  auto e = parse_expression(cursor, source, report);
  if (!e) return {};
  while (cursor.peek().kind == Token::Kind::newline) cursor.take();
  if (cursor.at_end()) return e;
  if (cursor.is("=")) {
    report.add(source, cursor.peek().span, "an assignment cannot stand here", "compare with ==, >= ...");
    return {};
  }
  report.add(source, cursor.peek().span, base::quoted(cursor.peek().text, 40) + " follows the expression", "remove it");
  return {};
}

}  // namespace ranvier::text
