// Connection rules: who connects to whom, named by what each rule fixes. A rule is a plain value; nothing is drawn until a
// simulation is built. The same seed and projection name give the same pairs for every number of workers and on every machine.
//
//   Rule a = bernoulli(0.02);                               // each pair independently
//   Rule b = fixed_outdegree(80).self_connections(false);   // 80 distinct targets, never itself
//   Rule c = explicit_list({0, 0, 1}, {1, 2, 0}, {0.5, 1.0, 2.0});
//   std::cout << b << ": " << b.law() << '\n';
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ranvier/error.hpp"
#include "ranvier/units.hpp"

namespace ranvier {

class Expr;

/// Pairs with, optionally, one weight (coherent units: nS, pA, mV ...) and one delay (ms) each; indices count from zero within
/// the source and the target view. `origin` says where it came from ("a list", a file name) for messages.
struct PairList {
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight, delay;  ///< empty, or as long as `pre`
  std::string origin = "list";
  std::uint64_t n_pre = 0, n_post = 0;  ///< of a matrix: the sizes that the views must have; 0: any
  friend bool operator==(const PairList&, const PairList&) = default;
};

/// The connections that were made: pair i is pre[i] -> post[i], in order of (pre, delay, post). Empty weight or delay: the
/// projection's constant. Delays are the realised ones, whole multiples of dt, in ms.
struct Edges {
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight, delay;
  [[nodiscard]] std::size_t size() const { return pre.size(); }
};

/// How likely a pair is as a function of its distance.
class DistanceProfile {
 public:
  virtual ~DistanceProfile() = default;
  /// probability[i] of a pair that is distance[i] um apart.
  virtual void evaluate(std::span<const double> distance, std::span<double> probability) const = 0;
  [[nodiscard]] virtual std::string call() const = 0;  ///< as it would be written: "gaussian_prob(sigma = 100 um)"
  [[nodiscard]] virtual std::string law() const = 0;   ///< the probability in words
};

/// A connection rule. n_pre and n_post below are the sizes of the source and target views.
class Rule {
 public:
  struct Bernoulli {
    double p;
    friend bool operator==(const Bernoulli&, const Bernoulli&) = default;
  };
  struct FixedOutdegree {
    std::uint64_t k;
    friend bool operator==(const FixedOutdegree&, const FixedOutdegree&) = default;
  };
  struct FixedOutdegreeFraction {
    double p;
    friend bool operator==(const FixedOutdegreeFraction&, const FixedOutdegreeFraction&) = default;
  };
  struct FixedIndegree {
    std::uint64_t k;
    friend bool operator==(const FixedIndegree&, const FixedIndegree&) = default;
  };
  struct FixedIndegreeFraction {
    double p;
    friend bool operator==(const FixedIndegreeFraction&, const FixedIndegreeFraction&) = default;
  };
  struct FixedTotal {
    std::uint64_t n;
    friend bool operator==(const FixedTotal&, const FixedTotal&) = default;
  };
  struct OneToOne {
    friend bool operator==(const OneToOne&, const OneToOne&) = default;
  };
  struct AllToAll {
    friend bool operator==(const AllToAll&, const AllToAll&) = default;
  };
  struct List {
    std::shared_ptr<const PairList> pairs;
    friend bool operator==(const List& a, const List& b) { return a.pairs == b.pairs || *a.pairs == *b.pairs; }
  };
  struct Grid {
    std::uint32_t radius;
    bool diagonal;                     ///< all within the cube of that radius (Moore); else sum of steps <= radius (von Neumann)
    std::vector<std::uint32_t> shape;  ///< empty: that of the population's grid
    bool periodic;                     ///< with `shape`
    friend bool operator==(const Grid&, const Grid&) = default;
  };
  struct ByDistance {
    std::shared_ptr<const DistanceProfile> profile;
    friend bool operator==(const ByDistance& a, const ByDistance& b) {
      return a.profile == b.profile || a.profile->call() == b.profile->call();
    }
  };
  struct SmallWorld {
    std::uint64_t k;
    double p;
    bool rewire;  ///< Watts and Strogatz; else edges are added: Newman and Watts
    bool directed;
    friend bool operator==(const SmallWorld&, const SmallWorld&) = default;
  };
  struct ScaleFree {
    std::uint64_t m;
    bool directed;
    friend bool operator==(const ScaleFree&, const ScaleFree&) = default;
  };
  using Law = std::variant<Bernoulli, FixedOutdegree, FixedOutdegreeFraction, FixedIndegree, FixedIndegreeFraction, FixedTotal,
                           OneToOne, AllToAll, List, Grid, ByDistance, SmallWorld, ScaleFree>;

  explicit Rule(Law law);

  /// Whether a neuron may connect to itself (default true, as in BrainPy). It matters where source and target are of one
  /// population. With false, degrees stay what the rule says: k targets among the others (BrainPy drops the pair after the
  /// draw, so that some of its rows have k-1). A list that holds a self-connection is then an error. Default false for the grid
  /// rules, where it is the centre of the neighbourhood; UserError with true for small worlds and scale-free graphs.
  [[nodiscard]] Rule self_connections(bool allowed) const;
  /// Whether a pair may occur more than once (default false: drawn without replacement; a list must not repeat a pair).
  /// UserError for the rules that visit each pair once: all but those of fixed degrees, fixed_total and lists.
  [[nodiscard]] Rule multiple(bool allowed) const;

  [[nodiscard]] const Law& what() const { return law_; }
  [[nodiscard]] bool allows_self() const { return self_; }
  [[nodiscard]] bool allows_multiple() const { return multiple_; }
  /// The pairs of a list; nullptr for the other rules.
  [[nodiscard]] const PairList* pairs() const;
  [[nodiscard]] bool has_weights() const { return pairs() && !pairs()->weight.empty(); }
  [[nodiscard]] bool has_delays() const { return pairs() && !pairs()->delay.empty(); }

  /// One sentence that results record: what is fixed, what is random, and by which law.
  [[nodiscard]] std::string law() const;
  [[nodiscard]] std::size_t hash() const;
  friend bool operator==(const Rule&, const Rule&) = default;

 private:
  Law law_;
  bool self_ = true, multiple_ = false;
};

/// As it would be written: "fixed_outdegree(k = 64).self_connections(false)".
[[nodiscard]] std::string to_string(const Rule& rule);
std::ostream& operator<<(std::ostream& out, const Rule& rule);

/// Each of the n_pre * n_post pairs with probability p, independently. UserError unless 0 <= p <= 1.
[[nodiscard]] Rule bernoulli(double p);
/// Every source has exactly k targets, uniform over the target view. UserError if k < 0.
[[nodiscard]] Rule fixed_outdegree(std::int64_t k);
/// fixed_outdegree with k = trunc(n_post * p): BrainPy's FixedProb in its sparse form. UserError unless 0 <= p <= 1.
[[nodiscard]] Rule fixed_outdegree_fraction(double p);
/// Every target has exactly k sources, uniform over the source view. UserError if k < 0.
[[nodiscard]] Rule fixed_indegree(std::int64_t k);
/// fixed_indegree with k = trunc(n_pre * p). UserError unless 0 <= p <= 1.
[[nodiscard]] Rule fixed_indegree_fraction(double p);
/// Exactly n connections, uniform over all pairs. UserError if n < 0.
[[nodiscard]] Rule fixed_total(std::int64_t n);
/// Source i to target i; the views must be of one size.
[[nodiscard]] Rule one_to_one();
/// Every pair.
[[nodiscard]] Rule all_to_all();
// --- in space: populations need positions (ranvier/positions.hpp), except for grids of a given shape.

/// The nearest neighbours on a grid: one step along one axis (4 in two dimensions). Without `shape`, source and target population
/// have grid positions of one shape, and space repeats as they say. Index and target index on the grid are those of the whole
/// population; a given `shape` is that of the views.
[[nodiscard]] Rule grid_four(std::vector<std::uint32_t> shape = {}, bool periodic = false);
/// One step along any axes (8 in two dimensions).
[[nodiscard]] Rule grid_eight(std::vector<std::uint32_t> shape = {}, bool periodic = false);
/// Up to n steps along every axis ((2n+1)^2 - 1 in two dimensions). UserError if n < 1.
[[nodiscard]] Rule grid_n(std::int64_t n, std::vector<std::uint32_t> shape = {}, bool periodic = false);
/// Each pair with probability peak * exp(-d^2 / (2 sigma^2)), independently. UserError unless sigma > 0 and 0 <= peak <= 1.
[[nodiscard]] Rule gaussian_prob(Quantity sigma, double peak = 1);
/// Each pair with probability peak * exp(-d / scale).
[[nodiscard]] Rule exponential_prob(Quantity scale, double peak = 1);
/// Each pair with probability max(0, peak * exp(-d^2 / (2 sigma^2)) - surround_peak * exp(-d^2 / (2 surround_sigma^2))).
[[nodiscard]] Rule dog_prob(Quantity sigma, double peak, Quantity surround_sigma, double surround_peak);
/// Each pair at most `radius` apart with probability p.
[[nodiscard]] Rule prob_dist(Quantity radius, double p = 1);
/// Each pair with this probability, an expression of distance(). UnitError unless it has no unit. When built, UserError that names
/// the pair if it is not from 0 to 1.
[[nodiscard]] Rule bernoulli(const Expr& p);

// --- graphs over the neurons of one population (or of two views of one size): n vertices, index by index.

/// Watts and Strogatz (1998): a ring where each vertex knows its k nearest (k even), then each edge (i, i+j) keeps its vertex i
/// and with probability p gets another end, uniform over what gives no self-connection and no repeated edge. Connections go both
/// ways; `directed`: each vertex has k edges of its own, rewired one by one. UserError unless 0 <= p <= 1, k even; when built, unless k < n.
[[nodiscard]] Rule small_world(std::int64_t k, double p, bool directed = false);
/// Newman and Watts (1999): no edge is taken away; for each of the ring's one is added at random with probability p.
[[nodiscard]] Rule newman_watts(std::int64_t k, double p, bool directed = false);
/// Barabasi and Albert (1999): vertices come one by one, each with m edges to distinct earlier ones, chosen in proportion to their
/// degree; the first m have none among themselves, and vertex m knows them all. Both ways; `directed`: only from the later vertex.
/// UserError unless m >= 1; when built, unless m < n.
[[nodiscard]] Rule scale_free_ba(std::int64_t m, bool directed = false);

// --- given connections.

/// A matrix of n_pre rows and n_post columns, row after row, in coherent units: each entry other than 0 is a synapse of that
/// weight. UserError if the size differs or an entry is not finite.
[[nodiscard]] Rule matrix(std::uint32_t n_pre, std::uint32_t n_post, const std::vector<double>& weights);
/// Which entries are synapses; the projection gives the weight.
[[nodiscard]] Rule matrix(std::uint32_t n_pre, std::uint32_t n_post, const std::vector<bool>& connected);
/// Compressed rows: the targets of source i are indices[indptr[i] .. indptr[i+1]), with these weights. UserError unless indptr
/// ascends from 0 to the number of indices.
[[nodiscard]] Rule csr(const std::vector<std::uint64_t>& indptr, std::vector<std::uint32_t> indices, std::vector<double> weight = {});
/// These pairs: pre[i] -> post[i] with weight[i] (coherent units) and delay[i] (ms, rounded to the nearest step when the
/// simulation is built). UserError if the lengths differ, a weight is not finite, or a delay is negative or not finite.
[[nodiscard]] Rule explicit_list(std::vector<std::uint32_t> pre, std::vector<std::uint32_t> post,
                                 std::vector<double> weight = {}, std::vector<double> delay = {});
[[nodiscard]] Rule explicit_list(PairList pairs);
/// The pairs of a text file, read now: one pair a line, `pre post [weight] [delay]` separated by commas, semicolons or blanks.
/// Lines that start with # are skipped; a first line of column names (pre, post, weight, delay in any order) is understood.
/// UserError "FILE:LINE: ..." for what cannot be read.
[[nodiscard]] Rule from_file(const std::string& path);

/// What a rule is called, and what it fixes in one sentence.
struct RuleInfo {
  std::string name, arguments, summary;
};
/// All rules, in the order of the documentation.
[[nodiscard]] std::vector<RuleInfo> connection_rules();

}  // namespace ranvier

template <>
struct std::hash<ranvier::Rule> {
  std::size_t operator()(const ranvier::Rule& rule) const { return rule.hash(); }
};
