// Builds the synapses' domain of a projection: what a pre and a post event do, and the step of traces and synapses, as
// pure functions of what was before.
//
//   program.plasticity.push_back(build_plasticity(projection, delivery, program, options));
#pragma once

#include "integrate/build.hpp"

namespace ranvier::integrate {

/// `program` has its populations and the delivery already; parameters become uniforms "PROJECTION.name". UserError or
/// UnitError, naming the projection, for what does not fit source and target.
[[nodiscard]] model::Plasticity build_plasticity(const detail::ProjectionData& projection, std::size_t delivery,
                                                 model::StepProgram& program, const BuildOptions& options);

}  // namespace ranvier::integrate
