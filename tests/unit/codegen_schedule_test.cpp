// links: ranvier_codegen ranvier_ir ranvier_base
// The order in which a kernel's operations are written: a permutation that keeps operands first and starts long chains
// early.
#include "codegen/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "ir/graph.hpp"

namespace ranvier::codegen {
namespace {

using ir::Graph;
using ir::NodeId;
using ir::Op;
using ir::Rate;

/// Sums and products of earlier nodes, some never used again.
std::vector<NodeId> random_roots(Graph& g, int operations) {
  std::mt19937 random(7);
  std::vector<NodeId> nodes;
  for (const char* name : {"a", "b", "c"}) nodes.push_back(g.symbol(name, Rate::varying));
  for (int k = 0; k < operations; ++k) {
    const auto pick = [&] { return nodes[random() % nodes.size()]; };
    const Op ops[] = {Op::add, Op::mul, Op::sub, Op::div};
    nodes.push_back(g.make(ops[random() % 4], pick(), pick()));
  }
  return nodes;
}

TEST(Schedule, IsAPermutationWithOperandsFirst) {
  Graph g;
  const auto roots = random_roots(g, 300);
  const auto order = ir::topological(g, roots);
  const auto result = schedule(g, order);
  auto sorted = result;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, order);
  std::map<NodeId, std::size_t> place;
  for (std::size_t k = 0; k < result.size(); ++k) place[result[k]] = k;
  for (const auto id : result) {
    for (int a = 0; a < ir::op_info(g[id].op).arity; ++a) EXPECT_LT(place.at(g[id].arg[a]), place.at(id));
  }
  EXPECT_EQ(schedule(g, order), result) << "the same graph gives the same order";
}

TEST(Schedule, SymbolsStandBeforeTheirFirstUse) {
  Graph g;
  const auto a = g.symbol("a", Rate::varying), b = g.symbol("b", Rate::varying), c = g.symbol("c", Rate::varying);
  const NodeId first = g.add(a, b), second = g.mul(first, c);
  const NodeId roots[] = {second};
  EXPECT_EQ(schedule(g, ir::topological(g, roots)), (std::vector<NodeId>{a, b, first, c, second}));
}

TEST(Schedule, ASymbolThatIsStoredAsItIsRemains) {
  Graph g;
  const NodeId roots[] = {g.symbol("a", Rate::varying)};
  EXPECT_EQ(schedule(g, roots), std::vector<NodeId>{roots[0]});
}

TEST(Schedule, IndependentChainsAreInFlightTogether) {
  Graph g;
  std::vector<NodeId> roots;
  for (const char* name : {"a", "b"}) {  // two chains of ten products, written one after the other
    const auto x = g.symbol(name, Rate::varying);
    NodeId y = x;
    for (int k = 0; k < 10; ++k) y = g.mul(y, g.literal(2.0 + k));
    roots.push_back(y);
  }
  const auto result = schedule(g, ir::topological(g, roots));
  const auto place = [&](NodeId id) { return std::find(result.begin(), result.end(), id) - result.begin(); };
  // The second chain begins before the first is half done.
  const auto b = g.find_symbol("b");
  EXPECT_LT(place(b), place(roots[0]) / 2);
}

TEST(Schedule, VeryLongOrdersComeBackAsTheyAre) {
  Graph g;
  NodeId x = g.symbol("x", Rate::varying);
  for (int k = 0; k < 100'000; ++k) x = g.mul(g.add(x, g.literal(1)), g.literal(0.5));
  const NodeId roots[] = {x};
  const auto order = ir::topological(g, roots);
  EXPECT_EQ(schedule(g, order), order);
}

}  // namespace
}  // namespace ranvier::codegen
