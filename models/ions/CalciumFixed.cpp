// A constant concentration of calcium and a constant reversal potential.
#include "ranvier/channel.hpp"

namespace ranvier::models::ions {

Ion CalciumFixed() {
  using namespace units;
  Ion ion{"Ca"};
  ion.describe("calcium of constant concentration and reversal potential", "constants, no dynamics");
  ion.concentration(ion.parameter("C", 2.4e-4 * mM));
  ion.reversal(ion.parameter("E", 120 * mV));
  return ion;
}

}  // namespace ranvier::models::ions
