// Quadratic integrate-and-fire neuron with adaptation (Izhikevich 2004, IEEE Trans Neural Netw 15:1063; Touboul 2009, SIAM J Appl Dyn Syst 8:1045):
//   tau dV/dt = c (V - V_rest)(V - V_c) + R (I + I_ext - w),  tau_w dw/dt = a (V - V_rest) - w
//   V >= V_th: V = V_reset, w = w + b, and V is held for tau_ref. Defaults: BrainPy's with R = 100 Mohm, so that its w = 1 is 10 pA.
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model adquaif() {
  Model m{"adquaif"};
  m.describe("quadratic integrate-and-fire with adaptation", "Izhikevich 2004 (IEEE Trans Neural Netw 15:1063); Touboul 2009 (SIAM J Appl Dyn Syst 8:1045)");
  const auto V = m.state("V", mV), w = m.state("w", pA);
  const auto V_rest = m.parameter("V_rest", -65 * mV, "resting potential");
  const auto V_reset = m.parameter("V_reset", -68 * mV, "potential after a spike");
  const auto V_th = m.parameter("V_th", -30 * mV, "where the upstroke counts as a spike");
  const auto V_c = m.parameter("V_c", -50 * mV, "above it the neuron spikes without input");
  const auto c = m.parameter("c", 0.07 / mV, "curvature");
  const auto R = m.parameter("R", 100 * Mohm, "membrane resistance");
  const auto tau = m.parameter("tau", 10 * ms, "membrane time constant");
  const auto a = m.parameter("a", 10 * nS, "adaptation to the voltage");
  const auto b = m.parameter("b", 1 * pA, "adaptation by a spike");
  const auto tau_w = m.parameter("tau_w", 10 * ms, "time constant of adaptation");
  const auto tau_ref = m.parameter("tau_ref", 0 * ms, "refractory period");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(V) = (c * (V - V_rest) * (V - V_c) + R * (I + I_ext - w)) / tau;
  m.d(w) = (a * (V - V_rest) - w) / tau_w;
  m.threshold(V >= V_th);
  m.reset(V, V_reset);
  m.reset(w, w + b);
  m.refractory(tau_ref, {V});
  m.initial(V, V_rest);
  return m;
}

}  // namespace ranvier::models::neurons
