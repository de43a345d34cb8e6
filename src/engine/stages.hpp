// The stages between a network and machine code, as text: what SimulationOptions::dump asks for, with or without a simulation.
//
//   tell_stages(network, {.dump = {"ir"}, .dump_sink = print});      // nothing is connected, nothing runs
#pragma once

#include "codegen/executable.hpp"
#include "model/step_program.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier::engine {

/// The sink of `options` is given the step program, if it asks for it.
void tell_step(const model::StepProgram& program, const SimulationOptions& options);
[[nodiscard]] codegen::CompilerOptions compiler_options(const SimulationOptions& options);
/// All stages that `options` asks for. LLVM is loaded for "asm" alone.
void tell_stages(const Network& network, const SimulationOptions& options);

}  // namespace ranvier::engine
