// Sodium current of the squid giant axon, Hodgkin & Huxley 1952 (J Physiol 117:500), equations 20, 21, 23, 24, with V = -65 mV at rest:
//   I = g_max p^3 q (E - V), v = V - V_sh
//   p: alpha = 0.1 (v - 5)/(1 - exp(-(v - 5)/10)), beta = 4 exp(-(v + 20)/18)
//   q: alpha = 0.07 exp(-(v + 20)/20),              beta = 1/(1 + exp(-(v - 10)/10))
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel INa_HH1952() {
  using namespace units;
  Channel c{"INa"};
  c.describe("sodium current of the squid giant axon",
             "Hodgkin & Huxley 1952 (J Physiol 117:500)");
  const auto g_max = c.parameter("g_max", 120 * mS_per_cm2), E = c.parameter("E", 50 * mV), V_sh = c.parameter("V_sh", -45 * mV);
  const auto v = c.voltage() - V_sh;
  const auto p = c.gate("p", Rates{0.1 / mV / ms * (v - 5 * mV) / (1 - exp(-(v - 5 * mV) / (10 * mV))),
                                   4 / ms * exp(-(v + 20 * mV) / (18 * mV))});
  const auto q = c.gate("q", Rates{0.07 / ms * exp(-(v + 20 * mV) / (20 * mV)), 1 / ms / (1 + exp(-(v - 10 * mV) / (10 * mV)))});
  c.current(g_max * (p * p * p) * q * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
