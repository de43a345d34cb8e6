#include <algorithm>

#include "ir/passes.hpp"
#include "ir/rebuild.hpp"

namespace ranvier::ir {

namespace {

/// slope == no_node: the node does not depend on x and is its own offset. `ok` is false where it is no affine function.
struct Form {
  bool ok = true;
  NodeId slope = no_node, offset = no_node;
};

class AffineForms {
 public:
  AffineForms(Graph& g, NodeId x) : g_(g), x_(x) {}

  /// `known`: of the operands, in the order of the ids `order`, which ascend.
  Form of(NodeId id, const std::vector<NodeId>& order, const std::vector<Form>& known) {
    if (id == x_) return {true, g_.literal(1), no_node};
    const Node node = g_[id];
    std::array<Form, 3> u;
    bool constant = true;
    for (int k = 0; k < op_info(node.op).arity; ++k) {
      u[k] = known[place(order, node.arg[k])];
      if (!u[k].ok) return {false};
      constant = constant && u[k].slope == no_node;
    }
    if (constant) return {true, no_node, id};
    if (node.op == Op::add) return {true, sum(u[0].slope, u[1].slope), sum(u[0].offset, u[1].offset)};
    if (node.op == Op::sub) return {true, difference(u[0].slope, u[1].slope), difference(u[0].offset, u[1].offset)};
    if (node.op == Op::neg) return {true, difference(no_node, u[0].slope), difference(no_node, u[0].offset)};
    if (node.op == Op::mul) return product(u[0], u[1]);
    if (node.op == Op::fma) return plus(product(u[0], u[1]), u[2]);
    if (node.op == Op::div && u[1].slope == no_node) {
      return {true, g_.div(u[0].slope, u[1].offset), u[0].offset == no_node ? no_node : g_.div(u[0].offset, u[1].offset)};
    }
    return {false};
  }

  static std::size_t place(const std::vector<NodeId>& order, NodeId id) {
    return static_cast<std::size_t>(std::lower_bound(order.begin(), order.end(), id) - order.begin());
  }

 private:
  NodeId sum(NodeId a, NodeId b) { return a == no_node ? b : b == no_node ? a : g_.add(a, b); }
  NodeId difference(NodeId a, NodeId b) { return b == no_node ? a : a == no_node ? g_.neg(b) : g_.sub(a, b); }
  NodeId scaled(NodeId a, NodeId factor) { return a == no_node ? no_node : g_.mul(a, factor); }

  Form product(const Form& a, const Form& b) {
    if (!a.ok || !b.ok || (a.slope != no_node && b.slope != no_node)) return {false};
    const Form& steep = a.slope != no_node ? a : b;
    const NodeId factor = a.slope != no_node ? b.offset : a.offset;
    return {true, scaled(steep.slope, factor), scaled(steep.offset, factor)};
  }

  Form plus(const Form& a, const Form& b) {
    if (!a.ok || !b.ok) return {false};
    return {true, sum(a.slope, b.slope), sum(a.offset, b.offset)};
  }

  Graph& g_;
  NodeId x_;
};

}  // namespace

Affine affine_in(Graph& g, NodeId f, NodeId x) {
  const auto order = reachable(g, std::span(&f, 1), [&](NodeId id) { return id <= x; });
  AffineForms forms(g, x);
  std::vector<Form> known;  // as long as the part below f, not as the graph: models have thousands of equations
  known.reserve(order.size());
  for (const NodeId id : order) known.push_back(id < x ? Form{true, no_node, id} : forms.of(id, order, known));
  const Form form = known.back();  // f has the largest number
  if (!form.ok) return {};
  const auto or_zero = [&g](NodeId id) { return id == no_node ? g.literal(0) : id; };
  return {true, or_zero(form.slope), or_zero(form.offset)};
}

}  // namespace ranvier::ir
