// Hippocampal pyramidal cell with the sodium and potassium currents of Traub & Miles 1991, as benchmark 3 of Brette et al. 2007
// (J Comput Neurosci 23:349, appendix) has it: 20,000 um^2, V_T = -63 mV.
//   C dV/dt = I + I_ext - g_L (V - E_L) - g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K),  dx/dt = alpha_x (1 - x) - beta_x x
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model traub_miles() {
  Model m{"traub_miles"};
  m.describe("pyramidal cell with Traub-Miles sodium and potassium currents",
             "Traub & Miles 1991, as in Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 3");
  const auto V = m.state("V", mV);
  const auto [n_m, n_h, n_n] = m.states("m", "h", "n");
  const auto C = m.parameter("C", 200 * pF, "membrane capacitance"), g_L = m.parameter("g_L", 10 * nS, "leak conductance");
  const auto g_Na = m.parameter("g_Na", 20 * uS, "sodium conductance"), g_K = m.parameter("g_K", 6 * uS, "potassium conductance");
  const auto E_L = m.parameter("E_L", -60 * mV, "leak reversal"), E_Na = m.parameter("E_Na", 50 * mV, "sodium reversal");
  const auto E_K = m.parameter("E_K", -90 * mV, "potassium reversal"), V_T = m.parameter("V_T", -63 * mV, "shifts all rates");
  const auto V_th = m.parameter("V_th", -20 * mV, "a spike is an upward crossing of it");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  const auto v = V - V_T;
  const auto alpha_m = m.let("alpha_m", 0.32 / mV / ms * (13 * mV - v) / (exp((13 * mV - v) / (4 * mV)) - 1));
  const auto beta_m = m.let("beta_m", 0.28 / mV / ms * (v - 40 * mV) / (exp((v - 40 * mV) / (5 * mV)) - 1));
  const auto alpha_h = m.let("alpha_h", 0.128 / ms * exp((17 * mV - v) / (18 * mV)));
  const auto beta_h = m.let("beta_h", 4 / ms / (1 + exp((40 * mV - v) / (5 * mV))));
  const auto alpha_n = m.let("alpha_n", 0.032 / mV / ms * (15 * mV - v) / (exp((15 * mV - v) / (5 * mV)) - 1));
  const auto beta_n = m.let("beta_n", 0.5 / ms * exp((10 * mV - v) / (40 * mV)));
  m.d(n_m) = alpha_m * (1 - n_m) - beta_m * n_m;
  m.d(n_h) = alpha_h * (1 - n_h) - beta_h * n_h;
  m.d(n_n) = alpha_n * (1 - n_n) - beta_n * n_n;
  m.d(V) = (I + I_ext - g_L * (V - E_L) - g_Na * (n_m * n_m * n_m) * n_h * (V - E_Na) - g_K * (n_n * n_n * n_n * n_n) * (V - E_K)) / C;
  m.threshold(crosses_up(V, V_th));
  m.initial(V, -65 * mV);
  return m;
}

}  // namespace ranvier::models::neurons
