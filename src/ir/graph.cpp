#include "ir/graph.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "ir/scalar.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {

namespace {

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0x9e3779b97f4a7c15u;
  x ^= x >> 29;
  x *= 0xbf58476d1ce4e5b9u;
  return x ^ (x >> 32);
}

std::uint64_t hash_of(const Node& node) {
  std::uint64_t h = mix(node.payload + static_cast<std::uint64_t>(node.op) * 8 + static_cast<std::uint64_t>(node.type));
  h = mix(h ^ (std::uint64_t{node.arg[0]} << 32 | node.arg[1]));
  return mix(h + node.arg[2]);
}

bool same(const Node& a, const Node& b) {
  return a.op == b.op && a.type == b.type && a.arg == b.arg && a.payload == b.payload;
}

/// The place of an equal node in a table of slots, or the empty one where it belongs. A node is first looked for in the
/// line of cache that goes with its latest operand, four operands a line, and by its hash only where that is full: a
/// graph is built from nodes made a moment ago, so that what is needed is near what was used last, however large the
/// graph.
template <class Slots, class Equal>
std::size_t place_of(const Slots& slots, const Node& node, std::uint32_t hash, Equal equal) {
  constexpr std::size_t line = 8;
  const auto ends = [&](std::size_t at) {
    return slots[at].node == no_node || (slots[at].hash == hash && equal(slots[at].node));
  };
  NodeId latest = no_node;
  for (const NodeId a : node.arg) {
    if (a != no_node && (latest == no_node || a > latest)) latest = a;
  }
  if (latest != no_node) {
    const std::size_t first =
        std::size_t{latest} / (line / 2) * line;  // below the size of the table, which is twice the number of nodes
    for (std::size_t at = first; at < first + line; ++at) {
      if (ends(at)) return at;
    }
  }
  std::size_t at = hash & (slots.size() - 1);
  while (!ends(at)) at = (at + 1) & (slots.size() - 1);
  return at;
}

bool is_random(Op op) { return op == Op::uniform || op == Op::normal; }

bool fits_32(std::int64_t v) {
  return v >= std::numeric_limits<std::int32_t>::min() && v <= std::numeric_limits<std::int32_t>::max();
}

const char* type_name(Type type) {
  switch (type) {
    case Type::real: return "real";
    case Type::boolean: return "boolean";
    case Type::integer: return "integer";
  }
  return "?";
}

Type type_of_code(char code) { return code == 'b' ? Type::boolean : code == 'i' ? Type::integer : Type::real; }

}  // namespace

NodeId Graph::literal(double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();  // one NaN: payloads are not specified
  return intern({.op = Op::literal, .type = Type::real, .uniform = true, .payload = std::bit_cast<std::uint64_t>(value)});
}

NodeId Graph::boolean(bool value) {
  return intern({.op = Op::literal, .type = Type::boolean, .uniform = true, .payload = value ? 1u : 0u});
}

NodeId Graph::integer(std::int64_t value) {
  return intern({.op = Op::literal, .type = Type::integer, .uniform = true, .payload = static_cast<std::uint64_t>(value)});
}

NodeId Graph::symbol(std::string_view name, Rate rate, Type type) {
  const auto found = symbol_index_.find(std::string(name));
  if (found != symbol_index_.end()) {
    const Symbol& known = symbol_of(found->second);
    if (known.rate != rate || known.type != type) {
      throw InternalError("symbol '" + known.name + "' is " + (known.rate == Rate::uniform ? "uniform " : "varying ") +
                          type_name(known.type) + " and was asked for as " + (rate == Rate::uniform ? "uniform " : "varying ") +
                          type_name(type));
    }
    return found->second;
  }
  symbols_.push_back({std::string(name), rate, type});
  const NodeId id =
      intern({.op = Op::symbol, .type = type, .uniform = rate == Rate::uniform, .payload = symbols_.size() - 1});
  symbol_index_.emplace(std::string(name), id);
  return id;
}

NodeId Graph::find_symbol(std::string_view name) const {
  const auto found = symbol_index_.find(std::string(name));
  return found == symbol_index_.end() ? no_node : found->second;
}

bool Graph::is_literal(NodeId id, double value) const {
  const Node& node = nodes_[id];
  return node.op == Op::literal && node.type == Type::real && node.payload == std::bit_cast<std::uint64_t>(value);
}

double Graph::literal_value(NodeId id) const {
  const Node& node = nodes_[id];
  if (node.op != Op::literal || node.type != Type::real) throw InternalError("literal_value of a node that is no real literal");
  return std::bit_cast<double>(node.payload);
}

void Graph::check_operands(Op op, const std::array<NodeId, 3>& arg, std::uint64_t payload) const {
  const OpInfo& info = op_info(op);
  const auto where = [&] { return "operator '" + std::string(info.name) + "' "; };
  if (op == Op::literal || op == Op::symbol) throw InternalError(where() + "is not made by make()");
  if (payload != 0 && !is_random(op)) throw InternalError(where() + "has no payload");
  for (int k = 0; k < 3; ++k) {
    if (k >= info.arity) {
      if (arg[k] != no_node)
        throw InternalError(where() + "takes " + std::to_string(info.arity) + " operands, not more");
      continue;
    }
    if (arg[k] >= nodes_.size())
      throw InternalError(where() + "lacks operand " + std::to_string(k + 1) + " or it is of another graph");
    const Type actual = nodes_[arg[k]].type;
    const char code = info.operands[k];
    if (code == 's' ? actual != nodes_[arg[1]].type : actual != type_of_code(code)) {
      const Type expected = code == 's' ? nodes_[arg[1]].type : type_of_code(code);
      throw InternalError(where() + "wants a " + type_name(expected) + " as operand " + std::to_string(k + 1) +
                          ", not a " + type_name(actual));
    }
  }
}

NodeId Graph::make(Op op, NodeId a, NodeId b, NodeId c, std::uint64_t payload) {
  std::array<NodeId, 3> arg{a, b, c};
  check_operands(op, arg, payload);
  const OpInfo& info = op_info(op);
  if (info.commutative && arg[0] > arg[1]) std::swap(arg[0], arg[1]);
  if (info.arity > 0) {
    if (const NodeId value = folded(op, arg); value != no_node) return value;
    if (const NodeId value = identity(op, arg); value != no_node) return value;
  }
  bool uniform = op != Op::element_index && !is_random(op);
  for (int k = 0; k < info.arity; ++k) uniform = uniform && nodes_[arg[k]].uniform;
  const Type type = info.result == 's' ? nodes_[arg[1]].type : type_of_code(info.result);
  return intern({.op = op, .type = type, .uniform = uniform, .arg = arg, .payload = payload});
}

NodeId Graph::folded(Op op, const std::array<NodeId, 3>& arg) {
  const OpInfo& info = op_info(op);
  std::array<double, 3> value{};
  bool integers = false;
  for (int k = 0; k < info.arity; ++k) {
    const Node& operand = nodes_[arg[k]];
    if (operand.op != Op::literal) return no_node;
    integers = integers || operand.type == Type::integer;
    value[k] = operand.type == Type::real ? std::bit_cast<double>(operand.payload) : static_cast<double>(operand.payload);
  }
  if (integers) return folded_integer(op, arg);
  if (!has_scalar_value(op)) return no_node;
  const bool is_boolean = info.result == 'b' || (info.result == 's' && nodes_[arg[1]].type == Type::boolean);
  const double result = apply(op, value[0], value[1], value[2], Functions::own);
  return is_boolean ? boolean(result != 0) : literal(result);
}

// A kernel's integers have 32 or 64 bits. The low 32 bits of sums, products and bitwise results agree for both widths;
// comparisons and conversions are folded only where the operands fit in 32 bits; shifts right and bit casts never.
NodeId Graph::folded_integer(Op op, const std::array<NodeId, 3>& arg) {
  if (op == Op::select) return nodes_[arg[0]].payload != 0 ? arg[1] : arg[2];
  const std::uint64_t a = nodes_[arg[0]].payload;
  const std::uint64_t b = arg[1] == no_node ? 0 : nodes_[arg[1]].payload;
  const auto sa = static_cast<std::int64_t>(a), sb = static_cast<std::int64_t>(b);
  const auto wrapped = [this](std::uint64_t v) { return integer(static_cast<std::int64_t>(v)); };
  if (op == Op::iadd) return wrapped(a + b);
  if (op == Op::isub) return wrapped(a - b);
  if (op == Op::imul) return wrapped(a * b);
  if (op == Op::iand) return wrapped(a & b);
  if (op == Op::ior) return wrapped(a | b);
  if (op == Op::ixor) return wrapped(a ^ b);
  if (!fits_32(sa) || !fits_32(sb)) return no_node;
  if (op == Op::ilt) return boolean(sa < sb);
  if (op == Op::ieq) return boolean(sa == sb);
  if (op == Op::real_of_int && std::abs(sa) <= (std::int64_t{1} << 24)) return literal(static_cast<double>(sa));
  return no_node;
}

NodeId Graph::identity(Op op, const std::array<NodeId, 3>& arg) {
  const auto [a, b, c] = arg;
  const auto is_true = [this](NodeId id, bool value) {
    return nodes_[id].op == Op::literal && nodes_[id].type == Type::boolean && (nodes_[id].payload != 0) == value;
  };
  if (op == Op::add) return is_literal(a, -0.0) ? b : is_literal(b, -0.0) ? a : no_node;
  if (op == Op::sub) return is_literal(b, 0.0) ? a : no_node;
  if (op == Op::mul) return is_literal(a, 1.0) ? b : is_literal(b, 1.0) ? a : no_node;
  if (op == Op::div) return is_literal(b, 1.0) ? a : no_node;
  if (op == Op::neg) return nodes_[a].op == Op::neg ? nodes_[a].arg[0] : no_node;
  if (op == Op::logic_not) return nodes_[a].op == Op::logic_not ? nodes_[a].arg[0] : no_node;
  if (op == Op::logic_and || op == Op::logic_or) {
    const bool neutral = op == Op::logic_and;
    if (a == b || is_true(b, neutral) || is_true(a, !neutral)) return a;
    return is_true(a, neutral) || is_true(b, !neutral) ? b : no_node;
  }
  if (op == Op::select) return is_true(a, true) || b == c ? b : is_true(a, false) ? c : no_node;
  return no_node;
}

NodeId Graph::intern(const Node& node) {
  if (2 * (nodes_.size() + 1) > slots_.size()) grow();
  const auto hash = static_cast<std::uint32_t>(hash_of(node));
  auto& slot = slots_[place_of(slots_, node, hash, [&](NodeId id) { return same(nodes_[id], node); })];
  if (slot.node != no_node) return slot.node;
  if (nodes_.size() >= no_node) throw InternalError("an expression graph is limited to 2^32 - 1 nodes");
  slot = {hash, static_cast<NodeId>(nodes_.size())};
  nodes_.push_back(node);
  return slot.node;
}

void Graph::grow() {
  std::vector<Slot> larger(slots_.empty() ? 64 : 2 * slots_.size());
  for (const Slot& s : slots_) {
    if (s.node != no_node) larger[place_of(larger, nodes_[s.node], s.hash, [](NodeId) { return false; })] = s;
  }
  slots_ = std::move(larger);
}

}  // namespace ranvier::ir
