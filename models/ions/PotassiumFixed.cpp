// A constant concentration of potassium and a constant reversal potential.
#include "ranvier/channel.hpp"

namespace ranvier::models::ions {

Ion PotassiumFixed() {
  using namespace units;
  Ion ion{"K"};
  ion.describe("potassium of constant concentration and reversal potential", "constants, no dynamics");
  ion.concentration(ion.parameter("C", 140.0 * mM));
  ion.reversal(ion.parameter("E", -90 * mV));
  return ion;
}

}  // namespace ranvier::models::ions
