// Values that are propagated through connectivity: the copies that workers read of one another's neurons, and the sums.
//
// A worker copies what its neurons send at the end of step k into slot k+1 of a ring; in step k+1 all workers read it, for their own
// targets. The ring has room for the longest delay and for the slot that is being written, so one barrier a step is enough.
#include <algorithm>
#include <cstring>

#include "connect/propagate.hpp"
#include "engine/core.hpp"

namespace ranvier::engine {
namespace {

/// f(element<From>, element<To>) with the precisions of the two ends.
template <class F>
void with_types(Precision from, Precision to, F&& f) {
  const bool f32 = from == Precision::f32, t32 = to == Precision::f32;
  if (f32 && t32) return f(float{}, float{});
  if (f32) return f(float{}, double{});
  if (t32) return f(double{}, float{});
  f(double{}, double{});
}

bool reaches_all(const model::Delivery& d) {
  return std::holds_alternative<Rule::AllToAll>(d.rule.what()) && (d.rule.allows_self() || d.pre_domain != d.post_domain);
}

}  // namespace

/// Which rings there are: one for each array that is sent.
void Core::plan_values() {
  value_depth_ = 2;
  for (std::size_t k = 0; k < program_.deliveries.size(); ++k) {
    const auto& d = program_.deliveries[k];
    if (!d.source) continue;
    std::uint32_t longest = d.delay_steps;
    for (const auto& w : workers_) {
      const auto& rows = rows_of(w, k);
      if (rows.has_delays() && rows.synapses() > 0) longest = std::max(longest, rows.delay_steps().back());
    }
    value_depth_ = std::max<std::size_t>(value_depth_, longest + 2);
    sent_.emplace(d.pre_domain, *d.source);
  }
}

/// At the start all earlier values are the initial ones.
void Core::start_values() {
  for (const auto& [domain, array] : sent_) {
    auto& ring = state_.domains[domain].sent[array];
    ring.clear();
    for (std::size_t k = 0; k < value_depth_; ++k) {
      ring.emplace_back(program_.domains[domain].size, element_bytes(program_.domains[domain], array));
    }
  }
  for (int w = 0; w < team_->size(); ++w) {
    for (std::size_t k = 0; k < program_.deliveries.size(); ++k) sum_weights(w, k);
  }
}

/// What is stored now is what is sent next: set() and reset() may have changed it.
void Core::refresh_values() {
  for (const auto& [domain, array] : sent_) {
    auto& ring = state_.domains[domain].sent[array];
    const auto& memory = state_.domains[domain].arrays[array];
    for (std::size_t k = 0; k < ring.size(); ++k) {
      if (state_.step == 0 || k == state_.step % ring.size()) memory.copy_to(ring[k]);
    }
  }
}

void Core::publish_values(int worker, std::uint64_t step) {
  for (const auto& [domain, array] : sent_) {
    const auto& part = workers_[worker].parts[domain];
    if (part.lo == part.hi) continue;
    const std::size_t bytes = element_bytes(program_.domains[domain], array);
    auto& ring = state_.domains[domain].sent.find(array)->second;
    const auto& memory = state_.domains[domain].arrays[array];
    std::memcpy(ring[(step + 1) % ring.size()].as<std::byte>() + part.lo * bytes, memory.part<std::byte>(worker) + part.lo * bytes,
                (part.hi - part.lo) * bytes);
  }
}

void Core::deliver_values(int worker, std::size_t delivery, std::uint64_t step) {
  const auto& w = workers_[worker];
  const auto& d = program_.deliveries[delivery];
  const auto& rows = rows_of(w, delivery);
  if (rows.slice().size() == 0) return;
  const std::size_t offset = std::size_t{d.post_first} + rows.slice().lo;
  const auto& ring = state_.domains[d.pre_domain].sent.find(*d.source)->second;
  with_types(program_.domains[d.pre_domain].precision, program_.domains[d.post_domain].precision, [&](auto value, auto real) {
    using Value = decltype(value);
    using Real = decltype(real);
    Real* const received = state_.domains[d.post_domain].arrays[d.array].part<Real>(worker) + offset;
    std::fill_n(received, rows.slice().size(), Real{0});
    const auto past = [&](std::uint64_t delay) {
      return ring[(step + ring.size() - delay) % ring.size()].template as<const Value>() + d.pre_first;
    };
    if (rows.has_delays()) return connect::propagate_delayed(rows, past, received);
    const std::span<const Value> values(past(d.delay_steps), rows.sources());
    if (rows.has_weights()) {
      connect::propagate_weighted(rows, values, received);
    } else if (reaches_all(d)) {
      connect::propagate_to_all(values, rows.slice().size(), received);
    } else {
      connect::propagate(rows, values, received);
    }
  });
}

void Core::sum_weights(int worker, std::size_t delivery) {
  const auto& w = workers_[worker];
  const auto& d = program_.deliveries[delivery];
  const auto& rows = rows_of(w, delivery);
  if (!d.weight_sums || rows.slice().size() == 0) return;
  const std::size_t offset = std::size_t{d.post_first} + rows.slice().lo;
  const auto& memory = state_.domains[d.post_domain].arrays[*d.weight_sums];
  if (program_.domains[d.post_domain].precision == Precision::f32) {
    connect::add_weights(rows, memory.part<float>(worker) + offset);
  } else {
    connect::add_weights(rows, memory.part<double>(worker) + offset);
  }
}

}  // namespace ranvier::engine
