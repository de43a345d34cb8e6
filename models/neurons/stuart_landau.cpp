// Stuart-Landau oscillator, the normal form of a Hopf bifurcation (Landau 1944; Stuart 1960, J Fluid Mech 9:353); without units or spikes:
//   dx/dt = ((a - x^2 - y^2) x - w y + I + I_ext) / tau,  dy/dt = ((a - x^2 - y^2) y + w x) / tau
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model stuart_landau() {
  Model m{"stuart_landau"};
  m.describe("Stuart-Landau: the normal form of a Hopf bifurcation, without spikes", "Stuart 1960 (J Fluid Mech 9:353)");
  const auto [x, y] = m.states("x", "y");
  const auto a = m.parameter("a", 0.25, "above 0 there is a limit cycle of radius sqrt(a)");
  const auto w = m.parameter("w", 0.2, "angular frequency, in 1/tau"), tau = m.parameter("tau", 1 * ms, "unit of time");
  const auto I_ext = m.parameter("I_ext", 0.0, "constant input of x");
  const auto I = m.input("I", unitless);
  const auto growth = m.let("growth", a - x * x - y * y);
  m.d(x) = (growth * x - w * y + I + I_ext) / tau;
  m.d(y) = (growth * y + w * x) / tau;
  m.initial(x, 0.1);
  return m;
}

}  // namespace ranvier::models::neurons
