// Conductance-based: I = g (E - V).
#include "ranvier/models.hpp"

namespace ranvier::models::outputs {

Output coba() {
  Output out = ranvier::coba(0 * units::mV);
  out.describe("conductance-based: g (E - V)", "Dayan & Abbott 2001, Theoretical Neuroscience, eq. 5.26");
  return out;
}

}  // namespace ranvier::models::outputs
