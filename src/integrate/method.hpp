// An integration method turns a system of ODEs into the assignments of one time step; one file a method, one row in the table.
//
//   const Method& m = find_method("exp_euler");
//   if (auto why = m.refuses(system)) throw UserError(*why);
//   Update u = m.advance(system);            // u.next[k]: the new value of system.states[k]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.hpp"
#include "ir/passes.hpp"

namespace ranvier::integrate {

struct OdeState {
  std::string name;
  ir::NodeId symbol = ir::no_node;
  ir::NodeId rate = ir::no_node;  ///< dx/dt in terms of symbols (held inputs included as symbols)
  bool whole_step = false;        ///< has a threshold or reset, or receives events: must be known at multiples of dt
};

/// A system with its environment. Methods add nodes to `graph` and change nothing else.
struct OdeSystem {
  ir::Graph* graph = nullptr;
  std::vector<OdeState> states;
  ir::Substitution held;  ///< inputs held over a step: symbol -> expression of the old state
  ir::NodeId t = ir::no_node, dt = ir::no_node, step = ir::no_node;
  struct Noise {
    std::string name;
    ir::NodeId symbol = ir::no_node;  ///< white noise in the rates
    ir::NodeId draw = ir::no_node;    ///< a standard normal number of this step
  };
  std::vector<Noise> noises;
  bool stochastic = false;            ///< the rates contain noise or random numbers
};

struct Update {
  std::vector<ir::NodeId> next;      ///< new value of each state
  std::vector<ir::NodeId> recorded;  ///< the state at the time t in terms of what is stored at t; no_node: as stored
};

struct Method {
  std::string_view name;
  std::string_view summary;
  int order = 1;                 ///< of convergence for smooth systems without events
  int evaluations = 1;           ///< of the right-hand sides per step
  std::optional<std::string> (*refuses)(const OdeSystem&);
  Update (*advance)(const OdeSystem&);
};

/// All methods, in the order of the documentation.
[[nodiscard]] const std::vector<Method>& methods();
/// UserError with near names if there is none of that name.
[[nodiscard]] const Method& find_method(std::string_view name);
/// The default of the design: euler_maruyama if stochastic; exact if linear; exp_staggered if the states split into two groups; else exp_midpoint.
[[nodiscard]] const Method& default_method(const OdeSystem& system);

// One file each.
extern const Method euler, heun, midpoint, rk4, exp_euler, exp_midpoint, exp_staggered, exact, euler_maruyama, milstein;

}  // namespace ranvier::integrate
