// Collects the mistakes of a text, with their places, and throws them together.
//
//   Report report;
//   Source source(piece);
//   report.add(source, {5, 2}, "unknown name 'gL'", "did you mean 'gl'?");
//   report.finish();                     // ParseError if there are any
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ranvier/equations.hpp"

namespace ranvier::text {

/// Bytes [first, first + length) of a source.
struct Span {
  std::uint32_t first = 0, length = 0;
  [[nodiscard]] std::uint32_t last() const { return first + length; }
};
inline Span join(Span a, Span b) {
  const auto first = a.first < b.first ? a.first : b.first;
  const auto last = a.last() > b.last() ? a.last() : b.last();
  return {first, last - first};
}

class Source {
 public:
  explicit Source(const TextPiece& piece) : piece_(&piece) {}
  [[nodiscard]] std::string_view text() const { return piece_->text; }
  /// The user's own words, cut to a bearable length, in quotes.
  [[nodiscard]] std::string quote(Span span) const;
  [[nodiscard]] Diagnostic diagnose(Span span, std::string problem, std::string remedy) const;

 private:
  const TextPiece* piece_;
};

/// Length of the UTF-8 character at `at`, 0 if it is not one.
[[nodiscard]] std::size_t character_length(std::string_view text, std::size_t at);
/// The whole line of a place in a text, as its excerpt.
void show_line(Diagnostic& d, std::string_view text);

class Report {
 public:
  /// Mistakes beyond the hundredth are counted, not kept.
  void add(const Source& source, Span span, std::string problem, std::string remedy = {});
  [[nodiscard]] bool empty() const { return diagnostics_.empty(); }
  [[nodiscard]] std::size_t count() const { return diagnostics_.size(); }
  /// The mistakes that another reader found.
  void take(const ParseError& error);
  /// Shows whole lines of `file`, where its text is known.
  void show_lines(const std::string& file, std::string_view text);
  /// Throws what was collected, in order of place.
  void finish();

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// The longest text that is read [bytes], the deepest nesting of parentheses, and the longest name.
inline constexpr std::size_t longest_text = std::size_t{16} << 20, deepest_nesting = 200, longest_name = 200;

}  // namespace ranvier::text
