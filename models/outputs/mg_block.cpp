// Conductance-based with the voltage-dependent block by magnesium: Jahr & Stevens 1990 (J Neurosci 10:3178):
// I = g (E - V) / (1 + [Mg]/beta exp(-alpha V)). Defaults: BrainPy's.
#include "ranvier/models.hpp"

namespace ranvier::models::outputs {

using namespace ranvier::units;

Output mg_block() {
  Output out{"mg_block"};
  out.describe("conductance-based with a magnesium block", "Jahr & Stevens 1990 (J Neurosci 10:3178)");
  const auto g = out.synaptic(nS), V = out.post("V", mV), E = out.parameter("E", 0 * mV, "reversal potential");
  const auto Mg = out.parameter("Mg", 1.2, "magnesium outside [mM]"), beta = out.parameter("beta", 3.57, "half block at V = 0 [mM]");
  const auto alpha = out.parameter("alpha", 0.062 / mV, "voltage dependence");
  out.current(g * (E - V) / (1 + Mg / beta * exp(-alpha * V)));
  return out;
}

}  // namespace ranvier::models::outputs
