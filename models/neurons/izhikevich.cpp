// Izhikevich's simple model (2003, IEEE Trans Neural Netw 14:1569, eqs. 1-3):
//   dV/dt = 0.04 V^2 + 5 V + 140 - u + I,  du/dt = a (b V - u);   V >= 30 mV: V = c, u = u + d       (mV, ms)
// The paper's I has no unit; here I/C is in mV/ms, and with C = 1 pF a current of 10 pA is its I = 10.
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model izhikevich() {
  Model m{"izhikevich"};
  m.describe("Izhikevich's simple model of spiking neurons",
             "Izhikevich 2003 (IEEE Trans Neural Netw 14:1569), eqs. 1-3; defaults: its regular spiking");
  const auto V = m.state("V", mV), u = m.state("u", mV / ms);
  const auto p1 = m.parameter("p1", 0.04 / mV / ms, "coefficient of V^2"), p2 = m.parameter("p2", 5 / ms, "coefficient of V");
  const auto p3 = m.parameter("p3", 140 * mV / ms, "constant drift");
  const auto a = m.parameter("a", 0.02 / ms, "rate of recovery"), b = m.parameter("b", 0.2 / ms, "sensitivity of recovery to V");
  const auto c = m.parameter("c", -65 * mV, "V after a spike"), d = m.parameter("d", 8 * mV / ms, "added to u by a spike");
  const auto V_th = m.parameter("V_th", 30 * mV, "peak of a spike");
  const auto C = m.parameter("C", 1 * pF, "capacitance: 10 pA over 1 pF is the paper's I = 10");
  const auto tau_ref = m.parameter("tau_ref", 0 * ms, "refractory period of V");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(V) = p1 * V * V + p2 * V + p3 - u + (I + I_ext) / C;
  m.d(u) = a * (b * V - u);
  m.threshold(V >= V_th);
  m.reset(V, c);
  m.reset(u, u + d);
  m.refractory(tau_ref, {V});
  m.initial(V, -65 * mV);
  m.initial(u, b * (-65 * mV));
  return m;
}

}  // namespace ranvier::models::neurons
