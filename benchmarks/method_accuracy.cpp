// What does accuracy cost? Error of the tenth spike of one COBA-HH neuron (10 nS, from rest) against the true time, and the cost of a
// simulated millisecond of 4,000 such neurons relative to exp_euler at dt 0.1 ms (processor time, one core, float64).
// Prints the table of docs/methods.md.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "coba_hh_neuron.hpp"
#include "ranvier/simulation.hpp"
#include "reference_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

struct Outcome {
  double error_ms = NAN, seconds_per_ms = 0;
};

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Network network(std::uint32_t size) {
  Network net;
  const auto N = net.add("N", coba_hh_neuron(InputKind::inside), size);
  net.connect(N, N, explicit_list({}, {})).synapse(constant_conductance()).output(coba(0 * mV)).weight(0 * nS).named("in");
  return net;
}

Outcome measure(const char* method, double dt, double truth) {
  Outcome out;
  const SimulationOptions options{.dt = dt * ms, .method = method, .precision = Precision::f64, .threads = 1};
  {
    const auto net = network(1);
    Simulation sim(net, options);
    sim.set("N", "in.g", {10.0});
    const auto v = sim.record(net.population("N")["V"]);
    try {
      sim.run(200 * ms);
    } catch (const UserError&) {
      return out;  // the method blew up
    }
    const auto t = v->times_ms();
    int spike = 0;
    for (std::size_t k = 1; k < v->frames(); ++k) {
      const double a = v->value(k - 1, 0), b = v->value(k, 0);
      if (a < -20 && b >= -20 && ++spike == 10) out.error_ms = std::fabs(t[k - 1] + (t[k] - t[k - 1]) * (-20 - a) / (b - a) - truth);
    }
  }
  Simulation sim(network(4000), options);
  sim.set("N", "in.g", std::vector<double>(4000, 10.0));
  sim.run(1 * ms);
  const double start = processor_seconds(), duration = std::max(10.0, 200 * dt);
  sim.run(duration * ms);
  out.seconds_per_ms = (processor_seconds() - start) / duration;
  return out;
}

}  // namespace

int main() {
  double truth = 0;
  int spikes = 0;
  for (const auto& row : read_reference(RANVIER_SOURCE_DIR "/validation/single_neuron/truth_ge10.txt")) {
    if (row.tag == "spike" && ++spikes == 10) truth = row.number(0);
  }
  const double unit = measure("exp_euler", 0.1, truth).seconds_per_ms;
  const double steps[] = {0.1, 0.05, 0.025, 0.01};
  std::printf("| method | error in ms (cost) at dt 0.1 ms | 0.05 | 0.025 | 0.01 |\n|---|---|---|---|---|\n");
  for (const char* method : {"euler", "exp_euler", "heun", "midpoint", "exp_midpoint", "exp_staggered", "rk4"}) {
    std::printf("| %s |", method);
    for (const double dt : steps) {
      const auto o = measure(method, dt, truth);
      if (std::isnan(o.error_ms)) {
        std::printf(" unstable |");
      } else {
        std::printf(" %.2g (%.1f) |", o.error_ms, o.seconds_per_ms / unit);
      }
    }
    std::printf("\n");
  }
  return 0;
}
