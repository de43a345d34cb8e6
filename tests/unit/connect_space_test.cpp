// links: ranvier_connect ranvier_base
// Rules in space and over graphs: neighbourhoods by hand, probabilities by chi-square at fixed seeds, small-world and scale-free
// limits, given matrices, independence of the cut into workers, messages.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <queue>
#include <set>

#include "connect/rows.hpp"
#include "connect/space.hpp"

namespace ranvier::connect {
namespace {

using namespace units;

const base::Key key = base::make_key(77, "space");

Edges edges_of(const Rule& rule, const Ends& ends, unsigned workers = 1, base::Key k = key) {
  const RowOptions options{.where = "test"};
  validate(rule, ends, "test", options);
  std::vector<Rows> rows;
  for (unsigned w = 0; w < workers; ++w) {
    const auto bound = [&](unsigned i) { return static_cast<std::uint32_t>(ends.n_post * i / workers); };
    rows.push_back(build_rows(rule, ends, {bound(w), bound(w + 1)}, k, options));
  }
  std::vector<const Rows*> pointers;
  for (const Rows& r : rows) pointers.push_back(&r);
  return read_back(pointers);
}
std::set<std::uint32_t> targets_of(const Edges& e, std::uint32_t source) {
  std::set<std::uint32_t> out;
  for (std::size_t i = 0; i < e.size(); ++i) {
    if (e.pre[i] == source) out.insert(e.post[i]);
  }
  return out;
}
using Ids = std::set<std::uint32_t>;

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const UserError& e) {
    EXPECT_FALSE(e.remedy().empty());
    return e.what();
  }
  return "no error";
}
#define EXPECT_SAYS(f, part)                                             \
  do {                                                                   \
    const std::string said = message([&] { static_cast<void>(f); });     \
    EXPECT_NE(said.find(part), std::string::npos) << said;               \
  } while (false)

struct Space {
  Points pre, post;
  Ends ends;
  Space(const Positions& a, std::uint32_t n, const Positions& b, std::uint32_t m, bool same = false)
      : pre(realise(a, n, base::make_key(1, "positions/a"))), post(same ? pre : realise(b, m, base::make_key(1, "positions/b"))) {
    ends = {.n_pre = n, .n_post = m, .same_population = same, .pre_points = &pre, .post_points = &post};
  }
  Space(const Space&) = delete;
};

TEST(Grid, NeighboursByHand) {
  const Ends nine{.n_pre = 9, .n_post = 9, .same_population = true};
  EXPECT_EQ(targets_of(edges_of(grid_four({3, 3}), nine), 4), (Ids{1, 3, 5, 7}));
  EXPECT_EQ(targets_of(edges_of(grid_four({3, 3}), nine), 0), (Ids{1, 3}));
  EXPECT_EQ(targets_of(edges_of(grid_four({3, 3}, true), nine), 0), (Ids{1, 2, 3, 6}));
  EXPECT_EQ(targets_of(edges_of(grid_eight({3, 3}), nine), 4), (Ids{0, 1, 2, 3, 5, 6, 7, 8}));
  EXPECT_EQ(targets_of(edges_of(grid_eight({3, 3}), nine), 2), (Ids{1, 4, 5}));
  EXPECT_EQ(targets_of(edges_of(grid_eight({3, 3}).self_connections(true), nine), 2), (Ids{1, 2, 4, 5}));
  EXPECT_EQ(targets_of(edges_of(grid_n(2, {3, 3}), nine), 0), (Ids{1, 2, 3, 4, 5, 6, 7, 8}));
  // Twice round a small ring is still each neuron once.
  EXPECT_EQ(targets_of(edges_of(grid_n(5, {9}, true), nine), 0), (Ids{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(targets_of(edges_of(grid_n(2, {9}, true), nine), 0), (Ids{1, 2, 7, 8}));
  const Ends two{.n_pre = 2, .n_post = 2, .same_population = true};
  EXPECT_EQ(targets_of(edges_of(grid_four({2}, true), two), 0), (Ids{1}));
}

TEST(Grid, CountsInOneTwoAndThreeDimensions) {
  // Without edges every neuron has 2d, 3^d - 1 and (2n+1)^d - 1 neighbours.
  const std::vector<std::vector<std::uint32_t>> shapes = {{60}, {7, 9}, {5, 6, 7}};
  for (std::size_t d = 1; d <= 3; ++d) {
    std::uint64_t n = 1;
    for (const auto s : shapes[d - 1]) n *= s;
    const Ends ends{.n_pre = n, .n_post = n, .same_population = true};
    const auto pow = [&](std::uint64_t b) { return d == 1 ? b : d == 2 ? b * b : b * b * b; };
    for (const auto& [rule, degree] : {std::pair{grid_four(shapes[d - 1], true), 2 * d}, std::pair{grid_eight(shapes[d - 1], true), pow(3) - 1},
                                       std::pair{grid_n(2, shapes[d - 1], true), pow(5) - 1}}) {
      const Edges e = edges_of(rule, ends, 3);
      EXPECT_EQ(e.size(), n * degree) << rule;
      EXPECT_EQ(estimate(rule, ends).synapses, static_cast<double>(n * degree));
      for (std::size_t i = 0; i < e.size(); ++i) ASSERT_NE(e.pre[i], e.post[i]);
    }
  }
}

TEST(Grid, OfThePopulationAndViews) {
  // Sources 3..5 (the middle row) of a 3 x 3 population, all targets.
  Space space(grid({3, 3}, 10 * um), 9, grid({3, 3}, 10 * um), 9, true);
  Ends ends = space.ends;
  ends.n_pre = 3, ends.pre_first = 3, ends.shift = 3;
  EXPECT_EQ(targets_of(edges_of(grid_four(), ends), 0), (Ids{0, 4, 6}));
  Space ring(grid({3, 3}, 10 * um).periodic(), 9, grid({3, 3}, 10 * um).periodic(), 9, true);
  EXPECT_EQ(targets_of(edges_of(grid_four(), ring.ends), 0), (Ids{1, 2, 3, 6}));
}

/// Chi-square of whether pairs are connected, in bins of equal distance; few seeds more than 4.3 standard deviations off.
void expect_probabilities(const Rule& rule, const Space& space, const std::function<double(double)>& p) {
  const Edges e = edges_of(rule, space.ends, 2);
  std::map<int, std::array<double, 3>> bins;  // connected, expected, variance
  std::vector<double> d(space.ends.n_post);
  for (std::uint64_t s = 0; s < space.ends.n_pre; ++s) {
    distances(space.ends, s, 0, space.ends.n_post, d.data());
    for (const double x : d) {
      auto& b = bins[static_cast<int>(x / 20)];
      b[1] += p(x);
      b[2] += p(x) * (1 - p(x));
    }
  }
  for (std::size_t i = 0; i < e.size(); ++i) bins[static_cast<int>(distance(space.ends, e.pre[i], e.post[i]) / 20)][0] += 1;
  double chi = 0, freedom = 0;
  for (const auto& [bin, b] : bins) {
    if (b[2] < 5) continue;
    chi += (b[0] - b[1]) * (b[0] - b[1]) / b[2];
    ++freedom;
  }
  ASSERT_GE(freedom, 5);
  const double v = 2 / (9 * freedom);  // Wilson and Hilferty 1931
  EXPECT_LT(std::fabs((std::cbrt(chi / freedom) - (1 - v)) / std::sqrt(v)), 4.3) << rule << " chi-square " << chi << " of " << freedom;
}

TEST(ByDistance, ProbabilitiesAreThoseOfTheLaw) {
  const Space open(random_box({1 * mm, 1 * mm}), 400, random_disc(500 * um).shifted({500 * um, 500 * um}), 500);
  const Space ring(grid({400}, 5 * um).periodic(), 400, random_box({2000 * um}).periodic(), 300);
  const Space ball(random_ball(300 * um), 300, random_ball(300 * um), 300);
  for (const Space* s : {&open, &ring, &ball}) {
    expect_probabilities(gaussian_prob(150 * um), *s, [](double d) { return std::exp(-d * d / 45000); });
    expect_probabilities(gaussian_prob(150 * um, 0.3), *s, [](double d) { return 0.3 * std::exp(-d * d / 45000); });
    expect_probabilities(exponential_prob(100 * um, 0.5), *s, [](double d) { return 0.5 * std::exp(-d / 100); });
    expect_probabilities(prob_dist(250 * um, 0.4), *s, [](double d) { return d <= 250 ? 0.4 : 0; });
    expect_probabilities(dog_prob(200 * um, 0.8, 100 * um, 0.5), *s,
                         [](double d) { return std::max(0.0, 0.8 * std::exp(-d * d / 80000) - 0.5 * std::exp(-d * d / 20000)); });
  }
}

TEST(ByDistance, RadiusOneIsAll) {
  const Space s(random_box({1 * mm, 1 * mm, 1 * mm}).periodic(), 120, random_box({1 * mm, 1 * mm, 1 * mm}).periodic(), 90);
  const Edges e = edges_of(prob_dist(200 * um), s.ends);
  std::size_t near = 0;
  for (std::uint64_t i = 0; i < 120; ++i) {
    for (std::uint64_t j = 0; j < 90; ++j) near += distance(s.ends, i, j) <= 200;
  }
  EXPECT_EQ(e.size(), near);
  EXPECT_NEAR(estimate(prob_dist(200 * um), s.ends).synapses, static_cast<double>(near), 1e-6);
}

TEST(ByDistance, SelfConnections) {
  Space s(grid({10, 10}, 10 * um), 100, grid({10, 10}, 10 * um), 100, true);
  EXPECT_EQ(edges_of(prob_dist(1 * um), s.ends).size(), 100u);
  EXPECT_EQ(edges_of(prob_dist(1 * um).self_connections(false), s.ends).size(), 0u);
  EXPECT_EQ(edges_of(prob_dist(10 * um).self_connections(false), s.ends).size(), 360u);
}

TEST(Space, PositionsAreUniform) {
  const Points disc = realise(random_disc(2 * mm), 40000, key), ball = realise(random_ball(2 * mm), 40000, key);
  // Of r^d / R^d, uniform: ten bins of 4,000 +- 60.
  for (const Points* p : {&disc, &ball}) {
    std::vector<double> bins(10), quadrant(4);
    for (std::size_t i = 0; i < p->size(); ++i) {
      const double* x = p->coordinates.data() + i * static_cast<std::size_t>(p->dimensions);
      const double z = p->dimensions == 3 ? x[2] : 0, r = std::sqrt(x[0] * x[0] + x[1] * x[1] + z * z) / 2000;
      ++bins[static_cast<std::size_t>(10 * (p->dimensions == 3 ? r * r * r : r * r))];
      ++quadrant[(x[0] > 0 ? 1u : 0u) + (x[1] > 0 ? 2u : 0u)];
    }
    for (const double b : bins) EXPECT_NEAR(b, 4000, 4.3 * 60);
    for (const double b : quadrant) EXPECT_NEAR(b, 10000, 4.3 * 87);
  }
  const Points g = realise(grid({2, 3}, {10 * um, 1 * um}).shifted({1 * um, 2 * um}).periodic(), 6, key);
  EXPECT_EQ(g.coordinates, (std::vector<double>{1, 2, 1, 3, 1, 4, 11, 2, 11, 3, 11, 4}));
  EXPECT_EQ(g.period, (std::array<double, 3>{20, 3, 0}));
}

/// Mean clustering coefficient and mean shortest path of an undirected graph.
std::pair<double, double> small_world_measures(const Edges& e, std::uint32_t n) {
  std::vector<std::set<std::uint32_t>> graph(n);
  for (std::size_t i = 0; i < e.size(); ++i) graph[e.pre[i]].insert(e.post[i]);
  double clustering = 0, path = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::vector<std::uint32_t> near(graph[i].begin(), graph[i].end());
    double triangles = 0;
    for (std::size_t a = 0; a < near.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) triangles += static_cast<double>(graph[near[a]].count(near[b]));
    }
    const auto k = static_cast<double>(near.size());
    if (k > 1) clustering += triangles / (k * (k - 1) / 2) / n;
  }
  double pairs = 0;
  for (std::uint32_t start = 0; start < n; start += 10) {
    std::vector<int> far(n, -1);
    std::queue<std::uint32_t> next;
    far[start] = 0;
    for (next.push(start); !next.empty(); next.pop()) {
      for (const auto j : graph[next.front()]) {
        if (far[j] >= 0) continue;
        far[j] = far[next.front()] + 1;
        path += far[j];
        ++pairs;
        next.push(j);
      }
    }
  }
  return {clustering, path / pairs};
}

void expect_symmetric(const Edges& e) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> all;
  for (std::size_t i = 0; i < e.size(); ++i) {
    ASSERT_NE(e.pre[i], e.post[i]);
    ASSERT_TRUE(all.emplace(e.pre[i], e.post[i]).second);
  }
  for (const auto& [a, b] : all) ASSERT_TRUE(all.contains({b, a}));
}

TEST(SmallWorld, LimitsOfWattsAndStrogatz) {
  const Ends ends{.n_pre = 1000, .n_post = 1000, .same_population = true};
  // p = 0: the ring, clustering 3 (k - 2) / (4 (k - 1)), path about n / 2k. p = 1: random, clustering about k / n, path ln n / ln k.
  const Edges lattice = edges_of(small_world(10, 0), ends);
  const auto [c0, l0] = small_world_measures(lattice, 1000);
  EXPECT_NEAR(c0, 3.0 * 8 / (4 * 9), 1e-12);
  EXPECT_NEAR(l0, 1000.0 / 20, 1);
  const auto [c1, l1] = small_world_measures(edges_of(small_world(10, 1), ends), 1000);
  EXPECT_LT(c1, 0.02);
  EXPECT_NEAR(l1, std::log(1000.0) / std::log(10.0), 0.5);
  // p = 0.01: clustering falls as (1 - p)^3 (Barrat and Weigt 2000), the path is short already.
  const Edges small = edges_of(small_world(10, 0.01), ends);
  const auto [c, l] = small_world_measures(small, 1000);
  EXPECT_NEAR(c / c0, std::pow(0.99, 3), 0.02);
  EXPECT_LT(l, l0 / 3);
  EXPECT_EQ(small.size(), 10000u);
  expect_symmetric(small);
  expect_symmetric(edges_of(small_world(10, 1), ends));
  // How many edges were rewired: binomial(5000, 0.3).
  std::size_t kept = 0;
  const Edges some = edges_of(small_world(10, 0.3), ends);
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto apart = (some.post[i] + 1000 - some.pre[i]) % 1000;
    kept += apart >= 1 && apart <= 5;
  }
  const double chance = 5000 * 0.3 * 10 / 989;  // a rewired edge may fall on a ring place that has become free
  EXPECT_NEAR(static_cast<double>(kept), 3500 + chance / 2, 4.3 * std::sqrt(5000 * 0.3 * 0.7) + chance / 2);
}

TEST(SmallWorld, NewmanWattsAddsEdgesAndDirectedKeepsOutdegrees) {
  const Ends ends{.n_pre = 1000, .n_post = 1000, .same_population = true};
  const Edges added = edges_of(newman_watts(6, 0.2), ends);
  expect_symmetric(added);
  EXPECT_NEAR(static_cast<double>(added.size()), 6000 + 2 * 600, 2 * 4.3 * std::sqrt(3000 * 0.2 * 0.8));
  const Ids near = targets_of(added, 500);
  for (const std::uint32_t j : {497u, 498u, 499u, 501u, 502u, 503u}) EXPECT_TRUE(near.contains(j));
  const Edges directed = edges_of(small_world(6, 0.5, true), ends);
  std::vector<int> degree(1000);
  for (const auto pre : directed.pre) ++degree[pre];
  EXPECT_EQ(degree, std::vector<int>(1000, 6));
}

TEST(ScaleFree, DegreesFollowBarabasiAndAlbert) {
  // P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)) for large n (Dorogovtsev, Mendes, Samukhin 2000).
  const std::uint32_t n = 20000, m = 4;
  const Edges e = edges_of(scale_free_ba(m), {.n_pre = n, .n_post = n, .same_population = true});
  EXPECT_EQ(e.size(), 2u * (n - m) * m);
  expect_symmetric(e);
  std::vector<std::size_t> degree(n);
  for (const auto pre : e.pre) ++degree[pre];
  std::vector<double> count(20);
  for (std::size_t i = m; i < n; ++i) {
    ASSERT_GE(degree[i], m);
    if (degree[i] < 20) ++count[degree[i]];
  }
  for (std::size_t k = m; k < 20; ++k) {
    const double p = 2.0 * m * (m + 1) / static_cast<double>(k * (k + 1) * (k + 2));
    EXPECT_NEAR(count[k], n * p, 4.3 * std::sqrt(n * p) + 10) << k;
  }
  EXPECT_GT(*std::max_element(degree.begin(), degree.end()), 200u);  // hubs: about m sqrt(n) = 566
  EXPECT_EQ(edges_of(scale_free_ba(m, true), {.n_pre = 300, .n_post = 300, .same_population = true}).size(), 296u * 4);
}

TEST(Given, MatricesAndCompressedRows) {
  const Ends ends{.n_pre = 2, .n_post = 3};
  const Edges e = edges_of(matrix(2, 3, std::vector<double>{0, 1.5, 0, -2, 0, 3}), ends);
  EXPECT_EQ(e.pre, (std::vector<std::uint32_t>{0, 1, 1}));
  EXPECT_EQ(e.post, (std::vector<std::uint32_t>{1, 0, 2}));
  EXPECT_EQ(e.weight, (std::vector<double>{1.5, -2, 3}));
  const Edges b = edges_of(matrix(2, 3, std::vector<bool>{false, true, false, true, false, true}), ends);
  EXPECT_TRUE(b.pre == e.pre && b.post == e.post && b.weight.empty());
  const Edges c = edges_of(csr({0, 1, 3}, {1, 0, 2}, {1.5, -2, 3}), ends);
  EXPECT_TRUE(c.pre == e.pre && c.post == e.post && c.weight == e.weight);
  EXPECT_SAYS(edges_of(matrix(2, 3, std::vector<double>(6, 1.0)), {3, 2}), "the matrix is 2 x 3");
  EXPECT_SAYS(matrix(2, 3, std::vector<double>(5, 1.0)), "5 entries for 2 x 3");
  EXPECT_SAYS(matrix(2, 3, std::vector<double>{0, 1, 0, 0, NAN, 0}), "entry (1, 1) is nan");
  EXPECT_SAYS(csr({0, 2, 1}, {1, 0}), "indptr descends from 2 to 1 at row 1");
  EXPECT_SAYS(csr({0, 1}, {1, 0}), "indptr ends with 1 and there are 2 indices");
  EXPECT_SAYS(csr({1, 2}, {1, 0}), "begin with 0");
  EXPECT_SAYS(csr({0, 2}, {1, 0}, {1}), "weight has 1 entries");
}

TEST(Rules, AreTheSameForEveryCutIntoWorkers) {
  Space s(grid({20, 20}, 10 * um).periodic(), 400, grid({20, 20}, 10 * um).periodic(), 400, true);
  for (const Rule& rule : {grid_four(), grid_eight(), grid_n(3), gaussian_prob(30 * um), exponential_prob(30 * um, 0.5), prob_dist(50 * um, 0.5),
                           dog_prob(50 * um, 1, 20 * um, 1), small_world(6, 0.2), newman_watts(6, 0.2), small_world(6, 0.2, true),
                           scale_free_ba(5), scale_free_ba(5, true)}) {
    const Edges one = edges_of(rule, s.ends);
    ASSERT_GT(one.size(), 300u) << rule;
    for (const unsigned workers : {2u, 3u, 7u}) {
      const Edges e = edges_of(rule, s.ends, workers);
      EXPECT_TRUE(e.pre == one.pre && e.post == one.post) << rule << ' ' << workers;
    }
  }
}

TEST(Rules, RefuseWhatTheyCannotDo) {
  const Ends nowhere{.n_pre = 9, .n_post = 9};
  EXPECT_SAYS(edges_of(gaussian_prob(1 * um), nowhere), "needs positions, and the source population has none");
  EXPECT_SAYS(edges_of(grid_four(), nowhere), "needs positions");
  EXPECT_SAYS(edges_of(grid_four({3, 4}), nowhere), "the grid has 12 neurons");
  const Space box(random_box({1 * mm, 1 * mm}), 9, grid({3, 3}), 9), flat(grid({9}), 9, grid({3, 3}), 9);
  EXPECT_SAYS(edges_of(grid_four(), box.ends), "the source population is not on a grid");
  EXPECT_SAYS(edges_of(gaussian_prob(1 * um), flat.ends), "in 1 dimensions and the target population in 2");
  const Space periods(grid({3, 3}).periodic(), 9, grid({3, 3}), 9);
  EXPECT_SAYS(edges_of(gaussian_prob(1 * um), periods.ends), "make both periodic() alike");
  const Space shapes(grid({3, 4}), 12, grid({4, 3}), 12);
  EXPECT_SAYS(edges_of(grid_four(), shapes.ends), "grids of different shapes");
  EXPECT_SAYS(edges_of(small_world(10, 0.1), {.n_pre = 10, .n_post = 10}), "k = 10 for 10 neurons");
  EXPECT_SAYS(edges_of(small_world(4, 0.1), {.n_pre = 10, .n_post = 11}), "views of one size");
  EXPECT_SAYS(edges_of(scale_free_ba(10), {.n_pre = 10, .n_post = 10}), "m = 10 for 10 neurons");
  EXPECT_SAYS(small_world(3, 0.1), "even number");
  EXPECT_SAYS(small_world(4, 1.5), "probability is 1.5");
  EXPECT_SAYS(scale_free_ba(0), "m is 0");
  EXPECT_SAYS(gaussian_prob(-1 * um), "length above 0");
  EXPECT_SAYS(gaussian_prob(1 * ms), "must be in");
  EXPECT_SAYS(gaussian_prob(1 * um, 2), "the peak is 2");
  EXPECT_SAYS(prob_dist(1 * um, NAN), "the probability is nan");
  EXPECT_SAYS(grid_n(0), "the radius is 0");
  EXPECT_SAYS(grid_four({}, true), "periodic is given without a shape");
  EXPECT_SAYS(grid_four({3, 0}), "no neurons");
  EXPECT_SAYS(grid_four().multiple(true), "visits each pair once");
  EXPECT_SAYS(gaussian_prob(1 * um).multiple(true), "visits each pair once");
  EXPECT_SAYS(small_world(4, 0.1).multiple(true), "visits each pair once");
  EXPECT_SAYS(small_world(4, 0.1).self_connections(true), "no self-connections");
}

TEST(Rules, ListAllWithSentences) {
  std::set<std::string> names;
  for (const auto& r : connection_rules()) {
    EXPECT_TRUE(names.insert(r.name).second);
    EXPECT_FALSE(r.summary.empty());
  }
  for (const Rule& rule : {grid_four(), grid_eight(), grid_n(3), gaussian_prob(30 * um), exponential_prob(30 * um), dog_prob(1 * um, 1, 1 * um, 1),
                           prob_dist(1 * um), small_world(4, 0.1), newman_watts(4, 0.1), scale_free_ba(2), matrix(1, 1, std::vector<double>{1}),
                           csr({0, 1}, {0})}) {
    const auto text = to_string(rule);
    EXPECT_TRUE(names.contains(text.substr(0, text.find('(')))) << text;
    EXPECT_GT(rule.law().size(), 10u);
    EXPECT_EQ(rule.hash(), Rule(rule).hash());
  }
  EXPECT_EQ(gaussian_prob(30 * um), gaussian_prob(30 * um));
  EXPECT_NE(gaussian_prob(30 * um), gaussian_prob(31 * um));
  EXPECT_NE(grid_four(), grid_eight());
  EXPECT_EQ(to_string(grid_four({3, 4}, true)), "grid_four({3, 4}, periodic)");
  EXPECT_EQ(to_string(grid_n(2).self_connections(true)), "grid_n(n = 2).self_connections(true)");
  EXPECT_EQ(gaussian_prob(30 * um, 0.5).law(), "each pair at distance d is connected with probability 0.5 * exp(-d^2 / (2 (30 um)^2)), independently");
}

}  // namespace
}  // namespace ranvier::connect
