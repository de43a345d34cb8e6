// Low-threshold (T) calcium current of thalamic reticular cells, Huguenard & Prince 1992 (J Neurosci 12:3804).
// The reversal potential is that of the ion Ca, to whose current it adds:
//   I = g_max p^2 q (E_Ca - V), v = V - V_sh; rates of p times 5^((T - 297.15 K)/10 K), of q times 3^(...)
//   p_inf = 1/(1 + exp(-(v + 52)/7.4)), tau_p = 3 + 1/(exp((v + 27)/10) + exp(-(v + 102)/15))
//   q_inf = 1/(1 + exp((v + 80)/5)),    tau_q = 85 + 1/(exp((v + 48)/4) + exp(-(v + 407)/50))
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel ICaT_HP1992() {
  using namespace units;
  Channel c{"ICaT"};
  c.describe("low-threshold (T) calcium current of thalamic reticular cells",
             "Huguenard & Prince 1992 (J Neurosci 12:3804)");
  const auto g_max = c.parameter("g_max", 1.75 * mS_per_cm2), V_sh = c.parameter("V_sh", -3 * mV);
  const auto T = c.parameter("T", 309.15 * kelvin);
  const auto speed_p = exp(1.6094379124341003 * (T - 297.15 * kelvin) / (10 * kelvin));  // 5.0^((T - 24 C)/10)
  const auto speed_q = exp(1.0986122886681098 * (T - 297.15 * kelvin) / (10 * kelvin));  // 3.0^((T - 24 C)/10)
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + 52) / 7.4)),
                                        (3 + 1 / (exp((v + 27) / 10.0) + exp(-(v + 102) / 15.0))) * ms}, speed_p);
  const auto q = c.gate("q", Relaxation{1 / (1 + exp((v + 80) / 5.0)),
                                        (85 + 1 / (exp((v + 48) / 4.0) + exp(-(v + 407) / 50.0))) * ms}, speed_q);
  c.current(g_max * (p * p) * q * (c.ion("Ca").reversal - c.voltage()), "Ca");
  return c;
}

}  // namespace ranvier::models::channels
