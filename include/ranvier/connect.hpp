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
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ranvier/error.hpp"

namespace ranvier {

/// Pairs with, optionally, one weight (coherent units: nS, pA, mV ...) and one delay (ms) each; indices count from zero within
/// the source and the target view. `origin` says where it came from ("a list", a file name) for messages.
struct PairList {
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight, delay;  ///< empty, or as long as `pre`
  std::string origin = "list";
  friend bool operator==(const PairList&, const PairList&) = default;
};

/// The connections that were made: pair i is pre[i] -> post[i], in order of (pre, delay, post). Empty weight or delay: the
/// projection's constant. Delays are the realised ones, whole multiples of dt, in ms.
struct Edges {
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight, delay;
  [[nodiscard]] std::size_t size() const { return pre.size(); }
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
  using Law = std::variant<Bernoulli, FixedOutdegree, FixedOutdegreeFraction, FixedIndegree, FixedIndegreeFraction, FixedTotal,
                           OneToOne, AllToAll, List>;

  explicit Rule(Law law);

  /// Whether a neuron may connect to itself (default true, as in BrainPy). It matters where source and target are of one
  /// population. With false, degrees stay what the rule says: k targets among the others (BrainPy drops the pair after the
  /// draw, so that some of its rows have k-1). A list that holds a self-connection is then an error.
  [[nodiscard]] Rule self_connections(bool allowed) const;
  /// Whether a pair may occur more than once (default false: drawn without replacement; a list must not repeat a pair).
  /// UserError for bernoulli, one_to_one and all_to_all, which visit each pair once.
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
/// These pairs: pre[i] -> post[i] with weight[i] (coherent units) and delay[i] (ms, rounded to the nearest step when the
/// simulation is built). UserError if the lengths differ, a weight is not finite, or a delay is negative or not finite.
[[nodiscard]] Rule explicit_list(std::vector<std::uint32_t> pre, std::vector<std::uint32_t> post,
                                 std::vector<double> weight = {}, std::vector<double> delay = {});
[[nodiscard]] Rule explicit_list(PairList pairs);
/// The pairs of a text file, read now: one pair a line, `pre post [weight] [delay]` separated by commas, semicolons or blanks.
/// Lines that start with # are skipped; a first line of column names (pre, post, weight, delay in any order) is understood.
/// UserError "FILE:LINE: ..." for what cannot be read.
[[nodiscard]] Rule from_file(const std::string& path);

}  // namespace ranvier

template <>
struct std::hash<ranvier::Rule> {
  std::size_t operator()(const ranvier::Rule& rule) const { return rule.hash(); }
};
