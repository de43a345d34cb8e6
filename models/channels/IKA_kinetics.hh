// The two components of the A current of Huguenard & McCormick 1992 (J Neurophysiol 68:1373) differ in how they activate alone:
//   I = g_max p^4 q (E - V), v = V - V_sh, p_inf = 1/(1 + exp(-(v + half)/slope))
//   tau_p = 1/(exp((v + 35.8)/19.7) + exp(-(v + 79.7)/12.7)) + 0.37
//   q_inf = 1/(1 + exp((v + 78)/6)), tau_q = 1/(exp((v + 46)/5) + exp(-(v + 238)/37.5)) below -63 mV, else 19
#pragma once

#include <string>

#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

inline Channel potassium_A_HM1992(const std::string& component, double conductance, double half, double slope) {
  using namespace units;
  Channel c{"IA"};
  c.describe("rapidly inactivating potassium current (A, component " + component + ") of thalamic relay cells",
             "Huguenard & McCormick 1992 (J Neurophysiol 68:1373)");
  const auto g_max = c.parameter("g_max", conductance * mS_per_cm2), E = c.parameter("E", -90 * mV), V_sh = c.parameter("V_sh", 0 * mV);
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + half) / slope)),
                                        (1 / (exp((v + 35.8) / 19.7) + exp(-(v + 79.7) / 12.7)) + 0.37) * ms});
  const auto below = 1 / (exp((v + 46) / 5.0) + exp(-(v + 238) / 37.5));
  const auto q = c.gate("q", Relaxation{1 / (1 + exp((v + 78) / 6.0)), where(v < -63, below, 19.0) * ms});
  c.current(g_max * (p * p * p * p) * q * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
