// Schedules a domain: its pure step functions become kernels, either one that reads and writes each array once (fused) or one per
// assignment into scratch followed by a commit (for tests). Both come from one expansion, so they give the same bits.
//
//   DomainKernels k = fuse(domain, true);
//   for (const auto& slot : k.slots[0]) bind(slot.array, slot.scratch);   // arrays of kernel 0 in order
#pragma once

#include <memory>
#include <vector>

#include "ir/kernel.hpp"
#include "model/step_program.hpp"

namespace ranvier::codegen {

struct DomainKernels {
  /// What stands behind an array of a kernel: the domain's array, or the scratch copy of it.
  struct Slot {
    std::size_t array = 0;
    bool scratch = false;
  };
  std::vector<ir::Kernel> kernels;        ///< in order; the spikes are event 0 of kernels[spike_kernel]
  std::vector<std::vector<Slot>> slots;   ///< per kernel
  std::size_t spike_kernel = 0;
  bool has_spikes = false;
  /// Uniform expressions that the host evaluates in f64 for the kernels' scalars; nodes of the domain's graph.
  std::vector<ir::NodeId> scalars;
  /// Scalars behind those: words of random keys, bit for bit.
  std::vector<ir::KeyWord> keys;
};

[[nodiscard]] DomainKernels fuse(const model::Domain& domain, bool fused);

/// The kernel that writes what a recorder shows of arrays whose stored value is at another time (staggered gates), into scratch.
/// No kernel if no array of `arrays` needs one.
[[nodiscard]] DomainKernels synchronise(const model::Domain& domain, const std::vector<std::size_t>& arrays);

}  // namespace ranvier::codegen
