// Slow non-inactivating potassium current of Yamada, Koch & Adams 1989 (in Koch & Segev, Methods in Neuronal Modeling):
//   I = g_max p (E - V), v = V - V_sh
//   p_inf = 1/(1 + exp(-(v + 35)/10)), tau_p = tau_max/(3.3 exp((v + 35)/20) + exp(-(v + 35)/20))
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IKNI_Ya1989() {
  using namespace units;
  Channel c{"IM"};
  c.describe("slow non-inactivating potassium current (M)",
             "Yamada, Koch & Adams 1989 (in Koch & Segev, Methods in Neuronal Modeling)");
  const auto g_max = c.parameter("g_max", 0.004 * mS_per_cm2), E = c.parameter("E", -90 * mV), V_sh = c.parameter("V_sh", 0 * mV);
  const auto tau_max = c.parameter("tau_max", 4000 * ms);
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + 35) / 10.0)), tau_max / (3.3 * exp((v + 35) / 20.0) + exp(-(v + 35) / 20.0))});
  c.current(g_max * p * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
