// Rapidly inactivating potassium current (A), component 2, of Huguenard & McCormick 1992 (J Neurophysiol 68:1373):
//   I = g_max p^4 q (E - V), v = V - V_sh
//   p_inf = 1/(1 + exp(-(v + 36)/20)), tau_p = 1/(exp((v + 35.8)/19.7) + exp(-(v + 79.7)/12.7)) + 0.37
//   q_inf = 1/(1 + exp((v + 78)/6)),    tau_q = 1/(exp((v + 46)/5) + exp(-(v + 238)/37.5)) below -63 mV, else 19
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IKA2_HM1992() {
  using namespace units;
  Channel c{"IA"};
  c.describe("rapidly inactivating potassium current (A, component 2) of thalamic relay cells",
             "Huguenard & McCormick 1992 (J Neurophysiol 68:1373)");
  const auto g_max = c.parameter("g_max", 20 * mS_per_cm2), E = c.parameter("E", -90 * mV), V_sh = c.parameter("V_sh", 0 * mV);
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + 36) / 20.0)),
                                        (1 / (exp((v + 35.8) / 19.7) + exp(-(v + 79.7) / 12.7)) + 0.37) * ms});
  const auto below = 1 / (exp((v + 46) / 5.0) + exp(-(v + 238) / 37.5));
  const auto q = c.gate("q", Relaxation{1 / (1 + exp((v + 78) / 6.0)), where(v < -63, below, 19.0) * ms});
  c.current(g_max * (p * p * p * p) * q * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
