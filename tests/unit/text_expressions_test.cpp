// links: ranvier_text ranvier_model ranvier_ir ranvier_base
// Expressions as text: precedence, canonical form, values and dimensions.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ranvier/equations.hpp"
#include "text/ast.hpp"

namespace ranvier {
namespace {

double number(const std::string& text) {
  const auto q = quantity_from_text(text);
  EXPECT_TRUE(q.dimension.is_none()) << text;
  return q.value;
}

TEST(TextExpressions, OfNamesThatTheCallerKnows) {
  const ExpressionNames names{[](const std::string& name) { return name == "El" ? std::optional<Expr>(-65 * units::mV) : std::nullopt; }, {"El"}};
  EXPECT_EQ(expression_from_text("El + 5*mV", names).text(), "-60 mV");
  EXPECT_EQ(expression_from_text("El + 5*mV", names).dimension(), dimension::voltage);
  EXPECT_EQ(expression_from_text("normal(El, 1*mV)", names).text(), "normal(-65 mV, 1 mV)");
  EXPECT_EQ(expression_from_text("distance()/(2*um)", names).dimension(), dimension::none);
  for (const char* wrong : {"Em + 5*mV", "El +", "El + 1*ms", "position(3)", "uniform(1)", "El > 3*mV", ""}) {
    EXPECT_THROW((void)expression_from_text(wrong, names), ParseError) << wrong;
  }
  try {
    (void)expression_from_text({"El + em", "file.py", 7, 3}, names);
    FAIL();
  } catch (const ParseError& e) {
    EXPECT_NE(std::string(e.what()).find("file.py:7:8: unknown name 'em'"), std::string::npos) << e.what();
  }
}

TEST(TextExpressions, BindAsInPython) {
  EXPECT_EQ(number("2+3*4"), 14);
  EXPECT_EQ(number("2*3+4"), 10);
  EXPECT_EQ(number("8-3-2"), 3);
  EXPECT_EQ(number("8/4/2"), 1);
  EXPECT_EQ(number("-2**2"), -4);
  EXPECT_EQ(number("2**-1"), 0.5);
  EXPECT_EQ(number("2**3**2"), 512);
  EXPECT_EQ(number("2*-3"), -6);
  EXPECT_EQ(number("- -3"), 3);
  EXPECT_EQ(number("(2+3)*4"), 20);
  EXPECT_EQ(number("7//2"), 3);
  EXPECT_EQ(number("-7//2"), -4);
  EXPECT_EQ(number("-7%3"), 2);
  EXPECT_EQ(number("int(3 > 2 and not 2 > 3 or 1 > 2)"), 1);
  EXPECT_EQ(number("int(1 < 2) + int(2 <= 2) + int(3 != 3) + int(2 == 2) + int(1 >= 2) + int(2 > 1)"), 4);
  EXPECT_EQ(number("where(1 > 2, 3, 4)"), 4);
  EXPECT_EQ(number("1e3 + .5 + 2. + 1E-1"), 1002.6);
  EXPECT_EQ(number("(2\n +\n 3)"), 5);
  EXPECT_EQ(number("2 + \\\n 3"), 5);
  EXPECT_EQ(number("2 # + 3"), 2);
}

TEST(TextExpressions, CallFunctions) {
  // Against the C library: our own functions are within a few ulp of it.
  const std::vector<std::pair<std::string, double>> cases = {
      {"exp(1.3)", std::exp(1.3)}, {"expm1(1e-5)", std::expm1(1e-5)}, {"log(3)", std::log(3.0)}, {"log1p(1e-5)", std::log1p(1e-5)},
      {"log10(50)", std::log10(50.0)}, {"log2(10)", std::log2(10.0)}, {"sin(2)", std::sin(2.0)}, {"cos(2)", std::cos(2.0)},
      {"tan(1)", std::tan(1.0)}, {"sinh(0.3)", std::sinh(0.3)}, {"cosh(0.3)", std::cosh(0.3)}, {"tanh(0.3)", std::tanh(0.3)},
      {"sqrt(2)", std::sqrt(2.0)}, {"abs(-2.5)", 2.5}, {"floor(-2.5)", -3}, {"ceil(-2.5)", -2}, {"sign(-3)", -1}, {"sign(0)", 0},
      {"min(2, 3)", 2}, {"max(2, 3)", 3}, {"clip(5, 0, 1)", 1}, {"exprel(0)", 1}, {"int(-2.7)", -2}, {"int(2.7)", 2},
      {"2**0.3", std::pow(2.0, 0.3)}, {"pi", M_PI}};
  for (const auto& [text, expected] : cases) EXPECT_NEAR(number(text), expected, 1e-13 * (1 + std::fabs(expected))) << text;
}

TEST(TextExpressions, CarryUnits) {
  using namespace units;
  const auto q = quantity_from_text("0.5*(3 + 2)*nS*20*mV + 1e-9*amp");
  EXPECT_EQ(q.dimension, dimension::current);
  EXPECT_NEAR(q.value, 1050, 1e-9);
  EXPECT_EQ(quantity_from_text("1/(10*ms)").dimension, dimension::frequency);
  EXPECT_EQ(quantity_from_text("sqrt(4*mV**2)").value, 2);
  EXPECT_EQ(quantity_from_text("(2*mV)**3").value, 8);
  EXPECT_NEAR(quantity_from_text("gas_constant*310*kelvin/faraday_constant").in(mV), 26.7138, 1e-3);  // RT/F at 37 degrees
}

using text::Form;

/// Random syntax trees, children first as the parser leaves them.
struct Random {
  std::mt19937 engine;
  text::Syntax e;
  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(engine() % n); }
  std::uint32_t push(text::SyntaxNode n) {
    e.nodes.push_back(std::move(n));
    return static_cast<std::uint32_t>(e.nodes.size() - 1);
  }
  std::uint32_t grow(int depth) {
    const auto kind = depth <= 0 ? pick(2) : pick(8);
    static const char* const names[] = {"V", "m_inf", "tau", "x1"};
    if (kind == 0) return push({Form::number, {}, 0, 0, std::ldexp(double(pick(1000)), int(pick(40)) - 20), {}});
    if (kind == 1) return push({Form::name, {}, 0, 0, 0, names[pick(4)]});
    if (kind == 2) {
      const auto count = pick(4);
      std::vector<std::uint32_t> arguments;
      for (std::uint32_t k = 0; k < count; ++k) arguments.push_back(grow(depth - 1));
      const auto first = static_cast<std::uint32_t>(e.arguments.size());
      e.arguments.insert(e.arguments.end(), arguments.begin(), arguments.end());
      return push({Form::call, {}, first, count, 0, "f"});
    }
    if (kind == 3) {
      const auto a = grow(depth - 1);
      return push({pick(3) ? Form::negate : Form::logic_not, {}, a, 0, 0, {}});
    }
    const auto form = static_cast<Form>(int(Form::add) + int(pick(int(Form::power) - int(Form::add) + 7)));
    const auto chosen = form == Form::logic_not ? Form::logic_or : form;
    const auto a = grow(depth - 1), b = grow(depth - 1);
    return push({chosen, {}, a, b, 0, {}});
  }
};

std::optional<text::Syntax> parse(const std::string& s) {
  const TextPiece piece(s);
  text::Report report;
  auto e = text::parse_whole(text::Source(piece), report);
  if (!e) report.finish();
  return e;
}

TEST(TextExpressions, ParsingWhatIsPrintedGivesTheSameTree) {
  for (std::uint32_t seed = 0; seed < 5000; ++seed) {
    Random random{std::mt19937(seed), {}};
    random.grow(1 + int(seed % 6));
    const auto printed = text::print(random.e);
    const auto again = parse(printed);
    ASSERT_TRUE(again) << printed;
    ASSERT_TRUE(text::same(random.e, *again)) << printed << "\n" << text::print(*again);
    ASSERT_EQ(text::print(*again), printed);
  }
}

TEST(TextExpressions, PrintsFewParentheses) {
  EXPECT_EQ(canonical_expression("((a+b))*(c)"), "(a + b)*c");
  EXPECT_EQ(canonical_expression("a-(b-c)"), "a - (b - c)");
  EXPECT_EQ(canonical_expression("(a-b)-c"), "a - b - c");
  EXPECT_EQ(canonical_expression("(-a)**2"), "(-a)**2");
  EXPECT_EQ(canonical_expression("a**(b**c)"), "a**b**c");
  EXPECT_EQ(canonical_expression("not(a<b)and(c>d)"), "not a < b and c > d");
}

TEST(TextExpressions, LongChainsAreRead) {
  std::string sum = "1";
  for (int k = 0; k < 100000; ++k) sum += " + 1";
  EXPECT_EQ(number(sum), 100001);
}

}  // namespace
}  // namespace ranvier
