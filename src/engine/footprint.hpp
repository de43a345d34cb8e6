// How much memory a network will take, before anything of that size is allocated.
//
//   Footprint f = footprint(integrate::build_step_program(network.data(), {}), {.threads = 2});
//   f.populations["E"];           // bytes
//   f.projections["E_to_I"];      // synapses and bytes
#pragma once

#include <map>
#include <string>

#include "model/step_program.hpp"

namespace ranvier::engine {

/// Expected values: exact where the wiring rule fixes the number of synapses.
struct Footprint {
  struct Projection {
    double synapses = 0;
    double synapse_bytes = 0;  ///< targets, weights, delays, states of plastic synapses and the ways to find them
    double other_bytes = 0;    ///< arrivals and synaptic states at the neurons, events under way, traces
    [[nodiscard]] double bytes() const { return synapse_bytes + other_bytes; }
  };
  std::map<std::string, double> populations;  ///< states, parameters of each neuron, room for the spikes of a step
  std::map<std::string, Projection> projections;
  double bytes = 0;                           ///< all of it
  double peak_bytes = 0;                      ///< while connections are made
};

/// `threads`: 0 for as many as this process may use. UserError for what the engine would refuse, such as a rule that does not fit.
[[nodiscard]] Footprint footprint(model::StepProgram program, int threads, std::uint64_t seed);

}  // namespace ranvier::engine
