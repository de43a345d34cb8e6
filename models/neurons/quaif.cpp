// Quadratic integrate-and-fire neuron (Latham et al. 2000, J Neurophysiol 83:808; Gerstner et al. 2014, Neuronal Dynamics, eq. 5.16):
//   tau dV/dt = c (V - V_rest)(V - V_c) + R (I + I_ext);  V >= V_th: V = V_reset, and V is held for tau_ref
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model quaif() {
  Model m{"quaif"};
  m.describe("quadratic integrate-and-fire",
             "Latham et al. 2000 (J Neurophysiol 83:808); Gerstner et al. 2014 (Neuronal Dynamics), eq. 5.16");
  const auto V = m.state("V", mV);
  const auto V_rest = m.parameter("V_rest", -65 * mV, "resting potential");
  const auto V_reset = m.parameter("V_reset", -68 * mV, "potential after a spike");
  const auto V_th = m.parameter("V_th", -30 * mV, "where the upstroke counts as a spike");
  const auto V_c = m.parameter("V_c", -50 * mV, "above it the neuron spikes without input");
  const auto c = m.parameter("c", 0.07 / mV, "curvature");
  const auto R = m.parameter("R", 100 * Mohm, "membrane resistance");
  const auto tau = m.parameter("tau", 10 * ms, "membrane time constant");
  const auto tau_ref = m.parameter("tau_ref", 0 * ms, "refractory period");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(V) = (c * (V - V_rest) * (V - V_c) + R * (I + I_ext)) / tau;
  m.threshold(V >= V_th);
  m.reset(V, V_reset);
  m.refractory(tau_ref, {V});
  m.initial(V, V_rest);
  return m;
}

}  // namespace ranvier::models::neurons
