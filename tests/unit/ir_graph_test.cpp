// links: ranvier_ir ranvier_base
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "ir/interpret.hpp"
#include "ir/passes.hpp"
#include "ir_expressions.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

TEST(Graph, EqualNodesAreOne) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b");
  EXPECT_EQ((a * b).id, (a * b).id);
  EXPECT_EQ((a * b).id, (b * a).id);
  EXPECT_EQ((a + b).id, (b + a).id);
  EXPECT_NE((a - b).id, (b - a).id);
  EXPECT_NE((a / b).id, (b / a).id);
  EXPECT_NE(call(Op::min, a, b).id, call(Op::min, b, a).id);  // select(a < b, a, b) tells -0 from 0 and NaN by position
  const std::size_t size = x.g.size();
  for (int k = 0; k < 100; ++k) (void)exp(a * b + a / b);
  EXPECT_LE(x.g.size(), size + 2);
}

TEST(Graph, RandomNumbersOfTwoStreamsDiffer) {
  Graph g;
  EXPECT_EQ(g.make(Op::normal, no_node, no_node, no_node, 7), g.make(Op::normal, no_node, no_node, no_node, 7));
  EXPECT_NE(g.make(Op::normal, no_node, no_node, no_node, 7), g.make(Op::normal, no_node, no_node, no_node, 8));
  EXPECT_FALSE(g[g.make(Op::uniform)].uniform);
}

TEST(Graph, ManyNodesStayDistinct) {
  Expressions x;
  const E a = x.varying("a");
  std::vector<NodeId> made;
  for (int k = 0; k < 20000; ++k) made.push_back((a + 0.5 * k).id);
  for (int k = 0; k < 20000; ++k) EXPECT_EQ((a + 0.5 * k).id, made[k]);
  std::sort(made.begin(), made.end());
  EXPECT_EQ(std::unique(made.begin() + 1, made.end()), made.end());
}

/// Many nodes with one latest operand, more than its line of the table holds; found again while the table grows.
TEST(Graph, ManyUsersOfOneNodeStayDistinct) {
  Graph g;
  std::vector<NodeId> x, made;
  for (int k = 0; k < 20'000; ++k) x.push_back(g.symbol("x" + std::to_string(k), Rate::varying));
  const NodeId z = g.symbol("z", Rate::varying);
  for (const NodeId each : x) made.push_back(g.mul(each, z));
  for (const NodeId each : x) made.push_back(g.sub(z, each));
  EXPECT_EQ(std::set<NodeId>(made.begin(), made.end()).size(), 40'000u);
  for (std::size_t k = 0; k < x.size(); ++k) {
    ASSERT_EQ(g.mul(z, x[k]), made[k]);
    ASSERT_EQ(g.sub(z, x[k]), made[20'000 + k]);
  }
}

TEST(Graph, LiteralsAreFolded) {
  Graph g;
  const auto lit = [&g](double v) { return g.literal(v); };
  EXPECT_TRUE(g.is_literal(g.add(lit(1.5), lit(2.25)), 3.75));
  EXPECT_TRUE(g.is_literal(g.div(lit(1), lit(3)), 1.0 / 3.0));
  EXPECT_TRUE(g.is_literal(g.make(Op::sqrt, lit(2)), std::sqrt(2.0)));
  EXPECT_TRUE(g.is_literal(g.make(Op::exprel, lit(0)), 1.0));
  EXPECT_NEAR(g.literal_value(g.make(Op::exp, lit(1))), std::exp(1.0), 1e-15);
  EXPECT_EQ(g.make(Op::lt, lit(1), lit(2)), g.boolean(true));
  EXPECT_EQ(g.make(Op::lt, lit(std::nan("")), lit(2)), g.boolean(false));
  EXPECT_EQ(g.make(Op::ne, lit(std::nan("")), lit(std::nan(""))), g.boolean(true));
  EXPECT_TRUE(std::isnan(g.literal_value(g.div(lit(0), lit(0)))));
  EXPECT_EQ(g.div(lit(1), lit(0)), lit(inf));
  EXPECT_EQ(lit(std::nan("1")), lit(std::nan("2")));
  EXPECT_NE(lit(0.0), lit(-0.0));
  EXPECT_TRUE(std::isnan(g.literal_value(g.make(Op::clip, lit(std::nan("")), lit(0), lit(1)))));
}

TEST(Graph, ValuePreservingIdentities) {
  Expressions x;
  const E a = x.varying("a");
  EXPECT_EQ((a * 1.0).id, a.id);
  EXPECT_EQ((a / 1.0).id, a.id);
  EXPECT_EQ((a - 0.0).id, a.id);
  EXPECT_EQ((a + -0.0).id, a.id);
  EXPECT_NE((a + 0.0).id, a.id);  // -0 + 0 is 0
  EXPECT_NE((a - -0.0).id, a.id);
  EXPECT_NE((a * 0.0).id, x.g.literal(0));  // a may be infinite
  EXPECT_EQ((-(-a)).id, a.id);
  const NodeId c = x.g.make(Op::lt, a.id, x.g.literal(0));
  EXPECT_EQ(x.g.select(c, a.id, a.id), a.id);
  EXPECT_EQ(x.g.select(x.g.boolean(false), x.g.literal(3), a.id), a.id);
  EXPECT_EQ(x.g.make(Op::logic_not, x.g.make(Op::logic_not, c)), c);
  EXPECT_EQ(x.g.make(Op::logic_and, c, x.g.boolean(true)), c);
  EXPECT_EQ(x.g.make(Op::logic_and, c, x.g.boolean(false)), x.g.boolean(false));
  EXPECT_EQ(x.g.make(Op::logic_or, c, x.g.boolean(true)), x.g.boolean(true));
  EXPECT_EQ(x.g.make(Op::logic_or, c, x.g.boolean(false)), c);
}

TEST(Graph, IntegersFoldWhereBothWidthsAgree) {
  Graph g;
  EXPECT_EQ(g.make(Op::iadd, g.integer(-3), g.integer(5)), g.integer(2));
  EXPECT_EQ(g.make(Op::iand, g.integer(0xff0), g.integer(0x0ff)), g.integer(0xf0));
  EXPECT_EQ(g.make(Op::ilt, g.integer(-1), g.integer(0)), g.boolean(true));
  EXPECT_EQ(g.make(Op::real_of_int, g.integer(-7)), g.literal(-7));
  EXPECT_NE(g[g.make(Op::ilt, g.integer(1LL << 40), g.integer(0))].op, Op::literal);  // 0 < 0 in 32 bits
  EXPECT_NE(g[g.make(Op::lshr, g.integer(-1), g.integer(1))].op, Op::literal);
  EXPECT_EQ(g.make(Op::select, g.boolean(true), g.integer(4), g.integer(5)), g.integer(4));
}

TEST(Graph, UniformityFollowsTheSymbols) {
  Expressions x;
  const E v = x.varying("v"), p = x.uniform("p");
  EXPECT_TRUE(x.g[(exp(p) * 3.0).id].uniform);
  EXPECT_FALSE(x.g[(exp(p) * v).id].uniform);
  EXPECT_FALSE(x.g[x.g.make(Op::element_index)].uniform);
  EXPECT_TRUE(x.g[x.g.make(Op::step_index)].uniform);
}

TEST(Graph, WrongTypesAreInternalErrors) {
  Expressions x;
  const NodeId a = x.varying("a").id;
  const NodeId c = x.g.make(Op::lt, a, x.g.literal(0));
  EXPECT_THROW((void)x.g.add(a, c), InternalError);
  EXPECT_THROW((void)x.g.make(Op::exp, c), InternalError);
  EXPECT_THROW((void)x.g.select(a, a, a), InternalError);
  EXPECT_THROW((void)x.g.select(c, a, c), InternalError);
  EXPECT_THROW((void)x.g.make(Op::add, a), InternalError);
  EXPECT_THROW((void)x.g.make(Op::exp, a, a), InternalError);
  EXPECT_THROW((void)x.g.make(Op::literal), InternalError);
  EXPECT_THROW((void)x.g.make(Op::exp, a, no_node, no_node, 3), InternalError);
  EXPECT_THROW((void)x.g.make(Op::exp, 1000), InternalError);
  EXPECT_THROW((void)x.g.symbol("a", Rate::uniform), InternalError);
  EXPECT_THROW((void)x.g.symbol("a", Rate::varying, Type::boolean), InternalError);
  EXPECT_EQ(x.g.find_symbol("a"), a);
  EXPECT_EQ(x.g.find_symbol("nobody"), no_node);
}

TEST(Print, ParenthesesOnlyWherePrecedenceAsks) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b"), c = x.varying("c");
  const auto text = [&x](E e) { return print(x.g, e.id); };
  EXPECT_EQ(text(exp(a / 4.0)), "exp(a / 4)");
  EXPECT_EQ(text(a - (b - c)), "a - (b - c)");
  EXPECT_EQ(text((a - b) - c), "a - b - c");
  EXPECT_EQ(text((a + b) * c), "c * (a + b)");  // commutative operands stand in the order in which they were made
  EXPECT_EQ(text(a * b / c), "a * b / c");
  EXPECT_EQ(text(a / (b * c)), "a / (b * c)");
  EXPECT_EQ(text(a / (b / c)), "a / (b / c)");
  EXPECT_EQ(text(-(a + b)), "-(a + b)");
  EXPECT_EQ(text(-pow(a, 2)), "-a**2");
  EXPECT_EQ(text(pow(-a, 2)), "(-a)**2");
  EXPECT_EQ(text(call(Op::pow, a, call(Op::pow, b, c))), "a**b**c");
  EXPECT_EQ(text(call(Op::pow, call(Op::pow, a, b), c)), "(a**b)**c");
  EXPECT_EQ(text(pow(a, -2)), "a**(-2)");
  EXPECT_EQ(text(a / 0.1), "a / 0.1");
  EXPECT_EQ(text(call(Op::clip, a, b, c)), "clip(a, b, c)");
  const E less = call(Op::lt, a, b), more = call(Op::ge, a, c);
  EXPECT_EQ(text(call(Op::select, call(Op::logic_and, less, more), a, b)), "where(a < b and a >= c, a, b)");
  EXPECT_EQ(text(call(Op::logic_and, call(Op::logic_or, less, more), more)), "a >= c and (a < b or a >= c)");
  EXPECT_EQ(text(call(Op::logic_not, less)), "not a < b");
  EXPECT_EQ(print(x.g, x.g.make(Op::normal)), "randn()");
  EXPECT_EQ(print(x.g, x.g.boolean(true)), "true");
  EXPECT_EQ(print(x.g, x.g.literal(0.1 + 0.2)), "0.30000000000000004");
}

TEST(Print, StopsAtTheLimit) {
  Expressions x;
  E e = x.varying("a");
  for (int k = 0; k < 60; ++k) e = e + e / 2.0;  // 2^60 leaves
  const std::string text = print(x.g, e.id, 1000);
  EXPECT_EQ(text.size(), 1003u);
  EXPECT_EQ(text.substr(1000), "...");
}

// A chain 10^5 deep: no pass recurses, and none makes more than a constant number of nodes for each.
TEST(Chain, OfHundredThousandNodes) {
  constexpr int depth = 100'000;
  Expressions x;
  const E v = x.varying("v"), p = x.uniform("p");
  E e = v;
  double value = 0.25, slope = 1;
  for (int k = 0; k < depth; ++k) {
    e = k % 2 == 0 ? e * p + v : call(Op::sin, e);
    slope = k % 2 == 0 ? slope * 0.5 + 1 : std::cos(value) * slope;
    value = k % 2 == 0 ? value * 0.5 + 0.25 : std::sin(value);
  }
  const std::size_t built = x.g.size();
  EXPECT_LT(built, 2u * depth);
  const std::unordered_map<NodeId, double> at{{v.id, 0.25}, {p.id, 0.5}};
  EXPECT_DOUBLE_EQ(evaluate(x.g, e.id, at), value);
  const NodeId derivative = differentiate(x.g, e.id, v.id);
  EXPECT_LT(x.g.size(), 4u * built);
  EXPECT_NEAR(evaluate(x.g, derivative, at), slope, 1e-12 * std::abs(slope));
  const std::vector<NodeId> roots{e.id, derivative};
  const auto simple = simplify(x.g, roots);
  EXPECT_NEAR(evaluate(x.g, simple[0], at), value, 1e-12);
  EXPECT_NEAR(evaluate(x.g, recognise_singularities(x.g, roots)[0], at), value, 0);
  EXPECT_EQ(print(x.g, e.id, 5000).size(), 5003u);
  EXPECT_FALSE(independent(x.g, e.id, v.id));
  EXPECT_FALSE(affine_in(x.g, e.id, v.id).ok);
  Graph copy;
  EXPECT_EQ(topological(copy, import(copy, x.g, roots)).size(), topological(x.g, roots).size());
  std::vector<double> block(3);
  evaluate_block(x.g, e.id, {.count = 3}, [](const Symbol& s, std::uint64_t) { return s.name == "v" ? 0.25 : 0.5; }, block);
  EXPECT_NEAR(block[2], value, 1e-12);
}

}  // namespace
}  // namespace ranvier::ir
