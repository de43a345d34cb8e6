// SONATA's type tables: text, a line of column names, values separated by blanks, NULL where there is none.
//
//   Table t = read_table("node_types.csv");
//   t.text(0, "model_template");
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ranvier::sonata {

class Table {
 public:
  std::filesystem::path path;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  [[nodiscard]] bool has(const std::string& column) const;
  /// UserError that names file, line and column.
  [[nodiscard]] const std::string& text(std::size_t row, const std::string& column) const;
  [[nodiscard]] std::uint32_t whole(std::size_t row, const std::string& column) const;
  [[nodiscard]] double number(std::size_t row, const std::string& column) const;
  [[nodiscard]] std::string print() const;
};

/// UserError: cannot be read, or a line of another number of values.
[[nodiscard]] Table read_table(const std::filesystem::path& path);

}  // namespace ranvier::sonata
