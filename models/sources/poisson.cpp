// Homogeneous Poisson source, in each step a Bernoulli draw: Dayan & Abbott 2001, Theoretical Neuroscience, section 1.4.
#include "ranvier/sources.hpp"

namespace ranvier::models::sources {

using namespace ranvier::units;

Model poisson() {
  Model m = poisson_source(10 * Hz);
  m.describe("Poisson spikes of one rate, or one for each neuron", "Dayan & Abbott 2001, Theoretical Neuroscience, section 1.4");
  return m;
}

}  // namespace ranvier::models::sources
