// links: ranvier_codegen ranvier_ir ranvier_base
// What of a kernel is computed one vector ahead: the beginning of its longest chain, and it changes no bit.
#include "codegen/ahead.hpp"

#include <algorithm>
#include <set>

#include "codegen/plan.hpp"
#include "codegen_kernels.hpp"

namespace ranvier::codegen::testing {
namespace {

/// a*x + b again and again: a chain of so many operations.
NodeId chain(Graph& g, NodeId x, int operations, double a, double b) {
  for (int k = 0; k < operations; ++k) x = g.make(Op::fma, x, g.literal(a + 0.001 * k), g.literal(b));
  return x;
}

struct Long {
  Kernel kernel;
  NodeId x, first;
};

/// `first` is a chain from x; from it `ways` chains lead to values that are stored, the first of them over x itself.
Long long_kernel(Precision precision, int before, int after, int ways, bool masked = false) {
  Long l;
  auto& k = l.kernel;
  auto& g = k.graph;
  k.precision = precision;
  k.masked_stores = masked;
  l.x = input(k, "x");
  const NodeId count = g.symbol("c", Rate::varying);
  k.arrays.push_back({.name = "c", .element = ir::Element::count, .load = count, .store = g.literal(0)});
  const NodeId index = g.make(Op::real_of_int, g.make(Op::element_index));
  l.first = chain(g, g.sub(g.add(l.x, count), g.mul(index, g.literal(0.01))), before, 0.9, 0.125);
  for (int w = 0; w < ways; ++w) {
    const NodeId value = g.add(chain(g, l.first, after, 0.8 + 0.01 * w, 0.25), g.mul(l.x, g.literal(0.5 + w)));
    if (w == 0) {
      k.arrays[0].store = value;
      k.arrays[0].check_finite = true;
      k.events.push_back({"e", g.make(Op::lt, g.literal(1.5), value)});
    } else {
      output(k, "y" + std::to_string(w), value);
    }
  }
  return l;
}

Halves halves_of(const Kernel& kernel) { return split(kernel, make_plan(kernel).order); }

TEST(Ahead, AShortKernelStaysWhole) {
  const auto l = long_kernel(Precision::f32, 6, 10, 6);
  EXPECT_TRUE(halves_of(l.kernel).links.empty());
}

TEST(Ahead, TheBeginningOfTheLongestChainIsDoneEarly) {
  const auto l = long_kernel(Precision::f32, 12, 16, 6);
  EXPECT_EQ(halves_of(l.kernel).links, std::vector<NodeId>{l.first});
}

TEST(Ahead, NothingIsDoneEarlyWhereManyValuesLeadOut) {
  auto l = long_kernel(Precision::f32, 12, 16, 6);
  auto& g = l.kernel.graph;
  NodeId at = l.first;
  for (int k = 0; k < 12; ++k) {  // each value of the beginning is stored too
    output(l.kernel, "z" + std::to_string(k), g.mul(at, l.x));
    at = g[at].arg[0];
  }
  EXPECT_TRUE(halves_of(l.kernel).links.empty());
}

TEST(Ahead, BothHalvesHoldWhatTheyNeed) {
  const auto l = long_kernel(Precision::f64, 12, 16, 6);
  const auto halves = halves_of(l.kernel);
  const std::set<NodeId> links(halves.links.begin(), halves.links.end());
  std::set<NodeId> all;
  for (const auto* half : {&halves.ahead, &halves.here}) {
    std::set<NodeId> known;
    if (half == &halves.here) known = links;
    for (const auto id : *half) {
      for (int a = 0; a < ir::op_info(l.kernel.graph[id].op).arity; ++a)
        EXPECT_TRUE(known.contains(l.kernel.graph[id].arg[a]));
      EXPECT_TRUE(known.insert(id).second) << "each once, and links in one half only";
    }
    all.insert(known.begin(), known.end());
  }
  const auto order = make_plan(l.kernel).order;
  EXPECT_EQ(all, std::set<NodeId>(order.begin(), order.end()));
}

class AheadOnEveryWidth : public ::testing::TestWithParam<int> {};

TEST_P(AheadOnEveryWidth, CompiledEqualsInterpreted) {
  RANVIER_NEEDS_COMPILER();
  auto compiler = uncached(GetParam());
  for (const auto precision : {Precision::f32, Precision::f64}) {
    for (const bool masked : {false, true}) {
      const auto l = long_kernel(precision, 12, 16, 6, masked);
      ASSERT_FALSE(halves_of(l.kernel).links.empty());
      const auto compiled = compiler.compile(l.kernel), oracle = interpret(l.kernel);
      for (const std::int64_t size : {1, 31, 32, 33, 64, 65, 128, 200}) {
        const auto n = static_cast<std::size_t>(size);
        Data a(l.kernel, n), b(l.kernel, n);
        for (auto* d : {&a, &b}) {
          Dice dice(7);
          for (std::size_t i = 0; i < n; ++i) {
            d->set(0, i, 4 * dice.unit() - 2);
            d->set_count(1, i, static_cast<std::uint32_t>(dice.below(3)));
          }
        }
        for (int step = 0; step < 3; ++step) {  // in place: a value read early must be the one before it is stored
          const std::int64_t begin = masked ? size / 3 : 0, end = masked ? size - size / 5 : size;
          EXPECT_EQ(a.run(*compiled, begin, end, step), b.run(*oracle, begin, end, step));
          expect_equal(l.kernel, a, b, std::to_string(size) + " elements, step " + std::to_string(step));
        }
        a.expect_guards();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Lanes, AheadOnEveryWidth, ::testing::Values(1, 2, 4, 8, 16, 32));

}  // namespace
}  // namespace ranvier::codegen::testing
