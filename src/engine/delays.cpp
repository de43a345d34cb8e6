#include "engine/delays.hpp"

#include <algorithm>
#include <cmath>

#include "connect/deliver.hpp"
#include "connect/rows.hpp"
#include "engine/core.hpp"

namespace ranvier::engine {

std::size_t include_ring(std::vector<RingPlan>& rings, std::size_t domain, std::size_t array, std::uint32_t longest_delay) {
  const auto found = std::find_if(rings.begin(), rings.end(), [&](const RingPlan& r) { return r.domain == domain && r.array == array; });
  const auto index = static_cast<std::size_t>(found - rings.begin());
  if (found == rings.end()) rings.push_back({.domain = domain, .array = array});
  rings[index].depth = std::max(rings[index].depth, longest_delay + 1);
  return index;
}

void check_rings(const std::vector<RingPlan>& rings, const model::StepProgram& program) {
  double bytes = 0;
  for (const auto& ring : rings) {
    bytes += static_cast<double>(ring_stride(program.domains[ring.domain].size)) * ring.depth *
             static_cast<double>(element_bytes(program.domains[ring.domain], ring.array));
  }
  if (bytes <= connect::available_memory()) return;
  throw UserError("the network's delays", "events under way need " + std::to_string(static_cast<std::uint64_t>(bytes)) +
                      " bytes (neurons x steps of the longest delay), more than is available", "use shorter delays or a larger dt");
}

ArrayMemory ring_memory(const RingPlan& ring, std::size_t element_bytes, std::uint32_t neurons) {
  return {ring_stride(neurons) * ring.depth, element_bytes};
}

/// What the rings need to know of the synapses: which delays there are, and how many synapses a neuron has.
void Core::plan_rings() {
  for (std::size_t k = 0; k < program_.deliveries.size(); ++k) {
    const auto& d = program_.deliveries[k];
    if (d.plastic || d.source || !rows_of(workers_[0], k).has_delays()) {
      ring_of_.push_back(no_ring);
      continue;
    }
    std::uint32_t most = 0;
    for (const auto& w : workers_) {
      const auto& rows = rows_of(w, k);
      most = rows.synapses() > 0 ? std::max(most, rows.delay_steps().back()) : most;
    }
    ring_of_.push_back(include_ring(rings_, d.post_domain, d.array, most));
  }
  for (std::size_t r = 0; r < rings_.size(); ++r) {
    auto& array = program_.domains[rings_[r].domain].arrays[rings_[r].array];
    if (ir::is_count(array.element)) array.element = narrowest_count(most_synapses(r));
  }
  check_rings(rings_, program_);
  for (auto& w : workers_) {
    for (const auto& ring : rings_) {
      const auto& part = w.parts[ring.domain];
      auto& buffers = w.buffers.emplace_back();
      for (std::uint64_t i = 0; i < 2 * std::uint64_t{ring.depth}; ++i) buffers.push_back(i % ring.depth * ring_stride(part.hi - part.lo));
    }
  }
}

/// Onto one neuron, of all deliveries to the array of a ring. What a list prescribes may come several times in a step.
double Core::most_synapses(std::size_t ring) {
  const auto reaches = [&](const model::Delivery& d) { return d.post_domain == rings_[ring].domain && d.array == rings_[ring].array; };
  for (const auto& d : program_.deliveries) {
    if (reaches(d) && program_.domains[d.pre_domain].prescribed) return HUGE_VAL;
  }
  std::vector<std::uint32_t> most(workers_.size());
  team_->run([&](int worker) {
    const auto& part = workers_[worker].parts[rings_[ring].domain];
    std::vector<std::uint32_t> synapses(part.hi - part.lo);
    for (std::size_t k = 0; k < program_.deliveries.size(); ++k) {
      if (!reaches(program_.deliveries[k])) continue;
      const auto& rows = rows_of(workers_[worker], k);
      const std::uint32_t first = program_.deliveries[k].post_first + rows.slice().lo - part.lo;
      for (std::uint64_t i = 0; i < rows.synapses(); ++i) ++synapses[first + rows.target(i)];
    }
    for (const auto n : synapses) most[worker] = std::max(most[worker], n);
  });
  return *std::max_element(most.begin(), most.end());
}

void Core::add_ring_memory(State& state) const {
  for (const auto& w : workers_) {
    for (const auto& ring : rings_) {
      const auto& part = w.parts[ring.domain];
      state.rings.push_back(ring_memory(ring, element_bytes(program_.domains[ring.domain], ring.array), part.hi - part.lo));
    }
  }
}

void Core::deliver_delayed(int worker, std::size_t delivery, std::uint64_t step) {
  auto& w = workers_[worker];
  if (step == 0) return;
  const auto& d = program_.deliveries[delivery];
  const auto& rows = rows_of(w, delivery);
  const auto sources = emitted(w, d, step - 1);
  if (sources.empty() || rows.synapses() == 0) return;
  const std::size_t r = ring_of_[delivery];
  const auto& domain = program_.domains[d.post_domain];
  const auto& memory = state_.rings[static_cast<std::size_t>(worker) * rings_.size() + r];
  const std::uint64_t* const buffers = w.buffers[r].data() + step % rings_[r].depth;
  const std::size_t offset = d.post_first + rows.slice().lo - w.parts[d.post_domain].lo;
  const auto count = [&](auto* elements) { return connect::deliver_delayed_counts(rows, sources, connect::DelayRing{elements + offset, buffers}); };
  const auto add = [&](auto* elements) { return connect::deliver_delayed_weights(rows, sources, connect::DelayRing{elements + offset, buffers}); };
  if (domain.arrays[d.array].element == ir::Element::byte) {
    w.events += count(memory.as<std::uint8_t>());
  } else if (d.counted) {
    w.events += count(memory.as<std::uint32_t>());
  } else {
    w.events += domain.precision == Precision::f32 ? add(memory.as<float>()) : add(memory.as<double>());
  }
}

/// What arrives at this worker's neurons in a step, indexed by neuron: the array itself, or the buffer of its ring.
void* Core::arrivals(int worker, std::size_t domain, std::size_t array, std::uint64_t step) const {
  for (std::size_t r = 0; r < rings_.size(); ++r) {
    if (rings_[r].domain == domain && rings_[r].array == array) return ring_buffer(worker, r, step);
  }
  return state_.domains[domain].arrays[array].part<void>(worker);
}

void* Core::ring_buffer(int worker, std::size_t ring, std::uint64_t step) const {
  const auto& w = workers_[worker];
  const auto& [domain, array, depth] = rings_[ring];
  const std::size_t bytes = element_bytes(program_.domains[domain], array);
  const auto& memory = state_.rings[static_cast<std::size_t>(worker) * rings_.size() + ring];
  const auto first = reinterpret_cast<std::uintptr_t>(memory.as<std::byte>() + w.buffers[ring][step % depth] * bytes);
  return reinterpret_cast<void*>(first - w.parts[domain].lo * bytes);
}

}  // namespace ranvier::engine
