#include "engine/delays.hpp"

#include <algorithm>

#include "connect/deliver.hpp"
#include "connect/rows.hpp"
#include "engine/core.hpp"

namespace ranvier::engine {

std::size_t include_ring(std::vector<RingPlan>& rings, std::size_t domain, std::size_t array, std::uint32_t longest_delay) {
  const auto found = std::find_if(rings.begin(), rings.end(), [&](const RingPlan& r) { return r.domain == domain && r.array == array; });
  const auto index = static_cast<std::size_t>(found - rings.begin());
  if (found == rings.end()) rings.push_back({.domain = domain, .array = array, .buffers = {}});
  rings[index].depth = std::max(rings[index].depth, longest_delay + 1);
  return index;
}

void plan_rings(std::vector<RingPlan>& rings, const model::StepProgram& program) {
  connect::Estimate need;
  for (auto& ring : rings) {
    const auto& domain = program.domains[ring.domain];
    ring.stride = (std::uint64_t{domain.size} + 63) / 64 * 64;
    for (std::uint64_t i = 0; i < 2 * std::uint64_t{ring.depth}; ++i) ring.buffers.push_back(i % ring.depth * ring.stride);
    need.bytes += static_cast<double>(ring.stride) * ring.depth * static_cast<double>(element_bytes(domain, ring.array));
  }
  need.peak_bytes = need.bytes;
  if (need.bytes > connect::available_memory()) {
    throw UserError("the network's delays", "events under way need " + std::to_string(static_cast<std::uint64_t>(need.bytes)) +
                        " bytes (neurons x steps of the longest delay), more than is available", "use shorter delays or a larger dt");
  }
}

ArrayMemory ring_memory(const RingPlan& ring, const model::StepProgram& program) {
  return {ring.stride * ring.depth, element_bytes(program.domains[ring.domain], ring.array)};
}

void Core::deliver_delayed(int worker, std::size_t delivery, std::uint64_t step) {
  auto& w = workers_[worker];
  if (step == 0) return;
  const auto& d = program_.deliveries[delivery];
  const auto& rows = w.rows[delivery];
  const auto sources = emitted(w, d, (step - 1) % depth_);
  if (sources.empty() || rows.synapses() == 0) return;
  const auto& ring = rings_[ring_of_[delivery]];
  const auto& memory = state_.rings[ring_of_[delivery]];
  const std::uint64_t* const buffers = ring.buffers.data() + step % ring.depth;
  const std::size_t offset = std::size_t{d.post_first} + rows.slice().lo;
  if (d.counted) {
    w.events += connect::deliver_delayed_counts(rows, sources, {memory.as<std::uint32_t>() + offset, buffers});
  } else if (program_.domains[d.post_domain].precision == Precision::f32) {
    w.events += connect::deliver_delayed_weights<float>(rows, sources, {memory.as<float>() + offset, buffers});
  } else {
    w.events += connect::deliver_delayed_weights<double>(rows, sources, {memory.as<double>() + offset, buffers});
  }
}

namespace {

template <class Element>
void move_into(Element* from, Element* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] += from[i];
    from[i] = 0;
  }
}

}  // namespace

/// What arrives in this step joins what synapses of constant delay have brought.
void Core::flush_rings(int worker, std::uint64_t step) {
  const auto& w = workers_[worker];
  for (std::size_t r = 0; r < rings_.size(); ++r) {
    const auto& ring = rings_[r];
    const auto& part = w.parts[ring.domain];
    const auto& domain = program_.domains[ring.domain];
    const auto& arrivals = state_.domains[ring.domain].arrays[ring.array];
    const std::uint64_t first = ring.buffers[step % ring.depth] + part.lo;
    const std::size_t count = part.hi - part.lo;
    if (domain.arrays[ring.array].element == ir::Element::count) {
      move_into(state_.rings[r].as<std::uint32_t>() + first, arrivals.part<std::uint32_t>(worker) + part.lo, count);
    } else if (domain.precision == Precision::f32) {
      move_into(state_.rings[r].as<float>() + first, arrivals.part<float>(worker) + part.lo, count);
    } else {
      move_into(state_.rings[r].as<double>() + first, arrivals.part<double>(worker) + part.lo, count);
    }
  }
}

}  // namespace ranvier::engine
