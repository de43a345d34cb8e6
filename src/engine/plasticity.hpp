// The plastic synapses of one projection while a simulation runs: their states and traces, what events do to them,
// their steps.
//
//   synapses.pre_events(state, worker, sources, slot, step, arrived);      // phase 1, by deliveries
//   synapses.jump(state, worker, step, depth);                             // phase 1, copies of the worker's own sources
//   bool good = synapses.advance(state, worker, step, depth);              // phase 2, after a barrier if needs_barrier()
//
// In a step, sources' traces and states are read by all workers in phase 1 and changed by their owners in phase 2; what
// phase 2 reads of them is a copy (with the arrivals of this step) that the owners make in phase 1. A worker changes
// only synapses of its own targets. Synapses are gathered some hundred at a time into buffers, an ordinary kernel runs
// on them, and they are scattered back.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codegen/executable.hpp"
#include "codegen/fuse.hpp"
#include "connect/columns.hpp"
#include "engine/state.hpp"
#include "ir/interpret.hpp"
#include "ranvier/checkpoint.hpp"

namespace ranvier::engine {

/// What a worker owns of the two populations, as neurons of the views.
struct PlasticCut {
  std::uint32_t source_lo = 0, source_hi = 0;
};

class PlasticSynapses {
 public:
  PlasticSynapses(const model::StepProgram& program, std::size_t index, int workers, bool fuse);

  /// Kernels to compile; take() gets the code in the same order.
  void add_kernels(std::vector<ir::Kernel>& kernels) const;
  void take(std::span<const std::shared_ptr<const codegen::Executable>> code);
  [[nodiscard]] std::size_t kernel_count() const;
  /// By each worker, once its rows are built. They must stay where they are.
  void connect(int worker, const connect::Rows& rows, const PlasticCut& cut);
  /// After all have connected; then connect_targets() by each worker, before anything below.
  void share_out();
  void connect_targets(int worker);
  /// The delays of its synapses in steps, ascending; a source has a trace for each.
  [[nodiscard]] std::uint32_t slots() const { return slots_; }
  [[nodiscard]] std::uint32_t delay(std::uint32_t slot) const { return delays_[slot]; }

  /// Adds initial values to `state`. UserError for values that are too few, or not finite.
  void initialise(State& state, std::uint64_t seed) const;
  void prepare(int worker, std::uint64_t step);
  [[nodiscard]] bool needs_barrier() const { return rule_.reads_sources(); }
  /// Synapses of the sources that spiked; `arrived`: the target array at the first neuron of the worker's slice.
  /// Returns their number.
  std::uint64_t pre_events(State& state, int worker, std::span<const std::uint32_t> sources, std::uint32_t slot,
                           std::uint64_t step, void* arrived);
  void jump(State& state, int worker, std::uint64_t step, std::size_t depth);
  bool advance(State& state, int worker, std::uint64_t step, std::size_t depth);
  [[nodiscard]] std::uint64_t post_events(int worker) const { return shares_[worker].post_events; }

  // ------------------------------------------------------------------------------------------------ reading and
  // writing variables
  using From = model::SynapticPlace::From;
  struct Variable {
    From from = From::synapse;
    std::size_t array = 0;
    [[nodiscard]] bool of_synapses() const { return from == From::synapse; }
  };
  [[nodiscard]] std::optional<Variable> find(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const model::Array& array(const Variable& v) const;
  /// Number of values: synapses, sources x delays, or targets.
  [[nodiscard]] std::uint64_t size(const Variable& v) const;
  /// Where elements of a variable are: for each worker, (column, its own index).
  using Places = std::vector<std::vector<std::pair<std::uint32_t, std::uint64_t>>>;
  [[nodiscard]] Places places(const Variable& v, std::span<const std::uint32_t> elements) const;
  /// out[column] of the places of one worker; `step` completed steps are behind the state.
  void read(const State& state, int worker, std::uint64_t step, const Variable& v, const Places& places, double* out);
  /// `values` in the order of connectivity(), or of neurons.
  void write(State& state, std::uint64_t step, const Variable& v, std::span<const double> values);
  /// f(name, type, count, pieces) of each array of the state, where pieces(g) calls g(memory, bytes) with its parts in the order of
  /// connectivity(), or of neurons.
  using Piece = std::function<void(void*, std::size_t)>;
  using ArrayFunction = std::function<void(const std::string&, NumberType, std::uint64_t, const std::function<void(const Piece&)>&)>;
  void each_array(const State& state, const ArrayFunction& f) const;
  /// "'w' of the synapse 3 -> 7 became NaN", if a state is not finite.
  [[nodiscard]] std::optional<std::string> bad_value(const State& state) const;
  [[nodiscard]] std::uint64_t bytes(const State& state) const;
  [[nodiscard]] const model::Plasticity& rule() const { return rule_; }

 private:
  enum Kind : std::uint8_t {
    on_pre,
    pre_jump,
    on_post,
    post_jump,
    step_synapses,
    step_pre,
    step_post,
    recorded,
    kinds
  };
  static constexpr std::size_t batch = 512;
  struct Kernel {
    const model::SynapticKernel* what = nullptr;
    codegen::DomainKernels plan;
    std::vector<std::shared_ptr<const codegen::Executable>> code;
    std::vector<std::size_t> gathered, stored;  ///< arrays
    bool direct = false;                        ///< runs on the states themselves
    std::unique_ptr<ir::HostProgram> scalars;
    bool moving = false;
  };
  /// A worker's buffers for one kernel.
  struct Buffers {
    std::vector<ArrayMemory> arrays, scratch;  ///< by array of the kernel's domain; empty where unused
    std::vector<std::vector<void*>> pointers;  ///< by kernel of the plan
    std::vector<std::byte> scalars;
    std::uint64_t scalars_step = ~std::uint64_t{0};
  };
  /// Which elements a kernel is run on.
  struct Batch {
    std::size_t count = 0;
    std::array<std::uint64_t, batch> synapse;  ///< storage index
    std::array<std::uint32_t, batch> segment;  ///< source * slots + slot
    std::array<std::uint32_t, batch> target;   ///< within the worker's slice
  };
  struct alignas(64) Share {
    const connect::Rows* rows = nullptr;
    connect::Columns columns;
    PlasticCut cut;
    std::vector<std::uint32_t> slot_of, own_slot;  ///< of each delay of the rows, and back; no_slot where they have none of it
    std::array<Buffers, kinds> buffers;
    Batch elements;
    std::vector<double> values, slots, results;
    std::uint64_t post_events = 0;
    bool bad = false;
  };
  /// Where sources are read: as they are, or the copies of this step.
  enum class Sources : std::uint8_t { now, copies };

  void plan(Kind kind, const std::optional<model::SynapticKernel>& what, bool fuse);
  void size_buffers(Share& s, Kind kind) const;
  void fill_scalars(Share& s, Kind kind, std::uint64_t step) const;
  template <class F>
  void walk(F&& f) const;
  static constexpr std::uint32_t no_slot = ~std::uint32_t{0};
  /// Storage indices of a source's synapses with one delay.
  [[nodiscard]] static std::pair<std::uint64_t, std::uint64_t> range(const Share& s, std::uint32_t source, std::uint32_t slot) {
    const auto own = s.own_slot[slot];
    if (own == no_slot) return {0, 0};
    return {s.rows->first(source, own), s.rows->last(source, own)};
  }
  [[nodiscard]] std::size_t real_bytes() const { return rule_.precision == Precision::f32 ? 4 : 8; }
  [[nodiscard]] double load(const ArrayMemory& memory, std::uint64_t i) const;
  void store(const ArrayMemory& memory, std::uint64_t i, double value) const;

  template <class Real>
  void gather(const State& state, int worker, Kind kind, Sources sources, std::uint64_t step);
  template <class Real>
  void scatter(State& state, int worker, Kind kind, std::uint64_t step);
  template <class Real>
  void run(State& state, int worker, Kind kind, Sources sources, std::uint64_t step, void* arrived = nullptr);
  void run(State& state, int worker, Kind kind, Sources sources, std::uint64_t step, void* arrived = nullptr);
  void run_direct(State& state, int worker, Kind kind, std::uint64_t first, std::uint64_t last, std::uint64_t step);
  void call(Share& s, Kind kind, std::uint64_t step);
  void jump_post(State& state, int worker, std::uint64_t step, std::size_t depth);
  void post_events(State& state, int worker, std::uint64_t step, std::size_t depth);
  void step_all(State& state, int worker, std::uint64_t step);
  [[nodiscard]] std::span<const std::uint32_t> own_targets(const State& state, int worker, std::uint64_t step,
                                                           std::size_t depth) const;

  const model::StepProgram& program_;
  const model::Plasticity& rule_;
  const model::Delivery& delivery_;
  std::array<Kernel, kinds> kernels_;
  std::vector<Share> shares_;
  std::uint64_t synapses_ = 0;
  std::uint32_t slots_ = 1;
  std::vector<std::uint32_t> delays_;
  std::vector<ArrayMemory> after_;                           ///< sources' traces with the arrivals of this step
  std::vector<std::pair<std::size_t, ArrayMemory>> copied_;  ///< arrays of the source population that phase 2 reads
};

}  // namespace ranvier::engine
