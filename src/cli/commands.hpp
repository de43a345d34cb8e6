// The commands of the program. Each returns the exit status; errors are thrown.
//
//   return cli::run(request.run, clock);
#pragma once

#include <chrono>
#include <cstdio>

#include "cli/options.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"

namespace ranvier::cli {

enum ExitStatus { exit_good = 0, exit_fault = 1, exit_user = 2, exit_interrupted = 130 };

/// Seconds since the process began.
class ProcessClock {
 public:
  ProcessClock();
  [[nodiscard]] double seconds() const;

 private:
  std::chrono::steady_clock::time_point start_;
  double before_;  ///< what had passed when this was made
};

int list(const std::string& name, bool json);
/// One line for each part of a kind, method or connection rule.
int list_kind(const std::string& what, bool json);
/// All that is known of what has this name, whatever its kind; of a network its parts, size and memory.
int show(const ShowRequest& request);
/// The same of a network, of the library or of a file, as text or as a JSON object.
[[nodiscard]] std::string show_network(const ShowRequest& request);
/// The stages of compilation that are asked for, on the standard output.
void show_stages(const Network& net, const ShowRequest& request);
/// A network file. UnsupportedError for what the format cannot say.
[[nodiscard]] std::string as_toml(const Network& net, const std::string& title, const std::string& source, const NetworkRequest& request, Quantity duration,
                                  LibraryParts parts = LibraryParts::by_name);
/// What list_kind() knows: the kinds of the library, "connections", "methods".
[[nodiscard]] const std::vector<std::string>& listed_kinds();
/// A network's name, summary, source and settings.
[[nodiscard]] std::string heading(const models::Entry& entry);
int run(const RunRequest& request, const ProcessClock& clock);
int sweep(const SweepRequest& request);
int verify(const VerifyRequest& request);
int recover(const std::vector<std::string>& paths);

/// Reads a network file and says what it holds; throws ParseError with all its mistakes.
int check(const std::string& path);
/// Writes a commented network file to begin with; "-": to the standard output. UserError if the file is there.
int new_file(const std::string& path);
/// Whether a name is that of a network file.
[[nodiscard]] bool is_file(const std::string& name);
/// A network of the library or of a file, whose settings are the file's constants.
[[nodiscard]] models::Entry network_entry(const NetworkRequest& request);
/// The network that was asked for, with its settings and parameters.
[[nodiscard]] Network build_network(const models::Entry& entry, const NetworkRequest& request);
/// What Simulation::run() would refuse, found before any file is touched.
void check_times(Quantity duration, Quantity dt);
/// The options of the simulation, RANVIER_DUMP included. UserError that names the stages if it holds an unknown one.
[[nodiscard]] SimulationOptions simulation_options(const NetworkRequest& request, Backend backend);
/// Stages of compilation, separated by commas, are to be written to `out`. UserError, naming `option`, for an unknown one.
void dump_stages(SimulationOptions& options, const std::string& option, const std::string& stages, std::FILE* out);

/// Writes to the standard output; UserError if it cannot take it (a full disk, say).
void print(const std::string& text);
/// Writes a file, or to the standard output if the path is "-". UserError if it cannot be written.
void write_text(const std::string& path, const std::string& text);
/// "ranvier: " + text on the standard error.
void notice(const std::string& text);
/// "ranvier: error: " + text on the standard error.
void print_error(const std::string& text);

}  // namespace ranvier::cli
