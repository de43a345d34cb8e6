// Barnacle muscle fibre (Morris & Lecar 1981, Biophys J 35:193, the reduced system with calcium at its steady state):
//   C dV/dt = I/area + I_ext - g_Ca m_inf(V) (V - V_Ca) - g_K W (V - V_K) - g_L (V - V_L),  dW/dt = phi (W_inf(V) - W) / tau_W(V)
//   m_inf = (1 + tanh((V - V1)/V2))/2, W_inf = (1 + tanh((V - V3)/V4))/2, tau_W = 1/cosh((V - V3)/(2 V4))
// Defaults: Rinzel & Ermentrout 1989 (Methods in Neuronal Modeling), Hopf regime.
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model morris_lecar() {
  Model m{"morris_lecar"};
  m.describe("Morris-Lecar: calcium and potassium, two variables",
             "Morris & Lecar 1981 (Biophys J 35:193); defaults: Rinzel & Ermentrout 1989, Hopf regime");
  const Unit cm2 = cm * cm;
  const auto V = m.state("V", mV), W = m.state("W");
  const auto C = m.parameter("C", 20 * uF / cm2, "membrane capacitance");
  const auto g_Ca = m.parameter("g_Ca", 4.4 * mS / cm2, "calcium conductance"), g_K = m.parameter("g_K", 8 * mS / cm2, "potassium conductance");
  const auto g_L = m.parameter("g_L", 2 * mS / cm2, "leak conductance");
  const auto V_Ca = m.parameter("V_Ca", 120 * mV, "calcium reversal"), V_K = m.parameter("V_K", -84 * mV, "potassium reversal");
  const auto V_L = m.parameter("V_L", -60 * mV, "leak reversal");
  const auto V1 = m.parameter("V1", -1.2 * mV, "half activation of calcium"), V2 = m.parameter("V2", 18 * mV, "its slope");
  const auto V3 = m.parameter("V3", 2 * mV, "half activation of potassium"), V4 = m.parameter("V4", 30 * mV, "its slope");
  const auto phi = m.parameter("phi", 0.04 / ms, "rate of potassium's activation");
  const auto V_th = m.parameter("V_th", 0 * mV, "a spike is an upward crossing of it");
  const auto area = m.parameter("area", 20000 * um * um, "membrane area, which I is divided by");
  const auto I_ext = m.parameter("I_ext", 0 * uA / cm2, "constant current density");
  const auto I = m.input("I", pA);
  const auto m_inf = m.let("m_inf", 0.5 * (1 + tanh((V - V1) / V2)));
  const auto W_inf = m.let("W_inf", 0.5 * (1 + tanh((V - V3) / V4)));
  const auto x = (V - V3) / (2 * V4);
  const auto cosh_x = m.let("cosh_x", 0.5 * (exp(x) + exp(-x)));
  m.d(V) = (I / area + I_ext - g_Ca * m_inf * (V - V_Ca) - g_K * W * (V - V_K) - g_L * (V - V_L)) / C;
  m.d(W) = phi * (W_inf - W) * cosh_x;
  m.threshold(crosses_up(V, V_th));
  m.initial(V, V_L);
  m.initial(W, 0.5 * (1 + tanh((V_L - V3) / V4)));
  return m;
}

}  // namespace ranvier::models::neurons
