// Volleys: each neuron spikes once around each centre at a normal time (Abeles 1991, Corticonics; Diesmann et al. 1999, Nature 402:529).
#include "ranvier/sources.hpp"

namespace ranvier::models::sources {

using namespace ranvier::units;

Model pulse_packets() {
  Model m = spike_source(ranvier::pulse_packets(100, {50 * ms, 150 * ms}, 1, 2 * ms));
  m.describe("volleys of spikes at normal times", "Diesmann, Gewaltig & Aertsen 1999, Nature 402:529; ranvier::pulse_packets() makes other lists");
  return m;
}

}  // namespace ranvier::models::sources
