#include "ir/op.hpp"

#include <array>

namespace ranvier::ir {

namespace {

constexpr std::array<OpInfo, static_cast<std::size_t>(Op::count_)> table{{
#define X(name, arity, printed, precedence, commutative, basic, result, operands) \
  {#name, arity, printed, precedence, commutative, basic, result, operands},
    RANVIER_OPERATORS(X)
#undef X
}};

constexpr bool every_row_is_consistent() {
  for (const OpInfo& row : table) {
    if (row.operands.size() != static_cast<std::size_t>(row.arity)) return false;
    if (row.commutative && row.arity != 2) return false;
    if (row.result == 's' && row.arity != 3) return false;
  }
  return true;
}
static_assert(every_row_is_consistent(), "an operator's arity disagrees with its operands");

}  // namespace

const OpInfo& op_info(Op op) { return table[static_cast<std::size_t>(op)]; }

}  // namespace ranvier::ir
