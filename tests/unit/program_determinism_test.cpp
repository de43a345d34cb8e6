// links: ranvier_array_program
// The same bits for every number of threads, width of vectors, and for the interpreter.
#include "ranvier/array_program.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace {
using namespace ranvier;

/// Every kind of statement, in a network of two groups that excite themselves and each other.
struct Everything {
  ArrayProgram p;
  std::vector<int> arrays;

  explicit Everything(Precision precision) : p(precision) {
    const std::size_t n = 1000, m = 300;
    std::vector<double> v0(n);
    for (std::size_t i = 0; i < n; ++i) v0[i] = -60 + 0.013 * static_cast<double>(i * 37 % 991);
    const int v = p.array("v", n, ArrayKind::real, v0), g = p.array("g", n),
              spike = p.array("spike", n, ArrayKind::boolean), w = p.array("w", m);
    const int slow = p.array("slow", n), input = p.array("input", n, ArrayKind::real, {}, true),
              total = p.array("total", 2), noise = p.array("noise", m);
    std::vector<std::int64_t> indptr{0};
    std::vector<std::int32_t> indices;
    std::vector<double> weights;
    for (std::size_t s = 0; s < n; ++s) {
      for (std::size_t k = 0; k < 20; ++k) {
        indices.push_back(static_cast<std::int32_t>((s * 131 + k * 57 + s * k) % n));
        weights.push_back(0.01 + 0.003 * static_cast<double>((s + 3 * k) % 17));
      }
      indptr.push_back(static_cast<std::int64_t>(indices.size()));
    }
    const ArrayRows rows{indptr, indices};
    const int plastic = p.array("plastic", 20 * m, ArrayKind::real, std::span<const double>(weights).first(20 * m)),
              ring = p.ring(n, 5, ArrayKind::boolean), late = p.array("late", n, ArrayKind::boolean);
    p.propagate(spike, 0, n, rows, n, 0.07, g, 0, true);
    auto k = p.kernel("integrate", n);
    const auto vv = k.load(v);
    const auto rate = k.op(
        "div",
        {k.op("add", {vv, k.literal(50)}),
         k.op("sub", {k.literal(1),
                      k.op("exp", {k.op("neg", {k.op("div", {k.op("add", {vv, k.literal(50)}), k.literal(4)})})})})});
    k.store(input, k.op("mul", {k.load(g), k.op("sub", {k.literal(0), vv})}));
    k.store(slow, k.op("add", {k.op("mul", {k.load(slow), k.literal(0.9)}), k.op("mul", {rate, k.literal(0.01)})}));
    auto d = p.kernel("drive", n);
    const auto dv = d.op(
        "add",
        {d.load(input), d.op("add", {d.op("mul", {d.random("normal", 4), d.literal(3)}), d.load_scalar(total, 1)})});
    const auto next = d.op("add", {d.load(v), d.op("mul", {d.step_scalar(p.slot("dt")), dv})});
    const auto fired = d.op("gt", {next, d.literal(-50)});
    d.store(spike, fired);
    d.store(v, d.op("select", {fired, d.literal(-60), next}));
    d.store(g, d.op("mul", {d.load(g), d.literal(0.8)}));
    p.delay_write(ring, spike);
    p.delay_read(ring, 3, late);
    p.propagate(late, 100, m, {std::span(indptr).first(m + 1), std::span(indices).first(20 * m)}, n,
                WeightArray{plastic}, g, 0, true);
    p.propagate(slow, 0, n, rows, n, std::span<const double>(weights), slow);
    p.reduce("mean", slow, 0, n, total, 0);
    p.reduce("max", v, 10, 900, total, 1);
    auto c = p.kernel("other size", m);
    c.store(w, c.op("add", {c.load(v, 7), c.op("mul", {c.load(w), c.load_scalar(total, 0)})}));
    c.store(noise, c.op("add", {c.poisson(c.literal(2), 3), c.random("uniform", 3)}));
    auto scale = p.kernel("scale", 2);
    scale.store(total, scale.op("mul", {scale.load(total), scale.literal(1e-3)}));
    std::vector<std::int64_t> back(n);
    for (std::size_t i = 0; i < n; ++i) back[i] = static_cast<std::int64_t>((i * 7 + 3) % n);
    p.gather(slow, back, slow);
    const int normal = p.array("normalised", n);
    auto z = p.kernel("normalise", n);
    z.store(normal, z.op("div", {z.load(slow), z.op("add", {z.op("abs", {z.load_scalar(total, 0)}), z.literal(1)})}));
    auto s = p.kernel("back", n);
    s.store(slow, s.op("min", {s.load(normal), s.literal(10)}));
    arrays = {v, g, spike, w, slow, total, noise, late, normal};
  }

  std::vector<std::byte> after(const ArrayProgramOptions& options, std::uint64_t chunk = 60) {
    p.compile(options);
    std::vector<std::uint8_t> spikes(60 * p.size(arrays[2]));
    for (std::uint64_t first = 0; first < 60; first += chunk)
      p.run({.steps = chunk,
             .first_step = first,
             .monitors = {{arrays[2], 1, spikes.data() + first * p.size(arrays[2])}}});
    std::vector<std::byte> all(reinterpret_cast<std::byte*>(spikes.data()),
                               reinterpret_cast<std::byte*>(spikes.data()) + spikes.size());
    std::size_t fired = 0;
    for (const auto s : spikes) fired += s;
    EXPECT_GT(fired, 100u);
    for (const int a : arrays) {
      std::vector<std::byte> x(p.size(a) * 8);
      p.read(a, x.data());
      all.insert(all.end(), x.begin(), x.end());
    }
    return all;
  }
};

class ProgramDeterminism : public testing::TestWithParam<Precision> {};

TEST_P(ProgramDeterminism, ThreadsLanesBackendsAndChunks) {
  const auto reference = Everything(GetParam()).after({.threads = 1, .seed = 5, .interpreter = true});
  for (const int threads : {1, 2, 3, 7}) {
    for (const int lanes : {0, 1, 4, 16}) {
      EXPECT_EQ(reference, Everything(GetParam()).after({.threads = threads, .lanes = lanes, .seed = 5}))
          << threads << " threads, " << lanes << " lanes";
    }
    EXPECT_EQ(reference, Everything(GetParam()).after({.threads = threads, .seed = 5, .interpreter = true})) << threads;
  }
  EXPECT_EQ(reference, Everything(GetParam()).after({.threads = 2, .seed = 5}, 15));
  EXPECT_NE(reference, Everything(GetParam()).after({.threads = 2, .seed = 6}));
}

TEST_P(ProgramDeterminism, HashIsOfTheStructure) {
  Everything a(GetParam()), b(GetParam());
  EXPECT_EQ(a.p.hash(), b.p.hash());
  b.p.reduce("sum", a.arrays[0], 0, 1000, a.arrays[5]);
  EXPECT_NE(a.p.hash(), b.p.hash());
}

INSTANTIATE_TEST_SUITE_P(Both, ProgramDeterminism, testing::Values(Precision::f32, Precision::f64),
                         [](const auto& which) { return which.param == Precision::f32 ? "f32" : "f64"; });

}  // namespace
