// The reverse of Rows: for each target of a worker's slice its synapses, as storage indices of the rows, and the
// segment (source, delay) of each. 4 bytes a synapse: its place within the source's row, of 16 bits unless rows are longer,
// and its segment, of which 16 bits name one within a block of 65,536.
//
//   Columns columns(rows, slot_of, slots);
//   columns.for_each(rows, target, [&](std::uint64_t storage_index, std::uint32_t segment) { ... });   // ascending
#pragma once

#include "connect/rows.hpp"

namespace ranvier::connect {

class Columns {
 public:
  Columns() = default;
  /// `slot_of`: the number, of `slots`, of each of the rows' delays; a segment is source * slots + that.
  Columns(const Rows& rows, std::span<const std::uint32_t> slot_of, std::uint32_t slots);

  [[nodiscard]] std::uint64_t bytes() const {
    return places16_.bytes() + places32_.bytes() + segments_.bytes() + offsets_.size() * sizeof(std::uint64_t);
  }
  /// Synapses onto a target.
  [[nodiscard]] std::uint64_t count(std::uint32_t target) const {
    return offsets_[std::size_t{target + 1} * blocks_] - offsets_[std::size_t{target} * blocks_];
  }
  /// `rows`: those that this was made of.
  template <class F>
  void for_each(const Rows& rows, std::uint32_t target, F&& f) const {
    rows.visit([&](const auto& view) {
      if (places32_.empty()) {
        walk(view.offsets, target, places16_.data(), f);
      } else {
        walk(view.offsets, target, places32_.data(), f);
      }
    });
  }
  /// Asks for the synapses of a target ahead of their use.
  void prefetch(std::uint32_t target) const {
    const auto first = offsets_[std::size_t{target} * blocks_];
    for (int line = 0; line < 2; ++line) {
      if (places32_.empty()) __builtin_prefetch(places16_.data() + first + line * 32);
      __builtin_prefetch(segments_.data() + first + line * 32);
    }
  }

 private:
  /// `row`: where the row of each source begins.
  template <class Offset, class Place, class F>
  void walk(const Offset* row, std::uint32_t target, const Place* place, F&& f) const {
    for (std::uint32_t b = 0; b < blocks_; ++b) {
      const auto at = std::size_t{target} * blocks_ + b;
      for (std::uint64_t i = offsets_[at], end = offsets_[at + 1]; i < end; ++i) {
        const std::uint32_t segment = b << 16 | segments_[i];
        f(std::uint64_t{row[slots_ == 1 ? segment : segment / slots_]} + place[i], segment);
      }
    }
  }

  std::uint32_t blocks_ = 1, slots_ = 1;
  std::vector<std::uint64_t> offsets_;  ///< of (target, block)
  Buffer<std::uint16_t> places16_;      ///< of each synapse in its source's row
  Buffer<std::uint32_t> places32_;      ///< where a row has more than 65,536
  Buffer<std::uint16_t> segments_;
};

}  // namespace ranvier::connect
