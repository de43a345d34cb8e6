// ln(n!) with a relative error near 1e-16 and the same bits on every machine, for exact samplers and their tests.
// Exact factorials up to 18, Stirling's series above (Abramowitz and Stegun 6.1.41).
//
//   double ways = log_factorial(n) - log_factorial(k) - log_factorial(n - k);   // ln of "n choose k"
#pragma once

#include <cstdint>

namespace ranvier::base {

[[nodiscard]] double log_factorial(std::uint64_t n);

}  // namespace ranvier::base
