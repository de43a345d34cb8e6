// JSON text, written in the order in which it is told.
//
//   JsonObject o;  o.add("neurons", 4000).add("method", "exp_euler");
//   o.add_raw("rates", rates.text());
//   std::string text = o.text();
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace ranvier::cli {

[[nodiscard]] std::string json_string(std::string_view text);
/// Shortest form that reads back to the same number; null if it is not finite.
[[nodiscard]] std::string json_number(double value);

class JsonObject {
 public:
  JsonObject& add(std::string_view key, const std::string& value) { return add_raw(key, json_string(value)); }
  JsonObject& add(std::string_view key, const char* value) { return add_raw(key, json_string(value)); }
  JsonObject& add(std::string_view key, double value) { return add_raw(key, json_number(value)); }
  JsonObject& add(std::string_view key, bool value) { return add_raw(key, value ? "true" : "false"); }
  JsonObject& add(std::string_view key, std::integral auto value) { return add_raw(key, std::to_string(value)); }
  /// `json` is JSON text already.
  JsonObject& add_raw(std::string_view key, std::string_view json);
  /// One member a line; nested text is indented.
  [[nodiscard]] std::string text() const;

 private:
  std::string members_;
};

class JsonArray {
 public:
  JsonArray& add_raw(std::string_view json);
  [[nodiscard]] std::string text() const { return "[" + items_ + "]"; }

 private:
  std::string items_;
};

}  // namespace ranvier::cli
