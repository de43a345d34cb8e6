// What comes from outside in a step: values over time, and spikes that a list prescribes.
#include <algorithm>
#include <cmath>

#include "engine/core.hpp"
#include "engine/step_tools.hpp"

namespace ranvier::engine {
namespace {

/// Where the middle of a step lies among the rows. Rounding must not put it into the row before where rows are shorter
/// than steps.
struct Place {
  std::size_t row = 0;
  double beyond = 0;  ///< of the way to the next row
};
Place place_of(const TimeArray& table, std::uint64_t step, double dt_ms) {
  const double at = (static_cast<double>(step) + 0.5) * dt_ms / table.dt.value;
  const double row = std::floor(at + 1e-9);
  return {static_cast<std::size_t>(row), std::max(0.0, at - row)};
}

double value_in(const TimeArray& table, const Place& place, std::size_t column) {
  const std::size_t last = table.rows() - 1;
  const double value = table.values[std::min(place.row, last) * table.width + column];
  if (table.between == TimeArray::Between::hold) return value;
  const double next = table.values[std::min(place.row + 1, last) * table.width + column];
  return value + place.beyond * (next - value);
}

}  // namespace

const TimeArray* uniform_table(const model::Domain& domain, const std::string& symbol) {
  for (const auto& t : domain.time_values) {
    if (t.symbol != ir::no_node && domain.graph->symbol_of(t.symbol).name == symbol) return t.values.get();
  }
  return nullptr;
}

double value_at(const TimeArray& table, std::size_t column, std::uint64_t step, double dt_ms) {
  return value_in(table, place_of(table, step, dt_ms), column);
}

void Core::require_time_values(std::uint64_t steps) const {
  if (steps == 0) return;
  for (const auto& domain : program_.domains) {
    for (const auto& t : domain.time_values) {
      const auto place = place_of(*t.values, steps - 1, program_.dt_ms);
      const bool linear = t.values->between == TimeArray::Between::linear;
      if (linear ? place.row + 1 < t.values->rows() : place.row < t.values->rows()) continue;
      throw UserError(t.name,
                      "it ends at " + to_string(Quantity{t.values->end_ms(), dimension::time}) + " and the run at " +
                          to_string(Quantity{step_time_ms(steps, program_.dt_ms), dimension::time}),
                      "nothing was run; give it more rows or run for less");
    }
  }
}

void Core::fill_time_values(const Part& part, std::size_t domain, std::uint64_t step) {
  const auto& d = program_.domains[domain];
  for (const auto& t : d.time_values) {
    if (t.symbol != ir::no_node) continue;
    const auto place = place_of(*t.values, step, program_.dt_ms);
    const auto& memory = state_.domains[domain].arrays[t.array];
    for (std::uint32_t i = part.lo; i < part.hi; ++i) store(d, t.array, memory, i, value_in(*t.values, place, i));
  }
}

/// The neurons of a part that a list makes fire in this step.
std::span<const std::uint32_t> Core::prescribed(const Part& part, std::size_t domain, std::uint64_t step) const {
  if (!program_.domains[domain].prescribed) return {};
  const auto& spikes = *program_.domains[domain].prescribed;
  const auto [first, last] = std::equal_range(spikes.steps.begin(), spikes.steps.end(), step);
  const auto* const ids = spikes.ids.data();
  const auto* const end = ids + (last - spikes.steps.begin());
  const auto* const lo = std::lower_bound(ids + (first - spikes.steps.begin()), end, part.lo);
  return {lo, std::lower_bound(lo, end, part.hi)};
}

void Core::mark_prescribed(std::size_t domain, std::span<const std::uint32_t> ids, double mark) {
  const auto& d = program_.domains[domain];
  if (!d.prescribed_now) return;
  for (const auto id : ids) store(d, *d.prescribed_now, state_.domains[domain].arrays[*d.prescribed_now], id, mark);
}

void Core::emit_prescribed(Worker& w, std::size_t domain, std::span<const std::uint32_t> ids, std::uint64_t step, SpikeList& emitted) {
  if (ids.empty()) return;
  emitted.assign(ids.data(), ids.size());
  w.parts[domain].spikes += ids.size();
  for (const auto id : emitted) w.checksum += spike_digest(step, domain, id);
}

}  // namespace ranvier::engine
