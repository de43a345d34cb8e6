// h f exprel(h s), the step of the exponential methods, waits for a division after the exponential. As f/s expm1(h s)
// it is done beside it.
#include <algorithm>

#include "ir/passes.hpp"
#include "ir/rebuild.hpp"

namespace ranvier::ir {

namespace {

constexpr std::size_t most_factors = 16;
constexpr double tiny = 1e-18;  ///< expm1(h tiny)/tiny is h to the last digit

class Divider {
 public:
  Divider(Graph& g, std::span<const NodeId> roots)
      : g_(g), order_(topological(g, roots)), users_(width(roots), 0), inner_(width(roots), false) {
    for (const NodeId root : roots) ++users_[root];
    for (const NodeId id : order_) {
      for (int k = 0; k < op_info(g[id].op).arity; ++k) ++users_[g[id].arg[k]];
    }
    for (const NodeId id : order_) {
      if (g[id].op != Op::mul) continue;
      for (int k = 0; k < 2; ++k) {
        const NodeId operand = g[id].arg[k];
        if (g[operand].op == Op::mul && users_[operand] == 1) inner_[operand] = true;
      }
    }
  }

  [[nodiscard]] const std::vector<NodeId>& order() const { return order_; }

  /// The node with its operands rewritten, and the division moved if it is a whole product with an exprel in it.
  NodeId rewritten(NodeId id, const NodeMap& done) {
    if (g_[id].op != Op::mul || inner_[id] || g_[id].uniform) return rebuild(g_, g_, id, done);
    auto factors = factors_of(id);
    const auto found = std::find_if(factors.begin(), factors.end(), [&](NodeId f) {
      return g_[f].op == Op::exprel && !g_[f].uniform && users_[f] == 1;
    });
    if (found == factors.end()) return rebuild(g_, g_, id, done);
    NodeId s = g_[*found].arg[0], h = no_node;
    factors.erase(found);
    for (int k = 0; k < 2 && h == no_node && g_[s].op == Op::mul; ++k) {
      const NodeId scale = g_[s].arg[k];
      const auto same = std::find(factors.begin(), factors.end(), scale);
      if (!g_[scale].uniform || same == factors.end()) continue;
      h = scale;
      s = g_[s].arg[1 - k];
      factors.erase(same);
    }
    return step(h, s, factors, done);
  }

 private:
  std::vector<NodeId> factors_of(NodeId id) const {
    std::vector<NodeId> open{id}, factors;
    while (!open.empty()) {
      const NodeId at = open.back();
      open.pop_back();
      const bool product = at == id || (inner_[at] && open.size() + factors.size() < most_factors);
      if (!product) {
        factors.push_back(at);
        continue;
      }
      open.push_back(g_[at].arg[1]);
      open.push_back(g_[at].arg[0]);
    }
    return factors;
  }

  NodeId step(NodeId h, NodeId s, const std::vector<NodeId>& factors, const NodeMap& done) {
    NodeId rest = factors.empty() ? g_.literal(1) : done[factors[0]];
    for (std::size_t k = 1; k < factors.size(); ++k) rest = g_.mul(rest, done[factors[k]]);
    const NodeId slope = done[s], bound = g_.literal(tiny);
    const NodeId away = g_.select(g_.make(Op::lt, g_.make(Op::abs, slope), bound), bound, slope);
    return g_.mul(g_.div(rest, away), g_.make(Op::expm1, h == no_node ? away : g_.mul(done[h], away)));
  }

  Graph& g_;
  std::vector<NodeId> order_;
  Paged<std::uint32_t> users_;
  Paged<bool> inner_;  ///< products that one product alone uses
};

}  // namespace

std::vector<NodeId> divide_early(Graph& g, std::span<const NodeId> roots) {
  Divider divider(g, roots);
  NodeMap done(roots);
  for (const NodeId id : divider.order()) done[id] = divider.rewritten(id, done);
  return done.of(roots);
}

}  // namespace ranvier::ir
