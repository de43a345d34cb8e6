// Uses the installed headers and libraries alone: units, a model, a network, a run.
#include <cmath>
#include <cstdio>

#include "ranvier/network.hpp"
#include "ranvier/simulation.hpp"
#include "ranvier/units.hpp"

int main() {
  using namespace ranvier;
  using namespace ranvier::units;

  Model decay{"decay"};
  auto V = decay.state("V", mV);
  auto tau = decay.parameter("tau", 20 * ms);
  decay.d(V) = -V / tau;
  decay.method("exact");

  Network network;
  auto cells = network.add("cells", decay, 3);
  cells["V"] = 1 * mV;
  Simulation simulation{network, {.dt = 0.1 * ms}};
  simulation.run(10 * ms);

  std::puts(to_string(10 * nS * (20 * mV)).c_str());
  const double error = simulation.get("cells", "V").at(2) - std::exp(-0.5);
  std::printf("V is off by %g mV\n", error);
  return std::fabs(error) < 1e-12 ? 0 : 1;
}
