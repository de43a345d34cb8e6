// GABA_A receptors as a two-state scheme: Destexhe, Mainen & Sejnowski 1994 (Neural Comput 6:14).
#include "transmitter.hh"

namespace ranvier::models::synapses {

Model gaba_a() { return two_state_receptor("gaba_a", "GABA_A receptors, two states", 0.53, 1.0, 1.0 * units::ms); }

}  // namespace ranvier::models::synapses
