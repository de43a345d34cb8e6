// Removable singularities: a product that holds exp(u) - 1 on one side of the fraction bar and a uniform multiple of u on the
// other. exp(u) - 1 becomes exprel(u) and the multiple of u becomes its ratio to u, each in its place; everything else stays as
// it was written, so that equal equations give equal results however their nodes are numbered.
#include <cmath>
#include <optional>

#include "ir/laurent.hpp"
#include "ir/passes.hpp"
#include "ir/rebuild.hpp"

namespace ranvier::ir {

namespace {

constexpr std::size_t most_factors = 64;

/// A place in the tree of products, quotients and negations below a node: parents stand before their operands.
struct Place {
  NodeId node = no_node;
  std::size_t parent = 0;
  int operand = 0;
  bool inverted = false;  ///< below the fraction bar
  bool is_factor = true;  ///< a leaf of the tree
};

bool is_reciprocal(const Graph& g, const Node& node) { return node.op == Op::pow && g.is_literal(node.arg[1], -1.0); }

std::vector<Place> product_tree(const Graph& g, NodeId root) {
  std::vector<Place> tree{{root}};
  for (std::size_t at = 0; at < tree.size() && tree.size() < most_factors; ++at) {
    const Node& node = g[tree[at].node];
    const bool inverted = tree[at].inverted;
    const auto open = [&](int operand, bool flipped) {
      tree[at].is_factor = false;
      tree.push_back({node.arg[operand], at, operand, inverted != flipped});
    };
    if (node.op == Op::mul || node.op == Op::div) {
      open(0, false);
      open(1, node.op == Op::div);
    } else if (node.op == Op::neg) {
      open(0, false);
    } else if (is_reciprocal(g, node)) {
      open(0, true);
    }
  }
  return tree;
}

/// scale * (exp(argument) - 1)
struct Excess {
  NodeId argument = no_node;
  double scale = 1;
};

class Recogniser {
 public:
  explicit Recogniser(Graph& g) : g_(g) {}

  /// True if the node is a product with an unmatched exp(u) - 1 in it: only those are worth a closer look.
  [[nodiscard]] bool pending(NodeId id) {
    if (const auto it = pending_.find(id); it != pending_.end()) return it->second;
    const Node node = g_[id];
    bool found = false;
    if (node.op == Op::mul || node.op == Op::div) {
      found = known(node.arg[0]) || known(node.arg[1]);
    } else if (node.op == Op::neg || is_reciprocal(g_, node)) {
      found = known(node.arg[0]);
    } else {
      found = excess(id).has_value();
    }
    pending_[id] = found;
    return found;
  }

  NodeId rewritten(NodeId id) {
    for (int round = 0; round < 8 && pending(id); ++round) {  // a product may hold several
      const NodeId next = once(id);
      if (next == id) break;
      id = next;
      settle(id);
    }
    return id;
  }

 private:
  bool known(NodeId id) const {
    const auto it = pending_.find(id);
    return it != pending_.end() && it->second;
  }

  /// pending() of the new nodes below `root`, operands first, as the pass itself does for the old ones.
  void settle(NodeId root) {
    const auto seen = [this](NodeId id) { return pending_.contains(id); };
    for (const NodeId id : reachable(g_, std::span(&root, 1), seen)) (void)pending(id);
  }

  /// coefficient * exp(argument) if the term is that; 1/exp(x) counts as exp(-x).
  std::optional<Excess> exponential(NodeId term) {
    std::optional<Excess> found;
    double up = 1, down = 1;
    for (const Place& place : product_tree(g_, term)) {
      const Node node = g_[place.node];
      if (node.op == Op::neg) up = -up;
      if (!place.is_factor) continue;
      if (node.op == Op::literal) {
        (place.inverted ? down : up) *= g_.literal_value(place.node);
      } else if (node.op == Op::exp && !found) {
        found = Excess{place.inverted ? g_.neg(node.arg[0]) : node.arg[0], 1};
      } else {
        return std::nullopt;
      }
    }
    if (found) found->scale = up / down;
    return found;
  }

  std::optional<Excess> excess(NodeId id) {
    const Node node = g_[id];
    if (node.op == Op::expm1) return Excess{node.arg[0], 1};
    if (node.op != Op::add && node.op != Op::sub) return std::nullopt;
    for (int k = 0; k < 2; ++k) {
      if (g_[node.arg[1 - k]].op != Op::literal) continue;
      double constant = g_.literal_value(node.arg[1 - k]);
      if (node.op == Op::sub && k == 0) constant = -constant;
      auto found = exponential(node.arg[k]);
      if (!found) return std::nullopt;
      if (node.op == Op::sub && k == 1) found->scale = -found->scale;
      if (found->scale == -constant && constant != 0 && std::isfinite(constant)) return found;
    }
    return std::nullopt;
  }

  NodeId once(NodeId id) {
    const std::vector<Place> tree = product_tree(g_, id);
    for (std::size_t at = 0; at < tree.size(); ++at) {
      if (!tree[at].is_factor) continue;
      const auto found = excess(tree[at].node);
      if (!found) continue;
      std::vector<NodeId> replaced(tree.size(), no_node);
      if (!match(tree, at, *found, replaced)) continue;
      replaced[at] = g_.make(Op::exprel, found->argument);
      return rebuilt(tree, replaced);
    }
    return id;
  }

  /// Finds the factors of the argument across the fraction bar and notes the ratio of each pair in `replaced`. What the argument
  /// has besides (numbers, uniform factors) and the scale go to one of them: with u = (A/B) * prod(t) * (p/q) and partners
  /// n = m*t, n/(scale*(exp(u) - 1)) is m * (B/(scale*A)) * (q/p) / exprel(u), and (exp(u) - 1)*scale/n is the same upside down.
  bool match(const std::vector<Place>& tree, std::size_t at, const Excess& found, std::vector<NodeId>& replaced) {
    double up = 1, down = found.scale;
    NodeId correction = g_.literal(1);
    std::size_t carrier = tree.size();
    for (const Place& wanted : product_tree(g_, found.argument)) {
      const Node node = g_[wanted.node];
      if (node.op == Op::neg) up = -up;
      if (!wanted.is_factor) continue;
      if (node.op == Op::literal) {
        (wanted.inverted ? up : down) *= g_.literal_value(wanted.node);
        continue;
      }
      const std::size_t partner = find(tree, wanted.node, at, tree[at].inverted == wanted.inverted, replaced);
      if (partner < tree.size()) {
        if (!wanted.inverted) carrier = std::min(carrier, partner);
      } else if (node.uniform) {
        correction = wanted.inverted ? g_.mul(correction, wanted.node) : g_.div(correction, wanted.node);
      } else {
        return false;
      }
    }
    const double number = up / down;
    if (carrier == tree.size() || !std::isfinite(number) || number == 0) return false;
    replaced[carrier] = g_.mul(replaced[carrier], g_.mul(g_.literal(number), correction));
    return true;
  }

  /// A factor on the given side of the bar that is a uniform multiple of `wanted`; its ratio is noted in `replaced`.
  std::size_t find(const std::vector<Place>& tree, NodeId wanted, std::size_t except, bool below, std::vector<NodeId>& replaced) {
    for (std::size_t k = 0; k < tree.size(); ++k) {
      if (k == except || !tree[k].is_factor || tree[k].inverted != below || replaced[k] != no_node) continue;
      if (g_[tree[k].node].op == Op::literal) continue;
      const auto ratio = uniform_ratio(g_, tree[k].node, wanted);
      if (!ratio) continue;
      replaced[k] = node_of(*ratio);
      return k;
    }
    return tree.size();
  }

  NodeId node_of(const Monomial& m) {
    NodeId result = g_.literal(m.coefficient);
    for (const auto& [atom, exponent] : m.powers) {
      for (int k = 0; k < std::abs(exponent); ++k) result = exponent > 0 ? g_.mul(result, atom) : g_.div(result, atom);
    }
    return result;
  }

  NodeId rebuilt(const std::vector<Place>& tree, const std::vector<NodeId>& replaced) {
    std::vector<std::array<NodeId, 3>> arg(tree.size());
    for (std::size_t k = 0; k < tree.size(); ++k) arg[k] = g_[tree[k].node].arg;
    NodeId made = no_node;
    for (std::size_t k = tree.size(); k-- > 0;) {
      const Op op = g_[tree[k].node].op;
      if (tree[k].is_factor) {
        made = replaced[k] != no_node ? replaced[k] : tree[k].node;
      } else if (is_reciprocal(g_, g_[tree[k].node])) {
        made = g_.div(g_.literal(1), arg[k][0]);
      } else {
        made = g_.make(op, arg[k][0], arg[k][1]);
      }
      if (k > 0) arg[tree[k].parent][static_cast<std::size_t>(tree[k].operand)] = made;
    }
    return made;
  }

  Graph& g_;
  std::unordered_map<NodeId, bool> pending_;  ///< of the nodes looked at
};

}  // namespace

std::vector<NodeId> recognise_singularities(Graph& g, std::span<const NodeId> roots) {
  Recogniser recogniser(g);
  NodeMap done(roots);
  for (const NodeId id : topological(g, roots)) {
    const NodeId same = rebuild(g, g, id, done);
    done[id] = recogniser.pending(same) ? recogniser.rewritten(same) : same;
  }
  return done.of(roots);
}

}  // namespace ranvier::ir
