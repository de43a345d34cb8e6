// The expression graph: immutable, hash-consed nodes in an append-only arena. Every front door builds these.
//
//   Graph g;
//   NodeId v = g.symbol("V", Rate::varying);
//   NodeId e = g.make(Op::exp, g.make(Op::div, v, g.literal(4.0)));   // same inputs, same NodeId
//   std::string text = print(g, e);                                   // "exp(V / 4)"
//
// Semantics. Reals follow IEEE 754, round to nearest even, no reassociation, no contraction, denormals kept.
// A graph is at one of two levels:
//   high   any operator of the table (op.hpp); evaluated in double with libm, this says what an expression means;
//   basic  only operators marked `basic`; evaluated in the kernel's own precision (float or double, with integers of the
//          same width), this says what a kernel computes, bit for bit, on every backend.
// The pass expand() (passes.hpp) goes from high to basic. Comparisons with NaN are false, `ne` is true.
// min(a,b) is select(a<b,a,b) and max(a,b) is select(a>b,a,b). clip(x,low,high) is min(high, max(low, x)), so that a NaN in x
// stays NaN. NaN payloads are not specified.
// Literals are folded as nodes are made, by base/elementary (never by libm). Nothing is walked recursively.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/op.hpp"

namespace ranvier::ir {

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xffffffffu;

enum class Type : std::uint8_t { real, boolean, integer };

/// Whether a symbol has one value for the whole domain (shared parameters, dt, t) or one per element.
enum class Rate : std::uint8_t { uniform, varying };

struct Node {
  Op op{};
  Type type{};
  bool uniform{};  ///< depends on uniform symbols and literals alone
  std::array<NodeId, 3> arg{no_node, no_node, no_node};
  /// literal: the bits of the double / the integer / 0 or 1; symbol: index into symbols(); random: the stream number
  std::uint64_t payload{};
};

struct Symbol {
  std::string name;
  Rate rate{};
  Type type{};
};

class Graph {
 public:
  NodeId literal(double value);
  NodeId boolean(bool value);
  NodeId integer(std::int64_t value);
  /// The symbol of that name; made at first use. InternalError if it exists with another rate or type.
  NodeId symbol(std::string_view name, Rate rate, Type type = Type::real);
  /// no_node if there is none.
  [[nodiscard]] NodeId find_symbol(std::string_view name) const;

  /// The node `op(a, b, c)`: an existing equal node, a folded literal, or a new node. Operands of commutative operators
  /// are ordered by id. `payload` is for the random operators' stream number only. InternalError on a type mismatch.
  /// Only value-preserving identities are applied here (x*1, x/1, x-0, x+(-0), --x, not not x, select and logic with equal
  /// operands or literal conditions). Integers are folded only where 32 and 64 bits agree.
  NodeId make(Op op, NodeId a = no_node, NodeId b = no_node, NodeId c = no_node, std::uint64_t payload = 0);

  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const std::vector<Symbol>& symbols() const { return symbols_; }
  [[nodiscard]] const Symbol& symbol_of(NodeId id) const { return symbols_[nodes_[id].payload]; }
  /// True if `id` is the real literal of these very bits (0 and -0 differ).
  [[nodiscard]] bool is_literal(NodeId id, double value) const;
  [[nodiscard]] double literal_value(NodeId id) const;  ///< of a real literal

  // Shorthand for make().
  NodeId add(NodeId a, NodeId b) { return make(Op::add, a, b); }
  NodeId sub(NodeId a, NodeId b) { return make(Op::sub, a, b); }
  NodeId mul(NodeId a, NodeId b) { return make(Op::mul, a, b); }
  NodeId div(NodeId a, NodeId b) { return make(Op::div, a, b); }
  NodeId neg(NodeId a) { return make(Op::neg, a); }
  NodeId select(NodeId condition, NodeId yes, NodeId no) { return make(Op::select, condition, yes, no); }

 private:
  NodeId intern(const Node& node);
  void grow();
  [[nodiscard]] NodeId folded(Op op, const std::array<NodeId, 3>& arg);
  [[nodiscard]] NodeId folded_integer(Op op, const std::array<NodeId, 3>& arg);
  [[nodiscard]] NodeId identity(Op op, const std::array<NodeId, 3>& arg);
  void check_operands(Op op, const std::array<NodeId, 3>& arg, std::uint64_t payload) const;
  std::vector<Node> nodes_;
  std::vector<Symbol> symbols_;
  std::unordered_map<std::string, NodeId> symbol_index_;
  /// A node and its hash, which is compared before the node is looked at and is not made again when the table grows.
  struct Slot {
    std::uint32_t hash{};
    NodeId node = no_node;
  };
  std::vector<Slot> slots_;  ///< open addressing, a power of two, at most half full
};

/// The nodes that `roots` depend on, operands before users, each once. Iterative.
[[nodiscard]] std::vector<NodeId> topological(const Graph& g, std::span<const NodeId> roots);

/// Text in the syntax that users write, fully parenthesised only where precedence asks for it. Shared sub-expressions are
/// written out while the text stays under `limit` characters, then "...".
[[nodiscard]] std::string print(const Graph& g, NodeId id, std::size_t limit = 100'000);

}  // namespace ranvier::ir
