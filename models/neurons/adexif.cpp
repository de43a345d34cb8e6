// Adaptive exponential integrate-and-fire neuron (Brette & Gerstner 2005, J Neurophysiol 94:3637, eqs. 1-3, defaults from there):
//   C dV/dt = -g_L (V - E_L) + g_L delta_T exp((V - V_T)/delta_T) - w + I + I_ext
//   tau_w dw/dt = a (V - E_L) - w;   V >= V_th: V = V_reset, w = w + b, and V is held for tau_ref
// written with tau = C/g_L, R = 1/g_L, V_rest = E_L. The exponential and w see V no higher than V_th, so that a step which ends far
// above it stays finite.
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model adexif() {
  Model m{"adexif"};
  m.describe("adaptive exponential integrate-and-fire", "Brette & Gerstner 2005 (J Neurophysiol 94:3637), eqs. 1-3 with tau = C/g_L and "
                                                        "R = 1/g_L; defaults: theirs, g_L = 30 nS, C = 281 pF");
  const auto V = m.state("V", mV), w = m.state("w", pA);
  const auto V_rest = m.parameter("V_rest", -70.6 * mV, "resting potential");
  const auto V_reset = m.parameter("V_reset", -70.6 * mV, "potential after a spike");
  const auto V_th = m.parameter("V_th", 20 * mV, "where the upstroke counts as a spike");
  const auto V_T = m.parameter("V_T", -50.4 * mV, "threshold for slow currents");
  const auto delta_T = m.parameter("delta_T", 2 * mV, "sharpness of the spike's onset");
  const auto R = m.parameter("R", 1 / (30 * nS), "membrane resistance");
  const auto tau = m.parameter("tau", 281 * pF / (30 * nS), "membrane time constant");
  const auto a = m.parameter("a", 4 * nS, "adaptation to the voltage");
  const auto b = m.parameter("b", 80.5 * pA, "adaptation by a spike");
  const auto tau_w = m.parameter("tau_w", 144 * ms, "time constant of adaptation");
  const auto tau_ref = m.parameter("tau_ref", 0 * ms, "refractory period");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  const auto v = min(V, V_th);
  m.d(V) = (V_rest - V + delta_T * exp((v - V_T) / delta_T) + R * (I + I_ext - w)) / tau;
  m.d(w) = (a * (v - V_rest) - w) / tau_w;
  m.threshold(V >= V_th);
  m.reset(V, V_reset);
  m.reset(w, w + b);
  m.refractory(tau_ref, {V});
  m.initial(V, V_rest);
  m.method("rk4");
  return m;
}

}  // namespace ranvier::models::neurons
