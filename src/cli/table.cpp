#include "cli/table.hpp"

#include <algorithm>

namespace ranvier::cli {

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string Table::text(const std::string& indent) const {
  const auto columns = rows_.front().size();
  std::vector<std::size_t> widths(columns, 0);
  for (std::size_t r = 1; r < rows_.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) widths[c] = std::max(widths[c], width_of(rows_[r][c]));
  }
  for (std::size_t c = 0; c < columns; ++c) {
    if (widths[c] > 0) widths[c] = std::max(widths[c], width_of(rows_[0][c]));
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line = indent;
    for (std::size_t c = 0; c < columns; ++c) {
      if (widths[c] == 0) continue;
      const std::string blanks(widths[c] - width_of(row[c]), ' ');
      line += (line.size() == indent.size() ? "" : "  ") + (right_.contains(c) ? blanks + row[c] : row[c] + blanks);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

}  // namespace ranvier::cli
