#include "codegen/ahead.hpp"

#include <algorithm>
#include <unordered_map>

#include "codegen/schedule.hpp"

namespace ranvier::codegen {
namespace {

using ir::NodeId;

// Operations. Of a shorter kernel a processor sees several vectors by itself; in a longer one the beginning is not what
// matters (Runge-Kutta 4 of COBA-HH, 700 operations, was 2% slower by it; exponential Euler, 240, is 8% faster).
constexpr std::size_t fewest = 100, most = 400;
constexpr std::size_t most_links = 4;
constexpr int cycles_a_link =
    15;  ///< by which the rest must be shorter for one more: it holds a register all the time; measured on Zen 5

/// The nodes by their places in the order, and how long the chains through them are.
class Chains {
 public:
  Chains(const ir::Kernel& kernel, std::span<const NodeId> order)
      : g_(kernel.graph), order_(order), items_(order.size()) {
    for (std::size_t k = 0; k < order.size(); ++k) place_[order[k]] = k;
    for (const auto& array : kernel.arrays) want(array.store);
    for (const auto& event : kernel.events) want(event.mask);
    for (std::size_t k = 0; k < order.size(); ++k) {
      auto& item = items_[k];
      for (int a = 0; a < arity(k); ++a) {
        const std::size_t operand = place_.at(g_[order[k]].arg[a]);
        item.operands.push_back(operand);
        items_[operand].users.push_back(k);
        item.depth = std::max(item.depth, items_[operand].depth);
      }
      item.depth += latency(g_[order[k]].op);
      longest_ = std::max(longest_, item.depth);
      operations_ += arity(k) > 0;
    }
    for (std::size_t k = order.size(); k-- > 0;) {
      for (const auto user : items_[k].users)
        items_[k].rest = std::max(items_[k].rest, latency(g_[order[user]].op) + items_[user].rest);
    }
  }

  /// The values that lead out of a beginning of the longest chain: few of them, and as far along it as its middle. Or
  /// none.
  [[nodiscard]] std::vector<std::size_t> links() const {
    std::vector<std::size_t> best;
    if (operations_ < fewest || operations_ > most) return best;
    int best_gain = 0;
    for (std::size_t k = 0; k < order_.size(); ++k) {
      const auto& item = items_[k];
      const bool on_chain = 10 * (item.depth + item.rest) >= 9 * longest_;
      if (!on_chain || 4 * item.depth < longest_ || 2 * item.depth > longest_) continue;
      auto ways = ways_out(k);
      const int gain = item.depth - cycles_a_link * static_cast<int>(ways.size());
      if (ways.size() > most_links || gain <= best_gain) continue;
      best_gain = gain;
      best = std::move(ways);
    }
    return best;
  }

  /// What `from` needs, operands first; `known` and what only these need are left out.
  [[nodiscard]] std::vector<NodeId> below(std::vector<std::size_t> from, std::span<const std::size_t> known) const {
    const auto marked = reached(std::move(from), known);
    std::vector<NodeId> out;
    for (std::size_t k = 0; k < order_.size(); ++k) {
      if (marked[k]) out.push_back(order_[k]);
    }
    return out;
  }

  [[nodiscard]] const std::vector<std::size_t>& wanted() const { return wanted_; }

 private:
  struct Item {
    std::vector<std::size_t> operands, users;
    int depth = 0, rest = 0;  ///< cycles of the longest chain that ends with it, and of the longest one after it
  };

  [[nodiscard]] int arity(std::size_t k) const { return ir::op_info(g_[order_[k]].op).arity; }
  void want(NodeId id) {
    if (id != ir::no_node) wanted_.push_back(place_.at(id));
  }

  [[nodiscard]] std::vector<bool> reached(std::vector<std::size_t> open, std::span<const std::size_t> known) const {
    std::vector<bool> marked(order_.size());
    while (!open.empty()) {
      const std::size_t k = open.back();
      open.pop_back();
      if (marked[k] || std::find(known.begin(), known.end(), k) != known.end()) continue;
      marked[k] = true;
      open.insert(open.end(), items_[k].operands.begin(), items_[k].operands.end());
    }
    return marked;
  }

  /// A leaf, or one operation on leaves: it is done twice rather than kept.
  [[nodiscard]] bool cheap(std::size_t k) const {
    return std::all_of(items_[k].operands.begin(), items_[k].operands.end(),
                       [&](std::size_t operand) { return arity(operand) == 0; });
  }

  /// What of that which k needs, k included, is wanted by something else.
  [[nodiscard]] std::vector<std::size_t> ways_out(std::size_t k) const {
    const auto inside = reached({k}, {});
    std::vector<std::size_t> out;
    for (std::size_t n = 0; n < k; ++n) {
      if (!inside[n] || cheap(n)) continue;
      const auto& users = items_[n].users;
      const bool leads = std::any_of(users.begin(), users.end(), [&](std::size_t user) { return !inside[user]; });
      if (leads || std::find(wanted_.begin(), wanted_.end(), n) != wanted_.end()) out.push_back(n);
    }
    out.push_back(k);
    return out;
  }

  const ir::Graph& g_;
  std::span<const NodeId> order_;
  std::vector<Item> items_;
  std::unordered_map<NodeId, std::size_t> place_;
  std::vector<std::size_t> wanted_;  ///< what is stored
  std::size_t operations_ = 0;
  int longest_ = 0;
};

}  // namespace

Halves split(const ir::Kernel& kernel, std::span<const NodeId> order) {
  Halves halves{{}, {}, {order.begin(), order.end()}};
  if (order.size() > longest_order) return halves;
  const Chains chains(kernel, order);
  const auto links = chains.links();
  if (links.empty()) return halves;
  for (const auto k : links) halves.links.push_back(order[k]);
  halves.ahead = chains.below(links, {});
  halves.here = chains.below(chains.wanted(), links);
  return halves;
}

}  // namespace ranvier::codegen
