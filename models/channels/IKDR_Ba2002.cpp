// Delayed-rectifier potassium current of thalamic cells, Bazhenov et al. 2002 (J Neurosci 22:8691), after Traub & Miles 1991:
//   I = g_max p^4 (E - V), v = V - V_sh, rates times 3^((T - 309.15 K)/10 K)
//   alpha = 0.032 (v - 15)/(1 - exp(-(v - 15)/5)), beta = 0.5 exp(-(v - 10)/40)
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IKDR_Ba2002() {
  using namespace units;
  Channel c{"IKDR"};
  c.describe("delayed-rectifier potassium current of thalamic cells",
             "Bazhenov et al. 2002 (J Neurosci 22:8691)");
  const auto g_max = c.parameter("g_max", 10 * mS_per_cm2), E = c.parameter("E", -90 * mV), V_sh = c.parameter("V_sh", -50 * mV);
  const auto T = c.parameter("T", 309.15 * kelvin);
  const auto v = c.voltage() - V_sh;
  const auto speed = exp(1.0986122886681098 * (T - 309.15 * kelvin) / (10 * kelvin));  // 3^((T - 36 C)/10)
  const auto p = c.gate("p", Rates{0.032 / mV / ms * (v - 15 * mV) / (1 - exp(-(v - 15 * mV) / (5 * mV))),
                                   0.5 / ms * exp(-(v - 10 * mV) / (40 * mV))}, speed);
  c.current(g_max * (p * p * p * p) * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
