// The operator table: one row an operator, and nothing about an operator stands anywhere else but in its row and in the
// switch of each evaluator, which fails to compile when a row has no case.
//
//   const OpInfo& info = op_info(Op::exprel);   // name "exprel", arity 1, high level only
//
// X(name, arity, printed, precedence, commutative, basic, result, operands)
//   printed: infix token for binary operators with a precedence > 0, else the function's name
//   basic: a backend must know it; the others are rewritten by expand()
//   result / operands: r real, b boolean, i integer, s as the second operand (select)
#pragma once

#include <cstdint>
#include <string_view>

namespace ranvier::ir {

// clang-format off
#define RANVIER_OPERATORS(X)                                    \
  /* leaves */                                                  \
  X(literal,   0, "",        9, false, true,  'r', "")          \
  X(symbol,    0, "",        9, false, true,  'r', "")          \
  /* arithmetic on reals, basic */                              \
  X(add,       2, "+",       5, true,  true,  'r', "rr")        \
  X(sub,       2, "-",       5, false, true,  'r', "rr")        \
  X(mul,       2, "*",       6, true,  true,  'r', "rr")        \
  X(div,       2, "/",       6, false, true,  'r', "rr")        \
  X(neg,       1, "-",       7, false, true,  'r', "r")         \
  X(abs,       1, "abs",     0, false, true,  'r', "r")         \
  X(fma,       3, "fma",     0, false, true,  'r', "rrr")       \
  X(sqrt,      1, "sqrt",    0, false, true,  'r', "r")         \
  X(floor,     1, "floor",   0, false, true,  'r', "r")         \
  /* comparison, logic, choice, basic */                        \
  X(lt,        2, "<",       4, false, true,  'b', "rr")        \
  X(le,        2, "<=",      4, false, true,  'b', "rr")        \
  X(eq,        2, "==",      4, true,  true,  'b', "rr")        \
  X(ne,        2, "!=",      4, true,  true,  'b', "rr")        \
  X(logic_and, 2, "and",     2, true,  true,  'b', "bb")        \
  X(logic_or,  2, "or",      1, true,  true,  'b', "bb")        \
  X(logic_not, 1, "not",     3, false, true,  'b', "b")         \
  X(select,    3, "where",   0, false, true,  's', "bss")       \
  /* integers of the width of the kernel's real (i32 with f32, i64 with f64), basic */ \
  X(iadd,      2, "iadd",    0, true,  true,  'i', "ii")        \
  X(isub,      2, "isub",    0, false, true,  'i', "ii")        \
  X(imul,      2, "imul",    0, true,  true,  'i', "ii")        \
  X(iand,      2, "iand",    0, true,  true,  'i', "ii")        \
  X(ior,       2, "ior",     0, true,  true,  'i', "ii")        \
  X(ixor,      2, "ixor",    0, true,  true,  'i', "ii")        \
  X(shl,       2, "shl",     0, false, true,  'i', "ii")        \
  X(lshr,      2, "lshr",    0, false, true,  'i', "ii")        \
  X(ilt,       2, "ilt",     0, false, true,  'b', "ii")        \
  X(ieq,       2, "ieq",     0, true,  true,  'b', "ii")        \
  X(bits_of,   1, "bits",    0, false, true,  'i', "r")         \
  X(real_of_bits, 1, "real", 0, false, true,  'r', "i")         \
  X(real_of_int,  1, "float",0, false, true,  'r', "i")         \
  X(mulhi32,   2, "mulhi32", 0, true,  true,  'i', "ii")        \
  X(mullo32,   2, "mullo32", 0, true,  true,  'i', "ii")        \
  /* the element's index within its population and the integer step, for counter-based random numbers, basic */ \
  X(element_index, 0, "i",   9, false, true,  'i', "")          \
  X(step_index,    0, "step",9, false, true,  'i', "")          \
  /* high level: rewritten by expand() */                       \
  X(gt,        2, ">",       4, false, false, 'b', "rr")        \
  X(ge,        2, ">=",      4, false, false, 'b', "rr")        \
  X(min,       2, "min",     0, false, false, 'r', "rr")        \
  X(max,       2, "max",     0, false, false, 'r', "rr")        \
  X(clip,      3, "clip",    0, false, false, 'r', "rrr")       \
  X(pow,       2, "**",      8, false, false, 'r', "rr")        \
  X(exp,       1, "exp",     0, false, false, 'r', "r")         \
  X(expm1,     1, "expm1",   0, false, false, 'r', "r")         \
  X(exprel,    1, "exprel",  0, false, false, 'r', "r")         \
  X(log,       1, "log",     0, false, false, 'r', "r")         \
  X(log1p,     1, "log1p",   0, false, false, 'r', "r")         \
  X(sin,       1, "sin",     0, false, false, 'r', "r")         \
  X(cos,       1, "cos",     0, false, false, 'r', "r")         \
  X(tanh,      1, "tanh",    0, false, false, 'r', "r")         \
  X(poisson,   3, "poisson", 0, false, false, 'r', "rrr")       \
  X(uniform,   0, "rand",    0, false, false, 'r', "")          \
  X(normal,    0, "randn",   0, false, false, 'r', "")
// clang-format on

enum class Op : std::uint8_t {
#define X(name, ...) name,
  RANVIER_OPERATORS(X)
#undef X
      count_
};

struct OpInfo {
  std::string_view name;     ///< the enumerator
  int arity;
  std::string_view printed;  ///< token or function name in printed form
  int precedence;            ///< 0: printed as a function call
  bool commutative;
  bool basic;
  char result;               ///< 'r', 'b', 'i' or 's'
  std::string_view operands;
};

[[nodiscard]] const OpInfo& op_info(Op op);

}  // namespace ranvier::ir
