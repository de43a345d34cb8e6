// links: ranvier_base
// The elementary functions against libm in a wider type: double for float, long double for double. Bounds are those of
// docs/elementary-functions.md; "flush" is the magnitude below which exp is documented to give zero.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "base/elementary.hpp"

namespace ranvier::base {
namespace {

using F = Elementary<ScalarOps<float>>;
using D = Elementary<ScalarOps<double>>;
using L = long double;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Distance in units in the last place of the result type; huge where one is finite or a number and the other is not.
template <class R>
double ulps(R got, L exact) {
  const L largest = std::numeric_limits<R>::max();
  if (std::isnan(exact) || std::isnan(got)) return std::isnan(exact) && std::isnan(got) ? 0 : 1e9;
  const int digits = std::numeric_limits<R>::digits;
  if (std::isinf(got)) return exact * got > 0 && std::fabs(exact) > largest * (1 - std::ldexp(1.0L, -digits)) ? 0 : 1e9;
  int e = 0;
  std::frexp(std::min(std::fabs(exact), largest), &e);
  const L unit = std::ldexp(1.0L, std::max(e, std::numeric_limits<R>::min_exponent) - digits);
  return static_cast<double>(std::min(std::fabs(got - exact) / unit, 1e9L));
}

struct Worst {
  double error = 0, at = 0;
  template <class R>
  void see(R x, R got, L exact) {
    const double e = ulps(got, exact);
    if (e > error) error = e, at = static_cast<double>(x);
  }
};

/// Every 997th bit pattern of float: all exponents, both signs, NaNs and infinities among them.
Worst sweep_floats(const std::function<float(float)>& ours, const std::function<double(double)>& reference, double flush = 0) {
  Worst worst;
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 997) {
    const float x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    const double exact = reference(x);
    if (std::fabs(exact) < flush) continue;
    worst.see(x, ours(x), exact);
  }
  return worst;
}

/// Uniform in [low, high], and as many of random magnitude.
Worst sweep_doubles(double (*ours)(double), const std::function<L(L)>& reference, double low, double high, double flush = 0) {
  Worst worst;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(low, high), exponent(-60, 0);
  for (int k = 0; k < 200'000; ++k) {
    const double x = k % 2 ? uniform(random) : std::clamp(uniform(random) * std::exp2(exponent(random)), low, high);
    const L exact = reference(x);
    if (std::fabs(exact) < flush) continue;
    worst.see(x, ours(x), exact);
  }
  return worst;
}

#define EXPECT_WORST(worst, bound)                                           \
  do {                                                                       \
    const Worst w = worst;                                                   \
    EXPECT_LE(w.error, bound) << "ulp at " << w.at;                          \
    RecordProperty("ulp", std::to_string(w.error)); /* in the XML report */  \
  } while (false)

TEST(ElementaryF32, Exp) { EXPECT_WORST(sweep_floats([](float x) { return F{}.exp(x); }, [](double x) { return std::exp(x); }, 1.7e-38), 1.0); }
TEST(ElementaryF32, Expm1) { EXPECT_WORST(sweep_floats([](float x) { return F{}.expm1(x); }, [](double x) { return std::expm1(x); }), 1.6); }
TEST(ElementaryF32, Exprel) {
  // Infinite where expm1 is.
  const auto exact = [](double x) { return x == 0 ? 1 : x > 88.7228 ? inf : x == -inf ? 0 : std::expm1(x) / x; };
  EXPECT_WORST(sweep_floats([](float x) { return F{}.exprel(x); }, exact), 2.0);
}
TEST(ElementaryF32, OverExprel) {
  const auto exact = [](double x) { return x == 0 ? 3.0 : x == inf ? 0 : x == -inf ? inf : 3 * x / std::expm1(x); };
  const auto ours = [](float x) { return F{}.over_exprel(3.0f, x); };
  Worst worst;
  for (float x = -100; x < 85; x += 0.00117f) worst.see(x, ours(x), exact(x));
  for (float x = 1e-35f; x < 1; x *= 1.01f) worst.see(x, ours(x), exact(x)), worst.see(-x, ours(-x), exact(-x));
  EXPECT_WORST(worst, 3.0);
  EXPECT_EQ(ours(0), 3.0f);
  EXPECT_EQ(ours(std::numeric_limits<float>::infinity()), 0.0f);
  EXPECT_EQ(ours(-std::numeric_limits<float>::infinity()), std::numeric_limits<float>::infinity());
}
TEST(ElementaryF32, Log) { EXPECT_WORST(sweep_floats([](float x) { return F{}.log(x); }, [](double x) { return std::log(x); }), 1.0); }
TEST(ElementaryF32, Log1p) { EXPECT_WORST(sweep_floats([](float x) { return F{}.log1p(x); }, [](double x) { return std::log1p(x); }), 3.0); }
TEST(ElementaryF32, SinCos) {
  const auto within = [](double x) { return std::fabs(x) <= 1048576; };
  EXPECT_WORST(sweep_floats([](float x) { return F{}.sin(x); }, [&](double x) { return within(x) ? std::sin(x) : nan; }), 2.0);
  EXPECT_WORST(sweep_floats([](float x) { return F{}.cos(x); }, [&](double x) { return within(x) ? std::cos(x) : nan; }), 2.0);
}
TEST(ElementaryF32, Tanh) { EXPECT_WORST(sweep_floats([](float x) { return F{}.tanh(x); }, [](double x) { return std::tanh(x); }), 2.5); }

TEST(ElementaryF64, Exp) {
  const auto exact = [](L x) { return std::exp(x); };
  EXPECT_WORST(sweep_doubles(own::exp, exact, -750, 712, 3.2e-308), 1.0);
  EXPECT_WORST(sweep_doubles(own::exp, exact, -1, 1), 1.0);
}
TEST(ElementaryF64, Expm1) {
  const auto exact = [](L x) { return std::expm1(x); };
  EXPECT_WORST(sweep_doubles(own::expm1, exact, -750, 712), 2.0);
  EXPECT_WORST(sweep_doubles(own::expm1, exact, -1, 1), 2.0);
}
TEST(ElementaryF64, Exprel) {
  EXPECT_WORST(sweep_doubles(own::exprel, [](L x) { return x == 0 ? 1 : std::expm1(x) / x; }, -2000, 709), 2.5);
  EXPECT_WORST(sweep_doubles(own::exprel, [](L x) { return x == 0 ? 1 : std::expm1(x) / x; }, -1, 1), 2.5);
}
TEST(ElementaryF64, Log) {
  EXPECT_WORST(sweep_doubles(own::log, [](L x) { return std::log(x); }, 0, 1e300), 1.0);
  EXPECT_WORST(sweep_doubles(own::log, [](L x) { return std::log(x); }, 0.5, 2), 1.0);
  EXPECT_WORST(sweep_doubles(own::log, [](L x) { return std::log(x); }, 0, 1e-300), 1.0);
  for (double x = std::numeric_limits<double>::denorm_min(); x < 1e-307; x *= 3) EXPECT_LE(ulps(own::log(x), std::log(L(x))), 1.0);
}
TEST(ElementaryF64, Log1p) {
  EXPECT_WORST(sweep_doubles(own::log1p, [](L x) { return std::log1p(x); }, -1, 1), 3.0);
  EXPECT_WORST(sweep_doubles(own::log1p, [](L x) { return std::log1p(x); }, 0, 1e18), 3.0);
}
TEST(ElementaryF64, SinCos) {
  for (const double reach : {1.0, 100.0, 1e6, 2.8e14}) {
    EXPECT_WORST(sweep_doubles(own::sin, [](L x) { return std::sin(x); }, -reach, reach), 2.0);
    EXPECT_WORST(sweep_doubles(own::cos, [](L x) { return std::cos(x); }, -reach, reach), 2.0);
  }
  EXPECT_TRUE(std::isnan(own::sin(0x1p49)));
}
TEST(ElementaryF64, Tanh) { EXPECT_WORST(sweep_doubles(own::tanh, [](L x) { return std::tanh(x); }, -30, 30), 2.5); }

TEST(Elementary, PowOfRealExponents) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> log_x(-40, 40), log_near_one(-0.3, 0.3), share(-1, 1);
  Worst f64, f32;
  for (int k = 0; k < 200'000; ++k) {
    const double log_base = k % 3 ? log_x(random) : log_near_one(random);
    const double x = std::exp(log_base), y = share(random) * 700 / std::fabs(log_base);
    f64.see(x, D{}.pow(x, y), std::pow(L(x), L(y)));
    const auto xf = static_cast<float>(x), yf = static_cast<float>(y / 8.2);
    f32.see(xf, F{}.pow(xf, yf), std::pow(L(xf), L(yf)));
  }
  EXPECT_WORST(f64, 1.5);
  EXPECT_WORST(f32, 1.5);
}

TEST(Elementary, PowSpecialValuesAreThoseOfC) {
  const double values[] = {-inf, -2.5, -2, -1, -0.0, 0.0, 0.5, 1, 2, 3, 1e300, 1e-300, inf, nan};
  for (const double x : values) {
    for (const double y : values) {
      const double ours = D{}.pow(x, y), c = std::pow(x, y);
      if (std::isnan(c)) {
        EXPECT_TRUE(std::isnan(ours)) << x << " " << y;
      } else if (std::fabs(c) < 1e-300 || std::isinf(c)) {
        EXPECT_EQ(ours, c) << x << " " << y;
        EXPECT_EQ(std::signbit(ours), std::signbit(c)) << x << " " << y;
      } else {
        EXPECT_LE(ulps(ours, L(c)), 2.0) << x << " " << y;
      }
    }
  }
}

TEST(Elementary, IntegerPowersAreProducts) {
  for (const double x : {0.3, -1.7, 12.5}) {
    EXPECT_EQ(own::pow(x, 0), 1.0);
    EXPECT_EQ(own::pow(x, 2), x * x);
    EXPECT_EQ(own::pow(x, 3), x * x * x);
    EXPECT_EQ(own::pow(x, 4), (x * x) * (x * x));
    EXPECT_EQ(own::pow(x, -2), 1 / (x * x));
  }
  EXPECT_EQ(own::pow(2.0, 0.5), std::sqrt(2.0));
}

template <class R>
void check_special_values() {
  const Elementary<ScalarOps<R>> f{};
  const R big = std::numeric_limits<R>::infinity(), none = std::numeric_limits<R>::quiet_NaN();
  // A payload in the low bits must not turn a NaN into a number where bits are shifted into exponents.
  using Int = typename ScalarOps<R>::Int;
  const R payload = std::bit_cast<R>(static_cast<Int>(std::bit_cast<Int>(none) | 0x12345));
  for (const R x : {none, payload, -payload}) {
    for (const R y : {f.exp(x), f.expm1(x), f.exprel(x), f.log(x), f.log1p(x), f.sin(x), f.cos(x), f.tanh(x), f.pow(x, R(2.5)), f.pow(R(2), x),
                      f.over_exprel(R(1), x)})
      EXPECT_TRUE(std::isnan(y));
  }
  EXPECT_EQ(f.exp(big), big);
  EXPECT_EQ(f.exp(-big), 0);
  EXPECT_EQ(f.exp(R(0)), 1);
  EXPECT_EQ(f.expm1(big), big);
  EXPECT_EQ(f.expm1(-big), -1);
  EXPECT_EQ(f.expm1(R(0)), 0);
  EXPECT_EQ(f.exprel(big), big);
  EXPECT_EQ(f.exprel(-big), 0);
  EXPECT_EQ(f.exprel(R(0)), 1);
  EXPECT_EQ(f.exprel(std::numeric_limits<R>::denorm_min()), 1);
  EXPECT_EQ(f.log(R(0)), -big);
  EXPECT_EQ(f.log(R(1)), 0);
  EXPECT_EQ(f.log(big), big);
  EXPECT_TRUE(std::isnan(f.log(R(-1))));
  EXPECT_EQ(f.log1p(R(0)), 0);
  EXPECT_EQ(f.log1p(R(-1)), -big);
  EXPECT_EQ(f.log1p(big), big);
  EXPECT_TRUE(std::isnan(f.log1p(R(-1.5))));
  EXPECT_EQ(f.sin(R(0)), 0);
  EXPECT_EQ(f.cos(R(0)), 1);
  EXPECT_TRUE(std::isnan(f.sin(big)));
  EXPECT_EQ(f.tanh(big), 1);
  EXPECT_EQ(f.tanh(-big), -1);
  EXPECT_EQ(f.exp(std::numeric_limits<R>::lowest()), 0);
  EXPECT_EQ(f.exp(std::numeric_limits<R>::max()), big);
}
TEST(Elementary, SpecialValuesF32) { check_special_values<float>(); }
TEST(Elementary, SpecialValuesF64) { check_special_values<double>(); }

// Where the reduction changes from one n to the next, neighbours must not be out of order.
template <class R>
void check_monotonic_exponentials() {
  const Elementary<ScalarOps<R>> f{};
  for (int n = -40; n <= 40; ++n) {
    R x = static_cast<R>((n + 0.5) * 0.69314718055994531);
    for (int k = 0; k < 200; ++k) x = std::nextafter(x, R(-1000));
    for (int k = 0; k < 400; ++k) {
      const R next = std::nextafter(x, R(1000));
      EXPECT_LE(f.exp(x), f.exp(next)) << x;
      EXPECT_LE(f.expm1(x), f.expm1(next)) << x;
      x = next;
    }
  }
}
TEST(Elementary, MonotonicAtBreakpointsF32) { check_monotonic_exponentials<float>(); }
TEST(Elementary, MonotonicAtBreakpointsF64) { check_monotonic_exponentials<double>(); }

}  // namespace
}  // namespace ranvier::base
