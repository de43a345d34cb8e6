#include "ranvier/expr.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "ir/passes.hpp"
#include "model/model_data.hpp"

namespace ranvier {
namespace detail {

Expr ExprAccess::make(std::shared_ptr<Scope> scope, ir::NodeId node, Dimension dimension) {
  Expr e;
  e.scope_ = std::move(scope);
  e.node_ = node;
  e.dimension_ = dimension;
  return e;
}

Condition ExprAccess::condition(std::shared_ptr<Scope> scope, ir::NodeId node) {
  Condition c;
  c.scope_ = std::move(scope);
  c.node_ = node;
  return c;
}

namespace {

/// How many nodes two scopes have in common: those from before one was copied from the other, or both from a third.
std::size_t common_nodes(const Scope& a, const Scope& b) {
  std::size_t of_a = a.graph.size();
  for (const Scope* x = &a; x; of_a = std::min(of_a, x->shared), x = x->original.get()) {
    std::size_t of_b = b.graph.size();
    for (const Scope* y = &b; y; of_b = std::min(of_b, y->shared), y = y->original.get()) {
      if (x == y) return std::min(of_a, of_b);
    }
  }
  return 0;
}

bool is_copy_of(const Scope& copy, const Scope& original) {
  for (const Scope* s = copy.original.get(); s; s = s->original.get()) {
    if (s == &original) return true;
  }
  return false;
}

ir::NodeId node_in(const std::shared_ptr<Scope>& to, const std::shared_ptr<Scope>& from, ir::NodeId node) {
  if (from == to) return node;
  const ir::NodeId roots[] = {node};
  if (!from->owner.empty()) {
    const auto common = common_nodes(*from, *to);
    for (const auto id : ir::topological(from->graph, roots)) {
      if (from->graph[id].op != ir::Op::symbol || id < common) continue;
      const auto& name = from->graph.symbol_of(id).name;
      if (common > 0 && (name == "t" || name == "dt")) continue;
      const std::string where = common > 0 ? "another copy of it" : to->owner;
      throw UserError("expression of " + from->owner, "it uses '" + name + "' in an expression of " + where,
                      "use the symbols of one model only, or declare a parameter or input there");
    }
    if (common == 0) {
      throw UserError("expression of " + from->owner, "it is used in an expression of " + to->owner, "use the symbols of one model only");
    }
  }
  return ir::import(to->graph, from->graph, roots)[0];
}

/// The scope that an operation on these operands happens in: the named one (of a model and its copy, the copy), else any, else
/// a new anonymous one.
std::shared_ptr<Scope> common_scope(std::initializer_list<std::shared_ptr<Scope>> scopes) {
  std::shared_ptr<Scope> chosen;
  for (const auto& s : scopes) {
    if (s && (!chosen || (chosen->owner.empty() && !s->owner.empty()) || is_copy_of(*s, *chosen))) chosen = s;
  }
  return chosen ? chosen : std::make_shared<Scope>();
}

}  // namespace

ir::NodeId ExprAccess::in(const std::shared_ptr<Scope>& scope, const Expr& e) {
  return e.scope_ ? node_in(scope, e.scope_, e.node_) : scope->graph.literal(e.value_);
}
ir::NodeId ExprAccess::in(const std::shared_ptr<Scope>& scope, const Condition& c) {
  if (!c.scope_) throw UserError(scope->owner, "a condition is empty", "make it by a comparison");
  return node_in(scope, c.scope_, c.node_);
}

}  // namespace detail

using detail::ExprAccess;
using ir::Op;

namespace {

Expr apply(Op op, Dimension d, const Expr& a) {
  auto scope = detail::common_scope({ExprAccess::scope(a)});
  return ExprAccess::make(scope, scope->graph.make(op, ExprAccess::in(scope, a)), d);
}

Expr apply(Op op, Dimension d, const Expr& a, const Expr& b) {
  auto scope = detail::common_scope({ExprAccess::scope(a), ExprAccess::scope(b)});
  const auto x = ExprAccess::in(scope, a), y = ExprAccess::in(scope, b);
  return ExprAccess::make(scope, scope->graph.make(op, x, y), d);
}

Condition compare(Op op, const Expr& a, const Expr& b) {
  auto scope = detail::common_scope({ExprAccess::scope(a), ExprAccess::scope(b)});
  const auto x = ExprAccess::in(scope, a), y = ExprAccess::in(scope, b);
  return ExprAccess::condition(scope, scope->graph.make(op, x, y));
}

bool both_literal(const Expr& a, const Expr& b) { return ExprAccess::is_literal(a) && ExprAccess::is_literal(b); }

std::string shown(const Expr& e) {
  std::string text = e.text();
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return "'" + text + "' [" + (e.dimension().is_none() ? "no unit" : unit_name(e.dimension())) + "]";
}

void require_alike(const char* verb, const char* joined, const Expr& a, const Expr& b) {
  if (a.dimension() == b.dimension()) return;
  throw UnitError(std::string("cannot ") + verb + " " + shown(a) + " " + joined + " " + shown(b),
                  "both sides need the same unit");
}

void require_none(const char* function, const Expr& x) {
  if (x.dimension().is_none()) return;
  throw UnitError(std::string(function) + " needs a number without unit, not " + shown(x),
                  "divide by a quantity of that unit");
}

Expr unary_number(Op op, const char* name, const Expr& x) {
  require_none(name, x);
  return apply(op, {}, x);
}

Expr random(Op op) {
  // An identity only, so that two draws of one expression stay two; lowering renumbers draws by their order of appearance.
  static std::atomic<std::uint64_t> identity{1};
  auto scope = std::make_shared<detail::Scope>();
  const auto node = scope->graph.make(op, ir::no_node, ir::no_node, ir::no_node, identity++);
  return ExprAccess::make(scope, node, {});
}

}  // namespace

Expr::Expr(Quantity literal) : value_(literal.value), dimension_(literal.dimension) {}

std::string Expr::text() const {
  if (!scope_) return to_string(Quantity{value_, dimension_});
  const auto call = scope_->calls.find(node_);
  return call != scope_->calls.end() ? call->second : ir::print(scope_->graph, node_, 400);
}
std::string Condition::text() const { return scope_ ? ir::print(scope_->graph, node_, 400) : ""; }

Expr operator+(const Expr& a, const Expr& b) {
  require_alike("add", "and", a, b);
  if (both_literal(a, b)) return Quantity{ExprAccess::value(a) + ExprAccess::value(b), a.dimension()};
  return apply(Op::add, a.dimension(), a, b);
}
Expr operator-(const Expr& a, const Expr& b) {
  require_alike("subtract", "and", a, b);
  if (both_literal(a, b)) return Quantity{ExprAccess::value(a) - ExprAccess::value(b), a.dimension()};
  return apply(Op::sub, a.dimension(), a, b);
}
Expr operator*(const Expr& a, const Expr& b) {
  const Dimension d = a.dimension() * b.dimension();
  if (both_literal(a, b)) return Quantity{ExprAccess::value(a) * ExprAccess::value(b), d};
  return apply(Op::mul, d, a, b);
}
Expr operator/(const Expr& a, const Expr& b) {
  const Dimension d = a.dimension() / b.dimension();
  if (both_literal(a, b)) return Quantity{ExprAccess::value(a) / ExprAccess::value(b), d};
  return apply(Op::div, d, a, b);
}
Expr operator-(const Expr& a) {
  if (ExprAccess::is_literal(a)) return Quantity{-ExprAccess::value(a), a.dimension()};
  return apply(Op::neg, a.dimension(), a);
}

#define RANVIER_COMPARISON(symbol, op)                      \
  Condition operator symbol(const Expr& a, const Expr& b) { \
    require_alike("compare", "with", a, b);                 \
    return compare(op, a, b);                               \
  }
RANVIER_COMPARISON(<, Op::lt)
RANVIER_COMPARISON(<=, Op::le)
RANVIER_COMPARISON(>, Op::gt)
RANVIER_COMPARISON(>=, Op::ge)
RANVIER_COMPARISON(==, Op::eq)
RANVIER_COMPARISON(!=, Op::ne)
#undef RANVIER_COMPARISON

Condition operator&&(const Condition& a, const Condition& b) {
  auto scope = detail::common_scope({ExprAccess::scope(a), ExprAccess::scope(b)});
  return ExprAccess::condition(scope, scope->graph.make(Op::logic_and, ExprAccess::in(scope, a), ExprAccess::in(scope, b)));
}
Condition operator||(const Condition& a, const Condition& b) {
  auto scope = detail::common_scope({ExprAccess::scope(a), ExprAccess::scope(b)});
  return ExprAccess::condition(scope, scope->graph.make(Op::logic_or, ExprAccess::in(scope, a), ExprAccess::in(scope, b)));
}
Condition operator!(const Condition& a) {
  auto scope = detail::common_scope({ExprAccess::scope(a)});
  return ExprAccess::condition(scope, scope->graph.make(Op::logic_not, ExprAccess::in(scope, a)));
}

Expr exp(const Expr& x) { return unary_number(Op::exp, "exp", x); }
Expr expm1(const Expr& x) { return unary_number(Op::expm1, "expm1", x); }
Expr exprel(const Expr& x) { return unary_number(Op::exprel, "exprel", x); }
Expr log(const Expr& x) { return unary_number(Op::log, "log", x); }
Expr log1p(const Expr& x) { return unary_number(Op::log1p, "log1p", x); }
Expr sin(const Expr& x) { return unary_number(Op::sin, "sin", x); }
Expr cos(const Expr& x) { return unary_number(Op::cos, "cos", x); }
Expr tanh(const Expr& x) { return unary_number(Op::tanh, "tanh", x); }
Expr floor(const Expr& x) { return unary_number(Op::floor, "floor", x); }
Expr abs(const Expr& x) { return apply(Op::abs, x.dimension(), x); }

Expr min(const Expr& a, const Expr& b) {
  require_alike("take the minimum of", "and", a, b);
  return apply(Op::min, a.dimension(), a, b);
}
Expr max(const Expr& a, const Expr& b) {
  require_alike("take the maximum of", "and", a, b);
  return apply(Op::max, a.dimension(), a, b);
}
Expr clip(const Expr& x, const Expr& low, const Expr& high) { return min(max(x, low), high); }

Expr where(const Condition& condition, const Expr& yes, const Expr& no) {
  require_alike("choose between", "and", yes, no);
  auto scope = detail::common_scope({ExprAccess::scope(condition), ExprAccess::scope(yes), ExprAccess::scope(no)});
  const auto c = ExprAccess::in(scope, condition);
  const auto y = ExprAccess::in(scope, yes), n = ExprAccess::in(scope, no);
  return ExprAccess::make(scope, scope->graph.select(c, y, n), yes.dimension());
}

Expr pow(const Expr& base, double exponent) {
  const double twice = 2 * exponent;
  Dimension d{};
  if (!base.dimension().is_none()) {
    if (twice != std::floor(twice) || std::fabs(twice) > 20) {
      throw UnitError("cannot raise " + shown(base) + " to the power " + to_string(Quantity{exponent}),
                      "a quantity with a unit takes a whole or half exponent");
    }
    d = power(base.dimension(), static_cast<int>(twice));
  }
  return apply(Op::pow, d, base, Expr(exponent));
}
Expr pow(const Expr& base, int exponent) { return pow(base, static_cast<double>(exponent)); }
Expr pow(const Expr& base, const Expr& exponent) {
  if (ExprAccess::is_literal(exponent) && exponent.dimension().is_none()) return pow(base, ExprAccess::value(exponent));
  require_none("a varying exponent", exponent);
  require_none("the base of a varying power", base);
  return apply(Op::pow, {}, base, exponent);
}
Expr sqrt(const Expr& x) { return apply(Op::sqrt, power(x.dimension(), 1), x); }

Expr randn() { return random(Op::normal); }
Expr rand() { return random(Op::uniform); }
Expr poisson(const Expr& mean) {
  require_none("poisson", mean);
  const Expr u = rand(), z = randn();
  auto scope = detail::common_scope({ExprAccess::scope(mean), ExprAccess::scope(u)});
  const auto m = ExprAccess::in(scope, mean);
  const auto x = ExprAccess::in(scope, u), y = ExprAccess::in(scope, z);
  return ExprAccess::make(scope, scope->graph.make(Op::poisson, m, x, y), {});
}

}  // namespace ranvier
