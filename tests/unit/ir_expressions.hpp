// Expressions with operators, for the tests of src/ir alone: what a user would write, without parser or model.
//
//   Expressions x;
//   E V = x.varying("V"), k = x.uniform("k");
//   NodeId id = (V / (exp(V / k) - 1.0)).id;
#pragma once

#include <string>

#include "ir/graph.hpp"

namespace ranvier::ir {

struct E {
  Graph* g;
  NodeId id;
};

struct Expressions {
  Graph g;
  E varying(const std::string& name) { return {&g, g.symbol(name, Rate::varying)}; }
  E uniform(const std::string& name) { return {&g, g.symbol(name, Rate::uniform)}; }
  E number(double value) { return {&g, g.literal(value)}; }
};

inline E call(Op op, E a) { return {a.g, a.g->make(op, a.id)}; }
inline E call(Op op, E a, E b) { return {a.g, a.g->make(op, a.id, b.id)}; }
inline E call(Op op, E a, E b, E c) { return {a.g, a.g->make(op, a.id, b.id, c.id)}; }
inline E lit(E like, double value) { return {like.g, like.g->literal(value)}; }

inline E operator+(E a, E b) { return call(Op::add, a, b); }
inline E operator-(E a, E b) { return call(Op::sub, a, b); }
inline E operator*(E a, E b) { return call(Op::mul, a, b); }
inline E operator/(E a, E b) { return call(Op::div, a, b); }
inline E operator-(E a) { return call(Op::neg, a); }
inline E operator+(E a, double b) { return a + lit(a, b); }
inline E operator-(E a, double b) { return a - lit(a, b); }
inline E operator*(E a, double b) { return a * lit(a, b); }
inline E operator/(E a, double b) { return a / lit(a, b); }
inline E operator+(double a, E b) { return lit(b, a) + b; }
inline E operator-(double a, E b) { return lit(b, a) - b; }
inline E operator*(double a, E b) { return lit(b, a) * b; }
inline E operator/(double a, E b) { return lit(b, a) / b; }
inline E exp(E a) { return call(Op::exp, a); }
inline E expm1(E a) { return call(Op::expm1, a); }
inline E pow(E a, double n) { return call(Op::pow, a, lit(a, n)); }

}  // namespace ranvier::ir
