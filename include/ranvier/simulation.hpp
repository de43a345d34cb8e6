// Runs a network: owns all state, compiles the step program, records.
//
//   Simulation sim{net, {.dt = 0.1 * ms, .threads = 2}};
//   auto spikes = sim.record(E.spikes());
//   auto voltage = sim.record(E["V"], {.every = 10, .neurons = {0, 1, 2}});
//   sim.run(100 * ms);
//   double rate = spikes->count() / 3200.0 / 0.1;
#pragma once

#include <atomic>
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

/// Compiled kernels that simulations of one process share in memory: equal kernels are compiled once, whatever thread asks first.
class KernelCache;
[[nodiscard]] std::shared_ptr<KernelCache> kernel_cache();

struct SimulationOptions {
  Quantity dt = 0.1 * units::ms;
  std::string method;                  ///< overrides the models' own; empty: theirs, else chosen by the equations
  std::optional<Precision> precision;  ///< overrides the models' own; default f64
  std::uint64_t seed = 1;
  int threads = 0;                     ///< 0: as many as this process may use
  int lanes = 0;                       ///< SIMD lanes 1, 2, 4, 8, 16, 32; 0: chosen for the host
  Backend backend = Backend::llvm;
  bool fuse = true;                    ///< false: one kernel per assignment (same bits, slower)
  bool disk_cache = true;
  std::shared_ptr<KernelCache> kernels;  ///< shared with other simulations; null: this one's own
  std::shared_ptr<const std::atomic<bool>> stop;  ///< once true, runs end cleanly within some 10 ms, from whatever thread it was set
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

/// What a recorded expression reads, by name: the population's states and parameters, synaptic states and parameters of projections
/// onto it ("I_to_E.g", "I_to_E.tau"), its inputs (what flows in at that time), the names given by Model::let(), "t" and "dt".
class Symbols {
 public:
  explicit Symbols(std::function<Expr(const std::string&)> find) : find_(std::move(find)) {}
  /// UserError with near names if there is none.
  Expr operator()(const std::string& name) const { return find_(name); }

 private:
  std::function<Expr(const std::string&)> find_;
};
using ExpressionFunction = std::function<Expr(const Symbols&)>;

class Simulation;
class CheckpointWriter;  // checkpoint.hpp
class CheckpointReader;
using Callback = std::function<void(Simulation&)>;

class Simulation {
 public:
  /// UserError for whatever in network or options cannot be simulated; what is described is described again in its message.
  explicit Simulation(const Network& network, SimulationOptions options = {});
  ~Simulation();
  Simulation(Simulation&&) noexcept;
  Simulation& operator=(Simulation&&) noexcept;

  // Recording: attach before the run; recorders never alter state.
  /// Options that apply to spikes: neurons, from, until. UserError for the others.
  std::shared_ptr<const SpikeRecord> record(const SpikesRef& spikes, const RecordOptions& options = {});
  std::shared_ptr<const StateRecord> record(const StateRef& state, const RecordOptions& options = {});
  /// By name: "E.V", "E.I_to_E.g", or an input or named expression of the model, "E.I_syn". UserError with near names.
  std::shared_ptr<const StateRecord> record(const std::string& name, const RecordOptions& options = {});
  /// The user's expression, computed at the recorded times by a kernel of its own in the population's precision:
  ///   sim.record("E", "I_I", [](auto s) { return s("I_to_E.g") * (-80 * mV - s("V")); }, {.every = 10});
  /// UnitError as everywhere; UserError for names that there are not.
  std::shared_ptr<const StateRecord> record(const std::string& population, const std::string& name, const ExpressionFunction& expression,
                                            const RecordOptions& options = {});
  /// The population's rate in Hz: each frame holds spikes per neuron and second over the `every` steps that end there (the first
  /// frame is at from + every). Options: every, neurons, from, until.
  std::shared_ptr<const StateRecord> record_rate(const SpikesRef& spikes, const RecordOptions& options);
  /// A variable of plastic synapses (or one of their traces) at chosen steps: projection["w"]. `neurons` are then synapses, numbered as
  /// connectivity() orders them (or sources, or targets); the record's pre() and post() are their ends.
  std::shared_ptr<const StateRecord> record(const SynapseRef& variable, const RecordOptions& options = {});
  /// Streams all populations' spikes to a sink (a file) with bounded memory.
  void stream(std::shared_ptr<SpikeSink> sink);
  void stream(const StateRef& state, const RecordOptions& options, std::shared_ptr<StateSink> sink);
  void stream(const SynapseRef& variable, const RecordOptions& options, std::shared_ptr<StateSink> sink);

  /// Advances by `duration`, rounded to the nearest whole number of steps (UserError if that is more than 1e-6 of a step away,
  /// negative, or not finite). Stops early, cleanly, if `progress` returns false. Returns the time reached [ms].
  /// UserError that names variable, neuron and time if a state becomes NaN or infinite; what was recorded is kept, that step
  /// included. The simulation then stays where it is: run() gives the same error until set() replaces the values or reset().
  /// What a sink or `progress` throws is passed on; the simulation stands at time_ms() and may go on.
  double run(Quantity duration, const ProgressFunction& progress = {});
  /// Calls `f` at from, from + interval, from + 2 interval ... (multiples of dt), before the step that starts at that time and after
  /// the recording of that time, callbacks in the order in which they were given. It may get(), set(), record(), store(); what it
  /// sets takes effect in that step. At the end of a run it is left to the run that continues. The results do not depend on how a
  /// duration is cut into runs, nor on threads. run(), step(), reset(), restore() inside are UserErrors. What `f` throws ends the run;
  /// it is not called again for that step. Returns a number for cancel().
  std::size_t every(Quantity interval, Callback f, Quantity from = 0 * units::ms);
  std::size_t every_steps(std::uint64_t steps, Callback f, std::uint64_t from = 0);
  void cancel(std::size_t callback);           ///< harmless if there is none of that number

  /// Keeps the complete present state under a name, in memory: arrays, spikes under way, parameters, counters, checksum, which
  /// callbacks are due, and how far recorders are. A second store() of that name replaces the first.
  void store(const std::string& name = "default");
  /// Back (or forth) to a stored state; what follows is bit for bit what followed then. Records in memory are cut to what they held at
  /// that time, those attached later to what lies before it. A sink goes along if it can_rewind(), or to the very start by restart();
  /// UserError, and nothing is changed, if one cannot, or if there is no such name (near ones are suggested). To a time that has not
  /// been reached again (after reset()) records have a gap.
  void restore(const std::string& name = "default");
  void forget(const std::string& name);        ///< UserError if there is none
  [[nodiscard]] std::vector<std::string> stored() const;

  /// The complete present state, for another process: what store() keeps, but for what was recorded. io::save() of checkpoint.hpp writes it
  /// to a file. Sinks are flushed first, so that files hold what came before. Also from callbacks and `progress` of a run.
  void save(CheckpointWriter& out);
  /// Goes on from a state that was saved, perhaps by another process, with other threads, lanes or backend: what follows is bit for bit what
  /// followed then. Attach recorders and callbacks before: records go on after the saved time as restore() says, with the frame of that time
  /// behind them; callbacks (the same, in the same order) go on in their rhythm. What set() had changed is as it was then.
  /// UserError, and nothing is changed, if it is of another simulation: its message says what differs.
  void load(const CheckpointReader& in);

  void step();                                 ///< one time step; sinks are flushed at most about once a second
  /// Back to the initial state; recorders are emptied. Parameters keep what set() gave them, and initial values follow them.
  void reset();
  [[nodiscard]] double time_ms() const;        ///< exact: steps * dt
  [[nodiscard]] std::uint64_t steps() const;

  /// A state's or parameter's values in coherent units, one per neuron, at time_ms(). Of a projection: a variable of its plastic
  /// synapses, one each in the order of connectivity(), or of their traces, one per neuron; of a shared parameter its one value.
  [[nodiscard]] std::vector<double> get(const std::string& population, const std::string& variable) const;
  /// A state's present values, or those of a parameter that has one per neuron; also of a projection's synapses. A gate that exp_staggered keeps at half steps is
  /// set as it is stored, half a step before time_ms().
  void set(const std::string& population, const std::string& variable, const std::vector<double>& values);
  /// A shared parameter ("E.gl", "E_to_I.weight"), between runs, without compiling again. UserError if it is that of merged
  /// synapses, which have one only (see set_merged, Projection::separate).
  void set(const std::string& name, Quantity value);
  /// One parameter of several merged synapses at once: `names` must hold all that share it (the message of set() lists them).
  void set_merged(const std::vector<std::string>& names, Quantity value);
  /// What flows into an input from outside, "E.I_ext", from the next step on; nothing is compiled again. One value for all neurons, or
  /// one each, in `unit`. UserError unless the network says Population::external() for it.
  void set_input(const std::string& name, Quantity value);
  void set_input(const std::string& name, const std::vector<double>& values, Unit unit);

  /// The realised synapses of a projection: pre, post (ids within the populations), weight, delay. See connect.hpp.
  [[nodiscard]] Edges connectivity(const std::string& projection) const;
  /// Where the neurons of a population are, random ones as drawn. UserError if it has no positions.
  [[nodiscard]] Points positions(const std::string& population) const;

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
