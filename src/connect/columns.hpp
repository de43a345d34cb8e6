// The reverse of Rows: for each target of a worker's slice its synapses, as storage indices of the rows, and the
// segment (source, delay) of each. 6 bytes a synapse: segments are cut into blocks of 65,536, so that 16 bits name one
// within its block.
//
//   Columns columns(rows, slot_of, slots);
//   columns.for_each(target, [&](std::uint64_t storage_index, std::uint32_t segment) { ... });   // ascending
#pragma once

#include "connect/rows.hpp"

namespace ranvier::connect {

class Columns {
 public:
  Columns() = default;
  /// `slot_of`: the number, of `slots`, of each of the rows' delays; a segment is source * slots + that.
  Columns(const Rows& rows, std::span<const std::uint32_t> slot_of, std::uint32_t slots);

  [[nodiscard]] std::uint64_t bytes() const {
    return index32_.bytes() + index64_.bytes() + segments_.bytes() + offsets_.size() * sizeof(std::uint64_t);
  }
  /// Synapses onto a target.
  [[nodiscard]] std::uint64_t count(std::uint32_t target) const {
    return offsets_[std::size_t{target + 1} * blocks_] - offsets_[std::size_t{target} * blocks_];
  }
  template <class F>
  void for_each(std::uint32_t target, F&& f) const {
    if (index64_.empty()) {
      walk(target, index32_.data(), f);
    } else {
      walk(target, index64_.data(), f);
    }
  }
  /// Asks for the indices of a target ahead of their use.
  void prefetch(std::uint32_t target) const {
    const auto first = offsets_[std::size_t{target} * blocks_];
    if (index64_.empty()) {
      for (int line = 0; line < 4; ++line) __builtin_prefetch(index32_.data() + first + line * 16);
    }
    for (int line = 0; line < 2; ++line) __builtin_prefetch(segments_.data() + first + line * 32);
  }

 private:
  template <class Index, class F>
  void walk(std::uint32_t target, const Index* index, F&& f) const {
    for (std::uint32_t b = 0; b < blocks_; ++b) {
      const auto at = std::size_t{target} * blocks_ + b;
      for (std::uint64_t i = offsets_[at], end = offsets_[at + 1]; i < end; ++i)
        f(std::uint64_t{index[i]}, b << 16 | segments_[i]);
    }
  }

  std::uint32_t blocks_ = 1;
  std::vector<std::uint64_t> offsets_;  ///< of (target, block)
  Buffer<std::uint32_t> index32_;
  Buffer<std::uint64_t> index64_;  ///< where there are 2^32 synapses or more
  Buffer<std::uint16_t> segments_;
};

}  // namespace ranvier::connect
