#include "text/report.hpp"

#include <algorithm>
#include <tuple>

#include "base/quote.hpp"

namespace ranvier {

std::string to_string(const Diagnostic& d) {
  std::string out = d.file + ":" + std::to_string(d.line) + ":" + std::to_string(d.column) + ": " + d.problem;
  if (!d.remedy.empty()) out += "; " + d.remedy;
  // Long lines are shown around the place.
  constexpr std::size_t width = 110;
  std::string shown;
  std::size_t at = d.column - 1;
  std::size_t begin = 0;
  if (d.excerpt.size() > width && at > width / 2) begin = std::min(at - width / 2, d.excerpt.size() - width);
  while (begin > 0 && (static_cast<unsigned char>(d.excerpt[begin]) & 0xC0) == 0x80) --begin;
  shown = d.excerpt.substr(begin, width);
  const std::string number = std::to_string(d.line);
  out += "\n  " + number + " | " + shown + "\n  " + std::string(number.size(), ' ') + " | ";
  const auto caret = at >= begin ? at - begin : 0;
  const auto length = std::max<std::size_t>(1, std::min<std::size_t>(d.length, width > caret ? width - caret : 1));
  return out + std::string(caret, ' ') + std::string(length, '^');
}

namespace {

std::string joined(const std::vector<Diagnostic>& all) {
  std::string out;
  for (const auto& d : all) out += (out.empty() ? "" : "\n") + to_string(d);
  return out;
}

}  // namespace

ParseError::ParseError(std::vector<Diagnostic> diagnostics) : UserError(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

namespace text {

namespace {

/// A line of a file as it may be shown: no control characters, and U+FFFD for bytes that are no UTF-8.
std::string shown_line(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const auto length = character_length(line, at);
    if (length == 0) out += "\xEF\xBF\xBD";
    else if (static_cast<unsigned char>(line[at]) < 0x20) out += ' ';
    else out.append(line, at, length);
    at += std::max<std::size_t>(1, length);
  }
  return out;
}

}  // namespace

std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[at + k]); };
  const std::size_t n = byte(0) < 0x80 ? 1 : byte(0) >= 0xC2 && byte(0) < 0xE0 ? 2 : byte(0) >= 0xE0 && byte(0) < 0xF0 ? 3
                      : byte(0) >= 0xF0 && byte(0) < 0xF5 ? 4 : 0;
  if (n == 0 || at + n > text.size()) return 0;
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(k) & 0xC0) != 0x80) return 0;
  }
  return n;
}

std::string Source::quote(Span span) const {
  std::string words;
  for (const char c : text().substr(span.first, std::min<std::size_t>(span.length, 200))) {
    if (c != '\n' && c != '\t' && c != ' ') {
      words += c;
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  return base::quoted(words, 60);
}

Diagnostic Source::diagnose(Span span, std::string problem, std::string remedy) const {
  const auto all = text();
  const auto first = std::min<std::size_t>(span.first, all.size());
  const auto before = all.substr(0, first);
  const auto newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const auto line = all.substr(start, std::min(all.find('\n', start), all.size()) - start);
  const auto characters = [](std::string_view s) {
    return static_cast<std::uint32_t>(std::count_if(s.begin(), s.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
  };
  Diagnostic d;
  d.file = piece_->file;
  d.line = piece_->line + static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  const auto within = characters(before.substr(start));
  d.column = within + 1 + (start == 0 ? piece_->column - 1 : 0);
  d.length = characters(line.substr(first - start, span.length));
  d.problem = std::move(problem);
  d.remedy = std::move(remedy);
  // What stands before the piece in its file's line is not known: blanks keep the caret below its place.
  if (start == 0) d.excerpt = std::string(piece_->column - 1, ' ');
  d.excerpt += shown_line(line);
  return d;
}

void Report::add(const Source& source, Span span, std::string problem, std::string remedy) {
  if (diagnostics_.size() < 100) diagnostics_.push_back(source.diagnose(span, std::move(problem), std::move(remedy)));
}

void Report::take(const ParseError& error) {
  for (const auto& d : error.diagnostics()) {
    if (diagnostics_.size() < 100) diagnostics_.push_back(d);
  }
}

void show_line(Diagnostic& d, std::string_view text) {
  std::size_t start = 0;
  for (std::uint32_t line = 1; line < d.line; ++line) {
    const auto next = text.find('\n', start);
    if (next == std::string_view::npos) return;
    start = next + 1;
  }
  const auto line = text.substr(start);
  d.excerpt = shown_line(line.substr(0, line.find('\n')));
}

void Report::show_lines(const std::string& file, std::string_view text) {
  for (auto& d : diagnostics_) {
    if (d.file == file) show_line(d, text);
  }
}

void Report::finish() {
  if (diagnostics_.empty()) return;
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(), [](const auto& a, const auto& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  // A text that is used several times has its mistakes once.
  const auto same = [](const auto& a, const auto& b) {
    return std::tie(a.file, a.line, a.column, a.problem) == std::tie(b.file, b.line, b.column, b.problem);
  };
  diagnostics_.erase(std::unique(diagnostics_.begin(), diagnostics_.end(), same), diagnostics_.end());
  throw ParseError(std::move(diagnostics_));
}

}  // namespace text
}  // namespace ranvier
