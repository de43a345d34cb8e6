// The two parts of a stochastic rate: what is left without noise, and what each noise is multiplied by.
//
//   Stochastic e = stochastic_parts(system, k);
//   if (!e.linear) refuse();                       // noise enters otherwise than times an expression
//   e.drift;  e.diffusion[i];                      // of system.noises[i]
#pragma once

#include "integrate/pieces.hpp"

namespace ranvier::integrate {

struct Stochastic {
  bool linear = false;
  ir::NodeId drift = ir::no_node;
  std::vector<ir::NodeId> diffusion;  ///< by noise; the literal 0 where it does not enter
};
/// Held inputs are filled in.
[[nodiscard]] Stochastic stochastic_parts(const OdeSystem& s, std::size_t k);
/// Why noise cannot be taken out of the rates, if so.
[[nodiscard]] std::optional<std::string> refuses_nonlinear_noise(const OdeSystem& s);
/// x + dt drift + sqrt(dt) sum of diffusion times draw; a pure decay by its closed form.
[[nodiscard]] ir::NodeId euler_maruyama_step(const OdeSystem& s, std::size_t k, const Stochastic& parts);

}  // namespace ranvier::integrate
