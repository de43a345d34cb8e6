// The two components of the K2 current of Huguenard & McCormick 1992 (J Neurophysiol 68:1373) differ in tau_q below -70 mV alone:
//   I = g_max p q (E - V), v = V - V_sh
//   p_inf = 1/(1 + exp(-(v + 43)/17)),  tau_p = 1/(exp((v - 81)/25.6) + exp(-(v + 132)/18)) + 9.9
//   q_inf = 1/(1 + exp((v + 58)/10.6)), tau_q = 1/(exp((v - 1329)/200) + exp(-(v + 130)/7.1)) + 120; K2b: 8900 below -70 mV
#pragma once

#include <string>

#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

enum class SlowBelow { as_above, constant };  ///< tau_q below -70 mV

inline Channel potassium_K2_HM1992(const std::string& component, SlowBelow below) {
  using namespace units;
  Channel c{"IK2"};
  c.describe("slowly inactivating potassium current (" + component + ") of thalamic relay cells",
             "Huguenard & McCormick 1992 (J Neurophysiol 68:1373)");
  const auto g_max = c.parameter("g_max", 10 * mS_per_cm2), E = c.parameter("E", -90 * mV), V_sh = c.parameter("V_sh", 0 * mV);
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + 43) / 17.0)), (1 / (exp((v - 81) / 25.6) + exp(-(v + 132) / 18.0)) + 9.9) * ms});
  const auto above = 1 / (exp((v - 1329) / 200.0) + exp(-(v + 130) / 7.1)) + 120;
  const auto tau_q = below == SlowBelow::constant ? where(v >= -70, above, 8900.0) : above;
  const auto q = c.gate("q", Relaxation{1 / (1 + exp((v + 58) / 10.6)), tau_q * ms});
  c.current(g_max * p * q * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
