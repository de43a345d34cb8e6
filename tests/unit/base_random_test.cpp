// links: ranvier_base
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "base/log_factorial.hpp"
#include "ranvier/error.hpp"

namespace ranvier::base {
namespace {

TEST(Philox, GivesTheKnownAnswersOfRandom123) {
  // Known-answer vectors of philox4x32-10 distributed with Random123 (Salmon et al. 2011).
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox({0, 0}, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff}, ~0ULL, ~0ULL), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0xa4093822, 0x299f31d0}, 0x85a308d3243f6a88ULL, 0x0370734413198a2eULL),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, KeysOfSeedsAndPurposesDiffer) {
  std::set<std::uint64_t> keys;
  for (std::uint64_t seed : {0ULL, 1ULL, 2ULL, 1ULL << 32, ~0ULL}) {
    for (const char* purpose : {"", "wiring/E", "wiring/I", "noise/E", "init/E"}) {
      const Key key = make_key(seed, purpose);
      keys.insert(static_cast<std::uint64_t>(key.k1) << 32 | key.k0);
    }
  }
  EXPECT_EQ(keys.size(), 25u);
}

TEST(Uniform, UsesFiftyThreeBits) {
  EXPECT_EQ(uniform(0, 0), 0.0);
  EXPECT_EQ(uniform(0xffffffff, 0xffffffff), 1.0 - 0x1p-53);
  EXPECT_EQ(uniform(0x80000000, 0), 0.5);
  EXPECT_EQ(uniform(0, 1u << 11), 0x1p-53);
}

/// Pearson's statistic over cells of at least `least` expected counts, as a z score (Wilson and Hilferty 1931). A fixed
/// seed makes the outcome repeatable; |z| of a right sampler exceeds 4 once in 10^4 seeds.
double chi_square_score(const std::vector<double>& expected, const std::vector<double>& seen, double least = 20) {
  double statistic = 0, cell_expected = 0, cell_seen = 0;
  int cells = 0;
  double rest = 0;
  for (double e : expected) rest += e;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    cell_expected += expected[i];
    cell_seen += seen[i];
    rest -= expected[i];
    if (cell_expected >= least && (rest >= least || i + 1 == expected.size())) {
      statistic += (cell_seen - cell_expected) * (cell_seen - cell_expected) / cell_expected;
      cell_expected = cell_seen = 0;
      ++cells;
    }
  }
  if (cell_expected > 0) {
    statistic += (cell_seen - cell_expected) * (cell_seen - cell_expected) / cell_expected;
    ++cells;
  }
  const double k = cells - 1;
  if (k < 1) return 0;
  return (std::cbrt(statistic / k) - (1 - 2 / (9 * k))) / std::sqrt(2 / (9 * k));
}

TEST(Stream, UniformIsUniform) {
  Stream stream{make_key(1, "uniform"), 0};
  const int n = 400000, cells = 200;
  std::vector<double> expected(cells, n / double(cells)), seen(cells, 0);
  double sum = 0, squares = 0, previous = 0.5, lagged = 0;
  for (int i = 0; i < n; ++i) {
    const double u = stream.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    ++seen[static_cast<std::size_t>(u * cells)];
    sum += u;
    squares += u * u;
    lagged += (u - 0.5) * (previous - 0.5);
    previous = u;
  }
  EXPECT_LT(std::fabs(chi_square_score(expected, seen)), 4);
  EXPECT_NEAR(sum / n, 0.5, 4 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(squares / n, 1.0 / 3, 4 * std::sqrt(4.0 / 45 / n));
  EXPECT_NEAR(lagged / n, 0, 4.0 / 12 / std::sqrt(double(n)));
}

TEST(Stream, BelowIsUnbiased) {
  for (std::uint32_t bound : {1u, 2u, 3u, 7u, 100u, 4000u}) {
    Stream stream{make_key(2, "below"), bound};
    const int n = 300000;
    std::vector<double> expected(bound, n / double(bound)), seen(bound, 0);
    for (int i = 0; i < n; ++i) {
      const auto k = stream.below(bound);
      ASSERT_LT(k, bound);
      ++seen[k];
    }
    EXPECT_LT(std::fabs(chi_square_score(expected, seen)), 4) << bound;
  }
  // Without redrawing, multiples of three would come up half of the time.
  Stream stream{make_key(3, "below"), 0};
  int multiples = 0;
  const int n = 300000;
  for (int i = 0; i < n; ++i) multiples += stream.below(3u << 30) % 3 == 0 ? 1 : 0;
  EXPECT_NEAR(multiples / double(n), 1.0 / 3, 4 * std::sqrt(2.0 / 9 / n));
}

TEST(Stream, NormalHasTheNormalLaw) {
  Stream stream{make_key(4, "normal"), 0};
  const int n = 400000, cells = 120;
  std::vector<double> expected(cells + 2, 0), seen(cells + 2, 0);
  const auto cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  const double width = 8.0 / cells;
  expected[0] = n * cdf(-4);
  expected[cells + 1] = n * (1 - cdf(4));
  for (int i = 0; i < cells; ++i) expected[i + 1] = n * (cdf(-4 + width * (i + 1)) - cdf(-4 + width * i));
  double sum = 0, squares = 0, fourth = 0;
  for (int i = 0; i < n; ++i) {
    const double z = stream.normal();
    const double cell = std::floor((z + 4) / width) + 1;
    ++seen[static_cast<std::size_t>(std::clamp(cell, 0.0, cells + 1.0))];
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
  }
  EXPECT_LT(std::fabs(chi_square_score(expected, seen)), 4);
  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(double(n)));
  EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2.0 / n));
  EXPECT_NEAR(fourth / n, 3, 4 * std::sqrt(96.0 / n));
}

TEST(Stream, ElementsAreIndependentAndRepeatable) {
  const Key key = make_key(5, "wiring");
  Stream a{key, 1}, b{key, 2}, again{key, 1};
  int equal = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto x = a.next();
    EXPECT_EQ(x, again.next());
    equal += x == b.next() ? 1 : 0;
  }
  EXPECT_LE(equal, 1);
  // Counter (n, element): word 4n + i of a stream is word i of that block.
  Stream words{key, 77};
  for (std::uint64_t block = 0; block < 3; ++block) {
    for (std::uint32_t word : philox(key, block, 77)) EXPECT_EQ(words.next(), word);
  }
}

TEST(At, OneCounterGivesOneNumber) {
  const Key key = make_key(6, "noise");
  double sum = 0, squares = 0, uniforms = 0;
  const int n = 1000;
  for (int element = 0; element < n; ++element) {
    for (int step = 0; step < 100; ++step) {
      const double z = normal_at(key, element, step);
      sum += z;
      squares += z * z;
      uniforms += uniform_at(key, element, step);
    }
  }
  const double count = n * 100.0;
  EXPECT_NEAR(sum / count, 0, 4 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1, 4 * std::sqrt(2 / count));
  EXPECT_NEAR(uniforms / count, 0.5, 4 * std::sqrt(1 / 12.0 / count));
  EXPECT_EQ(normal_at(key, 3, 5), normal_at(key, 3, 5));
  EXPECT_NE(normal_at(key, 3, 5), normal_at(key, 5, 3));
}

TEST(LogFactorial, AgreesWithASumOfLogarithms) {
  long double sum = 0;
  for (std::uint64_t n = 0; n <= 200000; ++n) {
    if (n > 1) sum += std::log(static_cast<long double>(n));
    if (n < 300 || n % 997 == 0) {
      const double expected = static_cast<double>(sum);
      ASSERT_NEAR(log_factorial(n), expected, 4e-16 * std::fabs(expected) + 2e-16) << n;
    }
  }
}

long double log_choose(long double n, long double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

struct Case {
  std::uint64_t total, good, draws;
};

TEST(Stream, HypergeometricHasTheExactLaw) {
  // Both samplers (walk and rejection), all four foldings of the symmetry, the edges of the support.
  const std::vector<Case> cases = {{10, 5, 3},
                                   {10, 5, 7},
                                   {10, 8, 9},
                                   {4000, 80, 2000},
                                   {4000, 2000, 80},
                                   {4000, 3900, 80},
                                   {1000, 500, 500},
                                   {100000, 500, 300},
                                   {20000, 10000, 9000},
                                   {20000, 15000, 9000},
                                   {1000000, 400000, 300000},
                                   {1000000, 600000, 700000},
                                   {7, 1, 1}};
  for (const Case& c : cases) {
    Stream stream{make_key(8, "hypergeometric"), c.total * 31 + c.good * 7 + c.draws};
    const std::uint64_t first = c.draws + c.good > c.total ? c.draws + c.good - c.total : 0;
    const std::uint64_t last = std::min(c.good, c.draws);
    const int n = 60000;
    std::vector<double> expected(last - first + 1), seen(last - first + 1, 0);
    for (std::uint64_t k = first; k <= last; ++k) {
      expected[k - first] =
          static_cast<double>(n * std::exp(log_choose(c.good, k) + log_choose(c.total - c.good, c.draws - k) -
                                           log_choose(c.total, c.draws)));
    }
    double sum = 0;
    for (int i = 0; i < n; ++i) {
      const std::uint64_t k = stream.hypergeometric(c.total, c.good, c.draws);
      ASSERT_GE(k, first);
      ASSERT_LE(k, last);
      ++seen[k - first];
      sum += static_cast<double>(k);
    }
    const double p = double(c.good) / double(c.total);
    const double variance = c.draws * p * (1 - p) * double(c.total - c.draws) / double(c.total - 1);
    EXPECT_LT(std::fabs(chi_square_score(expected, seen)), 4) << c.total << ' ' << c.good << ' ' << c.draws;
    EXPECT_NEAR(sum / n, c.draws * p, 4 * std::sqrt(variance / n)) << c.total << ' ' << c.good << ' ' << c.draws;
  }
}

TEST(Stream, HypergeometricWithoutChoice) {
  Stream stream{make_key(9, "edges"), 0};
  EXPECT_EQ(stream.hypergeometric(0, 0, 0), 0u);
  EXPECT_EQ(stream.hypergeometric(10, 0, 5), 0u);
  EXPECT_EQ(stream.hypergeometric(10, 10, 5), 5u);
  EXPECT_EQ(stream.hypergeometric(10, 4, 10), 4u);
  EXPECT_EQ(stream.hypergeometric(10, 4, 0), 0u);
  EXPECT_THROW((void)stream.hypergeometric(10, 11, 1), InternalError);
  EXPECT_THROW((void)stream.hypergeometric(10, 1, 11), InternalError);
  for (int i = 0; i < 100; ++i) EXPECT_LE(stream.hypergeometric(1ULL << 40, 1ULL << 39, 1ULL << 38), 1ULL << 38);
}

TEST(Stream, BinomialHasTheExactLaw) {
  const std::vector<std::pair<std::uint64_t, double>> cases = {
      {1, 0.3},       {10, 0.5},   {80, 0.02},    {4000, 0.02},  {4000, 0.98},   {1000, 0.5},
      {100000, 1e-5}, {4000, 0.2}, {100000, 0.5}, {100000, 0.9}, {1000000, 0.01}};
  for (const auto& [count, p] : cases) {
    Stream stream{make_key(10, "binomial"), count};
    const int n = 60000;
    std::vector<double> expected(count + 1), seen(count + 1, 0);
    for (std::uint64_t k = 0; k <= count; ++k) {
      expected[k] = static_cast<double>(n * std::exp(log_choose(count, k) + k * std::log(static_cast<long double>(p)) +
                                                     (count - k) * std::log1p(-static_cast<long double>(p))));
    }
    double sum = 0;
    for (int i = 0; i < n; ++i) {
      const std::uint64_t k = stream.binomial(count, p);
      ASSERT_LE(k, count);
      ++seen[k];
      sum += static_cast<double>(k);
    }
    EXPECT_LT(std::fabs(chi_square_score(expected, seen)), 4) << count << ' ' << p;
    EXPECT_NEAR(sum / n, count * p, 4 * std::sqrt(count * p * (1 - p) / n)) << count << ' ' << p;
  }
  Stream stream{make_key(11, "edges"), 0};
  EXPECT_EQ(stream.binomial(0, 0.5), 0u);
  EXPECT_EQ(stream.binomial(7, 0.0), 0u);
  EXPECT_EQ(stream.binomial(7, 1.0), 7u);
  EXPECT_THROW((void)stream.binomial(7, 1.5), InternalError);
  EXPECT_THROW((void)stream.binomial(7, std::nan("")), InternalError);
}

}  // namespace
}  // namespace ranvier::base
