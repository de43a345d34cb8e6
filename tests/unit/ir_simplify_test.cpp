// links: ranvier_ir ranvier_base
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "ir/interpret.hpp"
#include "ir/passes.hpp"
#include "ir_expressions.hpp"

namespace ranvier::ir {
namespace {

NodeId simple(Graph& g, NodeId id) { return simplify(g, std::span(&id, 1)).front(); }

TEST(Simplify, JoinsLiterals) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b");
  const auto text = [&x](E e) { return print(x.g, simple(x.g, e.id)); };
  EXPECT_EQ(text((a + 1.0) + 2.0), "a + 3");
  EXPECT_EQ(text((a + 1.0) - 3.0), "a - 2");
  EXPECT_EQ(text((1.0 - a) - 3.0), "-2 - a");
  EXPECT_EQ(text(1.0 - (3.0 - a)), "a - 2");
  EXPECT_EQ(text((a - 2.0) + 2.0), "a");
  EXPECT_EQ(text((a * 2.0) * 4.0), "a * 8");
  EXPECT_EQ(text((a / 2.0) / 4.0), "a / 8");
  EXPECT_EQ(text((a * 2.0) / 4.0), "a * 0.5");
  EXPECT_EQ(text((2.0 / a) * 4.0), "8 / a");
  EXPECT_EQ(text(8.0 / (a * 4.0)), "2 / a");
  EXPECT_EQ(text((a * 2.0) * (b * 4.0)), "a * b * 8");
  EXPECT_EQ(text(a / 3.0), "a / 3");  // never a * (1/3)
}

TEST(Simplify, MovesSigns) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b");
  const auto text = [&x](E e) { return print(x.g, simple(x.g, e.id)); };
  EXPECT_EQ(text(a + -b), "a - b");
  EXPECT_EQ(text(a - -b), "a + b");
  EXPECT_EQ(text(-a * -b), "a * b");
  EXPECT_EQ(text(a * -1.0), "-a");
  EXPECT_EQ(text(-(a * 2.0)), "a * -2");
  EXPECT_EQ(text(a + -2.0), "a - 2");
  EXPECT_EQ(text(0.0 - a), "-a");
  EXPECT_EQ(text(a + 0.0), "a");
  EXPECT_EQ(text(call(Op::abs, -a)), "abs(a)");
  EXPECT_EQ(text(call(Op::gt, a, b)), "b < a");
  EXPECT_EQ(text(call(Op::logic_not, call(Op::eq, a, b))), "a != b");
  EXPECT_EQ(text(call(Op::logic_not, call(Op::lt, a, b))), "not a < b");  // b <= a differs for NaN
  EXPECT_EQ(text(pow(a, -1)), "1 / a");
  EXPECT_EQ(text(pow(a, 1)), "a");
}

TEST(Simplify, KeepsWhatInfinityOrNaNWouldShow) {
  Expressions x;
  const E a = x.varying("a");
  for (const E& f : {a * 0.0, a - a, a / a, a * a, pow(a, 2)}) EXPECT_EQ(simple(x.g, f.id), f.id) << print(x.g, f.id);
  const NodeId f = ((a * 1e200) * 1e200).id;  // the joined literal would be infinite
  EXPECT_EQ(simple(x.g, f), f);
}

// The value of a node in extended precision and a bound on its error when every literal may be off by `literal_error` relative:
// joining literals rounds them once more and moves nothing else.
struct Tracked {
  long double value = 0, error = 0;
  bool usable = true;  ///< false where a comparison is too close to call or a divisor may be zero
};

constexpr long double literal_error = 16 * std::numeric_limits<double>::epsilon();

Tracked combine(Op op, const Tracked& a, const Tracked& b, const Tracked& c) {
  const bool usable = a.usable && b.usable && c.usable;
  switch (op) {
    case Op::add: return {a.value + b.value, a.error + b.error, usable};
    case Op::sub: return {a.value - b.value, a.error + b.error, usable};
    case Op::mul:
      return {a.value * b.value, std::fabs(a.value) * b.error + std::fabs(b.value) * a.error + a.error * b.error, usable};
    case Op::div: {
      const long double q = a.value / b.value, room = std::fabs(b.value) - b.error;
      return {q, (a.error + std::fabs(q) * b.error) / room, usable && room > 0.5L * std::fabs(b.value) && b.value != 0};
    }
    case Op::neg: return {-a.value, a.error, usable};
    case Op::abs: return {std::fabs(a.value), a.error, usable};
    case Op::sin: return {std::sin(a.value), a.error, usable};
    case Op::tanh: return {std::tanh(a.value), a.error, usable};
    case Op::exp: return {std::exp(a.value), std::exp(a.value) * std::expm1(a.error), usable && a.value < 500};
    case Op::min: return {std::min(a.value, b.value), std::max(a.error, b.error), usable};
    case Op::max: return {std::max(a.value, b.value), std::max(a.error, b.error), usable};
    case Op::pow: {
      const long double v = std::pow(a.value, b.value);
      return {v, std::fabs(v) * 4 * std::fabs(b.value) * a.error / std::fabs(a.value), usable && a.error < 0.1L * std::fabs(a.value)};
    }
    case Op::lt:
    case Op::gt:
    case Op::le:
    case Op::ge: {
      const bool clear = std::fabs(a.value - b.value) > a.error + b.error;
      const bool less = op == Op::lt || op == Op::le;
      return {static_cast<long double>(less ? a.value < b.value : a.value > b.value), 0, usable && clear};
    }
    case Op::logic_not: return {1 - a.value, 0, usable};
    case Op::select: return {a.value != 0 ? b.value : c.value, a.value != 0 ? b.error : c.error, usable};
    default: ADD_FAILURE() << op_info(op).name; return {};
  }
}

Tracked track(const Graph& g, NodeId root, const std::unordered_map<NodeId, double>& at) {
  std::unordered_map<NodeId, Tracked> known;
  for (const NodeId id : topological(g, std::span(&root, 1))) {
    const Node& node = g[id];
    if (node.op == Op::literal) {
      const long double v = node.type == Type::real ? g.literal_value(id) : static_cast<double>(node.payload);
      known[id] = {v, node.type == Type::real && node.payload != 0 ? literal_error * std::fabs(v) : 0, true};
    } else if (node.op == Op::symbol) {
      known[id] = {at.at(id), 0, true};
    } else {
      std::array<Tracked, 3> u;
      for (int k = 0; k < op_info(node.op).arity; ++k) u[k] = known.at(node.arg[k]);
      known[id] = combine(node.op, u[0], u[1], u[2]);
    }
  }
  return known.at(root);
}

class RandomExpressions {
 public:
  explicit RandomExpressions(unsigned seed) : random_(seed) {
    for (const char* name : {"a", "b", "c"}) pool_.push_back(x.varying(name));
    symbols_ = pool_;
  }

  NodeId grow(int operations) {
    pool_ = symbols_;
    for (int k = 0; k < operations; ++k) pool_.push_back(step());
    return pool_.back().id;
  }

  std::unordered_map<NodeId, double> point() {
    std::unordered_map<NodeId, double> at;
    for (const E& s : symbols_) at[s.id] = std::uniform_real_distribution(-3.0, 3.0)(random_);
    return at;
  }

  Expressions x;

 private:
  int below(int n) { return std::uniform_int_distribution(0, n - 1)(random_); }
  E operand() {
    const double literals[] = {1, 2, -1, 0.5, 3, -0.1, 0.7, 10, 0, -4, 1e-3, 0.3};
    return below(2) == 0 ? x.number(literals[below(12)]) : recent();
  }
  E recent() { return pool_[pool_.size() - 1 - below(std::min<int>(static_cast<int>(pool_.size()), 4))]; }
  E step() {
    E a = recent(), b = operand();
    if (below(2) == 0) std::swap(a, b);
    const Op binary[] = {Op::add, Op::sub, Op::mul, Op::div};
    const Op unary[] = {Op::neg, Op::abs, Op::sin, Op::tanh, Op::exp, Op::neg};
    const Op compare[] = {Op::lt, Op::gt, Op::le, Op::ge};
    const int kind = below(20);
    if (kind < 12) return call(binary[below(4)], a, b);
    if (kind < 16) return call(unary[below(6)], recent());
    if (kind < 17) return call(below(2) == 0 ? Op::min : Op::max, a, b);
    if (kind < 18) return pow(a, below(4) - 1);
    E condition = call(compare[below(4)], a, operand());
    if (below(2) == 0) condition = call(Op::logic_not, condition);
    return call(Op::select, condition, b, operand());
  }

  std::mt19937 random_;
  std::vector<E> pool_, symbols_;
};

TEST(Simplify, KeepsTheValueOfRandomExpressions) {
  RandomExpressions random(20240607);
  int compared = 0, tight = 0, changed = 0;
  for (int n = 0; n < 2000; ++n) {
    const NodeId before = random.grow(8 + n % 40);
    const NodeId after = simple(random.x.g, before);
    changed += before != after;
    for (int k = 0; k < 5; ++k) {
      const auto at = random.point();
      const Tracked was = track(random.x.g, before, at), is = track(random.x.g, after, at);
      if (!was.usable || !is.usable || !std::isfinite(was.value) || !std::isfinite(was.error)) continue;
      const long double bound = was.error + is.error + 1e-17L * std::fabs(was.value) + 1e-300L;
      ASSERT_LE(std::fabs(was.value - is.value), bound) << print(random.x.g, before, 2000) << "\n" << print(random.x.g, after, 2000);
      ++compared;
      tight += bound <= 1e-11L * std::fabs(was.value) || was.value == is.value;
    }
  }
  EXPECT_GT(changed, 1000);
  EXPECT_GT(compared, 5000);
  EXPECT_GT(tight, compared * 9 / 10);  // the bounds say something
}

TEST(Simplify, IsIdempotentAndDeterministic) {
  RandomExpressions random(7);
  for (int n = 0; n < 2000; ++n) {
    const NodeId before = random.grow(4 + n % 20);
    const NodeId once = simple(random.x.g, before);
    ASSERT_EQ(simple(random.x.g, once), once) << print(random.x.g, before, 2000) << "\n" << print(random.x.g, once, 2000);
    ASSERT_EQ(simple(random.x.g, before), once);
  }
}

// The same expression with its nodes made in another order gives the same result.
TEST(Simplify, DoesNotDependOnNumbering) {
  RandomExpressions random(11);
  const auto name = [](const Symbol& s) { return s.name; };
  for (int n = 0; n < 500; ++n) {
    const NodeId before = random.grow(4 + n % 20);
    Graph other;
    for (const char* symbol : {"c", "a", "b"}) (void)other.symbol(symbol, Rate::varying);
    for (const double value : {0.3, 10.0, -4.0, 2.0, 0.5, -1.0}) (void)other.literal(value);
    const NodeId copy = import(other, random.x.g, std::span(&before, 1)).front();
    const NodeId here = simple(random.x.g, before), there = simple(other, copy);
    ASSERT_EQ(structural_hash(random.x.g, std::span(&here, 1), name), structural_hash(other, std::span(&there, 1), name))
        << print(random.x.g, here, 2000) << "\n" << print(other, there, 2000);
  }
}

}  // namespace
}  // namespace ranvier::ir
