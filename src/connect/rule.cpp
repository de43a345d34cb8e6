#include <cmath>
#include <ostream>
#include <utility>

#include "base/hash.hpp"
#include "connect/text.hpp"
#include "ranvier/connect.hpp"

namespace ranvier {
namespace {

using connect::number;

double checked_probability(double p, const char* rule, const char* meaning) {
  if (!(p >= 0 && p <= 1)) {
    throw UserError(std::string(rule) + "(" + number(p) + ")", std::string(meaning) + " is " + number(p),
                    "it must be a number from 0 to 1");
  }
  return p;
}

std::uint64_t checked_count(std::int64_t k, const char* rule, const char* meaning) {
  if (k < 0) {
    throw UserError(std::string(rule) + "(" + std::to_string(k) + ")", std::string(meaning) + " is negative",
                    "it must be 0 or more");
  }
  return static_cast<std::uint64_t>(k);
}

/// The rule as a call, without its options.
struct Call {
  std::string operator()(const Rule::Bernoulli& r) const { return "bernoulli(p = " + number(r.p) + ")"; }
  std::string operator()(const Rule::FixedOutdegree& r) const { return "fixed_outdegree(k = " + number(r.k) + ")"; }
  std::string operator()(const Rule::FixedOutdegreeFraction& r) const {
    return "fixed_outdegree_fraction(p = " + number(r.p) + ")";
  }
  std::string operator()(const Rule::FixedIndegree& r) const { return "fixed_indegree(k = " + number(r.k) + ")"; }
  std::string operator()(const Rule::FixedIndegreeFraction& r) const {
    return "fixed_indegree_fraction(p = " + number(r.p) + ")";
  }
  std::string operator()(const Rule::FixedTotal& r) const { return "fixed_total(n = " + number(r.n) + ")"; }
  std::string operator()(const Rule::OneToOne&) const { return "one_to_one()"; }
  std::string operator()(const Rule::AllToAll&) const { return "all_to_all()"; }
  std::string operator()(const Rule::List& r) const {
    const std::string size = number(std::uint64_t{r.pairs->pre.size()}) + " pairs";
    const std::string& origin = r.pairs->origin;
    if (origin == "list") return "explicit_list(" + size + ")";
    if (origin == "matrix" || origin == "csr") return origin + "(" + size + ")";
    return "from_file(\"" + origin + "\", " + size + ")";
  }
  std::string operator()(const Rule::Grid& r) const {
    std::string shape;
    for (const auto n : r.shape) shape += (shape.empty() ? "{" : ", ") + std::to_string(n);
    if (!shape.empty()) shape += r.periodic ? "}, periodic" : "}";
    if (!r.diagonal) return "grid_four(" + shape + ")";
    if (r.radius == 1) return "grid_eight(" + shape + ")";
    return "grid_n(n = " + std::to_string(r.radius) + (shape.empty() ? "" : ", ") + shape + ")";
  }
  std::string operator()(const Rule::ByDistance& r) const { return r.profile->call(); }
  std::string operator()(const Rule::SmallWorld& r) const {
    return std::string(r.rewire ? "small_world" : "newman_watts") + "(k = " + number(r.k) + ", p = " + number(r.p) +
           (r.directed ? ", directed)" : ")");
  }
  std::string operator()(const Rule::ScaleFree& r) const {
    return "scale_free_ba(m = " + number(r.m) + (r.directed ? ", directed)" : ")");
  }
};

struct Sentence {
  bool multiple;
  [[nodiscard]] std::string drawn(const char* from) const {
    return std::string("drawn uniformly from ") + from + (multiple ? " with replacement" : " without replacement");
  }
  std::string operator()(const Rule::Bernoulli& r) const {
    return "each pair is connected with probability " + number(r.p) + ", independently";
  }
  std::string operator()(const Rule::FixedOutdegree& r) const {
    return "every source has exactly " + number(r.k) + " targets, " + drawn("the target view");
  }
  std::string operator()(const Rule::FixedOutdegreeFraction& r) const {
    return "every source has exactly trunc(" + number(r.p) + " * n_post) targets, " + drawn("the target view");
  }
  std::string operator()(const Rule::FixedIndegree& r) const {
    return "every target has exactly " + number(r.k) + " sources, " + drawn("the source view");
  }
  std::string operator()(const Rule::FixedIndegreeFraction& r) const {
    return "every target has exactly trunc(" + number(r.p) + " * n_pre) sources, " + drawn("the source view");
  }
  std::string operator()(const Rule::FixedTotal& r) const {
    return "exactly " + number(r.n) + " connections, " + drawn("all pairs");
  }
  std::string operator()(const Rule::OneToOne&) const { return "source i is connected to target i"; }
  std::string operator()(const Rule::AllToAll&) const { return "every source is connected to every target"; }
  std::string operator()(const Rule::List& r) const {
    const std::string& origin = r.pairs->origin;
    return "the " + number(std::uint64_t{r.pairs->pre.size()}) + " pairs of " +
           (origin == "list" ? "an explicit list" : origin == "matrix" ? "a matrix" : origin == "csr" ? "a sparse matrix" : origin);
  }
  std::string operator()(const Rule::Grid& r) const {
    const std::string steps = std::to_string(r.radius) + (r.radius == 1 ? " step" : " steps");
    return "each source is connected to the neurons within " + steps + (r.diagonal ? " along every axis" : " in all") + " on the grid";
  }
  std::string operator()(const Rule::ByDistance& r) const {
    return "each pair at distance d is connected with probability " + r.profile->law() + ", independently";
  }
  std::string operator()(const Rule::SmallWorld& r) const {
    return "a ring where each vertex is connected to its " + number(r.k) + " nearest; each edge " +
           (r.rewire ? "is rewired to a uniformly drawn vertex" : "brings another one to a uniformly drawn vertex") + " with probability " +
           number(r.p) + (r.rewire ? " (Watts and Strogatz 1998" : " (Newman and Watts 1999") + (r.directed ? "; directed)" : "; both ways)");
  }
  std::string operator()(const Rule::ScaleFree& r) const {
    return "vertices come one by one, each with " + number(r.m) +
           " edges to distinct earlier ones drawn in proportion to their degree (Barabasi and Albert 1999" +
           (r.directed ? "; from the later to the earlier)" : "; both ways)");
  }
};

struct Fields {
  base::Hasher& hasher;
  void operator()(const Rule::Bernoulli& r) const { hasher.add(r.p); }
  void operator()(const Rule::FixedOutdegree& r) const { hasher.add(r.k); }
  void operator()(const Rule::FixedOutdegreeFraction& r) const { hasher.add(r.p); }
  void operator()(const Rule::FixedIndegree& r) const { hasher.add(r.k); }
  void operator()(const Rule::FixedIndegreeFraction& r) const { hasher.add(r.p); }
  void operator()(const Rule::FixedTotal& r) const { hasher.add(r.n); }
  void operator()(const Rule::OneToOne&) const {}
  void operator()(const Rule::AllToAll&) const {}
  void operator()(const Rule::List& r) const {
    const PairList& list = *r.pairs;
    hasher.add(std::uint64_t{list.pre.size()});  // where the pairs came from does not matter
    for (std::size_t i = 0; i < list.pre.size(); ++i) hasher.add(list.pre[i]).add(list.post[i]);
    for (const auto* values : {&list.weight, &list.delay}) {
      hasher.add(std::uint64_t{values->size()});
      for (const double v : *values) hasher.add(v + 0.0);  // -0.0 equals 0.0
    }
  }
  void operator()(const Rule::Grid& r) const {
    hasher.add(std::uint64_t{r.radius}).add(r.diagonal).add(r.periodic).add(std::uint64_t{r.shape.size()});
    for (const auto n : r.shape) hasher.add(n);
  }
  void operator()(const Rule::ByDistance& r) const { hasher.add(r.profile->call()); }
  void operator()(const Rule::SmallWorld& r) const { hasher.add(r.k).add(r.p).add(r.rewire).add(r.directed); }
  void operator()(const Rule::ScaleFree& r) const { hasher.add(r.m).add(r.directed); }
};

bool is_graph(const Rule::Law& law) {
  return std::holds_alternative<Rule::SmallWorld>(law) || std::holds_alternative<Rule::ScaleFree>(law);
}
/// A neighbourhood or graph has no self-connections unless one asks for them.
bool self_by_default(const Rule::Law& law) { return !std::holds_alternative<Rule::Grid>(law) && !is_graph(law); }

void check_list(const PairList& list) {
  const std::string pairs = std::to_string(list.pre.size()) + " pairs";
  const bool given = list.origin == "list" || list.origin == "matrix" || list.origin == "csr";
  const std::string where = given ? (list.origin == "list" ? "explicit_list" : list.origin) + "(" + pairs + ")" : list.origin;
  const auto same_length = [&](std::size_t size, const char* name) {
    if (size == list.pre.size()) return;
    throw UserError(where, std::string(name) + " has " + std::to_string(size) + " entries and pre has " +
                               std::to_string(list.pre.size()),
                    "give one entry for each pair");
  };
  same_length(list.post.size(), "post");
  if (!list.weight.empty()) same_length(list.weight.size(), "weight");
  if (!list.delay.empty()) same_length(list.delay.size(), "delay");
  for (std::size_t i = 0; i < list.weight.size(); ++i) {
    if (!std::isfinite(list.weight[i])) {
      throw UserError(where, "entry " + std::to_string(i) + ": the weight is " + number(list.weight[i]),
                      "weights must be finite numbers");
    }
  }
  for (std::size_t i = 0; i < list.delay.size(); ++i) {
    if (!(list.delay[i] >= 0 && std::isfinite(list.delay[i]))) {
      throw UserError(where, "entry " + std::to_string(i) + ": the delay is " + number(list.delay[i]) + " ms",
                      "delays must be 0 ms or more");
    }
  }
}

}  // namespace

Rule::Rule(Law law) : law_(std::move(law)), self_(self_by_default(law_)) {}

Rule Rule::self_connections(bool allowed) const {
  if (allowed && is_graph(law_)) {
    throw UserError(to_string(*this), "this graph has no self-connections", "leave .self_connections(true) out");
  }
  Rule changed = *this;
  changed.self_ = allowed;
  return changed;
}

Rule Rule::multiple(bool allowed) const {
  const bool visits_once = std::holds_alternative<Bernoulli>(law_) || std::holds_alternative<OneToOne>(law_) ||
                           std::holds_alternative<AllToAll>(law_) || std::holds_alternative<Grid>(law_) ||
                           std::holds_alternative<ByDistance>(law_) || is_graph(law_);
  if (allowed && visits_once) {
    throw UserError(to_string(*this), "this rule visits each pair once and cannot make multiple connections",
                    "leave .multiple(true) out, or use fixed_outdegree, fixed_indegree or fixed_total");
  }
  Rule changed = *this;
  changed.multiple_ = allowed;
  return changed;
}

const PairList* Rule::pairs() const {
  const auto* list = std::get_if<List>(&law_);
  return list == nullptr ? nullptr : list->pairs.get();
}

std::string Rule::law() const {
  std::string text = std::visit(Sentence{multiple_}, law_);
  if (self_ && !self_by_default(law_)) text += ", and to itself";
  if (!self_ && self_by_default(law_)) {
    text += pairs() != nullptr ? "; no self-connections" : "; self-connections are left out beforehand";
  }
  return text;
}

std::size_t Rule::hash() const {
  base::Hasher hasher;
  hasher.add(std::uint64_t{law_.index()}).add(self_).add(multiple_);
  std::visit(Fields{hasher}, law_);
  return static_cast<std::size_t>(hasher.digest().low);
}

std::string to_string(const Rule& rule) {
  std::string text = std::visit(Call{}, rule.what());
  if (rule.allows_self() != self_by_default(rule.what())) {
    text += rule.allows_self() ? ".self_connections(true)" : ".self_connections(false)";
  }
  if (rule.allows_multiple()) text += ".multiple(true)";
  return text;
}

std::ostream& operator<<(std::ostream& out, const Rule& rule) { return out << to_string(rule); }

Rule bernoulli(double p) { return Rule(Rule::Bernoulli{checked_probability(p, "bernoulli", "the probability")}); }
Rule fixed_outdegree(std::int64_t k) {
  return Rule(Rule::FixedOutdegree{checked_count(k, "fixed_outdegree", "the number of targets")});
}
Rule fixed_outdegree_fraction(double p) {
  return Rule(Rule::FixedOutdegreeFraction{checked_probability(p, "fixed_outdegree_fraction", "the fraction of targets")});
}
Rule fixed_indegree(std::int64_t k) {
  return Rule(Rule::FixedIndegree{checked_count(k, "fixed_indegree", "the number of sources")});
}
Rule fixed_indegree_fraction(double p) {
  return Rule(Rule::FixedIndegreeFraction{checked_probability(p, "fixed_indegree_fraction", "the fraction of sources")});
}
Rule fixed_total(std::int64_t n) {
  return Rule(Rule::FixedTotal{checked_count(n, "fixed_total", "the number of connections")});
}
Rule one_to_one() { return Rule(Rule::OneToOne{}); }
Rule all_to_all() { return Rule(Rule::AllToAll{}); }

Rule explicit_list(PairList pairs) {
  check_list(pairs);
  return Rule(Rule::List{std::make_shared<const PairList>(std::move(pairs))});
}
Rule explicit_list(std::vector<std::uint32_t> pre, std::vector<std::uint32_t> post, std::vector<double> weight,
                   std::vector<double> delay) {
  PairList pairs;
  pairs.pre = std::move(pre);
  pairs.post = std::move(post);
  pairs.weight = std::move(weight);
  pairs.delay = std::move(delay);
  return explicit_list(std::move(pairs));
}

}  // namespace ranvier
