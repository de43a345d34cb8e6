// GABA_A receptors as a two-state scheme: Destexhe, Mainen & Sejnowski 1994 (Neural Comput 6:14): ds/dt = alpha T (1 - s) - beta s while the
// transmitter is there, for T_dur after each spike. Defaults: BrainPy's. s stays with the source neuron.
#include "ranvier/models.hpp"

namespace ranvier::models::synapses {

using namespace ranvier::units;

Model gaba_a() {
  Model m{"gaba_a"};
  m.describe("GABA_A receptors, two states", "Destexhe, Mainen & Sejnowski 1994 (Neural Comput 6:14)");
  const auto s = m.state("s"), left = m.state("left", ms);
  const auto alpha = m.parameter("alpha", 0.53 / ms, "binding rate, per mM"), beta = m.parameter("beta", 0.18 / ms, "unbinding rate");
  const auto T = m.parameter("T", 1.0, "transmitter [mM]"), T_dur = m.parameter("T_dur", 1.0 * ms, "for how long after a spike");
  m.d(s) = alpha * where(left > m.dt() / 2, T, 0) * (1 - s) - beta * s;
  m.every_step(left, max(left - m.dt(), 0 * ms));
  m.on_spike(left, T_dur);
  m.sends(s);
  return m;
}

}  // namespace ranvier::models::synapses
