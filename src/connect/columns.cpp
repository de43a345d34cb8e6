#include "connect/columns.hpp"

#include <algorithm>
#include <string>

namespace ranvier::connect {
namespace {

/// f(index, segment) of every synapse, by source and delay.
template <class F>
void each(const Rows& rows, std::span<const std::uint32_t> slot_of, std::uint32_t slots, F&& f) {
  for (std::uint32_t source = 0; source < rows.sources(); ++source) {
    for (std::uint32_t slot = 0; slot < rows.slots(); ++slot) {
      const std::uint32_t segment = source * slots + slot_of[slot];
      for (std::uint64_t i = rows.first(source, slot), end = rows.last(source, slot); i < end; ++i) f(i, segment);
    }
  }
}

}  // namespace

Columns::Columns(const Rows& rows, std::span<const std::uint32_t> slot_of, std::uint32_t slots) : slots_(slots) {
  const std::uint64_t segments = std::uint64_t{rows.sources()} * slots;
  if (segments >> 32) {
    throw UserError("projection", "it has " + std::to_string(segments) + " pairs of source and delay", "post events need fewer than 2^32");
  }
  blocks_ = std::max<std::uint32_t>(1, static_cast<std::uint32_t>((segments + 0xffff) >> 16));
  offsets_.assign(std::size_t{rows.slice().size()} * blocks_ + 1, 0);
  const auto place = [&](std::uint64_t i, std::uint32_t segment) { return std::size_t{rows.target(i)} * blocks_ + (segment >> 16); };
  each(rows, slot_of, slots, [&](std::uint64_t i, std::uint32_t segment) { ++offsets_[place(i, segment) + 1]; });
  for (std::size_t k = 1; k < offsets_.size(); ++k) offsets_[k] += offsets_[k - 1];
  segments_ = Buffer<std::uint16_t>(rows.synapses());
  std::vector<std::uint64_t> next(offsets_.begin(), offsets_.end() - 1);
  const auto fill = [&](auto* places) {
    using Place = std::remove_pointer_t<decltype(places)>;
    each(rows, slot_of, slots, [&](std::uint64_t i, std::uint32_t segment) {
      const auto at = next[place(i, segment)]++;
      places[at] = static_cast<Place>(i - rows.row_first(segment / slots));
      segments_[at] = static_cast<std::uint16_t>(segment & 0xffff);
    });
  };
  std::uint64_t longest = 0;
  for (std::uint32_t source = 0; source < rows.sources(); ++source) longest = std::max(longest, rows.row_last(source) - rows.row_first(source));
  if (longest > 65'536) {
    places32_ = Buffer<std::uint32_t>(rows.synapses());
    fill(places32_.data());
  } else {
    places16_ = Buffer<std::uint16_t>(rows.synapses());
    fill(places16_.data());
  }
}

}  // namespace ranvier::connect
