// Columns of text that line up.
//
//   Table t({"name", "neurons"}, {1});        // the second column is aligned at the right
//   t.add({"E", "3,200"});
//   std::string text = t.text("  ");
#pragma once

#include <set>
#include <string>
#include <vector>

namespace ranvier::cli {

/// Characters of UTF-8 text, each taken to be one column wide.
[[nodiscard]] std::size_t width_of(const std::string& text);

class Table {
 public:
  explicit Table(std::vector<std::string> heads, std::set<std::size_t> right = {}) : rows_{std::move(heads)}, right_(std::move(right)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }
  /// One line a row, each behind `indent`; columns without any text are left out.
  [[nodiscard]] std::string text(const std::string& indent) const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::set<std::size_t> right_;
};

}  // namespace ranvier::cli
