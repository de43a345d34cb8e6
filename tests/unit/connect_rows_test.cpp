// links: ranvier_connect ranvier_base
// Rows: what every rule fixes, order and width of the storage, lists, independence of the cut, validation messages.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "connect/pairs.hpp"
#include "connect/rows.hpp"

namespace ranvier::connect {
namespace {

const base::Key key{0x12345678, 0x9abcdef0};

std::vector<Slice> cut(std::uint64_t n, unsigned workers) {
  std::vector<Slice> slices;
  for (unsigned w = 0; w < workers; ++w) {
    slices.push_back({static_cast<std::uint32_t>(n * w / workers), static_cast<std::uint32_t>(n * (w + 1) / workers)});
  }
  return slices;
}

Edges edges_of(const Rule& rule, const Ends& ends, unsigned workers = 1, base::Key k = key, const RowOptions& options = {}) {
  validate(rule, ends, "test", options);
  std::vector<Rows> rows;
  for (const Slice slice : cut(ends.n_post, workers)) rows.push_back(build_rows(rule, ends, slice, k, options));
  std::vector<const Rows*> pointers;
  for (const Rows& r : rows) pointers.push_back(&r);
  return read_back(pointers);
}

std::vector<std::uint64_t> degrees(const std::vector<std::uint32_t>& ids, std::uint64_t n) {
  std::vector<std::uint64_t> count(n);
  for (const auto id : ids) ++count[id];
  return count;
}

/// In order of (pre, post) within equal delays; strictly so without multiple connections.
void expect_sorted(const Edges& e, bool strictly) {
  for (std::size_t i = 1; i < e.size(); ++i) {
    if (e.pre[i - 1] != e.pre[i]) {
      ASSERT_LT(e.pre[i - 1], e.pre[i]);
    } else if (strictly) {
      ASSERT_LT(e.post[i - 1], e.post[i]) << "row " << e.pre[i];
    } else {
      ASSERT_LE(e.post[i - 1], e.post[i]) << "row " << e.pre[i];
    }
  }
}

const std::vector<std::pair<std::uint64_t, std::uint64_t>> sizes = {{1, 1},    {1, 2},     {2, 1},      {7, 5},
                                                                    {40, 100}, {30, 4096}, {30, 4097}, {20, 13000}};

TEST(Rows, FixedOutdegreeFixesTheOutdegree) {
  for (const auto& [n_pre, n_post] : sizes) {
    for (const std::uint64_t k : {std::uint64_t{0}, std::uint64_t{1}, n_post / 50, n_post / 3, n_post - 1, n_post}) {
      for (const bool multiple : {false, true}) {
        const Edges e = edges_of(fixed_outdegree(static_cast<std::int64_t>(k)).multiple(multiple), {n_pre, n_post}, 3);
        for (const auto d : degrees(e.pre, n_pre)) EXPECT_EQ(d, k);
        for (const auto t : e.post) ASSERT_LT(t, n_post);
        expect_sorted(e, !multiple);
      }
    }
  }
}

TEST(Rows, FixedIndegreeFixesTheIndegree) {
  for (const auto& [n_post, n_pre] : sizes) {
    for (const std::uint64_t k : {std::uint64_t{0}, std::uint64_t{1}, n_pre / 50, n_pre / 3, n_pre - 1, n_pre}) {
      for (const bool multiple : {false, true}) {
        const Edges e = edges_of(fixed_indegree(static_cast<std::int64_t>(k)).multiple(multiple), {n_pre, n_post}, 3);
        for (const auto d : degrees(e.post, n_post)) EXPECT_EQ(d, k);
        for (const auto s : e.pre) ASSERT_LT(s, n_pre);
        expect_sorted(e, !multiple);
      }
    }
  }
}

TEST(Rows, FixedTotalFixesTheTotal) {
  for (const auto& [n_pre, n_post] : sizes) {
    const std::uint64_t pairs = n_pre * n_post;
    for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{1}, pairs / 7, pairs - 1, pairs}) {
      for (const bool multiple : {false, true}) {
        const Edges e = edges_of(fixed_total(static_cast<std::int64_t>(n)).multiple(multiple), {n_pre, n_post}, 3);
        EXPECT_EQ(e.size(), n);
        expect_sorted(e, !multiple);
      }
    }
  }
}

TEST(Rows, MultipleMayExceedTheNumberOfCandidates) {
  EXPECT_EQ(edges_of(fixed_outdegree(10000).multiple(true), {3, 2}).size(), 30000u);
  EXPECT_EQ(edges_of(fixed_indegree(10000).multiple(true), {2, 3}).size(), 30000u);
  EXPECT_EQ(edges_of(fixed_total(10000).multiple(true), {2, 2}).size(), 10000u);
  EXPECT_EQ(edges_of(fixed_outdegree(100).multiple(true), {3, 1}).size(), 300u);
}

TEST(Rows, BernoulliAtItsEnds) {
  EXPECT_EQ(edges_of(bernoulli(0), {20, 5000}).size(), 0u);
  EXPECT_EQ(edges_of(bernoulli(1), {20, 5000}).size(), 100000u);
  EXPECT_EQ(edges_of(bernoulli(1).self_connections(false), {50, 50, true}).size(), 2450u);
  EXPECT_EQ(edges_of(bernoulli(0.5).self_connections(false), {1, 1, true}).size(), 0u);
  expect_sorted(edges_of(bernoulli(0.3), {50, 9000}), true);
}

TEST(Rows, OneToOneAndAllToAll) {
  const Edges one = edges_of(one_to_one(), {1000, 1000}, 7);
  ASSERT_EQ(one.size(), 1000u);
  EXPECT_EQ(one.pre, one.post);
  const Edges all = edges_of(all_to_all(), {30, 5000}, 7);
  EXPECT_EQ(all.size(), 150000u);
  expect_sorted(all, true);
}

TEST(Rows, EmptyViewsGiveNoSynapses) {
  for (const Rule& rule : {bernoulli(0.5), fixed_outdegree_fraction(0.5), fixed_indegree_fraction(0.5), fixed_total(0), all_to_all()}) {
    EXPECT_EQ(edges_of(rule, {0, 10}).size(), 0u) << rule;
    EXPECT_EQ(edges_of(rule, {10, 0}).size(), 0u) << rule;
  }
  EXPECT_EQ(edges_of(one_to_one(), {0, 0}).size(), 0u);
  EXPECT_EQ(edges_of(explicit_list({}, {}), {3, 3}).size(), 0u);
}

TEST(Rows, FractionIsTruncatedInDoublePrecisionAsBrainPyDoes) {
  // int(n * p) in Python: 3200*0.02 = 64, 800*0.02 = 16, 100*0.29 = 28.999999999999996.
  EXPECT_EQ(fraction_of(3200, 0.02), 64u);
  EXPECT_EQ(fraction_of(800, 0.02), 16u);
  EXPECT_EQ(fraction_of(100, 0.29), 28u);
  for (const auto d : degrees(edges_of(fixed_outdegree_fraction(0.29), {20, 100}).pre, 20)) EXPECT_EQ(d, 28u);
  for (const auto d : degrees(edges_of(fixed_indegree_fraction(0.29), {100, 20}).post, 20)) EXPECT_EQ(d, 28u);
}

TEST(Rows, SelfConnectionsAreExcludedAndDegreesKept) {
  // Whole populations, and views that overlap by halves: source s is target s + shift.
  const std::vector<Ends> ends = {{300, 300, true, 0}, {300, 300, true, 100}, {300, 300, true, -250}, {200, 6000, true, 4000},
                                  {300, 300, true, 300}};
  for (const Ends& e : ends) {
    for (const Rule& rule : {fixed_outdegree(150), fixed_outdegree(150).multiple(true), fixed_indegree(150), bernoulli(0.5),
                             fixed_total(30000), all_to_all(), fixed_outdegree(5)}) {
      const Edges made = edges_of(rule.self_connections(false), e, 3);
      for (std::size_t i = 0; i < made.size(); ++i) {
        ASSERT_NE(static_cast<std::int64_t>(made.pre[i]) + e.shift, static_cast<std::int64_t>(made.post[i])) << rule;
      }
      expect_sorted(made, !rule.allows_multiple());
      if (const auto* law = std::get_if<Rule::FixedOutdegree>(&rule.what())) {
        for (const auto d : degrees(made.pre, e.n_pre)) ASSERT_EQ(d, law->k);
      }
      if (const auto* law = std::get_if<Rule::FixedIndegree>(&rule.what())) {
        for (const auto d : degrees(made.post, e.n_post)) ASSERT_EQ(d, law->k);
      }
      if (std::holds_alternative<Rule::FixedTotal>(rule.what())) {
        EXPECT_EQ(made.size(), 30000u);
      }
    }
  }
  // All others: every pair but the diagonal.
  EXPECT_EQ(edges_of(fixed_outdegree(299).self_connections(false), {300, 300, true}).size(), 300u * 299);
  EXPECT_EQ(edges_of(fixed_total(300 * 299).self_connections(false), {300, 300, true}).size(), 300u * 299);
  // Between different populations the option means nothing.
  EXPECT_EQ(edges_of(fixed_outdegree(20).self_connections(false), {50, 50}).pre, edges_of(fixed_outdegree(20), {50, 50}).pre);
  EXPECT_EQ(edges_of(fixed_outdegree(20).self_connections(false), {50, 50}).post, edges_of(fixed_outdegree(20), {50, 50}).post);
}

TEST(Rows, AreTheSameForEveryCutIntoWorkers) {
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight, delay;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    pre.push_back(i * 7919 % 200);
    post.push_back(i * 104729 % 9001);
    weight.push_back(i * 0.25);
    delay.push_back((i % 5) * 0.3);
  }
  const Ends ends{200, 9001, true, 3000};
  for (const Rule& rule : {fixed_outdegree(20), fixed_outdegree(700), fixed_outdegree(8000), fixed_outdegree(900).multiple(true),
                           bernoulli(0.05), fixed_indegree(11), fixed_indegree(11).multiple(true), fixed_total(54321),
                           fixed_total(54321).multiple(true), fixed_outdegree(500).self_connections(false),
                           bernoulli(0.7).self_connections(false), fixed_indegree(50).self_connections(false), all_to_all(),
                           explicit_list(pre, post, weight, delay).multiple(true)}) {
    const Edges whole = edges_of(rule, ends, 1);
    ASSERT_GT(whole.size(), 0u);
    for (const unsigned workers : {2u, 3u, 7u, 64u}) {
      const Edges parts = edges_of(rule, ends, workers);
      EXPECT_TRUE(whole.pre == parts.pre && whole.post == parts.post && whole.weight == parts.weight && whole.delay == parts.delay)
          << rule << " with " << workers << " workers";
    }
  }
}

TEST(Rows, CanBeBuiltByThreadsAtOnce) {
  const Ends ends{500, 9001};
  const Rule rule = fixed_outdegree(300);
  const auto slices = cut(ends.n_post, 4);
  std::vector<Rows> rows(4);
  std::vector<std::thread> threads;
  for (std::size_t w = 0; w < 4; ++w) {
    threads.emplace_back([&, w] { rows[w] = build_rows(rule, ends, slices[w], key); });
  }
  for (auto& t : threads) t.join();
  const std::vector<const Rows*> pointers = {&rows[0], &rows[1], &rows[2], &rows[3]};
  EXPECT_EQ(read_back(pointers).post, edges_of(rule, ends).post);
}

TEST(Rows, SeedsAndNamesGiveDifferentPairs) {
  std::set<std::vector<std::uint32_t>> seen;
  for (const std::uint64_t seed : {1, 2, 3}) {
    for (const char* name : {"E_to_I", "I_to_E"}) {
      seen.insert(edges_of(fixed_outdegree(20), {30, 1000}, 1, base::make_key(seed, name)).post);
    }
  }
  EXPECT_EQ(seen.size(), 6u);
}

TEST(Rows, TargetsTakeSixteenBitsUpTo65536Neurons) {
  const Rows narrow = build_rows(fixed_outdegree(100), {200, 65536}, {0, 65536}, key);
  const Rows wide = build_rows(fixed_outdegree(100), {200, 65537}, {0, 65537}, key);
  const Rows half = build_rows(fixed_outdegree(100), {200, 130000}, {65000, 130000}, key);
  EXPECT_FALSE(narrow.wide_targets() || half.wide_targets());
  EXPECT_TRUE(wide.wide_targets());
  EXPECT_EQ(narrow.bytes(), 200 * 100 * 2u + 201 * 4u);
  EXPECT_EQ(wide.bytes(), 200 * 100 * 4u + 201 * 4u);
  // The last neuron of a full 16-bit slice is reachable.
  const Rows all = build_rows(all_to_all(), {2, 65536}, {0, 65536}, key);
  EXPECT_EQ(all.target(all.last(1) - 1), 65535u);
}

TEST(Rows, ListKeepsPairsWeightsAndDelaysTogether) {
  // Out of order, with a repeated pair and three delays; 0.3 ms / 0.1 ms is 2.9999999999999996 in doubles.
  const Rule rule = explicit_list({2, 0, 2, 0, 2, 2}, {5, 1, 0, 4, 5, 3}, {1, 2, 3, 4, 5, 6}, {0.3, 0.1, 0.3, 0.0, 0.3, 0.1})
                        .multiple(true);
  const Rows rows = build_rows(rule, {3, 6}, {0, 6}, key, {.dt = 0.1});
  EXPECT_EQ(rows.delay_steps(), (std::vector<std::uint32_t>{0, 1, 3}));
  std::vector<std::pair<std::uint32_t, double>> slot3;
  rows.for_each(2, 2, [&](std::uint32_t t, double w) { slot3.emplace_back(t, w); });
  EXPECT_EQ(slot3, (std::vector<std::pair<std::uint32_t, double>>{{0, 3}, {5, 1}, {5, 5}}));
  EXPECT_EQ(rows.first(1, 0), rows.last(1, 2));
  const Edges e = read_back(std::vector<const Rows*>{&rows});
  EXPECT_EQ(e.pre, (std::vector<std::uint32_t>{0, 0, 2, 2, 2, 2}));
  EXPECT_EQ(e.post, (std::vector<std::uint32_t>{4, 1, 3, 0, 5, 5}));
  EXPECT_EQ(e.weight, (std::vector<double>{4, 2, 6, 3, 1, 5}));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(e.delay[i], (std::vector<double>{0, 0.1, 0.1, 0.3, 0.3, 0.3})[i], 1e-12);
}

TEST(Rows, ListReadsBackAsTheSameSet) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> expected;
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const std::uint32_t s = i * 7919 % 97, t = i * 31337 % 1000;
    if (!expected.emplace(std::pair{s, t}, i * 0.5).second) continue;
    pre.push_back(s), post.push_back(t), weight.push_back(i * 0.5);
  }
  for (const bool single : {true, false}) {
    const Edges e = edges_of(explicit_list(pre, post, weight), {97, 1000}, 3, key, {.single_precision = single});
    ASSERT_EQ(e.size(), expected.size());
    EXPECT_TRUE(e.delay.empty());
    auto it = expected.begin();
    for (std::size_t i = 0; i < e.size(); ++i, ++it) {
      ASSERT_EQ((std::pair{e.pre[i], e.post[i]}), it->first);
      ASSERT_EQ(e.weight[i], it->second);
    }
  }
  EXPECT_TRUE(edges_of(explicit_list({0}, {0}), {1, 1}).weight.empty());
}

std::string message(const Rule& rule, const Ends& ends, const RowOptions& options = {}) {
  try {
    validate(rule, ends, "E -> I", options);
  } catch (const UserError& e) {
    EXPECT_EQ(e.where().rfind("E -> I, ", 0), 0u) << e.where();
    EXPECT_FALSE(e.remedy().empty());
    return e.what();
  }
  return "no error";
}
#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(Validate, DegreesThatCannotBe) {
  EXPECT_EQ(message(fixed_outdegree(5000), {10, 4000}),
            "E -> I, fixed_outdegree(k = 5000): k = 5000 for each source, but the target view has 4000 neurons; "
            "choose k <= 4000, or allow repeated pairs with .multiple(true)");
  EXPECT_SAYS(message(fixed_outdegree(10).self_connections(false), {10, 10, true}), "10 neurons, 9 without itself; choose k <= 9");
  EXPECT_EQ(message(fixed_outdegree(10).self_connections(false), {10, 10}), "no error");
  EXPECT_SAYS(message(fixed_outdegree_fraction(1).self_connections(false), {10, 10, true}), "choose k <= 9");
  EXPECT_SAYS(message(fixed_indegree(11), {10, 20}), "k = 11 for each target, but the source view has 10 neurons");
  EXPECT_SAYS(message(fixed_total(201), {10, 20}), "there are only 200 pairs (10 sources, 20 targets)");
  EXPECT_SAYS(message(fixed_total(100).self_connections(false), {10, 10, true}), "only 90 pairs");
  EXPECT_SAYS(message(fixed_outdegree(1), {10, 0}), "the target view has 0 neurons; use k = 0");
  EXPECT_SAYS(message(fixed_outdegree(1).multiple(true).self_connections(false), {1, 1, true}), "use k = 0");
  EXPECT_EQ(message(fixed_outdegree(5000).multiple(true), {10, 4000}), "no error");
}

TEST(Validate, OneToOne) {
  EXPECT_EQ(message(one_to_one(), {3, 1}), "E -> I, one_to_one(): the source view has 3 neurons and the target view 1 neuron; "
                                           "one_to_one needs views of one size");
  EXPECT_SAYS(message(one_to_one().self_connections(false), {3, 3, true}), "nothing is left");
  EXPECT_EQ(message(one_to_one().self_connections(false), {3, 3, true, 3}), "no error");
}

TEST(Validate, Lists) {
  EXPECT_EQ(message(explicit_list({0, 4000}, {1, 1}), {4000, 100}),
            "E -> I, explicit_list(2 pairs): entry 1: pre = 4000 is out of range, the source view has 4000 neurons; "
            "indices go from 0 to 3999");
  EXPECT_SAYS(message(explicit_list({0}, {100}), {4000, 100}), "entry 0: post = 100 is out of range, the target view has 100");
  EXPECT_SAYS(message(explicit_list({5, 1, 5}, {7, 7, 7}), {10, 10}), "entries 0 and 2 are the same pair 5 -> 7");
  EXPECT_EQ(message(explicit_list({5, 1, 5}, {7, 7, 7}).multiple(true), {10, 10}), "no error");
  EXPECT_SAYS(message(explicit_list({0, 3}, {1, 3}).self_connections(false), {10, 10, true}), "entry 1 connects neuron 3 to itself");
  EXPECT_EQ(message(explicit_list({0, 3}, {1, 3}).self_connections(false), {10, 10}), "no error");
  EXPECT_SAYS(message(explicit_list({0}, {1}, {}, {1e12}), {2, 2}), "entry 0: the delay of 1e+12 ms");
  EXPECT_SAYS(message(explicit_list({0}, {1}, {}, {1}), {2, 2}, {.dt = 0}), "dt must be positive");
}

TEST(Validate, ViewsBeyond32Bits) {
  EXPECT_THROW(validate(bernoulli(0), {std::uint64_t{1} << 33, 1}, "E -> I"), UnsupportedError);
}

// These values pin the sampler, so that a version that changes anyone's networks is noticed. They are our own output and prove
// nothing about its correctness: that is shown by connect_law_test.cpp.
TEST(Golden, RowsOfTheSampler) {
  const auto row = [](const Rule& rule, const Ends& ends, std::uint32_t source) {
    const Rows rows = build_rows(rule, ends, {0, static_cast<std::uint32_t>(ends.n_post)}, base::make_key(42, "golden"));
    std::vector<std::uint32_t> targets;
    rows.for_each(source, 0, [&](std::uint32_t t, double) { targets.push_back(t); });
    return targets;
  };
  using Row = std::vector<std::uint32_t>;
  EXPECT_EQ(row(fixed_outdegree(5), {3, 20000}, 2), (Row{3030, 9156, 10488, 11373, 17658}));
  EXPECT_EQ(row(fixed_outdegree(6).self_connections(false), {20, 20, true}, 11), (Row{1, 2, 7, 14, 16, 17}));
  EXPECT_EQ(row(fixed_outdegree(4).multiple(true), {20, 3}, 19), (Row{0, 0, 2, 2}));
  EXPECT_EQ(row(bernoulli(0.0005), {3, 20000}, 1), (Row{2653, 4092, 4679, 6079, 10589, 12107, 12873, 14318, 17006, 17154, 17618, 18818, 19548}));
  EXPECT_EQ(row(fixed_indegree(3), {8, 16}, 5), (Row{0, 4, 5, 6, 10, 11, 12, 13, 15}));
  EXPECT_EQ(row(fixed_total(16), {4, 1000}, 3), (Row{142, 271, 286, 545, 787}));
  // A row that goes through splits and blocks: its ends, and a sum over all of it.
  const Row dense = row(fixed_outdegree(3000), {5, 20000}, 2);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < dense.size(); ++i) sum += (i + 1) * dense[i];
  EXPECT_EQ((Row{dense.front(), dense[1], dense[1500], dense.back()}), (Row{4, 5, 10050, 19993}));
  EXPECT_EQ(sum, 59955189249u);
}

}  // namespace
}  // namespace ranvier::connect
