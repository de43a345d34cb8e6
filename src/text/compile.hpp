// From syntax to expressions with dimensions: names are looked up, units checked, functions called.
//
//   Compiler compiler(source, report, names);
//   Value v = compiler.compile(*syntax);             // a mistake is reported once and gives Value::Kind::bad
//   std::optional<Expr> e = compiler.real(*syntax, dimension::voltage, "the reset of V");
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/in_unit.hpp"
#include "text/ast.hpp"

namespace ranvier::text {

/// What names mean. Units and physical constants are known besides.
struct Names {
  std::function<std::optional<Expr>(const std::string&)> find;
  std::function<std::vector<std::string>()> known;      ///< for suggestions
  /// True for a name that has a mistake of its own: not reported again.
  std::function<bool(const std::string&)> bad = [](const std::string&) { return false; };
  /// Functions beyond those of functions.hpp: nothing for a name that is none; UserError for wrong arguments.
  std::function<std::optional<Expr>(const std::string&, const std::vector<Expr>&)> call;
  std::vector<std::string> functions;                   ///< of `call`, for suggestions
  std::string no_random;                                ///< why rand() and randn() are refused here; empty: they are not
  /// Of a name that exists and cannot be used here: what is so, such as "is a state". Empty for others.
  std::function<std::string(const std::string&)> out_of_place = [](const std::string&) { return std::string(); };
};

struct Value {
  enum class Kind : std::uint8_t { bad, real, truth } kind = Kind::bad;
  Expr expr;
  Condition condition;
};

class Compiler {
 public:
  Compiler(const Source& source, Report& report, const Names& names) : source_(source), report_(report), names_(names) {}
  Value compile(const Syntax& e);
  /// Nothing, reported, unless it is a number of that dimension. `what` begins the message: "dV/dt".
  std::optional<Expr> real(const Syntax& e, const Dimension& wanted, const std::string& what);
  std::optional<Expr> real(const Syntax& e, const std::string& what);
  std::optional<Condition> condition(const Syntax& e, const std::string& what);

 private:
  Value node(const Syntax& e, const SyntaxNode& n);
  Value name(const SyntaxNode& n);
  Value call(const Syntax& e, const SyntaxNode& n);
  Value arithmetic(const SyntaxNode& n, const Value& a, const Value& b);
  Value comparison(const SyntaxNode& n, const Value& a, const Value& b);
  Value power(const SyntaxNode& n, const Expr& base, const Expr& exponent);
  Value fail(Span span, std::string problem, std::string remedy);
  [[nodiscard]] std::string shown(const SyntaxNode& n, const Value& v) const;
  bool all_real(const Syntax& e, const SyntaxNode& n, std::size_t from = 0);

  const Source& source_;
  Report& report_;
  const Names& names_;
  std::vector<Value> values_;   ///< of the nodes so far
};

/// "no unit" or the unit's name.
[[nodiscard]] std::string unit_of(const Dimension& d);
using base::in_unit;
/// A unit or a physical constant that equations may name: "mV", "nsiemens", "pi", "faraday_constant".
[[nodiscard]] std::optional<Quantity> unit_or_constant(const std::string& name);
/// The value of an expression without symbols.
[[nodiscard]] std::optional<Quantity> constant_value(const Expr& e);

}  // namespace ranvier::text
