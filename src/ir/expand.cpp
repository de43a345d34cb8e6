// From the high level to the basic one: elementary functions become the operations of base/elementary.hpp, maximal uniform
// sub-expressions become kernel arguments, and a product that only one sum uses becomes a fused multiply-add.
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/noise_functions.hpp"
#include "ir/expand_ops.hpp"
#include "ir/passes.hpp"
#include "ir/rebuild.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {

namespace {

/// Nodes that the host can evaluate: uniform and without integers, whose width is the kernel's.
std::vector<bool> host_nodes(const Graph& g, std::span<const NodeId> roots) {
  std::vector<bool> host(width(roots));
  for (const NodeId id : topological(g, roots)) {
    const Node& node = g[id];
    bool yes = node.uniform && node.type != Type::integer;
    for (int k = 0; k < op_info(node.op).arity; ++k) yes = yes && host[node.arg[k]];
    host[id] = yes;
  }
  return host;
}

template <bool F64>
class Expander {
 public:
  Expander(const Graph& from, std::span<const NodeId> roots, const Label& label)
      : from_(from), roots_(roots), label_(label), host_(host_nodes(from, roots)), users_(width(roots)), done_(roots) {}

  Expanded run() {
    const auto order = reachable(from_, roots_, [&](NodeId id) { return bool(host_[id]); });
    count_users(order);
    hashes_ = structural_hashes(from_, roots_, label_);
    for (const NodeId id : order) done_[id] = host_[id] ? lifted(id) : expanded(id);
    out_.roots = done_.of(roots_);
    return std::move(out_);
  }

 private:
  void count_users(const std::vector<NodeId>& order) {
    for (const NodeId root : roots_) ++users_[root];
    for (const NodeId id : order) {
      if (host_[id]) continue;
      for (int k = 0; k < op_info(from_[id].op).arity; ++k) ++users_[from_[id].arg[k]];
    }
  }

  NodeId lifted(NodeId id) {
    const Node& node = from_[id];
    if (node.op == Op::literal) return node.type == Type::real ? ops_.lit(from_.literal_value(id)) : to_.boolean(node.payload != 0);
    const NodeId scalar = passed(id);
    return node.type == Type::boolean ? ops_.ne(scalar, ops_.lit(0)) : scalar;  // the host gives booleans as 0 and 1
  }

  /// A new scalar of the kernel for what the host evaluates.
  NodeId passed(NodeId id) {
    out_.scalars.push_back(id);
    return to_.symbol("$" + std::to_string(out_.scalars.size() - 1), Rate::uniform);
  }

  /// A literal mean is passed too: literals are folded in double, and the steps of exp that round in f32 would not.
  NodeId poisson(const Node& node) {
    const NodeId mean = from_[node.arg[0]].op == Op::literal ? passed(node.arg[0]) : done_[node.arg[0]];
    return noise_.poisson(mean, done_[node.arg[1]], done_[node.arg[2]]);
  }

  NodeId expanded(NodeId id) {
    const Node& node = from_[id];
    const auto arg = [&](int k) { return done_[node.arg[k]]; };
    switch (node.op) {
      case Op::add:
      case Op::sub: return sum(id);
      case Op::div: return quotient(node);
      case Op::gt: return ops_.lt(arg(1), arg(0));
      case Op::ge: return ops_.le(arg(1), arg(0));
      case Op::min: return minimum(arg(0), arg(1));
      case Op::max: return maximum(arg(0), arg(1));
      case Op::clip: return minimum(arg(2), maximum(arg(1), arg(0)));
      case Op::pow: return power(node);
      case Op::exp: return functions_.exp(arg(0));
      case Op::expm1: return functions_.expm1(arg(0));
      case Op::exprel: return functions_.exprel(arg(0));
      case Op::log: return functions_.log(arg(0));
      case Op::log1p: return functions_.log1p(arg(0));
      case Op::sin: return functions_.sin(arg(0));
      case Op::cos: return functions_.cos(arg(0));
      case Op::tanh: return functions_.tanh(arg(0));
      case Op::poisson: return poisson(node);
      case Op::uniform:
      case Op::normal: return random(node);
      default: return rebuild(to_, from_, id, done_);
    }
  }

  // The counter is (element, block of numbers and their law, step); a kernel of 32 bits has the low half of the step only.
  NodeId random(const Node& node) {
    const auto owner = static_cast<std::uint32_t>(node.payload >> 32);
    const auto number = static_cast<std::uint32_t>(node.payload);
    const bool normal = node.op == Op::normal;
    const std::int64_t block = std::int64_t{number / noise_.per_block} * 2 + (normal ? 1 : 0);
    const NodeId step = to_.make(Op::step_index);
    const NodeId high = F64 ? ops_.lshr(step, 32) : ops_.ilit(0);
    const auto words = noise_.philox({key(owner, 0), key(owner, 1)}, {to_.make(Op::element_index), ops_.ilit(block), step, high});
    const unsigned which = number % noise_.per_block;
    return normal ? noise_.normal(words, which) : noise_.uniform(words, which);
  }

  NodeId key(std::uint32_t owner, int word) {
    const std::string name = key_symbol(owner, word);
    if (to_.find_symbol(name) == no_node) out_.keys.push_back({owner, word});
    return to_.symbol(name, Rate::uniform, Type::integer);
  }

  NodeId minimum(NodeId a, NodeId b) { return ops_.select(ops_.lt(a, b), a, b); }
  NodeId maximum(NodeId a, NodeId b) { return ops_.select(ops_.lt(b, a), a, b); }

  [[nodiscard]] bool is_single_product(NodeId id) const { return from_[id].op == Op::mul && !host_[id] && users_[id] == 1; }

  // a*b + c, a*b - c, c - a*b. Of two products the one of smaller structural hash is fused, so that the result does not depend
  // on the order in which the nodes were made.
  NodeId sum(NodeId id) {
    const Node& node = from_[id];
    const bool difference = node.op == Op::sub;
    bool first = is_single_product(node.arg[0]);
    const bool second = is_single_product(node.arg[1]);
    if (first && second) first = hashes_[node.arg[0]] <= hashes_[node.arg[1]];
    if (!first && !second) return rebuild(to_, from_, id, done_);
    const Node& product = from_[first ? node.arg[0] : node.arg[1]];
    const NodeId a = done_[product.arg[0]], b = done_[product.arg[1]];
    const NodeId rest = done_[first ? node.arg[1] : node.arg[0]];
    if (!difference) return ops_.fma(a, b, rest);
    return first ? ops_.fma(a, b, ops_.neg(rest)) : negated_product(a, b, rest);
  }

  /// rest - a*b, with the minus on a literal or scalar where there is one.
  NodeId negated_product(NodeId a, NodeId b, NodeId rest) {
    const bool on_second = to_[b].op == Op::literal;
    return on_second ? ops_.fma(a, ops_.neg(b), rest) : ops_.fma(ops_.neg(a), b, rest);
  }

  NodeId quotient(const Node& node) {
    const Node& divisor = from_[node.arg[1]];
    if (divisor.op == Op::exprel && !host_[node.arg[1]]) return functions_.over_exprel(done_[node.arg[0]], done_[divisor.arg[0]]);
    return ops_.div(done_[node.arg[0]], done_[node.arg[1]]);
  }

  // As base::own::pow decides, so that a parameter's power and a state's are the same function.
  NodeId power(const Node& node) {
    const NodeId base = done_[node.arg[0]], exponent = node.arg[1];
    if (from_[exponent].op == Op::literal) {
      const double y = from_.literal_value(exponent);
      if (y == 0.5) return ops_.sqrt(base);
      if (std::fabs(y) <= base::own::max_powi && std::floor(y) == y) return functions_.powi(base, static_cast<int>(y));
    }
    return functions_.pow(base, done_[exponent]);
  }

  const Graph& from_;
  std::span<const NodeId> roots_;
  const Label& label_;
  Expanded out_;
  Graph& to_ = out_.graph;
  GraphOps<F64> ops_{out_.graph};
  base::Elementary<GraphOps<F64>> functions_{ops_};
  base::Noise<GraphOps<F64>> noise_{ops_};
  std::vector<bool> host_;
  std::vector<std::uint32_t> users_;
  std::vector<std::uint64_t> hashes_;
  NodeMap done_;
};

}  // namespace

std::string key_symbol(std::uint32_t owner, int word) { return "$key" + std::to_string(owner) + "." + std::to_string(word); }

Expanded expand(const Graph& g, std::span<const NodeId> roots, Precision precision, const Label& label) {
  if (precision == Precision::f32) return Expander<false>(g, roots, label).run();
  return Expander<true>(g, roots, label).run();
}

std::vector<NodeId> multiply_by_reciprocals(Graph& g, std::span<const NodeId> roots) {
  NodeMap done(roots);
  for (const NodeId id : topological(g, roots)) {
    const Node node = g[id];
    const NodeId divisor = node.op == Op::div ? node.arg[1] : no_node;
    const bool plain = divisor == no_node || node.uniform || !g[divisor].uniform;
    const NodeId reciprocal = plain ? no_node : g.div(g.literal(1), divisor);
    // A literal's reciprocal that is infinite or subnormal keeps the division.
    const bool keep = plain || (g[reciprocal].op == Op::literal && !std::isnormal(static_cast<float>(g.literal_value(reciprocal))));
    done[id] = keep ? rebuild(g, g, id, done) : g.mul(done[node.arg[0]], reciprocal);
  }
  return done.of(roots);
}

}  // namespace ranvier::ir
