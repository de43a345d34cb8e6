#include "sonata/table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "ranvier/error.hpp"

namespace ranvier::sonata {
namespace {

template <class T>
T parsed(const Table& table, std::size_t row, const std::string& column) {
  const auto& text = table.text(row, column);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size()) return value;
  throw UserError(table.path.string() + ", line " + std::to_string(row + 2), "'" + column + "' is '" + text + "'", "give a number");
}

std::vector<std::string> words(const std::string& line) {
  std::vector<std::string> out;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string::npos;) {
    const bool quote = line[at] == '"';
    const auto end = std::min(quote ? line.find('"', at + 1) : line.find_first_of(" \t\r", at), line.size());
    out.push_back(line.substr(at + (quote ? 1 : 0), end - at - (quote ? 1 : 0)));
    at = std::min(end + (quote ? 1 : 0), line.size());
  }
  return out;
}

}  // namespace

bool Table::has(const std::string& column) const { return std::find(columns.begin(), columns.end(), column) != columns.end(); }

const std::string& Table::text(std::size_t row, const std::string& column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) throw UserError(path.string(), "there is no column '" + column + "'", "it is needed to make the network again");
  return rows.at(row)[static_cast<std::size_t>(found - columns.begin())];
}
std::uint32_t Table::whole(std::size_t row, const std::string& column) const { return parsed<std::uint32_t>(*this, row, column); }
double Table::number(std::size_t row, const std::string& column) const { return parsed<double>(*this, row, column); }

std::string Table::print() const {
  std::string out;
  const auto line = [&](const std::vector<std::string>& values) {
    for (std::size_t k = 0; k < values.size(); ++k) out += (k == 0 ? "" : " ") + values[k];
    out += "\n";
  };
  line(columns);
  for (const auto& row : rows) line(row);
  return out;
}

Table read_table(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) throw UserError(path.string(), "it cannot be read", "check circuit_config.json");
  Table table{path, {}, {}};
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    auto values = words(line);
    if (values.empty()) continue;
    if (table.columns.empty()) {
      table.columns = std::move(values);
    } else if (values.size() == table.columns.size()) {
      table.rows.push_back(std::move(values));
    } else {
      throw UserError(path.string() + ", line " + std::to_string(number), "it has " + std::to_string(values.size()) + " values for " +
                          std::to_string(table.columns.size()) + " columns", "mend the line");
    }
  }
  return table;
}

}  // namespace ranvier::sonata
