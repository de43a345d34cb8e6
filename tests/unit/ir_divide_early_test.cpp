// links: ranvier_ir ranvier_base
// h f exprel(h s) as f/s expm1(h s): the same value, at s = 0 and beside it too, and where it is not done.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ir/passes.hpp"
#include "ir/scalar.hpp"

namespace ranvier::ir {
namespace {

int count(const Graph& g, NodeId root, Op op) {
  const auto order = topological(g, std::span(&root, 1));
  return static_cast<int>(std::count_if(order.begin(), order.end(), [&](NodeId id) { return g[id].op == op; }));
}

struct Step {
  Graph g;
  NodeId f = g.symbol("f", Rate::varying), s = g.symbol("s", Rate::varying), h = g.symbol("h", Rate::uniform);
  NodeId exprel(NodeId u) { return g.make(Op::exprel, u); }
  NodeId early(NodeId root) { return divide_early(g, std::span(&root, 1)).front(); }
};

/// Of basic operations on doubles, `root` evaluated recursively: these graphs are small.
double value(const Graph& g, NodeId id, double f, double s, double h) {
  const Node& n = g[id];
  const auto of = [&](int k) { return value(g, n.arg[k], f, s, h); };
  switch (n.op) {
    case Op::symbol:
      return g.symbol_of(id).name == "f" ? f : g.symbol_of(id).name == "s" ? s : h;
    case Op::literal:
      return g.literal_value(id);
    case Op::mul:
      return of(0) * of(1);
    case Op::div:
      return of(0) / of(1);
    case Op::abs:
      return std::fabs(of(0));
    case Op::expm1:
      return std::expm1(of(0));
    case Op::lt:
      return of(0) < of(1);
    case Op::select:
      return of(0) != 0 ? of(1) : of(2);
    default:
      ADD_FAILURE() << "no such operator here: " << op_info(n.op).name;
      return 0;
  }
}

TEST(DivideEarly, TheValueIsThatOfExprel) {
  for (const int form : {0, 1, 2, 3}) {
    Step x;
    const NodeId phi = x.exprel(x.g.mul(x.h, x.s));
    const NodeId root = form == 0   ? x.g.mul(x.g.mul(x.h, phi), x.f)
                        : form == 1 ? x.g.mul(x.g.mul(x.h, x.f), phi)
                        : form == 2 ? x.g.mul(x.f, phi)             // h is no factor
                                    : x.g.mul(x.exprel(x.s), x.f);  // nor of the argument
    const NodeId after = x.early(root);
    EXPECT_EQ(count(x.g, after, Op::exprel), 0);
    EXPECT_EQ(count(x.g, after, Op::expm1), 1);
    const double h = 0.1, f = -3.7;
    for (const double s : {0.0, -0.0, 1e-300, -1e-19, 1e-18, -2e-18, 1e-9, -1e-4, -0.5, 3.0, -30.0, 200.0, -1e6}) {
      const double u = form == 3 ? s : h * s;
      const double exact = (form < 2 ? h * f : f) * (u == 0 ? 1 : std::expm1(u) / u);
      EXPECT_NEAR(value(x.g, after, f, s, h), exact, 1e-15 * std::fabs(exact)) << "form " << form << ", s = " << s;
    }
  }
}

TEST(DivideEarly, WhatOthersUseTooIsLeft) {
  Step x;
  const NodeId phi = x.exprel(x.g.mul(x.h, x.s));
  const NodeId root = x.g.add(x.g.mul(x.f, phi), phi);
  EXPECT_EQ(x.early(root), root);
}

TEST(DivideEarly, QuotientsAndNumbersAreLeft) {
  Step x;
  const NodeId below = x.g.div(x.f, x.exprel(x.s));  // one division already
  EXPECT_EQ(x.early(below), below);
  const NodeId uniform = x.g.mul(x.f, x.exprel(x.h));  // the host's
  EXPECT_EQ(x.early(uniform), uniform);
}

TEST(DivideEarly, EqualEquationsGiveOneNode) {
  Step x;
  const NodeId phi = x.exprel(x.g.mul(x.s, x.h));
  const NodeId a = x.early(x.g.mul(x.g.mul(x.h, phi), x.f)), b = x.early(x.g.mul(x.f, x.g.mul(phi, x.h)));
  EXPECT_EQ(structural_hash(x.g, std::span(&a, 1), by_name()), structural_hash(x.g, std::span(&b, 1), by_name()));
}

}  // namespace
}  // namespace ranvier::ir
