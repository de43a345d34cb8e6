// Current-based: I = g, in pA.
#include "ranvier/models.hpp"

namespace ranvier::models::outputs {

Output cuba() {
  Output out = ranvier::cuba();
  out.describe("current-based", "Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 2");
  return out;
}

}  // namespace ranvier::models::outputs
