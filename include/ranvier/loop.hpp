// The user's own loop over steps, with a progress bar, that collects what each step returns.
//
//   auto spikes = for_loop(1000, [&](std::uint64_t) {
//     sim.step();
//     return sim.spiked("N");                       // a vector of ids each step
//   }, Bar(std::cerr));
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ranvier {

/// Called after each turn of a loop with how many are done and how many there are; false ends the loop.
using LoopProgress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// A progress bar on a stream, redrawn at most ten times a second and taken away at the end; loops over in 0.3 s show none.
/// Copies draw to the same stream, which must outlive them.
class Bar {
 public:
  explicit Bar(std::ostream& out, int width = 40);
  bool operator()(std::uint64_t done, std::uint64_t total);

 private:
  std::ostream* out_;
  int width_;
  std::chrono::steady_clock::time_point begun_{};
  double next_ = 0;
  bool drawn_ = false;
};

/// body(0), body(1), ... body(n - 1); what they return, in that order (nothing if they return nothing). What body throws is passed on.
template <class Body>
auto for_loop(std::uint64_t n, Body&& body, LoopProgress progress = {}) {
  using Result = std::invoke_result_t<Body&, std::uint64_t>;
  if constexpr (std::is_void_v<Result>) {
    for (std::uint64_t i = 0; i < n; ++i) {
      body(i);
      if (progress && !progress(i + 1, n)) break;
    }
  } else {
    std::vector<std::decay_t<Result>> results;
    results.reserve(n);
    for (std::uint64_t i = 0; i < n; ++i) {
      results.push_back(body(i));
      if (progress && !progress(i + 1, n)) break;
    }
    return results;
  }
}

}  // namespace ranvier
