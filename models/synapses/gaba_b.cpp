// GABA_B receptors with their G-protein cascade: Destexhe, Mainen & Sejnowski 1998 (Methods in Neuronal Modeling, 2nd ed., ch. 1),
// dr/dt = K1 T (1 - r) - K2 r, ds/dt = K3 r - K4 s, open fraction s^4/(s^4 + Kd). r and s stay with the source neuron.
#include "transmitter.hh"

namespace ranvier::models::synapses {

using namespace ranvier::units;

Model gaba_b() {
  Model m{"gaba_b"};
  m.describe("GABA_B receptors and G proteins", "Destexhe, Mainen & Sejnowski 1998 (Methods in Neuronal Modeling, ch. 1)");
  const auto r = m.state("r"), s = m.state("s"), left = m.state("left", ms);
  const auto K1 = m.parameter("K1", 0.09 / ms, "binding rate, per mM"), K2 = m.parameter("K2", 0.0012 / ms, "unbinding rate");
  const auto K3 = m.parameter("K3", 0.18 / ms, "G protein production [uM]"), K4 = m.parameter("K4", 0.034 / ms, "G protein decay");
  const auto Kd = m.parameter("Kd", 100.0, "half activation [uM^4]");
  m.d(r) = K1 * transmitter_pulse(m, left, 0.5, 0.3 * ms) * (1 - r) - K2 * r;
  m.d(s) = K3 * r - K4 * s;
  m.sends(pow(s, 4) / (pow(s, 4) + Kd));
  return m;
}

}  // namespace ranvier::models::synapses
