// Values on the command line, in and out: quantities with units, lists of neurons, numbers for people.
//
//   Quantity t = quantity("--duration", "100ms", dimension::time);   // UserError that says which unit is wanted
//   std::string n = grouped(320000);                                 // "320,000"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ranvier/units.hpp"

namespace ranvier::cli {

/// The value of an option that has a dimension. A bare number is an error that shows how to write it.
[[nodiscard]] Quantity quantity(const std::string& option, const std::string& text, const Dimension& wanted);
/// A value of any dimension.
[[nodiscard]] Quantity any_quantity(const std::string& option, const std::string& text);
/// "NAME=VALUE".
[[nodiscard]] std::pair<std::string, Quantity> assignment(const std::string& option, const std::string& text);
/// "E.V" -> population and variable.
[[nodiscard]] std::pair<std::string, std::string> variable(const std::string& option, const std::string& text);
/// "0:10,20" -> 0 ... 9, 20; the end of a range is not included.
[[nodiscard]] std::vector<std::uint32_t> neurons(const std::string& option, const std::string& text);
/// A whole number from `least` to `most`.
[[nodiscard]] std::uint64_t whole(const std::string& option, const std::string& text, std::uint64_t least,
                                  std::uint64_t most);
/// Which of `known` the text is; UserError that names them all otherwise.
[[nodiscard]] std::size_t choice(const std::string& option, const std::string& text,
                                 const std::vector<std::string>& known);

[[nodiscard]] std::string grouped(std::uint64_t number);  ///< "320,000"
[[nodiscard]] std::string seconds_text(double seconds);   ///< "0.123 s", "12 s", "3 min 20 s", "2 h 5 min"
[[nodiscard]] std::string ratio_text(double ratio);       ///< three digits: "0.0123", "12.3", "1,230"

}  // namespace ranvier::cli
