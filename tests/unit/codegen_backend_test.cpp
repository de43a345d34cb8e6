// links: ranvier_codegen ranvier_ir ranvier_base
// Every basic operator against plain C++, and what the ABI promises, on both backends, in both precisions and at every width.
#include "codegen_kernels.hpp"

#include <algorithm>
#include <array>

namespace ranvier::codegen::testing {
namespace {

struct Setting {
  Precision precision;
  int lanes;  ///< 0: the interpreter
};

void PrintTo(const Setting& s, std::ostream* out) { *out << (s.precision == Precision::f32 ? "f32" : "f64") << ", " << s.lanes << " lanes"; }

std::string name_of(const ::testing::TestParamInfo<Setting>& info) {
  return std::string(info.param.precision == Precision::f32 ? "f32" : "f64") + (info.param.lanes ? "_lanes" + std::to_string(info.param.lanes) : "_interpreter");
}

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const Precision p : {Precision::f32, Precision::f64})
    for (const int lanes : {0, 1, 2, 4, 8, 16, 32}) all.push_back({p, lanes});
  return all;
}

class Backend : public ::testing::TestWithParam<Setting> {
 protected:
  void SetUp() override {
    if (GetParam().lanes == 0) return;
    RANVIER_NEEDS_COMPILER();
  }
  static std::shared_ptr<const Executable> make(const Kernel& kernel) {
    if (GetParam().lanes == 0) return interpret(kernel);
    return uncached(GetParam().lanes).compile(kernel);
  }
  static Kernel blank() {
    Kernel kernel;
    kernel.name = "test";
    kernel.precision = GetParam().precision;
    return kernel;
  }
};

/// What each operator means, in plain C++ on values and on bit patterns.
template <class R>
struct Meaning {
  using U = std::conditional_t<sizeof(R) == 8, std::uint64_t, std::uint32_t>;
  using S = std::make_signed_t<U>;
  static U u(R x) { return std::bit_cast<U>(x); }
  static R r(U x) { return std::bit_cast<R>(x); }

  /// The bits of op(x, y, z); a boolean is 0 or 1; an integer operand is the bits of the real.
  static U of(Op op, R x, R y, R z) {
    const U a = u(x), b = u(y);
    const unsigned shift = static_cast<unsigned>(b % (sizeof(R) * 8));
    const std::uint64_t product = std::uint64_t(std::uint32_t(a)) * std::uint32_t(b);
    switch (op) {
      case Op::add: return u(x + y);
      case Op::sub: return u(x - y);
      case Op::mul: return u(x * y);
      case Op::div: return u(x / y);
      case Op::neg: return u(-x);
      case Op::abs: return u(std::fabs(x));
      case Op::fma: return u(std::fma(x, y, z));
      case Op::sqrt: return u(std::sqrt(x));
      case Op::floor: return u(std::floor(x));
      case Op::lt: return x < y;
      case Op::le: return x <= y;
      case Op::eq: return x == y;
      case Op::ne: return x != y;
      case Op::logic_and: return (x < y) && (y < z);
      case Op::logic_or: return (x < y) || (y < z);
      case Op::logic_not: return !(x < y);
      case Op::select: return x < y ? u(y) : u(z);
      case Op::iadd: return a + b;
      case Op::isub: return a - b;
      case Op::imul: return a * b;
      case Op::iand: return a & b;
      case Op::ior: return a | b;
      case Op::ixor: return a ^ b;
      case Op::shl: return a << shift;
      case Op::lshr: return a >> shift;
      case Op::ilt: return S(a) < S(b);
      case Op::ieq: return a == b;
      case Op::real_of_int: return u(static_cast<R>(static_cast<S>(a)));
      case Op::mulhi32: return U(product >> 32);
      case Op::mullo32: return U(std::uint32_t(product));
      default: return 0;
    }
  }
};

template <class R>
void check_operators(const Kernel& kernel, const Executable& executable) {
  using M = Meaning<R>;
  const auto values = tricky(kernel.precision);
  std::vector<std::array<R, 3>> triples;
  for (const double x : values)
    for (const double y : values) triples.push_back({R(x), R(y), R(values[(triples.size() * 7 + 3) % values.size()])});
  Dice dice(11);
  for (int k = 0; k < 500; ++k) triples.push_back({M::r(typename M::U(dice.word())), M::r(typename M::U(dice.word())), M::r(typename M::U(dice.word()))});
  Data data(kernel, triples.size());
  for (std::size_t i = 0; i < triples.size(); ++i)
    for (std::size_t k = 0; k < 3; ++k) data.set(k, i, triples[i][k]);
  ASSERT_EQ(data.run(executable), 0);
  for (std::size_t o = 0; o < tested_ops.size(); ++o) {
    const bool boolean = ir::op_info(tested_ops[o]).result == 'b', integer = ir::op_info(tested_ops[o]).result == 'i';
    for (std::size_t i = 0; i < triples.size(); ++i) {
      const auto x = data.raw<R>(0, i), y = data.raw<R>(1, i), z = data.raw<R>(2, i);
      // Bits of NaNs are outside the promise, so integers made from them are too.
      if (!boolean && std::isnan(x + y + z) && ir::op_info(tested_ops[o]).operands[0] == 'i') continue;
      const auto expected = boolean ? M::u(M::of(tested_ops[o], x, y, z) ? R(1) : R(0)) : M::of(tested_ops[o], x, y, z);
      const R found = data.raw<R>(3 + o, i);
      if (!integer && std::isnan(M::r(expected)) && std::isnan(found)) continue;
      ASSERT_EQ(M::u(found), expected) << ir::op_info(tested_ops[o]).name << " of " << x << ", " << y << ", " << z << " is " << M::r(expected) << ", not " << found;
    }
  }
}

TEST_P(Backend, EveryOperatorMeansWhatItSays) {
  Kernel kernel = blank();
  const std::array<NodeId, 3> in{input(kernel, "x"), input(kernel, "y"), input(kernel, "z")};
  for (const Op op : tested_ops) output(kernel, std::string(ir::op_info(op).name), applied(kernel.graph, op, in));
  const auto executable = make(kernel);
  if (kernel.precision == Precision::f32) check_operators<float>(kernel, *executable);
  else check_operators<double>(kernel, *executable);
}

TEST(BackendTable, EveryBasicOperatorIsTested) {
  std::vector<Op> covered = tested_ops;
  // These have tests of their own, or stand in every test.
  for (const Op op : {Op::literal, Op::symbol, Op::bits_of, Op::real_of_bits, Op::element_index, Op::step_index}) covered.push_back(op);
  for (int k = 0; k < int(Op::count_); ++k)
    EXPECT_EQ(ir::op_info(Op(k)).basic, std::find(covered.begin(), covered.end(), Op(k)) != covered.end()) << ir::op_info(Op(k)).name;
}

TEST_P(Backend, LiteralsAreRoundedOnce) {
  Kernel kernel = blank();
  const auto values = tricky(kernel.precision);
  const NodeId x = input(kernel, "x");
  // A store of the bare literal, and one inside an expression that cannot be folded.
  for (const double v : values) {
    output(kernel, "bare", kernel.graph.literal(v));
    output(kernel, "sum", kernel.graph.make(Op::add, x, kernel.graph.literal(v)));
  }
  Data data(kernel, 5);
  for (std::size_t i = 0; i < 5; ++i) data.set(0, i, -0.0);
  data.run(*make(kernel));
  for (std::size_t k = 0; k < values.size(); ++k)
    for (std::size_t i = 0; i < 5; ++i) {
      const double v = kernel.precision == Precision::f32 ? double(float(values[k])) : values[k];
      if (std::isnan(v)) {
        EXPECT_TRUE(std::isnan(data.get(1 + 2 * k, i)) && std::isnan(data.get(2 + 2 * k, i)));
      } else {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(data.get(1 + 2 * k, i)), std::bit_cast<std::uint64_t>(v));
        EXPECT_EQ(std::bit_cast<std::uint64_t>(data.get(2 + 2 * k, i)), std::bit_cast<std::uint64_t>(v));
      }
    }
}

TEST_P(Backend, IndexStepAndScalars) {
  Kernel kernel = blank();
  Graph& g = kernel.graph;
  const NodeId scale = g.symbol("scale", Rate::uniform), shift = g.symbol("shift", Rate::uniform);
  kernel.scalars = {scale, shift};
  output(kernel, "i", g.make(Op::real_of_int, g.make(Op::element_index)));
  output(kernel, "step", g.make(Op::real_of_int, g.make(Op::step_index)));
  output(kernel, "affine", g.make(Op::fma, scale, g.make(Op::real_of_int, g.make(Op::element_index)), shift));
  Data data(kernel, 200, {0.5, -3});
  ASSERT_EQ(data.run(*make(kernel), 64, 200, 12345), 0);
  for (std::size_t i = 64; i < 200; ++i) {
    EXPECT_EQ(data.get(0, i), double(i));
    EXPECT_EQ(data.get(1, i), 12345.0);
    EXPECT_EQ(data.get(2, i), 0.5 * double(i) - 3);
  }
  for (std::size_t i = 0; i < 64; ++i) EXPECT_EQ(data.get(1, i), 0.0) << "an element before begin was written";
}

TEST_P(Backend, CountsAreConvertedBothWays) {
  Kernel kernel = blank();
  Graph& g = kernel.graph;
  const NodeId arrived = g.symbol("arrived", Rate::varying);
  kernel.arrays.push_back({.name = "arrived", .element = ir::Element::count, .load = arrived, .store = g.literal(0)});
  kernel.arrays.push_back({.name = "g", .store = g.mul(arrived, g.literal(0.25))});
  kernel.arrays.push_back({.name = "double", .element = ir::Element::count, .store = g.add(arrived, arrived)});
  Data data(kernel, 77);
  for (std::size_t i = 0; i < 77; ++i) data.set_count(0, i, std::uint32_t(i * i * 1000));
  ASSERT_EQ(data.run(*make(kernel)), 0);
  for (std::size_t i = 0; i < 77; ++i) {
    EXPECT_EQ(data.count(0, i), 0u);
    EXPECT_EQ(data.get(1, i), double(i * i * 1000) / 4);
    EXPECT_EQ(data.count(2, i), 2 * i * i * 1000);
  }
  data.expect_guards();
}

TEST_P(Backend, BytesAreConvertedBothWaysAndMasked) {
  for (const bool masked : {false, true}) {
    Kernel kernel = blank();
    kernel.masked_stores = masked;
    Graph& g = kernel.graph;
    const NodeId arrived = g.symbol("arrived", Rate::varying);
    kernel.arrays.push_back({.name = "arrived", .element = ir::Element::byte, .load = arrived, .store = g.literal(0)});
    kernel.arrays.push_back({.name = "g", .store = g.mul(arrived, g.literal(0.25))});
    kernel.arrays.push_back({.name = "less", .element = ir::Element::byte, .store = g.sub(g.literal(255), arrived)});
    Data data(kernel, 500);
    for (std::size_t i = 0; i < 500; ++i) data.set_byte(0, i, std::uint8_t(i * 7));
    const std::size_t begin = masked ? 37 : 64, end = masked ? 461 : 500;
    ASSERT_EQ(data.run(*make(kernel), std::int64_t(begin), std::int64_t(end)), 0);
    for (std::size_t i = 0; i < 500; ++i) {
      const bool inside = i >= begin && i < end;
      EXPECT_EQ(data.raw<std::uint8_t>(0, i), inside ? 0 : std::uint8_t(i * 7)) << i;
      if (!inside) continue;
      EXPECT_EQ(data.get(1, i), double(std::uint8_t(i * 7)) / 4);
      EXPECT_EQ(data.raw<std::uint8_t>(2, i), 255 - std::uint8_t(i * 7));
    }
    data.expect_guards();
  }
}

TEST_P(Backend, StoresSeeOnlyOldValues) {
  Kernel kernel = blank();
  const NodeId a = input(kernel, "a"), b = input(kernel, "b");
  kernel.arrays[0].store = b;  // a swap
  kernel.arrays[1].store = a;
  const auto executable = make(kernel);
  Data data(kernel, 300);
  for (std::size_t i = 0; i < 300; ++i) {
    data.set(0, i, double(i));
    data.set(1, i, -double(i));
  }
  data.run(*executable);
  for (std::size_t i = 0; i < 300; ++i) {
    ASSERT_EQ(data.get(0, i), -double(i));
    ASSERT_EQ(data.get(1, i), double(i));
  }
}

TEST_P(Backend, EventsAscendAndLeavePaddingOut) {
  Kernel kernel = blank();
  Graph& g = kernel.graph;
  const NodeId x = input(kernel, "x");
  kernel.events = {{"positive", g.make(Op::lt, g.literal(0), x)}, {"any", g.make(Op::eq, x, x)}, {"none", g.make(Op::ne, x, x)}, {"unset", ir::no_node}};
  const auto executable = make(kernel);
  for (std::size_t n = 1; n <= 70; ++n) {
    Data data(kernel, n);
    for (std::size_t i = 0; i < padded(n); ++i) data.set(0, i, i % 3 == 0 || i >= n ? 1 : -1);
    ASSERT_EQ(data.run(*executable), 0);
    ASSERT_EQ(data.counts[0], std::int64_t((n + 2) / 3));
    for (std::int64_t k = 0; k < data.counts[0]; ++k) ASSERT_EQ(data.events[0][k], std::uint32_t(3 * k));
    ASSERT_EQ(data.counts[1], std::int64_t(n));
    for (std::size_t k = 0; k < n; ++k) ASSERT_EQ(data.events[1][k], k);
    ASSERT_EQ(data.events[1][n], 0xdeadbeefu) << "the list overran its room";
    ASSERT_EQ(data.counts[2], 0);
    ASSERT_EQ(data.counts[3], 0);
  }
}

TEST_P(Backend, FiniteCheckSeesEveryElementAndNoPadding) {
  Kernel kernel = blank();
  Graph& g = kernel.graph;
  const NodeId x = input(kernel, "x"), y = input(kernel, "y");
  kernel.arrays[0].store = x;
  kernel.arrays[0].check_finite = true;
  kernel.arrays[1].store = g.neg(y);
  kernel.arrays[1].check_finite = true;
  output(kernel, "unchecked", g.div(x, g.literal(0)));
  const auto executable = make(kernel);
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const double most = kernel.precision == Precision::f32 ? double(std::numeric_limits<float>::max()) : std::numeric_limits<double>::max();
  for (const std::size_t n : {1, 15, 16, 17, 63, 64, 65, 100, 130}) {
    Data data(kernel, n);
    const auto clear = [&] {
      for (std::size_t i = 0; i < padded(n); ++i)
        for (std::size_t k = 0; k < 2; ++k) data.set(k, i, i >= n ? nan : i % 2 ? most : -0x1p-1074);
    };
    clear();
    ASSERT_EQ(data.run(*executable), 0) << n;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < 2; ++k)
        for (const double bad : {inf, -inf, nan}) {
          clear();
          data.set(k, i, bad);
          ASSERT_EQ(data.run(*executable), 1) << bad << " at " << i << " of " << n;
        }
  }
}

TEST_P(Backend, MaskedStoresLeaveTheRestAlone) {
  Kernel kernel = blank();
  Graph& g = kernel.graph;
  kernel.masked_stores = true;
  const NodeId x = input(kernel, "x");
  kernel.arrays[0].store = g.add(x, g.literal(1));
  kernel.arrays[0].check_finite = true;
  const NodeId c = g.symbol("c", Rate::varying);
  kernel.arrays.push_back({.name = "c", .element = ir::Element::count, .load = c, .store = g.add(c, g.literal(2))});
  kernel.events = {{"all", g.make(Op::le, g.literal(0), c)}};
  const auto executable = make(kernel);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [begin, end] : std::vector<std::pair<int, int>>{{0, 64}, {0, 1}, {1, 2}, {3, 17}, {5, 5}, {15, 16}, {16, 33}, {31, 61}, {60, 70}, {63, 64}, {69, 70}, {7, 3}}) {
    Data data(kernel, 70);
    for (std::size_t i = 0; i < padded(70); ++i) data.set(0, i, int(i) >= begin && int(i) < end ? double(i) : nan);
    ASSERT_EQ(data.run(*executable, begin, end), 0) << begin << " " << end;
    for (int i = 0; i < 128; ++i) {
      const bool inside = i >= begin && i < end;
      ASSERT_EQ(data.count(1, i), inside ? 2u : 0u) << i << " of " << begin << ", " << end;
      if (inside) ASSERT_EQ(data.get(0, i), i + 1.0);
      else ASSERT_TRUE(std::isnan(data.get(0, i)));
    }
    ASSERT_EQ(data.counts[0], std::max(0, end - begin));
    for (int k = 0; k < data.counts[0]; ++k) ASSERT_EQ(data.events[0][k], std::uint32_t(begin + k));
    data.expect_guards();
  }
}

/// The same update written by hand against the ABI: a conductance decays, a voltage follows, a threshold makes events.
template <class R>
std::int32_t hand_written_kernel(const RanvierKernelArgs* a) {
  auto* v = static_cast<R*>(a->arrays[0]);
  auto* g = static_cast<R*>(a->arrays[1]);
  const auto* scalar = static_cast<const R*>(a->scalars);
  const R decay = scalar[0], rate = scalar[RANVIER_SCALAR_LANES];
  a->event_counts[0] = 0;
  std::int32_t status = 0;
  for (std::int64_t i = a->begin; i < a->end; ++i) {
    g[i] = g[i] * decay;
    v[i] = std::fma(rate, g[i] * (R(0) - v[i]) + (R(-60) - v[i]), v[i]);
    if (v[i] > R(-55)) a->events[0][a->event_counts[0]++] = std::uint32_t(i);
    if (!std::isfinite(v[i])) status = 1;
  }
  return status;
}

class ByHand final : public Executable {
 public:
  explicit ByHand(RanvierKernel function) : function_(function) {}
  std::int32_t run(const RanvierKernelArgs& args) const noexcept override { return function_(&args); }

 private:
  RanvierKernel function_;
};

TEST_P(Backend, AgreesWithAHandWrittenKernel) {
  Kernel kernel = blank();
  Graph& g = kernel.graph;
  const NodeId v = input(kernel, "v"), c = input(kernel, "g");
  const NodeId decay = g.symbol("decay", Rate::uniform), rate = g.symbol("rate", Rate::uniform);
  kernel.scalars = {decay, rate};
  const NodeId c1 = g.mul(c, decay);
  const NodeId v1 = g.make(Op::fma, rate, g.add(g.mul(c1, g.sub(g.literal(0), v)), g.sub(g.literal(-60), v)), v);
  kernel.arrays[0].store = v1;
  kernel.arrays[0].check_finite = true;
  kernel.arrays[1].store = c1;
  kernel.events = {{"spike", g.make(Op::lt, g.literal(-55), v1)}};

  const ByHand by_hand(kernel.precision == Precision::f32 ? hand_written_kernel<float> : hand_written_kernel<double>);
  Data mine(kernel, 1000, {0.98, 0.005}), theirs(kernel, 1000, {0.98, 0.005});
  for (std::size_t i = 0; i < 1000; ++i)
    for (Data* d : {&mine, &theirs}) {
      d->set(0, i, -70 + 0.013 * double(i));
      d->set(1, i, 0.05 * double(i % 37));
    }
  const auto executable = make(kernel);
  std::int64_t total = 0;
  for (int step = 0; step < 20; ++step) {
    ASSERT_EQ(mine.run(*executable, step), theirs.run(by_hand, step));
    expect_equal(kernel, mine, theirs, "step " + std::to_string(step));
    total += mine.counts[0];
  }
  EXPECT_GT(total, 0);
}

INSTANTIATE_TEST_SUITE_P(All, Backend, ::testing::ValuesIn(settings()), name_of);

}  // namespace
}  // namespace ranvier::codegen::testing
