#include <algorithm>
#include <string>
#include <unordered_map>

#include "ir/kernel.hpp"
#include "ir/rebuild.hpp"
#include "ir/text.hpp"

namespace ranvier::ir {

namespace {

/// Arrays, scalars, events and temporaries are written by position, so that names and node numbers leave no trace.
class KernelText {
 public:
  explicit KernelText(const Kernel& kernel) : kernel_(kernel), g_(kernel.graph) {
    for (std::size_t k = 0; k < kernel.arrays.size(); ++k) {
      if (kernel.arrays[k].load != no_node) name_.emplace(kernel.arrays[k].load, "a" + std::to_string(k));
      if (kernel.arrays[k].store != no_node) roots_.push_back(kernel.arrays[k].store);
    }
    for (std::size_t k = 0; k < kernel.scalars.size(); ++k) name_.emplace(kernel.scalars[k], "s" + std::to_string(k));
    for (const KernelEvent& event : kernel.events) {
      if (event.mask != no_node) roots_.push_back(event.mask);
    }
    std::unordered_map<std::string, std::string> label;
    for (const auto& [id, name] : name_) label.emplace(g_.symbol_of(id).name, name);
    hash_ = structural_hashes(g_, roots_, [&label](const Symbol& s) {
      const auto found = label.find(s.name);
      return found == label.end() ? s.name : found->second;
    });
  }

  std::string text() {
    std::string out = "kernel ";
    out += kernel_.precision == Precision::f32 ? "f32" : "f64";
    out += kernel_.masked_stores ? " masked\n" : "\n";
    out += "scalars " + std::to_string(kernel_.scalars.size()) + "\n";
    for (const NodeId root : roots_) define(root, out);
    for (std::size_t k = 0; k < kernel_.arrays.size(); ++k) {
      const KernelArray& array = kernel_.arrays[k];
      out += "array a" + std::to_string(k) + (array.element == Element::real ? " real" : array.element == Element::count ? " count" : " byte");
      if (array.load != no_node) out += " read";
      if (array.store != no_node) out += " write " + name_of(array.store);
      out += array.check_finite ? " finite\n" : "\n";
    }
    for (const KernelEvent& event : kernel_.events) {
      out += "event " + (event.mask == no_node ? std::string("never") : name_of(event.mask)) + "\n";
    }
    return out;
  }

 private:
  std::array<NodeId, 3> operands(NodeId id) const {
    std::array<NodeId, 3> arg = g_[id].arg;
    if (op_info(g_[id].op).commutative && hash_[arg[0]] > hash_[arg[1]]) std::swap(arg[0], arg[1]);
    return arg;
  }

  // Depth first in the order of the operands, operands before users, without recursion.
  void define(NodeId root, std::string& out) {
    std::vector<std::pair<NodeId, int>> open{{root, 0}};
    while (!open.empty()) {
      auto& [id, next] = open.back();
      const int arity = op_info(g_[id].op).arity;
      if (arity == 0 || name_.contains(id)) {
        open.pop_back();
      } else if (next < arity) {
        const NodeId operand = operands(id)[static_cast<std::size_t>(next++)];
        open.emplace_back(operand, 0);
      } else {
        const NodeId done = id;
        open.pop_back();
        write(done, out);
      }
    }
  }

  void write(NodeId id, std::string& out) {
    const OpInfo& info = op_info(g_[id].op);
    std::string line = " = " + std::string(info.name);
    const auto arg = operands(id);
    for (int k = 0; k < info.arity; ++k) line += " " + name_of(arg[k]);
    const std::string name = "t" + std::to_string(temporaries_++);
    out += name + line + "\n";
    name_.emplace(id, name);
  }

  [[nodiscard]] std::string name_of(NodeId id) const {
    if (const auto found = name_.find(id); found != name_.end()) return found->second;
    const Node& node = g_[id];
    if (node.op == Op::literal) return literal_text(g_, id);
    return node.op == Op::symbol ? g_.symbol_of(id).name : std::string(op_info(node.op).printed);
  }

  const Kernel& kernel_;
  const Graph& g_;
  std::unordered_map<NodeId, std::string> name_;
  std::vector<NodeId> roots_;
  std::vector<std::uint64_t> hash_;
  int temporaries_ = 0;
};

}  // namespace

std::string print(const Kernel& kernel) { return KernelText(kernel).text(); }

}  // namespace ranvier::ir
