// links: ranvier_ir ranvier_base
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "ir/interpret.hpp"
#include "ir/passes.hpp"
#include "ir_expressions.hpp"

namespace ranvier::ir {
namespace {

using L = long double;
using Written = std::function<E(E V, E VT, E k)>;

constexpr double vt = -63, kk = 7.5;  // the parameters' values: the pass never sees them

/// A spelling of factor*phi(slope*(V - v0)) with phi(x) = x/(e^x - 1), or of its inverse, singular at v0.
struct Spelling {
  const char* name;
  Written written;
  double v0, slope, factor;
  bool inverse = false;
};

L phi(L x) { return x == 0 ? 1 : x / std::expm1(x); }

const std::vector<Spelling>& spellings() {
  static const std::vector<Spelling> all{
      {"alpha_m", [](E V, E VT, E) { return 0.32 * (13.0 - V + VT) / (exp((13.0 - V + VT) / 4.0) - 1.0); }, -50, -0.25, 0.32 * 4},
      {"beta_m", [](E V, E VT, E) { return 0.28 * (V - VT - 40.0) / (exp((V - VT - 40.0) / 5.0) - 1.0); }, -23, 0.2, 0.28 * 5},
      {"alpha_n", [](E V, E VT, E) { return 0.032 * (15.0 - V + VT) / (exp((15.0 - V + VT) / 5.0) - 1.0); }, -48, -0.2, 0.032 * 5},
      {"argument written anew", [](E V, E VT, E) { return 0.28 * (V - VT - 40.0) / (exp((V - (VT + 40.0)) / 5.0) - 1.0); }, -23, 0.2, 1.4},
      {"numerator's sign turned", [](E V, E VT, E) { return -0.32 * (V - VT - 13.0) / (exp((13.0 - V + VT) / 4.0) - 1.0); }, -50, -0.25, 1.28},
      {"HH alpha_n", [](E V, E, E) { return 0.01 * (V + 55.0) / (1.0 - exp(-(V + 55.0) / 10.0)); }, -55, -0.1, 0.1},
      {"HH alpha_m", [](E V, E, E) { return 0.1 * (V + 40.0) / (1.0 - exp(-0.1 * (V + 40.0))); }, -40, -0.1, 1},
      {"multiplied out", [](E V, E, E) { return (0.1 * V + 4.0) / (1.0 - exp(-(V + 40.0) / 10.0)); }, -40, -0.1, 1},
      {"decimals that binary rounds", [](E V, E, E) { return (0.1 * V + 5.57) / (1.0 - exp(-(V + 55.7) / 10.0)); }, -55.7, -0.1, 1},
      {"scaled c/(1 - exp(-c))", [](E V, E, E) { return (V + 40.0) / 10.0 / (1.0 - exp(-(V + 40.0) / 10.0)); }, -40, -0.1, 1},
      {"bare", [](E V, E, E) { return V / (exp(V) - 1.0); }, 0, 1, 1},
      {"expm1", [](E V, E, E) { return V / expm1(V); }, 0, 1, 1},
      {"-1 + exp", [](E V, E, E) { return V / (-1.0 + exp(V / 3.0)); }, 0, 1.0 / 3, 3},
      {"parameter as scale", [](E V, E, E k) { return V / (exp(V / k) - 1.0); }, 0, 1 / kk, kk},
      {"parameters in all places", [](E V, E VT, E k) { return k * (V - VT) / (exp((V - VT) / k) - 1.0); }, vt, 1 / kk, kk * kk},
      {"parameter multiplied out", [](E V, E VT, E k) { return (V - VT) / (exp(V / k - VT / k) - 1.0); }, vt, 1 / kk, kk},
      {"factors spread", [](E V, E VT, E k) { return k * (V - VT) * 0.3 / (1.0 - exp((VT - V) / 4.0)); }, vt, -0.25, 0.3 * 4 * kk},
      {"reciprocal times", [](E V, E, E) { return (V + 10.0) * (1.0 / (exp((V + 10.0) / 2.0) - 1.0)) * 0.5; }, -10, 0.5, 1},
      {"outer sign", [](E V, E, E) { return -((V + 10.0) / (1.0 - exp((V + 10.0) / 2.0))); }, -10, 0.5, 2},
      {"inverse of expm1", [](E V, E, E k) { return expm1(V / k) / V; }, 0, 1 / kk, 1 / kk, true},
      {"(exp(x) - 1)/x", [](E V, E, E) { return (exp(V) - 1.0) / V; }, 0, 1, 1, true},
      {"(1 - exp(-x))/x", [](E V, E, E) { return (1.0 - exp(-(V - 3.0) / 4.0)) / (V - 3.0); }, 3, -0.25, 0.25, true},
      {"exp(-x) as 1/exp(x)", [](E V, E, E) { return V / (1.0 - 1.0 / exp(V / 4.0)); }, 0, -0.25, 4},
      {"scaled denominator", [](E V, E, E) { return V / (2.0 * exp(V / 4.0) - 2.0); }, 0, 0.25, 2},
      {"number before the bar", [](E V, E, E) { return V / (3.0 * (exp(V / 4.0) - 1.0)); }, 0, 0.25, 4.0 / 3},
      {"power -1", [](E V, E, E) { return V * pow(exp(V / 4.0) - 1.0, -1); }, 0, 0.25, 4},
      {"not affine", [](E V, E, E) { return 2.0 * call(Op::tanh, V) / (exp(call(Op::tanh, V) * 3.0) - 1.0); }, 0, 0, 0},
      {"guarded by the user", [](E V, E, E) {
         const E x = (V + 40.0) / 5.0;
         const E small = call(Op::lt, call(Op::abs, x), lit(V, 1e-6));
         return call(Op::select, small, 5.0 * (1.0 - x / 2.0), (V + 40.0) / (exp(x) - 1.0));
       }, -40, 0.2, 5},
  };
  return all;
}

bool contains(const Graph& g, NodeId root, Op op) {
  for (const NodeId id : topological(g, std::span(&root, 1))) {
    if (g[id].op == op) return true;
  }
  return false;
}

struct Case {
  Expressions x;
  E V = x.varying("V"), VT = x.uniform("VT"), k = x.uniform("k");
  NodeId before = no_node, after = no_node;
  explicit Case(const Written& written) {
    before = written(V, VT, k).id;
    after = recognise_singularities(x.g, std::span(&before, 1)).front();
  }
  [[nodiscard]] double at(double v, Functions functions) const {
    return evaluate(x.g, after, {{V.id, v}, {VT.id, vt}, {k.id, kk}}, functions);
  }
};

L expected(const Spelling& s, double v) {
  if (s.slope == 0) return 2 * phi(3 * std::tanh(L(v))) / 3;
  const L value = phi(L(s.slope) * (L(v) - L(s.v0)));
  return s.factor * (s.inverse ? 1 / value : value);
}

TEST(Singularity, EverySpellingBecomesExprel) {
  for (const Spelling& s : spellings()) {
    const Case c(s.written);
    EXPECT_NE(c.before, c.after) << s.name << ": " << print(c.x.g, c.before);
    EXPECT_TRUE(contains(c.x.g, c.after, Op::exprel)) << s.name << ": " << print(c.x.g, c.after);
  }
}

TEST(Singularity, ValueAndLimitAreExact) {
  for (const Spelling& s : spellings()) {
    const Case c(s.written);
    for (const Functions functions : {Functions::libm, Functions::own}) {
      // At the singular point the numerator as computed may be an ulp of its terms off zero: the function is smooth there.
      const double limit = static_cast<double>(expected(s, s.v0));
      EXPECT_NEAR(c.at(s.v0, functions), limit, 1e-12 * std::fabs(limit)) << s.name << ": " << print(c.x.g, c.after);
      for (double v = -120; v <= 60; v += 0.3712345) {
        const double value = static_cast<double>(expected(s, v));
        const bool users_own = std::string(s.name) == "guarded by the user" && std::fabs(v - s.v0) < 1e-5;
        EXPECT_NEAR(c.at(v, functions), value, (users_own ? 1e-11 : 1e-12) * std::fabs(value)) << s.name << " at " << v;
      }
    }
  }
}

// Around the point, where the plain form cancels: 1e-12 relative at every distance.
TEST(Singularity, DigitsNearTheSingularPoint) {
  for (const Spelling& s : spellings()) {
    if (std::string(s.name) == "guarded by the user") continue;
    const Case c(s.written);
    for (double distance = 1e-13; distance < 1; distance *= 10) {
      for (const double v : {s.v0 + distance, s.v0 - distance}) {
        const double value = static_cast<double>(expected(s, v));
        EXPECT_NEAR(c.at(v, Functions::own), value, 1e-12 * std::fabs(value)) << s.name << " at " << v;
      }
    }
  }
}

TEST(Singularity, DivisionByExprelIsOutermost) {
  const Case c(spellings()[0].written);
  EXPECT_EQ(c.x.g[c.after].op, Op::div);
  EXPECT_TRUE(c.x.g.is_literal(c.x.g[c.after].arg[0], 0.32 * 4));
  EXPECT_EQ(c.x.g[c.x.g[c.after].arg[1]].op, Op::exprel);
  EXPECT_EQ(print(c.x.g, c.after), "1.28 / exprel((13 - V + VT) / 4)");
}

TEST(Singularity, TheArgumentIsKeptAsWritten) {
  const Case c([](E V, E VT, E k) { return 3.0 * ((V - VT) / k) / (exp((V - VT) / k) - 1.0); });
  EXPECT_EQ(print(c.x.g, c.after), "3 / exprel((V - VT) / k)");
}

TEST(Singularity, WhatIsNotRemovableIsLeftAlone) {
  const std::vector<Written> untouched{
      [](E V, E VT, E) { return V / (exp(VT) - 1.0); },
      [](E V, E, E) { return V / (exp(V) - 2.0); },
      [](E V, E, E) { return V / (exp(V) + 1.0); },
      [](E V, E, E) { return (V + 1.0) / (exp(V) - 1.0); },
      [](E V, E VT, E) { return (V - VT) / (exp((V + VT) / 5.0) - 1.0); },
      [](E V, E VT, E k) { return (V - VT - 40.0) / (exp((V - k - 40.0) / 5.0) - 1.0); },
      [](E V, E, E) { return (V - 40.0) / (exp((V - 40.1) / 5.0) - 1.0); },
      [](E V, E, E) { return 1.0 / (exp(V) - 1.0); },
      [](E V, E, E) { return (exp(V) - 1.0) * V; },
      [](E V, E, E) { return V * V / (exp(call(Op::abs, V)) - 1.0); },
      [](E V, E, E k) { return V / (exp(V * V / k) - 1.0); },
      [](E, E VT, E k) { return VT / (exp(k) - 1.0); },
      [](E V, E, E) { return 4.0 / (1.0 + exp((V - 10.0) / 5.0)); },
      [](E V, E, E) { return (exp(V) - 1.0) / (exp(V) + V); },
      [](E V, E, E) { return exp(V) - 1.0; },
  };
  for (const Written& written : untouched) {
    const Case c(written);
    EXPECT_EQ(c.before, c.after) << print(c.x.g, c.before) << " became " << print(c.x.g, c.after);
  }
}

TEST(Singularity, InsideLargerExpressionsAndTwice) {
  Expressions x;
  const E V = x.varying("V"), m = x.varying("m");
  const E alpha = 0.1 * (V + 40.0) / (1.0 - exp(-(V + 40.0) / 10.0)), beta = (V + 10.0) / (exp((V + 10.0) / 3.0) - 1.0);
  const std::vector<NodeId> roots{(alpha * (1.0 - m) - beta * m).id, (alpha * beta).id, (alpha + beta).id, m.id};
  const auto after = recognise_singularities(x.g, roots);
  EXPECT_EQ(after[3], m.id);
  const std::unordered_map<NodeId, double> at{{V.id, -40.0}, {m.id, 0.25}};
  const double b = -30 / std::expm1(-10.0);
  EXPECT_NEAR(evaluate(x.g, after[0], at), 0.75 - b * 0.25, 1e-13);
  EXPECT_NEAR(evaluate(x.g, after[1], at), b, 1e-12);
  EXPECT_NEAR(evaluate(x.g, after[2], at), 1 + b, 1e-12);
  EXPECT_EQ(recognise_singularities(x.g, after), after);
}

TEST(Singularity, UniformOnesToo) {
  Expressions x;
  const E dt = x.uniform("dt"), tau = x.uniform("tau");
  const NodeId f = ((1.0 - exp(-(dt / tau))) / (dt / tau)).id;
  const NodeId after = recognise_singularities(x.g, std::span(&f, 1)).front();
  EXPECT_NEAR(evaluate(x.g, after, {{dt.id, 0.0}, {tau.id, 5.0}}), 1, 1e-15);
  EXPECT_NEAR(evaluate(x.g, after, {{dt.id, 0.1}, {tau.id, 5.0}}), -std::expm1(-0.02) / 0.02, 1e-15);
}

TEST(Singularity, LongProductsStayLinear) {
  Expressions x;
  const E V = x.varying("V"), y = x.varying("y");
  E f = 1.0 / (exp(V) - 1.0);
  for (int k = 0; k < 20'000; ++k) f = f * y;
  const NodeId before = f.id;
  EXPECT_EQ(recognise_singularities(x.g, std::span(&before, 1)).front(), before);
}

}  // namespace
}  // namespace ranvier::ir
