// links: ranvier_codegen ranvier_ir ranvier_base
// Random kernels: compiled equals interpreted, bit for bit, at every width and size.
#include "codegen_kernels.hpp"

namespace ranvier::codegen::testing {
namespace {

class RandomKernels : public ::testing::TestWithParam<int> {};

TEST_P(RandomKernels, CompiledEqualsInterpreted) {
  RANVIER_NEEDS_COMPILER();
  // Compiled together, as the engine does, so that the parallel path is exercised.
  std::vector<RandomKernel> random;
  std::vector<Kernel> kernels;
  for (int k = 0; k < 60; ++k) {
    random.emplace_back(std::uint64_t(1000 * GetParam() + k), k % 2 ? Precision::f32 : Precision::f64);
    kernels.push_back(random.back().kernel);
  }
  Compiler compiler{CompilerOptions{.lanes = GetParam(), .disk_cache = false}};
  const auto compiled = compiler.compile(kernels);
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    const auto oracle = interpret(kernels[k]);
    for (const std::size_t n : {std::size_t(1 + k % 70), std::size_t(64), std::size_t(300 + k)}) {
      Data a(kernels[k], n, random[k].scalars), b(kernels[k], n, random[k].scalars);
      fill(a, kernels[k], n, k);
      fill(b, kernels[k], n, k);
      const auto begin = std::int64_t(kernels[k].masked_stores ? (n / 3) : (n > 64 ? 64 : 0));
      const auto what = "kernel " + std::to_string(k) + " of " + std::to_string(n) + " elements, " + std::to_string(GetParam()) + " lanes";
      ASSERT_EQ(a.run(*oracle, begin, std::int64_t(n), 99), b.run(*compiled[k], begin, std::int64_t(n), 99)) << what;
      expect_equal(kernels[k], a, b, what);
      b.expect_guards();
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(RandomKernels, EverySizeFromOneToSeventy) {
  RANVIER_NEEDS_COMPILER();
  for (const Precision precision : {Precision::f32, Precision::f64}) {
    const RandomKernel random(7, precision);
    const auto compiled = uncached(GetParam()).compile(random.kernel), oracle = interpret(random.kernel);
    for (std::size_t n = 1; n <= 70; ++n) {
      Data a(random.kernel, n, random.scalars), b(random.kernel, n, random.scalars);
      fill(a, random.kernel, n, n);
      fill(b, random.kernel, n, n);
      ASSERT_EQ(a.run(*oracle, 3), b.run(*compiled, 3));
      expect_equal(random.kernel, a, b, std::to_string(n) + " elements");
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Lanes, RandomKernels, ::testing::Values(1, 2, 4, 8, 16, 32));

}  // namespace
}  // namespace ranvier::codegen::testing
