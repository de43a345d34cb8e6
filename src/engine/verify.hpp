// Compares compiled kernels with the interpreter on a network's own states, step by step.
//
//   Verification v = verify(core, options, 100);     // v.max_ulps == 0
#pragma once

#include "engine/core.hpp"

namespace ranvier::engine {

/// Leaves `core` in the state it was in.
[[nodiscard]] Verification verify(Core& core, const SimulationOptions& options, std::uint64_t steps);

}  // namespace ranvier::engine
