// links: ranvier_array_program
// Each other kind of statement against a direct computation; runs, and what is said where something is wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "program_arrays.hpp"
#include "ranvier/error.hpp"

namespace {
using namespace ranvier;

/// Source s reaches targets (7 s + 3 k) mod n_post, k = 0 ... s mod 4.
struct Net {
  std::vector<std::int64_t> indptr{0};
  std::vector<std::int32_t> indices;
  std::vector<double> weights;
  Net(std::size_t n_pre, std::size_t n_post) {
    for (std::size_t s = 0; s < n_pre; ++s) {
      for (std::size_t k = 0; k <= s % 4; ++k) {
        indices.push_back(static_cast<std::int32_t>((7 * s + 3 * k) % n_post));
        weights.push_back(0.25 * static_cast<double>(1 + (s + k) % 5));
      }
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
    }
  }
};

TEST(ProgramPropagate, EveryKindOfSourceAndWeight) {
  const std::size_t n_pre = 90, n_post = 150, before = 5, after = 20;
  const Net net(n_pre, n_post);
  for (const ArrayKind kind : {ArrayKind::boolean, ArrayKind::real, ArrayKind::integer}) {
    for (const int weight : {0, 1, 2}) {
      for (const bool accumulate : {false, true}) {
        std::vector<double> source(before + n_pre + 4);
        for (std::size_t i = 0; i < source.size(); ++i)
          source[i] = kind == ArrayKind::boolean ? i % 3 == 0 : static_cast<double>(i % 7) - 2;
        ArrayProgram p(Precision::f64);
        const int s = p.array("s", source.size(), kind, source),
                  t = p.array("t", after + n_post + 1, ArrayKind::real, std::vector<double>{3.0});
        const int w = p.array("w", net.weights.size(), ArrayKind::real, net.weights);
        const ArrayRows rows{net.indptr, net.indices};
        const ArrayWeights weights = weight == 0   ? ArrayWeights(0.5)
                                     : weight == 1 ? ArrayWeights(std::span<const double>(net.weights))
                                                   : ArrayWeights(WeightArray{w});
        p.propagate(s, before, n_pre, rows, n_post, weights, t, after, accumulate);
        once(p, 2);
        std::vector<double> expected(after + n_post + 1, 3.0);
        for (int step = 0; step < 2; ++step) {
          for (std::size_t j = 0; j < n_post && !accumulate; ++j) expected[after + j] = 0;
          for (std::size_t i = 0; i < n_pre; ++i) {
            for (auto k = net.indptr[i]; k < net.indptr[i + 1]; ++k) {
              const auto n = static_cast<std::size_t>(k);
              expected[after + static_cast<std::size_t>(net.indices[n])] +=
                  source[before + i] * (weight == 0 ? 0.5 : net.weights[n]);
            }
          }
        }
        EXPECT_EQ(reals(p, t), expected) << static_cast<int>(kind) << weight
                                         << accumulate;  // exact: all are multiples of 1/4
      }
    }
  }
}

TEST(ProgramPropagate, EventsOfTheStepBeforeAndOfThisStep) {
  // spike = (i + step) mod 10 == 0, delivered before the kernel that makes it and after.
  const std::size_t n = 500;
  std::vector<std::int64_t> indptr(n + 1);
  std::iota(indptr.begin(), indptr.end(), 0);
  std::vector<std::int32_t> same(n);
  std::iota(same.begin(), same.end(), 0);
  ArrayProgram p(Precision::f64);
  const int spike = p.array("spike", n, ArrayKind::boolean, std::vector<double>(n, 1)), early = p.array("early", n),
            late = p.array("late", n);
  p.propagate(spike, 0, n, {indptr, same}, n, 1.0, early, 0, true);
  auto k = p.kernel("spike", n);
  k.store(spike, k.op("eq", {k.op("mod", {k.op("add", {k.index(), k.step_scalar(p.slot("i"))}), k.literal(10)}),
                             k.literal(0)}));
  p.propagate(spike, 0, n, {indptr, same}, n, 1.0, late, 0, true);
  once(p, 4);
  for (std::size_t i = 0; i < n; ++i) {
    double e = 1, l = 0;
    for (std::size_t s = 0; s < 4; ++s) l += (i + s) % 10 == 0, e += s < 3 && (i + s) % 10 == 0;
    EXPECT_EQ(reals(p, early)[i], e);
    EXPECT_EQ(reals(p, late)[i], l);
  }
  p.write(spike, std::vector<double>(n, 1));  // seen by the next run
  p.run({.steps = 1, .first_step = 4});
  EXPECT_EQ(reals(p, early)[1], 1 + 1);
}

TEST(ProgramDense, IsAVectorTimesAMatrix) {
  const std::size_t rows = 30, columns = 140;
  ArrayProgram p(Precision::f64);
  const auto m = ramp(rows * columns, 0.5), x = ramp(rows + 2, 1, -4);
  const int s = p.array("s", rows + 2, ArrayKind::real, x), t = p.array("t", columns);
  p.dense(s, 2, m, columns, t);
  once(p);
  for (std::size_t j = 0; j < columns; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) sum += x[i + 2] * m[i * columns + j];
    EXPECT_EQ(reals(p, t)[j], sum);
  }
}

TEST(ProgramGather, StaticDynamicAndInPlace) {
  ArrayProgram p(Precision::f64);
  std::vector<std::int64_t> reversed(200);
  for (std::size_t i = 0; i < 200; ++i) reversed[i] = static_cast<std::int64_t>(199 - i);
  const int a = p.array("a", 200, ArrayKind::real, ramp(200)), b = p.array("b", 210), c = p.array("c", 4);
  const int index = p.array("index", 4, ArrayKind::integer, std::vector<double>{0, -1, 5, 900});
  p.gather(a, reversed, b, 10);
  p.gather(a, index, c);
  p.gather(a, reversed, a);
  once(p);
  EXPECT_EQ(reals(p, b)[10], 199);
  EXPECT_EQ(reals(p, b)[209], 0);
  EXPECT_EQ(reals(p, c), (std::vector<double>{0, 199, 5, 199}));
  EXPECT_EQ(reals(p, a), ramp(200, -1, 199));
}

TEST(ProgramScatter, SetsAndAddsInOrder) {
  ArrayProgram p(Precision::f64);
  const std::vector<std::int64_t> index{3, 3, 1};
  const int s = p.array("s", 3, ArrayKind::real, ramp(3, 1, 1)), set = p.array("set", 5), add = p.array("add", 5),
            some = p.array("some", 5);
  const int dynamic = p.array("i", 3, ArrayKind::integer, std::vector<double>{-1, 7, 0});
  p.scatter(set, index, s, "set");
  p.scatter(add, index, s, "add");
  p.scatter(some, dynamic, s, "add");
  once(p, 2);
  EXPECT_EQ(reals(p, set), (std::vector<double>{0, 3, 0, 2, 0}));
  EXPECT_EQ(reals(p, add), (std::vector<double>{0, 6, 0, 6, 0}));
  EXPECT_EQ(reals(p, some), (std::vector<double>{6, 0, 0, 0, 2}));
}

TEST(ProgramReduce, OverAnArray) {
  for (const std::size_t n : {1u, 15u, 17u, 1024u, 1025u, 5000u}) {
    ArrayProgram p(Precision::f64);
    const int a = p.array("a", n + 2, ArrayKind::real, ramp(n + 2, 1, -3)), out = p.array("out", 4),
              b = p.array("b", 2, ArrayKind::boolean);
    p.reduce("sum", a, 1, n, out, 0);
    p.reduce("max", a, 1, n, out, 1);
    p.reduce("min", a, 1, n, out, 2);
    p.reduce("mean", a, 1, n, out, 3);
    p.reduce("any", a, 1, n, b, 0);
    p.reduce("all", a, 1, n, b, 1);
    once(p);
    const double m = static_cast<double>(n), sum = m * (m - 1) / 2 - 2 * m;
    EXPECT_EQ(reals(p, out), (std::vector<double>{sum, m - 3, -2, sum / m})) << n;
    EXPECT_EQ(truths(p, b), (std::vector<int>{1, n < 3})) << n;
  }
}

TEST(ProgramReduce, NotANumberWins) {
  ArrayProgram p(Precision::f32);
  const int a = p.array("a", 40, ArrayKind::real, ramp(40)), out = p.array("out", 2);
  auto x = ramp(40);
  x[29] = std::numeric_limits<double>::quiet_NaN();
  p.write(a, x);
  p.reduce("max", a, 0, 40, out, 0);
  p.reduce("min", a, 0, 40, out, 1);
  once(p);
  std::vector<float> r(2);
  p.read(out, r.data());
  EXPECT_TRUE(std::isnan(r[0]) && std::isnan(r[1]));
}

TEST(ProgramReduce, OverAnAxis) {
  const std::size_t rows = 7, columns = 130;
  ArrayProgram p(Precision::f64);
  const int a = p.array("a", rows * columns, ArrayKind::real, ramp(rows * columns)), down = p.array("down", columns),
            across = p.array("across", rows);
  p.segment_reduce("sum", a, rows, columns, 0, down);
  p.segment_reduce("max", a, rows, columns, 1, across);
  once(p);
  for (std::size_t j = 0; j < columns; ++j) EXPECT_EQ(reals(p, down)[j], static_cast<double>(21 * columns + 7 * j));
  for (std::size_t i = 0; i < rows; ++i) EXPECT_EQ(reals(p, across)[i], static_cast<double>(i * columns + columns - 1));
}

TEST(ProgramDelay, ReadsWhatWasWritten) {
  ArrayProgram p(Precision::f64);
  const int r = p.ring(3, 4, ArrayKind::real, std::vector<double>{-1.0}), x = p.array("x", 3), now = p.array("now", 3),
            two = p.array("two", 3), each = p.array("each", 3);
  auto k = p.kernel("x", 3);
  k.store(x, k.op("add", {k.op("mul", {k.step_scalar(p.slot("i")), k.literal(10)}), k.index()}));
  p.delay_write(r, x);
  p.delay_read(r, 0, now);
  p.delay_read(r, 2, two);
  p.delay_read(r, std::vector<std::int64_t>{0, 1, 4}, each);
  once(p, 3);
  EXPECT_EQ(reals(p, now), (std::vector<double>{20, 21, 22}));
  EXPECT_EQ(reals(p, two), (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(reals(p, each), (std::vector<double>{20, 11, -1}));
  p.run({.steps = 2, .first_step = 3});  // the ring goes on where it was
  EXPECT_EQ(reals(p, each), (std::vector<double>{40, 31, 2}));
}

TEST(ProgramRepeat, WhileTheConditionHolds) {
  ArrayProgram p(Precision::f64);
  const int x = p.array("x", 100), go = p.array("go", 1, ArrayKind::boolean), turns = p.array("turns", 1);
  auto first = p.kernel("first", 1);
  first.store(go, first.boolean(true));
  p.repeat(1000, go);
  auto body = p.kernel("body", 100);
  body.store(x, body.op("add", {body.load(x), body.literal(1)}));
  auto count = p.kernel("count", 1);
  const auto n = count.op("add", {count.load(turns), count.literal(1)});
  count.store(turns, n);
  count.store(go, count.op("lt", {count.op("mod", {n, count.literal(5)}), count.literal(4)}));
  p.end();
  once(p, 3);
  EXPECT_EQ(reals(p, turns), (std::vector<double>{14}));  // 4, 9, 14
  EXPECT_EQ(reals(p, x), std::vector<double>(100, 14.0));
}

TEST(ProgramStatements, ProductsKeepWhatIsNotFinite) {
  ArrayProgram p(Precision::f64);
  const std::vector<double> values{std::numeric_limits<double>::infinity(), 1};
  const int a = p.array("a", 2, ArrayKind::real, std::vector<double>{0, 1}), b = p.array("b", 2, ArrayKind::real, values);
  const int plain = p.array("plain", 1), transposed = p.array("transposed", 1);
  p.product(a, 0, b, 0, 1, 2, 1, false, plain);
  p.product(a, 0, b, 0, 1, 2, 1, true, transposed);
  p.compile({.threads = 1});
  p.run({.steps = 1});
  EXPECT_TRUE(std::isnan(reals(p, plain)[0]));  // 0 * inf + 1 * 1
  EXPECT_TRUE(std::isnan(reals(p, transposed)[0]));
}

TEST(ProgramStatements, ProductsOfMatricesInArrays) {
  const std::size_t m = 3, k = 37, n = 70;
  std::vector<double> left(1 + m * k), right(k * n), flipped(k * n), expected(m * n);
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = static_cast<double>(i % 7) - 3;  // whole numbers: exact
  for (std::size_t i = 0; i < right.size(); ++i) right[i] = static_cast<double>(i % 11) - 5;
  for (std::size_t l = 0; l < k; ++l) {
    for (std::size_t j = 0; j < n; ++j) flipped[j * k + l] = right[l * n + j];
  }
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t l = 0; l < k; ++l) expected[i * n + j] += left[1 + i * k + l] * right[l * n + j];
    }
  }
  for (const int threads : {1, 2, 3}) {
    ArrayProgram p(Precision::f64);
    const int a = p.array("a", left.size(), ArrayKind::real, left), b = p.array("b", k * n, ArrayKind::real, right);
    const int c = p.array("c", k * n, ArrayKind::real, flipped), x = p.array("x", m * n), y = p.array("y", m * n);
    p.product(a, 1, b, 0, m, k, n, false, x);
    p.product(a, 1, c, 0, m, k, n, true, y);
    EXPECT_THROW(p.product(a, 1, b, 1, m, k, n, false, x), UserError);
    EXPECT_THROW(p.product(x, 0, b, 0, m, k, n, false, x), UserError);
    p.compile({.threads = threads});
    p.run({.steps = 2});
    EXPECT_EQ(reals(p, x), expected);
    EXPECT_EQ(reals(p, y), expected);
  }
}

TEST(ProgramStatements, RowsAtPlacesKnownAtRunTime) {
  ArrayProgram p(Precision::f64);
  const std::vector<double> numbers{0, 1, 2, 10, 11, 12, 20, 21, 22};
  const int table = p.array("table", 9, ArrayKind::real, numbers);
  const int at = p.array("at", 2, ArrayKind::integer, std::vector<double>{-1, 1});
  const int row = p.array("row", 3), part = p.array("part", 2);
  p.row_read(table, 0, at, 0, 3, 3, row);   // the last row
  p.row_read(table, 1, at, 1, 2, 4, part);  // elements 1 + 2 and the next
  p.row_write(table, at, 1, row, 0, 3, 3);
  auto k = p.kernel("next", 2);
  k.store(at, k.op("sub", {k.load(at), k.literal(5)}));  // beyond both ends: read from the nearest row, written nowhere
  p.compile({});
  p.run({.steps = 1});
  EXPECT_EQ(reals(p, row), (std::vector<double>{20, 21, 22}));
  EXPECT_EQ(reals(p, part), (std::vector<double>{10, 11}));
  EXPECT_EQ(reals(p, table), (std::vector<double>{0, 1, 2, 20, 21, 22, 20, 21, 22}));
  p.run({.steps = 1});
  EXPECT_EQ(reals(p, row), (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(reals(p, table), (std::vector<double>{0, 1, 2, 20, 21, 22, 20, 21, 22}));
}

TEST(ProgramStatements, RowsThatDoNotFitAreRefused) {
  ArrayProgram p(Precision::f64);
  const int table = p.array("table", 9), row = p.array("row", 3), flags = p.array("flags", 3, ArrayKind::boolean);
  const int at = p.array("at", 1, ArrayKind::integer);
  EXPECT_THROW(p.row_read(table, 0, at, 0, 3, 4, row), UserError);
  EXPECT_THROW(p.row_read(table, 0, row, 0, 3, 3, row), UserError);
  EXPECT_THROW(p.row_read(table, 0, at, 0, 3, 3, flags), UserError);
  EXPECT_THROW(p.row_read(table, 0, at, 1, 3, 3, row), UserError);
  EXPECT_THROW(p.row_write(table, at, 0, table, 0, 3, 3), UserError);
  EXPECT_THROW(p.row_write(table, at, 0, row, 0, 3, 0), UserError);
}

TEST(ProgramRun, MonitorsProgressAndReport) {
  ArrayProgram p(Precision::f32);
  const int x = p.array("x", 5, ArrayKind::real, ramp(5)), b = p.array("b", 5, ArrayKind::boolean);
  auto k = p.kernel("grow", 5);
  const auto y = k.op("add", {k.load(x), k.literal(1)});
  k.store(x, y);
  k.store(b, k.op("gt", {y, k.literal(4)}));
  p.compile({});
  std::vector<float> frames(3 * 5);
  std::vector<std::uint8_t> truth(6 * 5);
  p.run({.steps = 6, .monitors = {{x, 2, frames.data()}, {b, 1, truth.data()}}});
  EXPECT_EQ(frames, (std::vector<float>{2, 3, 4, 5, 6, 4, 5, 6, 7, 8, 6, 7, 8, 9, 10}));
  EXPECT_EQ(std::accumulate(truth.begin(), truth.end(), 0), 1 + 2 + 3 + 4 + 5 + 5);
  std::uint64_t seen = 0;
  const auto done = p.run({.steps = 1'000'000'000, .progress = [&](std::uint64_t n, std::uint64_t) {
                             seen = n;
                             return false;
                           }});
  EXPECT_EQ(done, seen);
  EXPECT_LT(done, 1'000'000'000u);
}

/// Element i of `fired` is true in step k where i % 7 == k % 7; what propagates may be changed once more before the step ends.
TEST(ProgramRun, FramesOfTruthsThatPropagateAreThoseOfTheStepsEnd) {
  for (const bool changed : {false, true}) {
    for (const int threads : {1, 2}) {
      constexpr std::size_t n = 300, steps = 9;
      ArrayProgram p(Precision::f64);
      std::vector<double> phase(n);
      for (std::size_t i = 0; i < n; ++i) phase[i] = static_cast<double>(i % 7);
      const int clock = p.array("clock", n, ArrayKind::real, phase), arrived = p.array("arrived", n);
      const int fired = p.array("fired", n, ArrayKind::boolean), never = p.array("never", 2, ArrayKind::boolean);
      std::vector<std::int64_t> indptr(n + 1);
      std::vector<std::int32_t> indices(n);
      std::iota(indptr.begin(), indptr.end(), 0);
      std::iota(indices.begin(), indices.end(), 0);
      auto k = p.kernel("clock", n);
      const auto now = k.load(clock);
      k.store(fired, k.op("eq", {now, k.literal(0)}));
      k.store(clock, k.op("select", {k.op("eq", {now, k.literal(0)}), k.literal(6), k.op("sub", {now, k.literal(1)})}));
      p.propagate(fired, 0, n, {indptr, indices}, n, 1.0, arrived, 0, true);
      if (changed) p.scatter(fired, std::vector<std::int64_t>{0, 299}, never, "set");
      p.compile({.threads = threads});
      std::vector<std::uint8_t> frames(steps * n, 2);
      p.run({.steps = steps, .monitors = {{fired, 1, frames.data()}}});
      for (std::size_t step = 0; step < steps; ++step) {
        for (std::size_t i = 0; i < n; ++i) {
          const bool cleared = changed && (i == 0 || i == 299);
          EXPECT_EQ(frames[step * n + i], i % 7 == step % 7 && !cleared) << "step " << step << ", element " << i;
        }
      }
    }
  }
}

TEST(ProgramRun, ReportsTheFirstValueThatIsNotFinite) {
  ArrayProgram p(Precision::f32);
  const int x = p.array("x", 300, ArrayKind::real, ramp(300, 1, -250)), y = p.array("y", 300);
  const int never =
      p.array("last", 300, ArrayKind::real, std::vector<double>{-std::numeric_limits<double>::infinity()});
  auto k = p.kernel("root", 300);
  k.store(y, k.op("sqrt", {k.op("sub", {k.load(x), k.op("mul", {k.step_scalar(p.slot("i")), k.literal(0)})})}));
  k.store(never, k.load(never));
  auto late = p.kernel("late", 300);
  late.store(x, late.op("abs", {late.load(x)}));
  p.compile({.threads = 2});
  p.run({.steps = 3, .first_step = 10});
  const auto bad = p.report();
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->array, "y");
  EXPECT_EQ(bad->element, 0u);
  EXPECT_EQ(bad->step, 10u);
  EXPECT_TRUE(std::isnan(bad->value));
  p.run({.steps = 1});
  EXPECT_FALSE(p.report());
}

TEST(ProgramErrors, SayWhatIsWrong) {
  ArrayProgram p(Precision::f32);
  const int a = p.array("a", 10), b = p.array("b", 10, ArrayKind::boolean);
  auto k = p.kernel("k", 8);
  EXPECT_THROW(k.load(a, 3), UserError);
  EXPECT_THROW(k.load(99), UserError);
  EXPECT_THROW(k.op("add", {0, 0}), UserError);
  EXPECT_THROW(k.op("nothing", {k.load(a)}), UserError);
  EXPECT_THROW(k.op("add", {k.load(a)}), UserError);
  EXPECT_THROW(p.array("c", 5, ArrayKind::real, ramp(4)), UserError);
  const std::vector<std::int64_t> indptr{0, 1};
  const std::vector<std::int32_t> outside{10};
  EXPECT_THROW(p.propagate(b, 0, 1, {indptr, outside}, 10, 1.0, a), UserError);
  EXPECT_THROW(p.gather(a, std::vector<std::int64_t>{-1}, a), UserError);
  EXPECT_THROW(p.reduce("median", a, 0, 10, a), UserError);
  EXPECT_THROW(p.repeat(5, a), UserError);
  EXPECT_THROW(p.end(), UserError);
  EXPECT_THROW(p.run({.steps = 1}), UserError);
  p.repeat(5, b);
  EXPECT_THROW(p.compile({}), UserError);
  p.end();
  p.compile({});
  EXPECT_THROW(static_cast<void>(p.kernel("late", 3)), UserError);
  EXPECT_THROW(p.write(a, ramp(9)), UserError);
}

}  // namespace
