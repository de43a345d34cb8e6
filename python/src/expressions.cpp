// ranvier._core.Expr, Condition, Threshold and apply(): operators and functions of expr.hpp and distributions.hpp by name.
#include <nanobind/stl/string.h>

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "bindings.hpp"
#include "ranvier/channel.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/model.hpp"
#include "text/compile.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

using Operand = std::variant<Expr, Condition>;
using Operands = std::vector<Operand>;
using Result = std::variant<Expr, Condition, Threshold>;

struct Function {
  std::size_t least, most;
  Result (*make)(const Operands& x);
};

const Expr& real(const Operands& x, std::size_t k) {
  if (const auto* e = std::get_if<Expr>(&x[k])) return *e;
  throw UserError("a truth value stands where a number is needed", "use where(condition, yes, no)");
}
const Condition& truth(const Operands& x, std::size_t k) {
  if (const auto* c = std::get_if<Condition>(&x[k])) return *c;
  throw UserError("a number stands where a truth value is needed", "compare it: x > 0");
}
/// A literal that decides about the form of an expression.
double number(const Operands& x, std::size_t k, const char* what) {
  const auto value = text::constant_value(real(x, k));
  if (!value) throw UserError(std::string(what) + " must be a number, not '" + real(x, k).text() + "'");
  return require(*value, Dimension{}, what);
}

template <Expr (*f)(const Expr&)>
constexpr Function unary{1, 1, [](const Operands& x) -> Result { return f(real(x, 0)); }};
template <Expr (*f)(const Expr&, const Expr&)>
constexpr Function binary{2, 2, [](const Operands& x) -> Result { return f(real(x, 0), real(x, 1)); }};
template <Condition (*f)(const Expr&, const Expr&)>
constexpr Function comparison{2, 2, [](const Operands& x) -> Result { return f(real(x, 0), real(x, 1)); }};
template <Condition (*f)(const Condition&, const Condition&)>
constexpr Function logic{2, 2, [](const Operands& x) -> Result { return f(truth(x, 0), truth(x, 1)); }};

const std::map<std::string, Function, std::less<>>& functions() {
  static const std::map<std::string, Function, std::less<>> table = {
      {"add", binary<operator+>}, {"sub", binary<(operator-)>}, {"mul", binary<operator*>}, {"div", binary<operator/>},
      {"neg", unary<(operator-)>},
      {"lt", comparison<(operator<)>}, {"le", comparison<(operator<=)>}, {"gt", comparison<(operator>)>}, {"ge", comparison<(operator>=)>},
      {"eq", comparison<operator==>}, {"ne", comparison<operator!=>},
      {"and", logic<operator&&>}, {"or", logic<operator||>},
      {"not", {1, 1, [](const Operands& x) -> Result { return !truth(x, 0); }}},
      {"exp", unary<exp>}, {"expm1", unary<expm1>}, {"exprel", unary<exprel>}, {"log", unary<log>}, {"log1p", unary<log1p>},
      {"sin", unary<sin>}, {"cos", unary<cos>}, {"tanh", unary<tanh>}, {"floor", unary<floor>}, {"abs", unary<abs>},
      {"sqrt", unary<sqrt>}, {"poisson", unary<poisson>}, {"exponential_random", unary<exponential_random>},
      {"min", binary<min>}, {"max", binary<max>}, {"pow", binary<pow>},
      {"uniform", binary<uniform>}, {"lognormal", binary<lognormal>}, {"lognormal_median", binary<lognormal_median>},
      {"normal", binary<normal>}, {"gaussian_decay", binary<gaussian_decay>},
      {"clip", {3, 3, [](const Operands& x) -> Result { return clip(real(x, 0), real(x, 1), real(x, 2)); }}},
      {"where", {3, 3, [](const Operands& x) -> Result { return where(truth(x, 0), real(x, 1), real(x, 2)); }}},
      {"dog_decay", {4, 4, [](const Operands& x) -> Result { return dog_decay(real(x, 0), real(x, 1), real(x, 2), real(x, 3)); }}},
      {"gamma_random", {2, 2, [](const Operands& x) -> Result { return gamma_random(number(x, 0, "the shape"), real(x, 1)); }}},
      {"randn", {0, 0, [](const Operands&) -> Result { return randn(); }}},
      {"rand", {0, 0, [](const Operands&) -> Result { return rand(); }}},
      {"distance", {0, 0, [](const Operands&) -> Result { return distance(); }}},
      {"neuron_index", {0, 0, [](const Operands&) -> Result { return neuron_index(); }}},
      {"source_index", {0, 0, [](const Operands&) -> Result { return source_index(); }}},
      {"target_index", {0, 0, [](const Operands&) -> Result { return target_index(); }}},
      {"crosses_up", {2, 2, [](const Operands& x) -> Result { return crosses_up(real(x, 0), real(x, 1)); }}},
  };
  return table;
}

nb::object apply(const std::string& name, const nb::args& given) {
  const auto it = functions().find(name);
  if (it == functions().end()) throw InternalError("there is no function '" + name + "' of expressions");
  if (given.size() < it->second.least || given.size() > it->second.most) {
    throw UserError("'" + name + "' takes " + std::to_string(it->second.least) + " arguments, not " + std::to_string(given.size()));
  }
  Operands operands;
  for (const auto x : given) {
    if (nb::isinstance<Condition>(x)) {
      operands.emplace_back(nb::cast<Condition>(x));
    } else {
      operands.emplace_back(nb::cast<Expr>(x));
    }
  }
  return std::visit([](auto&& made) { return nb::cast(std::move(made)); }, it->second.make(operands));
}

}  // namespace

void bind_expressions(nb::module_& m) {
  nb::class_<Expr> expr(m, "Expr", "A real-valued expression with a dimension; immutable.");
  expr.def("__init__", [](Expr* at, const Quantity& q) { new (at) Expr(q); }, "literal"_a);
  expr.def_prop_ro("unit", [](const Expr& e) { return Unit{e.dimension(), 0}; });
  expr.def_prop_ro("text", &Expr::text, "In the syntax of equations, with literals in coherent units.");
  nb::class_<Condition>(m, "Condition", "A truth value for each element.").def_prop_ro("text", &Condition::text);
  nb::class_<Threshold>(m, "Threshold", "When a neuron spikes.")
      .def_ro("now", &Threshold::now)
      .def_ro("crossing", &Threshold::crossing);
  m.def("apply", &apply, nb::sig("def apply(name: str, *operands: Expr | Condition) -> Expr | Condition | Threshold"), "An operator or function of expressions, by its name.");
  // Arguments that are numbers, not expressions.
  m.def("power", [](const Expr& base, double exponent) { return pow(base, exponent); }, "base"_a, "exponent"_a);
  m.def("whole_power", [](const Expr& base, int exponent) { return pow(base, exponent); }, "base"_a, "exponent"_a);
  m.def("truncated_normal", [](const Quantity& mean, const Quantity& sd, const Quantity& low, const Quantity& high) {
    return normal(mean, sd, low, high);
  }, "mean"_a, "sd"_a, "low"_a, "high"_a);
  m.def("position", &position, "axis"_a);
  m.def("nernst", &nernst, "inside"_a, "outside"_a, "valence"_a, "temperature"_a);
}

}  // namespace ranvier::python
