// What tests of array programs share.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "ranvier/array_program.hpp"

namespace ranvier {

inline std::vector<double> ramp(std::size_t n, double scale = 1, double first = 0) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = first + scale * static_cast<double>(i);
  return x;
}
inline std::vector<double> reals(const ArrayProgram& p, int array) {
  std::vector<double> x(p.size(array));
  p.read(array, x.data());
  return x;
}
inline std::vector<int> whole(const ArrayProgram& p, int array) {
  std::vector<std::int32_t> x(p.size(array));
  p.read(array, x.data());
  return {x.begin(), x.end()};
}
inline std::vector<int> truths(const ArrayProgram& p, int array) {
  std::vector<std::uint8_t> x(p.size(array));
  p.read(array, x.data());
  return {x.begin(), x.end()};
}
inline void once(ArrayProgram& p, std::uint64_t steps = 1) {
  p.compile({.threads = 2, .seed = 3, .dt = 0.1});
  EXPECT_EQ(p.run({.steps = steps}), steps);
}

}  // namespace ranvier
