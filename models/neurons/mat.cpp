// Multi-timescale adaptive threshold neuron (Kobayashi, Tsubokawa & Shinomoto 2009, Front Comput Neurosci 3:9, eqs. 1 to 3):
//   tau dV/dt = V_rest - V + R (I + I_ext),  dH1/dt = -H1/tau1,  dH2/dt = -H2/tau2
//   V >= V_rest + omega + H1 + H2: H1 = H1 + alpha1, H2 = H2 + alpha2, and no spike for tau_ref; V is not reset
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model mat() {
  Model m{"mat"};
  m.describe("multi-timescale adaptive threshold: spikes raise the threshold and leave the voltage alone",
             "Kobayashi et al. 2009 (Front Comput Neurosci 3:9), eqs. 1 to 3; defaults: its regular spiking");
  const auto V = m.state("V", mV), H1 = m.state("H1", mV), H2 = m.state("H2", mV);
  const auto V_rest = m.parameter("V_rest", -70 * mV, "resting potential");
  const auto omega = m.parameter("omega", 19 * mV, "where the threshold rests, above V_rest");
  const auto R = m.parameter("R", 50 * Mohm, "membrane resistance");
  const auto tau = m.parameter("tau", 5 * ms, "membrane time constant");
  const auto alpha1 = m.parameter("alpha1", 37 * mV, "what a spike adds to H1"), alpha2 = m.parameter("alpha2", 2 * mV, "what a spike adds to H2");
  const auto tau1 = m.parameter("tau1", 10 * ms, "time constant of H1"), tau2 = m.parameter("tau2", 200 * ms, "time constant of H2");
  const auto tau_ref = m.parameter("tau_ref", 2 * ms, "refractory period, in which V goes on");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(V) = (V_rest - V + R * (I + I_ext)) / tau;
  m.d(H1) = -H1 / tau1;
  m.d(H2) = -H2 / tau2;
  m.threshold(V >= V_rest + omega + H1 + H2);
  m.reset(H1, H1 + alpha1);
  m.reset(H2, H2 + alpha2);
  m.refractory(tau_ref, {});
  m.initial(V, V_rest);
  return m;
}

}  // namespace ranvier::models::neurons
