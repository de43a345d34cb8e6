#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>
#include <variant>

#include "ir/graph.hpp"
#include "ir/text.hpp"

namespace ranvier::ir {

std::string shortest(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::string literal_text(const Graph& g, NodeId id) {
  const Node& node = g[id];
  if (node.type == Type::boolean) return node.payload != 0 ? "true" : "false";
  if (node.type == Type::integer) return std::to_string(static_cast<std::int64_t>(node.payload));
  return shortest(g.literal_value(id));
}

namespace {

/// What is still to be written, last first: a fixed piece of text or a node.
using Piece = std::variant<std::string, NodeId>;

bool negative_literal(const Graph& g, NodeId id) {
  const Node& node = g[id];
  if (node.op != Op::literal || node.type == Type::boolean) return false;
  return node.type == Type::integer ? static_cast<std::int64_t>(node.payload) < 0 : std::signbit(g.literal_value(id));
}

int precedence_of(const Graph& g, NodeId id) {
  if (negative_literal(g, id)) return op_info(Op::neg).precedence;
  const int precedence = op_info(g[id].op).precedence;
  return precedence == 0 ? 9 : precedence;  // a call binds as tightly as a name
}

// a - (b - c), a < (b < c) and (a ** b) ** c need their parentheses; sums and products keep the order of evaluation too.
bool needs_parentheses(const Graph& g, Op user, NodeId operand, bool left) {
  const int outer = op_info(user).precedence;
  const int inner = precedence_of(g, operand);
  if (inner != outer) return inner < outer;
  const bool comparison = outer == op_info(Op::lt).precedence;
  const bool right_associative = user == Op::pow;
  return comparison || user == Op::neg || left == right_associative;
}

void push_operand(const Graph& g, Op user, NodeId operand, bool left, std::vector<Piece>& open) {
  const bool enclosed = needs_parentheses(g, user, operand, left);
  if (enclosed) open.emplace_back(std::string(")"));
  open.emplace_back(operand);
  if (enclosed) open.emplace_back(std::string("("));
}

void push_call(const OpInfo& info, const Node& node, std::vector<Piece>& open) {
  open.emplace_back(std::string(")"));
  for (int k = info.arity - 1; k >= 0; --k) {
    open.emplace_back(node.arg[k]);
    if (k > 0) open.emplace_back(std::string(", "));
  }
  open.emplace_back(std::string(info.printed) + "(");
}

std::string token(Op op) {
  const std::string text(op_info(op).printed);
  return op == Op::pow ? text : " " + text + " ";
}

// VT + (13 - V) is written 13 - V + VT: the same node, without parentheses.
void push_binary(const Graph& g, const Node& node, std::vector<Piece>& open) {
  auto [left, right] = std::pair(node.arg[0], node.arg[1]);
  const bool swap = op_info(node.op).commutative && needs_parentheses(g, node.op, right, false) &&
                    !needs_parentheses(g, node.op, right, true) && !needs_parentheses(g, node.op, left, false);
  if (swap) std::swap(left, right);
  push_operand(g, node.op, right, false, open);
  open.emplace_back(token(node.op));
  push_operand(g, node.op, left, true, open);
}

void push_node(const Graph& g, NodeId id, std::vector<Piece>& open) {
  const Node& node = g[id];
  const OpInfo& info = op_info(node.op);
  if (node.op == Op::literal) {
    open.emplace_back(literal_text(g, id));
  } else if (node.op == Op::symbol) {
    open.emplace_back(g.symbol_of(id).name);
  } else if (info.precedence == 0) {
    push_call(info, node, open);
  } else if (info.arity == 0) {
    open.emplace_back(std::string(info.printed));
  } else if (info.arity == 1) {
    push_operand(g, node.op, node.arg[0], false, open);
    open.emplace_back(std::string(info.printed) + (node.op == Op::logic_not ? " " : ""));
  } else {
    push_binary(g, node, open);
  }
}

}  // namespace

std::string print(const Graph& g, NodeId id, std::size_t limit) {
  std::string text;
  std::vector<Piece> open{id};
  while (!open.empty()) {
    const Piece piece = std::move(open.back());
    open.pop_back();
    if (const auto* node = std::get_if<NodeId>(&piece)) {
      push_node(g, *node, open);
      continue;
    }
    text += std::get<std::string>(piece);
    if (text.size() > limit) {
      text.resize(limit);
      return text + "...";
    }
  }
  return text;
}

}  // namespace ranvier::ir
