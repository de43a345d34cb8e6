// Calcium that its current raises and that decays, dC/dt = alpha max(I, 0) - beta C, with the Nernst potential of an outside
// concentration; as in Bazhenov et al. 1998 (J Neurophysiol 79:2730) without a resting concentration.
#include "ranvier/channel.hpp"

namespace ranvier::models::ions {

Ion CalciumFirstOrder() {
  using namespace units;
  Ion ion{"Ca"};
  ion.describe("calcium in first-order kinetics", "Bazhenov et al. 1998 (J Neurophysiol 79:2730)");
  const auto C = ion.state("C", mM);
  const auto alpha = ion.parameter("alpha", 5.2e-5 * mM / ms / uA_per_cm2), beta = ion.parameter("beta", 0.075 / ms);
  const auto C0 = ion.parameter("C0", 2.4e-4 * mM), C_out = ion.parameter("C_out", 2 * mM), T = ion.parameter("T", 309.15 * kelvin);
  ion.d(C) = alpha * max(ion.current(uA_per_cm2), 0 * uA_per_cm2) - beta * C;
  ion.initial(C, C0);
  ion.concentration(C);
  ion.reversal(nernst(C, C_out, 2, T));
  return ion;
}

}  // namespace ranvier::models::ions
