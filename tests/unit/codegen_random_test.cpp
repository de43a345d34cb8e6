// links: ranvier_codegen ranvier_ir ranvier_base
// Random kernels: compiled equals interpreted, bit for bit, at every width and size.
#include "codegen_testing.hpp"

namespace ranvier::codegen::testing {
namespace {

/// Grows a random graph of basic operators over a few arrays and scalars, with stores, counts and events.
class RandomKernel {
 public:
  RandomKernel(std::uint64_t seed, Precision precision) : dice_(seed) {
    kernel.name = "random";
    kernel.precision = precision;
    kernel.masked_stores = seed % 5 == 0;
    inputs();
    const std::size_t operations = 5 + dice_.below(196);
    while (made_ < operations) grow();
    outputs();
  }

  Kernel kernel;
  std::vector<double> scalars;

 private:
  void inputs() {
    Graph& g = kernel.graph;
    const std::size_t arrays = 1 + dice_.below(5), uniforms = dice_.below(4);
    for (std::size_t k = 0; k < arrays; ++k) {
      const NodeId id = g.symbol("x" + std::to_string(k), Rate::varying);
      kernel.arrays.push_back({.name = "x" + std::to_string(k), .load = id});
      reals_.push_back(id);
    }
    const NodeId c = g.symbol("c", Rate::varying);
    kernel.arrays.push_back({.name = "c", .element = ir::Element::count, .load = c});
    reals_.push_back(c);
    for (std::size_t k = 0; k < uniforms; ++k) {
      kernel.scalars.push_back(g.symbol("s" + std::to_string(k), Rate::uniform));
      reals_.push_back(kernel.scalars.back());
      scalars.push_back(dice_.pick(tricky(kernel.precision)));
    }
    integers_ = {g.make(Op::element_index), g.make(Op::step_index), g.integer(std::int64_t(dice_.word() >> 33))};
    booleans_ = {g.make(Op::lt, reals_.front(), reals_.back()), g.boolean(true)};
  }

  NodeId real() {
    if (dice_.below(6) == 0) return kernel.graph.literal(dice_.below(2) ? dice_.pick(tricky(kernel.precision)) : 10 * dice_.unit() - 5);
    // Mostly recent values, so that long chains arise.
    const std::size_t window = std::min<std::size_t>(reals_.size(), 12);
    return dice_.below(3) ? reals_[reals_.size() - 1 - dice_.below(window)] : dice_.pick(reals_);
  }
  NodeId integer() { return dice_.below(6) == 0 ? kernel.graph.integer(std::int64_t(dice_.below(70))) : dice_.pick(integers_); }

  void grow() {
    static const std::vector<Op> real_ops{Op::add, Op::sub, Op::mul, Op::fma, Op::div, Op::neg, Op::abs, Op::sqrt, Op::floor, Op::add, Op::mul, Op::fma};
    static const std::vector<Op> integer_ops{Op::iadd, Op::isub, Op::imul, Op::iand, Op::ior, Op::ixor, Op::shl, Op::lshr, Op::mulhi32, Op::mullo32};
    static const std::vector<Op> comparisons{Op::lt, Op::le, Op::eq, Op::ne};
    Graph& g = kernel.graph;
    ++made_;
    switch (dice_.below(12)) {
      default: {
        const Op op = dice_.pick(real_ops);
        const int arity = ir::op_info(op).arity;
        const NodeId a = real(), b = arity > 1 ? real() : ir::no_node, c = arity > 2 ? real() : ir::no_node;
        return reals_.push_back(g.make(op, a, b, c));
      }
      case 0: {
        const Op op = dice_.pick(integer_ops);
        const NodeId a = integer(), b = integer();
        return integers_.push_back(g.make(op, a, b));
      }
      case 1: {
        const Op op = dice_.pick(comparisons);
        const NodeId a = real(), b = real();
        return booleans_.push_back(g.make(op, a, b));
      }
      case 2: return booleans_.push_back(g.make(dice_.below(2) ? Op::ilt : Op::ieq, integer(), integer()));
      case 3: {
        const std::size_t which = dice_.below(3);
        const NodeId a = dice_.pick(booleans_), b = dice_.pick(booleans_);
        return booleans_.push_back(which == 0 ? g.make(Op::logic_not, a) : g.make(which == 1 ? Op::logic_and : Op::logic_or, a, b));
      }
      case 4: return reals_.push_back(g.select(dice_.pick(booleans_), real(), real()));
      case 5: return integers_.push_back(g.select(dice_.pick(booleans_), integer(), integer()));
      case 6: {
        // The bits of a NaN are outside the promise.
        const NodeId x = real();
        return integers_.push_back(g.make(Op::bits_of, g.select(g.make(Op::eq, x, x), x, g.literal(1))));
      }
      case 7: return reals_.push_back(g.make(dice_.below(2) ? Op::real_of_bits : Op::real_of_int, integer()));
    }
  }

  void outputs() {
    Graph& g = kernel.graph;
    for (auto& array : kernel.arrays)
      if (array.element == ir::Element::real && dice_.below(2)) array.store = real();
    for (int k = 0; k < 3; ++k) kernel.arrays.push_back({.name = "y" + std::to_string(k), .store = reals_[reals_.size() - 1 - std::size_t(k)], .check_finite = k == 0});
    const NodeId magnitude = g.make(Op::abs, reals_.back());
    const NodeId small = g.select(g.make(Op::lt, magnitude, g.literal(1000)), g.make(Op::floor, magnitude), g.literal(7));
    kernel.arrays.push_back({.name = "n", .element = ir::Element::count, .store = small});
    kernel.events = {{"first", booleans_.back()}, {"second", dice_.pick(booleans_)}};
  }

  Dice dice_;
  std::vector<NodeId> reals_, integers_, booleans_;
  std::size_t made_ = 0;
};

void fill(Data& data, const Kernel& kernel, std::size_t size, std::uint64_t seed) {
  Dice dice(seed);
  const auto values = tricky(kernel.precision);
  for (std::size_t k = 0; k < kernel.arrays.size(); ++k)
    for (std::size_t i = 0; i < padded(size); ++i) {
      if (kernel.arrays[k].element == ir::Element::count) data.set_count(k, i, std::uint32_t(dice.below(1u << 24)));
      else data.set(k, i, dice.below(2) ? dice.pick(values) : 200 * dice.unit() - 100);
    }
}

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

INSTANTIATE_TEST_SUITE_P(Lanes, RandomKernels, ::testing::Values(1, 2, 4, 8, 16));

}  // namespace
}  // namespace ranvier::codegen::testing
