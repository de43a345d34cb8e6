// The library of ready-made networks, by name: what `ranvier list` shows and `ranvier run NAME` runs.
// A new one is one file in models/ that defines `ranvier::models::Entry <file name>()`.
//
//   const auto& entry = models::find("coba_hh");
//   Network net = entry.build(models::Settings{{"scale", 1.0}});
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ranvier/network.hpp"

namespace ranvier::models {

/// A named setting of an entry beyond the parameters of its models, with its default.
struct Setting {
  std::string name;
  Quantity value;
  std::string meaning;
};

using Settings = std::map<std::string, Quantity>;

struct Entry {
  std::string name;
  std::string summary;   ///< one line
  std::string source;    ///< paper or program that it follows
  std::vector<Setting> settings;
  Quantity duration;     ///< default of a run
  /// UserError for settings that it does not have, or that make no sense.
  std::function<Network(const Settings&)> make;

  [[nodiscard]] Network build(const Settings& given) const;
  /// The value of a setting: as given, else its default.
  [[nodiscard]] Quantity value(const Settings& given, const std::string& name) const;
};

[[nodiscard]] const std::vector<Entry>& all();
/// UserError with near names if there is none.
[[nodiscard]] const Entry& find(const std::string& name);

}  // namespace ranvier::models
