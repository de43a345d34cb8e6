// The library by name: networks, neurons, channels, synapses, outputs and sources; what `ranvier list` and `ranvier show` show.
// A part is one file, models/<kind>/<name>.cpp, that defines a function <name>() in ranvier::models::<kind>: nothing else is edited.
//
//   Model cell = models::neuron("adexif", {{"tau_w", 100 * ms}});
//   Network net = models::network("coba_hh", {{"scale", 0.5}});
//   for (const auto* part : models::parts("neurons")) std::puts(part->describe().summary.c_str());
//
// models/neurons/decay.cpp, for example, is
//   Model decay() { Model m{"decay"}; m.describe("passive membrane", "Lapicque 1907"); ...; return m; }
// and models/networks/<name>.cpp returns an Entry, which has settings beyond the parameters of its models.
#pragma once

#include <any>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ranvier/channel.hpp"
#include "ranvier/network.hpp"

namespace ranvier::models {

/// A named value with its default: a setting of a network, or a parameter of a part.
struct Setting {
  std::string name;
  Quantity value;
  std::string meaning;
};

using Settings = std::map<std::string, Quantity>;

/// What there is to say about a part, as text; numbers in the equations are in mV, ms, pA, nS, pF, um.
struct Description {
  std::string kind, name, summary, source;
  std::vector<std::string> equations;
  std::vector<Setting> parameters;
  std::vector<std::pair<std::string, std::string>> properties;  ///< such as ("threshold", "V >= V_th"); a label may occur again
};

/// One part of the library; nothing is built until it is asked for.
struct Part {
  std::string kind;  ///< its folder: "networks", "neurons", ...
  std::string name;
  std::function<std::any()> make;            ///< Entry, Model, Output ... as the kind has it
  std::function<Description()> describe;
};

[[nodiscard]] const std::vector<std::string>& kinds();
[[nodiscard]] const std::vector<Part>& parts();
/// Those of one kind, by name. UserError with near names if there is no such kind.
[[nodiscard]] std::vector<const Part*> parts(const std::string& kind);
/// Upper and lower case and '_' do not matter: "AdExIF" is "adexif". UserError with near names if there is none.
[[nodiscard]] const Part& part(const std::string& kind, const std::string& name);

/// The model of that name with other defaults for some parameters. UserError with near names, for parameters too.
[[nodiscard]] Model neuron(const std::string& name, const Settings& parameters = {});
[[nodiscard]] Model synapse(const std::string& name, const Settings& parameters = {});
[[nodiscard]] Plasticity plasticity(const std::string& name, const Settings& parameters = {});
[[nodiscard]] Channel channel(const std::string& name, const Settings& parameters = {});
[[nodiscard]] Ion ion(const std::string& name, const Settings& parameters = {});
[[nodiscard]] Model source(const std::string& name, const Settings& parameters = {});
[[nodiscard]] Output output(const std::string& name, const Settings& parameters = {});
[[nodiscard]] Network network(const std::string& name, const Settings& settings = {});

/// A network with settings of its own.
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

/// The networks.
[[nodiscard]] const std::vector<Entry>& all();
/// A network. UserError with near names if there is none.
[[nodiscard]] const Entry& find(const std::string& name);

}  // namespace ranvier::models
