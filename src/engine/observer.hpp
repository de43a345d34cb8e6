// An expression over the arrays of a population, compiled to a kernel of its own that writes scratch memory and alters no state.
//
//   Observer o(program, domain, "I_syn", graph, node, workers, make_code);
//   o.bind(state);  o.run(worker, lo, hi, step);  o.value(neuron);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "codegen/executable.hpp"
#include "codegen/fuse.hpp"
#include "engine/state.hpp"
#include "ir/interpret.hpp"

namespace ranvier::engine {

using MakeCode = std::function<std::vector<std::shared_ptr<const codegen::Executable>>(const std::vector<ir::Kernel>&)>;

class Observer {
 public:
  /// `node` of `graph`: what is observed, in terms of the domain's arrays as they are stored and of uniforms of the program.
  /// `program` must stay where it is.
  Observer(const model::StepProgram& program, std::size_t domain, const std::string& name, ir::Graph graph, ir::NodeId node,
           int workers, const Cuts& cuts, const MakeCode& make);

  /// The arrays have moved.
  void bind(const State& state);
  /// Computes the values of neurons [lo, hi), both multiples of 64 or the size, at `step` completed steps.
  void run(int worker, std::uint32_t lo, std::uint32_t hi, std::uint64_t step);
  [[nodiscard]] double value(std::size_t neuron) const { return load(view_, view_.arrays.size() - 1, scratch_, neuron); }

 private:
  struct PerWorker {
    std::vector<std::byte> scalars;
    std::vector<double> symbols, slots, results;
  };
  void fill(PerWorker& w, std::uint64_t step) const;

  const model::StepProgram& program_;
  std::size_t domain_;
  model::Domain view_;  ///< the domain with the observed value as its last array
  codegen::DomainKernels plan_;
  std::vector<std::shared_ptr<const codegen::Executable>> code_;
  std::vector<std::vector<std::vector<void*>>> pointers_;  ///< [worker][kernel]
  ArrayMemory scratch_;
  std::unique_ptr<ir::HostProgram> host_;
  std::vector<PerWorker> workers_;
};

}  // namespace ranvier::engine
