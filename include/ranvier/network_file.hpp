// A network and how it is run from a TOML file (docs/network-files.md). Every mistake is reported at once, each with its line, column
// and a caret.
//
//   NetworkFile file = read_network_file("net.toml", {{"we", 5 * nS}});
//   Simulation sim{file.network, file.run.options()};
//   sim.run(file.run.duration);
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ranvier/equations.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier {

/// [run]
struct RunSettings {
  Quantity duration = 100.0 * units::ms, dt = 0.1 * units::ms;
  std::uint64_t seed = 1;
  int threads = 0;
  std::optional<Precision> precision;
  std::string method;
  [[nodiscard]] SimulationOptions options() const;
};

struct NetworkFile {
  std::string title, source;
  Network network;
  RunSettings run;
  std::map<std::string, Quantity> constants;
};

/// Constants that take another value than the file's.
using ConstantValues = std::map<std::string, Quantity>;

/// ParseError with all mistakes; UserError if it cannot be read or has more than 16 MB.
[[nodiscard]] NetworkFile read_network_file(const std::string& path, const ConstantValues& set = {});
/// The same for a text; `name` is for messages.
[[nodiscard]] NetworkFile network_from_toml(const std::string& text, const ConstantValues& set = {}, const std::string& name = "network");

}  // namespace ranvier
