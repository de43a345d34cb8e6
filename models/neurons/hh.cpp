// Squid axon (Hodgkin & Huxley 1952, J Physiol 117:500, eqs. 7, 12-13, 15-16, 20-21, 23-24, 26), in the usual modern signs with
// rest at -65 mV: V = -65 mV - (their V).
//   C dV/dt = I/area + I_ext - g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L);  a spike is an upward crossing of V_th
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model hh() {
  Model m{"hh"};
  m.describe("squid axon of Hodgkin and Huxley", "Hodgkin & Huxley 1952 (J Physiol 117:500), eqs. 7-26 and table 3, with rest at -65 mV");
  const Unit cm2 = cm * cm;
  const auto V = m.state("V", mV);
  const auto [n_m, n_h, n_n] = m.states("m", "h", "n");
  const auto C = m.parameter("C", 1 * uF / cm2, "membrane capacitance");
  const auto g_Na = m.parameter("g_Na", 120 * mS / cm2, "sodium conductance"), g_K = m.parameter("g_K", 36 * mS / cm2, "potassium conductance");
  const auto g_L = m.parameter("g_L", 0.3 * mS / cm2, "leak conductance");
  const auto E_Na = m.parameter("E_Na", 50 * mV, "sodium reversal"), E_K = m.parameter("E_K", -77 * mV, "potassium reversal");
  const auto E_L = m.parameter("E_L", -54.387 * mV, "leak reversal");
  const auto V_th = m.parameter("V_th", 0 * mV, "a spike is an upward crossing of it");
  const auto area = m.parameter("area", 20000 * um * um, "membrane area, which I is divided by");
  const auto I_ext = m.parameter("I_ext", 0 * uA / cm2, "constant current density");
  const auto I = m.input("I", pA);
  const auto alpha_m = [&](const Expr& v) { return 0.1 / mV / ms * (v + 40 * mV) / (1 - exp(-(v + 40 * mV) / (10 * mV))); };
  const auto beta_m = [&](const Expr& v) { return 4 / ms * exp(-(v + 65 * mV) / (18 * mV)); };
  const auto alpha_h = [&](const Expr& v) { return 0.07 / ms * exp(-(v + 65 * mV) / (20 * mV)); };
  const auto beta_h = [&](const Expr& v) { return 1 / ms / (1 + exp(-(v + 35 * mV) / (10 * mV))); };
  const auto alpha_n = [&](const Expr& v) { return 0.01 / mV / ms * (v + 55 * mV) / (1 - exp(-(v + 55 * mV) / (10 * mV))); };
  const auto beta_n = [&](const Expr& v) { return 0.125 / ms * exp(-(v + 65 * mV) / (80 * mV)); };
  m.d(n_m) = m.let("alpha_m", alpha_m(V)) * (1 - n_m) - m.let("beta_m", beta_m(V)) * n_m;
  m.d(n_h) = m.let("alpha_h", alpha_h(V)) * (1 - n_h) - m.let("beta_h", beta_h(V)) * n_h;
  m.d(n_n) = m.let("alpha_n", alpha_n(V)) * (1 - n_n) - m.let("beta_n", beta_n(V)) * n_n;
  m.d(V) = (I / area + I_ext - g_Na * (n_m * n_m * n_m) * n_h * (V - E_Na) - g_K * (n_n * n_n * n_n * n_n) * (V - E_K) -
            g_L * (V - E_L)) / C;
  m.threshold(crosses_up(V, V_th));
  const Expr rest = -65 * mV;  // gates start in their steady state there
  m.initial(V, rest);
  m.initial(n_m, alpha_m(rest) / (alpha_m(rest) + beta_m(rest)));
  m.initial(n_h, alpha_h(rest) / (alpha_h(rest) + beta_h(rest)));
  m.initial(n_n, alpha_n(rest) / (alpha_n(rest) + beta_n(rest)));
  return m;
}

}  // namespace ranvier::models::neurons
