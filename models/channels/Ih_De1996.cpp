// Hyperpolarisation-activated cation current whose open state calcium locks, Destexhe et al. 1996 (J Neurophysiol 76:2049):
// closed <-> O by voltage; P0 + 4 Ca <-> P1; O + P1 <-> L (locked open). v = V - V_sh:
//   I = g_max (O + g_inc L) (E - V)
//   dO/dt = alpha (1 - O - L) - beta O - k3 P O + k4 L,  dP/dt = k2 (([Ca]/Ca_half)^4 (1 - P) - P),  dL/dt = k3 P O - k4 L
//   alpha = h/tau, beta = (1 - h)/tau, h = 1/(1 + exp((v + 75)/5.5)), tau = 20 + 1000/(exp((v + 71.5)/14.2) + exp(-(v + 89)/11.6))
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel Ih_De1996() {
  using namespace units;
  Channel c{"Ih"};
  c.describe("hyperpolarisation-activated cation current, regulated by calcium, of thalamic relay cells",
             "Destexhe et al. 1996 (J Neurophysiol 76:2049)");
  const auto g_max = c.parameter("g_max", 0.02 * mS_per_cm2), E = c.parameter("E", -40 * mV), V_sh = c.parameter("V_sh", 0 * mV);
  const auto g_inc = c.parameter("g_inc", 2.0), Ca_half = c.parameter("Ca_half", 2e-3 * mM);
  const auto k2 = c.parameter("k2", 4e-4 / ms), k3 = c.parameter("k3", 0.1 / ms), k4 = c.parameter("k4", 1e-3 / ms);
  const auto [O, P, L] = c.states("O", "P", "L");
  const auto v = (c.voltage() - V_sh) / mV, ca = c.ion("Ca").concentration / Ca_half;
  const auto h = 1 / (1 + exp((v + 75) / 5.5));
  const auto tau = (20 + 1000 / (exp((v + 71.5) / 14.2) + exp(-(v + 89) / 11.6))) * ms;
  const auto bound = (ca * ca) * (ca * ca);
  c.d(O) = h / tau * (1 - O - L) - (1 - h) / tau * O - k3 * P * O + k4 * L;
  c.d(P) = k2 * (bound * (1 - P) - P);
  c.d(L) = k3 * P * O - k4 * L;
  const auto P_start = bound / (1 + bound), locked = k3 * P_start / k4;  // in equilibrium
  c.initial(P, P_start);
  c.initial(O, h / (1 + h * locked));
  c.initial(L, locked * h / (1 + h * locked));
  c.current(g_max * (O + g_inc * L) * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
