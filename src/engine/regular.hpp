// Callbacks at regular steps.
//
//   Regular r;  r.add(10, 0, f, now);
//   r.call(now, sim);          // those that are due, in the order of add()
//   r.next();                  // the step of the next one
#pragma once

#include <cstdint>
#include <vector>

#include "ranvier/simulation.hpp"

namespace ranvier::engine {

class Regular {
 public:
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  /// Called at from, from + interval ... as far as these are not before `now`.
  std::size_t add(std::uint64_t interval, std::uint64_t from, Callback f, std::uint64_t now);
  void cancel(std::size_t number);
  /// Calls what is due at step `now`, each once. True if any was.
  bool call(std::uint64_t now, Simulation& sim);
  [[nodiscard]] std::uint64_t next() const;
  [[nodiscard]] bool calling() const { return calling_; }

  /// The next step of each callback.
  [[nodiscard]] std::vector<std::uint64_t> position() const;
  /// The same as three numbers each: interval, from, next step.
  [[nodiscard]] std::vector<std::uint64_t> phases() const;
  /// Of phases() of another process that had the same callbacks; where they differ, a callback begins from `now`.
  [[nodiscard]] std::vector<std::uint64_t> position(const std::vector<std::uint64_t>& phases, std::uint64_t now) const;
  /// Those that were added since begin again from `now`.
  void rewind(const std::vector<std::uint64_t>& position, std::uint64_t now);

 private:
  struct Entry {
    std::uint64_t interval, from;
    Callback f;  ///< empty: cancelled
    std::uint64_t next;
    [[nodiscard]] std::uint64_t first_from(std::uint64_t now) const;
  };
  std::vector<Entry> entries_;
  bool calling_ = false;
};

}  // namespace ranvier::engine
