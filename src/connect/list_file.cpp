// from_file(): the text form of an explicit list.
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "ranvier/connect.hpp"

namespace ranvier {
namespace {

enum Column : std::size_t { pre, post, weight, delay, column_count };
constexpr std::array<std::string_view, column_count> column_names = {"pre", "post", "weight", "delay"};

/// What a line may hold before it is cut in messages.
std::string shown(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, 40)) clean += c >= ' ' && c <= '~' ? c : '?';
  return "\"" + clean + (text.size() > 40 ? "..." : "") + "\"";
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  PairList read() {
    std::ifstream file(path_, std::ios::binary);
    if (!file) throw UserError(path_, std::string("cannot be opened: ") + std::strerror(errno), "check the file's name and permissions");
    std::string line;
    while (std::getline(file, line)) {
      ++line_;
      split(line);
      if (fields_.empty()) continue;
      if (order_.empty() && take_header()) continue;
      take_pair();
    }
    if (file.bad() || (file.fail() && !file.eof())) throw UserError(path_, "cannot be read", "it must be a text file, not a folder");
    list_.origin = path_;
    return std::move(list_);
  }

 private:
  [[noreturn]] void fail(std::string problem, std::string remedy) const {
    throw UserError(path_ + ":" + std::to_string(line_), std::move(problem), std::move(remedy));
  }

  /// Fields between blanks, commas and semicolons. Two separators other than blanks in a row leave an empty field.
  void split(std::string_view line) {
    fields_.clear();
    if (const auto comment = line.find('#'); comment != std::string_view::npos) line = line.substr(0, comment);
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    const auto mark = [](char c) { return c == ',' || c == ';'; };
    bool wanted = false;  // a mark was seen and the field after it is still to come
    std::size_t i = 0;
    while (i < line.size()) {
      if (blank(line[i])) {
        ++i;
      } else if (mark(line[i])) {
        if (wanted || fields_.empty()) fields_.emplace_back();
        wanted = true;
        ++i;
      } else {
        const std::size_t begin = i;
        while (i < line.size() && !blank(line[i]) && !mark(line[i])) ++i;
        fields_.push_back(line.substr(begin, i - begin));
        wanted = false;
      }
    }
    if (wanted) fields_.emplace_back();
  }

  /// The first line fixes the columns: by name if its first field is a word, else by their number.
  bool take_header() {
    const std::string_view first = fields_.front();
    const bool named = !first.empty() && ((first[0] | 0x20) >= 'a' && (first[0] | 0x20) <= 'z') &&
                       std::find(column_names.begin(), column_names.end(), first) != column_names.end();
    if (!named) {
      if (fields_.size() < 2 || fields_.size() > column_count) {
        fail("expected 2 to 4 columns and found " + std::to_string(fields_.size()) + ": " + shown(fields_.front()),
             "write `pre post [weight] [delay]` on each line, or name the columns in the first line");
      }
      for (std::size_t i = 0; i < fields_.size(); ++i) order_.push_back(static_cast<Column>(i));
      return false;
    }
    for (const std::string_view name : fields_) {
      const auto found = std::find(column_names.begin(), column_names.end(), name);
      if (found == column_names.end()) fail("unknown column " + shown(name), "the columns are pre, post, weight and delay");
      const auto column = static_cast<Column>(found - column_names.begin());
      if (has(column)) fail("column " + shown(name) + " is named twice", "name each column once");
      order_.push_back(column);
    }
    if (!has(pre) || !has(post)) fail("the columns pre and post are not both named", "name both, for example `pre,post,weight`");
    return true;
  }
  [[nodiscard]] bool has(Column column) const { return std::find(order_.begin(), order_.end(), column) != order_.end(); }

  void take_pair() {
    if (fields_.size() != order_.size()) {
      fail("expected " + std::to_string(order_.size()) + " columns and found " + std::to_string(fields_.size()),
           "every line must have as many columns as the first");
    }
    for (std::size_t i = 0; i < order_.size(); ++i) {
      switch (order_[i]) {
        case pre: list_.pre.push_back(index(fields_[i], "pre")); break;
        case post: list_.post.push_back(index(fields_[i], "post")); break;
        case weight: list_.weight.push_back(real(fields_[i], "weight")); break;
        default:
          list_.delay.push_back(real(fields_[i], "delay"));
          if (list_.delay.back() < 0) fail("the delay is negative: " + shown(fields_[i]), "delays must be 0 ms or more");
      }
    }
  }

  [[nodiscard]] std::uint32_t index(std::string_view text, const char* name) const {
    std::uint32_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
      fail(std::string(name) + " is " + shown(text), "it must be a whole number from 0 to 4294967295");
    }
    return value;
  }
  [[nodiscard]] double real(std::string_view text, const char* name) const {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size() || !std::isfinite(value)) {
      fail(std::string(name) + " is " + shown(text), "it must be a finite number, without a unit");
    }
    return value;
  }

  std::string path_;
  std::size_t line_ = 0;
  std::vector<std::string_view> fields_;
  std::vector<Column> order_;
  PairList list_;
};

}  // namespace

Rule from_file(const std::string& path) { return explicit_list(Reader(path).read()); }

}  // namespace ranvier
