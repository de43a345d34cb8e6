// Runs a network: owns all state, compiles the step program, records.
//
//   Simulation sim{net, {.dt = 0.1 * ms, .threads = 2}};
//   auto spikes = sim.record(E.spikes());
//   auto voltage = sim.record(E["V"], {.every = 10, .neurons = {0, 1, 2}});
//   sim.run(100 * ms);
//   double rate = spikes->count() / 3200.0 / 0.1;
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ranvier/network.hpp"
#include "ranvier/record.hpp"

namespace ranvier {

enum class Backend { llvm, interpreter };

struct SimulationOptions {
  Quantity dt = 0.1 * units::ms;
  std::string method;                  ///< overrides the models' own; empty: theirs, else chosen by the equations
  std::optional<Precision> precision;  ///< overrides the models' own; default f64
  std::uint64_t seed = 1;
  int threads = 0;                     ///< 0: as many as this process may use
  int lanes = 0;                       ///< SIMD lanes 1, 2, 4, 8, 16; 0: chosen for the host
  Backend backend = Backend::llvm;
  bool fuse = true;                    ///< false: one kernel per assignment (same bits, slower)
  bool disk_cache = true;
  /// Receives each stage named in `dump` ("step", "ir", "llvm", "asm"): stage, object, text.
  std::vector<std::string> dump;
  std::function<void(const std::string&, const std::string&, const std::string&)> dump_sink;
};

/// Seconds spent, by phase. `deliver` is the part of `simulate` that went into synaptic events, summed over the workers.
struct Timings {
  double compile = 0, build = 0, simulate = 0, deliver = 0;
};

/// What the parts of a run were, for reports.
struct SimulationInfo {
  std::string isa, precision, method, backend;
  int threads = 1, ranks = 1, lanes = 1;
  std::uint64_t neurons = 0, synapses = 0, synapse_bytes = 0, seed = 0;
  std::map<std::string, std::uint64_t> population_sizes;
  std::map<std::string, std::string> projection_laws;
  std::vector<std::string> warnings;  ///< e.g. a constant that f32 cannot resolve, or that kernels are interpreted
  bool llvm_loaded = false;
  int kernels_compiled = 0, kernels_cached = 0;
};

/// Largest difference between the compiled kernels and the interpreter (0 ulp is promised).
struct Verification {
  double max_ulps = 0;
  std::string where;          ///< array, neuron and step of the largest difference; empty if none
  std::uint64_t compared = 0;
};

/// Called between chunks of steps while a run goes on, on the calling thread. Return false to stop the run cleanly.
struct Progress {
  double time_ms = 0, end_ms = 0, wall_seconds = 0;
};
using ProgressFunction = std::function<bool(const Progress&)>;

class Simulation {
 public:
  /// UserError for whatever in network or options cannot be simulated; what is described is described again in its message.
  explicit Simulation(const Network& network, SimulationOptions options = {});
  ~Simulation();
  Simulation(Simulation&&) noexcept;
  Simulation& operator=(Simulation&&) noexcept;

  // Recording: attach before the run; recorders never alter state.
  std::shared_ptr<const SpikeRecord> record(const SpikesRef& spikes);
  std::shared_ptr<const StateRecord> record(const StateRef& state, const RecordOptions& options = {});
  /// Streams all populations' spikes to a sink (a file) with bounded memory.
  void stream(std::shared_ptr<SpikeSink> sink);
  void stream(const StateRef& state, const RecordOptions& options, std::shared_ptr<StateSink> sink);

  /// Advances by `duration`, rounded to the nearest whole number of steps (UserError if that is more than 1e-6 of a step away,
  /// negative, or not finite). Stops early, cleanly, if `progress` returns false. Returns the time reached [ms].
  /// UserError that names variable, neuron and time if a state becomes NaN or infinite; what was recorded is kept, that step
  /// included. The simulation then stays where it is: run() gives the same error until set() replaces the values or reset().
  /// What a sink or `progress` throws is passed on; the simulation stands at time_ms() and may go on.
  double run(Quantity duration, const ProgressFunction& progress = {});
  void step();                                 ///< one time step; sinks are flushed at most about once a second
  /// Back to the initial state; recorders are emptied. Parameters keep what set() gave them, and initial values follow them.
  void reset();
  [[nodiscard]] double time_ms() const;        ///< exact: steps * dt
  [[nodiscard]] std::uint64_t steps() const;

  /// A state's or parameter's values in coherent units, one per neuron, at time_ms().
  [[nodiscard]] std::vector<double> get(const std::string& population, const std::string& variable) const;
  /// A state's present values, or those of a parameter that has one per neuron. A gate that exp_staggered keeps at half steps is
  /// set as it is stored, half a step before time_ms().
  void set(const std::string& population, const std::string& variable, const std::vector<double>& values);
  /// A shared parameter ("E.gl", "E_to_I.weight"), between runs, without compiling again. UserError if it is that of merged
  /// synapses, which have one only (see Projection::separate).
  void set(const std::string& name, Quantity value);

  /// The realised synapses of a projection: pre, post (ids within the populations), weight, delay. See connect.hpp.
  [[nodiscard]] Edges connectivity(const std::string& projection) const;

  /// Who spiked in the last step, ascending; nobody before the first.
  [[nodiscard]] std::vector<std::uint32_t> spiked(const std::string& population) const;
  /// Spikes so far, of all populations, since the start or reset().
  [[nodiscard]] std::uint64_t spike_count() const;
  [[nodiscard]] std::map<std::string, std::uint64_t> spike_counts() const;
  /// Delivered synaptic events so far.
  [[nodiscard]] std::uint64_t event_count() const;
  /// Covers every (step, population, neuron) that spiked; independent of workers, lanes and recorders.
  [[nodiscard]] std::uint64_t checksum() const;

  /// Runs `duration` with compiled and interpreted kernels side by side from the present state and compares every array.
  /// The simulation itself is left where it was.
  [[nodiscard]] Verification verify(Quantity duration);

  [[nodiscard]] const SimulationInfo& info() const;
  [[nodiscard]] const Timings& timings() const;
  [[nodiscard]] std::uint64_t program_hash() const;  ///< of the step program; names do not enter

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ranvier
