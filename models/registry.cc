// Finds entries of the library by name and fills in their settings.
#include <algorithm>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"

namespace ranvier::models {

std::vector<Entry> every_entry();

Quantity Entry::value(const Settings& given, const std::string& setting) const {
  const auto declared = std::find_if(settings.begin(), settings.end(), [&](const auto& s) { return s.name == setting; });
  if (declared == settings.end()) throw InternalError("'" + name + "' has no setting '" + setting + "'");
  const auto it = given.find(setting);
  if (it == given.end()) return declared->value;
  require(it->second, declared->value.dimension, name + ": '" + setting + "'");
  return it->second;
}

Network Entry::build(const Settings& given) const {
  for (const auto& [setting, value] : given) {
    std::vector<std::string> known;
    for (const auto& s : settings) known.push_back(s.name);
    if (std::find(known.begin(), known.end(), setting) == known.end()) {
      throw UserError(name, "there is no setting '" + setting + "'", detail::suggest(setting, known));
    }
  }
  return make(given);
}

const std::vector<Entry>& all() {
  static const std::vector<Entry> entries = every_entry();
  return entries;
}

const Entry& find(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& e : all()) {
    if (e.name == name) return e;
    known.push_back(e.name);
  }
  throw UserError("there is no model '" + name + "'", detail::suggest(name, known));
}

}  // namespace ranvier::models
