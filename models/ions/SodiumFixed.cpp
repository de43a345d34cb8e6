// A constant concentration of sodium and a constant reversal potential.
#include "ranvier/channel.hpp"

namespace ranvier::models::ions {

Ion SodiumFixed() {
  using namespace units;
  Ion ion{"Na"};
  ion.describe("sodium of constant concentration and reversal potential", "constants, no dynamics");
  ion.concentration(ion.parameter("C", 10.0 * mM));
  ion.reversal(ion.parameter("E", 50 * mV));
  return ion;
}

}  // namespace ranvier::models::ions
