// The window of spike-timing-dependent plasticity, measured: 41 synapses onto one neuron, each sees one pair of spikes.
#include <cstdio>
#include <vector>

#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

/// Fires once, at `when`.
Model once() {
  Model m{"once"};
  const auto clock = m.state("clock", ms), when = m.parameter("when", 50 * ms);
  const auto V = m.state("V", mV);
  const auto I = m.input("I", pA);
  m.d(clock) = 1.0;
  m.d(V) = -V / (10 * ms) + I * (1 * Gohm) / (10 * ms);
  m.threshold(crosses_up(clock, when));
  return m;
}

/// Pair-based STDP with hard bounds.
Plasticity stdp() {
  Plasticity p{"stdp"};
  const auto w = p.weight("w", nS);
  const auto x = p.pre_state("x"), y = p.post_state("y");
  p.d(x) = -x / (17 * ms);
  p.d(y) = -y / (34 * ms);
  p.sends(w);
  p.on_pre(x, x + 1);
  p.on_pre(w, max(w - 0.05 * nS * y, 0 * nS));
  p.on_post(y, y + 1);
  p.on_post(w, min(w + 0.1 * nS * x, 2 * nS));
  return p;
}

}  // namespace

int main() {
  Network net;
  auto sources = net.add("sources", once(), 41), target = net.add("target", once(), 1);
  std::vector<double> when;
  for (int k = -20; k <= 20; ++k) when.push_back(50.05 + 2 * k);  // between two steps: no rounding decides
  sources.set("when", when, ms);
  target.set("when", 50.05 * ms);
  net.connect(sources, target, all_to_all())
      .synapse(exponential(5 * ms))
      .output(coba(0 * mV))
      .weight(1 * nS)
      .plasticity(stdp())
      .named("S");

  Simulation sim(net);
  const auto weights = sim.record(SynapseRef{"S", "w"}, {.every = 1000});
  sim.run(100 * ms);
  std::printf("t_post - t_pre [ms]   change of w [nS]\n");
  for (std::size_t k = 0; k < weights->columns(); ++k) {
    std::printf("%19d   %+.6f\n", 2 * (20 - static_cast<int>(k)), weights->value(1, k) - weights->value(0, k));
  }
}
