#include "ir/scalar.hpp"

#include <cmath>
#include <string>

#include "base/noise_functions.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {

namespace {

// (e^x - 1)/x by libm: expm1 has no cancellation, so the quotient is good to about an ulp everywhere but at 0.
double libm_exprel(double x) {
  if (x == 0) return 1;
  return std::isinf(x) ? (x > 0 ? x : 0) : std::expm1(x) / x;
}

/// What base::Noise::poisson means, by another way: probabilities are summed from the smallest.
double poisson_by_sums(double mean, double u, double z) {
  using base::Noise;
  using Counts = Noise<base::ScalarOps<double>>;
  if (!(mean >= 0)) return std::nan("");
  if (mean > Counts::exact_mean) {
    const double root = std::sqrt(mean), correction = -z * (2 + z * z) / (72 * root) + (-16 + z * z * (7 + 3 * z * z)) / (810 * mean);
    return std::fmax(0.0, std::floor(mean + root * z + (2 + z * z) / 6 + correction));
  }
  double at_least = 0;
  for (int k = Counts::most; k >= 1; --k) {
    at_least += mean == 0 ? 0 : std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
    if (u < at_least) return k;
  }
  return 0;
}

double elementary(Op op, double a, double b, Functions functions) {
  namespace own = base::own;
  const bool libm = functions == Functions::libm;
  if (op == Op::pow) return libm ? std::pow(a, b) : own::pow(a, b);
  if (op == Op::exp) return libm ? std::exp(a) : own::exp(a);
  if (op == Op::expm1) return libm ? std::expm1(a) : own::expm1(a);
  if (op == Op::exprel) return libm ? libm_exprel(a) : own::exprel(a);
  if (op == Op::log) return libm ? std::log(a) : own::log(a);
  if (op == Op::log1p) return libm ? std::log1p(a) : own::log1p(a);
  if (op == Op::sin) return libm ? std::sin(a) : own::sin(a);
  if (op == Op::cos) return libm ? std::cos(a) : own::cos(a);
  if (op == Op::tanh) return libm ? std::tanh(a) : own::tanh(a);
  throw InternalError("no elementary function '" + std::string(op_info(op).name) + "'");
}

double minimum(double a, double b) { return a < b ? a : b; }
double maximum(double a, double b) { return a > b ? a : b; }

}  // namespace

bool has_scalar_value(Op op) {
  const OpInfo& info = op_info(op);
  return info.arity > 0 && info.result != 'i' && info.operands.find('i') == std::string_view::npos;
}

double clip(double x, double low, double high) { return minimum(high, maximum(low, x)); }

double apply(Op op, double a, double b, double c, Functions functions) {
  switch (op) {
    case Op::add: return a + b;
    case Op::sub: return a - b;
    case Op::mul: return a * b;
    case Op::div: return a / b;
    case Op::neg: return -a;
    case Op::abs: return std::fabs(a);
    case Op::fma: return std::fma(a, b, c);
    case Op::sqrt: return std::sqrt(a);
    case Op::floor: return std::floor(a);
    case Op::lt: return a < b;
    case Op::le: return a <= b;
    case Op::gt: return a > b;
    case Op::ge: return a >= b;
    case Op::eq: return a == b;
    case Op::ne: return a != b;
    case Op::logic_and: return a != 0 && b != 0;
    case Op::logic_or: return a != 0 || b != 0;
    case Op::logic_not: return a == 0;
    case Op::select: return a != 0 ? b : c;
    case Op::min: return minimum(a, b);
    case Op::max: return maximum(a, b);
    case Op::clip: return clip(a, b, c);
    case Op::pow:
    case Op::exp:
    case Op::expm1:
    case Op::exprel:
    case Op::log:
    case Op::log1p:
    case Op::sin:
    case Op::cos:
    case Op::tanh: return elementary(op, a, b, functions);
    case Op::poisson: return functions == Functions::libm ? poisson_by_sums(a, b, c) : base::own::poisson(a, b, c);
    case Op::literal:
    case Op::symbol:
    case Op::iadd:
    case Op::isub:
    case Op::imul:
    case Op::iand:
    case Op::ior:
    case Op::ixor:
    case Op::shl:
    case Op::lshr:
    case Op::ilt:
    case Op::ieq:
    case Op::bits_of:
    case Op::real_of_bits:
    case Op::real_of_int:
    case Op::mulhi32:
    case Op::mullo32:
    case Op::element_index:
    case Op::step_index:
    case Op::uniform:
    case Op::normal:
    case Op::count_: break;
  }
  throw InternalError("operator '" + std::string(op_info(op).name) + "' has no value in double");
}

}  // namespace ranvier::ir
