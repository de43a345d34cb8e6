// A network and how it is run from a TOML file (docs/network-files.md). Every mistake is reported at once, each with its line, column
// and a caret.
//
//   NetworkFile file = read_network_file("net.toml", {{"we", 5 * nS}});
//   Simulation sim{file.network, file.run.options()};
//   sim.run(file.run.duration);
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

/// One of [[recordings]]: what, of whom, when. A file names recordings, never where they are written.
struct Recording {
  enum class What { spikes, rate, variable, expression, synapses };
  std::string name;                     ///< unique in the file; letters, digits, _ - and . only
  What what{};
  std::string of, variable;             ///< population or projection; state, parameter or expression as it was written
  RecordOptions options;
  std::optional<Quantity> every;        ///< as a time, in place of options.every
  ExpressionFunction expression;
};
/// What attach() made: one of the two.
struct Recorded {
  std::string name;
  std::shared_ptr<const SpikeRecord> spikes;
  std::shared_ptr<const StateRecord> values;
};
/// Before the run of `duration` in steps of `dt`. UserError that names the recording if its times are no multiples of dt, or it would keep more
/// than 4 GB.
[[nodiscard]] Recorded attach(Simulation& simulation, const Recording& recording, Quantity duration, Quantity dt);

/// Where the parts of a network stand in its file: by what errors call them ("population 'E'", "projection 'E_to_I'"), then by key; the part itself
/// has the key "".
using FilePlaces = std::map<std::string, std::map<std::string, Diagnostic>>;

struct NetworkFile {
  std::string title, source;
  Network network;
  RunSettings run;
  std::vector<Recording> recordings;
  std::map<std::string, Quantity> constants;
  FilePlaces places;
};
/// An error of the network that was found after reading, at its place: at the key of its part that it speaks of, else at the part. Nothing for an
/// error of something else.
[[nodiscard]] std::optional<ParseError> located(const FilePlaces& places, const Error& error);

/// Constants that take another value than the file's.
using ConstantValues = std::map<std::string, Quantity>;

/// What options of a command say in place of [run], since waveforms are made for it.
struct RunOverrides {
  std::optional<Quantity> duration = {}, dt = {};
};

/// ParseError with all mistakes; UserError if it cannot be read or has more than 16 MB.
[[nodiscard]] NetworkFile read_network_file(const std::string& path, const ConstantValues& set = {}, const RunOverrides& run = {});
/// The same for a text; `name` is for messages.
[[nodiscard]] NetworkFile network_from_toml(const std::string& text, const ConstantValues& set = {}, const std::string& name = "network",
                                            const RunOverrides& run = {});

/// How synapses, outputs and plasticities of the library are written: "exponential(tau = 5*ms)", or as equations that can be changed.
enum class LibraryParts : std::uint8_t { by_name, as_equations };

/// The same network as text: read back, it has the same step program, bit for bit, and the same names, so the same random numbers (names that equations
/// cannot have, such as "INa.p", get a '_'). UnsupportedError that names what the format cannot say.
[[nodiscard]] std::string to_toml(const NetworkFile& file, LibraryParts parts = LibraryParts::by_name);

}  // namespace ranvier
