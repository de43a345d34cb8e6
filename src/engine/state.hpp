// All mutable state of a simulation in one place: arrays of neurons, spikes that are still under way, the step. A
// checkpoint is this: whatever a step changes belongs into State, a value that store(), restore() and verify() copy as
// a whole.
//
//   State state(program);
//   state.initialise(program, seed);
//   float* v = state.domains[0].arrays[0].as<float>();
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/step_program.hpp"

namespace ranvier::engine {

/// Zeroed memory on a cache line, padded to a multiple of 64 elements as kernels expect. A value: copies are deep.
/// Beyond its end lies a gap: the core that walks it to its end reads ahead, and would take the next array's first
/// lines from another worker.
class ArrayMemory {
 public:
  ArrayMemory() = default;
  ArrayMemory(const ArrayMemory& other) : bytes_(other.bytes_) {
    if (!other.data_) return;
    data_ = allocate(bytes_);
    std::memcpy(data_.get(), other.data_.get(), bytes_);
  }
  ArrayMemory(ArrayMemory&& other) noexcept : bytes_(std::exchange(other.bytes_, 0)), data_(std::move(other.data_)) {}
  ArrayMemory& operator=(ArrayMemory other) noexcept {
    bytes_ = other.bytes_;
    data_ = std::move(other.data_);
    return *this;
  }
  ~ArrayMemory() = default;
  ArrayMemory(std::size_t elements, std::size_t element_bytes)
      : bytes_((elements + 63) / 64 * 64 * element_bytes), data_(allocate(bytes_)) {
    std::memset(data_.get(), 0, bytes_);
  }
  template <class T>
  [[nodiscard]] T* as() const {
    return reinterpret_cast<T*>(data_.get());
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Free {
    void operator()(std::byte* p) const { std::free(p); }
  };
  static std::unique_ptr<std::byte, Free> allocate(std::size_t bytes) {
    constexpr std::size_t gap = 1024;
    std::unique_ptr<std::byte, Free> data(
        static_cast<std::byte*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64 + gap)));
    if (!data) throw std::bad_alloc();
    return data;
  }
  std::size_t bytes_ = 0;
  std::unique_ptr<std::byte, Free> data_;
};

/// Spikes of one worker's part of a population in one step, ascending ids within the population.
using SpikeList = std::vector<std::uint32_t>;

struct DomainState {
  std::vector<ArrayMemory> arrays;                       ///< by array of the domain
  std::vector<std::vector<SpikeList>> recent;            ///< [worker][step % depth]: spikes emitted in that step
  std::map<std::size_t, std::vector<ArrayMemory>> sent;  ///< of propagated arrays: [array][completed steps % depth]
};

/// Plastic synapses of one projection: traces over (source, delay) and over targets; states of each worker's synapses
/// as its rows hold them.
struct PlasticState {
  std::vector<ArrayMemory> pre, post;             ///< by trace
  std::vector<std::vector<ArrayMemory>> synapse;  ///< [worker][state]
  std::vector<ArrayMemory> last;                  ///< [worker]: step of each synapse's last event, where that is needed
};

struct State {
  std::vector<DomainState> domains;
  std::vector<ArrayMemory> rings;        ///< events under way to later steps (engine/delays.hpp)
  std::vector<PlasticState> plasticity;  ///< by StepProgram::plasticity
  std::uint64_t step = 0;                ///< completed steps
  std::uint64_t spikes = 0, events = 0, checksum = 0;
  std::vector<std::uint64_t> spikes_of;  ///< by domain
};

[[nodiscard]] std::size_t element_bytes(const model::Domain& domain, std::size_t array);
/// Reads and writes one value in the array's own type.
[[nodiscard]] double load(const model::Domain& domain, std::size_t array, const ArrayMemory& memory,
                          std::size_t neuron);
void store(const model::Domain& domain, std::size_t array, const ArrayMemory& memory, std::size_t neuron, double value);

/// The value of an array's `initial` expression for each neuron.
[[nodiscard]] std::vector<double> drawn_values(const model::StepProgram& program, const model::Domain& domain,
                                               std::size_t array, std::uint64_t seed);
/// Arrays at their initial values, nothing under way. `depth`: steps that spikes are kept; `workers`: lists a step.
/// UserError, naming population, variable and neuron, if an initial value is not finite.
[[nodiscard]] State initial_state(const model::StepProgram& program, std::uint64_t seed, std::size_t depth,
                                  int workers);
/// Computes again the arrays of a domain that are functions of others.
void follow(const model::StepProgram& program, std::size_t domain, State& state);
/// A deep copy.
[[nodiscard]] State copy(const State& state);

}  // namespace ranvier::engine
