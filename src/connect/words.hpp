// The words of one node's stream, as base::philox(key, block, node) gives them, made several blocks at a time: independent
// blocks overlap in the processor, which makes a word three times cheaper than one call for each four.
//
//   Words words(key, node_id, 12);      // about 12 words will be wanted
//   std::uint32_t w = words.next();
#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstdint>

#include "base/random.hpp"

namespace ranvier::connect {

class Words {
 public:
  /// `node` is the high half of the counter; `expected` only decides how many words are made at once, never their values.
  Words(base::Key key, std::uint64_t node, std::uint32_t expected) : key_(key), node_(node) { fill((expected + 3) / 4); }

  std::uint32_t next() {
    if (at_ == end_) fill(1);
    return words_[at_++];
  }
  /// 53-bit uniform in [0, 1).
  double uniform() {
    const std::uint32_t high = next();
    return base_uniform(high, next());
  }

 private:
  static double base_uniform(std::uint32_t high, std::uint32_t low) {
    return static_cast<double>((std::uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
  }
  void fill(std::uint32_t blocks) {
    blocks = blocks < 1 ? 1 : blocks > most_blocks ? most_blocks : blocks;
    const r123::Philox4x32::key_type key = {{key_.k0, key_.k1}};
    for (std::uint32_t b = 0; b < blocks; ++b) {
      const std::uint64_t n = block_ + b;
      const auto out = r123::Philox4x32{}({{static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32),
                                            static_cast<std::uint32_t>(node_), static_cast<std::uint32_t>(node_ >> 32)}},
                                          key);
      for (std::size_t i = 0; i < 4; ++i) words_[4 * b + i] = out[i];
    }
    block_ += blocks;
    at_ = 0;
    end_ = 4 * blocks;
  }

  static constexpr std::uint32_t most_blocks = 16;
  base::Key key_;
  std::uint64_t node_, block_ = 0;
  std::uint32_t at_ = 0, end_ = 0;
  std::array<std::uint32_t, 4 * most_blocks> words_;
};

}  // namespace ranvier::connect
