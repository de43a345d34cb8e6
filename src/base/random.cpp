#include "base/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/elementary.hpp"
#include "base/hash.hpp"
#include "base/log_factorial.hpp"
#include "ranvier/error.hpp"

namespace ranvier::base {
namespace {

constexpr double two_pi = 6.283185307179586476925286766559;

/// Box and Muller (1958), the cosine branch: `u` in [0, 1) becomes (0, 1], so that the logarithm is finite.
double box_muller(double u, double v) { return std::sqrt(-2.0 * own::log(1.0 - u)) * own::cos(two_pi * v); }

}  // namespace

Key make_key(std::uint64_t seed, std::string_view purpose) {
  const std::uint64_t mixed = hash64(purpose, seed);
  return {static_cast<std::uint32_t>(mixed), static_cast<std::uint32_t>(mixed >> 32)};
}

std::array<std::uint32_t, 4> philox(Key key, std::uint64_t low, std::uint64_t high) {
  const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
                                               static_cast<std::uint32_t>(high),
                                               static_cast<std::uint32_t>(high >> 32)}};
  const r123::Philox4x32::key_type words = {{key.k0, key.k1}};
  const auto out = r123::Philox4x32{}(counter, words);
  return {out[0], out[1], out[2], out[3]};
}

double uniform(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (static_cast<std::uint64_t>(high) << 32 | low) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

double uniform_at(Key key, std::uint64_t element, std::uint64_t step) {
  const auto words = philox(key, element, step);
  return uniform(words[0], words[1]);
}

double normal_at(Key key, std::uint64_t element, std::uint64_t step) {
  const auto words = philox(key, element, step);
  return box_muller(uniform(words[0], words[1]), uniform(words[2], words[3]));
}

double log_factorial(std::uint64_t n) {
  // 18! is the last factorial below 2^53.
  static constexpr std::array<double, 19> exact = {1,
                                                   1,
                                                   2,
                                                   6,
                                                   24,
                                                   120,
                                                   720,
                                                   5040,
                                                   40320,
                                                   362880,
                                                   3628800,
                                                   39916800,
                                                   479001600,
                                                   6227020800.,
                                                   87178291200.,
                                                   1307674368000.,
                                                   20922789888000.,
                                                   355687428096000.,
                                                   6402373705728000.};
  if (n < exact.size()) return own::log(exact[n]);
  constexpr double half_log_two_pi = 0.91893853320467274178032973640562;
  const double x = static_cast<double>(n) + 1.0;
  const double inverse = 1.0 / x, square = inverse * inverse;
  const double series =
      inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
  return (x - 0.5) * own::log(x) - x + half_log_two_pi + series;
}

std::uint32_t Stream::next() {
  if (left_ == 0) {
    words_ = philox(key_, block_++, element_);
    left_ = 4;
  }
  return words_[static_cast<std::size_t>(4 - left_--)];
}

double Stream::uniform() {
  const std::uint32_t high = next();
  return base::uniform(high, next());
}

std::uint32_t Stream::below(std::uint32_t bound) {
  // Lemire (2019): the high word of a product, redrawn where the low word falls in the part that is left over.
  std::uint64_t product = static_cast<std::uint64_t>(next()) * bound;
  if (static_cast<std::uint32_t>(product) < bound) {
    const std::uint32_t threshold = (0u - bound) % bound;
    while (static_cast<std::uint32_t>(product) < threshold) product = static_cast<std::uint64_t>(next()) * bound;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double Stream::normal() {
  const double u = uniform();
  return box_muller(u, uniform());
}

namespace {

/// Law of a count over [0, last] with its mode and the ratio pmf(k + 1) / pmf(k).
template <class Ratio>
struct CountLaw {
  double mode_probability;
  std::uint64_t mode, last;
  Ratio ratio;
};

/// Inversion of one uniform, from the mode outwards on both sides: about two standard deviations of steps.
/// Where rounding leaves a rest after the whole support was walked, the next uniform is taken.
template <class Ratio>
std::uint64_t invert_from_mode(Stream& stream, const CountLaw<Ratio>& law) {
  for (;;) {
    double rest = stream.uniform() - law.mode_probability;
    if (rest < 0) return law.mode;
    double above = law.mode_probability, below = law.mode_probability;
    std::uint64_t high = law.mode, low = law.mode;
    while ((high < law.last && above > 0) || (low > 0 && below > 0)) {
      if (high < law.last && above > 0) {
        above *= law.ratio(high++);
        rest -= above;
        if (rest < 0) return high;
      }
      if (low > 0 && below > 0) {
        below /= law.ratio(--low);
        rest -= below;
        if (rest < 0) return low;
      }
    }
  }
}

/// Below this standard deviation walking from the mode is faster than rejection.
constexpr double walk_limit = 4;

/// Hypergeometric with good <= total/2 and draws <= total/2, so that the support is [0, min(good, draws)].
class Hypergeometric {
 public:
  Hypergeometric(std::uint64_t total, std::uint64_t good, std::uint64_t draws)
      : total_(static_cast<double>(total)), good_(static_cast<double>(good)), draws_(static_cast<double>(draws)) {
    last_ = std::min(good, draws);
    bad_without_draws_ = total - good - draws;
    good_count_ = good;
    draws_count_ = draws;
    const double fraction = good_ / total_;
    mean_ = draws_ * fraction;
    variance_ = mean_ * (1 - fraction) * (total_ - draws_) / std::max(total_ - 1, 1.0);
    mode_ = std::min(last_, static_cast<std::uint64_t>((draws_ + 1) * ((good_ + 1) / (total_ + 2))));
  }

  std::uint64_t draw(Stream& stream) const {
    return variance_ < walk_limit * walk_limit ? walk(stream) : reject(stream);
  }

 private:
  /// ln of pmf(k) up to a constant.
  double log_weight(std::uint64_t k) const {
    return -(log_factorial(k) + log_factorial(good_count_ - k) + log_factorial(draws_count_ - k) +
             log_factorial(bad_without_draws_ + k));
  }

  std::uint64_t walk(Stream& stream) const {
    const auto total = static_cast<std::uint64_t>(total_);
    const double log_mode = log_factorial(good_count_) + log_factorial(total - good_count_) +
                            log_factorial(draws_count_) + log_factorial(total - draws_count_) - log_factorial(total) +
                            log_weight(mode_);
    const double rest = static_cast<double>(bad_without_draws_);
    const auto ratio = [this, rest](std::uint64_t k) {
      const double x = static_cast<double>(k);
      return (good_ - x) * (draws_ - x) / ((x + 1) * (rest + x + 1));
    };
    return invert_from_mode(stream, CountLaw<decltype(ratio)>{own::exp(log_mode), mode_, last_, ratio});
  }

  /// Ratio of uniforms with a table-mountain hat: Stadlober, The ratio of uniforms approach for generating discrete
  /// random variates, J. Comput. Appl. Math. 31 (1990), algorithm HRUE.
  std::uint64_t reject(Stream& stream) const {
    constexpr double d1 = 1.7155277699214135;  // 2 sqrt(2/e)
    constexpr double d2 = 0.8989161620588988;  // 3 - 2 sqrt(3/e)
    const double center = mean_ + 0.5;
    const double width = d1 * std::sqrt(variance_ + 0.5) + d2;
    const double at_mode = log_weight(mode_);
    const double end = static_cast<double>(last_) + 1;
    for (;;) {
      const double u = 1.0 - stream.uniform(), v = stream.uniform();
      const double x = center + width * (v - 0.5) / u;
      if (!(x >= 0 && x < end)) continue;
      const auto k = static_cast<std::uint64_t>(x);
      const double gain = log_weight(k) - at_mode;
      if (u * (4 - u) - 3 <= gain) return k;                        // sure to be accepted
      if (u * (u - gain) < 1 && 2 * own::log(u) <= gain) return k;  // the first test spares most logarithms
    }
  }

  double total_, good_, draws_, mean_ = 0, variance_ = 0;
  std::uint64_t last_ = 0, mode_ = 0, bad_without_draws_ = 0, good_count_ = 0, draws_count_ = 0;
};

/// Binomial with p <= 1/2.
class Binomial {
 public:
  Binomial(std::uint64_t n, double p) : n_(n), p_(p), odds_(p / (1 - p)), log_odds_(own::log(odds_)) {
    mode_ = std::min(n, static_cast<std::uint64_t>((static_cast<double>(n) + 1) * p));
    variance_ = static_cast<double>(n) * p * (1 - p);
  }

  std::uint64_t draw(Stream& stream) const {
    return variance_ < walk_limit * walk_limit ? walk(stream) : reject(stream);
  }

 private:
  double log_weight(std::uint64_t k) const {
    return static_cast<double>(k) * log_odds_ - log_factorial(k) - log_factorial(n_ - k);
  }

  std::uint64_t walk(Stream& stream) const {
    const double log_mode = log_factorial(n_) + static_cast<double>(n_) * own::log1p(-p_) + log_weight(mode_);
    const double n = static_cast<double>(n_);
    const auto ratio = [this, n](std::uint64_t k) {
      const double x = static_cast<double>(k);
      return (n - x) / (x + 1) * odds_;
    };
    return invert_from_mode(stream, CountLaw<decltype(ratio)>{own::exp(log_mode), mode_, n_, ratio});
  }

  /// Transformed rejection: Hormann, The generation of binomial random variates, J. Stat. Comput. Simul. 46 (1993),
  /// BTRS.
  std::uint64_t reject(Stream& stream) const {
    const double n = static_cast<double>(n_);
    const double sigma = std::sqrt(variance_);
    const double b = 1.15 + 2.53 * sigma, a = -0.0873 + 0.0248 * b + 0.01 * p_;
    const double center = n * p_ + 0.5, inner = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * sigma;
    const double at_mode = log_weight(mode_);
    for (;;) {
      const double u = stream.uniform() - 0.5, v = 1.0 - stream.uniform();
      const double edge = 0.5 - std::fabs(u);
      const double x = std::floor((2 * a / edge + b) * u + center);
      if (!(x >= 0 && x <= n)) continue;
      const auto k = static_cast<std::uint64_t>(x);
      if (edge >= 0.07 && v <= inner) return k;
      if (own::log(v * alpha / (a / (edge * edge) + b)) <= log_weight(k) - at_mode) return k;
    }
  }

  std::uint64_t n_, mode_ = 0;
  double p_, odds_, log_odds_, variance_ = 0;
};

}  // namespace

std::uint64_t Stream::hypergeometric(std::uint64_t total, std::uint64_t good, std::uint64_t draws) {
  if (good > total || draws > total) {
    throw InternalError("hypergeometric: more successes or draws than there are objects");
  }
  // Successes and failures, and drawn and left, may change places, which leaves the smaller halves.
  const std::uint64_t few_draws = std::min(draws, total - draws), few_good = std::min(good, total - good);
  std::uint64_t count = 0;
  if (few_draws > 0 && few_good > 0) {
    count = Hypergeometric(total, few_good, few_draws).draw(*this);
  }
  if (good != few_good) count = few_draws - count;
  return draws == few_draws ? count : good - count;
}

std::uint64_t Stream::binomial(std::uint64_t n, double p) {
  if (!(p >= 0 && p <= 1)) throw InternalError("binomial: the probability is outside [0, 1]");
  if (n == 0 || p == 0) return 0;
  if (p == 1) return n;
  return p <= 0.5 ? Binomial(n, p).draw(*this) : n - Binomial(n, 1 - p).draw(*this);
}

}  // namespace ranvier::base
