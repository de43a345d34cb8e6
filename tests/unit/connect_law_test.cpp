// links: ranvier_connect ranvier_base
// The random rules against their exact laws: chi-square tests at fixed seeds. A right sampler fails one of them with a
// probability of about 1e-5 (limit: 4.3 standard deviations of the Wilson-Hilferty normal form); the seeds are fixed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "connect/rows.hpp"
#include "connect/split_tables.hpp"
#include "connect/subset.hpp"
#include "connect/words.hpp"

namespace ranvier::connect {
namespace {

const base::Key key = base::make_key(2024, "law");

/// Standard normal score of a chi-square statistic (Wilson and Hilferty 1931).
double score(double chi_square, double freedom) {
  const double v = 2 / (9 * freedom);
  return (std::cbrt(chi_square / freedom) - (1 - v)) / std::sqrt(v);
}

/// Chi-square of counts against probabilities; neighbouring classes are joined until each expects at least ten.
void expect_law(const std::vector<double>& observed, const std::vector<double>& probability) {
  ASSERT_EQ(observed.size(), probability.size());
  const double total = std::accumulate(observed.begin(), observed.end(), 0.0);
  ASSERT_NEAR(std::accumulate(probability.begin(), probability.end(), 0.0), 1, 1e-9);
  std::vector<std::pair<double, double>> classes;
  double seen = 0, expected = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    seen += observed[i];
    expected += total * probability[i];
    if (expected < 10) continue;
    classes.emplace_back(seen, expected);
    seen = expected = 0;
  }
  ASSERT_GE(classes.size(), 2u);
  classes.back().first += seen;
  classes.back().second += expected;
  double chi = 0;
  for (const auto& [o, e] : classes) chi += (o - e) * (o - e) / e;
  EXPECT_LT(std::fabs(score(chi, static_cast<double>(classes.size() - 1))), 4.3) << "chi-square " << chi << " for " << classes.size() << " classes";
}
void expect_uniform(const std::vector<double>& observed) {
  expect_law(observed, std::vector<double>(observed.size(), 1.0 / static_cast<double>(observed.size())));
}

double log_choose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }
std::vector<double> binomial_law(double n, double p) {
  std::vector<double> law;
  for (double k = 0; k <= n; ++k) law.push_back(std::exp(log_choose(n, k) + k * std::log(p) + (n - k) * std::log1p(-p)));
  return law;
}
std::vector<double> hypergeometric_law(double total, double good, double draws) {
  std::vector<double> law;
  for (double k = 0; k <= draws; ++k) {
    const bool possible = k <= good && draws - k <= total - good;
    law.push_back(possible ? std::exp(log_choose(good, k) + log_choose(total - good, draws - k) - log_choose(total, draws)) : 0);
  }
  return law;
}
/// How often each value of 0..most occurs.
std::vector<double> histogram(const std::vector<std::uint64_t>& values, std::size_t most) {
  std::vector<double> count(most + 1);
  for (const auto v : values) ++count.at(v);
  return count;
}

std::vector<std::uint32_t> subset(Subsets& subsets, std::uint64_t element, std::uint64_t count, std::uint64_t lo, std::uint64_t hi) {
  std::vector<std::uint32_t> out(count + Subsets::slack);
  out.resize(static_cast<std::size_t>(subsets.draw(element, count, lo, hi, out.data()) - out.data()));
  return out;
}

Edges edges_of(const Rule& rule, const Ends& ends, base::Key k = key) {
  const Rows rows = build_rows(rule, ends, {0, static_cast<std::uint32_t>(ends.n_post)}, k);
  return read_back(std::vector<const Rows*>{&rows});
}
std::vector<std::uint64_t> degrees(const std::vector<std::uint32_t>& ids, std::uint64_t n) {
  std::vector<std::uint64_t> count(n);
  for (const auto id : ids) ++count[id];
  return count;
}

TEST(Words, AreThoseOfBasePhilox) {
  for (const std::uint32_t expected : {0u, 1u, 7u, 64u, 1000u}) {
    Words words(key, 0x1234567890abcdefULL, expected);
    for (std::uint64_t block = 0; block < 40; ++block) {
      for (const std::uint32_t word : base::philox(key, block, 0x1234567890abcdefULL)) ASSERT_EQ(words.next(), word);
    }
  }
}

TEST(SplitTables, FollowTheHypergeometricLaw) {
  const struct {
    std::uint64_t total, good, draws;
  } cases[] = {{8192, 4096, 40}, {8192, 4096, 1}, {40000, 32768, 800}, {20, 7, 15}, {5, 2, 4}, {9000, 8192, 8999}, {1000000, 524288, 30000}};
  std::uint64_t node = 0;
  for (const auto& c : cases) {
    SplitTables tables(key, false);
    std::vector<double> seen(c.draws + 1);
    for (int i = 0; i < 40000; ++i) ++seen.at(tables.split(c.total, c.good, c.draws, node++));
    expect_law(seen, hypergeometric_law(static_cast<double>(c.total), static_cast<double>(c.good), static_cast<double>(c.draws)));
  }
}

TEST(SplitTables, FollowTheBinomialLawWithReplacement) {
  std::uint64_t node = 0;
  for (const std::uint64_t draws : {1, 2, 40, 900, 20000}) {
    SplitTables tables(key, true);
    std::vector<double> seen(draws + 1);
    for (int i = 0; i < 40000; ++i) ++seen.at(tables.split(9000, 4096, draws, node++));
    expect_law(seen, binomial_law(static_cast<double>(draws), 4096.0 / 9000));
  }
}

TEST(SplitTables, ResultsDoNotDependOnWhatWasAskedBefore) {
  // Enough different questions to throw the kept tables away several times.
  SplitTables kept(key, false);
  std::vector<std::uint64_t> first;
  for (std::uint64_t draws = 1; draws < 60000; draws += 3) first.push_back(kept.split(1 << 24, 8192, draws, draws));
  for (std::uint64_t draws = 1, i = 0; draws < 60000; draws += 3, ++i) {
    if (i % 50 != 0) continue;
    SplitTables fresh(key, false);
    ASSERT_EQ(fresh.split(1 << 24, 8192, draws, draws), first[i]);
    ASSERT_EQ(kept.split(1 << 24, 8192, draws, draws), first[i]);
  }
}

TEST(Subsets, AreDistinctSortedAndOfTheirSize) {
  for (const std::uint64_t n : {1, 2, 3, 64, 100, 4095, 4096, 4097, 9000, 70000}) {
    Subsets subsets(key, n, Replacement::no);
    for (const double fraction : {0.0, 0.001, 0.01, 0.3, 0.5, 0.51, 0.9, 0.9999, 1.0}) {
      const auto count = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(n)));
      for (std::uint64_t element = 0; element < 5; ++element) {
        const auto members = subset(subsets, element, count, 0, n);
        ASSERT_EQ(members.size(), count);
        ASSERT_TRUE(std::adjacent_find(members.begin(), members.end(), std::greater_equal<>()) == members.end());
        if (count > 0) {
          ASSERT_LT(members.back(), n);
        }
      }
    }
  }
}

TEST(Subsets, ConsistOfTheirPieces) {
  for (const auto replacement : {Replacement::no, Replacement::yes}) {
    for (const std::uint64_t n : {1, 5, 100, 4097, 70000}) {
      for (const std::uint64_t count : {n / 2000, n / 100 + 1, n / 3, n}) {
        Subsets subsets(key, n, replacement);
        const auto whole = subset(subsets, 3, count, 0, n);
        for (const std::uint64_t pieces : {2, 3, 7, 50}) {
          std::vector<std::uint32_t> joined;
          for (std::uint64_t i = 0; i < pieces; ++i) {
            const std::uint64_t lo = n * i / pieces, hi = n * (i + 1) / pieces;
            for (const auto m : subset(subsets, 3, count, lo, hi)) joined.push_back(static_cast<std::uint32_t>(lo + m));
          }
          ASSERT_EQ(joined, whole) << n << ' ' << count << ' ' << pieces;
        }
      }
    }
  }
}

TEST(Subsets, AllSmallSubsetsAreEquallyLikely) {
  // 7 choose 3 = 35 subsets.
  Subsets subsets(key, 7, Replacement::no);
  std::map<std::vector<std::uint32_t>, double> seen;
  for (std::uint64_t row = 0; row < 70000; ++row) ++seen[subset(subsets, row, 3, 0, 7)];
  ASSERT_EQ(seen.size(), 35u);
  std::vector<double> counts;
  for (const auto& [members, count] : seen) counts.push_back(count);
  expect_uniform(counts);
}

TEST(Subsets, AllSmallMultisetsHaveTheMultinomialLaw) {
  Subsets subsets(key, 3, Replacement::yes);
  std::map<std::vector<std::uint32_t>, double> seen;
  for (std::uint64_t row = 0; row < 90000; ++row) ++seen[subset(subsets, row, 2, 0, 3)];
  std::vector<double> counts, law;
  for (const auto& [members, count] : seen) {
    counts.push_back(count);
    law.push_back(members[0] == members[1] ? 1.0 / 9 : 2.0 / 9);
  }
  expect_law(counts, law);
}

/// Every index equally often; every two classes of indices jointly as the law says. 20 (few), 60 and 9000 (complement) of 12,000.
TEST(Subsets, MembersAreUniformAndTheirCountsHypergeometric) {
  constexpr std::uint64_t n = 12000;
  for (const std::uint64_t count : {20, 60, 1500, 9000}) {
    Subsets subsets(key, n, Replacement::no);
    const std::uint64_t rows = std::min<std::uint64_t>(20000, 6000000 / count);
    std::vector<double> bins(120);
    std::vector<double> in_middle(count + 1), odd(count + 1);
    for (std::uint64_t row = 0; row < rows; ++row) {
      std::uint64_t middle = 0, odds = 0;
      for (const auto m : subset(subsets, row, count, 0, n)) {
        ++bins[m / 100];
        middle += m >= 3000 && m < 6000;  // across a boundary of blocks
        odds += m % 2;
      }
      ++in_middle[middle];
      ++odd[odds];
    }
    // Drawing without replacement makes the counts of bins less variable than multinomial by (n - count) / (n - 1).
    double chi = 0;
    const double expected = static_cast<double>(rows * count) / 120;
    for (const double b : bins) chi += (b - expected) * (b - expected) / expected;
    const double shrink = static_cast<double>(n - count) / static_cast<double>(n - 1);
    EXPECT_LT(std::fabs(score(chi / shrink, 119)), 4.3) << count;
    expect_law(in_middle, hypergeometric_law(n, 3000, static_cast<double>(count)));
    expect_law(odd, hypergeometric_law(n, 6000, static_cast<double>(count)));
  }
}

TEST(Subsets, WithReplacementMembersAreUniformAndRepeatAsOftenAsTheyShould) {
  constexpr std::uint64_t n = 9000;
  for (const std::uint64_t count : {25, 100, 5000}) {
    Subsets subsets(key, n, Replacement::yes);
    const std::uint64_t rows = 3000000 / count;
    std::vector<double> bins(90), times(12);
    for (std::uint64_t row = 0; row < rows; ++row) {
      const auto members = subset(subsets, row, count, 0, n);
      ASSERT_EQ(members.size(), count);
      ASSERT_TRUE(std::is_sorted(members.begin(), members.end()));
      for (const auto m : members) ++bins[m / 100];
      ++times[static_cast<std::size_t>(std::count(members.begin(), members.end(), 17u))];
    }
    expect_uniform(bins);
    auto law = binomial_law(static_cast<double>(count), 1.0 / n);
    law.resize(12);
    expect_law(times, law);
  }
}

TEST(FixedOutdegree, IndegreeIsBinomial) {
  // Rows are independent: the in-degree of a target is binomial(n_pre, k / n_post). Targets far apart are nearly independent;
  // of 20,000 every tenth is taken.
  const auto in = degrees(edges_of(fixed_outdegree(400), {3000, 20000}).post, 20000);
  std::vector<std::uint64_t> some;
  for (std::size_t i = 0; i < in.size(); i += 10) some.push_back(in[i]);
  expect_law(histogram(some, 3000), binomial_law(3000, 0.02));
}

TEST(FixedOutdegree, PairsAreEquallyLikelyWithAndWithoutSelf) {
  // Every pair of a small population, over many seeds.
  for (const bool self : {true, false}) {
    std::vector<double> seen;
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> count;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
      const Edges e = edges_of(fixed_outdegree(3).self_connections(self), {8, 8, true}, base::make_key(seed, "pairs"));
      for (std::size_t i = 0; i < e.size(); ++i) ++count[{e.pre[i], e.post[i]}];
    }
    ASSERT_EQ(count.size(), self ? 64u : 56u);
    double chi = 0;
    const double candidates = self ? 8 : 7, expected = 4000 * 3 / candidates;
    for (const auto& [pair, times] : count) chi += (times - expected) * (times - expected) / expected;
    // Each row is a sample without replacement: freedom 8 (candidates - 1), shrunk by (candidates - 3) / (candidates - 1).
    EXPECT_LT(std::fabs(score(chi * (candidates - 1) / (candidates - 3), 8 * (candidates - 1))), 4.3);
  }
}

TEST(FixedIndegree, OutdegreeIsBinomial) {
  const auto out = degrees(edges_of(fixed_indegree(400), {20000, 3000}).pre, 20000);
  std::vector<std::uint64_t> some;
  for (std::size_t i = 0; i < out.size(); i += 10) some.push_back(out[i]);
  expect_law(histogram(some, 3000), binomial_law(3000, 0.02));
}

TEST(Bernoulli, DegreesAreBinomial) {
  const Edges e = edges_of(bernoulli(0.02), {6000, 9000});
  expect_law(histogram(degrees(e.pre, 6000), 9000), binomial_law(9000, 0.02));
  expect_law(histogram(degrees(e.post, 9000), 6000), binomial_law(6000, 0.02));
  const Edges without = edges_of(bernoulli(0.3).self_connections(false), {4000, 4000, true});
  expect_law(histogram(degrees(without.pre, 4000), 4000), [] {
    auto law = binomial_law(3999, 0.3);
    law.push_back(0);
    return law;
  }());
}

TEST(Bernoulli, PairsAreIndependent) {
  // All 16 networks of 2 x 2.
  std::vector<double> seen(16), law(16);
  for (std::uint64_t seed = 0; seed < 30000; ++seed) {
    const Edges e = edges_of(bernoulli(0.3), {2, 2}, base::make_key(seed, "bernoulli"));
    unsigned code = 0;
    for (std::size_t i = 0; i < e.size(); ++i) code |= 1u << (2 * e.pre[i] + e.post[i]);
    ++seen[code];
  }
  for (unsigned code = 0; code < 16; ++code) {
    const int ones = __builtin_popcount(code);
    law[code] = std::pow(0.3, ones) * std::pow(0.7, 4 - ones);
  }
  expect_law(seen, law);
}

TEST(FixedTotal, AllSmallNetworksAreEquallyLikely) {
  // 6 choose 3 = 20 networks of 2 x 3 with three connections; self excluded: 4 choose 2 = 6 of 2 x 3 with two.
  for (const bool self : {true, false}) {
    std::map<std::vector<std::uint32_t>, double> seen;
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
      const Edges e = edges_of(fixed_total(self ? 3 : 2).self_connections(self), {2, 3, true}, base::make_key(seed, "total"));
      std::vector<std::uint32_t> code;
      for (std::size_t i = 0; i < e.size(); ++i) code.push_back(3 * e.pre[i] + e.post[i]);
      ++seen[code];
    }
    ASSERT_EQ(seen.size(), self ? 20u : 6u);
    std::vector<double> counts;
    for (const auto& [code, count] : seen) counts.push_back(count);
    expect_uniform(counts);
  }
}

TEST(FixedTotal, RowsAreHypergeometricOrMultinomial) {
  std::vector<double> seen(4001), repeated(4001);
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const base::Key k = base::make_key(seed, "rows");
    ++seen[degrees(edges_of(fixed_total(4000), {10, 1000}, k).pre, 10)[6]];
    ++repeated[degrees(edges_of(fixed_total(4000).multiple(true), {10, 1000}, k).pre, 10)[6]];
  }
  expect_law(seen, hypergeometric_law(10000, 1000, 4000));
  expect_law(repeated, binomial_law(4000, 0.1));
}

}  // namespace
}  // namespace ranvier::connect
