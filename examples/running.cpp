// Everything that docs/running.md shows: storing, checkpoints, callbacks, expressions, inputs, sweeps, SONATA.
#include <cstdio>

#include "ranvier/checkpoint.hpp"
#include "ranvier/simulation.hpp"
#include "ranvier/sonata.hpp"
#include "ranvier/sweep.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

Model lif() {
  Model m{"lif"};
  const auto V = m.state("V", mV);
  const auto tau = m.parameter("tau", 20 * ms), drive = m.parameter("drive", 14 * mV);
  const auto I = m.input("I", pA);
  m.d(V) = (-60 * mV - V + drive + I * (0.1 * Gohm)) / tau;
  m.initial(V, -60 * mV + 10 * mV * ranvier::rand());
  m.threshold(V >= -50 * mV);
  m.reset(V, -60 * mV);
  m.refractory(2 * ms, {V});
  return m;
}

Network balanced() {
  Network net;
  auto E = net.add("E", lif(), 800), I = net.add("I", lif(), 200);
  E.external("I");
  net.connect(E, I, bernoulli(0.05)).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(0.1 * nS);
  net.connect(I, E, bernoulli(0.05)).synapse(exponential(10 * ms)).output(coba(-80 * mV)).weight(1 * nS);
  return net;
}

}  // namespace

int main() {
  const Network net = balanced();
  Simulation sim{net, {.dt = 0.1 * ms, .seed = 7}};

  const auto inhibition = sim.record("E", "I_inh", [](auto s) { return s("I_to_E.g") * (-80 * mV - s("V")); },
                                     {.every = 10, .from = 20 * ms, .reduce = Reduce::mean});
  const auto rate = sim.record_rate({"E"}, {.every = 100});
  sim.every(20 * ms, [](Simulation& s) { s.set_input("E.I", s.steps() % 400 == 0 ? 20 * pA : 0 * pA); });

  sim.run(100 * ms);
  sim.store("warm");
  sim.run(100 * ms);
  const auto before = sim.checksum();
  sim.restore("warm");
  sim.run(100 * ms);
  std::printf("the same again: %s; mean inhibition at the end %.3f pA, rate %.1f Hz\n", sim.checksum() == before ? "yes" : "no",
              inhibition->value(inhibition->frames() - 1, 0), rate->value(rate->frames() - 1, 0));

  io::save(sim, "running.checkpoint");
  Simulation other{net, {.dt = 0.1 * ms, .seed = 7, .threads = 2}};
  io::load(other, "running.checkpoint");
  std::printf("in another simulation: t = %g ms, %s\n", other.time_ms(), other.checksum() == before ? "the same" : "not the same");
  std::remove("running.checkpoint");

  const auto table = sweep(net, {sweep_range("I_to_E.weight", 0 * nS, 2 * nS, 1 * nS)}, {1, 2},
                           [](Simulation& s, const SweepPoint&) -> SweepResult {
                             const auto spikes = s.record(SpikesRef{"E"});
                             s.run(200 * ms);
                             return {{"rate", mean_rate_hz(*spikes, 200 * ms)}, {"cv", interval_cv(*spikes)}};
                           });
  std::fputs(table.csv().c_str(), stdout);

  save_sonata(net, "running_circuit", {.dt = 0.1 * ms, .seed = 7});
  const Network again = load_sonata("running_circuit", {.neuron = [](const std::string&) { return lif(); },
                                                        .synapse = [](const std::string&) { return exponential(5 * ms); },
                                                        .output = [](const std::string&) { return coba(0 * mV); }});
  Simulation one{net, {.dt = 0.1 * ms, .seed = 7}}, two{again, {.dt = 0.1 * ms}};
  one.run(100 * ms), two.run(100 * ms);
  std::printf("saved and loaded: %s\n", one.checksum() == two.checksum() ? "the same spikes" : "other spikes");
}
