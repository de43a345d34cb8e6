// Counter-based random numbers: Philox4x32-10 keyed by (seed, purpose) and counted by (element, step), so that any worker can
// draw any element's numbers. No state is shared; equal keys and counters give equal numbers on every machine.
//
//   Key key = make_key(seed, "wiring/E_to_I");
//   Stream row{key, source};                 // sequential draws that belong to one element
//   std::uint32_t target = row.below(4000);
//   double z = row.normal();
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ranvier::base {

struct Key {
  std::uint32_t k0 = 0, k1 = 0;
};

/// Distinct purposes (an object's name, a role) give independent streams of one seed.
[[nodiscard]] Key make_key(std::uint64_t seed, std::string_view purpose);

/// Philox4x32-10 of the 128-bit counter (low, high).
[[nodiscard]] std::array<std::uint32_t, 4> philox(Key key, std::uint64_t low, std::uint64_t high);

/// 53-bit uniform in [0, 1) from two words; uniform in (0, 1] is 1 - that.
[[nodiscard]] double uniform(std::uint32_t high, std::uint32_t low);

/// Uniform in [0,1) and standard normal (Box-Muller with base/elementary) of one counter.
[[nodiscard]] double uniform_at(Key key, std::uint64_t element, std::uint64_t step);
[[nodiscard]] double normal_at(Key key, std::uint64_t element, std::uint64_t step);

/// Sequential draws belonging to one element: counter (n, element) for n = 0, 1, ...
class Stream {
 public:
  Stream(Key key, std::uint64_t element) : key_(key), element_(element) {}
  std::uint32_t next();
  double uniform();                           ///< [0, 1)
  std::uint32_t below(std::uint32_t bound);   ///< unbiased (Lemire), bound > 0
  double normal();
  /// Number of successes in `draws` draws without replacement from `total` of which `good` are successes. Exact law.
  std::uint64_t hypergeometric(std::uint64_t total, std::uint64_t good, std::uint64_t draws);
  std::uint64_t binomial(std::uint64_t n, double p);  ///< exact law up to double precision of p

 private:
  Key key_;
  std::uint64_t element_, block_ = 0;
  std::array<std::uint32_t, 4> words_{};
  int left_ = 0;
};

}  // namespace ranvier::base
