// Generalized integrate-and-fire neuron (Mihalas & Niebur 2009, Neural Comput 21:704, eqs. 2.1 and 2.2):
//   dI_j/dt = -k_j I_j,  C dV/dt = I + I_ext + I1 + I2 - G (V - V_rest),  dV_th/dt = a (V - V_rest) - b (V_th - V_th_inf)
//   V >= V_th: I_j = R_j I_j + A_j, V = V_reset, V_th = max(V_th, V_th_reset)
// The paper divides by C: its I/C = 1.5 V/s is I_ext = 150 pA here, where C = 100 pF.
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model gif() {
  Model m{"gif"};
  m.describe("generalized integrate-and-fire: two spike-induced currents and an adaptive threshold",
             "Mihalas & Niebur 2009 (Neural Comput 21:704), eqs. 2.1 and 2.2; defaults: its tonic spiking");
  const auto V = m.state("V", mV), V_th = m.state("V_th", mV);
  const auto I1 = m.state("I1", pA), I2 = m.state("I2", pA);
  const auto V_rest = m.parameter("V_rest", -70 * mV, "resting potential");
  const auto V_reset = m.parameter("V_reset", -70 * mV, "potential after a spike");
  const auto V_th_inf = m.parameter("V_th_inf", -50 * mV, "where the threshold rests");
  const auto V_th_reset = m.parameter("V_th_reset", -60 * mV, "least threshold after a spike");
  const auto C = m.parameter("C", 100 * pF, "membrane capacitance"), G = m.parameter("G", 5 * nS, "leak conductance");
  const auto a = m.parameter("a", 0 / ms, "adaptation of the threshold to the voltage");
  const auto b = m.parameter("b", 0.01 / ms, "rate at which the threshold returns");
  const auto k1 = m.parameter("k1", 0.2 / ms, "decay rate of I1"), k2 = m.parameter("k2", 0.02 / ms, "decay rate of I2");
  const auto R1 = m.parameter("R1", 0, "what a spike leaves of I1"), R2 = m.parameter("R2", 1, "what a spike leaves of I2");
  const auto A1 = m.parameter("A1", 0 * pA, "what a spike adds to I1"), A2 = m.parameter("A2", 0 * pA, "what a spike adds to I2");
  const auto tau_ref = m.parameter("tau_ref", 0 * ms, "refractory period of V");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(I1) = -k1 * I1;
  m.d(I2) = -k2 * I2;
  m.d(V) = (I + I_ext + I1 + I2 - G * (V - V_rest)) / C;
  m.d(V_th) = a * (V - V_rest) - b * (V_th - V_th_inf);
  m.threshold(V >= V_th);
  m.reset(I1, R1 * I1 + A1);
  m.reset(I2, R2 * I2 + A2);
  m.reset(V, V_reset);
  m.reset(V_th, max(V_th, V_th_reset));
  m.refractory(tau_ref, {V});
  m.initial(V, V_rest);
  m.initial(V_th, V_th_inf);
  return m;
}

}  // namespace ranvier::models::neurons
