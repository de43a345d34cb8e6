// links: ranvier_sonata
// Writes the network that sonata_network_test.py looks at into the folder of its argument.
#include "ranvier/sonata.hpp"

using namespace ranvier;
using namespace ranvier::units;

int main(int, char** argv) {
  Model lif{"lif"};
  const auto V = lif.state("V", mV);
  const auto tau = lif.parameter("tau", 10 * ms), drive = lif.parameter("drive", 20 * mV);
  const auto I = lif.input("I", pA);
  lif.d(V) = (-60 * mV - V + drive + I * (0.05 * Gohm)) / tau;
  lif.threshold(V >= -45 * mV);
  lif.reset(V, -60 * mV);
  Network net;
  auto E = net.add("E", lif, 4), I2 = net.add("I", lif, 3);
  E.set("drive", {1, 2, 3, 4}, mV);
  E["V"].set({-61, -62, -63, -64}, mV);
  net.connect(E, I2, explicit_list({0, 1, 3, 3}, {2, 0, 0, 1})).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(6 * nS).delay(1.5 * ms);
  net.connect(I2, E, explicit_list({0, 2}, {3, 1}, {0.25, 0.5}, {0.1, 0.2})).synapse(exponential(7 * ms)).output(coba(-80 * mV));
  save_sonata(net, argv[1], {.dt = 0.1 * ms});
}
