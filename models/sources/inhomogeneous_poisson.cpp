// Poisson source whose rate is modulated in time; a rate from an array: poisson_source(TimeArray).
#include "ranvier/models.hpp"

namespace ranvier::models::sources {

using namespace ranvier::units;

Model inhomogeneous_poisson() {
  Model m{"inhomogeneous_poisson"};
  m.describe("Poisson spikes of sinusoidal rate", "Dayan & Abbott 2001, Theoretical Neuroscience, section 1.4");
  const auto rate = m.parameter("rate", 10 * Hz, "mean rate"), f = m.parameter("frequency", 5 * Hz, "of the modulation");
  const auto depth = m.parameter("depth", 1.0, "relative amplitude"), phase = m.parameter("phase", 0.0, "in radians");
  constexpr double two_pi = 6.283185307179586476925286766559;
  m.threshold(rand() < rate * (1 + depth * sin(two_pi * f * m.time() + phase)) * m.dt());
  return m;
}

}  // namespace ranvier::models::sources
