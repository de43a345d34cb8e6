// Finds parts of the library by name and fills in their settings.
#include <algorithm>
#include <cctype>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"

namespace ranvier::models {

std::vector<std::string> every_kind();
std::vector<Part> every_part();

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

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all_kinds = every_kind();
  return all_kinds;
}

const std::vector<Part>& parts() {
  static const std::vector<Part> all_parts = every_part();
  return all_parts;
}

std::vector<const Part*> parts(const std::string& kind) {
  if (std::find(kinds().begin(), kinds().end(), kind) == kinds().end()) {
    throw UserError("the library has no '" + kind + "'", detail::suggest(kind, kinds()));
  }
  std::vector<const Part*> out;
  for (const auto& p : parts()) {
    if (p.kind == kind) out.push_back(&p);
  }
  return out;
}

namespace {

std::string plain(const std::string& name) {
  std::string out;
  for (const unsigned char c : name) {
    if (c != '_') out += static_cast<char>(std::tolower(c));
  }
  return out;
}

template <class T>
T adjusted(const std::string& kind, const std::string& name, const Settings& parameters) {
  auto made = std::any_cast<T>(part(kind, name).make());
  for (const auto& [parameter, value] : parameters) made.set(parameter, value);
  return made;
}

/// "neurons" -> "neuron", "plasticities" -> "plasticity".
std::string singular(const std::string& kind) {
  return kind.ends_with("ies") ? kind.substr(0, kind.size() - 3) + "y" : kind.substr(0, kind.size() - 1);
}

}  // namespace

const Part& part(const std::string& kind, const std::string& name) {
  std::vector<std::string> known;
  for (const auto* p : parts(kind)) {
    if (plain(p->name) == plain(name)) return *p;
    known.push_back(p->name);
  }
  const std::string what = kind == "networks" ? "model" : singular(kind);
  throw UserError("there is no " + what + " '" + name + "'", detail::suggest(name, known));
}

Model neuron(const std::string& name, const Settings& parameters) { return adjusted<Model>("neurons", name, parameters); }
Model synapse(const std::string& name, const Settings& parameters) { return adjusted<Model>("synapses", name, parameters); }
Model source(const std::string& name, const Settings& parameters) { return adjusted<Model>("sources", name, parameters); }
Output output(const std::string& name, const Settings& parameters) { return adjusted<Output>("outputs", name, parameters); }
Plasticity plasticity(const std::string& name, const Settings& parameters) {
  return adjusted<Plasticity>("plasticities", name, parameters);
}
Channel channel(const std::string& name, const Settings& parameters) {
  return std::any_cast<Channel>(part("channels", name).make()).with(parameters);
}
Ion ion(const std::string& name, const Settings& parameters) {
  return std::any_cast<Ion>(part("ions", name).make()).with(parameters);
}
Network network(const std::string& name, const Settings& settings) { return find(name).build(settings); }

const std::vector<Entry>& all() {
  static const std::vector<Entry> entries = [] {
    std::vector<Entry> out;
    for (const auto* p : parts("networks")) out.push_back(std::any_cast<Entry>(p->make()));
    return out;
  }();
  return entries;
}

const Entry& find(const std::string& name) {
  const auto& wanted = part("networks", name);
  return *std::find_if(all().begin(), all().end(), [&](const auto& e) { return e.name == wanted.name; });
}

}  // namespace ranvier::models
