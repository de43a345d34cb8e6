// Calcium-activated non-selective cation current of mitral cells, Inoue & Strowbridge 2008 (J Neurophysiol 99:187). It reads the
// concentration of the ion Ca and carries none of it:
//   I = g_max [Ca]/(K + [Ca]) p (E - V)
//   p_inf = 1/(1 + exp(-(V + 43)/5.2)), tau_p = 2.7/(exp(-(V + 55)/15) + exp((V + 55)/15)) + 1.6
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel ICaN_IS2008() {
  using namespace units;
  Channel c{"ICaN"};
  c.describe("calcium-activated non-selective cation current of mitral cells",
             "Inoue & Strowbridge 2008 (J Neurophysiol 99:187)");
  const auto g_max = c.parameter("g_max", 1 * mS_per_cm2), E = c.parameter("E", 10 * mV), K = c.parameter("K", 0.2 * mM);
  const auto v = c.voltage() / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + 43) / 5.2)), (2.7 / (exp(-(v + 55) / 15.0) + exp((v + 55) / 15.0)) + 1.6) * ms});
  const auto ratio = c.ion("Ca").concentration / K;
  c.current(g_max * (ratio / (1 + ratio)) * p * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
