// Theta neuron (Ermentrout & Kopell 1986, SIAM J Appl Math 46:233; Ermentrout 1996, Neural Comput 8:979), the quadratic
// integrate-and-fire neuron on a circle; without units:
//   tau dtheta/dt = (1 - cos theta) + (1 + cos theta) (I + I_ext);  a spike is theta = pi, where it goes on from -pi
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model theta() {
  Model m{"theta"};
  m.describe("theta neuron: quadratic integrate-and-fire on a circle",
             "Ermentrout & Kopell 1986 (SIAM J Appl Math 46:233); Ermentrout 1996 (Neural Comput 8:979)");
  const double pi = 3.14159265358979323846;
  const auto theta = m.state("theta");
  const auto tau = m.parameter("tau", 1 * ms, "time constant");
  const auto I_ext = m.parameter("I_ext", 0, "constant input: it spikes above 0");
  const auto I = m.input("I", unitless);
  m.d(theta) = (1 - cos(theta) + (1 + cos(theta)) * (I + I_ext)) / tau;
  m.threshold(theta >= pi);
  m.reset(theta, theta - 2 * pi);
  return m;
}

}  // namespace ranvier::models::neurons
