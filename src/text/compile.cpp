#include "text/compile.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "model/model_data.hpp"
#include "text/functions.hpp"

namespace ranvier::text {

std::string unit_of(const Dimension& d) { return d.is_none() ? "no unit" : unit_name(d); }

Value Compiler::fail(Span span, std::string problem, std::string remedy) {
  report_.add(source_, span, std::move(problem), std::move(remedy));
  return {};
}

std::string Compiler::shown(const SyntaxNode& n, const Value& v) const {
  return source_.quote(n.span) + " [" + unit_of(v.expr.dimension()) + "]";
}

Value Compiler::compile(const Syntax& e) {
  values_.clear();
  values_.reserve(e.nodes.size());
  for (const auto& n : e.nodes) {
    try {
      values_.push_back(node(e, n));
    } catch (const UserError& error) {  // what the expressions themselves refuse
      values_.push_back(fail(n.span, error.problem(), error.remedy()));
    }
  }
  return values_.back();
}

std::optional<Expr> Compiler::real(const Syntax& e, const std::string& what) {
  const auto v = compile(e);
  if (v.kind == Value::Kind::bad) return {};
  if (v.kind == Value::Kind::real) return v.expr;
  fail(e.root().span, what + " must be a number, but " + source_.quote(e.root().span) + " is a condition", "use where(condition, 1, 0)");
  return {};
}

std::optional<Expr> Compiler::real(const Syntax& e, const Dimension& wanted, const std::string& what) {
  const auto v = real(e, what);
  if (!v || v->dimension() == wanted) return v;
  fail(e.root().span, what + " must be " + in_unit(wanted) + ", but " + source_.quote(e.root().span) + " is " + in_unit(v->dimension()),
       "check the units of its terms");
  return {};
}

std::optional<Condition> Compiler::condition(const Syntax& e, const std::string& what) {
  const auto v = compile(e);
  if (v.kind == Value::Kind::bad) return {};
  if (v.kind == Value::Kind::truth) return v.condition;
  fail(e.root().span, what + " must be a condition, but " + source_.quote(e.root().span) + " is a number", "compare it: V > -50*mV");
  return {};
}

Value Compiler::node(const Syntax& e, const SyntaxNode& n) {
  if (n.form == Form::number) return {Value::Kind::real, Expr(n.number), {}};
  if (n.form == Form::name) return name(n);
  if (n.form == Form::call) return call(e, n);
  const bool unary = n.form == Form::negate || n.form == Form::logic_not;
  const auto& a = values_[n.a];
  const auto& b = unary ? a : values_[n.b];
  if (a.kind == Value::Kind::bad || b.kind == Value::Kind::bad) return {};
  const bool logic = n.form == Form::logic_and || n.form == Form::logic_or || n.form == Form::logic_not;
  for (const auto* side : {&a, &b}) {
    const auto& at = e.nodes[side == &a ? n.a : n.b];
    if (logic && side->kind != Value::Kind::truth) {
      return fail(at.span, source_.quote(at.span) + " is a number where a condition is needed", "compare it with something");
    }
    if (!logic && side->kind != Value::Kind::real) {
      return fail(at.span, source_.quote(at.span) + " is a condition where a number is needed", "use int(condition) or where(condition, a, b)");
    }
  }
  if (n.form == Form::logic_not) return {Value::Kind::truth, {}, !a.condition};
  if (n.form == Form::logic_and) return {Value::Kind::truth, {}, a.condition && b.condition};
  if (n.form == Form::logic_or) return {Value::Kind::truth, {}, a.condition || b.condition};
  if (n.form == Form::negate) return {Value::Kind::real, -a.expr, {}};
  const bool alike = n.form != Form::multiply && n.form != Form::divide && n.form != Form::power && n.form != Form::floor_divide;
  if (alike && a.expr.dimension() != b.expr.dimension()) {
    const std::string verb = n.form == Form::add ? "add " : n.form == Form::subtract ? "subtract " : n.form == Form::modulo ? "take a remainder of " : "compare ";
    return fail(n.span, "cannot " + verb + shown(e.nodes[n.a], a) + (verb == "compare " ? " with " : " and ") + shown(e.nodes[n.b], b),
                "both sides need the same unit");
  }
  return n.form >= Form::less ? comparison(n, a, b) : arithmetic(n, a, b);
}

Value Compiler::arithmetic(const SyntaxNode& n, const Value& a, const Value& b) {
  const auto real = [](const Expr& e) { return Value{Value::Kind::real, e, {}}; };
  switch (n.form) {
    case Form::add: return real(a.expr + b.expr);
    case Form::subtract: return real(a.expr - b.expr);
    case Form::multiply: return real(a.expr * b.expr);
    case Form::divide: return real(a.expr / b.expr);
    case Form::power: return power(n, a.expr, b.expr);
    case Form::modulo: return real(a.expr - b.expr * floor(a.expr / b.expr));
    case Form::floor_divide:
      if (a.expr.dimension() == b.expr.dimension()) return real(floor(a.expr / b.expr));
      return fail(n.span, "// of two different units: [" + unit_of(a.expr.dimension()) + "] and [" + unit_of(b.expr.dimension()) + "]", "use /");
    default: throw InternalError("not an arithmetic form");
  }
}

Value Compiler::comparison(const SyntaxNode& n, const Value& a, const Value& b) {
  const auto truth = [](Condition c) { return Value{Value::Kind::truth, {}, std::move(c)}; };
  switch (n.form) {
    case Form::less: return truth(a.expr < b.expr);
    case Form::less_equal: return truth(a.expr <= b.expr);
    case Form::greater: return truth(a.expr > b.expr);
    case Form::greater_equal: return truth(a.expr >= b.expr);
    case Form::equal: return truth(a.expr == b.expr);
    case Form::not_equal: return truth(a.expr != b.expr);
    default: throw InternalError("not a comparison");
  }
}

Value Compiler::power(const SyntaxNode& n, const Expr& base, const Expr& exponent) {
  if (!exponent.dimension().is_none()) {
    return fail(n.span, "an exponent has the unit " + unit_of(exponent.dimension()), "exponents are numbers without unit");
  }
  if (const auto number = constant_value(exponent)) {
    if (const auto constant = constant_value(base); constant && constant->dimension.is_none()) {
      return {Value::Kind::real, *constant_value(pow(Expr(*constant), number->value)), {}};
    }
    return {Value::Kind::real, pow(base, number->value), {}};
  }
  if (!base.dimension().is_none()) {
    return fail(n.span, "a quantity in " + unit_of(base.dimension()) + " is raised to a power that varies", "divide it by a quantity of its unit first");
  }
  return {Value::Kind::real, pow(base, exponent), {}};
}

namespace {

/// "mV" for "mv" and "MV"; empty if there is none.
std::string unit_in_other_case(const std::string& name) {
  static constexpr std::string_view units[] = {"mV", "volt", "ms", "us", "second", "pA", "nA", "uA", "amp", "pS", "nS", "uS", "mS", "siemens",
                                               "pF", "nF", "uF", "farad", "Hz", "kHz", "hertz", "Mohm", "ohm", "um", "meter", "mM"};
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); };
  for (const auto u : units) {
    if (std::equal(u.begin(), u.end(), name.begin(), name.end(), same)) return std::string(u);
  }
  return {};
}

}  // namespace

Value Compiler::name(const SyntaxNode& n) {
  if (names_.bad(n.name)) return {};
  if (const auto found = names_.find(n.name)) return {Value::Kind::real, *found, {}};
  if (const auto unit = unit_or_constant(n.name)) return {Value::Kind::real, Expr(*unit), {}};
  if (n.name == "True" || n.name == "False") {
    return fail(n.span, "'" + n.name + "' is no number", "write a comparison, or 1 or 0");
  }
  if (find_function(n.name)) return fail(n.span, "'" + n.name + "' is a function", "call it: " + n.name + "(x)");
  if (const auto reason = names_.out_of_place(n.name); !reason.empty()) return fail(n.span, "'" + n.name + "' " + reason, "use what does not change");
  if (const auto* remedy = unsupported_name(n.name)) return fail(n.span, "the variable '" + n.name + "' does not exist", remedy);
  const auto near = detail::suggest(n.name, names_.known());
  const auto unit = unit_in_other_case(n.name);
  return fail(n.span, "unknown name '" + n.name + "'", unit.empty() ? near : "did you mean the unit '" + unit + "'?");
}

bool Compiler::all_real(const Syntax& e, const SyntaxNode& n, std::size_t from) {
  for (std::size_t k = from; k < n.b; ++k) {
    const auto at = e.arguments[n.a + k];
    if (values_[at].kind == Value::Kind::real) continue;
    if (values_[at].kind == Value::Kind::truth) {
      fail(e.nodes[at].span, source_.quote(e.nodes[at].span) + " is a condition where a number is needed", "use int(condition)");
    }
    return false;
  }
  return true;
}

Value Compiler::call(const Syntax& e, const SyntaxNode& n) {
  if (names_.bad(n.name)) return {};
  const auto* f = find_function(n.name);
  if (!f) {
    std::vector<std::string> known = names_.functions;
    if (names_.call && std::find(known.begin(), known.end(), n.name) != known.end()) {
      if (!all_real(e, n)) return {};
      std::vector<Expr> x;
      for (std::size_t k = 0; k < n.b; ++k) x.push_back(values_[e.arguments[n.a + k]].expr);
      if (const auto made = names_.call(n.name, x)) return {Value::Kind::real, *made, {}};
    }
    for (const auto& each : functions()) known.emplace_back(each.name);
    if (const auto* remedy = unsupported_function(n.name)) return fail(n.span, "the function '" + n.name + "' is not available", remedy);
    return fail(n.span, "unknown function '" + n.name + "'", detail::suggest(n.name, known));
  }
  if (n.b != f->arguments) {
    return fail(n.span, "'" + n.name + "' takes " + std::to_string(f->arguments) + (f->arguments == 1 ? " argument" : " arguments") + ", not " +
                            std::to_string(n.b), std::string(f->usage));
  }
  if (f->random && !names_.no_random.empty()) return fail(n.span, "'" + n.name + "()' cannot stand here: " + names_.no_random, "");
  const bool chooses = f->kind == Function::Kind::where || f->kind == Function::Kind::integer;
  if (!all_real(e, n, chooses ? 1 : 0)) return {};
  std::vector<Expr> x;
  for (std::size_t k = chooses ? 1 : 0; k < n.b; ++k) x.push_back(values_[e.arguments[n.a + k]].expr);
  if (chooses) {
    const auto first = e.arguments[n.a];
    if (values_[first].kind == Value::Kind::bad) return {};
    if (f->kind == Function::Kind::integer && values_[first].kind == Value::Kind::real) {
      const auto& v = values_[first].expr;  // towards zero, as in Python
      return {Value::Kind::real, where(v < Expr(0), -floor(-v), floor(v)), {}};
    }
    if (values_[first].kind != Value::Kind::truth) {
      return fail(e.nodes[first].span, source_.quote(e.nodes[first].span) + " is a number where a condition is needed", std::string(f->usage));
    }
    if (f->kind == Function::Kind::integer) return {Value::Kind::real, where(values_[first].condition, Expr(1), Expr(0)), {}};
  }
  if (f->plain) {
    const auto at = e.arguments[n.a];
    if (!x[0].dimension().is_none()) {
      return fail(e.nodes[at].span, n.name + "() needs a number without unit, but " + source_.quote(e.nodes[at].span) + " is " + in_unit(x[0].dimension()),
                  "divide by a quantity of that unit");
    }
  } else {
    for (std::size_t k = 1; k < x.size(); ++k) {
      if (x[k].dimension() == x[0].dimension()) continue;
      return fail(n.span, "the arguments of " + n.name + "() are in " + unit_of(x[0].dimension()) + " and in " + unit_of(x[k].dimension()),
                  "they need the same unit");
    }
  }
  if (chooses) return {Value::Kind::real, where(values_[e.arguments[n.a]].condition, x[0], x[1]), {}};
  return {Value::Kind::real, f->make(x), {}};
}

}  // namespace ranvier::text
