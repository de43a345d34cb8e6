#include "ir/program.hpp"

#include "ir/rebuild.hpp"
#include "ir/scalar.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {

namespace {

constexpr std::uint32_t forever = 0xffffffffu;

bool supported(Op op) {
  if (has_scalar_value(op) || op_info(op).arity == 0) return true;
  return op == Op::real_of_int;  // float(i): element and step numbers are exact in double
}

/// The last position in `order` that reads each node; roots are kept to the end.
std::vector<std::uint32_t> last_uses(const Graph& g, std::span<const NodeId> roots, const std::vector<NodeId>& order) {
  std::vector<std::uint32_t> last(width(roots), 0);
  for (std::uint32_t at = 0; at < order.size(); ++at) {
    const Node& node = g[order[at]];
    for (int k = 0; k < op_info(node.op).arity; ++k) last[node.arg[k]] = at;
  }
  for (const NodeId root : roots) last[root] = forever;
  return last;
}

Instruction leaf(const Graph& g, NodeId id, Program& program) {
  const Node& node = g[id];
  Instruction made{.op = node.op, .payload = node.payload, .uniform = node.uniform};
  if (node.op == Op::symbol) {
    made.payload = program.symbols.size();
    program.symbols.push_back(g.symbol_of(id));
    program.symbol_nodes.push_back(id);
  } else if (node.op == Op::literal) {
    made.value = node.type == Type::real      ? g.literal_value(id)
                 : node.type == Type::integer ? static_cast<double>(static_cast<std::int64_t>(node.payload))
                                              : static_cast<double>(node.payload);
  }
  return made;
}

}  // namespace

Program compile(const Graph& g, std::span<const NodeId> roots) {
  const auto order = topological(g, roots);
  const auto last = last_uses(g, roots, order);
  Program program;
  std::vector<std::uint32_t> slot(width(roots)), free;
  for (std::uint32_t at = 0; at < order.size(); ++at) {
    const NodeId id = order[at];
    const Node& node = g[id];
    if (!supported(node.op)) {
      throw InternalError("operator '" + std::string(op_info(node.op).name) + "' of the basic level in a high-level expression");
    }
    const int arity = op_info(node.op).arity;
    Instruction made = arity == 0 ? leaf(g, id, program) : Instruction{.op = node.op, .uniform = node.uniform};
    for (int k = 0; k < arity; ++k) made.in[k] = slot[node.arg[k]];
    for (int k = 0; k < arity; ++k) {
      const NodeId operand = node.arg[k];
      const bool repeated = (k > 0 && operand == node.arg[0]) || (k > 1 && operand == node.arg[1]);
      if (last[operand] == at && !repeated) free.push_back(slot[operand]);
    }
    if (free.empty()) {
      slot[id] = program.slots++;
    } else {
      slot[id] = free.back();
      free.pop_back();
    }
    made.out = slot[id];
    program.code.push_back(made);
  }
  for (const NodeId root : roots) program.results.push_back(slot[root]);
  return program;
}

}  // namespace ranvier::ir
