// What does a random number in a step cost? A population that draws k more numbers than another, per number, on one core.
#include "measure.hpp"
#include "ranvier/simulation.hpp"

namespace {

using namespace ranvier;
using namespace ranvier::units;

constexpr std::uint32_t neurons = 20'000;

Network drawing(int draws, Precision precision, Expr (*draw)(Model&)) {
  Model m{"drawing"};
  const auto x = m.state("x");
  Expr sum = 0.5 * x;
  for (int k = 0; k < draws; ++k) sum = sum + draw(m);
  m.each_step(x, sum);
  m.precision(precision);
  Network net;
  net.add("P", m, neurons);
  return net;
}

void measure(const char* name, Precision precision, Expr (*draw)(Model&)) {
  constexpr int few = 4, many = 12, steps = 200;
  Simulation a(drawing(few, precision, draw), {.threads = 1}), b(drawing(many, precision, draw), {.threads = 1});
  bench::Contest contest;
  contest.add("few", [&] { a.run(steps * 0.1 * ms); });
  contest.add("many", [&] { b.run(steps * 0.1 * ms); });
  contest.run(7);
  const double each = (contest.seconds("many") - contest.seconds("few")) * 1e9 / (many - few) / neurons / steps;
  std::printf("  %-28s %s %8.2f\n", name, precision == Precision::f32 ? "f32" : "f64", each);
}

}  // namespace

int main() {
  bench::heading("noise: ns a random number, one core", "");
  for (const auto precision : {Precision::f32, Precision::f64}) {
    measure("rand()", precision, [](Model&) { return ranvier::rand(); });
    measure("randn()", precision, [](Model&) { return randn(); });
    measure("poisson(mean), shared mean", precision, [](Model& m) { return poisson(0.3 + 0.0 * m.dt() / (1 * ms)); });
  }
}
