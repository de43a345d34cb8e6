// Fast sodium current of Traub & Miles 1991, in the form of Brette et al. 2007 (J Comput Neurosci 23:349, appendix, benchmark 3):
//   I = g_max p^3 q (E - V),  dx/dt = alpha (1 - x) - beta x,  v = V - V_sh
//   p: alpha = 0.32 (13 - v) / (exp((13 - v)/4) - 1),  beta = 0.28 (v - 40) / (exp((v - 40)/5) - 1)
//   q: alpha = 0.128 exp((17 - v)/18),                  beta = 4 / (1 + exp(-(v - 40)/5))
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel INa_TM1991() {
  using namespace units;
  Channel c{"INa"};
  c.describe("fast sodium current of the hippocampus", "Traub & Miles 1991, as in Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 3");
  const auto V = c.voltage();
  const auto g_max = c.parameter("g_max", 100 * mS_per_cm2), E = c.parameter("E", 50 * mV), V_sh = c.parameter("V_sh", -63 * mV);
  const auto p = c.gate("p", Rates{0.32 / mV / ms * (13 * mV - V + V_sh) / (exp((13 * mV - V + V_sh) / (4 * mV)) - 1),
                                   0.28 / mV / ms * (V - V_sh - 40 * mV) / (exp((V - V_sh - 40 * mV) / (5 * mV)) - 1)});
  const auto q = c.gate("q", Rates{0.128 / ms * exp((17 * mV - V + V_sh) / (18 * mV)),
                                   4 / ms / (1 + exp(-(V - V_sh - 40 * mV) / (5 * mV)))});
  c.current(g_max * (p * p * p) * q * (E - V));
  return c;
}

}  // namespace ranvier::models::channels
