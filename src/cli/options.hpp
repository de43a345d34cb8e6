// What the user asked for on the command line, as plain values; each value has been checked for its unit and form.
//
//   Request r = parse(argc, argv);         // UserError for what cannot be understood
//   if (r.help) std::fputs(r.help->c_str(), stdout);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ranvier/simulation.hpp"

namespace ranvier::cli {

enum class Command { none, list, show, run, sweep, verify, recover, check, new_file };

/// What `run` and `verify` share: the network and how it is simulated.
struct NetworkRequest {
  std::string name;
  std::vector<std::pair<std::string, Quantity>> settings;  ///< --scale and --set, in the order given
  std::optional<Quantity> duration;
  Quantity dt = 0.1 * units::ms;
  std::uint64_t seed = 1;
  std::optional<Precision> precision;
  std::string method;
  int threads = 0, lanes = 0;
  bool disk_cache = true;
};

struct RunRequest {
  NetworkRequest network;
  Backend backend = Backend::llvm;
  std::string spikes, raster, states, traces, connections, json, output;
  std::vector<std::pair<std::string, std::string>> record;  ///< (population, variable)
  std::uint32_t record_every = 1;
  std::vector<std::uint32_t> record_neurons;  ///< empty: all
  bool quiet = false;
  std::string checkpoint, resume;
  double checkpoint_seconds = 600;  ///< of wall-clock time
};

struct SweepRequest {
  NetworkRequest network;        ///< its seed: of all points, unless `seeds` says more
  std::vector<std::string> set;  ///< "NAME=FIRST:LAST:STEP" or "NAME=VALUE,VALUE..."
  std::string seeds, csv = "-";
  bool quiet = false;
};

struct VerifyRequest {
  NetworkRequest network;
  Quantity after = 0 * units::ms;
  std::string json;
};

struct ShowRequest {
  NetworkRequest network;   ///< its name may be that of any part of the library
  bool json = false, as_toml = false;
  std::string graph, stage;
  std::vector<std::string> given;  ///< options that only networks have, as written
};

struct Request {
  Command command = Command::none;
  std::optional<std::string> help;  ///< to be printed instead of doing anything
  std::string list_name;            ///< list: one entry in full; empty: all
  bool list_json = false;
  ShowRequest show;
  RunRequest run;
  SweepRequest sweep;
  VerifyRequest verify;
  std::vector<std::string> recover;
  std::string check, new_file = "-";
};

[[nodiscard]] Request parse(int argc, char** argv);

}  // namespace ranvier::cli
