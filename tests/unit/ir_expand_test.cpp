// links: ranvier_ir ranvier_base
// expand(), share_exponentials() and multiply_by_reciprocals(): the graph form against the host form bit for bit, and the rewrites
// against long double. Expanded graphs are evaluated by ir_basic_value.hpp, written apart from any backend.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/elementary.hpp"
#include "ir/interpret.hpp"
#include "ir_basic_value.hpp"
#include "ir_expressions.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {
namespace {

using L = long double;

int count(const Graph& g, std::span<const NodeId> roots, Op op) {
  int n = 0;
  for (const NodeId id : topological(g, roots)) n += g[id].op == op;
  return n;
}

/// `roots` expanded and evaluated at given values of its symbols.
template <class R>
class Kernel {
 public:
  Kernel(Graph& g, std::vector<NodeId> roots, const std::map<std::string, double>& uniforms = {})
      : expanded_(expand(g, roots, sizeof(R) == 8 ? Precision::f64 : Precision::f32)) {
    std::vector<double> values(expanded_.scalars.size());
    HostProgram(g, expanded_.scalars).evaluate([&](const Symbol& s) { return uniforms.at(s.name); }, values);
    for (std::size_t k = 0; k < values.size(); ++k) symbols_["$" + std::to_string(k)] = static_cast<R>(values[k]);
  }
  std::vector<R> at(const std::map<std::string, R>& varying) {
    for (const auto& [name, value] : varying) symbols_[name] = value;
    const BasicValues<R> values(expanded_.graph, expanded_.roots, symbols_);
    std::vector<R> out;
    for (const NodeId root : expanded_.roots) out.push_back(values[root]);
    return out;
  }
  [[nodiscard]] const Expanded& expanded() const { return expanded_; }
  [[nodiscard]] int count(Op op) const { return ir::count(expanded_.graph, expanded_.roots, op); }

 private:
  Expanded expanded_;
  std::map<std::string, R> symbols_;
};

template <class R>
void check_bits() {
  const base::Elementary<base::ScalarOps<R>> f{};
  using Int = typename base::ScalarOps<R>::Int;
  Expressions x;
  const NodeId v = x.varying("x").id, w = x.varying("y").id;
  std::vector<NodeId> roots;
  for (const Op op : {Op::exp, Op::expm1, Op::exprel, Op::log, Op::log1p, Op::sin, Op::cos, Op::tanh}) roots.push_back(x.g.make(op, v));
  roots.push_back(x.g.make(Op::pow, v, w));
  roots.push_back(x.g.make(Op::pow, v, x.g.literal(7)));
  roots.push_back(x.g.div(w, x.g.make(Op::exprel, v)));
  Kernel<R> kernel(x.g, roots);
  for (const NodeId id : topological(kernel.expanded().graph, kernel.expanded().roots)) {
    EXPECT_TRUE(op_info(kernel.expanded().graph[id].op).basic);
  }
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> near(-100, 100);
  for (int k = 0; k < 3000; ++k) {
    const R a = k % 2 ? static_cast<R>(near(random)) : std::bit_cast<R>(static_cast<Int>(random()));
    const R b = static_cast<R>(near(random) / 10);
    const R host[] = {f.exp(a), f.expm1(a), f.exprel(a), f.log(a), f.log1p(a), f.sin(a), f.cos(a), f.tanh(a), f.pow(a, b), f.powi(a, 7), f.over_exprel(b, a)};
    const auto graph = kernel.at({{"x", a}, {"y", b}});
    for (std::size_t i = 0; i < graph.size(); ++i) {
      if (std::isnan(host[i])) {
        EXPECT_TRUE(std::isnan(graph[i])) << i << " at " << a;
      } else {
        EXPECT_EQ(std::bit_cast<Int>(host[i]), std::bit_cast<Int>(graph[i])) << print(x.g, roots[i]) << " at " << a << ", " << b;
      }
    }
  }
}
TEST(Expand, GraphAndHostGiveTheSameBitsF32) { check_bits<float>(); }
TEST(Expand, GraphAndHostGiveTheSameBitsF64) { check_bits<double>(); }

TEST(Expand, ComparisonsMinMaxAndClipTreatNaNAsStated) {
  Expressions x;
  const NodeId a = x.varying("a").id, b = x.varying("b").id;
  const auto as_real = [&](NodeId mask) { return x.g.select(mask, x.g.literal(1), x.g.literal(0)); };
  Kernel<double> kernel(x.g, {as_real(x.g.make(Op::gt, a, b)), as_real(x.g.make(Op::ge, a, b)), x.g.make(Op::min, a, b), x.g.make(Op::max, a, b),
                              x.g.make(Op::clip, a, x.g.literal(-1), x.g.literal(1))});
  using V = std::vector<double>;
  EXPECT_EQ(kernel.at({{"a", 3}, {"b", 2}}), (V{1, 1, 2, 3, 1}));
  EXPECT_EQ(kernel.at({{"a", 2}, {"b", 2}}), (V{0, 1, 2, 2, 1}));
  EXPECT_EQ(kernel.at({{"a", -0.5}, {"b", 2}}), (V{0, 0, -0.5, 2, -0.5}));
  const auto nan = kernel.at({{"a", std::nan("")}, {"b", 2}});  // select(a<b,a,b), select(a>b,a,b)
  EXPECT_EQ(nan[0], 0);
  EXPECT_EQ(nan[2], 2);
  EXPECT_EQ(nan[3], 2);
  EXPECT_TRUE(std::isnan(nan[4]));
}

TEST(Expand, UniformExpressionsBecomeScalarsAndLiteralsStay) {
  Expressions x;
  E V = x.varying("V"), a = x.uniform("a"), b = x.uniform("b");
  E rate = exp(a / b) * V + (a - b) * 2.0 + 0.1;
  const NodeId condition = x.g.make(Op::gt, a.id, b.id);
  Kernel<float> kernel(x.g, {rate.id, x.g.select(condition, V.id, x.g.literal(7)), a.id}, {{"a", 3}, {"b", 2}});
  EXPECT_EQ(kernel.expanded().scalars.size(), 4u);  // exp(a/b), (a-b)*2, a > b, a
  for (const NodeId scalar : kernel.expanded().scalars) EXPECT_TRUE(x.g[scalar].uniform);
  const auto value = kernel.at({{"V", 2}});
  EXPECT_EQ(value[0], std::fma(static_cast<float>(base::own::exp(1.5)), 2.0f, 2.0f) + 0.1f);
  EXPECT_EQ(value[1], 2.0f);
  EXPECT_EQ(value[2], 3.0f);
}

TEST(Expand, FusesAProductThatOneSumUses) {
  Expressions x;
  E a = x.varying("a"), b = x.varying("b"), c = x.varying("c");
  {
    Kernel<double> kernel(x.g, {(a * b + c).id, (c - a * c).id, (b * c - a).id});
    EXPECT_EQ(kernel.count(Op::fma), 3);
    const double u = 0.1, v = 10, w = -1;  // 0.1*10 - 1 is the rounding error of 0.1 when fused, 0 when not
    const auto value = kernel.at({{"a", u}, {"b", v}, {"c", w}});
    EXPECT_EQ(value[0], std::fma(u, v, w));
    EXPECT_NE(value[0], 0);
    EXPECT_EQ(value[1], std::fma(-u, w, w));
    EXPECT_EQ(value[2], std::fma(v, w, -u));
  }
  E product = a * b;
  Kernel<double> kernel(x.g, {(product + c).id, (product - c).id});
  EXPECT_EQ(kernel.count(Op::fma), 0);
  EXPECT_EQ(kernel.count(Op::mul), 1);
}

TEST(Expand, ChoiceOfTheFusedProductDoesNotDependOnNumbering) {
  const auto value = [](bool reversed) {
    Expressions x;
    if (reversed) x.varying("d"), x.varying("c");
    E a = x.varying("a"), b = x.varying("b"), c = x.varying("c"), d = x.varying("d");
    const E first = reversed ? c * d : a * b, second = reversed ? a * b : c * d;
    return Kernel<double>(x.g, {(first + second).id}).at({{"a", 0.1}, {"b", 10}, {"c", 0.3}, {"d", -10.0 / 3}})[0];
  };
  EXPECT_EQ(value(false), value(true));
}

TEST(Expand, PowersByMultiplicationAndSquareRoot) {
  Expressions x;
  E V = x.varying("V");
  Kernel<float> kernel(x.g, {pow(V, 3).id, pow(V, 4).id, pow(V, -1).id, pow(V, 0.5).id, pow(V, 0).id});
  const float v = 0.37f;
  EXPECT_EQ(kernel.at({{"V", v}}), (std::vector<float>{v * v * v, (v * v) * (v * v), 1 / v, std::sqrt(v), 1}));
  EXPECT_LE(kernel.count(Op::mul), 3);
}

TEST(Expand, DivisionByExprelIsOneDivision) {
  Expressions x;
  E V = x.varying("V"), a = x.varying("a");
  Kernel<float> kernel(x.g, {x.g.div(a.id, x.g.make(Op::exprel, V.id))});
  EXPECT_EQ(kernel.count(Op::div), 1);
  EXPECT_EQ(kernel.at({{"V", 0.0f}, {"a", 1.28f}})[0], 1.28f);
}

/// Two key words an owner; draws of one block share its words.
TEST(Expand, RandomNumbersTakeTheirKeysAsScalars) {
  Graph g;
  const auto draw = [&](std::uint64_t payload) { return g.make(Op::normal, no_node, no_node, no_node, payload); };
  const std::vector<NodeId> one{draw(0)}, pair{draw(0), draw(1)}, owners{draw(0), draw(std::uint64_t{1} << 32)};
  const auto a = expand(g, one, Precision::f64), b = expand(g, pair, Precision::f64), c = expand(g, owners, Precision::f64);
  ASSERT_EQ(a.keys.size(), 2u);
  EXPECT_EQ(a.keys[0].word, 0);
  EXPECT_EQ(a.keys[1].word, 1);
  EXPECT_LT(b.graph.size(), a.graph.size() + 10);
  ASSERT_EQ(c.keys.size(), 4u);
  EXPECT_EQ(c.keys[3].owner, 1u);
  for (const NodeId id : topological(c.graph, c.roots)) EXPECT_TRUE(op_info(c.graph[id].op).basic);
}

TEST(Reciprocals, OneDivisionOnTheHost) {
  Expressions x;
  E V = x.varying("V"), tau = x.uniform("tau");
  std::vector<NodeId> roots{(V / tau).id, (V / 3.0).id, (V / 0.0).id, (tau / V).id, (tau / 3.0).id};
  roots = multiply_by_reciprocals(x.g, roots);
  Kernel<float> kernel(x.g, roots, {{"tau", 7}});
  EXPECT_EQ(kernel.count(Op::div), 2);  // by zero and by V
  const auto value = kernel.at({{"V", 0.3f}});
  EXPECT_EQ(value[0], 0.3f * static_cast<float>(1.0 / 7));
  EXPECT_EQ(value[1], 0.3f * static_cast<float>(1.0 / 3));
  EXPECT_EQ(value[2], std::numeric_limits<float>::infinity());
  EXPECT_EQ(value[3], 7 / 0.3f);
  EXPECT_EQ(value[4], static_cast<float>(7.0 / 3));
}

// ---- COBA-HH's six rates ------------------------------------------------------------------------------------------------------

L over_expm1(L u) { return u == 0 ? 1 : u / std::expm1(u); }
std::array<L, 6> exact_rates(L V, L VT) {
  const L u = V - VT;
  return {1.28L * over_expm1((13 - u) / 4), 1.4L * over_expm1((u - 40) / 5), 0.128L * std::exp((17 - u) / 18),
          4 / (1 + std::exp((40 - u) / 5)), 0.16L * over_expm1((15 - u) / 5), 0.5L * std::exp((10 - u) / 40)};
}

struct Rates {
  Expressions x;
  std::vector<NodeId> roots;
  explicit Rates(bool literal_threshold = false) {
    E V = x.varying("V"), VT = literal_threshold ? x.number(-63) : x.uniform("V_T");
    const auto over = [&](E a, E u) { return E{&x.g, x.g.div(a.id, x.g.make(Op::exprel, u.id))}; };
    roots = {over(x.number(1.28), (13.0 - V + VT) / 4.0).id, over(x.number(1.4), (V - VT - 40.0) / 5.0).id,
             (0.128 * exp((17.0 - V + VT) / 18.0)).id,       (4.0 / (1.0 + exp(-(V - VT - 40.0) / 5.0))).id,
             over(x.number(0.16), (15.0 - V + VT) / 5.0).id, (0.5 * exp((10.0 - V + VT) / 40.0)).id};
  }
};

template <class R>
void check_rates(bool literal_threshold, double tolerance) {
  const Precision precision = sizeof(R) == 8 ? Precision::f64 : Precision::f32;
  Rates rates(literal_threshold);
  const auto roots = multiply_by_reciprocals(rates.x.g, share_exponentials(rates.x.g, rates.roots, precision));
  Kernel<R> kernel(rates.x.g, roots, {{"V_T", -63}});
  const auto check = [&](R V) {
    const auto value = kernel.at({{"V", V}});
    const auto exact = exact_rates(V, -63);
    for (int k = 0; k < 6; ++k) ASSERT_NEAR(static_cast<double>(value[k] / exact[k]), 1, tolerance) << "rate " << k << " at " << V;
  };
  for (R V = -120; V <= 60; V += R(0.0173)) check(V);
  for (const R singular : {R(-50), R(-48), R(-23)}) {
    R up = singular, down = singular;
    for (int k = 0; k < 300; ++k) {
      check(up);
      check(down);
      up = std::nextafter(up, R(100));
      down = std::nextafter(down, R(-1000));
    }
    for (R d = R(1e-9); d < 3; d *= R(1.03)) {  // through the guard's edge
      check(singular + d);
      check(singular - d);
    }
  }
  const R eps = std::numeric_limits<R>::epsilon();
  EXPECT_NEAR(kernel.at({{"V", R(-50)}})[0], R(1.28), R(1.28) * eps);
  EXPECT_NEAR(kernel.at({{"V", R(-48)}})[4], R(0.16), R(0.16) * eps);
  EXPECT_NEAR(kernel.at({{"V", R(-23)}})[1], R(1.4), R(1.4) * eps);
}
TEST(SharedExponentials, RatesWithin1e5InF32) { check_rates<float>(false, 1e-5); }
TEST(SharedExponentials, RatesWithin1e5InF32WithALiteralThreshold) { check_rates<float>(true, 1e-5); }
TEST(SharedExponentials, RatesWithin1e13InF64) { check_rates<double>(false, 1e-13); }

TEST(SharedExponentials, TwoExponentialsServeSixRates) {
  for (const bool literal : {false, true}) {
    Rates rates(literal);
    const auto roots = share_exponentials(rates.x.g, rates.roots, Precision::f32);
    EXPECT_EQ(count(rates.x.g, roots, Op::exprel), 0);
    int varying = 0;
    for (const NodeId id : topological(rates.x.g, roots)) varying += rates.x.g[id].op == Op::exp && !rates.x.g[id].uniform;
    EXPECT_EQ(varying, 2);
  }
}

template <class R>
void check_far_range() {
  Rates rates;
  const Precision precision = sizeof(R) == 8 ? Precision::f64 : Precision::f32;
  Kernel<R> plain(rates.x.g, rates.roots, {{"V_T", -63}});
  Kernel<R> shared(rates.x.g, share_exponentials(rates.x.g, rates.roots, precision), {{"V_T", -63}});
  for (R V = -10000; V <= 10000; V += R(0.73)) {
    const auto a = plain.at({{"V", V}}), b = shared.at({{"V", V}});
    for (int k = 0; k < 6; ++k) {
      ASSERT_FALSE(std::isnan(b[k])) << k << " at " << V;
      if (std::isinf(a[k])) {
        ASSERT_GT(b[k], R(1e30)) << k << " at " << V;
      }
      if (std::isinf(b[k])) {
        ASSERT_GT(a[k], R(1e30)) << k << " at " << V;
      }
      if (a[k] == 0 || b[k] == 0) {
        ASSERT_LT(std::max(a[k], b[k]), R(1e-30)) << k << " at " << V;
      }
    }
  }
}
TEST(SharedExponentials, NoNaNFarOutF32) { check_far_range<float>(); }
TEST(SharedExponentials, NoNaNFarOutF64) { check_far_range<double>(); }

TEST(SharedExponentials, LeavesAloneWhatDoesNotFit) {
  Expressions x;
  E V = x.varying("V"), W = x.varying("W"), a = x.uniform("a"), b = x.uniform("b");
  const auto untouched = [&](std::vector<NodeId> roots) { return share_exponentials(x.g, roots, Precision::f32) == roots; };
  EXPECT_TRUE(untouched({exp(V).id}));                                    // alone
  EXPECT_TRUE(untouched({exp(V).id, exp(W * 2.0).id}));                   // other variables
  EXPECT_TRUE(untouched({exp(V).id, exp(V * 2.5).id}));                   // no integer ratio
  EXPECT_TRUE(untouched({exp(V).id, exp(V * 17.0).id}));                  // beyond 16
  EXPECT_TRUE(untouched({exp(V * a).id, exp(V * 2.0).id}));               // a slope that is a parameter
  EXPECT_TRUE(untouched({exp(V - a).id, exp((V - b) * 2.0).id}));         // a factor that depends on parameters
  EXPECT_TRUE(untouched({exp(V / 40.0).id, exp((V + 400.0) / 4.0).id}));  // a factor of e^100
  EXPECT_TRUE(untouched({exp(V + W).id, exp((V + W) * 1.5).id}));
  EXPECT_FALSE(untouched({exp(V - a).id, exp((V - a) * 2.0 + 1.0).id}));
}

TEST(SharedExponentials, BothSignsAndEveryPower) {
  for (const double sign : {1.0, -1.0}) {
    Expressions x;
    E V = x.varying("V");
    std::vector<NodeId> roots;
    for (int k = 1; k <= 16; ++k) roots.push_back(exp(V * (0.1 * k) + 0.25 * k).id);
    roots.push_back(exp(V * (sign * -0.3) + 1.0).id);
    const auto shared = share_exponentials(x.g, roots, Precision::f64);
    EXPECT_EQ(count(x.g, shared, Op::exp), 1);
    EXPECT_LE(count(x.g, shared, Op::mul), 16 + 3);  // a product a power: fifteen, the argument, a factor
    for (const double v : {-20.0, -1.0, 0.0, 0.7, 15.0}) {
      for (std::size_t k = 0; k < roots.size(); ++k) {
        const double plain = evaluate(x.g, roots[k], {{V.id, v}}), other = evaluate(x.g, shared[k], {{V.id, v}});
        EXPECT_NEAR(other / plain, 1, 5e-14) << k << " at " << v;
      }
    }
  }
}

TEST(SharedExponentials, DoesNotDependOnNumbering) {
  const auto hash = [](bool reversed) {
    Rates rates;
    if (reversed) {
      Graph other;
      (void)import(other, rates.x.g, std::vector<NodeId>(rates.roots.rbegin(), rates.roots.rend()));
      auto roots = import(other, rates.x.g, rates.roots);
      roots = share_exponentials(other, roots, Precision::f32);
      return structural_hash(other, roots, [](const Symbol& s) { return s.name; });
    }
    const auto roots = share_exponentials(rates.x.g, rates.roots, Precision::f32);
    return structural_hash(rates.x.g, roots, [](const Symbol& s) { return s.name; });
  };
  EXPECT_EQ(hash(false), hash(true));
}

}  // namespace
}  // namespace ranvier::ir
