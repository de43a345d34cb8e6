// Tools that the passes share: the nodes below some roots, and a node made again with rewritten operands. All iterative.
//
//   NodeMap done(roots);
//   for (NodeId id : topological(g, roots)) done[id] = rebuild(g, g, id, done);   // the identity pass
//   return done.of(roots);
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ir/graph.hpp"
#include "ir/passes.hpp"

namespace ranvier::ir {

/// One more than the largest root: operands have smaller numbers than their users, so nothing below lies beyond.
[[nodiscard]] inline std::size_t width(std::span<const NodeId> roots) {
  std::size_t most = 0;
  for (const NodeId root : roots) most = std::max<std::size_t>(most, std::size_t{root} + 1);
  return most;
}

/// One value for each node of a graph, `otherwise` where none was set. In pages that are made when they are touched,
/// and lists of pages that are, too: an equation among thousands costs what it has, not what the graph has.
template <class T>
class Paged {
 public:
  Paged(std::size_t width, T otherwise) : otherwise_(otherwise), lists_((width + page * pages - 1) / (page * pages)) {}
  T& operator[](NodeId id) {
    auto& list = lists_[id / (page * pages)];
    if (!list) list = std::make_unique<List>();
    auto& p = (*list)[id / page % pages];
    if (!p) {
      p = std::make_unique_for_overwrite<T[]>(page);
      std::fill_n(p.get(), page, otherwise_);
    }
    return p[id % page];
  }
  T operator[](NodeId id) const {
    const auto& list = lists_[id / (page * pages)];
    const auto* p = list ? (*list)[id / page % pages].get() : nullptr;
    return p ? p[id % page] : otherwise_;
  }

 private:
  static constexpr std::size_t page = 128, pages = 64;
  using List = std::array<std::unique_ptr<T[]>, pages>;
  T otherwise_;
  std::vector<std::unique_ptr<List>> lists_;
};

/// The nodes below the roots, operands first; the operands of a node for which `stop` holds are not followed.
template <class Stop>
[[nodiscard]] std::vector<NodeId> reachable(const Graph& g, std::span<const NodeId> roots, Stop stop) {
  Paged<bool> marked(width(roots), false);
  std::vector<NodeId> open, order;
  const auto visit = [&](NodeId id) {
    if (std::exchange(marked[id], true)) return;
    open.push_back(id);
  };
  for (const NodeId root : roots) visit(root);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    order.push_back(id);
    if (stop(id)) continue;
    for (int k = 0; k < op_info(g[id].op).arity; ++k) visit(g[id].arg[k]);
  }
  std::sort(order.begin(), order.end());
  return order;
}

/// New ids by old id.
class NodeMap {
 public:
  explicit NodeMap(std::span<const NodeId> roots) : id_(width(roots), no_node) {}
  NodeId& operator[](NodeId id) { return id_[id]; }
  NodeId operator[](NodeId id) const { return id_[id]; }
  [[nodiscard]] std::vector<NodeId> of(std::span<const NodeId> roots) const {
    std::vector<NodeId> result;
    result.reserve(roots.size());
    for (const NodeId root : roots) result.push_back((*this)[root]);
    return result;
  }

 private:
  Paged<NodeId> id_;
};

/// The node `id` of `from` made in `to` with the operands' new ids. Within one graph a node whose operands stay is
/// itself.
[[nodiscard]] inline NodeId rebuild(Graph& to, const Graph& from, NodeId id, const NodeMap& done) {
  const Node node = from[id];  // a copy: `to` may be `from`, whose nodes move as it grows
  if (&to == &from) {
    bool same = true;
    for (int k = 0; k < op_info(node.op).arity; ++k) same = same && done[node.arg[k]] == node.arg[k];
    if (same) return id;
  }
  if (node.op == Op::symbol) {
    const Symbol symbol = from.symbol_of(id);
    return to.symbol(symbol.name, symbol.rate, symbol.type);
  }
  if (node.op == Op::literal) {
    if (node.type == Type::boolean) return to.boolean(node.payload != 0);
    if (node.type == Type::integer) return to.integer(static_cast<std::int64_t>(node.payload));
    return to.literal(from.literal_value(id));
  }
  std::array<NodeId, 3> arg{no_node, no_node, no_node};
  for (int k = 0; k < op_info(node.op).arity; ++k) arg[k] = done[node.arg[k]];
  return to.make(node.op, arg[0], arg[1], arg[2], node.payload);
}

/// structural_hash() of every node below the roots, by id.
[[nodiscard]] std::vector<std::uint64_t> structural_hashes(const Graph& g, std::span<const NodeId> roots,
                                                           const Label& label);

}  // namespace ranvier::ir
