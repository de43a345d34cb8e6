// Coupled passive cells against the exponential of their matrix; see README.md.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "ranvier/simulation.hpp"
#include "ranvier/synapses.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

using Vector = std::vector<double>;

struct Mode {
  double lambda;
  Vector shape;  ///< normalised
};

struct Graph {
  std::string name;
  std::vector<std::uint32_t> a, b;
  Vector start;  ///< deviations from rest
  std::vector<Mode> modes;
};

Graph pair() {
  const double s = 1 / std::sqrt(2.0);
  return {"pair", {0}, {1}, {10, -4}, {{0, {s, s}}, {2, {s, -s}}}};
}
Graph chain() {
  const double a = 1 / std::sqrt(3.0), b = 1 / std::sqrt(2.0), c = 1 / std::sqrt(6.0);
  return {"chain", {0, 1}, {1, 2}, {12, 0, -3}, {{0, {a, a, a}}, {1, {b, 0, -b}}, {3, {c, -2 * c, c}}}};
}
Graph ring() {
  constexpr std::uint32_t n = 16;
  Graph g{"ring", {}, {}, Vector(n, 0.0), {}};
  g.start[3] = 10;
  for (std::uint32_t i = 0; i < n; ++i) g.a.push_back(i), g.b.push_back((i + 1) % n);
  for (std::uint32_t k = 0; k <= n / 2; ++k) {
    const double angle = 2 * std::numbers::pi * k / n;
    Mode even{2 - 2 * std::cos(angle), {}}, odd = even;
    const double norm = std::sqrt((k == 0 || k == n / 2 ? 1.0 : 2.0) / n);
    for (std::uint32_t i = 0; i < n; ++i) even.shape.push_back(norm * std::cos(angle * i)), odd.shape.push_back(norm * std::sin(angle * i));
    g.modes.push_back(even);
    if (k > 0 && k < n / 2) g.modes.push_back(odd);
  }
  return g;
}

Vector exact(const Graph& g, double t) {
  Vector out(g.start.size(), 0.0);
  for (const auto& m : g.modes) {
    double share = 0;
    for (std::size_t i = 0; i < out.size(); ++i) share += m.shape[i] * g.start[i];
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += share * m.shape[i] * std::exp(-t * (5 + 10 * m.lambda) / 100);
  }
  return out;
}

Vector simulated(const Graph& g, double t, double dt, bool listed, const Vector& start) {
  Model cell{"cell"};
  const auto V = cell.state("V", mV);
  const auto I = cell.input("I", pA);
  cell.d(V) = (5 * nS * (-60 * mV - V) + I) / (100 * pF);
  Network net;
  auto A = net.add("A", cell, static_cast<std::uint32_t>(start.size()));
  Vector v;
  for (const double x : start) v.push_back(-60 + x);
  A["V"].set(v, mV);
  auto p = net.connect(A, A, listed ? symmetric(g.a, g.b, Vector(g.a.size(), 10.0)) : symmetric(g.a, g.b));
  p.synapse(presynaptic()).output(gap_junction());
  if (!listed) p.weight(10 * nS);
  Simulation sim(net, {.dt = dt * ms, .threads = 1});
  sim.run(t * ms);
  auto out = sim.get("A", "V");
  for (auto& x : out) x += 60;
  return out;
}

TEST(GapJunctions, AgainstTheMatrixExponential) {
  for (const auto& g : {pair(), chain(), ring()}) {
    for (const bool listed : {false, true}) {
      const auto error = [&](double dt) {
        double worst = 0;
        for (const double t : {2.0, 20.0}) {
          const auto truth = exact(g, t), got = simulated(g, t, dt, listed, g.start);
          for (std::size_t i = 0; i < truth.size(); ++i) worst = std::max(worst, std::fabs(got[i] - truth[i]));
        }
        return worst;
      };
      const double coarse = error(0.05), middle = error(0.025), fine = error(0.0125);
      EXPECT_LT(fine, 2e-3 * 10) << g.name;
      for (const double ratio : {coarse / middle, middle / fine}) {
        EXPECT_GT(ratio, 1.8) << g.name;
        EXPECT_LT(ratio, 2.2) << g.name;
      }
    }
  }
}

TEST(GapJunctions, EqualCellsStayEqual) {
  const auto g = ring();
  const auto v = simulated(g, 20, 0.1, false, Vector(16, 7.0));
  for (const double x : v) EXPECT_NEAR(x, v[0], 1e-12);
  EXPECT_NEAR(v[0], 7 * std::exp(-20 * 5.0 / 100), 0.05);
}

}  // namespace
