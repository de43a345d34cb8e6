// Voltage jump: an arrival adds its weight to V; what arrives while V is kept by a refractory period is dropped. For another state, or
// to keep what arrives meanwhile, see ranvier/synapses.hpp.
#include "ranvier/models.hpp"
#include "ranvier/synapses.hpp"

namespace ranvier::models::synapses {

Model delta() { return ranvier::delta(); }

}  // namespace ranvier::models::synapses
