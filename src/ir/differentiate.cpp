// Forward mode, operands before users: each node's derivative is made once, so the result is linear in the size of f.
#include "ir/passes.hpp"
#include "ir/rebuild.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {

namespace {

/// One row an operator. A derivative that is structurally zero is `no_node`; zeros and ones vanish as they arise.
class Derivative {
 public:
  Derivative(Graph& g, NodeId x) : g_(g), x_(x) {}

  NodeId of(NodeId id, const NodeMap& known) {
    if (id == x_) return g_.literal(1);
    const Node node = g_[id];  // a copy: making nodes moves them
    const auto [a, b, c] = node.arg;
    std::array<NodeId, 3> d{no_node, no_node, no_node};
    bool constant = true;
    for (int k = 0; k < op_info(node.op).arity; ++k) {
      d[k] = known[node.arg[k]];
      constant = constant && d[k] == no_node;
    }
    if (node.op == Op::uniform || node.op == Op::normal) {
      throw UserError("derivative", "an expression with random numbers has no derivative",
                      "keep rand() and randn() out of the deterministic part of the equation");
    }
    if (constant || node.type == Type::boolean) return no_node;  // comparisons are piecewise constant
    return rule(node.op, id, {a, b, c}, d);
  }

 private:
  NodeId rule(Op op, NodeId f, const std::array<NodeId, 3>& u, const std::array<NodeId, 3>& d) {
    const auto [a, b, c] = u;
    switch (op) {
      case Op::add: return sum(d[0], d[1]);
      case Op::sub: return difference(d[0], d[1]);
      case Op::mul: return sum(product(d[0], b), product(d[1], a));
      case Op::div: return quotient(difference(d[0], product(d[1], f)), b);
      case Op::neg: return negative(d[0]);
      case Op::abs: return choose(g_.make(Op::lt, a, real(0)), negative(d[0]), d[0]);
      case Op::fma: return sum(sum(product(d[0], b), product(d[1], a)), d[2]);
      case Op::sqrt: return quotient(d[0], g_.mul(real(2), f));
      case Op::select: return choose(a, d[1], d[2]);
      case Op::min: return choose(g_.make(Op::lt, a, b), d[0], d[1]);
      case Op::max: return choose(g_.make(Op::lt, b, a), d[0], d[1]);
      case Op::clip: return clip(u, d);
      case Op::pow: return power(f, a, b, d[0], d[1]);
      case Op::exp: return product(d[0], f);
      case Op::expm1: return product(d[0], g_.make(Op::exp, a));
      case Op::exprel: return product(d[0], exprel_slope(a));
      case Op::log: return quotient(d[0], a);
      case Op::log1p: return quotient(d[0], g_.add(real(1), a));
      case Op::sin: return product(d[0], g_.make(Op::cos, a));
      case Op::cos: return negative(product(d[0], g_.make(Op::sin, a)));
      case Op::tanh: return product(d[0], g_.sub(real(1), g_.mul(f, f)));
      case Op::floor:
      case Op::literal:
      case Op::symbol:
      case Op::lt:
      case Op::le:
      case Op::eq:
      case Op::ne:
      case Op::gt:
      case Op::ge:
      case Op::logic_and:
      case Op::logic_or:
      case Op::logic_not:
      case Op::poisson:
      case Op::uniform:
      case Op::normal:
      case Op::element_index:
      case Op::step_index: return no_node;  // piecewise constant
      case Op::iadd:
      case Op::isub:
      case Op::imul:
      case Op::iand:
      case Op::ior:
      case Op::ixor:
      case Op::shl:
      case Op::lshr:
      case Op::ilt:
      case Op::ieq:
      case Op::mulhi32:
      case Op::mullo32:
      case Op::bits_of:
      case Op::real_of_bits:
      case Op::real_of_int:
      case Op::count_: break;
    }
    throw InternalError("operator '" + std::string(op_info(op).name) + "' is differentiated before expand(), never after");
  }

  NodeId real(double value) { return g_.literal(value); }
  NodeId sum(NodeId a, NodeId b) { return a == no_node ? b : b == no_node ? a : g_.add(a, b); }
  NodeId negative(NodeId a) { return a == no_node ? a : g_.neg(a); }
  NodeId difference(NodeId a, NodeId b) { return b == no_node ? a : a == no_node ? g_.neg(b) : g_.sub(a, b); }
  NodeId quotient(NodeId a, NodeId b) { return a == no_node ? a : g_.div(a, b); }

  // `d` may be a structural zero, `factor` is a value.
  NodeId product(NodeId d, NodeId factor) {
    if (d == no_node || g_.is_literal(factor, 0.0)) return no_node;
    return g_.is_literal(d, -1.0) ? g_.neg(factor) : g_.mul(d, factor);
  }

  NodeId choose(NodeId condition, NodeId yes, NodeId no) {
    if (yes == no_node && no == no_node) return no_node;
    return g_.select(condition, yes == no_node ? real(0) : yes, no == no_node ? real(0) : no);
  }

  // min(high, max(low, x)), as clip is defined.
  NodeId clip(const std::array<NodeId, 3>& u, const std::array<NodeId, 3>& d) {
    const auto [x, low, high] = u;
    const NodeId raised = choose(g_.make(Op::lt, x, low), d[1], d[0]);
    return choose(g_.make(Op::lt, high, g_.make(Op::max, low, x)), d[2], raised);
  }

  NodeId power(NodeId f, NodeId base, NodeId exponent, NodeId d_base, NodeId d_exponent) {
    NodeId result = no_node;
    if (d_base != no_node && !g_.is_literal(exponent, 0.0)) {
      const NodeId less = g_.sub(exponent, real(1));
      const NodeId reduced = g_.is_literal(less, 1.0)   ? base
                             : g_.is_literal(less, 0.0) ? real(1)
                                                        : g_.make(Op::pow, base, less);
      result = product(product(d_base, exponent), reduced);
    }
    if (d_exponent == no_node) return result;
    // 0**y is constant for y > 0, where log(0) would make 0 * inf.
    const NodeId along = g_.mul(f, g_.make(Op::log, base));
    const NodeId guarded = g_.select(g_.make(Op::eq, base, real(0)), real(0), along);
    return sum(result, product(d_exponent, guarded));
  }

  // exprel'(x) = (e^x - exprel(x))/x, which is 0/0 at 0. Within 1/2 its series sum x^k/(k!(k+2)) is used, whose first term left
  // out is below 2^-54 of the sum; beyond, the quotient loses at most three bits, written so that it overflows no earlier than e^x.
  NodeId exprel_slope(NodeId x) {
    constexpr int terms = 15;
    std::array<double, terms> coefficient{};
    double factorial = 1;
    for (int k = 0; k < terms; ++k) {
      if (k > 0) factorial *= k;
      coefficient[k] = 1 / (factorial * (k + 2));
    }
    NodeId series = real(coefficient[terms - 1]);
    for (int k = terms - 2; k >= 0; --k) series = g_.add(real(coefficient[k]), g_.mul(x, series));
    const NodeId inverse = g_.div(real(1), x);
    const NodeId scaled = g_.add(g_.mul(g_.make(Op::exp, x), g_.sub(real(1), inverse)), inverse);
    return g_.select(g_.make(Op::lt, g_.make(Op::abs, x), real(0.5)), series, g_.mul(scaled, inverse));
  }

  Graph& g_;
  NodeId x_;
};

}  // namespace

NodeId differentiate(Graph& g, NodeId f, NodeId x) {
  if (g[x].op != Op::symbol || g[x].type != Type::real) throw InternalError("differentiate: x is not a real symbol");
  if (g[f].type != Type::real) throw InternalError("differentiate: f is not real");
  Derivative derivative(g, x);
  NodeMap known(std::span(&f, 1));
  for (const NodeId id : topological(g, std::span(&f, 1))) known[id] = derivative.of(id, known);
  return known[f] == no_node ? g.literal(0) : known[f];
}

}  // namespace ranvier::ir
