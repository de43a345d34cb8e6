// High-threshold calcium current, Reuveni et al. 1993 (J Neurosci 13:4609).
// The reversal potential is that of the ion Ca, to whose current it adds:
//   I = g_max p^2 q (E_Ca - V), v = V - V_sh; rates times 2.3^((T - 296.15 K)/10 K)
//   p: alpha = 0.055 (-27 - v)/(exp((-27 - v)/3.8) - 1), beta = 0.94 exp((-75 - v)/17)
//   q: alpha = 0.000457 exp((-13 - v)/50),               beta = 0.0065/(exp((-15 - v)/28) + 1)
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel ICaHT_Re1993() {
  using namespace units;
  Channel c{"ICaHT"};
  c.describe("high-threshold calcium current of cortical pyramidal cells",
             "Reuveni et al. 1993 (J Neurosci 13:4609)");
  const auto g_max = c.parameter("g_max", 1 * mS_per_cm2), V_sh = c.parameter("V_sh", 0 * mV);
  const auto T = c.parameter("T", 309.15 * kelvin);
  const auto speed_p = exp(0.8329091229351039 * (T - 296.15 * kelvin) / (10 * kelvin));  // 2.3^((T - 23 C)/10)
  const auto speed_q = exp(0.8329091229351039 * (T - 296.15 * kelvin) / (10 * kelvin));  // 2.3^((T - 23 C)/10)
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Rates{0.055 / ms * (-27 - v) / (exp((-27 - v) / 3.8) - 1), 0.94 / ms * exp((-75 - v) / 17.0)}, speed_p);
  const auto q = c.gate("q", Rates{0.000457 / ms * exp((-13 - v) / 50.0), 0.0065 / ms / (exp((-15 - v) / 28.0) + 1)}, speed_q);
  c.current(g_max * (p * p) * q * (c.ion("Ca").reversal - c.voltage()), "Ca");
  return c;
}

}  // namespace ranvier::models::channels
