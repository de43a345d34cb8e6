// What does an event of pair-based STDP cost, and how many bytes does a plastic synapse take? 4,000 leaky neurons, each the target of
// 80 plastic synapses, one core. An event is the arrival of a spike at a synapse (pre) or a spike of its target (post); each reads a
// trace and changes the weight. Traces are stepped for every neuron: their share is part of the time.
#include "measure.hpp"
#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

namespace {

using namespace ranvier;
using namespace ranvier::units;

constexpr std::uint32_t neurons = 4000, indegree = 80;

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

Network network(bool plastic) {
  Network net;
  auto N = net.add("N", leaky(), neurons);
  auto p = net.connect(N, N, fixed_indegree(indegree));
  p.synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(0.02 * nS).delay(1 * ms).named("S");
  if (plastic) p.plasticity(models::plasticity("stdp_pair"));
  return net;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 9;
  Simulation sim(network(true), {.threads = 1}), still(network(false), {.threads = 1});
  sim.run(100 * ms), still.run(100 * ms);
  bench::heading("plasticity: what an event of pair-based STDP costs, one core", sim.info().isa);
  std::vector<double> event_ns, constant_ns;
  double rate = 0;
  for (int r = 0; r < rounds; ++r) {
    const auto cost = [](Simulation& s, bool post) {
      const double before = s.timings().deliver;
      const auto events = s.event_count(), spikes = s.spike_count();
      s.run(200 * ms);
      const auto spiked = static_cast<double>(s.spike_count() - spikes);
      const double count = static_cast<double>(s.event_count() - events) + (post ? indegree * spiked : 0.0);
      return std::pair(1e9 * (s.timings().deliver - before) / count, spiked / neurons / 0.2);
    };
    const auto [ns, hz] = cost(sim, true);
    event_ns.push_back(ns), rate = hz;
    constant_ns.push_back(cost(still, false).first);
  }
  std::printf("  pair-based STDP (%.1f Hz)\n", rate);
  bench::target("ns an event, pre and post", bench::median(event_ns), 10);
  bench::note("ns an event, constant weight (pre only)", bench::median(constant_ns));
  bench::target("bytes a synapse", static_cast<double>(sim.info().synapse_bytes) / (neurons * indegree), 12);
}
