// Distributions are nothing but expressions of rand() and randn(): whatever evaluates initial values evaluates them.
#include "ranvier/distributions.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "base/elementary.hpp"
#include "model/model_data.hpp"

namespace ranvier {

using detail::ExprAccess;
namespace own = base::own;

namespace {

void require_same_unit(const char* what, const Expr& a, const Expr& b) {
  if (a.dimension() == b.dimension()) return;
  const auto unit = [](const Expr& e) { return e.dimension().is_none() ? std::string("no unit") : unit_name(e.dimension()); };
  throw UnitError(what, "'" + a.text() + "' [" + unit(a) + "] and '" + b.text() + "' [" + unit(b) + "] have different units",
                  "give both in one unit");
}

/// A literal that breaks a condition is refused now; what an expression gives is checked when it is drawn.
template <class Holds>
void require_number(const char* what, const char* name, const Expr& e, const char* must, Holds holds) {
  if (!ExprAccess::is_literal(e) || holds(ExprAccess::value(e))) return;
  throw UserError(what, std::string(name) + " is " + e.text(), std::string("it must be ") + must);
}
bool positive(double x) { return x > 0 && std::isfinite(x); }
bool not_negative(double x) { return x >= 0 && std::isfinite(x); }

/// `law`, which messages call name(arguments).
Expr called(const std::string& name, std::initializer_list<Expr> arguments, const Expr& law) {
  if (ExprAccess::is_literal(law)) return law;
  std::string text = name + "(";
  for (const auto& a : arguments) text += (text.back() == '(' ? "" : ", ") + a.text();
  ExprAccess::scope(law)->calls[ExprAccess::node(law)] = text + ")";
  return law;
}

Expr symbol(const std::string& name, const Dimension& d) {
  auto scope = std::make_shared<detail::Scope>();
  const auto node = scope->graph.symbol(name, ir::Rate::varying);
  return ExprAccess::make(scope, node, d);
}

Expr polynomial(const std::array<double, 8>& c, const Expr& x) {
  Expr sum = c[7];
  for (int k = 6; k >= 0; --k) sum = sum * x + c[k];
  return sum;
}

/// Quantile of the standard normal law, relative error about 1e-16 (Wichura 1988, Applied Statistics 37, algorithm AS 241).
Expr normal_quantile(const Expr& p) {
  static constexpr std::array<double, 8> a = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                              1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                              3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr std::array<double, 8> b = {1.0,
                                              4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
                                              2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
                                              5.2264952788528545610e+3};
  static constexpr std::array<double, 8> c = {1.42343711074968357734e0,  4.63033784615654529590e0,  5.76949722146069140550e0,
                                              3.64784832476320460504e0,  1.27045825245236838258e0,  2.41780725177450611770e-1,
                                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr std::array<double, 8> d = {1.0,
                                              2.05319162663775882187e0,  1.67638483018380384940e0,  6.89767334985100004550e-1,
                                              1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
                                              1.05075007164441684324e-9};
  static constexpr std::array<double, 8> e = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                              2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                              2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr std::array<double, 8> f = {1.0,
                                              5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                                              7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
                                              2.04426310338993978564e-15};
  const Expr q = p - 0.5;
  const Expr r = 0.180625 - q * q;
  const Expr central = q * polynomial(a, r) / polynomial(b, r);
  const Expr tail = sqrt(-log(min(p, 1 - p)));
  const Expr near = tail - 1.6, far = tail - 5;
  const Expr size = where(tail <= 5, polynomial(c, near) / polynomial(d, near), polynomial(e, far) / polynomial(f, far));
  return where(abs(q) <= 0.425, central, where(q < 0, -size, size));
}

/// P(Z < x) for x <= 0 by our own functions: a series near 0 and Legendre's continued fraction in the tail (Abramowitz and Stegun
/// 26.2.11 and 26.2.14).
double normal_below(double x) {
  const double density = own::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
  if (x > -1) {
    double term = x, sum = x;
    for (int k = 1; k < 120; ++k) {
      term *= x * x / (2 * k + 1);
      sum += term;
    }
    return 0.5 + density * sum;
  }
  double fraction = 0;
  for (int k = 400; k > 0; --k) fraction = k / (-x + fraction);
  return density / (-x + fraction);
}

}  // namespace

Expr constant(Quantity value) { return value; }

Expr uniform(const Expr& low, const Expr& high) {
  require_same_unit("uniform", low, high);
  if (ExprAccess::is_literal(low) && ExprAccess::is_literal(high) && !(ExprAccess::value(low) <= ExprAccess::value(high))) {
    throw UserError("uniform", "it goes from " + low.text() + " to " + high.text(), "give the lower end first");
  }
  return called("uniform", {low, high}, low + (high - low) * rand());
}

Expr normal(const Expr& mean, const Expr& sd) {
  require_same_unit("normal", mean, sd);
  require_number("normal", "the standard deviation", sd, "0 or more", not_negative);
  return called("normal", {mean, sd}, mean + sd * randn());
}

Expr normal(Quantity mean, Quantity sd, Quantity low, Quantity high) {
  for (const auto& q : {sd, low, high}) require_same_unit("normal", mean, q);
  require_number("normal", "the standard deviation", sd, "positive", positive);
  if (!(low.value < high.value)) {
    throw UserError("normal", "it is truncated to " + to_string(low) + " .. " + to_string(high), "give the lower end first");
  }
  double a = (low.value - mean.value) / sd.value, b = (high.value - mean.value) / sd.value;
  // Probabilities are taken in the lower tail, where they keep their digits.
  const bool mirrored = a > 0;
  if (mirrored) {
    const double was = a;
    a = -b;
    b = -was;
  }
  const double from = a == -HUGE_VAL ? 0 : a <= 0 ? normal_below(a) : 1 - normal_below(-a);
  const double to = b == HUGE_VAL ? 1 : b <= 0 ? normal_below(b) : 1 - normal_below(-b);
  if (!(to - from > 1e-300)) {
    throw UserError("normal", "next to nothing of the law lies between " + to_string(low) + " and " + to_string(high),
                    "move the limits closer to the mean, " + to_string(mean));
  }
  const Expr z = normal_quantile(from + (to - from) * (1 - rand()));  // (0, 1]: never at minus infinity
  return called("normal", {mean, sd, low, high}, clip(mean + (mirrored ? -sd : sd) * z, low, high));
}

Expr lognormal_median(const Expr& median, const Expr& sigma) {
  require_same_unit("lognormal_median, sigma", sigma, Expr(1.0));
  require_number("lognormal_median", "the median", median, "positive", positive);
  require_number("lognormal_median", "sigma", sigma, "0 or more", not_negative);
  return called("lognormal_median", {median, sigma}, median * exp(sigma * randn()));
}

Expr lognormal(const Expr& mean, const Expr& sd) {
  require_same_unit("lognormal", mean, sd);
  require_number("lognormal", "the mean", mean, "positive", positive);
  require_number("lognormal", "the standard deviation", sd, "0 or more", not_negative);
  const Expr ratio = sd / mean;
  const Expr variance = log1p(ratio * ratio);
  return called("lognormal", {mean, sd}, mean * exp(sqrt(variance) * randn() - variance / 2));
}

Expr exponential_random(const Expr& mean) {
  require_number("exponential_random", "the mean", mean, "positive", positive);
  return called("exponential_random", {mean}, -mean * log(1 - rand()));
}

Expr gamma_random(double shape, const Expr& mean) {
  if (!positive(shape)) throw UserError("gamma_random", "the shape is " + to_string(Quantity{shape}), "it must be positive");
  require_number("gamma_random", "the mean", mean, "positive", positive);
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  Expr drawn = d;  // where all tries are refused
  for (int k = 0; k < 16; ++k) {
    const Expr z = randn(), v = pow(1 + c * z, 3), u = 1 - rand();
    drawn = where(v > 0 && log(u) < 0.5 * z * z + d - d * v + d * log(max(v, 1e-300)), d * v, drawn);
  }
  if (shape < 1) drawn = drawn * exp(log(1 - rand()) / shape);
  return called("gamma_random", {shape, mean}, mean / shape * drawn);
}

Expr distance() { return symbol("distance()", dimension::length); }
Expr position(int axis) {
  if (axis < 0 || axis > 2) throw UserError("position", "there is no axis " + std::to_string(axis), "axes are 0, 1 and 2");
  return symbol("position(" + std::to_string(axis) + ")", dimension::length);
}
Expr neuron_index() { return symbol("neuron_index()", {}); }
Expr source_index() { return symbol("source_index()", {}); }
Expr target_index() { return symbol("target_index()", {}); }
Expr gaussian_decay(const Expr& peak, const Expr& sigma) {
  require_same_unit("gaussian_decay, sigma", sigma, distance());
  require_number("gaussian_decay", "sigma", sigma, "positive", positive);
  const Expr x = distance() / sigma;
  return peak * exp(-0.5 * x * x);
}
Expr dog_decay(const Expr& peak, const Expr& sigma, const Expr& surround_peak, const Expr& surround_sigma) {
  return gaussian_decay(peak, sigma) - gaussian_decay(surround_peak, surround_sigma);
}

}  // namespace ranvier
