// Perfect integrator (Gerstner et al. 2014, Neuronal Dynamics, section 1.3, without the leak):  C dV/dt = I + I_ext;  V
// >= V_th: V = V_reset
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model integrator() {
  Model m{"integrator"};
  m.describe("perfect integrator: no leak", "Gerstner et al. 2014 (Neuronal Dynamics), section 1.3");
  const auto V = m.state("V", mV);
  const auto C = m.parameter("C", 200 * pF, "membrane capacitance");
  const auto V_th = m.parameter("V_th", 15 * mV, "threshold, above rest"),
             V_reset = m.parameter("V_reset", 0 * mV, "potential after a spike");
  const auto I_ext = m.parameter("I_ext", 0 * pA, "constant current");
  const auto I = m.input("I", pA);
  m.d(V) = (I + I_ext) / C;
  m.threshold(V >= V_th);
  m.reset(V, V_reset);
  return m;
}

}  // namespace ranvier::models::neurons
