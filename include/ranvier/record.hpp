// What was recorded, in memory, and the sinks that recordings stream to. Times are exact multiples of dt.
//
//   auto spikes = sim.record(E.spikes());
//   spikes->times_ms();  spikes->ids();
//   auto v = sim.record(E["V"], {.every = 10});
//   v->value(frame, column);                 // coherent units (mV)
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ranvier/units.hpp"

namespace ranvier {

/// Spikes of one population in order of (time, id). A threshold crossed in step k is stamped (k+1) dt.
class SpikeRecord {
 public:
  SpikeRecord(std::string population, std::uint64_t size, double dt_ms)
      : population_(std::move(population)), size_(size), dt_ms_(dt_ms) {}
  [[nodiscard]] const std::string& population() const { return population_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }          ///< neurons in the population
  [[nodiscard]] std::size_t count() const { return ids_->size(); }
  [[nodiscard]] const std::vector<std::uint32_t>& ids() const { return *ids_; }
  /// The ids as they are now, to be kept: what is recorded later goes into a copy.
  [[nodiscard]] std::shared_ptr<const std::vector<std::uint32_t>> shared_ids() const { return ids_; }
  [[nodiscard]] const std::vector<std::uint64_t>& stamps() const { return stamps_; }  ///< in steps
  [[nodiscard]] std::vector<double> times_ms() const;
  void append(std::uint64_t stamp, std::span<const std::uint32_t> ids);
  void clear();
  void cut(std::uint64_t last);  ///< forgets what is stamped after step `last`

 private:
  std::string population_;
  std::uint64_t size_;
  double dt_ms_;
  std::vector<std::uint64_t> stamps_;
  std::shared_ptr<std::vector<std::uint32_t>> ids_ = std::make_shared<std::vector<std::uint32_t>>();
};

/// One number a frame instead of one a neuron. Sums are taken in fixed blocks of 1,024 of the chosen neurons, in their order, and
/// then pairwise, so that they are the same for every number of workers.
enum class Reduce { none, mean, sum, min, max };

/// When and of whom. Times are multiples of dt.
struct RecordOptions {
  std::uint32_t every = 1;                 ///< every n-th step counted from `from`, that one included
  std::vector<std::uint32_t> neurons = {}; ///< ids within the population; empty: all
  Quantity from = 0 * units::ms;
  Quantity until = std::numeric_limits<double>::infinity() * units::ms;  ///< that time included
  std::vector<std::uint64_t> steps = {};   ///< exactly these (0: the start), ascending, in place of every, from and until
  Reduce reduce = Reduce::none;            ///< over the chosen neurons
};

/// Values of one variable: frames x neurons, row-major, at their own times.
class StateRecord {
 public:
  StateRecord(std::string population, std::string variable, std::string unit, std::vector<std::uint32_t> neurons,
              double dt_ms, std::uint32_t every, Reduce reduce = Reduce::none)
      : population_(std::move(population)), variable_(std::move(variable)), unit_(std::move(unit)),
        neurons_(std::move(neurons)), dt_ms_(dt_ms), every_(every), reduce_(reduce) {}
  [[nodiscard]] const std::string& population() const { return population_; }
  [[nodiscard]] const std::string& variable() const { return variable_; }
  [[nodiscard]] const std::string& unit() const { return unit_; }
  [[nodiscard]] const std::vector<std::uint32_t>& neurons() const { return neurons_; }
  [[nodiscard]] std::size_t frames() const { return frame_steps_.size(); }
  [[nodiscard]] const std::vector<std::uint64_t>& frame_steps() const { return frame_steps_; }
  [[nodiscard]] std::vector<double> times_ms() const;
  [[nodiscard]] double value(std::size_t frame, std::size_t column) const { return (*values_)[frame * columns() + column]; }
  [[nodiscard]] std::size_t columns() const { return reduce_ == Reduce::none ? neurons_.size() : 1; }  ///< numbers in a frame
  [[nodiscard]] Reduce reduce() const { return reduce_; }
  [[nodiscard]] const std::vector<double>& values() const { return *values_; }
  /// The values as they are now, to be kept: what is recorded later goes into a copy.
  [[nodiscard]] std::shared_ptr<const std::vector<double>> shared_values() const { return values_; }
  [[nodiscard]] std::uint32_t every() const { return every_; }  ///< 0: at steps that were listed
  /// Of synapses: neurons() numbers them as Simulation::connectivity() does, and these are their two ends. Empty otherwise.
  [[nodiscard]] const std::vector<std::uint32_t>& pre() const { return pre_; }
  [[nodiscard]] const std::vector<std::uint32_t>& post() const { return post_; }
  void set_ends(std::vector<std::uint32_t> pre, std::vector<std::uint32_t> post) {
    pre_ = std::move(pre);
    post_ = std::move(post);
  }
  [[nodiscard]] double dt_ms() const { return dt_ms_; }
  void append(std::uint64_t step, std::span<const double> frame);
  void clear();
  void cut(std::uint64_t end);  ///< forgets the frames of step `end` and later

 private:
  std::string population_, variable_, unit_;
  std::vector<std::uint32_t> neurons_, pre_, post_;
  double dt_ms_;
  std::uint32_t every_;
  Reduce reduce_;
  std::vector<std::uint64_t> frame_steps_;
  std::shared_ptr<std::vector<double>> values_ = std::make_shared<std::vector<double>>();
};

/// step * dt as the double nearest to the decimal product, so that step 3 at 0.1 ms is 0.3.
[[nodiscard]] double step_time_ms(std::uint64_t step, double dt_ms);

/// Receives spikes, some steps at a time: a batch for each population that spiked in them, in the populations' order; within a
/// batch by (stamp, id). Each population's stamps never decrease from batch to batch. What a sink throws ends the run: the
/// simulation stands at the end of those steps, all other recorders have them, and it may go on.
class SpikeSink {
 public:
  virtual ~SpikeSink() = default;
  struct PopulationInfo {
    std::string name;
    std::uint64_t size;
  };
  /// Before the first batch. `dt_ms` turns stamps into times.
  virtual void begin(const std::vector<PopulationInfo>& populations, double dt_ms) = 0;
  virtual void spikes(std::size_t population, std::span<const std::uint64_t> stamps, std::span<const std::uint32_t> ids) = 0;
  /// All spikes up to the end of step number `step` have been given: after the batches of some steps, and where there were none.
  virtual void complete(std::uint64_t step) { (void)step; }
  /// At most about a second apart while a run goes on, with the time reached.
  virtual void flush(double time_ms) = 0;
  /// The simulation went back to its initial state: forget everything.
  virtual void restart() = 0;
  /// Whether rewind() can be asked for. Simulation::restore() refuses to go back with a sink that cannot.
  [[nodiscard]] virtual bool can_rewind() const { return false; }
  /// The simulation went back to the end of step number `step`: forget what is stamped later.
  virtual void rewind(std::uint64_t step) { (void)step; }
};

/// Receives frames of one variable.
class StateSink {
 public:
  virtual ~StateSink() = default;
  virtual void begin(const StateRecord& description) = 0;
  virtual void frame(std::uint64_t step, std::span<const double> values) = 0;
  virtual void flush(double time_ms) = 0;
  virtual void restart() = 0;
  [[nodiscard]] virtual bool can_rewind() const { return false; }
  /// Forget the frames of step `end` and later.
  virtual void rewind(std::uint64_t end) { (void)end; }
};

}  // namespace ranvier
