// Per-synapse delays: a spike is delivered once, in the step after it, into the buffers of the steps in which its events arrive.
// Each worker has one ring of such buffers for each array of arrivals; a buffer holds its own neurons, and stands in for the array in
// its step: kernels read and clear it. Counts are bytes where no neuron has more than 255 synapses: such a ring stays in the cache.
//
//   ring_of = include_ring(rings, domain, array, 50);     // an event may take up to 50 steps
//   state.rings.push_back(ring_memory(rings[ring_of], 4, 2000));   // of a worker with 2,000 neurons
#pragma once

#include <cstdint>
#include <vector>

#include "engine/state.hpp"

namespace ranvier::engine {

inline constexpr std::size_t no_ring = ~std::size_t{0};

struct RingPlan {
  std::size_t domain = 0, array = 0;
  std::uint32_t depth = 0;          ///< buffers: the longest delay and one
};

/// The index of the ring of an array, made at first use and deep enough for a delay.
std::size_t include_ring(std::vector<RingPlan>& rings, std::size_t domain, std::size_t array, std::uint32_t longest_delay);
/// What counts arrivals from so many synapses of a neuron: each brings at most one event to a step.
[[nodiscard]] inline ir::Element narrowest_count(double synapses) { return synapses <= 255 ? ir::Element::byte : ir::Element::count; }
[[nodiscard]] inline std::uint64_t ring_stride(std::uint32_t neurons) { return (std::uint64_t{neurons} + 63) / 64 * 64; }
/// For a worker with so many neurons.
[[nodiscard]] ArrayMemory ring_memory(const RingPlan& ring, std::size_t element_bytes, std::uint32_t neurons);
/// UserError if there is not enough memory for the rings.
void check_rings(const std::vector<RingPlan>& rings, const model::StepProgram& program);

}  // namespace ranvier::engine
