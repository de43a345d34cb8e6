// What does it cost that every synapse has a delay of its own? 4,000 leaky neurons with 80 targets each, once with one delay for
// all synapses of a projection and once with delays drawn from a uniform law of the same mean; constant and drawn weights.
// Delivery is timed within the run, buffers of arrivals included.
#include <string>

#include "measure.hpp"
#include "ranvier/simulation.hpp"

namespace {

using namespace ranvier;
using namespace ranvier::units;

Model leaky() {
  Model m{"lif"};
  const auto V = m.state("V", mV);
  const auto I = m.input("I", pA);
  m.d(V) = (-60 * mV - V + 16 * mV + I * (0.05 * Gohm)) / (10 * ms);
  m.initial(V, -60 * mV + 14 * mV * ranvier::rand());
  m.threshold(V >= -45 * mV);
  m.reset(V, -60 * mV);
  m.refractory(5 * ms, {V});
  m.precision(Precision::f32);
  return m;
}

Network network(const Expr& delay, bool weights) {
  Network net;
  auto E = net.add("E", leaky(), 3200), I = net.add("I", leaky(), 800);
  const auto join = [&](Population a, Population b, Quantity reversal, Quantity weight) {
    const Expr each = weights ? Expr(weight) * uniform(0.5, 1.5) : Expr(weight);
    net.connect(a, b, fixed_outdegree_fraction(0.02)).synapse(exponential(5 * ms)).output(coba(reversal)).weight(each).delay(delay);
  };
  join(E, E, 0 * mV, 0.02 * nS), join(E, I, 0 * mV, 0.02 * nS);
  join(I, E, -80 * mV, 0.1 * nS), join(I, I, -80 * mV, 0.1 * nS);
  return net;
}

struct Cost {
  double event_ns = 0, step_us = 0, rate = 0;
};

Cost cost(Simulation& sim) {
  const auto before = sim.timings();
  const auto events = sim.event_count(), spikes = sim.spike_count();
  sim.run(200 * ms);
  const auto after = sim.timings();
  return {1e9 * (after.deliver - before.deliver) / static_cast<double>(sim.event_count() - events),
          1e6 * (after.simulate - before.simulate) / 2000, static_cast<double>(sim.spike_count() - spikes) / 4000 / 0.2};
}

void compare(const char* what, const Expr& drawn, Quantity mean, bool weights, int rounds, double at_most) {
  const SimulationOptions options{.threads = 1};
  Simulation one(network(mean, weights), options), each(network(drawn, weights), options);
  one.run(100 * ms), each.run(100 * ms);
  std::vector<double> ratios, ours, theirs, steps;
  double rate = 0;
  for (int r = 0; r < rounds; ++r) {
    const Cost a = cost(one), b = cost(each);
    ratios.push_back(b.event_ns / a.event_ns), ours.push_back(b.event_ns), theirs.push_back(a.event_ns);
    steps.push_back(b.step_us / a.step_us);
    rate = b.rate;
  }
  std::printf("  %s (%.1f Hz)\n", what, rate);
  bench::note("  ns an event, one delay", bench::median(theirs));
  bench::note("  ns an event, a delay each", bench::median(ours));
  bench::target("  a delay each / one delay, delivery", bench::median(ratios), at_most);
  bench::note("  a delay each / one delay, whole step", bench::median(steps));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 9;
  Simulation probe(network(1 * ms, false), {.threads = 1});
  bench::heading("delays: what a delay for each synapse costs, one core", probe.info().isa);
  compare("0.1 to 3 ms, one weight", uniform(0.1 * ms, 2.9 * ms), 1.5 * ms, false, rounds, 1.5);
  compare("0.1 to 3 ms, a weight each", uniform(0.1 * ms, 2.9 * ms), 1.5 * ms, true, rounds, 1.5);
  compare("1 to 20 ms, one weight", uniform(1 * ms, 20 * ms), 10.5 * ms, false, rounds, 1.5);
}
