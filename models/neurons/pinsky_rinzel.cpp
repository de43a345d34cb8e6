// Pyramidal cell of CA3 in two compartments (Pinsky & Rinzel 1994, J Comput Neurosci 1:39, Model formulation and its tables); voltages relative to rest:
//   C dV/dt = -g_L (V - E_L) - g_Na m_inf^2 h (V - E_Na) - g_KDR n (V - E_K) + g_c/p (V_d - V) + (I/area + I_ext)/p
//   C dV_d/dt = -g_L (V_d - E_L) - I_Ca - g_KAHP q (V_d - E_K) - g_KC c min(Ca/250, 1) (V_d - E_K) + g_c/(1-p) (V - V_d) + I_d/(1-p)
//   I_Ca = g_Ca s^2 (V_d - E_Ca),  dCa/dt = -0.13 I_Ca - 0.075 Ca (Ca has the paper's arbitrary unit)
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

namespace {

/// k (v - v0) / (1 - exp(-(v - v0)/s)).
Expr linear_over_exp(const Expr& v, Quantity v0, Quantity s, Quantity k) { return k * (v - v0) / (1 - exp(-(v - v0) / s)); }

}  // namespace

Model pinsky_rinzel() {
  Model m{"pinsky_rinzel"};
  m.describe("pyramidal cell of CA3: soma and dendrite", "Pinsky & Rinzel 1994 (J Comput Neurosci 1:39)");
  const Unit cm2 = cm * cm;
  const auto V = m.state("V", mV), V_d = m.state("V_d", mV);
  const auto [h, n, s, c, q, Ca] = m.states("h", "n", "s", "c", "q", "Ca");
  const auto C = m.parameter("C", 3 * uF / cm2, "membrane capacitance");
  const auto g_c = m.parameter("g_c", 2.1 * mS / cm2, "coupling of the compartments"), p = m.parameter("p", 0.5, "share of the soma in the membrane");
  const auto g_L = m.parameter("g_L", 0.1 * mS / cm2, "leak conductance"), g_Na = m.parameter("g_Na", 30 * mS / cm2, "sodium conductance");
  const auto g_KDR = m.parameter("g_KDR", 15 * mS / cm2, "delayed rectifier"), g_Ca = m.parameter("g_Ca", 10 * mS / cm2, "calcium conductance");
  const auto g_KAHP = m.parameter("g_KAHP", 0.8 * mS / cm2, "afterhyperpolarisation"), g_KC = m.parameter("g_KC", 15 * mS / cm2, "calcium-activated potassium");
  const auto E_L = m.parameter("E_L", 0 * mV, "leak reversal"), E_Na = m.parameter("E_Na", 120 * mV, "sodium reversal");
  const auto E_K = m.parameter("E_K", -15 * mV, "potassium reversal"), E_Ca = m.parameter("E_Ca", 140 * mV, "calcium reversal");
  const auto V_th = m.parameter("V_th", 60 * mV, "a spike is an upward crossing of it by V");
  const auto area = m.parameter("area", 6000 * um * um, "membrane area, which I is divided by");
  const auto I_ext = m.parameter("I_ext", 0 * uA / cm2, "constant current density into the soma");
  const auto I_d = m.parameter("I_d", 0 * uA / cm2, "constant current density into the dendrite");
  const auto I = m.input("I", pA);
  const Quantity rate = 1 / ms;
  const auto gate = [&](const auto& x, const Expr& opening, const Expr& closing) { m.d(x) = opening * (1 - x) - closing * x; };
  const Expr alpha_m = linear_over_exp(V, 13.1 * mV, 4 * mV, 0.32 / mV / ms), beta_m = linear_over_exp(-V, -40.1 * mV, 5 * mV, 0.28 / mV / ms);
  gate(h, 0.128 * rate * exp((17 * mV - V) / (18 * mV)), 4 * rate / (1 + exp((40 * mV - V) / (5 * mV))));
  gate(n, linear_over_exp(V, 35.1 * mV, 5 * mV, 0.016 / mV / ms), 0.25 * rate * exp(0.5 - V / (40 * mV)));
  gate(s, 1.6 * rate / (1 + exp(-0.072 / mV * (V_d - 65 * mV))), linear_over_exp(-V_d, -51.1 * mV, 5 * mV, 0.02 / mV / ms));
  const Expr fall = 2 * rate * exp((6.5 * mV - V_d) / (27 * mV));
  const Expr alpha_c = where(V_d <= 50 * mV, rate / 18.975 * exp((V_d - 10 * mV) / (11 * mV) - (V_d - 6.5 * mV) / (27 * mV)), fall);
  gate(c, alpha_c, where(V_d <= 50 * mV, fall - alpha_c, 0 * rate));
  gate(q, rate * min(0.00002 * Ca, 0.01), 0.001 * rate);
  const auto m_inf = m.let("m_inf", alpha_m / (alpha_m + beta_m));
  const auto I_Ca = m.let("I_Ca", g_Ca * s * s * (V_d - E_Ca));
  m.d(Ca) = -0.13 * rate * (I_Ca / (1 * uA / cm2)) - 0.075 * rate * Ca;
  m.d(V) = (-g_L * (V - E_L) - g_Na * m_inf * m_inf * h * (V - E_Na) - g_KDR * n * (V - E_K) + g_c / p * (V_d - V) + (I / area + I_ext) / p) / C;
  m.d(V_d) = (-g_L * (V_d - E_L) - I_Ca - (g_KAHP * q + g_KC * c * min(Ca / 250, 1)) * (V_d - E_K) + g_c / (1 - p) * (V - V_d) + I_d / (1 - p)) / C;
  m.threshold(crosses_up(V, V_th));
  m.initial(V, -4.6 * mV);
  m.initial(V_d, -4.5 * mV);
  m.initial(h, 0.999);
  m.initial(n, 0.001);
  m.initial(s, 0.009);
  m.initial(c, 0.007);
  m.initial(q, 0.01);
  m.initial(Ca, 0.2);
  return m;
}

}  // namespace ranvier::models::neurons
