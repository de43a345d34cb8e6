// AMPA receptors as a two-state scheme: Destexhe, Mainen & Sejnowski 1994 (Neural Comput 6:14).
#include "transmitter.hh"

namespace ranvier::models::synapses {

Model ampa() { return two_state_receptor("ampa", "AMPA receptors, two states", 0.98, 0.5, 0.5 * units::ms); }

}  // namespace ranvier::models::synapses
