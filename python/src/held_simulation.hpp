// A simulation as Python holds it: one thread at a time, in the process that made it.
//
//   const Turn turn(held.use());          // UserError where another thread runs it, or after a fork
//   turn.simulation().step();
#pragma once

#include <nanobind/nanobind.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "ranvier/error.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier::python {

/// Who uses a simulation and its records. Read and written with the GIL held.
struct Use {
  Simulation* simulation = nullptr;  ///< null once it is gone
  pid_t process = getpid();
  unsigned long thread = 0;          ///< that is in a call; 0: none
  nanobind::object dispatch;         ///< callbacks by number, while it runs
};

/// A call of a simulation, or of one of its records. Calls within a call (from callbacks) are of one thread.
class Turn {
 public:
  enum class For { simulation, record };
  explicit Turn(const std::shared_ptr<Use>& use, For what = For::simulation) : use_(use) {
    const auto me = PyThread_get_thread_ident();
    if (use->thread != 0 && use->thread != me && use->process == getpid()) {
      throw UserError("simulation", "another thread is running it", "wait for that run to end, or give each thread a simulation of its own");
    }
    if (what == For::simulation && use->process != getpid())
      throw UserError("simulation", "it was made before this process was forked", "make a new one in the new process");
    if (what == For::simulation && !use->simulation)
      throw UserError("simulation", "it is over: it was that of one point of a sweep", "take its results out in the sweep's function");
    outermost_ = use->thread == 0;
    if (outermost_) use->thread = me;
  }
  ~Turn() {
    if (outermost_) use_->thread = 0;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  [[nodiscard]] Simulation& simulation() const { return *use_->simulation; }

 private:
  std::shared_ptr<Use> use_;
  bool outermost_ = false;
};

/// Records outlive the simulation: they share its Use.
struct HeldSimulation {
  std::shared_ptr<Use> use;
  std::unique_ptr<Simulation> owned;  ///< null: that of a point of a sweep

  explicit HeldSimulation(std::unique_ptr<Simulation> made) : use(std::make_shared<Use>()), owned(std::move(made)) { use->simulation = owned.get(); }
  explicit HeldSimulation(Simulation& of_sweep) : use(std::make_shared<Use>()) { use->simulation = &of_sweep; }
  HeldSimulation(HeldSimulation&&) = default;
  HeldSimulation& operator=(HeldSimulation&&) = delete;
  ~HeldSimulation() {
    if (!owned) return;
    use->simulation = nullptr;
    // Threads do not live on in a forked process, so that the simulation cannot be taken apart there.
    if (use->process != getpid()) (void)owned.release();
  }
};
struct HeldSpikes {
  std::shared_ptr<const SpikeRecord> record;
  std::shared_ptr<Use> use;
};
struct HeldStates {
  std::shared_ptr<const StateRecord> record;
  std::shared_ptr<Use> use;
};

}  // namespace ranvier::python
