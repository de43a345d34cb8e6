// What the seed decides before anything is connected: positions, drawn parameters, weights and delays of synapses.
//
//   realise_positions(program, seed);
//   auto rows = connect::build_rows(d.rule, ends_of(program, d), slice, key, row_options(program, d, seed));
#pragma once

#include "connect/rows.hpp"
#include "model/step_program.hpp"

namespace ranvier::engine {

void realise_positions(model::StepProgram& program, std::uint64_t seed);
/// UserError that names population, parameter and neuron if a drawn value is not finite, or a negative conductance or capacitance.
void realise_parameters(model::StepProgram& program, std::uint64_t seed);

[[nodiscard]] connect::Ends ends_of(const model::StepProgram& program, const model::Delivery& d);
/// The result refers to `program`.
[[nodiscard]] connect::RowOptions row_options(const model::StepProgram& program, const model::Delivery& d, std::uint64_t seed);

}  // namespace ranvier::engine
