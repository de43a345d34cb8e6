// The recordings of a network file in a run: attached, summarised, and written to the folder that the user names.
//
//   FileRecordings recordings(entry, request.network, request.output);
//   recordings.attach(sim, duration, dt);
//   sim.run(duration);
//   recordings.write();                        // DIR/NAME.csv
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/options.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"

namespace ranvier::cli {

/// What is said of a recording: counts, and over all its values the mean and the ends.
struct RecordingSummary {
  std::string name, of, what, unit;
  bool spikes = false;
  std::uint64_t frames = 0, columns = 0;   ///< of spikes: their number, and 1
  double mean = 0, low = 0, high = 0;
};

class FileRecordings {
 public:
  /// `folder`: empty for none; it is made if it is not there. UserError if it is given and nothing is recorded.
  FileRecordings(const models::Entry& entry, const NetworkRequest& request, std::string folder);
  /// `resumed`: the simulation stands at a checkpoint, and what files hold up to that time stays in them.
  void attach(Simulation& sim, Quantity duration, Quantity dt, bool resumed = false);
  /// One message for each file that cannot be written. Each is replaced when the new one is whole.
  [[nodiscard]] std::vector<std::string> write() const;
  [[nodiscard]] std::vector<RecordingSummary> summaries() const;
  [[nodiscard]] const std::vector<Recorded>& records() const { return records_; }
  [[nodiscard]] bool empty() const { return recordings_.empty(); }
  /// ("recording", path) of each file.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> files() const;

 private:
  std::vector<Recording> recordings_;
  std::vector<Recorded> records_;
  std::vector<std::string> earlier_;  ///< lines of each file
  std::string folder_;
};

}  // namespace ranvier::cli
