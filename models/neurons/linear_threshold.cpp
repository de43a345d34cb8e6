// Threshold-linear rate unit (Chaudhuri et al. 2015, Neuron 88:419), a population whose rate follows its rectified input:
//   tau dr/dt = -r + beta max(I + I_ext, 0). It has no spikes: others see its rate through presynaptic("r", Hz).
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model linear_threshold() {
  Model m{"linear_threshold"};
  m.describe("threshold-linear rate unit, without spikes", "Chaudhuri et al. 2015 (Neuron 88:419); defaults: its excitatory populations");
  const auto r = m.state("r", Hz);
  const auto tau = m.parameter("tau", 20 * ms, "time constant");
  const auto beta = m.parameter("beta", 0.066 * Hz / pA, "slope of the rate over the input");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(r) = (beta * max(I + I_ext, 0 * pA) - r) / tau;
  return m;
}

}  // namespace ranvier::models::neurons
