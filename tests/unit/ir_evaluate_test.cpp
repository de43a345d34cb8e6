// links: ranvier_ir ranvier_base
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "ir/interpret.hpp"
#include "ir_expressions.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {
namespace {

TEST(Evaluate, NamesTheUnboundSymbol) {
  Expressions x;
  const E a = x.varying("a"), b = x.varying("b_missing");
  try {
    (void)evaluate(x.g, (a + b).id, {{a.id, 1.0}});
    FAIL() << "an unbound symbol went unnoticed";
  } catch (const UserError& e) {
    EXPECT_NE(std::string(e.what()).find("b_missing"), std::string::npos) << e.what();
  }
}

TEST(Evaluate, BooleansAreZeroAndOne) {
  Expressions x;
  const E a = x.varying("a");
  const NodeId less = x.g.make(Op::lt, a.id, x.g.literal(2));
  EXPECT_EQ(evaluate(x.g, less, {{a.id, 1.0}}), 1.0);
  EXPECT_EQ(evaluate(x.g, less, {{a.id, std::nan("")}}), 0.0);
  EXPECT_EQ(evaluate(x.g, x.g.make(Op::logic_not, less), {{a.id, std::nan("")}}), 1.0);
}

TEST(Evaluate, RefusesWhatHasNoSingleValue) {
  Expressions x;
  EXPECT_THROW((void)evaluate(x.g, x.g.make(Op::normal), {}), UserError);
  EXPECT_THROW((void)evaluate(x.g, x.g.make(Op::real_of_int, x.g.make(Op::element_index)), {}), UserError);
  EXPECT_THROW((void)evaluate(x.g, x.g.make(Op::bits_of, x.varying("a").id), {}), InternalError);
}

TEST(HostProgram, AsksOncePerSymbolAndOutlivesTheGraph) {
  auto x = std::make_unique<Expressions>();
  const E p = x->uniform("p"), q = x->uniform("q");
  const HostProgram program(x->g, {(p * q + p / q).id, p.id, (p * q).id, x->g.literal(4), (p * q).id});
  EXPECT_THROW(HostProgram(x->g, {x->varying("v").id}), InternalError);
  x.reset();
  int asked = 0;
  std::array<double, 5> out{};
  program.evaluate([&asked](const Symbol& s) { return ++asked, s.name == "p" ? 3.0 : 2.0; }, out);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(out, (std::array<double, 5>{7.5, 3, 6, 4, 6}));
  std::array<double, 2> few{};
  EXPECT_THROW(program.evaluate([](const Symbol&) { return 1.0; }, few), InternalError);
}

// Every element equals the scalar evaluation, bit for bit, on both sides of the chunk's borders.
TEST(EvaluateBlock, EqualsScalarEvaluation) {
  Expressions x;
  const E v = x.varying("v"), p = x.uniform("p");
  const E less = call(Op::lt, v, p);
  const E f = call(Op::select, less, exp(v / 7.0) * p, call(Op::tanh, v) - p / v) + call(Op::clip, v, p, p + 1.0) * pow(v, 3);
  std::vector<double> out(2500);
  const auto value = [](const Symbol& s, std::uint64_t k) { return s.name == "p" ? -1.5 : 0.01 * static_cast<double>(k) - 40; };
  evaluate_block(x.g, f.id, {.first = 1000, .count = out.size()}, value, out);
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double expected = evaluate(x.g, f.id, {{v.id, 0.01 * static_cast<double>(k + 1000) - 40}, {p.id, -1.5}}, Functions::own);
    ASSERT_EQ(out[k], expected) << k;
  }
}

TEST(EvaluateBlock, DrawsByElementWhateverTheCut) {
  Expressions x;
  const NodeId normal = x.g.make(Op::normal, no_node, no_node, no_node, 3);
  const NodeId f = x.g.add(x.g.mul(normal, x.g.literal(5)), x.g.make(Op::uniform, no_node, no_node, no_node, 4));
  const auto none = [](const Symbol&, std::uint64_t) { return 0.0; };
  std::vector<double> all(3000), part(500);
  evaluate_block(x.g, f, {.seed = 42, .count = 3000}, none, all);
  evaluate_block(x.g, f, {.seed = 42, .first = 1700, .count = 500}, none, part);
  for (std::size_t k = 0; k < part.size(); ++k) ASSERT_EQ(part[k], all[1700 + k]);
  const base::Key gauss = base::make_key(42, "stream 3"), flat = base::make_key(42, "stream 4");
  EXPECT_EQ(all[77], base::normal_at(gauss, 77, 0) * 5 + base::uniform_at(flat, 77, 0));
  evaluate_block(x.g, f, {.seed = 43, .first = 1700, .count = 500}, none, part);
  EXPECT_NE(part[0], all[1700]);
}

// V0 = El + 5*randn() - 5 with El = -60: mean -65 and deviation 5, each within five standard errors.
TEST(EvaluateBlock, InitialVoltagesHaveTheirMoments) {
  Expressions x;
  const E el = x.uniform("El");
  const E noise{&x.g, x.g.make(Op::normal, no_node, no_node, no_node, 1)};
  const E v0 = el + 5.0 * noise - 5.0;
  constexpr std::size_t n = 200'000;
  std::vector<double> out(n);
  evaluate_block(x.g, v0.id, {.seed = 1, .count = n}, [](const Symbol&, std::uint64_t) { return -60.0; }, out);
  double mean = 0, square = 0;
  for (const double v : out) mean += v / n;
  for (const double v : out) square += (v - mean) * (v - mean) / n;
  EXPECT_NEAR(mean, -65, 5 * 5 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(square), 5, 5 * 5 / std::sqrt(2.0 * n));
}

TEST(EvaluateBlock, ElementNumbersCanBeUsed) {
  Graph g;
  const NodeId f = g.mul(g.make(Op::real_of_int, g.make(Op::element_index)), g.literal(0.5));
  std::vector<double> out(10);
  evaluate_block(g, f, {.first = 5, .count = 10}, [](const Symbol&, std::uint64_t) { return 0.0; }, out);
  EXPECT_EQ(out[9], 7.0);
  EXPECT_THROW(evaluate_block(g, f, {.count = 11}, [](const Symbol&, std::uint64_t) { return 0.0; }, out), UserError);
}

}  // namespace
}  // namespace ranvier::ir
