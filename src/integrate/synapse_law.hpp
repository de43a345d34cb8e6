// Weights and delays of synapses as expressions: from a projection to the delivery of a step program.
//
//   lower_laws(projection, network, delivery);      // delivery.weight_law, delivery.delay_law
#pragma once

#include "model/step_program.hpp"

namespace ranvier::integrate {

/// UserError if a law uses what a synapse does not have, or if the projection and its list both give weights or delays.
void lower_laws(const detail::ProjectionData& p, const detail::NetworkData& net, model::Delivery& delivery);

}  // namespace ranvier::integrate
