// At which steps something is recorded.
//
//   FrameSchedule s{.every = 10, .first = 100};
//   s.due(110);   // true
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ranvier::engine {

struct FrameSchedule {
  static constexpr std::uint64_t no_end = ~std::uint64_t{0};
  std::uint32_t every = 1;
  std::uint64_t first = 0, last = no_end;
  std::vector<std::uint64_t> chosen = {};  ///< ascending; if not empty, these and no others

  [[nodiscard]] bool due(std::uint64_t step) const {
    if (!chosen.empty()) return std::binary_search(chosen.begin(), chosen.end(), step);
    return step >= first && step <= last && (step - first) % every == 0;
  }
};

}  // namespace ranvier::engine
