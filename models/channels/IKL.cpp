// Potassium leak of thalamic cells: I = g_max (E - V). The defaults are those of Bazhenov et al. 2002 (J Neurosci 22:8691).
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IKL() {
  using namespace units;
  Channel c{"IKL"};
  c.describe("potassium leak",
             "Bazhenov et al. 2002 (J Neurosci 22:8691)");
  const auto g_max = c.parameter("g_max", 0.005 * mS_per_cm2), E = c.parameter("E", -90 * mV);
  c.current(g_max * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
