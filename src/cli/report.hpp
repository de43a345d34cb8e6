// What a run was, for people and as JSON.
//
//   Report r = summarise(...);  print(as_text(r));  write(as_json(r));
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/recordings.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier::cli {

struct RunReport {
  struct Population {
    std::string name;
    std::uint64_t size = 0, spikes = 0;
    double rate_hz = 0;
  };
  std::string network, summary;
  std::vector<Population> populations;
  SimulationInfo info;
  std::uint64_t spikes = 0, events = 0, checksum = 0, steps = 0;
  double dt_ms = 0, simulated_ms = 0, requested_ms = 0;
  double resumed_ms = 0;             ///< the time of the checkpoint from which it went on, and what had been done by then
  std::uint64_t earlier_steps = 0, earlier_events = 0;
  Timings timings;
  double write_seconds = 0, total_seconds = 0;
  std::string stopped;  ///< empty: it ran to its end; else "interrupted" or "error"
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<RecordingSummary> recordings;

  [[nodiscard]] double ns_per_neuron_step() const;
  [[nodiscard]] double ns_per_event() const;
  [[nodiscard]] double bytes_per_synapse() const;
};

[[nodiscard]] std::string checksum_text(std::uint64_t checksum);
[[nodiscard]] std::string as_text(const RunReport& report);
[[nodiscard]] std::string as_json(const RunReport& report);

}  // namespace ranvier::cli
