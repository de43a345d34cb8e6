// Exponential integrate-and-fire neuron (Fourcaud-Trocme et al. 2003, J Neurosci 23:11628; Gerstner et al. 2014, Neuronal Dynamics, eq. 5.6):
//   tau dV/dt = V_rest - V + delta_T exp((V - V_T)/delta_T) + R (I + I_ext);  V >= V_th: V = V_reset, and V is held for tau_ref
// V_th is where the upstroke is cut off; the spike's time hardly depends on it. The exponential sees V no higher than that, so that
// a step which ends far above it stays finite.
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model expif() {
  Model m{"expif"};
  m.describe("exponential integrate-and-fire", "Fourcaud-Trocme et al. 2003 (J Neurosci 23:11628), whose defaults these are; "
                                               "Gerstner et al. 2014 (Neuronal Dynamics), eq. 5.6");
  const auto V = m.state("V", mV);
  const auto V_rest = m.parameter("V_rest", -65 * mV, "resting potential");
  const auto V_reset = m.parameter("V_reset", -68 * mV, "potential after a spike");
  const auto V_th = m.parameter("V_th", -30 * mV, "where the upstroke counts as a spike");
  const auto V_T = m.parameter("V_T", -59.9 * mV, "threshold for slow currents");
  const auto delta_T = m.parameter("delta_T", 3.48 * mV, "sharpness of the spike's onset");
  const auto R = m.parameter("R", 100 * Mohm, "membrane resistance");
  const auto tau = m.parameter("tau", 10 * ms, "membrane time constant");
  const auto tau_ref = m.parameter("tau_ref", 1.7 * ms, "refractory period");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(V) = (V_rest - V + delta_T * exp((min(V, V_th) - V_T) / delta_T) + R * (I + I_ext)) / tau;
  m.threshold(V >= V_th);
  m.reset(V, V_reset);
  m.refractory(tau_ref, {V});
  m.initial(V, V_rest);
  m.method("rk4");
  return m;
}

}  // namespace ranvier::models::neurons
