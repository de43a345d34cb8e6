#include "codegen/fuse.hpp"

#include <algorithm>

namespace ranvier::codegen {

using ir::NodeId;

namespace {

struct Output {
  std::size_t array;
  NodeId node;        ///< in the expanded graph
  bool scratch;
};

/// Makes a kernel of some outputs of one expansion.
class KernelMaker {
 public:
  KernelMaker(const model::Domain& domain, const ir::Expanded& expanded) : domain_(domain), expanded_(expanded) {}

  void add(DomainKernels& out, const std::string& name, const std::vector<Output>& outputs, NodeId mask) const {
    ir::Kernel k;
    k.name = name;
    k.precision = domain_.precision == Precision::f32 ? ir::Precision::f32 : ir::Precision::f64;
    k.graph = expanded_.graph;
    for (std::size_t i = 0; i < expanded_.scalars.size(); ++i) k.scalars.push_back(k.graph.find_symbol("$" + std::to_string(i)));
    for (const auto& key : expanded_.keys) k.scalars.push_back(k.graph.find_symbol(ir::key_symbol(key.owner, key.word)));
    std::vector<NodeId> roots;
    for (const auto& o : outputs) roots.push_back(o.node);
    if (mask != ir::no_node) {
      roots.push_back(mask);
      k.events.push_back({"spikes", mask});
    }
    const auto used = ir::topological(k.graph, roots);
    std::vector<DomainKernels::Slot> slots;
    for (std::size_t a = 0; a < domain_.arrays.size(); ++a) {
      const auto& array = domain_.arrays[a];
      const auto symbol = k.graph.find_symbol(array.name);
      const bool read = symbol != ir::no_node && std::binary_search(used.begin(), used.end(), symbol);
      const auto written = std::find_if(outputs.begin(), outputs.end(), [&](const auto& o) { return o.array == a && !o.scratch; });
      if (!read && written == outputs.end()) continue;
      ir::KernelArray entry{array.name, array.element, read ? symbol : ir::no_node, ir::no_node, false};
      if (written != outputs.end()) {
        entry.store = written->node;
        entry.check_finite = array.role == model::Role::state;
      }
      k.arrays.push_back(entry);
      slots.push_back({a, false});
    }
    for (const auto& o : outputs) {
      if (!o.scratch) continue;
      k.arrays.push_back({domain_.arrays[o.array].name + "'", domain_.arrays[o.array].element, ir::no_node, o.node, false});
      slots.push_back({o.array, true});
    }
    out.kernels.push_back(std::move(k));
    out.slots.push_back(std::move(slots));
  }

 private:
  const model::Domain& domain_;
  const ir::Expanded& expanded_;
};

/// Copies every written array from its scratch.
void add_commit(const model::Domain& domain, DomainKernels& out) {
  ir::Kernel k;
  k.name = domain.name + ".commit";
  k.precision = domain.precision == Precision::f32 ? ir::Precision::f32 : ir::Precision::f64;
  std::vector<DomainKernels::Slot> slots;
  for (const auto& s : domain.stores) {
    const auto& array = domain.arrays[s.array];
    const auto value = k.graph.symbol(array.name + "'", ir::Rate::varying);
    k.arrays.push_back({array.name + "'", array.element, value, ir::no_node, false});
    slots.push_back({s.array, true});
    k.arrays.push_back({array.name, array.element, ir::no_node, value, array.role == model::Role::state});
    slots.push_back({s.array, false});
  }
  out.kernels.push_back(std::move(k));
  out.slots.push_back(std::move(slots));
}

}  // namespace

DomainKernels fuse(const model::Domain& domain, bool fused) {
  std::vector<NodeId> roots;
  for (const auto& s : domain.stores) roots.push_back(s.value);
  if (domain.spikes != ir::no_node) roots.push_back(domain.spikes);
  DomainKernels out;
  if (roots.empty()) return out;
  const auto precision = domain.precision == Precision::f32 ? ir::Precision::f32 : ir::Precision::f64;
  const auto expanded = ir::expand(*domain.graph, roots, precision, ir::by_position(*domain.graph));
  const KernelMaker maker(domain, expanded);
  const NodeId mask = domain.spikes != ir::no_node ? expanded.roots.back() : ir::no_node;
  out.has_spikes = mask != ir::no_node;
  out.scalars = expanded.scalars;
  out.keys = expanded.keys;
  if (fused) {
    std::vector<Output> outputs;
    for (std::size_t k = 0; k < domain.stores.size(); ++k) outputs.push_back({domain.stores[k].array, expanded.roots[k], false});
    maker.add(out, domain.name, outputs, mask);
    return out;
  }
  for (std::size_t k = 0; k < domain.stores.size(); ++k) {
    maker.add(out, domain.name + "." + domain.arrays[domain.stores[k].array].name,
              {{domain.stores[k].array, expanded.roots[k], true}}, ir::no_node);
  }
  if (out.has_spikes) {
    out.spike_kernel = out.kernels.size();
    maker.add(out, domain.name + ".spikes", {}, mask);
  }
  add_commit(domain, out);
  return out;
}

DomainKernels synchronise(const model::Domain& domain, const std::vector<std::size_t>& arrays) {
  std::vector<NodeId> roots;
  std::vector<std::size_t> shown;
  for (const auto a : arrays) {
    if (domain.arrays[a].recorded == ir::no_node) continue;
    roots.push_back(domain.arrays[a].recorded);
    shown.push_back(a);
  }
  DomainKernels out;
  if (roots.empty()) return out;
  const auto precision = domain.precision == Precision::f32 ? ir::Precision::f32 : ir::Precision::f64;
  const auto expanded = ir::expand(*domain.graph, roots, precision, ir::by_position(*domain.graph));
  out.scalars = expanded.scalars;
  out.keys = expanded.keys;
  std::vector<Output> outputs;
  for (std::size_t k = 0; k < shown.size(); ++k) outputs.push_back({shown[k], expanded.roots[k], true});
  KernelMaker(domain, expanded).add(out, domain.name + ".recorded", outputs, ir::no_node);
  return out;
}

}  // namespace ranvier::codegen
