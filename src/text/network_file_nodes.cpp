// The only file that sees toml++.
#include "text/network_file_nodes.hpp"

#include <algorithm>
#include <cmath>

#include "base/quote.hpp"

// toml++ asserts, or with NDEBUG even assumes, what a malformed file does not hold; its code after that reports the mistake.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace ranvier::text {

const Member* Node::find(const std::string& name) const {
  const auto it = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
  return it == members.end() ? nullptr : &*it;
}

Span Node::span() const {
  const auto end = std::min(piece.text.find('\n'), piece.text.size());
  return {0, static_cast<std::uint32_t>(std::max<std::size_t>(1, end))};
}

TextPiece part_of(const TextPiece& piece, std::size_t first, std::size_t length) {
  const std::string_view before = std::string_view(piece.text).substr(0, first);
  const auto newline = before.rfind('\n');
  const auto start = newline == std::string_view::npos ? 0 : newline + 1;
  std::uint32_t column = newline == std::string_view::npos ? piece.column : 1;
  for (const unsigned char c : before.substr(start)) column += (c & 0xC0) != 0x80;
  const auto line = piece.line + static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  return {piece.text.substr(first, length), piece.file, line, column};
}

std::string kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::table: return "a table";
    case Node::Kind::array: return "a list";
    case Node::Kind::string: return "text";
    case Node::Kind::number: return "a number";
    case Node::Kind::truth: return "true or false";
    case Node::Kind::other: return "a date";
  }
  return "";
}

namespace {

/// Keys nest without limit in the reader of TOML; a thousand levels are enough for it and too many for us.
constexpr std::size_t most_dots = 1000, deepest_tables = 50;

class Converter {
 public:
  Converter(const std::string& text, const std::string& file) : text_(text), file_(file) {
    for (std::size_t at = 0; at != std::string::npos && at <= text.size();) {
      lines_.push_back(at);
      const auto next = text.find('\n', at);
      at = next == std::string::npos ? next : next + 1;
    }
  }

  /// Byte of a place; columns count characters.
  [[nodiscard]] std::size_t offset(toml::source_position p) const {
    if (p.line == 0 || p.line > lines_.size()) return text_.size();
    auto at = lines_[p.line - 1];
    for (std::uint32_t column = 1; column < p.column && at < text_.size(); ++column) {
      ++at;
      while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
  }

  [[nodiscard]] TextPiece piece(const toml::source_region& region) const {
    const auto first = offset(region.begin), last = offset(region.end);
    return {text_.substr(first, last > first ? last - first : 1), file_, region.begin.line, region.begin.column};
  }

  Node node(const toml::node& n, std::size_t depth) const {
    if (depth > deepest_tables) throw UserError("tables and lists are nested more than " + std::to_string(deepest_tables) + " deep", "write it flatter");
    Node out;
    out.piece = piece(n.source());
    if (const auto* table = n.as_table()) {
      out.kind = Node::Kind::table;
      for (auto&& [key, value] : *table) out.members.push_back({std::string(key.str()), piece(key.source()), node(value, depth + 1)});
      std::stable_sort(out.members.begin(), out.members.end(), [](const auto& a, const auto& b) {
        return std::pair(a.key.line, a.key.column) < std::pair(b.key.line, b.key.column);
      });
    } else if (const auto* array = n.as_array()) {
      out.kind = Node::Kind::array;
      for (auto&& value : *array) out.items.push_back(node(value, depth + 1));
    } else if (const auto* s = n.as_string()) {
      out.kind = Node::Kind::string;
      out.piece = content(out.piece, s->get());
    } else if (const auto* i = n.as_integer()) {
      out.kind = Node::Kind::number;
      out.number = static_cast<double>(i->get());
      out.whole = true;
    } else if (const auto* f = n.as_floating_point()) {
      out.kind = Node::Kind::number;
      out.number = f->get();
    } else if (const auto* b = n.as_boolean()) {
      out.kind = Node::Kind::truth;
      out.truth = b->get();
    }
    return out;
  }

 private:
  /// Where a string's text begins, behind its quotes. With escapes, the text is no longer what stands in the file: a break at the end of a
  /// line means to equations what it means to TOML and is kept; others leave the place of the string.
  [[nodiscard]] TextPiece content(const TextPiece& quoted, const std::string& value) const {
    const std::string& raw = quoted.text;
    const bool three = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    std::size_t first = three ? 3 : 1;
    const std::size_t closing = first;
    if (three && raw.compare(first, 2, "\r\n") == 0) first += 2;
    if (three && raw.compare(first, 1, "\n") == 0) first += 1;
    if (raw.size() < first + closing) return {value, quoted.file, quoted.line, quoted.column};
    TextPiece inside = part_of(quoted, first, raw.size() - first - closing);
    if (inside.text == value) return inside;
    bool breaks_only = true;
    for (std::size_t at = 0; (at = inside.text.find('\\', at)) != std::string::npos; ++at) {
      const auto next = inside.text.find_first_not_of(" \t\r", at + 1);
      breaks_only &= next != std::string::npos && inside.text[next] == '\n';
    }
    if (!breaks_only) inside.text = value;
    return inside;
  }

  const std::string& text_;
  const std::string& file_;
  std::vector<std::size_t> lines_;
};

bool is_utf8(std::string_view text, std::size_t& at) {
  for (at = 0; at < text.size();) {
    const auto n = character_length(text, at);
    if (n == 0) return false;
    at += n;
  }
  return true;
}

/// Behind the text that begins at `at`, with its closing quotes; a plain text ends with its line at the latest.
std::size_t behind_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool three = text.substr(at, 3) == std::string(3, quote);
  for (at += three ? 3 : 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (!three && (text[at] == quote || text[at] == '\n')) {
      return at + 1;
    } else if (three && text.substr(at, 3) == std::string(3, quote)) {
      at += 3;
      for (int more = 0; more < 2 && at < text.size() && text[at] == quote; ++more) ++at;  // quotes that belong to the text
      return at;
    }
  }
  return text.size();
}

/// The first character beyond ASCII outside of texts and comments, which no TOML has there and its reader does not expect; npos: none.
std::size_t first_outside(std::string_view text) {
  for (std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; at < text.size();) {
    const char c = text[at];
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '"' || c == '\'') {
      at = behind_quotes(text, at);
    } else if ((static_cast<unsigned char>(c) & 0x80) != 0) {
      return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

std::size_t longest_dotted(std::string_view text) {
  std::size_t most = 0, dots = 0;
  for (const char c : text) {
    if (c == '.') {
      most = std::max(most, ++dots);
    } else if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '"' && c != '\'' && c != ' ' && c != '\t') {
      dots = 0;
    }
  }
  return most;
}

/// What stands between the first pair of ' in a message, with them.
std::string quoted_word(const std::string& text) {
  const auto from = text.find('\''), to = from == std::string::npos ? from : text.find('\'', from + 1);
  return to == std::string::npos ? "this key" : text.substr(from, to - from + 1);
}

/// A number around this place that has no digit before or behind its point, which most languages take and TOML does
/// not; empty: none.
std::string bare_point(std::string_view text, std::size_t at) {
  const auto part = [&](std::size_t k) { return std::isdigit(static_cast<unsigned char>(text[k])) || text[k] == '.'; };
  auto from = at, to = at;
  while (from > 0 && part(from - 1)) --from;
  while (to < text.size() && part(to)) ++to;
  const auto word = text.substr(from, to - from);
  const bool one = std::count(word.begin(), word.end(), '.') == 1 && word.size() > 1;
  return one && (word.front() == '.' || word.back() == '.') ? std::string(word) : "";
}

/// The reader's words in ours.
std::pair<std::string, std::string> translated(std::string_view words) {
  std::string text(words);
  const auto has = [&](const char* part) { return text.find(part) != std::string::npos; };
  if (has("exceeded maximum nested")) return {"brackets are nested too deep", "write it flatter"};
  if (has("cannot redefine")) return {quoted_word(text) + " is given twice", "give it once; a second [[...]] of that name needs double brackets"};
  const bool in_text = has("string");
  if (in_text && has("end-of-file")) return {"the file ends within a text", "close the text with the quotes that open it"};
  if (in_text && has("unescaped control")) return {"the text is not closed on its line", "end it with a quote, or write it between \"\"\" and \"\"\""};
  if (has("escape")) return {"an unknown escape in a text: a backslash means more than itself here", "write \\\\ for it, or put the text between single quotes"};
  if (has("expected ']'")) return {"this '[' is never closed", "close the name of the table with ']'"};
  if (has("closing ']'")) return {"the list is not closed here: ',' or ']' is missing", "write [A, B]"};
  if (has("closing '}'")) return {"the table is not closed on its line: ',' or '}' is missing", "write { KEY = VALUE, KEY = VALUE } on one line, or [TABLE] and a line for each key"};
  if (has("expected '='")) return {"'=' is missing after the key", "write KEY = VALUE"};
  if (has("comment or whitespace")) return {"something follows the value", "write one KEY = VALUE a line, and expressions in quotes: tau = \"20*ms\""};
  if (has("expected value")) return {"a value is missing", "write KEY = VALUE; expressions stand in quotes: tau = \"20*ms\""};
  if (has("control character")) return {"a character that cannot be seen stands here", "remove it"};
  if (has("expected key") || has("bare key")) return {"this is no key", "keys are letters, digits, '_' and '-'; other names stand in quotes"};
  if (has("end-of-file")) return {"the file ends too early", "complete its last line"};
  constexpr const char* of_values[] = {"parsing boolean", "could not determine value type", "parsing value", "digit", "integer", "floating-point", "leading zeroes",
                                       "underscores", "date", "time", "exponent", "numeric", "interpret"};
  if (std::any_of(std::begin(of_values), std::end(of_values), has)) return {"this is no value", "expressions stand in quotes: tau = \"20*ms\""};
  return {"the file cannot be understood from here on", "see the examples of ranvier new"};
}

}  // namespace

std::optional<Node> parse_toml(const std::string& text, const std::string& file, Report& report) {
  const TextPiece all(text, file, 1, 1);
  const Source source(all);
  std::size_t bad = 0;
  if (text.size() > longest_text) {
    report.add(source, {0, 1}, "the file has " + std::to_string(text.size()) + " bytes", "files of up to " + std::to_string(longest_text >> 20) + " MB are read");
  } else if (!is_utf8(text, bad)) {
    report.add(source, {static_cast<std::uint32_t>(bad), 1}, "the text is not UTF-8 here", "save the file as UTF-8");
  } else if ((bad = first_outside(text)) != std::string_view::npos) {
    const auto n = character_length(text, bad);
    report.add(source, {static_cast<std::uint32_t>(bad), static_cast<std::uint32_t>(n)}, base::quoted(text.substr(bad, n)) + " stands outside of quotes",
               "put texts and names that have it in quotes");
  } else if (longest_dotted(text) > most_dots) {
    report.add(source, {0, 1}, "a key has more than " + std::to_string(most_dots) + " dots", "write it flatter");
  } else {
    const Converter converter(text, file);
    try {
      return converter.node(toml::parse(std::string_view(text), std::string_view(file)), 0);
    } catch (const toml::parse_error& e) {
      auto [problem, remedy] = translated(e.description());
      // Many faults are found where the line ends.
      auto at = std::min(converter.offset(e.source().begin), text.size());
      while (at > 0 && (at == text.size() || text[at] == '\n' || text[at] == '\r')) --at;
      if (const auto number = bare_point(text, at); !number.empty()) {
        problem = "TOML knows no number '" + number + "'";
        remedy = "write " + (number.front() == '.' ? "0" + number : number + "0");
      }
      // What is given twice is the key, which stands before the value.
      if (const auto word = quoted_word(problem); problem.ends_with("is given twice") && word.size() > 2) {
        const auto line = text.rfind('\n', at), key = text.rfind(word.substr(1, word.size() - 2), at);
        if (key != std::string::npos && (line == std::string::npos || key > line)) at = key;
      }
      report.add(source, {static_cast<std::uint32_t>(at), 1}, problem, remedy);
    } catch (const UserError& e) {
      report.add(source, {0, 1}, e.problem(), e.remedy());
    }
  }
  return {};
}

}  // namespace ranvier::text
