// Which kernels become one. A kernel joins an earlier one of its size if it can move up to it, or the earlier one down,
// over statements that touch none of its arrays. Kernels that share no array gain little by it: only small ones join, so
// that many populations of one size do not become one kernel that takes long to compile.
#include <algorithm>
#include <utility>

#include "program/lower.hpp"

namespace ranvier::program {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::vector<Touch> touches_of(const Statement& statement) {
  std::vector<Touch> t;
  const auto reads = [&](int a) {
    if (a >= 0) t.push_back({a, false});
  };
  const auto writes = [&](int a) { t.push_back({a, true}); };
  std::visit(Overloaded{[&](const KernelStatement& k) {
                          for (const auto& n : k.nodes) {
                            if (n.kind == KernelNode::Kind::load) t.push_back({n.array, false, true, n.offset});
                            if (n.kind == KernelNode::Kind::load_scalar) reads(n.array);
                          }
                          for (const auto& s : k.stores) t.push_back({s.array, true, true, s.offset});
                        },
                        [&](const Propagate& p) { reads(p.source), reads(p.weight_array), writes(p.arrivals); },
                        [&](const Dense& d) { reads(d.source), writes(d.arrivals); },
                        [&](const Product& p) { reads(p.left), reads(p.right), writes(p.target); },
                        [&](const Gather& g) { reads(g.source), reads(g.index_array), writes(g.target); },
                        [&](const Scatter& s) { reads(s.source), reads(s.index_array), writes(s.target); },
                        [&](const Reduce& r) { reads(r.source), writes(r.target); },
                        [&](const SegmentReduce& r) { reads(r.source), writes(r.target); },
                        [&](const RingWrite& r) { reads(r.source), writes(r.ring); },
                        [&](const RingRead& r) { reads(r.ring), writes(r.target); },
                        [&](const RowRead& r) { reads(r.source), reads(r.index), writes(r.target); },
                        [&](const RowWrite& r) { reads(r.source), reads(r.index), writes(r.target); },
                        [&](const Repeat& r) { reads(r.condition); }, [](const End&) {}},
             statement);
  return t;
}

bool is_control(const Item& item) {
  return item.statement &&
         (std::holds_alternative<Repeat>(*item.statement) || std::holds_alternative<End>(*item.statement));
}

bool commute(const Item& a, const Item& b) {
  if (is_control(a) || is_control(b)) return false;
  for (const auto& x : a.touches) {
    for (const auto& y : b.touches) {
      if (x.array == y.array && (x.write || y.write)) return false;
    }
  }
  return true;
}

std::size_t nodes_of(const Item& item) {
  std::size_t count = 0;
  for (const auto* k : item.kernels) count += k->nodes.size();
  return count;
}

/// Whether one of them loads or stores elements that the other one does.
bool share(const Item& a, const Item& b) {
  return std::any_of(a.touches.begin(), a.touches.end(), [&](const Touch& x) {
    return x.elementwise && std::any_of(b.touches.begin(), b.touches.end(),
                                        [&](const Touch& y) { return y.elementwise && x.array == y.array; });
  });
}

/// `later` after `earlier` in one pass over the elements.
bool joins(const Item& earlier, const Item& later) {
  if (earlier.statement || later.statement || earlier.kernels[0]->size != later.kernels[0]->size) return false;
  constexpr std::size_t small = 100;  // nodes
  if (nodes_of(earlier) + nodes_of(later) > small && !share(earlier, later)) return false;
  for (const auto& x : earlier.touches) {
    for (const auto& y : later.touches) {
      if (x.array != y.array || (!x.write && !y.write)) continue;
      if (x.elementwise && y.elementwise && x.offset == y.offset) continue;
      if (!x.write) continue;  // read before anything is written, as it should be
      return false;
    }
  }
  return true;
}

void merge(Item& into, const Item& from) {
  into.kernels.insert(into.kernels.end(), from.kernels.begin(), from.kernels.end());
  into.touches.insert(into.touches.end(), from.touches.begin(), from.touches.end());
}

/// Joins items[k] to an earlier item; true if it did.
bool join(std::vector<Item>& items, std::size_t k) {
  bool up = true;  // items[k] commutes with all between
  for (std::size_t j = k; j-- > 0;) {
    if (is_control(items[j])) return false;
    if (joins(items[j], items[k])) {
      if (up) {
        merge(items[j], items[k]);
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(k));
        return true;
      }
      const bool down = std::all_of(items.begin() + static_cast<std::ptrdiff_t>(j) + 1,
                                    items.begin() + static_cast<std::ptrdiff_t>(k),
                                    [&](const Item& between) { return commute(items[j], between); });
      if (down) {
        merge(items[j], items[k]);
        items[k] = std::move(items[j]);
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(j));
        return true;
      }
    }
    up = up && commute(items[j], items[k]);
  }
  return false;
}

}  // namespace

std::vector<Item> fuse(const Program& program, bool on) {
  std::vector<Item> items;
  for (std::size_t k = 0; k < program.statements.size(); ++k) {
    const auto& s = program.statements[k];
    Item item{&s, {}, k, touches_of(s)};
    if (const auto* kernel = std::get_if<KernelStatement>(&s)) {
      if (kernel->size == 0 || kernel->stores.empty()) continue;
      item.statement = nullptr;
      item.kernels = {kernel};
    }
    items.push_back(std::move(item));
  }
  for (bool changed = on; changed;) {
    changed = false;
    for (std::size_t k = 1; k < items.size(); ++k) {
      if (items[k].statement || !join(items, k)) continue;
      changed = true;
      --k;
    }
  }
  return items;
}

}  // namespace ranvier::program
