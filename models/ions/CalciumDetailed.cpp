// Calcium in a thin shell of depth d below the membrane, Destexhe et al. 1993 (Biophys J 65:1538), equation 6:
// dC/dt = max(I/(2 F d), 0) + (C_rest - C)/tau, with the Nernst potential. The pump does not carry calcium in.
#include "ranvier/channel.hpp"

namespace ranvier::models::ions {

Ion CalciumDetailed() {
  using namespace units;
  Ion ion{"Ca"};
  ion.describe("calcium in a shell below the membrane", "Destexhe et al. 1993 (Biophys J 65:1538)");
  const auto C = ion.state("C", mM);
  const auto d = ion.parameter("d", 1 * um), tau = ion.parameter("tau", 5 * ms), C_rest = ion.parameter("C_rest", 2.4e-4 * mM);
  const auto C_out = ion.parameter("C_out", 2 * mM), T = ion.parameter("T", 309.15 * kelvin);
  const Unit mole{dimension::amount, 0};
  const auto faraday = 96485.33212331 * amp * second / mole;
  ion.d(C) = max(ion.current(uA_per_cm2) / (2 * faraday * d), 0 * mM / ms) + (C_rest - C) / tau;
  ion.initial(C, C_rest);
  ion.concentration(C);
  ion.reversal(nernst(C, C_out, 2, T));
  return ion;
}

}  // namespace ranvier::models::ions
