#include "text/distributions.hpp"

#include "ranvier/distributions.hpp"
#include "text/compile.hpp"

namespace ranvier {
namespace text {

std::optional<Expr> call_distribution(const std::string& name, const std::vector<Expr>& x) {
  const auto need = [&](std::size_t count, const char* usage) {
    if (x.size() != count) throw UserError("'" + name + "' takes " + std::to_string(count) + " arguments, not " + std::to_string(x.size()), usage);
  };
  const auto number = [&](std::size_t k) {
    const auto q = constant_value(x[k]);
    if (!q) throw UserError("argument " + std::to_string(k + 1) + " of '" + name + "' must be a constant");
    return *q;
  };
  if (name == "uniform") return need(2, "uniform(low, high)"), uniform(x[0], x[1]);
  if (name == "normal" && x.size() == 4) return normal(number(0), number(1), number(2), number(3));
  if (name == "normal") return need(2, "normal(mean, sd) or normal(mean, sd, low, high)"), normal(x[0], x[1]);
  if (name == "lognormal") return need(2, "lognormal(mean, sd)"), lognormal(x[0], x[1]);
  if (name == "lognormal_median") return need(2, "lognormal_median(median, sigma)"), lognormal_median(x[0], x[1]);
  if (name == "exponential_random") return need(1, "exponential_random(mean)"), exponential_random(x[0]);
  if (name == "gamma_random") return need(2, "gamma_random(shape, mean)"), gamma_random(number(0).value, x[1]);
  if (name == "distance") return need(0, "distance()"), distance();
  if (name == "gaussian_decay") return need(2, "gaussian_decay(peak, sigma)"), gaussian_decay(x[0], x[1]);
  if (name == "dog_decay") return need(4, "dog_decay(peak, sigma, surround_peak, surround_sigma)"), dog_decay(x[0], x[1], x[2], x[3]);
  if (name == "position") {
    need(1, "position(axis)");
    const auto axis = require(number(0), Dimension{}, "the axis");
    if (axis != 0 && axis != 1 && axis != 2) throw UserError("the axis of position() is " + to_string(Quantity{axis}), "give 0, 1 or 2");
    return position(static_cast<int>(axis));
  }
  return {};
}

std::vector<std::string> distribution_names() {
  return {"uniform", "normal", "lognormal", "lognormal_median", "exponential_random", "gamma_random", "distance", "position", "gaussian_decay",
          "dog_decay"};
}

}  // namespace text

Expr expression_from_text(const TextPiece& piece, const ExpressionNames& meaning) {
  text::Report report;
  const text::Source source(piece);
  text::Names names;
  names.find = meaning.find;
  names.known = [&meaning] { return meaning.known; };
  names.call = text::call_distribution;
  names.functions = text::distribution_names();
  const auto syntax = text::parse_whole(source, report);
  const auto made = syntax ? text::Compiler(source, report, names).real(*syntax, "the expression") : std::nullopt;
  report.finish();
  if (!made) throw InternalError("an expression has a mistake that was not reported");
  return *made;
}

}  // namespace ranvier
