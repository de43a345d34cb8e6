// Leaky integrate-and-fire neuron (Lapicque 1907; Gerstner et al. 2014, Neuronal Dynamics, eq. 1.5):
//   tau dV/dt = V_rest - V + R (I + I_ext);  V >= V_th: V = V_reset, and V is held for tau_ref
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model lif() {
  Model m{"lif"};
  m.describe("leaky integrate-and-fire", "Lapicque 1907; Gerstner et al. 2014 (Neuronal Dynamics), eq. 1.5; defaults: "
                                         "Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 1");
  const auto V = m.state("V", mV);
  const auto V_rest = m.parameter("V_rest", -60 * mV, "resting potential");
  const auto V_reset = m.parameter("V_reset", -60 * mV, "potential after a spike");
  const auto V_th = m.parameter("V_th", -50 * mV, "spike threshold");
  const auto R = m.parameter("R", 100 * Mohm, "membrane resistance");
  const auto tau = m.parameter("tau", 20 * ms, "membrane time constant");
  const auto tau_ref = m.parameter("tau_ref", 5 * ms, "refractory period");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(V) = (V_rest - V + R * (I + I_ext)) / tau;
  m.threshold(V >= V_th);
  m.reset(V, V_reset);
  m.refractory(tau_ref, {V});
  m.initial(V, V_rest);
  return m;
}

}  // namespace ranvier::models::neurons
