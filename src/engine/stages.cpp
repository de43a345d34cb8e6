#include "engine/stages.hpp"

#include <algorithm>
#include <numeric>

#include "codegen/fuse.hpp"
#include "engine/float_environment.hpp"
#include "engine/plasticity.hpp"
#include "engine/synapse_values.hpp"
#include "integrate/build.hpp"

namespace ranvier::engine {

void tell_step(const model::StepProgram& program, const SimulationOptions& options) {
  const bool wanted = std::find(options.dump.begin(), options.dump.end(), "step") != options.dump.end();
  if (wanted && options.dump_sink) options.dump_sink("step", "network", model::print(program));
}

codegen::CompilerOptions compiler_options(const SimulationOptions& options) {
  codegen::CompilerOptions out;
  out.lanes = options.lanes;
  out.disk_cache = options.disk_cache;
  if (!options.dump_sink) return out;
  out.dump = [sink = options.dump_sink](std::string_view stage, std::string_view kernel, std::string_view text) {
    sink(std::string(stage), std::string(kernel), std::string(text));
  };
  for (const auto& stage : options.dump) {
    if (stage != "step") out.dump_stages += (out.dump_stages.empty() ? "" : ",") + stage;
  }
  return out;
}

void tell_stages(const Network& network, const SimulationOptions& options) {
  const FloatEnvironment strict;
  const auto program = integrate::build_step_program(network.data(), {options.dt, options.method, options.precision});
  tell_step(program, options);
  const auto compiler = compiler_options(options);
  if (compiler.dump_stages.empty()) return;
  std::vector<ir::Kernel> kernels;
  const auto add = [&](codegen::DomainKernels made) { std::move(made.kernels.begin(), made.kernels.end(), std::back_inserter(kernels)); };
  for (const auto& d : program.domains) {
    add(codegen::fuse(d, options.fuse));
    std::vector<std::size_t> all(d.arrays.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    add(codegen::synchronise(d, all));
  }
  for (std::size_t k = 0; k < program.plasticity.size(); ++k) PlasticSynapses(program, k, 1, options.fuse).add_kernels(kernels);
  codegen::Compiler(compiler).dump(kernels);
}

}  // namespace ranvier::engine
