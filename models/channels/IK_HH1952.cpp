// Delayed-rectifier potassium current of the squid giant axon, Hodgkin & Huxley 1952 (J Physiol 117:500), equations 12 and 13, with
// V = -65 mV at rest:
//   I = g_max p^4 (E - V), v = V - V_sh
//   alpha = 0.01 (v + 10)/(1 - exp(-(v + 10)/10)), beta = 0.125 exp(-(v + 20)/80)
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IK_HH1952() {
  using namespace units;
  Channel c{"IK"};
  c.describe("delayed-rectifier potassium current of the squid giant axon",
             "Hodgkin & Huxley 1952 (J Physiol 117:500)");
  const auto g_max = c.parameter("g_max", 36 * mS_per_cm2), E = c.parameter("E", -77 * mV), V_sh = c.parameter("V_sh", -45 * mV);
  const auto v = c.voltage() - V_sh;
  const auto p = c.gate("p", Rates{0.01 / mV / ms * (v + 10 * mV) / (1 - exp(-(v + 10 * mV) / (10 * mV))),
                                   0.125 / ms * exp(-(v + 20 * mV) / (80 * mV))});
  c.current(g_max * (p * p * p * p) * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
