// Variables of plastic synapses by name, for Simulation: where they are, what records them, getting and setting them.
//
//   if (plastic_projection(core, "E_to_I")) values = synapse_values(core, "E_to_I", "w");
//   FrameTap tap = synapse_tap(core, {"E_to_I", "w"}, {}, schedule);
#pragma once

#include "engine/core.hpp"
#include "ranvier/record.hpp"

namespace ranvier::engine {

/// Whether that is a projection with plastic synapses.
[[nodiscard]] bool plastic_projection(const Core& core, const std::string& name);

// UserError, with near names, where there is no such variable, synapse or neuron.
[[nodiscard]] FrameTap synapse_tap(const Core& core, const SynapseRef& ref, const std::vector<std::uint32_t>& elements,
                                   const FrameSchedule& schedule);
[[nodiscard]] std::shared_ptr<StateRecord> synapse_record(const Core& core, const SynapseRef& ref, const FrameTap& tap,
                                                          const RecordOptions& options);
[[nodiscard]] std::vector<double> synapse_values(Core& core, const std::string& projection,
                                                 const std::string& variable);
void set_synapse_values(Core& core, const std::string& projection, const std::string& variable,
                        const std::vector<double>& values);

/// A state of synapses that is not finite: the projection, and what became of which.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> bad_synapse(const Core& core);

}  // namespace ranvier::engine
