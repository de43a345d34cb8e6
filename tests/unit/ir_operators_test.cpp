// links: ranvier_ir ranvier_base
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "ir/interpret.hpp"
#include "ir/passes.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {
namespace {

using L = long double;
using Reference = std::function<L(L, L, L)>;

struct Row {
  Reference value;
  std::vector<std::array<double, 3>> points;
};

L exprel(L x) { return x == 0 ? 1 : std::expm1(x) / x; }

const std::vector<std::array<double, 3>> plain{{0.7, -1.3, 2.1}, {-2.25, 3.5, 0.4}, {30, 7, -11}, {-1e-3, 0.25, 4}, {0.1, 0.2, 0.3}};
const std::vector<std::array<double, 3>> positive{{0.7, 1.3, 0}, {2.25, 3.5, 0}, {30, 0.7, 0}, {1e-3, 2, 0}, {1.0001, -3, 0}, {5, -0.5, 0}};
const std::vector<std::array<double, 3>> around_zero{{0.3, 0, 0}, {-0.3, 0, 0}, {1e-3, 0, 0},  {-1e-6, 0, 0}, {0, 0, 0}, {0.49, 0, 0},
                                                     {0.51, 0, 0}, {-0.52, 0, 0}, {3, 0, 0}, {-7, 0, 0}, {40, 0, 0}, {-40, 0, 0}};

// What each operator means, in extended precision and independently of the library.
std::map<Op, Row> rows() {
  std::map<Op, Row> r;
  r[Op::add] = {[](L a, L b, L) { return a + b; }, plain};
  r[Op::sub] = {[](L a, L b, L) { return a - b; }, plain};
  r[Op::mul] = {[](L a, L b, L) { return a * b; }, plain};
  r[Op::div] = {[](L a, L b, L) { return a / b; }, plain};
  r[Op::neg] = {[](L a, L, L) { return -a; }, plain};
  r[Op::abs] = {[](L a, L, L) { return std::fabs(a); }, plain};
  r[Op::fma] = {[](L a, L b, L c) { return a * b + c; }, plain};
  r[Op::sqrt] = {[](L a, L, L) { return std::sqrt(a); }, positive};
  r[Op::floor] = {[](L a, L, L) { return std::floor(a); }, plain};
  r[Op::lt] = {[](L a, L b, L) { return a < b; }, plain};
  r[Op::le] = {[](L a, L b, L) { return a <= b; }, plain};
  r[Op::gt] = {[](L a, L b, L) { return a > b; }, plain};
  r[Op::ge] = {[](L a, L b, L) { return a >= b; }, plain};
  r[Op::eq] = {[](L a, L b, L) { return a == b; }, plain};
  r[Op::ne] = {[](L a, L b, L) { return a != b; }, plain};
  r[Op::min] = {[](L a, L b, L) { return a < b ? a : b; }, plain};
  r[Op::max] = {[](L a, L b, L) { return a > b ? a : b; }, plain};
  r[Op::clip] = {[](L a, L b, L c) { return a < b ? b : a > c ? c : a; },
                 {{0.5, 0, 1}, {-0.5, 0, 1}, {1.5, 0, 1}, {-80, -70.5, 3}}};
  r[Op::pow] = {[](L a, L b, L) { return std::pow(a, b); }, positive};
  r[Op::exp] = {[](L a, L, L) { return std::exp(a); }, around_zero};
  r[Op::expm1] = {[](L a, L, L) { return std::expm1(a); }, around_zero};
  r[Op::exprel] = {[](L a, L, L) { return exprel(a); }, around_zero};
  r[Op::log] = {[](L a, L, L) { return std::log(a); }, positive};
  r[Op::log1p] = {[](L a, L, L) { return std::log1p(a); }, {{0.3, 0, 0}, {-0.3, 0, 0}, {1e-6, 0, 0}, {-0.9, 0, 0}, {50, 0, 0}, {0, 0, 0}}};
  r[Op::sin] = {[](L a, L, L) { return std::sin(a); }, around_zero};
  r[Op::cos] = {[](L a, L, L) { return std::cos(a); }, around_zero};
  r[Op::tanh] = {[](L a, L, L) { return std::tanh(a); }, {{0.3, 0, 0}, {-0.3, 0, 0}, {1e-6, 0, 0}, {-2, 0, 0}, {5, 0, 0}, {0, 0, 0}}};
  // Counts by inversion of the second operand; above 12 by an expansion of the third.
  r[Op::poisson] = {[](L m, L u, L z) {
                      if (m > 12) {
                        const L root = std::sqrt(m);
                        return std::floor(m + root * z + (2 + z * z) / 6 - z * (2 + z * z) / (72 * root) + (-16 + 7 * z * z + 3 * z * z * z * z) / (810 * m));
                      }
                      L p = std::exp(-m), sum = p, k = 0;
                      while (1 - sum > u && k < 48) p *= m / ++k, sum += p;
                      return k;
                    },
                    {{0.5, 0.3, 0}, {3, 0.9, 0}, {3, 0.01, 1}, {11.5, 0.2, 0}, {20, 0.3, 1.5}, {500, 0.1, -2.3}}};
  return r;
}

std::vector<Op> all_operators() {
  std::vector<Op> all;
  for (int k = 0; k < static_cast<int>(Op::count_); ++k) all.push_back(static_cast<Op>(k));
  return all;
}

bool on_reals(const OpInfo& info) {
  return info.arity > 0 && info.operands.find_first_not_of('r') == std::string_view::npos && info.result != 'i';
}

struct Applied {
  Graph g;
  std::array<NodeId, 3> x{no_node, no_node, no_node};
  NodeId node = no_node;
  std::unordered_map<NodeId, double> at;
};

Applied applied(Op op, const std::array<double, 3>& point) {
  Applied made;
  const char* names[] = {"a", "b", "c"};
  for (int k = 0; k < op_info(op).arity; ++k) {
    made.x[k] = made.g.symbol(names[k], Rate::varying);
    made.at[made.x[k]] = point[k];
  }
  made.node = made.g.make(op, made.x[0], made.x[1], made.x[2]);
  return made;
}

TEST(OperatorTable, EveryRowOnRealsHasAReference) {
  const auto known = rows();
  for (const Op op : all_operators()) {
    if (op == Op::real_of_bits || op == Op::real_of_int || op == Op::bits_of) continue;
    EXPECT_EQ(on_reals(op_info(op)), known.contains(op)) << op_info(op).name;
  }
}

TEST(OperatorTable, ValuesAgreeWithLibm) {
  for (const auto& [op, row] : rows()) {
    for (const auto& p : row.points) {
      const Applied f = applied(op, p);
      const auto expected = static_cast<double>(row.value(p[0], p[1], p[2]));
      const double scale = std::max(std::fabs(expected), 1e-300);
      const std::string where = std::string(op_info(op).name) + " at " + std::to_string(p[0]);
      EXPECT_NEAR(evaluate(f.g, f.node, f.at, Functions::libm), expected, 4e-16 * scale) << where;
      const double own = evaluate(f.g, f.node, f.at, Functions::own);
      EXPECT_NEAR(own, expected, 1e-15 * scale) << where;
    }
  }
}

// Fourth-order central differences in extended precision: truncation about h^4 = 1e-16, rounding 1e-19/h = 1e-15.
// Where there is a pole at 0 the step is relative to the distance from it.
L slope_of(const Reference& f, std::array<double, 3> p, int k, bool pole) {
  const L size = std::fabs(static_cast<L>(p[k]));
  const L h = 1e-4L * (pole ? size : std::max(1.0L, size / 10));
  const auto at = [&](L step) {
    std::array<L, 3> q{p[0], p[1], p[2]};
    q[k] += step;
    return f(q[0], q[1], q[2]);
  };
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

bool kink(Op op, const std::array<double, 3>& p) {
  return (op == Op::abs && std::fabs(p[0]) < 1e-2) || (op == Op::floor && std::fabs(p[0] - std::round(p[0])) < 1e-2) ||
         ((op == Op::min || op == Op::max) && std::fabs(p[0] - p[1]) < 1e-2);
}

TEST(OperatorTable, DerivativesAgreeWithFiniteDifferences) {
  for (const auto& [op, row] : rows()) {
    if (op_info(op).result == 'b') continue;
    for (const auto& p : row.points) {
      if (kink(op, p)) continue;
      for (int k = 0; k < op_info(op).arity; ++k) {
        Applied f = applied(op, p);
        const NodeId d = differentiate(f.g, f.node, f.x[k]);
        const auto expected = static_cast<double>(slope_of(row.value, p, k, row.points == positive));
        const double tolerance = 2e-11 * std::max(1.0, std::fabs(expected));
        EXPECT_NEAR(evaluate(f.g, d, f.at), expected, tolerance) << op_info(op).name << " argument " << k << " at " << p[0] << ", " << p[1];
      }
    }
  }
}

// (e^x - exprel(x))/x by its series, in extended precision: sum x^k/(k!(k+2)).
L exprel_slope(L x) {
  L sum = 0, power = 1;
  for (int k = 0; k < 400; ++k) {
    sum += power / (k + 2);
    power *= x / (k + 1);
  }
  return sum;
}

TEST(OperatorTable, ExprelsDerivativeIsAccurateAroundZeroAndFiniteFarOut) {
  for (double x = -20; x <= 20; x += 0.0625) {
    Applied f = applied(Op::exprel, {x, 0, 0});
    const double d = evaluate(f.g, differentiate(f.g, f.node, f.x[0]), f.at);
    // For x << 0 the alternating series loses e^|x| digits of its 19; the closed form is exact to rounding there.
    const L expected = x > -5 ? exprel_slope(x) : (std::exp(L(x)) - exprel(x)) / L(x);
    EXPECT_NEAR(d, static_cast<double>(expected), 4e-15 * static_cast<double>(expected)) << x;
  }
  for (const double x : {0.0, 1e-300, -1e-300, 1e-8, -1e-8}) {
    Applied f = applied(Op::exprel, {x, 0, 0});
    EXPECT_NEAR(evaluate(f.g, differentiate(f.g, f.node, f.x[0]), f.at), 0.5, 1e-8);
  }
  Applied f = applied(Op::exprel, {-1e6, 0, 0});
  EXPECT_NEAR(evaluate(f.g, differentiate(f.g, f.node, f.x[0]), f.at), 1e-12, 1e-26);
}

TEST(OperatorTable, PiecewiseOperatorsAreDifferentiatedBranchByBranch) {
  Graph g;
  const NodeId x = g.symbol("x", Rate::varying);
  const NodeId f = g.select(g.make(Op::lt, x, g.literal(1)), g.mul(x, x), g.literal(5));
  const NodeId d = differentiate(g, f, x);
  EXPECT_EQ(evaluate(g, d, {{x, 0.5}}), 1.0);
  EXPECT_EQ(evaluate(g, d, {{x, 2.0}}), 0.0);
}

TEST(OperatorTable, PowersKeepTheirLimits) {
  Graph g;
  const NodeId x = g.symbol("x", Rate::varying);
  for (const double n : {0.0, 1.0, 2.0, 3.0, 4.0}) {
    const NodeId d = differentiate(g, g.make(Op::pow, x, g.literal(n)), x);
    for (const double at : {0.0, 0.5, -2.0}) {
      const double expected = n == 0 ? 0 : n * std::pow(at, n - 1);
      EXPECT_DOUBLE_EQ(evaluate(g, d, {{x, at}}), expected) << n << ' ' << at;
    }
  }
  EXPECT_EQ(print(g, differentiate(g, g.make(Op::pow, x, g.literal(2)), x)), "x * 2");
  const NodeId exponential = differentiate(g, g.make(Op::pow, g.literal(0), x), x);
  EXPECT_EQ(evaluate(g, exponential, {{x, 2.0}}), 0.0);
}

TEST(OperatorTable, StructuralZerosAndOnesVanish) {
  Graph g;
  const NodeId x = g.symbol("x", Rate::varying), a = g.symbol("a", Rate::uniform), b = g.symbol("b", Rate::varying);
  EXPECT_EQ(differentiate(g, g.add(g.mul(a, x), b), x), a);
  EXPECT_EQ(differentiate(g, g.make(Op::exp, g.mul(a, b)), x), g.literal(0));
  EXPECT_EQ(differentiate(g, x, x), g.literal(1));
  EXPECT_EQ(differentiate(g, g.make(Op::floor, x), x), g.literal(0));
  // The gate equation alpha*(1 - m) - beta*m has the derivative -alpha - beta in m.
  EXPECT_EQ(print(g, differentiate(g, g.sub(g.mul(a, g.sub(g.literal(1), x)), g.mul(b, x)), x)), "-a - b");
}

TEST(OperatorTable, WhatHasNoDerivativeSaysSo) {
  Graph g;
  const NodeId x = g.symbol("x", Rate::varying);
  EXPECT_THROW((void)differentiate(g, g.mul(x, g.make(Op::normal)), x), UserError);
  EXPECT_THROW((void)differentiate(g, g.mul(x, g.make(Op::uniform)), x), UserError);
  const NodeId cast = g.make(Op::real_of_bits, g.make(Op::bits_of, x));
  EXPECT_THROW((void)differentiate(g, cast, x), InternalError);
  EXPECT_THROW((void)differentiate(g, x, g.literal(1)), InternalError);
}

TEST(OperatorTable, EveryRowPrints) {
  for (const Op op : all_operators()) {
    if (op == Op::literal || op == Op::symbol) continue;
    const OpInfo& info = op_info(op);
    Graph g;
    std::array<NodeId, 3> x{no_node, no_node, no_node};
    for (int k = 0; k < info.arity; ++k) {
      const Type type = info.operands[k] == 'b' ? Type::boolean : info.operands[k] == 'i' ? Type::integer : Type::real;
      x[k] = g.symbol("x" + std::to_string(k), Rate::varying, type);
    }
    const std::string text = print(g, g.make(op, x[0], x[1], x[2]));
    EXPECT_NE(text.find(info.printed), std::string::npos) << info.name;
    for (int k = 0; k < info.arity; ++k) EXPECT_NE(text.find("x" + std::to_string(k)), std::string::npos) << info.name;
  }
}

}  // namespace
}  // namespace ranvier::ir
