// Small tools of a step that its files share. Private to src/engine.
//
//   checksum += spike_digest(step, domain, id);
//   double x = value_at(table, column, step, dt_ms);
#pragma once

#include "base/hash.hpp"
#include "engine/state.hpp"

namespace ranvier::engine {

/// Order does not enter the sum, so it is the same for every cut into workers.
inline std::uint64_t spike_digest(std::uint64_t step, std::size_t domain, std::uint32_t id) {
  return base::mix64(base::mix64(step * 0x9e3779b97f4a7c15ULL + domain + 1) ^ (std::uint64_t{id} + 0x632be59bd9b4e019ULL));
}

/// The values over time behind a uniform symbol; nullptr if it is none.
[[nodiscard]] const TimeArray* uniform_table(const model::Domain& domain, const std::string& symbol);
/// The value that acts in a step: at its middle.
[[nodiscard]] double value_at(const TimeArray& table, std::size_t column, std::uint64_t step, double dt_ms);

}  // namespace ranvier::engine
