// Many simulations of one network: values times seeds, over the cores of the machine, compiled once, in a table.
//
//   auto table = sweep(net, {sweep_range("E_to_I.weight", 4 * nS, 8 * nS, 0.5 * nS)}, {1, 2, 3},
//                      [](Simulation& sim, const SweepPoint&) -> SweepResult {
//                        const auto spikes = sim.record(SpikesRef{"E"});
//                        sim.run(1 * second);
//                        return {{"rate", mean_rate_hz(*spikes, 1 * second)}, {"cv", interval_cv(*spikes)}};
//                      });
//   table.write_csv("sweep.csv");
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ranvier/simulation.hpp"

namespace ranvier {

/// A parameter, as Network::set() names it, or whatever the builder of the network makes of the name; and its values.
struct SweepAxis {
  std::string name;
  std::vector<Quantity> values;
};
/// first, first + step ... up to last, which is included if it is a multiple of `step` away (within 1e-9 of one). UserError if there
/// is no such row of values, or more than a million; UnitError if units differ.
[[nodiscard]] SweepAxis sweep_range(const std::string& name, Quantity first, Quantity last, Quantity step);

struct SweepPoint {
  std::size_t index = 0;                                ///< of its row; the last axis moves faster than the first, the seed fastest
  std::vector<std::pair<std::string, Quantity>> values;  ///< by axis
  std::uint64_t seed = 1;
  [[nodiscard]] Quantity operator[](const std::string& axis) const;  ///< UserError with near names if there is none
};

/// Names and numbers, in the order of their columns.
using SweepResult = std::vector<std::pair<std::string, double>>;

struct SweepRow {
  SweepPoint point;
  SweepResult results;
  std::string error;   ///< what went wrong at this point; empty: nothing
  bool done = false;   ///< false: the sweep was stopped before it
};

struct SweepTable {
  std::vector<SweepRow> rows;  ///< in the order of SweepPoint::index, whatever order they ran in
  bool complete = true;        ///< false: it was stopped
  int kernels_compiled = 0;    ///< over all points
  double wall_seconds = 0;
  [[nodiscard]] std::size_t failed() const;
  /// The rows that are done: a column for each axis, "NAME [unit]" in coherent units, "seed", the results, "error". Numbers are the
  /// shortest that read back the same; a result that is not finite, or that a row lacks, is empty.
  [[nodiscard]] std::string csv() const;
  void write_csv(const std::string& path) const;  ///< UserError if it cannot be written
};

struct SweepProgress {
  std::size_t done = 0, failed = 0, total = 0;
  double wall_seconds = 0;
  double left_seconds = 0;  ///< as the points so far took; 0 until the first is done
};

struct SweepOptions {
  SimulationOptions simulation = {};  ///< `threads` of each simulation: 0 is 1 here; `seed` is the point's; `stop` stops the sweep
  int workers = 0;                    ///< simulations at a time; 0: as many as there are cores for
  /// About ten times a second and after each point, on the calling thread. false stops the sweep: points that run are broken off
  /// within some 10 ms, rows that are done are kept.
  std::function<bool(const SweepProgress&)> progress = {};
};

using SweepBuild = std::function<Network(const SweepPoint&)>;
using SweepRun = std::function<SweepResult(Simulation&, const SweepPoint&)>;

/// Builds, simulates and asks `run` for the results of each point. `build` is called by one thread at a time, `run` by several at
/// once. What one of them throws for a point is kept in its row. Kernels are shared: points that differ in values alone compile once.
/// Rows do not depend on the number of workers. No axes: seeds alone. UserError for no seeds, an axis without values, a name twice.
[[nodiscard]] SweepTable sweep(const SweepBuild& build, const std::vector<SweepAxis>& axes, const std::vector<std::uint64_t>& seeds,
                               const SweepRun& run, const SweepOptions& options = {});
/// Of copies of `network` in which the axes' parameters are set. UserError now, if one of them cannot be.
[[nodiscard]] SweepTable sweep(const Network& network, const std::vector<SweepAxis>& axes, const std::vector<std::uint64_t>& seeds,
                               const SweepRun& run, const SweepOptions& options = {});

/// Spikes per neuron and second in the record, over `duration`.
[[nodiscard]] double mean_rate_hz(const SpikeRecord& spikes, Quantity duration);
/// Coefficient of variation of inter-spike intervals: standard deviation (over n) by mean, averaged over the neurons with three
/// spikes or more; NaN if there are none.
[[nodiscard]] double interval_cv(const SpikeRecord& spikes);

}  // namespace ranvier
