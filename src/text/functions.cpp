#include "text/functions.hpp"

#include <algorithm>
#include <array>

namespace ranvier::text {
namespace {

using X = const std::vector<Expr>&;

Expr hyperbolic_sine(const Expr& x) { return Expr(0.5) * (expm1(x) - expm1(-x)); }
Expr sign(const Expr& x) {
  const Expr zero(Quantity{0, x.dimension()});
  return where(x > zero, Expr(1), where(x < zero, Expr(-1), Expr(0)));
}

constexpr std::array<Function, 28> table = {{
    {"exp", 1, "exp(x)", true, [](X x) { return exp(x[0]); }},
    {"expm1", 1, "expm1(x)", true, [](X x) { return expm1(x[0]); }},
    {"exprel", 1, "exprel(x)", true, [](X x) { return exprel(x[0]); }},
    {"log", 1, "log(x)", true, [](X x) { return log(x[0]); }},
    {"log1p", 1, "log1p(x)", true, [](X x) { return log1p(x[0]); }},
    {"log10", 1, "log10(x)", true, [](X x) { return log(x[0]) / Expr(2.302585092994045684); }},
    {"log2", 1, "log2(x)", true, [](X x) { return log(x[0]) / Expr(0.6931471805599453094); }},
    {"sin", 1, "sin(x)", true, [](X x) { return sin(x[0]); }},
    {"cos", 1, "cos(x)", true, [](X x) { return cos(x[0]); }},
    {"tan", 1, "tan(x)", true, [](X x) { return sin(x[0]) / cos(x[0]); }},
    {"sinh", 1, "sinh(x)", true, [](X x) { return hyperbolic_sine(x[0]); }},
    {"cosh", 1, "cosh(x)", true, [](X x) { return Expr(0.5) * (exp(x[0]) + exp(-x[0])); }},
    {"tanh", 1, "tanh(x)", true, [](X x) { return tanh(x[0]); }},
    {"floor", 1, "floor(x)", true, [](X x) { return floor(x[0]); }},
    {"ceil", 1, "ceil(x)", true, [](X x) { return -floor(-x[0]); }},
    {"sqrt", 1, "sqrt(x)", false, [](X x) { return sqrt(x[0]); }},
    {"abs", 1, "abs(x)", false, [](X x) { return abs(x[0]); }},
    {"sign", 1, "sign(x)", false, [](X x) { return sign(x[0]); }},
    {"min", 2, "min(a, b)", false, [](X x) { return min(x[0], x[1]); }},
    {"max", 2, "max(a, b)", false, [](X x) { return max(x[0], x[1]); }},
    {"clip", 3, "clip(x, low, high)", false, [](X x) { return clip(x[0], x[1], x[2]); }},
    {"where", 3, "where(condition, yes, no)", false, nullptr, false, Function::Kind::where},
    {"ifelse", 3, "ifelse(condition, yes, no)", false, nullptr, false, Function::Kind::where},
    {"int", 1, "int(condition)", true, nullptr, false, Function::Kind::integer},
    {"timestep", 2, "timestep(t, dt)", false, [](X x) { return floor(x[0] / x[1] + Expr(1e-3)); }},
    {"rand", 0, "rand()", false, [](X) { return rand(); }, true},
    {"randn", 0, "randn()", false, [](X) { return randn(); }, true},
    {"poisson", 1, "poisson(mean)", true, [](X x) { return poisson(x[0]); }, true},
}};

}  // namespace

std::span<const Function> functions() { return table; }

const Function* find_function(std::string_view name) {
  const auto* found = std::find_if(table.begin(), table.end(), [&](const Function& f) { return f.name == name; });
  return found == table.end() ? nullptr : found;
}

const char* unsupported_name(std::string_view name) {
  if (name == "not_refractory") return "leave it out: no spike is emitted during the refractory period";
  if (name == "lastspike") return "declare last : second, and reset it: last = t";
  if (name == "lastupdate") return "write equations with the flag event-driven";
  if (name == "N_pre" || name == "N_post" || name == "N_incoming" || name == "N_outgoing") return "write the number, or a constant";
  return nullptr;
}

const char* unsupported_function(std::string_view name) {
  if (name == "arctan" || name == "arcsin" || name == "arccos" || name == "atan") return "inverse trigonometric functions do not exist yet";
  if (name == "binomial") return "poisson(mean) exists; use a threshold on rand()";
  return nullptr;
}

}  // namespace ranvier::text
