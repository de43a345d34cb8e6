// Local rewrites, operands first. Every rule either keeps the bits (signs moved through products and quotients, a > b as b < a,
// not a == b as a != b) or joins two literals that act on the same operand ((x*a)*b, (x + a) - b, a/(x*b), ...), which replaces
// two roundings by two others. The sign of a zero may change (x + 0 becomes x, 0 - x becomes -x).
// Kept as they are: 0*x and x - x (x may be infinite or NaN), x/literal (never x*(1/literal)), x*x, the order of sums.
#include <cmath>
#include <limits>
#include <optional>

#include "ir/passes.hpp"
#include "ir/rebuild.hpp"

namespace ranvier::ir {

namespace {

class Simplifier {
 public:
  explicit Simplifier(Graph& g) : g_(g) {}

  /// The simplified op(a, b, c) of simplified operands. Calls itself a bounded number of times: each rule removes an operation.
  NodeId make(Op op, NodeId a, NodeId b = no_node, NodeId c = no_node, std::uint64_t payload = 0) {
    NodeId found = no_node;
    if (op == Op::add) found = add(a, b);
    if (op == Op::sub) found = sub(a, b);
    if (op == Op::mul) found = mul(a, b);
    if (op == Op::div) found = div(a, b);
    if (op == Op::neg) found = neg(a);
    if (op == Op::abs && (is(a, Op::neg) || is(a, Op::abs))) return make(Op::abs, first(a));
    if (op == Op::pow) found = pow(a, b);
    if (op == Op::gt) return make(Op::lt, b, a);
    if (op == Op::ge) return make(Op::le, b, a);
    if ((op == Op::min || op == Op::max) && a == b) return a;
    if (op == Op::logic_not && is(a, Op::eq)) return make(Op::ne, first(a), second(a));
    if (op == Op::logic_not && is(a, Op::ne)) return make(Op::eq, first(a), second(a));
    if (op == Op::select && is(a, Op::logic_not)) return make(Op::select, first(a), c, b);
    return found != no_node ? found : g_.make(op, a, b, c, payload);
  }

 private:
  bool is(NodeId id, Op op) const { return g_[id].op == op; }
  NodeId first(NodeId id) const { return g_[id].arg[0]; }
  NodeId second(NodeId id) const { return g_[id].arg[1]; }
  NodeId real(double value) { return g_.literal(value); }

  std::optional<double> number(NodeId id) const {
    if (g_[id].op != Op::literal || g_[id].type != Type::real) return std::nullopt;
    return g_.literal_value(id);
  }

  /// x + literal, x - literal, literal - x as sign*x + constant.
  struct Shifted {
    NodeId x = no_node;
    double constant = 0;
    bool negative = false;
  };
  std::optional<Shifted> shifted(NodeId id) const {
    if (!is(id, Op::add) && !is(id, Op::sub)) return std::nullopt;
    const bool minus = is(id, Op::sub);
    if (const auto l = number(second(id))) return Shifted{first(id), minus ? -*l : *l, false};
    if (const auto l = number(first(id))) return Shifted{second(id), *l, minus};
    return std::nullopt;
  }

  /// x*literal, x/literal, literal/x.
  struct Scaled {
    NodeId x = no_node;
    double factor = 1;
    enum Kind { times, over, under } kind = times;
  };
  std::optional<Scaled> scaled(NodeId id) const {
    if (is(id, Op::mul)) {
      if (const auto l = number(second(id))) return Scaled{first(id), *l, Scaled::times};
      if (const auto l = number(first(id))) return Scaled{second(id), *l, Scaled::times};
    } else if (is(id, Op::div)) {
      if (const auto l = number(second(id))) return Scaled{first(id), *l, Scaled::over};
      if (const auto l = number(first(id))) return Scaled{second(id), *l, Scaled::under};
    }
    return std::nullopt;
  }

  /// Literals are joined only where the result is an ordinary number.
  static bool usable(double factor) { return std::isfinite(factor) && std::fabs(factor) >= std::numeric_limits<double>::min(); }

  NodeId offset(NodeId x, double constant, bool negative) {
    if (!std::isfinite(constant)) return no_node;
    return negative ? make(Op::sub, real(constant), x) : make(Op::add, x, real(constant));
  }

  NodeId add(NodeId a, NodeId b) {
    if (number(a)) std::swap(a, b);
    const auto l = number(b);
    if (l && number(a)) return no_node;
    if (l && *l == 0) return a;
    if (l) {
      if (const auto s = shifted(a)) return offset(s->x, s->constant + *l, s->negative);
      if (is(a, Op::neg)) return make(Op::sub, b, first(a));
      return *l < 0 ? make(Op::sub, a, real(-*l)) : no_node;
    }
    if (is(a, Op::neg) && is(b, Op::neg)) return make(Op::neg, make(Op::add, first(a), first(b)));
    if (!is(a, Op::neg) && !is(b, Op::neg)) return no_node;
    return is(b, Op::neg) ? make(Op::sub, a, first(b)) : make(Op::sub, b, first(a));
  }

  NodeId sub(NodeId a, NodeId b) {
    const auto la = number(a), lb = number(b);
    if (la && lb) return no_node;
    if (lb && *lb == 0) return a;
    if (la && *la == 0) return make(Op::neg, b);
    if (lb) {
      if (const auto s = shifted(a)) return offset(s->x, s->constant - *lb, s->negative);
      return *lb < 0 ? make(Op::add, a, real(-*lb)) : no_node;
    }
    if (la) {
      if (const auto s = shifted(b)) return offset(s->x, *la - s->constant, !s->negative);
    }
    return is(b, Op::neg) ? make(Op::add, a, first(b)) : no_node;
  }

  NodeId times(NodeId x, double factor) { return usable(factor) ? make(Op::mul, x, real(factor)) : no_node; }
  NodeId over(NodeId x, double divisor) { return usable(divisor) ? make(Op::div, x, real(divisor)) : no_node; }
  NodeId under(NodeId x, double dividend) { return usable(dividend) ? make(Op::div, real(dividend), x) : no_node; }

  NodeId mul(NodeId a, NodeId b) {
    if (number(a)) std::swap(a, b);
    const auto l = number(b);
    if (l && number(a)) return no_node;
    if (is(a, Op::neg)) return make(Op::neg, make(Op::mul, first(a), b));
    if (is(b, Op::neg)) return make(Op::neg, make(Op::mul, a, first(b)));
    if (l && *l == -1) return make(Op::neg, a);
    const auto sa = scaled(a);
    if (l && sa) {
      if (sa->kind == Scaled::times) return times(sa->x, sa->factor * *l);
      if (sa->kind == Scaled::over) return times(sa->x, *l / sa->factor);
      return under(sa->x, sa->factor * *l);
    }
    const auto sb = scaled(b);
    if (!l && sa && sb && sa->kind == Scaled::times && sb->kind == Scaled::times && usable(sa->factor * sb->factor)) {
      return times(make(Op::mul, sa->x, sb->x), sa->factor * sb->factor);
    }
    return no_node;
  }

  NodeId div(NodeId a, NodeId b) {
    const auto la = number(a), lb = number(b);
    if (la && lb) return no_node;
    if (is(a, Op::neg)) return make(Op::neg, make(Op::div, first(a), b));
    if (is(b, Op::neg)) return make(Op::neg, make(Op::div, a, first(b)));
    if (lb && *lb == -1) return make(Op::neg, a);
    if (lb) {
      const auto s = scaled(a);
      if (!s) return no_node;
      if (s->kind == Scaled::times) return times(s->x, s->factor / *lb);
      return s->kind == Scaled::over ? over(s->x, s->factor * *lb) : under(s->x, s->factor / *lb);
    }
    if (la) {
      const auto s = scaled(b);
      if (!s) return no_node;
      if (s->kind == Scaled::times) return under(s->x, *la / s->factor);
      return s->kind == Scaled::over ? under(s->x, *la * s->factor) : times(s->x, *la / s->factor);
    }
    return no_node;
  }

  NodeId neg(NodeId a) {
    const auto s = scaled(a);
    if (!s || s->kind == Scaled::under) return no_node;  // -(1/x) would be a second division beside 1/x
    return make(s->kind == Scaled::times ? Op::mul : Op::div, s->x, real(-s->factor));
  }

  NodeId pow(NodeId x, NodeId exponent) {
    const auto n = number(exponent);
    if (!n || number(x)) return no_node;
    if (*n == 0) return real(1);
    if (*n == 1) return x;
    return *n == -1 ? make(Op::div, real(1), x) : no_node;
  }

  Graph& g_;
};

}  // namespace

std::vector<NodeId> simplify(Graph& g, std::span<const NodeId> roots) {
  Simplifier simplifier(g);
  NodeMap done(roots);
  for (const NodeId id : topological(g, roots)) {
    const Node node = g[id];
    const int arity = op_info(node.op).arity;
    if (arity == 0) {
      done[id] = id;
      continue;
    }
    std::array<NodeId, 3> arg{no_node, no_node, no_node};
    for (int k = 0; k < arity; ++k) arg[k] = done[node.arg[k]];
    done[id] = simplifier.make(node.op, arg[0], arg[1], arg[2], node.payload);
  }
  return done.of(roots);
}

}  // namespace ranvier::ir
