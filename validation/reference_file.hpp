// Reads the reference files of validation cases: lines of a tag and fields, '#' starts a comment.
//
//   for (const auto& r : read_reference(CASE_DIR "/truth_ge10.txt"))
//     if (r.tag == "spike") times.push_back(r.number(0));
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct ReferenceRow {
  std::string tag;
  std::vector<std::string> fields;
  double number(std::size_t k) const { return std::stod(fields.at(k)); }
};

inline std::vector<ReferenceRow> read_reference(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("no reference file " + path);
  std::vector<ReferenceRow> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    ReferenceRow row;
    words >> row.tag;
    for (std::string w; words >> w;) row.fields.push_back(w);
    rows.push_back(std::move(row));
  }
  return rows;
}
