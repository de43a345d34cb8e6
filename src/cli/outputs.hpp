// The files of a run: checked before the network is built, opened before it runs, finished in parallel after it.
//
//   Outputs outputs(request, net, "coba_hh");   // UserError for a path that cannot be written
//   outputs.attach(sim, attributes);            // opens what is written during the run
//   sim.run(t);
//   auto errors = outputs.finish(sim.time_ms());
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "ranvier/network_file.hpp"
#include "ranvier/sinks.hpp"

namespace ranvier::cli {

/// UserError if the file cannot be written; it is not changed, and not left behind if it was not there.
void check_writable(const std::string& path);
/// The same for a file that is written under another name, with ".part" behind it, and then renamed.
void check_replaceable(const std::string& path);

class Outputs {
 public:
  Outputs(const RunRequest& request, const Network& net, std::string title);
  /// Opens the files that are written during the run, and writes the connections. Where the request resumes a checkpoint, the simulation
  /// stands there, and files that are there are gone on with.
  void attach(Simulation& sim, const io::Attributes& attributes);
  /// More for the figure of traces, if there is one.
  void draw_too(const std::vector<Recorded>& records);
  /// Draws the figures and closes the files, all at the same time. What went wrong, one message each.
  [[nodiscard]] std::vector<std::string> finish(double reached_ms);
  /// (what, path) of each file, in the order of --help.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> files() const;

 private:
  struct Report {
    std::string variable, path;
    std::vector<std::string> populations;
    std::shared_ptr<io::ReportOutput> output;
  };
  struct Trace {
    std::string population, variable;
    std::shared_ptr<const StateRecord> record;
  };
  [[nodiscard]] io::FileOptions file_options() const;
  void plan_reports();
  void check_paths() const;
  void attach_reports(Simulation& sim, const io::Attributes& attributes);
  void attach_traces(Simulation& sim);
  void write_connections(const Simulation& sim, const io::Attributes& attributes) const;
  void draw_raster(double reached_ms) const;
  void draw_traces(double reached_ms) const;
  void close_files();

  const RunRequest& request_;
  const Network& net_;
  std::string title_;
  std::future<void> figures_checked_;  ///< loads the drawing library meanwhile
  std::shared_ptr<io::SpikeFileSink> spikes_;
  double from_ms_ = 0;  ///< where the run begins
  std::vector<Report> reports_;
  std::vector<std::shared_ptr<const SpikeRecord>> raster_;
  std::vector<Trace> traces_;
};

}  // namespace ranvier::cli
