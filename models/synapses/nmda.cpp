// NMDA with saturation: Wang 1999 (J Neurosci 19:9587), Wang 2002 (Neuron 36:955): ds/dt = -s/tau_decay + a x (1 - s), dx/dt = -x/tau_rise,
// x + 1 at a spike. s stays with the source neuron. The magnesium block is an output, mg_block.
#include "ranvier/models.hpp"

namespace ranvier::models::synapses {

using namespace ranvier::units;

Model nmda() {
  Model m{"nmda"};
  m.describe("NMDA receptors with saturation", "Wang 1999 (J Neurosci 19:9587); Wang 2002 (Neuron 36:955)");
  const auto x = m.state("x"), s = m.state("s");
  const auto tau_rise = m.parameter("tau_rise", 2 * ms, "rise time constant"), tau_decay = m.parameter("tau_decay", 100 * ms, "decay time constant");
  const auto a = m.parameter("a", 0.5 / ms, "rate of saturation");
  m.d(x) = -x / tau_rise;
  m.d(s) = a * x * (1 - s) - s / tau_decay;
  m.on_spike(x, x + 1);
  m.sends(s);
  return m;
}

}  // namespace ranvier::models::synapses
