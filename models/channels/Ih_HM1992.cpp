// Hyperpolarisation-activated cation current, Huguenard & McCormick 1992 (J Neurophysiol 68:1373):
//   I = g_max p (E - V), p_inf = 1/(1 + exp((v + 75)/5.5)), tau_p = 1/(exp(-0.086 v - 14.59) + exp(0.0701 v - 1.87)), v = V - V_sh
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel Ih_HM1992() {
  using namespace units;
  Channel c{"Ih"};
  c.describe("hyperpolarisation-activated cation current of thalamic relay cells",
             "Huguenard & McCormick 1992 (J Neurophysiol 68:1373)");
  const auto g_max = c.parameter("g_max", 0.02 * mS_per_cm2), E = c.parameter("E", -43 * mV), V_sh = c.parameter("V_sh", 0 * mV);
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp((v + 75) / 5.5)), 1 / (exp(-0.086 * v - 14.59) + exp(0.0701 * v - 1.87)) * ms});
  c.current(g_max * p * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
