#include <algorithm>
#include <cctype>
#include <numeric>

#include "model/model_data.hpp"

namespace ranvier::detail {
namespace {

int lower(char c) { return std::tolower(static_cast<unsigned char>(c)); }

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row.back();
}

}  // namespace

std::string suggest(const std::string& name, const std::vector<std::string>& known) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& k : known) ranked.emplace_back(edit_distance(name, k), k);
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string near, all;
  for (const auto& [distance, k] : ranked) {
    if (!name.empty() && distance <= std::max<std::size_t>(1, name.size() / 3) && near.size() < 80) near += (near.empty() ? "'" : " or '") + k + "'";
  }
  if (!near.empty()) return "did you mean " + near + "?";
  for (const auto& k : known) {
    if (all.size() > 300) return "there is " + all + ", ...";
    all += (all.empty() ? "'" : ", '") + k + "'";
  }
  return all.empty() ? "there is none" : "there is " + all;
}

}  // namespace ranvier::detail
