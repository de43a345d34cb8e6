// The engine of one process: compiled kernels, connectivity, workers and their cuts, and the loop over steps.
//
//   Core core(program, options);
//   core.advance(100, log);          // 100 steps; spikes of every step in `log`
//   core.state().step;
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "codegen/executable.hpp"
#include "codegen/fuse.hpp"
#include "connect/rows.hpp"
#include "engine/delays.hpp"
#include "engine/facts.hpp"
#include "engine/frame_schedule.hpp"
#include "engine/observer.hpp"
#include "engine/plasticity.hpp"
#include "engine/state.hpp"
#include "engine/team.hpp"
#include "ir/interpret.hpp"
#include "ranvier/checkpoint.hpp"

namespace ranvier::engine {

/// The spikes of a chunk of steps: for each domain, stamps and ids in order of (stamp, id).
struct SpikeLog {
  struct Domain {
    std::vector<std::uint64_t> stamps;
    std::vector<std::uint32_t> ids;
  };
  std::vector<Domain> domains;
};

/// Frames of one array, or of an observed expression, taken by the workers while they step.
struct FrameTap {
  std::size_t domain = 0, array = 0;
  std::shared_ptr<Observer> observer = nullptr;  ///< in place of `array`
  /// In place of `array`: a variable of plastic synapses, and where its elements are.
  struct OfSynapses {
    std::size_t projection = 0;  ///< among StepProgram::plasticity
    PlasticSynapses::Variable variable;
    PlasticSynapses::Places places;
  };
  std::shared_ptr<const OfSynapses> synapses = nullptr;
  FrameSchedule schedule = {};
  std::vector<std::uint32_t> neurons;  ///< column order
  bool ascending = false;              ///< set by the engine: `neurons` is sorted, so that a worker finds its own
  std::vector<std::uint64_t> steps;    ///< of the frames in this chunk
  std::vector<double> values;          ///< frames x neurons
};

/// A stored value that is NaN or infinite.
struct BadValue {
  std::size_t domain, array;
  std::uint32_t neuron;
  double value;
};

class Core {
 public:
  Core(model::StepProgram program, const SimulationOptions& options);

  static constexpr std::uint64_t never = ~std::uint64_t{0};
  /// Most steps of one advance(): spikes are kept that long, so that they can be collected.
  [[nodiscard]] std::uint64_t longest_chunk() const { return kept_for_log; }
  /// `steps` more steps, or fewer where a state becomes NaN or infinite: bad_value() then says which. After an
  /// exception (memory has run out) the state is of no use until reset() or restore(); UserError until then.
  void advance(std::uint64_t steps, bool log_spikes, SpikeLog& log, std::vector<FrameTap*>& taps);
  [[nodiscard]] std::optional<BadValue> bad_value() const;
  [[nodiscard]] bool stopped() const { return failed_step_.load() != never; }
  /// UserError, naming it, where values over time end before this step is complete.
  void require_time_values(std::uint64_t steps) const;
  void resume() { failed_step_ = never; }  ///< after bad values were replaced
  /// The present values of an array as a recorder shows them.
  void frame(FrameTap& tap);
  void reset();
  void restore(State state);  ///< a copy() of an earlier state()
  /// The state and what set() has changed besides: parameters.
  struct Snapshot {
    State state;
    std::map<std::string, Quantity> uniforms;
    std::vector<std::vector<std::vector<double>>> parameters;  ///< by domain and array; empty for what is not one
  };
  [[nodiscard]] Snapshot snapshot() const;
  void restore(Snapshot snapshot);
  /// The snapshot as named arrays, and back: UserError if they are those of another simulation, which is left as it is.
  void save(CheckpointWriter& out);
  [[nodiscard]] Snapshot loaded(const CheckpointReader& in);
  /// `node` of `graph` over the arrays of a domain, to be recorded by taps; see Observer.
  [[nodiscard]] std::shared_ptr<Observer> observe(std::size_t domain, const std::string& name, ir::Graph graph,
                                                  ir::NodeId node);

  [[nodiscard]] const model::StepProgram& program() const { return program_; }
  [[nodiscard]] State& state() { return state_; }
  [[nodiscard]] const State& state() const { return state_; }
  /// `names`: all that share it, or the one that does not share. UserError that lists those that are missing.
  void set_uniform(const std::vector<std::string>& names, Quantity value);
  /// A parameter keeps them over reset(), a state does not.
  void set_values(std::size_t domain, std::size_t array, const std::vector<double>& values);
  [[nodiscard]] PlasticSynapses& plastic(std::size_t projection) { return *plastic_[projection]; }
  [[nodiscard]] const PlasticSynapses& plastic(std::size_t projection) const { return *plastic_[projection]; }
  [[nodiscard]] Edges connectivity(std::size_t delivery) const;
  /// What State::rings are for, worker by worker.
  [[nodiscard]] const std::vector<RingPlan>& rings() const { return rings_; }
  [[nodiscard]] std::uint64_t synapses() const;
  [[nodiscard]] std::uint64_t synapse_bytes() const;
  [[nodiscard]] double compile_seconds() const { return compile_seconds_; }
  /// Time spent delivering events, summed over the workers [s].
  [[nodiscard]] double delivery_seconds() const;
  [[nodiscard]] double build_seconds() const { return build_seconds_; }
  [[nodiscard]] const codegen::CompileStatistics& compile_statistics() const { return statistics_; }
  [[nodiscard]] int lanes() const { return lanes_; }
  [[nodiscard]] int workers() const { return team_->size(); }

 private:
  static constexpr std::uint64_t kept_for_log = 256;
  /// Scalars that the host evaluates, and where the values of their symbols are.
  struct HostScalars {
    enum class From : std::uint8_t { uniform, time, step, table };
    struct Source {
      From from{};
      const double* value = nullptr;
      const TimeArray* table = nullptr;
    };
    std::unique_ptr<ir::HostProgram> program;
    std::vector<std::size_t> index;  ///< among the kernels' scalars
    std::vector<Source> sources;     ///< by symbol of the program
  };
  struct Kernels {
    codegen::DomainKernels plan;
    std::vector<std::shared_ptr<const codegen::Executable>> code;
    std::vector<std::vector<std::vector<void*>>> pointers;  ///< [worker][kernel], its arrays
    HostScalars fixed, moving;                 ///< constant during a run / dependent on the time
    struct Through {
      std::size_t kernel, slot, ring;
    };
    std::vector<Through> through;  ///< arrays whose place a ring's buffer takes in each step
  };
  struct DomainParts {
    Kernels step;
    std::optional<Kernels> recorded;   ///< the synchronised copies of staggered states
    std::vector<ArrayMemory> scratch;  ///< by array; empty where none is needed
  };
  /// A worker's share of a domain. What changes in every step shares no cache line with another worker's.
  struct alignas(64) Part {
    std::uint32_t lo = 0, hi = 0;
    std::uint64_t spikes = 0;
    std::vector<std::uint32_t> spiked;  ///< room for one step
    std::vector<std::byte> scalars, recorded_scalars;
  };
  struct alignas(64) Worker {         // its counters share no cache line with another's
    std::vector<Part> parts;          ///< by domain
    std::vector<connect::Rows> rows;  ///< by delivery
    std::vector<std::vector<std::uint64_t>> buffers;  ///< by ring: first element of the buffer of step i, i < 2 * depth
    std::uint64_t events = 0, checksum = 0;
    std::chrono::steady_clock::duration delivering{};  ///< time spent in deliver()
    struct Emitted {
      std::uint64_t step = never;
      std::size_t domain = 0;
      std::uint32_t first = 0, last = 0;
      bool operator==(const Emitted&) const = default;
    } emitted;                                    ///< which spikes `sources` are
    std::vector<std::uint32_t> sources;           ///< of the latest delivery
    std::vector<double> symbols, slots, results;  ///< scratch of fill_scalars
  };

  void cut();
  void compile();
  std::vector<std::shared_ptr<const codegen::Executable>> make_code(const std::vector<ir::Kernel>& kernels);
  void compile_domain(std::size_t domain, std::vector<ir::Kernel>& kernels, std::vector<Kernels*>& owners);
  void bind(std::size_t domain, Kernels& kernels);
  void connect_all();
  void bind_all();
  HostScalars host_scalars(std::size_t domain, const Kernels& kernels, bool moving) const;
  void size_scalars(const Kernels& kernels, std::size_t domain, std::uint64_t step, std::vector<std::byte>& out) const;
  void fill_scalars(Worker& w, const HostScalars& scalars, std::size_t domain, std::uint64_t step,
                    std::vector<std::byte>& out) const;
  void prepare(int worker, bool recorded, std::uint64_t step);
  void work(int worker, std::uint64_t steps, std::vector<FrameTap*>& taps);
  template <class Job>
  bool attempt(Job&& job);
  void fetch_lists(int worker, std::uint64_t step) const;
  void deliver_all(int worker, std::uint64_t step);
  bool update_all(int worker, std::uint64_t step);
  std::span<const std::uint32_t> emitted(Worker& w, const model::Delivery& d, std::uint64_t step);
  void deliver(int worker, std::size_t delivery, std::uint64_t step);
  void fill_time_values(const Part& part, std::size_t domain, std::uint64_t step);
  [[nodiscard]] std::span<const std::uint32_t> prescribed(const Part& part, std::size_t domain, std::uint64_t step) const;
  void mark_prescribed(std::size_t domain, std::span<const std::uint32_t> ids, double mark);
  void emit_prescribed(Worker& w, std::size_t domain, std::span<const std::uint32_t> ids, std::uint64_t step, SpikeList& emitted);
  void deliver_delayed(int worker, std::size_t delivery, std::uint64_t step);
  [[nodiscard]] void* arrivals(int worker, std::size_t domain, std::size_t array, std::uint64_t step) const;
  [[nodiscard]] void* ring_buffer(int worker, std::size_t ring, std::uint64_t step) const;
  void plan_rings();
  void add_ring_memory(State& state) const;
  [[nodiscard]] double most_synapses(std::size_t ring);
  [[nodiscard]] const connect::Rows& rows_of(const Worker& w, std::size_t delivery) const {
    return w.rows[program_.deliveries[delivery].shares_rows_of.value_or(delivery)];
  }
  void plan_values();
  void start_values();
  void refresh_values();
  void publish_values(int worker, std::uint64_t step);
  void deliver_values(int worker, std::size_t delivery, std::uint64_t step);
  void sum_weights(int worker, std::size_t delivery);
  bool run_kernels(int worker, std::size_t domain, std::uint64_t step);
  void run_recorded(int worker, std::size_t domain, std::uint64_t step);
  void tap_frames(int worker, std::uint64_t step, std::vector<FrameTap*>& taps);
  template <class F>
  void for_own_columns(int worker, const FrameTap& tap, F&& f) const;  ///< f(column, neuron)
  void observe_frame(int worker, std::uint64_t step, FrameTap& tap, double* out);
  void collect(std::uint64_t first, std::uint64_t last, SpikeLog& log);
  void prepare_taps(std::uint64_t steps, std::vector<FrameTap*>& taps);
  void end_taps(std::vector<FrameTap*>& taps);
  const Facts& built() const;
  Facts facts();
  std::uint64_t wiring_digest(std::size_t delivery);
  template <class T>
  void transfer(T& transfer, const State& state) const;
  [[nodiscard]] std::uint64_t first_kept(std::uint64_t step) const;
  void load_spikes(const CheckpointReader& in, std::size_t domain, State& state) const;

  model::StepProgram program_;
  SimulationOptions options_;
  std::unique_ptr<Team> team_;
  State state_;
  std::size_t depth_ = 2;                               ///< steps that spikes are kept
  std::size_t value_depth_ = 2;                         ///< steps that propagated values are kept
  std::set<std::pair<std::size_t, std::size_t>> sent_;  ///< (domain, array) of the values that are propagated
  std::vector<DomainParts> domains_;
  std::vector<RingPlan> rings_;       ///< what per-synapse delays go through
  std::vector<std::size_t> ring_of_;  ///< by delivery; no_ring: one delay for all
  std::vector<Worker> workers_;
  std::vector<Cuts> cuts_;  ///< by domain
  std::vector<std::unique_ptr<PlasticSynapses>> plastic_;  ///< by StepProgram::plasticity
  bool two_phases_ = false;                                ///< a barrier between deliveries and updates
  std::atomic<std::uint64_t> failed_step_{never};
  bool broken_ = false;  ///< a step ended with an exception
  codegen::CompileStatistics statistics_;
  std::vector<std::weak_ptr<Observer>> observers_;
  mutable std::optional<Facts> built_;  ///< the parameters before set() changed any: see built()
  std::optional<Facts> facts_;          ///< what never changes: see facts()
  double compile_seconds_ = 0, build_seconds_ = 0;
  int lanes_ = 1;
};

}  // namespace ranvier::engine
