// Exponential synapse: dg/dt = -g/tau, a jump at each spike. Dayan & Abbott 2001, Theoretical Neuroscience, eq. 5.31.
#include "ranvier/models.hpp"

namespace ranvier::models::synapses {

using namespace ranvier::units;

Model exponential() {
  Model m{"exponential"};
  m.describe("jump and exponential decay", "Dayan & Abbott 2001, Theoretical Neuroscience, eq. 5.31");
  const auto g = m.state("g");
  const auto tau = m.parameter("tau", 8 * ms, "decay time constant");
  m.d(g) = -g / tau;
  m.receives(g);
  return m;
}

}  // namespace ranvier::models::synapses
