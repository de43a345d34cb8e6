// Electrical coupling: the sum of w_ij (V_j - V_i), with a synapse that sends V (ranvier/synapses.hpp: presynaptic()).
#include "ranvier/models.hpp"
#include "ranvier/synapses.hpp"

namespace ranvier::models::outputs {

Output gap_junction() { return ranvier::gap_junction(); }

}  // namespace ranvier::models::outputs
