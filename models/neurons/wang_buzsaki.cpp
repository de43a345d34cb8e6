// Fast-spiking hippocampal interneuron (Wang & Buzsaki 1996, J Neurosci 16:6402, Materials and methods):
//   C dV/dt = I/area + I_ext - g_Na m_inf^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L);  m_inf = alpha_m / (alpha_m + beta_m)
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model wang_buzsaki() {
  Model m{"wang_buzsaki"};
  m.describe("fast-spiking interneuron of the hippocampus", "Wang & Buzsaki 1996 (J Neurosci 16:6402), Materials and methods, single neuron");
  const Unit cm2 = cm * cm;
  const auto V = m.state("V", mV);
  const auto [h, n] = m.states("h", "n");
  const auto C = m.parameter("C", 1 * uF / cm2, "membrane capacitance");
  const auto g_Na = m.parameter("g_Na", 35 * mS / cm2, "sodium conductance"), g_K = m.parameter("g_K", 9 * mS / cm2, "potassium conductance");
  const auto g_L = m.parameter("g_L", 0.1 * mS / cm2, "leak conductance");
  const auto E_Na = m.parameter("E_Na", 55 * mV, "sodium reversal"), E_K = m.parameter("E_K", -90 * mV, "potassium reversal");
  const auto E_L = m.parameter("E_L", -65 * mV, "leak reversal"), phi = m.parameter("phi", 5, "speed of the gates");
  const auto V_th = m.parameter("V_th", 0 * mV, "a spike is an upward crossing of it");
  const auto area = m.parameter("area", 20000 * um * um, "membrane area, which I is divided by");
  const auto I_ext = m.parameter("I_ext", 0 * uA / cm2, "constant current density");
  const auto I = m.input("I", pA);
  const auto alpha_h = [&](const Expr& v) { return 0.07 / ms * exp(-(v + 58 * mV) / (20 * mV)); };
  const auto beta_h = [&](const Expr& v) { return 1 / ms / (1 + exp(-(v + 28 * mV) / (10 * mV))); };
  const auto alpha_n = [&](const Expr& v) { return 0.01 / mV / ms * (v + 34 * mV) / (1 - exp(-(v + 34 * mV) / (10 * mV))); };
  const auto beta_n = [&](const Expr& v) { return 0.125 / ms * exp(-(v + 44 * mV) / (80 * mV)); };
  const auto alpha_m = m.let("alpha_m", 0.1 / mV / ms * (V + 35 * mV) / (1 - exp(-(V + 35 * mV) / (10 * mV))));
  const auto beta_m = m.let("beta_m", 4 / ms * exp(-(V + 60 * mV) / (18 * mV)));
  const auto m_inf = m.let("m_inf", alpha_m / (alpha_m + beta_m));
  m.d(h) = phi * (m.let("alpha_h", alpha_h(V)) * (1 - h) - m.let("beta_h", beta_h(V)) * h);
  m.d(n) = phi * (m.let("alpha_n", alpha_n(V)) * (1 - n) - m.let("beta_n", beta_n(V)) * n);
  m.d(V) = (I / area + I_ext - g_Na * (m_inf * m_inf * m_inf) * h * (V - E_Na) - g_K * (n * n * n * n) * (V - E_K) - g_L * (V - E_L)) / C;
  m.threshold(crosses_up(V, V_th));
  const Expr rest = -64 * mV;  // close to where it rests without input
  m.initial(V, rest);
  m.initial(h, alpha_h(rest) / (alpha_h(rest) + beta_h(rest)));
  m.initial(n, alpha_n(rest) / (alpha_n(rest) + beta_n(rest)));
  return m;
}

}  // namespace ranvier::models::neurons
