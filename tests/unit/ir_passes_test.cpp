// links: ranvier_ir ranvier_base
#include <gtest/gtest.h>

#include <cmath>

#include "ir/interpret.hpp"
#include "ir/kernel.hpp"
#include "ir/passes.hpp"
#include "ir_expressions.hpp"

namespace ranvier::ir {
namespace {

TEST(Substitute, OutermostMatchFirstAndNotAgain) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b"), c = x.varying("c");
  const E f = exp(a * b) + a;
  EXPECT_EQ(substitute(x.g, f.id, {{a.id, c.id}}), (exp(c * b) + c).id);
  EXPECT_EQ(substitute(x.g, f.id, {{(a * b).id, c.id}, {a.id, b.id}}), (exp(c) + b).id);
  EXPECT_EQ(substitute(x.g, f.id, {{a.id, b.id}, {b.id, a.id}}), (exp(b * a) + b).id);  // a swap
  EXPECT_EQ(substitute(x.g, f.id, {{a.id, (a + 1.0).id}}), (exp((a + 1.0) * b) + (a + 1.0)).id);
  EXPECT_EQ(substitute(x.g, f.id, {}), f.id);
  EXPECT_TRUE(x.g.is_literal(substitute(x.g, (a + b).id, {{a.id, x.g.literal(2)}, {b.id, x.g.literal(3)}}), 5));
}

TEST(Import, CopiesByName) {
  Expressions x, y;
  const E a = x.varying("a"), p = x.uniform("p");
  (void)y.uniform("p");
  const NodeId random = x.g.make(Op::normal, no_node, no_node, no_node, 9);
  const std::vector<NodeId> roots{(a * p).id, x.g.add((a / p).id, random), a.id};
  const auto copied = import(y.g, x.g, roots);
  EXPECT_EQ(print(y.g, copied[0]), "p * a");  // p is older there
  EXPECT_EQ(y.g.symbol_of(copied[2]).rate, Rate::varying);
  EXPECT_EQ(y.g[y.g[copied[1]].arg[1]].payload + y.g[y.g[copied[1]].arg[0]].payload, 9u);
}

TEST(Topological, OperandsBeforeUsersEachOnce) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b");
  (void)exp(b);
  const E f = (a + b) * (a + b) / exp(a);
  const std::vector<NodeId> roots{f.id, (a + b).id};
  const auto order = topological(x.g, roots);
  EXPECT_EQ(order.size(), 6u);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Node& node = x.g[order[k]];
    for (int n = 0; n < op_info(node.op).arity; ++n) {
      EXPECT_LT(std::find(order.begin(), order.end(), node.arg[n]) - order.begin(), static_cast<std::ptrdiff_t>(k));
    }
  }
}

TEST(Affine, SlopeAndOffset) {
  Expressions x;
  const E v = x.varying("v"), p = x.uniform("p"), w = x.varying("w");
  const std::unordered_map<NodeId, double> at{{v.id, 3.25}, {p.id, -1.5}, {w.id, 0.75}};
  const std::vector<E> good{v, p, 2.0 * v - 3.0, (p - v) / 4.0 + w * v, -(v * p) + v, p * (w - 2.0 * (v + 1.0)) / w, call(Op::fma, v, p, w),
                            exp(w) * v, v - v};
  for (const E& f : good) {
    const Affine form = affine_in(x.g, f.id, v.id);
    ASSERT_TRUE(form.ok) << print(x.g, f.id);
    EXPECT_TRUE(independent(x.g, form.slope, v.id) && independent(x.g, form.offset, v.id));
    EXPECT_NEAR(evaluate(x.g, form.slope, at) * 3.25 + evaluate(x.g, form.offset, at), evaluate(x.g, f.id, at), 1e-13);
  }
  for (const E& f : {v * v, exp(v), w / v, call(Op::abs, v), call(Op::fma, v, v, w)}) EXPECT_FALSE(affine_in(x.g, f.id, v.id).ok);
  EXPECT_TRUE(x.g.is_literal(affine_in(x.g, (13.0 - v).id, v.id).slope, -1));
  EXPECT_TRUE(x.g.is_literal(affine_in(x.g, (13.0 - v).id, v.id).offset, 13));
  EXPECT_TRUE(x.g.is_literal(affine_in(x.g, p.id, v.id).slope, 0));
}

std::string by_name(const Symbol& s) { return s.name; }

TEST(StructuralHash, IgnoresNumberingOrderAndNames) {
  Expressions x, y;
  const E a = x.varying("a"), b = x.varying("b"), c = x.varying("c");
  const NodeId f = ((a + b) * exp(c) - a * b).id;
  const E c2 = y.varying("third"), b2 = y.varying("second"), a2 = y.varying("first");
  (void)(c2 / b2);  // numbers move
  const NodeId g = (exp(c2) * (b2 + a2) - b2 * a2).id;
  const auto role = [](const Symbol& s) -> std::string {
    if (s.name == "a" || s.name == "first") return "0";
    return s.name == "b" || s.name == "second" ? "1" : "2";
  };
  EXPECT_EQ(structural_hash(x.g, std::span(&f, 1), role), structural_hash(y.g, std::span(&g, 1), role));
  EXPECT_NE(structural_hash(x.g, std::span(&f, 1), by_name), structural_hash(y.g, std::span(&g, 1), by_name));
}

TEST(StructuralHash, SeesWhatDiffers) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b"), p = x.uniform("p");
  const auto hash = [&x](NodeId id) { return structural_hash(x.g, std::span(&id, 1), by_name); };
  const std::vector<NodeId> different{(a - b).id, (b - a).id, (a + b).id, (a / b).id, (a * b).id, (a * p).id, (a * 2.0).id, (a * 3.0).id,
                                      a.id, b.id, x.g.literal(1), x.g.boolean(true), x.g.integer(1), x.g.make(Op::normal),
                                      x.g.make(Op::uniform), x.g.make(Op::normal, no_node, no_node, no_node, 1)};
  for (std::size_t i = 0; i < different.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(hash(different[i]), hash(different[j])) << i << ' ' << j;
  }
  const std::vector<NodeId> one{a.id, b.id}, other{b.id, a.id};
  EXPECT_NE(structural_hash(x.g, one, by_name), structural_hash(x.g, other, by_name));  // roots keep their order
}

Kernel small_kernel(bool reversed) {
  Kernel k;
  k.name = reversed ? "reversed" : "straight";
  k.precision = Precision::f32;
  Graph& g = k.graph;
  if (reversed) (void)g.mul(g.literal(3), g.symbol(reversed ? "w'" : "w", Rate::varying));
  const NodeId w = g.symbol(reversed ? "w'" : "w", Rate::varying);
  const NodeId v = g.symbol(reversed ? "v'" : "v", Rate::varying);
  const NodeId s = g.symbol("$0", Rate::uniform);
  const NodeId sum = reversed ? g.add(w, v) : g.add(v, w);
  const NodeId product = reversed ? g.mul(sum, s) : g.mul(s, sum);
  k.arrays = {{"v", Element::real, v, g.add(product, g.literal(0.1)), true}, {"w", Element::count, w, no_node}};
  k.scalars = {s};
  k.events = {{"spike", g.make(Op::lt, sum, product)}};
  return k;
}

TEST(KernelText, IsTheSameForEqualKernels) {
  const std::string text = print(small_kernel(false));
  EXPECT_EQ(text, print(small_kernel(true)));
  EXPECT_NE(text.find("kernel f32"), std::string::npos);
  EXPECT_NE(text.find("0.1"), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '='), 4);  // each node once
}

TEST(KernelText, ShowsEveryDifference) {
  const std::string text = print(small_kernel(false));
  std::vector<Kernel> other(8, small_kernel(false));
  other[0].precision = Precision::f64;
  other[1].masked_stores = true;
  other[2].arrays[0].check_finite = false;
  other[3].arrays[1].element = Element::real;
  other[4].arrays[1].store = other[4].arrays[0].load;
  other[5].events.clear();
  other[6].scalars.push_back(other[6].graph.symbol("$1", Rate::uniform));
  std::swap(other[7].arrays[0].load, other[7].arrays[1].load);
  // a swapped role of two commutative operands is no difference in the text of the sum, but v's type is
  other[7].arrays[0].element = Element::count;
  for (std::size_t k = 0; k < other.size(); ++k) EXPECT_NE(print(other[k]), text) << k;
}

}  // namespace
}  // namespace ranvier::ir
