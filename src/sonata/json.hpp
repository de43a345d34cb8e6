// JSON as far as configurations need it: a tree of values, read and written.
//
//   Json config = read_json("circuit_config.json");
//   std::string file = config.at("networks").at("nodes").items().at(0).at("nodes_file").text();
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ranvier::sonata {

class Json {
 public:
  enum class Kind { null, boolean, number, text, array, object };
  Json() = default;
  Json(double number) : kind_(Kind::number), number_(number) {}              // NOLINT
  Json(std::string text) : kind_(Kind::text), text_(std::move(text)) {}      // NOLINT
  Json(std::vector<Json> items) : kind_(Kind::array), items_(std::move(items)) {}  // NOLINT
  Json(std::vector<std::pair<std::string, Json>> members);                   // NOLINT

  [[nodiscard]] Kind kind() const { return kind_; }
  // UserError, naming what is missing or of another kind.
  [[nodiscard]] const Json& at(const std::string& name) const;
  [[nodiscard]] double number() const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] const std::vector<Json>& items() const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }  ///< of an object's members, in order
  [[nodiscard]] bool has(const std::string& name) const;
  [[nodiscard]] std::string print(int indent = 0) const;

 private:
  friend class JsonParser;
  Kind kind_ = Kind::null;
  double number_ = 0;
  std::string text_;
  std::vector<std::string> names_;
  std::vector<Json> items_;  ///< of an array, or the values of an object's members
};

/// UserError that names file and line.
[[nodiscard]] Json read_json(const std::filesystem::path& path);
/// UserError if it cannot be written.
void write_text(const std::filesystem::path& path, const std::string& text);
[[nodiscard]] std::string shortest(double value);  ///< the shortest text that reads back the same

}  // namespace ranvier::sonata
