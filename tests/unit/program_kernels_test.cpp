// links: ranvier_array_program
// Kernels of array programs, elementwise: loads and stores, views, scalars, operators, random numbers, fusion.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "program_arrays.hpp"

namespace {
using namespace ranvier;

TEST(ProgramKernel, LoadsComeBeforeStores) {
  ArrayProgram p(Precision::f64);
  const int a = p.array("a", 200, ArrayKind::real, ramp(200)), b = p.array("b", 200, ArrayKind::real, ramp(200, 2));
  auto k = p.kernel("swap", 200);
  const auto x = k.load(a), y = k.load(b);
  k.store(a, y);
  k.store(b, k.op("add", {x, k.literal(1)}));
  once(p);
  EXPECT_EQ(reals(p, a), ramp(200, 2));
  EXPECT_EQ(reals(p, b), ramp(200, 1, 1));
}

TEST(ProgramKernel, ViewsAtAnyOffset) {
  for (const std::size_t offset : {1u, 3u, 16u, 64u, 100u}) {
    ArrayProgram p(Precision::f64);
    const int a = p.array("a", 300, ArrayKind::real, ramp(300)), b = p.array("b", 250);
    auto k = p.kernel("view", 130);
    k.store(b, k.load(a, offset), offset / 2);
    auto shift = p.kernel("shift an array within itself", 299);
    shift.store(a, shift.load(a, 1));
    once(p);
    std::vector<double> expected(250);
    for (std::size_t i = 0; i < 130; ++i) expected[offset / 2 + i] = static_cast<double>(offset + i);
    EXPECT_EQ(reals(p, b), expected) << offset;
    auto moved = ramp(300, 1, 1);
    moved[299] = 299;
    EXPECT_EQ(reals(p, a), moved);
  }
}

TEST(ProgramKernel, ScalarsOfArraysAndSteps) {
  ArrayProgram p(Precision::f64);
  const int a = p.array("a", 70, ArrayKind::real, ramp(70)),
            s = p.array("s", 3, ArrayKind::real, std::vector<double>{5, 7, 9});
  const int mine = p.slot("mine");
  p.set_slot(mine, 1000);
  auto k = p.kernel("scalars", 70);
  const auto t = k.step_scalar(p.slot("t")), i = k.step_scalar(p.slot("i")), dt = k.step_scalar(p.slot("dt"));
  k.store(a,
          k.op("add",
               {k.op("add", {t, k.op("mul", {i, k.literal(10)})}),
                k.op("add", {k.op("mul", {k.load_scalar(s, 1), k.index()}), k.op("add", {dt, k.step_scalar(mine)})})}));
  p.compile({.dt = 0.5});
  p.run({.steps = 3, .first_step = 4, .t0 = 100});
  const auto out = reals(p, a);  // step 6: t = 103
  for (std::size_t n = 0; n < 70; ++n) EXPECT_EQ(out[n], 103 + 60 + 7 * static_cast<double>(n) + 0.5 + 1000);
}

TEST(ProgramKernel, ScalarOfAnArrayThatItStores) {
  ArrayProgram p(Precision::f64);
  const int a = p.array("a", 1000, ArrayKind::real, std::vector<double>{2.0});
  auto k = p.kernel("double", 1000);
  k.store(a, k.op("add", {k.load_scalar(a, 700), k.load(a)}));
  once(p, 3);
  EXPECT_EQ(reals(p, a), std::vector<double>(1000, 16.0));
}

TEST(ProgramKernel, TruthValuesAndIntegers) {
  ArrayProgram p(Precision::f32);
  const int n = p.array("n", 5, ArrayKind::integer, std::vector<double>{-3, -1, 0, 2, 100000});
  const int b = p.array("b", 5, ArrayKind::boolean),
            r = p.array("r", 5, ArrayKind::boolean, std::vector<double>{1, 0, 1, 0, 1});
  auto k = p.kernel("kinds", 5);
  const auto x = k.load(n);
  const auto positive = k.op("gt", {x, k.literal(0)});
  k.store(b, k.op("select", {k.load(r), positive, k.op("logic_not", {positive})}));
  k.store(n, k.op("sub", {k.op("mul", {x, k.literal(2)}), k.load(r)}));
  once(p);
  EXPECT_EQ(truths(p, b), (std::vector<int>{0, 1, 0, 0, 1}));
  EXPECT_EQ(whole(p, n), (std::vector<int>{-7, -2, -1, 4, 199999}));
}

TEST(ProgramKernel, ComposedOperators) {
  ArrayProgram p(Precision::f64);
  const std::vector<double> x{-2.5, -1.5, -0.3, 0, 0.5, 1.5, 2.4};
  const int in = p.array("in", x.size(), ArrayKind::real, x);
  std::vector<std::pair<std::string, int>> made;
  for (const char* name : {"sign", "tan", "sinh", "cosh", "ceil", "round", "sigmoid"}) {
    made.emplace_back(name, p.array(name, x.size()));
    auto k = p.kernel(name, x.size());
    k.store(made.back().second, k.op(name, {k.load(in)}));
  }
  const int m = p.array("mod", x.size());
  auto k = p.kernel("mod", x.size());
  k.store(m, k.op("mod", {k.load(in), k.literal(2)}));
  once(p);
  const auto check = [&](const char* name, double (*f)(double)) {
    for (const auto& [made_name, array] : made) {
      if (made_name != name) continue;
      for (std::size_t i = 0; i < x.size(); ++i)
        EXPECT_NEAR(reals(p, array)[i], f(x[i]), 1e-14 * (1 + std::fabs(f(x[i])))) << name << " " << x[i];
    }
  };
  check("sign", [](double v) { return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0; });
  check("tan", std::tan), check("sinh", std::sinh), check("cosh", std::cosh), check("ceil", std::ceil),
      check("round", std::nearbyint);
  check("sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); });
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(reals(p, m)[i], x[i] - 2 * std::floor(x[i] / 2), 1e-15);
}

TEST(ProgramKernel, RemovableSingularitiesAreRemoved) {
  ArrayProgram p(Precision::f64);
  const int v = p.array("v", 3, ArrayKind::real, std::vector<double>{-1, 0, 1}), out = p.array("out", 3);
  auto k = p.kernel("rate", 3);
  const auto x = k.load(v);
  k.store(out, k.op("div", {x, k.op("sub", {k.op("exp", {k.op("div", {x, k.literal(4)})}), k.literal(1)})}));
  once(p);
  EXPECT_DOUBLE_EQ(reals(p, out)[1], 4);
  EXPECT_NEAR(reals(p, out)[2], 1 / std::expm1(0.25), 1e-14);
  EXPECT_FALSE(p.report());
}

TEST(ProgramKernel, LargeKernelsThatShareNothingStayApart) {
  const auto kernels = [](int operations, bool shared) {
    ArrayProgram p(Precision::f64);
    const int common = p.array("common", 100, ArrayKind::real, std::vector<double>{0.5});
    for (int population = 0; population < 3; ++population) {
      const int v = p.array("v", 100);
      auto k = p.kernel("update", 100);
      int value = k.load(v);
      if (shared) value = k.op("add", {value, k.load(common)});
      for (int i = 0; i < operations; ++i) value = k.op("sin", {value});
      k.store(v, value);
    }
    return p.compile({.interpreter = true}).kernels;
  };
  EXPECT_EQ(kernels(3, false), 1);
  EXPECT_EQ(kernels(200, false), 3);
  EXPECT_EQ(kernels(200, true), 1);
}

TEST(ProgramFusion, TemporariesStayOutOfMemory) {
  ArrayProgram p(Precision::f64);
  const int v = p.array("v", 100, ArrayKind::real, ramp(100)), g = p.array("g", 100),
            unrelated = p.array("unrelated", 10);
  const int input = p.array("input", 100, ArrayKind::real, {}, true);
  auto a = p.kernel("current", 100);
  a.store(input, a.op("mul", {a.load(v), a.literal(2)}));
  p.reduce("sum", unrelated, 0, 10, unrelated, 0);
  auto b = p.kernel("use", 100);
  b.store(g, b.op("add", {b.load(input), b.load(g)}));
  const auto s = p.compile({});
  EXPECT_EQ(s.kernels, 1);
  p.run({.steps = 2});
  EXPECT_EQ(reals(p, g), ramp(100, 4));
  EXPECT_EQ(reals(p, input), std::vector<double>(100));
}

TEST(ProgramRandom, CountsHaveTheirMeanInBothPrecisions) {
  const std::size_t n = 20000;
  for (const auto precision : {Precision::f32, Precision::f64}) {
    for (const double mean : {0.05, 3.5, 11.0, 40.0}) {
      ArrayProgram p(precision);
      const int m = p.array("m", n), sums = p.array("sums", 1);
      auto k = p.kernel("draw", n);
      k.store(m, k.poisson(k.literal(mean), 1));
      p.reduce("mean", m, 0, n, sums, 0);
      p.compile({});
      p.run({.steps = 1});
      const double found = precision == Precision::f64 ? reals(p, sums)[0] : [&] {
        float x = 0;
        p.read(sums, &x);
        return double{x};
      }();
      EXPECT_NEAR(found, mean, 4 * std::sqrt(mean / static_cast<double>(n))) << mean;
    }
  }
}

TEST(ProgramRandom, DrawsDoNotComeAgainAfterTwoToTheThirtyTwoSteps) {
  for (const auto precision : {Precision::f32, Precision::f64}) {
    ArrayProgram p(precision);
    const std::size_t n = 64, bytes = n * (precision == Precision::f32 ? 4 : 8);
    const int x = p.array("x", n);
    auto k = p.kernel("draw", n);
    k.store(x, k.random("uniform", 1));
    p.compile({.threads = 2, .seed = 3});
    const auto drawn = [&](std::uint64_t first, std::uint64_t steps) {
      std::vector<std::byte> out(bytes);
      p.run({.steps = steps, .first_step = first});
      p.read(x, out.data());
      return out;
    };
    constexpr std::uint64_t period = std::uint64_t{1} << 32;
    EXPECT_EQ(drawn(0, 1), drawn(0, 1));
    EXPECT_NE(drawn(0, 1), drawn(period, 1));
    EXPECT_NE(drawn(period, 1), drawn(2 * period, 1));
    EXPECT_EQ(drawn(period - 2, 5), drawn(period + 2, 1)) << "the same whether a run crosses it or begins behind it";
  }
}

TEST(ProgramRandom, LawsAndTurns) {
  const std::size_t n = 20000;
  ArrayProgram p(Precision::f64);
  const int u = p.array("u", n), z = p.array("z", n), m = p.array("m", n), again = p.array("again", n),
            sums = p.array("sums", 5);
  auto k = p.kernel("draw", n);
  k.store(u, k.random("uniform", 1));
  k.store(z, k.random("normal", 1));
  k.store(m, k.poisson(k.literal(3), 1));
  k.store(again, k.random("uniform", 2));
  p.reduce("mean", u, 0, n, sums, 0);
  p.reduce("mean", z, 0, n, sums, 1);
  p.reduce("mean", m, 0, n, sums, 2);
  const int go = p.array("go", 1, ArrayKind::boolean, std::vector<double>{1}), turn = p.array("turn", 1),
            drawn = p.array("drawn", 3);
  p.repeat(3, go);
  for (std::size_t i = 0; i < 3; ++i) {
    auto d = p.kernel("turn", 1);
    d.store(drawn,
            d.op("select", {d.op("eq", {d.load(turn), d.literal(static_cast<double>(i))}), d.random("uniform", 9),
                            d.load(drawn, i)}),
            i);
  }
  auto t = p.kernel("count", 1);
  t.store(turn, t.op("add", {t.load(turn), t.literal(1)}));
  p.end();
  once(p);
  const auto s = reals(p, sums);
  const double root = std::sqrt(static_cast<double>(n));
  EXPECT_NEAR(s[0], 0.5, 4 * std::sqrt(1.0 / 12) / root);
  EXPECT_NEAR(s[1], 0, 4 / root);
  EXPECT_NEAR(s[2], 3, 4 * std::sqrt(3) / root);
  EXPECT_NE(reals(p, u), reals(p, again));
  const auto d = reals(p, drawn);
  EXPECT_NE(d[0], d[1]);
  EXPECT_NE(d[1], d[2]);
}

}  // namespace
