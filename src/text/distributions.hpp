// What values of neurons and synapses may call beyond the functions of equations: distributions, and where neurons are.
//
//   names.call = call_distribution;
//   names.functions = distribution_names();
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ranvier/expr.hpp"

namespace ranvier::text {

/// Nothing for a name that is none of them. UserError, UnitError for arguments that do not fit.
[[nodiscard]] std::optional<Expr> call_distribution(const std::string& name, const std::vector<Expr>& x);
[[nodiscard]] std::vector<std::string> distribution_names();

}  // namespace ranvier::text
