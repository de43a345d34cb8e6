// L-type calcium current of mitral cells, Inoue & Strowbridge 2008 (J Neurophysiol 99:187).
// The reversal potential is that of the ion Ca, to whose current it adds:
//   I = g_max p^2 q (E_Ca - V), v = V - V_sh; rates of p times 3.55^((T - 297.15 K)/10 K), of q times 3^(...)
//   p_inf = 1/(1 + exp(-(v + 10)/4)), tau_p = 0.4 + 0.7/(exp(-(v + 5)/15) + exp((v + 5)/15))
//   q_inf = 1/(1 + exp((v + 25)/2)),  tau_q = 300 + 100/(exp((v + 40)/9.5) + exp(-(v + 40)/9.5))
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel ICaL_IS2008() {
  using namespace units;
  Channel c{"ICaL"};
  c.describe("L-type calcium current of mitral cells",
             "Inoue & Strowbridge 2008 (J Neurophysiol 99:187)");
  const auto g_max = c.parameter("g_max", 1 * mS_per_cm2), V_sh = c.parameter("V_sh", 0 * mV);
  const auto T = c.parameter("T", 309.15 * kelvin);
  const auto speed_p = exp(1.2669476034873244 * (T - 297.15 * kelvin) / (10 * kelvin));  // 3.55^((T - 24 C)/10)
  const auto speed_q = exp(1.0986122886681098 * (T - 297.15 * kelvin) / (10 * kelvin));  // 3.0^((T - 24 C)/10)
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + 10) / 4.0)),
                                        (0.4 + 0.7 / (exp(-(v + 5) / 15.0) + exp((v + 5) / 15.0))) * ms}, speed_p);
  const auto q = c.gate("q", Relaxation{1 / (1 + exp((v + 25) / 2.0)),
                                        (300 + 100 / (exp((v + 40) / 9.5) + exp(-(v + 40) / 9.5))) * ms}, speed_q);
  c.current(g_max * (p * p) * q * (c.ion("Ca").reversal - c.voltage()), "Ca");
  return c;
}

}  // namespace ranvier::models::channels
