// What a rule cannot do between two given ends, said before anything is drawn.
#include <algorithm>
#include <limits>
#include <string>

#include "connect/pairs.hpp"
#include "connect/space.hpp"
#include "connect/text.hpp"

namespace ranvier::connect {
namespace {

std::string neurons(std::uint64_t n) { return number(n) + (n == 1 ? " neuron" : " neurons"); }

class Validator {
 public:
  Validator(const Rule& rule, const Ends& ends, std::string_view where, const RowOptions& options)
      : rule_(rule), ends_(ends), options_(options), where_(where) {
    if (!where_.empty()) where_ += ", ";
    where_ += to_string(rule);
  }

  void run() const {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    if (ends_.n_pre > most || ends_.n_post > most) {
      throw UnsupportedError(where_, "a view of " + neurons(std::max(ends_.n_pre, ends_.n_post)) + " is too large",
                             "ids have 32 bits; split the population");
    }
    std::visit([this](const auto& law) { check(law); }, rule_.what());
  }

 private:
  [[noreturn]] void fail(std::string problem, std::string remedy) const {
    throw UserError(where_, std::move(problem), std::move(remedy));
  }
  [[nodiscard]] bool some_self() const { return !rule_.allows_self() && self_pairs(ends_, 0, ends_.n_pre) > 0; }

  /// `k` draws for each neuron of one end from the `size` neurons of the other.
  void check_degree(std::uint64_t k, std::uint64_t size, const char* each, const char* side) const {
    const std::uint64_t candidates = size - (some_self() && size > 0);
    if (k == 0 || k <= candidates || (rule_.allows_multiple() && candidates > 0)) return;
    const std::string others = candidates < size ? ", " + number(candidates) + " without itself" : "";
    fail("k = " + number(k) + " for each " + each + ", but the " + side + " view has " + neurons(size) + others,
         candidates == 0 ? "use k = 0" : "choose k <= " + number(candidates) + ", or allow repeated pairs with .multiple(true)");
  }
  void check(const Rule::Bernoulli&) const {}
  void check(const Rule::AllToAll&) const {}
  void check(const Rule::FixedOutdegree& law) const {
    if (ends_.n_pre > 0) check_degree(law.k, ends_.n_post, "source", "target");
  }
  void check(const Rule::FixedOutdegreeFraction& law) const { check(Rule::FixedOutdegree{fraction_of(ends_.n_post, law.p)}); }
  void check(const Rule::FixedIndegree& law) const {
    if (ends_.n_post > 0) check_degree(law.k, ends_.n_pre, "target", "source");
  }
  void check(const Rule::FixedIndegreeFraction& law) const { check(Rule::FixedIndegree{fraction_of(ends_.n_pre, law.p)}); }
  void check(const Rule::FixedTotal& law) const {
    const std::uint64_t pairs = candidate_pairs(rule_, ends_, 0, ends_.n_pre);
    if (law.n == 0 || law.n <= pairs || (rule_.allows_multiple() && pairs > 0)) return;
    fail("n = " + number(law.n) + " connections, but there are only " + number(pairs) + " pairs (" + number(ends_.n_pre) +
             " sources, " + number(ends_.n_post) + " targets" + (some_self() ? ", none to itself)" : ")"),
         pairs == 0 ? "use n = 0" : "choose n <= " + number(pairs) + ", or allow repeated pairs with .multiple(true)");
  }
  void check(const Rule::OneToOne&) const {
    if (ends_.n_pre != ends_.n_post) {
      fail("the source view has " + neurons(ends_.n_pre) + " and the target view " + neurons(ends_.n_post),
           "one_to_one needs views of one size");
    }
    if (some_self() && ends_.shift == 0) {
      fail("source and target are the same neurons, so that without self-connections nothing is left",
           "leave .self_connections(false) out, or connect other neurons");
    }
  }
  void check(const Rule::Grid& law) const {
    if (law.shape.empty()) {
      require_space(ends_, where_, "a neighbourhood on a grid");
      const auto &pre = ends_.pre_points->shape, &post = ends_.post_points->shape;
      if (pre.empty() || post.empty()) {
        fail(std::string("the ") + (pre.empty() ? "source" : "target") + " population is not on a grid",
             "give it positions with grid(), or the rule a shape of its own");
      }
      if (pre != post) fail("source and target population are on grids of different shapes", "use grids of one shape");
      return;
    }
    std::uint64_t size = 1;
    for (const auto n : law.shape) size *= n;
    if (size != ends_.n_pre || size != ends_.n_post) {
      fail("the grid has " + neurons(size) + ", the source view " + number(ends_.n_pre) + " and the target view " + number(ends_.n_post),
           "grid and views must be of one size");
    }
  }
  void check(const Rule::ByDistance&) const { require_space(ends_, where_, "a probability that depends on the distance"); }
  void check_graph(const char* name, std::uint64_t k) const {
    if (ends_.n_pre != ends_.n_post) {
      fail("the source view has " + neurons(ends_.n_pre) + " and the target view " + neurons(ends_.n_post), "a graph needs views of one size");
    }
    if (k >= ends_.n_pre) {
      fail(std::string(name) + " = " + number(k) + " for " + neurons(ends_.n_pre), std::string("choose ") + name + " < " + number(ends_.n_pre));
    }
  }
  void check(const Rule::SmallWorld& law) const { check_graph("k", law.k); }
  void check(const Rule::ScaleFree& law) const {
    check_graph("m", law.m);
    if (2 * law.m * ends_.n_pre > std::numeric_limits<std::uint32_t>::max()) {
      fail(number(law.m) + " edges for each of " + neurons(ends_.n_pre) + " are too many to draw from", "choose a smaller m");
    }
  }
  void check(const Rule::List& law) const {
    const PairList& list = *law.pairs;
    if ((list.n_pre > 0 || list.n_post > 0) && (list.n_pre != ends_.n_pre || list.n_post != ends_.n_post)) {
      fail("the matrix is " + number(list.n_pre) + " x " + number(list.n_post) + ", the source view has " + neurons(ends_.n_pre) +
               " and the target view " + neurons(ends_.n_post), "give one row a source and one column a target");
    }
    check_indices(list.pre, ends_.n_pre, "pre", "source");
    check_indices(list.post, ends_.n_post, "post", "target");
    if (!rule_.allows_self()) check_no_self(list);
    if (!rule_.allows_multiple()) check_distinct(list);
    check_delays(list);
  }

  void check_indices(const std::vector<std::uint32_t>& indices, std::uint64_t size, const char* name, const char* side) const {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] < size) continue;
      fail("entry " + std::to_string(i) + ": " + name + " = " + std::to_string(indices[i]) + " is out of range, the " + side +
               " view has " + neurons(size),
           size == 0 ? "give the view some neurons" : "indices go from 0 to " + number(size - 1));
    }
  }
  void check_no_self(const PairList& list) const {
    for (std::size_t i = 0; i < list.pre.size(); ++i) {
      if (self_target(ends_, list.pre[i]) == list.post[i]) {
        fail("entry " + std::to_string(i) + " connects neuron " + std::to_string(list.pre[i]) + " to itself",
             "take the entry out, or allow it with .self_connections(true)");
      }
    }
  }
  void check_distinct(const PairList& list) const {
    const auto pair = [&](std::size_t i) { return std::uint64_t{list.pre[i]} << 32 | list.post[i]; };
    bool ascending = true;
    for (std::size_t i = 1; i < list.pre.size() && ascending; ++i) ascending = pair(i - 1) < pair(i);
    if (ascending) return;
    std::vector<std::pair<std::uint64_t, std::size_t>> sorted(list.pre.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i] = {pair(i), i};
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice == sorted.end()) return;
    fail("entries " + std::to_string(twice->second) + " and " + std::to_string((twice + 1)->second) + " are the same pair " +
             std::to_string(twice->first >> 32) + " -> " + std::to_string(twice->first & 0xffffffffu),
         "take one out, or allow repeated pairs with .multiple(true)");
  }
  void check_delays(const PairList& list) const {
    if (list.delay.empty()) return;
    if (!(options_.dt > 0)) fail("the time step is " + number(options_.dt) + " ms", "dt must be positive");
    for (std::size_t i = 0; i < list.delay.size(); ++i) {
      const double delay = list.delay[i];
      const std::string entry = "entry " + std::to_string(i) + ": the delay of " + number(delay) + " ms is ";
      if (delay > 0 && delay < options_.dt * (1 - 1e-6)) {
        fail(entry + "shorter than the time step of " + number(options_.dt) + " ms",
             "use delays of at least one step, exactly 0 (which acts in the next step), or a smaller dt");
      }
      if (delay_in_steps(delay, options_.dt) > Rows::longest_delay) {
        fail(entry + "more than 65535 steps of " + number(options_.dt) + " ms", "delays are in ms; check the unit");
      }
    }
  }

  const Rule& rule_;
  const Ends& ends_;
  const RowOptions& options_;
  std::string where_;
};

}  // namespace

void validate(const Rule& rule, const Ends& ends, std::string_view where, const RowOptions& options) {
  Validator(rule, ends, where, options).run();
}

}  // namespace ranvier::connect
