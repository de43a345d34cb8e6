// All mutable state of a simulation in one place: arrays of neurons, spikes that are still under way, the step. A
// checkpoint is this: whatever a step changes belongs into State, a value that store(), restore() and verify() copy as
// a whole.
//
//   State state(program);
//   state.initialise(program, seed);
//   float* v = state.domains[0].arrays[0].as<float>();
#pragma once

#include <algorithm>
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

/// The first neuron of each worker's part of a population, ascending.
using Cuts = std::shared_ptr<const std::vector<std::uint32_t>>;

/// Zeroed memory on a cache line, padded to a multiple of 64 elements as kernels expect. A value: copies are deep.
/// Where one worker's part ends, and beyond the end, lies a gap: the core that walks its part to the end reads ahead, and would take
/// another worker's first lines from it. Hence an array with cuts is reached through part() by the worker, and through at() elsewhere.
class ArrayMemory {
 public:
  ArrayMemory() = default;
  ArrayMemory(const ArrayMemory& other) : bytes_(other.bytes_), gaps_(other.gaps_), element_bytes_(other.element_bytes_), cuts_(other.cuts_) {
    if (!other.data_) return;
    data_ = allocate(bytes_ + gaps_);
    std::memcpy(data_.get(), other.data_.get(), bytes_ + gaps_);
  }
  ArrayMemory(ArrayMemory&& other) noexcept { *this = std::move(other); }
  ArrayMemory& operator=(const ArrayMemory& other) { return *this = ArrayMemory(other); }
  ArrayMemory& operator=(ArrayMemory&& other) noexcept {
    bytes_ = std::exchange(other.bytes_, 0);
    gaps_ = std::exchange(other.gaps_, 0);
    element_bytes_ = other.element_bytes_;
    cuts_ = std::move(other.cuts_);
    data_ = std::move(other.data_);
    return *this;
  }
  ~ArrayMemory() = default;
  /// `cuts`: multiples of 64 (or the number of elements: an empty part); none where one worker has it all.
  ArrayMemory(std::size_t elements, std::size_t element_bytes, Cuts cuts = {})
      : bytes_((elements + 63) / 64 * 64 * element_bytes), gaps_(cuts ? (cuts->size() - 1) * gap : 0), element_bytes_(element_bytes),
        cuts_(std::move(cuts)), data_(allocate(bytes_ + gaps_)) {
    std::memset(data_.get(), 0, bytes_ + gaps_);
  }
  /// Of memory without cuts.
  template <class T>
  [[nodiscard]] T* as() const {
    return reinterpret_cast<T*>(data_.get());
  }
  /// What a worker adds the indices of its own elements to.
  template <class T>
  [[nodiscard]] T* part(int worker) const {
    return reinterpret_cast<T*>(data_.get() + (cuts_ ? static_cast<std::size_t>(worker) * gap : 0));
  }
  template <class T>
  [[nodiscard]] T& at(std::size_t i) const {
    return part<T>(cuts_ ? worker_of(i) : 0)[i];
  }
  /// All elements to memory without cuts.
  void copy_to(const ArrayMemory& flat) const {
    if (!cuts_) {
      std::memcpy(flat.data_.get(), data_.get(), bytes_);
      return;
    }
    for (std::size_t w = 0; w < cuts_->size(); ++w) {
      const std::size_t from = (*cuts_)[w] * element_bytes_, to = w + 1 < cuts_->size() ? (*cuts_)[w + 1] * element_bytes_ : bytes_;
      if (from < to) std::memcpy(flat.data_.get() + from, part<std::byte>(static_cast<int>(w)) + from, to - from);
    }
  }
  /// Without gaps.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Free {
    void operator()(std::byte* p) const { std::free(p); }
  };
  static constexpr std::size_t gap = 2048;
  static std::unique_ptr<std::byte, Free> allocate(std::size_t bytes) {
    std::unique_ptr<std::byte, Free> data(
        static_cast<std::byte*>(std::aligned_alloc(64, (bytes + 63) / 64 * 64 + gap)));
    if (!data) throw std::bad_alloc();
    return data;
  }
  [[nodiscard]] int worker_of(std::size_t i) const {
    return static_cast<int>(std::upper_bound(cuts_->begin(), cuts_->end(), i) - cuts_->begin()) - 1;
  }
  std::size_t bytes_ = 0, gaps_ = 0, element_bytes_ = 0;
  Cuts cuts_;
  std::unique_ptr<std::byte, Free> data_;
};

/// Spikes of one worker's part of a population in one step, ascending ids within the population. They lie behind their
/// number in cache lines that no other list shares and whose place seldom changes: another worker asks for all of them
/// at once (fetch()).
class SpikeList {
 public:
  void assign(const std::uint32_t* ids, std::size_t count) {
    const std::size_t needed = lines(count);
    // What a burst took is given back: a ring of lists would keep the largest of each for good.
    if (memory_.size() > lines(4096) && memory_.size() / 16 > needed) memory_ = std::vector<Line>(needed);
    if (memory_.size() < needed) memory_.resize(needed);
    *words() = static_cast<std::uint32_t>(count);
    std::copy_n(ids, count, words() + 1);
  }
  void clear() { *words() = 0; }
  [[nodiscard]] std::size_t size() const { return *words(); }
  [[nodiscard]] const std::uint32_t* begin() const { return words() + 1; }
  [[nodiscard]] const std::uint32_t* end() const { return begin() + size(); }
  /// Asks for the cache lines of the first `count` spikes, without waiting for their number.
  void fetch(std::size_t count) const {
    for (std::size_t k = 0; k < std::min(lines(count), memory_.size()); ++k) __builtin_prefetch(&memory_[k]);
  }

 private:
  struct alignas(64) Line {
    std::uint32_t words[16];
  };
  [[nodiscard]] std::uint32_t* words() { return reinterpret_cast<std::uint32_t*>(memory_.data()); }
  [[nodiscard]] const std::uint32_t* words() const { return reinterpret_cast<const std::uint32_t*>(memory_.data()); }
  static constexpr std::size_t lines(std::size_t count) { return 1 + count / 16; }
  std::vector<Line> memory_ = std::vector<Line>(1);
};

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
  std::vector<ArrayMemory> rings;        ///< [worker * rings + ring]: events under way to later steps (engine/delays.hpp)
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
/// Arrays at their initial values, nothing under way. `depth`: steps that spikes are kept; `cuts`: by domain; `workers`: lists a step.
/// UserError, naming population, variable and neuron, if an initial value is not finite.
[[nodiscard]] State initial_state(const model::StepProgram& program, std::uint64_t seed, std::size_t depth, int workers,
                                  const std::vector<Cuts>& cuts);
/// Computes again the arrays of a domain that are functions of others.
void follow(const model::StepProgram& program, std::size_t domain, State& state);
/// A deep copy.
[[nodiscard]] State copy(const State& state);

}  // namespace ranvier::engine
