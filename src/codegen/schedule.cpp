#include "codegen/schedule.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace ranvier::codegen {
namespace {

using ir::NodeId;
using ir::Op;

constexpr int most_alive =
    8;  ///< values between their operation and their last use; measured on Zen 3 and Zen 5, flat from 6 to 14

enum Unit { products, sums, units, none = units };

Unit unit_of(Op op) {
  if (latency(op) == 0) return none;
  const bool product = op == Op::fma || op == Op::mul || op == Op::div || op == Op::sqrt || op == Op::select;
  return product ? products : sums;
}

class Scheduler {
 public:
  Scheduler(const ir::Graph& graph, std::span<const NodeId> order) : g_(graph), order_(order), items_(order.size()) {
    for (std::size_t k = 0; k < order.size(); ++k) place_[order[k]] = k;
    for (std::size_t k = 0; k < order.size(); ++k) connect(k);
    for (std::size_t k = order.size(); k-- > 0;) {
      auto& item = items_[k];
      item.height = latency(op(k));
      for (const auto user : item.users) item.height = std::max(item.height, latency(op(k)) + items_[user].height);
    }
  }

  std::vector<NodeId> run() {
    for (std::size_t k = 0; k < items_.size(); ++k) {
      if (!is_leaf(k) && items_[k].waiting == 0) ready_.push_back(k);
    }
    for (int cycle = 0; !ready_.empty(); ++cycle) {
      bool busy[units + 1] = {};
      for (std::size_t k = choose(cycle, busy); k != nothing; k = choose(cycle, busy)) {
        const Unit unit = unit_of(op(k));
        if (unit != none) busy[unit] = true;
        start(k, cycle);
      }
    }
    for (std::size_t k = 0; k < items_.size(); ++k) write(k);  // leaves that are roots themselves
    return std::move(out_);
  }

 private:
  static constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();
  struct Item {
    std::vector<std::size_t> operands, users;  ///< each once; operands without leaves
    std::vector<std::size_t> leaves;
    int height = 0;   ///< cycles from here to the end of the longest chain
    int waiting = 0;  ///< operands not yet started
    int unread = 0;   ///< users not yet started
    int at = 0;       ///< first cycle in which all operands are known
    bool written = false;
  };

  [[nodiscard]] Op op(std::size_t k) const { return g_[order_[k]].op; }
  [[nodiscard]] bool is_leaf(std::size_t k) const { return op(k) == Op::literal || op(k) == Op::symbol; }

  void connect(std::size_t k) {
    auto& item = items_[k];
    const auto& node = g_[order_[k]];
    for (int a = 0; a < ir::op_info(node.op).arity; ++a) {
      const auto found = place_.find(node.arg[a]);
      if (found == place_.end()) continue;
      const auto operand = found->second;
      auto& list = is_leaf(operand) ? item.leaves : item.operands;
      if (std::find(list.begin(), list.end(), operand) != list.end()) continue;
      list.push_back(operand);
      if (is_leaf(operand)) continue;
      items_[operand].users.push_back(k);
      ++items_[operand].unread;
      ++item.waiting;
    }
  }

  /// By how much the number of live values grows if k starts.
  [[nodiscard]] int growth(std::size_t k) const {
    int change = items_[k].users.empty() ? 0 : 1;
    for (const auto operand : items_[k].operands) change -= items_[operand].unread == 1;
    return change;
  }

  /// The operation to start next in this cycle; `nothing` ends the cycle.
  [[nodiscard]] std::size_t choose(int cycle, const bool* busy) const {
    const bool full = alive_ >= most_alive;
    std::size_t best = nothing;
    bool relief_comes = false;  // an operation that frees a value waits for its operands
    const auto better = [&](std::size_t a, std::size_t b) {
      if (b == nothing) return true;
      const int ga = full ? std::max(growth(a), 0) : 0, gb = full ? std::max(growth(b), 0) : 0;
      if (ga != gb) return ga < gb;
      return items_[a].height != items_[b].height ? items_[a].height > items_[b].height : a < b;
    };
    for (const auto k : ready_) {
      if (items_[k].at > cycle) {
        relief_comes = relief_comes || growth(k) <= 0;
      } else if (!busy[unit_of(op(k))] && better(k, best)) {
        best = k;
      }
    }
    return best != nothing && full && growth(best) > 0 && relief_comes ? nothing : best;
  }

  void start(std::size_t k, int cycle) {
    ready_.erase(std::find(ready_.begin(), ready_.end(), k));
    alive_ += growth(k);
    for (const auto operand : items_[k].operands) --items_[operand].unread;
    for (const auto leaf : items_[k].leaves) write(leaf);
    write(k);
    for (const auto user : items_[k].users) {
      items_[user].at = std::max(items_[user].at, cycle + latency(op(k)));
      if (--items_[user].waiting == 0) ready_.push_back(user);
    }
  }

  void write(std::size_t k) {
    if (items_[k].written) return;
    items_[k].written = true;
    out_.push_back(order_[k]);
  }

  const ir::Graph& g_;
  std::span<const NodeId> order_;
  std::vector<Item> items_;
  std::unordered_map<NodeId, std::size_t> place_;
  std::vector<std::size_t> ready_;
  std::vector<NodeId> out_;
  int alive_ = 0;
};

}  // namespace

int latency(Op op) {
  switch (op) {
    case Op::div:
      return 11;
    case Op::sqrt:
      return 15;
    case Op::fma:
      return 4;
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::real_of_int:
    case Op::imul:
    case Op::mulhi32:
    case Op::mullo32:
      return 3;
    case Op::literal:
    case Op::symbol:
    case Op::bits_of:
    case Op::real_of_bits:
    case Op::neg:
      return 0;
    default:
      return 1;
  }
}

std::vector<NodeId> schedule(const ir::Graph& graph, std::span<const NodeId> order) {
  if (order.size() > longest_order) return {order.begin(), order.end()};
  return Scheduler(graph, order).run();
}

}  // namespace ranvier::codegen
