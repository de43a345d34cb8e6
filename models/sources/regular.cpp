// Spikes at a fixed period.
#include "ranvier/sources.hpp"

namespace ranvier::models::sources {

using namespace ranvier::units;

Model regular() {
  Model m = regular_source(10 * ms, 10 * ms);
  m.describe("spikes at a fixed period", "start + n period, rounded up to the next step");
  return m;
}

}  // namespace ranvier::models::sources
