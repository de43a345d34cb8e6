// Delayed-rectifier potassium current of Traub & Miles 1991, in the form of Brette et al. 2007 (J Comput Neurosci 23:349, appendix,
// benchmark 3):
//   I = g_max p^4 (E - V),  dp/dt = alpha (1 - p) - beta p,  v = V - V_sh
//   alpha = 0.032 (15 - v) / (exp((15 - v)/5) - 1),  beta = 0.5 exp((10 - v)/40)
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IK_TM1991() {
  using namespace units;
  Channel c{"IK"};
  c.describe("delayed-rectifier potassium current of the hippocampus",
             "Traub & Miles 1991, as in Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 3");
  const auto V = c.voltage();
  const auto g_max = c.parameter("g_max", 30 * mS_per_cm2), E = c.parameter("E", -90 * mV), V_sh = c.parameter("V_sh", -63 * mV);
  const auto p = c.gate("p", Rates{0.032 / mV / ms * (15 * mV - V + V_sh) / (exp((15 * mV - V + V_sh) / (5 * mV)) - 1),
                                   0.5 / ms * exp((10 * mV - V + V_sh) / (40 * mV))});
  c.current(g_max * (p * p * p * p) * (E - V));
  return c;
}

}  // namespace ranvier::models::channels
