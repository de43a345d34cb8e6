// Leak: I = g_max (E - V). The defaults are those of Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 3.
#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

Channel IL() {
  using namespace units;
  Channel c{"IL"};
  c.describe("leak", "defaults: Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 3");
  const auto g_max = c.parameter("g_max", 0.05 * mS_per_cm2), E = c.parameter("E", -60 * mV);
  c.current(g_max * (E - c.voltage()));
  return c;
}

}  // namespace ranvier::models::channels
