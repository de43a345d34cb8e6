#include "ir/laurent.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace ranvier::ir {

namespace {

using Powers = std::vector<std::pair<NodeId, int>>;
using Polynomial = std::map<Powers, double>;

constexpr double tolerance = 1e-14;
constexpr std::size_t most_terms = 24;
constexpr int most_depth = 40;     // what lies deeper is opaque: the walk below is the one recursion of this folder, and bounded
constexpr int most_visits = 400;

Powers multiplied(const Powers& a, const Powers& b, int sign) {
  Powers out;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->first < j->first)) {
      out.push_back(*i++);
    } else if (i == a.end() || j->first < i->first) {
      out.emplace_back(j->first, sign * j->second);
      ++j;
    } else {
      if (const int sum = i->second + sign * j->second; sum != 0) out.emplace_back(i->first, sum);
      ++i, ++j;
    }
  }
  return out;
}

class NormalForm {
 public:
  explicit NormalForm(const Graph& g) : g_(g) {}

  Polynomial of(NodeId id, int depth = 0) {
    const Node& node = g_[id];
    if (node.op == Op::literal && node.type == Type::real) return constant(g_.literal_value(id));
    if (depth >= most_depth || ++visits_ > most_visits) return opaque(id);
    Polynomial result;
    if (node.op == Op::add || node.op == Op::sub) {
      result = sum(of(node.arg[0], depth + 1), of(node.arg[1], depth + 1), node.op == Op::add ? 1 : -1);
    } else if (node.op == Op::neg) {
      result = sum({}, of(node.arg[0], depth + 1), -1);
    } else if (node.op == Op::mul) {
      result = product(of(node.arg[0], depth + 1), of(node.arg[1], depth + 1), 1);
    } else if (node.op == Op::div) {
      Polynomial divisor = of(node.arg[1], depth + 1);
      if (divisor.size() != 1) divisor = opaque(node.arg[1]);
      result = product(of(node.arg[0], depth + 1), divisor, -1);
    }
    const bool usable = !result.empty() && result.size() <= most_terms &&
                        std::all_of(result.begin(), result.end(), [](const auto& term) { return std::isfinite(term.second); });
    return usable ? result : opaque(id);
  }

 private:
  static Polynomial constant(double value) { return {{Powers{}, value}}; }
  static Polynomial opaque(NodeId id) { return {{Powers{{id, 1}}, 1.0}}; }

  static Polynomial sum(Polynomial a, const Polynomial& b, double sign) {
    for (const auto& [powers, value] : b) {
      const auto [at, fresh] = a.emplace(powers, sign * value);
      if (fresh) continue;
      const double size = std::fabs(at->second) + std::fabs(value);
      at->second += sign * value;
      if (std::fabs(at->second) <= tolerance * size) a.erase(at);
    }
    return a;
  }

  // With sign -1, b is a single term and divides.
  static Polynomial product(const Polynomial& a, const Polynomial& b, int sign) {
    Polynomial out;
    if (a.size() * b.size() > most_terms) return out;
    for (const auto& [p, x] : a) {
      for (const auto& [q, y] : b) out = sum(std::move(out), {{multiplied(p, q, sign), sign > 0 ? x * y : x / y}}, 1);
    }
    return out;
  }

  const Graph& g_;
  int visits_ = 0;
};

bool all_uniform(const Graph& g, const Powers& powers) {
  return std::all_of(powers.begin(), powers.end(), [&g](const auto& power) { return g[power.first].uniform; });
}

/// n == shift * t term by term? The coefficient is that of the smallest ratio among varying terms: they decide the value away
/// from the singular point, and the choice does not depend on how nodes are numbered.
std::optional<Monomial> with_shift(const Graph& g, const Polynomial& n, const Polynomial& t, const Powers& shift) {
  double lowest = 0, highest = 0, chosen = 0;
  bool first = true, chosen_varying = false;
  for (const auto& [powers, value] : t) {
    const auto image = n.find(multiplied(powers, shift, 1));
    if (image == n.end() || value == 0) return std::nullopt;
    const double ratio = image->second / value;
    lowest = first ? ratio : std::min(lowest, ratio);
    highest = first ? ratio : std::max(highest, ratio);
    const bool varying = !all_uniform(g, powers);
    if (first || (varying && !chosen_varying) || (varying == chosen_varying && std::fabs(ratio) < std::fabs(chosen))) {
      chosen = ratio;
      chosen_varying = varying;
    }
    first = false;
  }
  if (!std::isfinite(chosen) || chosen == 0 || highest - lowest > tolerance * std::fabs(chosen)) return std::nullopt;
  return Monomial{chosen, shift};
}

}  // namespace

std::optional<Monomial> uniform_ratio(const Graph& g, NodeId n, NodeId t) {
  if (n == t) return Monomial{};
  const Polynomial of_n = NormalForm(g).of(n), of_t = NormalForm(g).of(t);
  if (of_n.size() != of_t.size()) return std::nullopt;
  for (const auto& [powers, value] : of_n) {
    const Powers shift = multiplied(powers, of_t.begin()->first, -1);
    if (!all_uniform(g, shift) || (g[t].uniform && !shift.empty())) continue;
    if (const auto ratio = with_shift(g, of_n, of_t, shift)) return ratio;
  }
  return std::nullopt;
}

}  // namespace ranvier::ir
