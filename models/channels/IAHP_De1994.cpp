// Calcium-activated potassium current (slow after-hyperpolarisation) of thalamic reticular cells, Destexhe et al. 1994 (J Neurophysiol
// 72:803):
//   I = g_max p^2 (E - V), dp/dt = alpha ([Ca]/1 mM)^2 (1 - p) - beta p
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IAHP_De1994() {
  using namespace units;
  Channel c{"IAHP"};
  c.describe("calcium-activated potassium current of thalamic reticular cells",
             "Destexhe et al. 1994 (J Neurophysiol 72:803)");
  const auto g_max = c.parameter("g_max", 10 * mS_per_cm2), E = c.parameter("E", -95 * mV);
  const auto alpha = c.parameter("alpha", 48 / ms), beta = c.parameter("beta", 0.03 / ms);
  const auto ca = c.ion("Ca").concentration / mM;
  const auto p = c.gate("p", Rates{alpha * (ca * ca), beta});
  c.current(g_max * (p * p) * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
