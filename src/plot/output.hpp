// What all figures share when they are saved: the file, and text that every format can hold.
//
//   write_file("coba_hh.png", canvas->finish());
#pragma once

#include <string>

#include "ranvier/plot.hpp"

namespace ranvier::plot::detail {

/// Replaces the file. UserError, with the reason that the system gives, if that fails.
void write_file(const std::string& path, const std::string& bytes);

/// The text as valid UTF-8 without control characters: bytes that are neither become U+FFFD or a space.
[[nodiscard]] std::string printable(const std::string& text);

/// At most so many characters, the last one an ellipsis if there were more: a legend must leave room for the figure.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t most = 28);

/// UserError naming `where` unless begin < end and both are finite.
void check_interval(double begin, double end, const char* where);

}  // namespace ranvier::plot::detail
