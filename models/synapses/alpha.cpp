// Alpha function: g(t) = t/tau exp(1 - t/tau), of peak 1 at tau. Rall 1967 (J Neurophysiol 30:1138); Dayan & Abbott 2001, eq. 5.35.
#include "ranvier/models.hpp"

namespace ranvier::models::synapses {

using namespace ranvier::units;

Model alpha() {
  Model m{"alpha"};
  m.describe("alpha function, peak 1 at tau", "Rall 1967 (J Neurophysiol 30:1138); Dayan & Abbott 2001, eq. 5.35");
  const auto h = m.state("h"), g = m.state("g");
  const auto tau = m.parameter("tau", 10 * ms, "time of the peak");
  m.d(h) = -h / tau;
  m.d(g) = 2.718281828459045 * h / tau - g / tau;
  m.receives(h);
  m.sends(g);
  return m;
}

}  // namespace ranvier::models::synapses
