// A TOML file as plain values in the order of the file, each with its place: strings know where their text begins.
//
//   std::optional<Node> root = parse_toml(text, "net.toml", report);      // nothing, reported, where it is no TOML
//   for (const auto& [name, key, value] : root->members) ...
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/report.hpp"

namespace ranvier::text {

struct Member;

struct Node {
  enum class Kind : std::uint8_t { table, array, string, number, truth, other } kind = Kind::other;
  TextPiece piece;                 ///< of a string: its content; of others: what stands there; and where
  double number = 0;
  bool whole = false;              ///< a number without decimals
  bool truth = false;
  std::vector<Member> members;     ///< of a table
  std::vector<Node> items;         ///< of an array
  [[nodiscard]] const Member* find(const std::string& name) const;
  [[nodiscard]] Span span() const;  ///< all of `piece`, to the end of its first line
};

struct Member {
  std::string name;
  TextPiece key;
  Node value;
};

[[nodiscard]] std::optional<Node> parse_toml(const std::string& text, const std::string& file, Report& report);

/// The part [first, first + length) of a piece, with its own place.
[[nodiscard]] TextPiece part_of(const TextPiece& piece, std::size_t first, std::size_t length);
/// "a table", "a list", ... for messages.
[[nodiscard]] std::string kind_name(const Node& node);

}  // namespace ranvier::text
