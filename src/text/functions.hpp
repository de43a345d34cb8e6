// The functions that equations may call.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranvier/expr.hpp"

namespace ranvier::text {

struct Function {
  enum class Kind : std::uint8_t { ordinary, where, integer };
  std::string_view name;
  std::uint32_t arguments;
  std::string_view usage;
  bool plain;                                   ///< its argument has no unit; else all arguments have the same
  Expr (*make)(const std::vector<Expr>& x);
  bool random = false;
  Kind kind = Kind::ordinary;
};

[[nodiscard]] std::span<const Function> functions();
[[nodiscard]] const Function* find_function(std::string_view name);
/// For a variable that other simulators keep by themselves: what to do instead; nullptr if it is none.
[[nodiscard]] const char* unsupported_name(std::string_view name);
/// For a function of other simulators that does not exist here: what to do instead; nullptr if it is simply unknown.
[[nodiscard]] const char* unsupported_function(std::string_view name);

}  // namespace ranvier::text
