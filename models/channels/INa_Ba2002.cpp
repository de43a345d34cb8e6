// Fast sodium current of thalamocortical cells, Bazhenov et al. 2002 (J Neurosci 22:8691), after Traub & Miles 1991:
//   I = g_max p^3 q (E - V), v = V - V_sh, rates times 3^((T - 309.15 K)/10 K)
//   p: alpha = 0.32 (v - 13)/(1 - exp(-(v - 13)/4)), beta = 0.28 (v - 40)/(exp((v - 40)/5) - 1)
//   q: alpha = 0.128 exp(-(v - 17)/18),               beta = 4/(1 + exp(-(v - 40)/5))
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel INa_Ba2002() {
  using namespace units;
  Channel c{"INa"};
  c.describe("fast sodium current of thalamic cells",
             "Bazhenov et al. 2002 (J Neurosci 22:8691)");
  const auto g_max = c.parameter("g_max", 90 * mS_per_cm2), E = c.parameter("E", 50 * mV), V_sh = c.parameter("V_sh", -50 * mV);
  const auto T = c.parameter("T", 309.15 * kelvin);
  const auto v = c.voltage() - V_sh;
  const auto speed = exp(1.0986122886681098 * (T - 309.15 * kelvin) / (10 * kelvin));  // 3^((T - 36 C)/10)
  const auto p = c.gate("p", Rates{0.32 / mV / ms * (v - 13 * mV) / (1 - exp(-(v - 13 * mV) / (4 * mV))),
                                   0.28 / mV / ms * (v - 40 * mV) / (exp((v - 40 * mV) / (5 * mV)) - 1)}, speed);
  const auto q = c.gate("q", Rates{0.128 / ms * exp(-(v - 17 * mV) / (18 * mV)), 4 / ms / (1 + exp(-(v - 40 * mV) / (5 * mV)))}, speed);
  c.current(g_max * (p * p * p) * q * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
