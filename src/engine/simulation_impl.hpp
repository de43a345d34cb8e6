// What a Simulation holds, for the files that define its methods: simulation.cpp (runs, states), simulation_recording.cpp.
//
//   impl_->core->program();
//   engine::domain_index(impl_->core->program(), "E");   // UserError with near names
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/core.hpp"
#include "engine/recorders.hpp"
#include "engine/regular.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier {
namespace engine {

using Clock = std::chrono::steady_clock;

/// The domain of a population. UserError if there is none of that name.
[[nodiscard]] std::size_t domain_index(const model::StepProgram& program, const std::string& name);

/// The array of a variable of a population: its own name, or that of a merged synaptic state. UserError if there is none.
[[nodiscard]] std::size_t array_index(const model::StepProgram& program, std::size_t d, const std::string& variable);

}  // namespace engine


struct Simulation::Impl {
  Impl(const Network& network, SimulationOptions o);

  void describe();
  std::uint64_t steps_of(Quantity duration) const;
  std::uint64_t step_at(const std::string& what, Quantity time) const;
  engine::FrameSchedule schedule_of(const RecordOptions& o) const;
  void require_neurons(std::size_t domain, const std::vector<std::uint32_t>& neurons) const;
  engine::FrameTap tap_of(std::size_t domain, const RecordOptions& o) const;
  engine::FrameTap tap_of(const StateRef& state, const RecordOptions& o) const;
  std::shared_ptr<StateRecord> record_of(const engine::FrameTap& tap, const std::string& name, const Dimension& d, const RecordOptions& o) const;
  std::shared_ptr<StateRecord> record_of(const StateRef& state, const engine::FrameTap& tap, const RecordOptions& o) const;
  void set_array(std::size_t d, std::size_t a, const std::string& variable, const std::vector<double>& values);
  std::pair<std::size_t, std::size_t> external_array(const std::string& name) const;
  void require_outside(const char* what) const;
  std::uint64_t call_regular(Simulation& sim, std::vector<engine::FrameTap*>& taps);
  [[noreturn]] void report_bad_value() const;
  void require_good_state();
  void note_merged(std::size_t domain, const std::string& state);
  double run(Simulation& sim, std::uint64_t steps, const ProgressFunction& progress, bool flush_at_end = true);

  struct Snapshot {
    engine::Core::Snapshot core;
    engine::Recorders::Position recorders;
    std::vector<std::uint64_t> regular;
  };

  SimulationOptions options;
  std::unique_ptr<engine::Core> core;
  engine::Recorders recorders;
  engine::Regular regular;
  std::map<std::string, Snapshot> snapshots;
  SimulationInfo info;
  Timings timings;
  std::uint64_t hash = 0;
  engine::Clock::time_point last_flush = engine::Clock::now();
};

}  // namespace ranvier
