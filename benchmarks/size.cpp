// Does the cost of a neuron stay flat as the network grows? COBA-HH from 4,000 to 1,000,000 neurons on one core: the
// update alone (no synapses), and the whole step with 80 targets a neuron, whose rates stay alike.
#include "measure.hpp"
#include "networks.hpp"

namespace {

struct Point {
  std::uint32_t neurons;
  double update = 0, step = 0, rate_E = 0, rate_I = 0, events = 0;
};

void measure(Point& p, int steps) {
  using namespace ranvier;
  const auto duration = steps * 0.1 * units::ms;
  Simulation update(bench::coba_hh_of_size(p.neurons, false), bench::one_core());
  Simulation whole(bench::coba_hh_of_size(p.neurons), bench::one_core());
  whole.run(40 * units::ms);
  const auto before = whole.event_count();
  const int rounds = 5;
  bench::Contest contest;
  contest.add("update", [&] { update.run(duration); });
  contest.add("step", [&] { whole.run(duration); });
  contest.run(rounds);
  const double per = 1e9 / p.neurons / steps;
  p.update = contest.seconds("update") * per;
  p.step = contest.seconds("step") * per;
  p.rate_E = bench::rates(whole).E, p.rate_I = bench::rates(whole).I;
  p.events = static_cast<double>(whole.event_count() - before) / (rounds + 1) / steps / p.neurons;
}

}  // namespace

int main(int argc, char** argv) {
  const auto largest = static_cast<std::uint32_t>(argc > 1 ? std::atol(argv[1]) : 1'000'000);
  std::vector<Point> points;
  for (const std::uint32_t n : {4'000u, 40'000u, 400'000u, 1'000'000u}) {
    if (n > largest) continue;
    points.push_back({n});
    measure(points.back(), static_cast<int>(std::max(20u, 4'000'000u / n)));
  }
  bench::heading("size: cost of a neuron and step, one core, 80 targets a neuron", "");
  std::printf("  %10s %12s %14s %16s %9s %9s\n", "neurons", "update ns", "with delivery", "events a neuron", "E Hz",
              "I Hz");
  double update = 0, step = 0;
  for (const auto& p : points) {
    std::printf("  %10u %12.2f %14.2f %16.3f %9.1f %9.1f\n", p.neurons, p.update, p.step, p.events, p.rate_E, p.rate_I);
    update = std::max(update, p.update / points[0].update);
    step = std::max(step, p.step / points[0].step);
  }
  bench::target("update, worst / 4,000 neurons", update, 1.5);
  bench::target("with delivery, worst / 4,000 neurons", step, 2.5);
}
