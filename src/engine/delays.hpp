// Per-synapse delays: a spike is delivered once, in the step after it, into the buffers of the steps in which its events arrive.
// One ring of such buffers for each array of arrivals; a worker touches only the columns of its own neurons.
//
//   ring_of = include_ring(rings, domain, array, 50);     // an event may take up to 50 steps
//   plan_rings(rings, program);
//   state.rings.push_back(ring_memory(rings[0], program));
#pragma once

#include <cstdint>
#include <vector>

#include "engine/state.hpp"

namespace ranvier::engine {

inline constexpr std::size_t no_ring = ~std::size_t{0};

struct RingPlan {
  std::size_t domain = 0, array = 0;
  std::uint32_t depth = 0;                  ///< buffers: the longest delay and one
  std::uint64_t stride = 0;                 ///< elements of a buffer
  std::vector<std::uint64_t> buffers;       ///< first element of the buffer of step i, i < 2 * depth
};

/// The index of the ring of an array, made at first use and deep enough for a delay.
std::size_t include_ring(std::vector<RingPlan>& rings, std::size_t domain, std::size_t array, std::uint32_t longest_delay);
/// Sizes; UserError if there is not enough memory for them.
void plan_rings(std::vector<RingPlan>& rings, const model::StepProgram& program);
[[nodiscard]] ArrayMemory ring_memory(const RingPlan& ring, const model::StepProgram& program);

}  // namespace ranvier::engine
