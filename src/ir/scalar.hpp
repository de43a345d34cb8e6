// The value of one real or boolean operator on doubles, booleans as 0 and 1. Used for folding, by the evaluators and by tests.
//
//   double y = apply(Op::exprel, 0.0, 0, 0, Functions::own);   // 1
//
// Integer operators have no value here: their width is the kernel's (see codegen/interpret).
#pragma once

#include "ir/interpret.hpp"
#include "ir/op.hpp"

namespace ranvier::ir {

/// True for the operators that apply() knows: real or boolean operands and result, no leaves, no random numbers.
[[nodiscard]] bool has_scalar_value(Op op);

/// InternalError for an operator without scalar value.
[[nodiscard]] double apply(Op op, double a, double b, double c, Functions functions);

/// clip(x, low, high) = min(high, max(low, x)) with min and max as compare and select: a NaN in x stays NaN.
[[nodiscard]] double clip(double x, double low, double high);

}  // namespace ranvier::ir
