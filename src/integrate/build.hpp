// From a network to its step program: populations and synapses become arrays, equations become assignments by the chosen method.
//
//   auto program = build_step_program(network.data(), {.dt = 0.1 * ms, .method = "exp_euler"});
#pragma once

#include <optional>
#include <string>

#include "model/step_program.hpp"

namespace ranvier::integrate {

struct BuildOptions {
  Quantity dt = 0.1 * units::ms;
  std::string method;
  std::optional<Precision> precision;
};

/// UserError or UnitError for whatever does not fit together, naming population or projection.
[[nodiscard]] model::StepProgram build_step_program(const detail::NetworkData& network, const BuildOptions& options);

}  // namespace ranvier::integrate
