// SimulationOptions from a dict of those that were given.
//
//   Simulation sim{network, simulation_options(options)};
#pragma once

#include <nanobind/nanobind.h>

#include "ranvier/simulation.hpp"

namespace ranvier::python {

/// Keys: dt, method, precision, seed, threads, lanes, fuse, disk_cache, interpreter; the Python side has checked their types.
[[nodiscard]] SimulationOptions simulation_options(const nanobind::dict& given);

}  // namespace ranvier::python
