// The transmitter of the receptor schemes of Destexhe, Mainen & Sejnowski: a pulse of fixed height and length after each spike, and the
// two-state receptor that it opens.
//
//   m.d(s) = alpha * transmitter_pulse(m, left, 0.5, 0.5 * ms) * (1 - s) - beta * s;
#pragma once

#include <string>

#include "ranvier/models.hpp"

namespace ranvier::models::synapses {

/// Declares T [mM] and T_dur; `left` is the state that holds what is left of the pulse [ms]. Returns the concentration [mM].
inline Expr transmitter_pulse(Model& m, const Expr& left, double concentration, Quantity duration) {
  const auto T = m.parameter("T", concentration, "transmitter [mM]"), T_dur = m.parameter("T_dur", duration, "for how long after a spike");
  m.every_step(left, max(left - m.dt(), 0 * units::ms));
  m.on_spike(left, T_dur);
  return where(left > m.dt() / 2, T, 0);
}

/// ds/dt = alpha T (1 - s) - beta s, s with the source neuron (Neural Comput 6:14, 1994). Defaults: BrainPy's.
inline Model two_state_receptor(const std::string& name, const std::string& summary, double binding, double concentration, Quantity duration) {
  using namespace units;
  Model m{name};
  m.describe(summary, "Destexhe, Mainen & Sejnowski 1994 (Neural Comput 6:14)");
  const auto s = m.state("s"), left = m.state("left", ms);
  const auto alpha = m.parameter("alpha", binding / ms, "binding rate, per mM"), beta = m.parameter("beta", 0.18 / ms, "unbinding rate");
  m.d(s) = alpha * transmitter_pulse(m, left, concentration, duration) * (1 - s) - beta * s;
  m.sends(s);
  return m;
}

}  // namespace ranvier::models::synapses
