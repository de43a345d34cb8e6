// COBA-HH with projections: the third formulation of BrainPy's example (Brette et al. 2007, benchmark 3), in C++.
// A projection = communication (sparse events) + synapse dynamics at the post side + output; the loop over steps is ours.
// Leaves a raster in coba_hh_projections.png.
#include <cstdio>
#include <iostream>

#include "ranvier/channel.hpp"
#include "ranvier/loop.hpp"
#include "ranvier/models.hpp"
#include "ranvier/plot.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

Model HH2() {
  auto INa = models::channel("INa_TM1991", {{"g_max", 100. * mS_per_cm2}, {"V_sh", -63. * mV}});
  auto IK = models::channel("IK_TM1991", {{"g_max", 30. * mS_per_cm2}, {"V_sh", -63. * mV}});
  auto IL = models::channel("IL", {{"E", -60. * mV}, {"g_max", 0.05 * mS_per_cm2}});
  Model hh = conductance_group("HH2", {.V_th = 0 * mV, .gates = Gates::zero, .shared = {"V_sh"}}, {INa, IK, IL});
  hh.method("exp_euler");
  hh.precision(Precision::f32);
  return hh;
}

/// Exponential, conductance-based, aligned to the post side: one state for all projections of these constants onto `post`.
Projection expon_coba(Network& net, const View& pre, const Population& post, double prob, Quantity g_max, Quantity tau, Quantity E) {
  return net.connect(pre, post, fixed_outdegree_fraction(prob)).weight(g_max)              // communication: sparse events
      .synapse(exponential(tau, mS_per_cm2)).arrivals(Arrivals::before_decay)               // synapse: events added, then decayed
      .output(coba(E, "V", mS_per_cm2)).current(InputKind::inside);                         // output: inside the derivative
}

int main() try {
  const std::uint32_t num_exc = 3200, num = 4000, steps = 1000;
  Network net;
  auto N = net.add("N", HH2(), num);
  N["V"] = -70 * mV + 10 * mV * ranvier::rand();
  expon_coba(net, N.slice(0, num_exc), N, 0.02, 0.03 * mS_per_cm2, 5. * ms, 0. * mV).named("Esyn");
  expon_coba(net, N.slice(num_exc, num), N, 0.02, 0.335 * mS_per_cm2, 10. * ms, -80. * mV).named("Isyn");
  Simulation sim{net};

  auto spikes = for_loop(steps, [&](std::uint64_t) {   // our own loop: a step, and who spiked in it
    sim.step();
    return sim.spiked("N");
  }, Bar(std::cerr));

  std::vector<double> times;
  std::vector<std::uint32_t> ids;
  for (std::uint64_t i = 0; i < steps; ++i) {
    for (const auto id : spikes[i]) times.push_back(step_time_ms(i + 1, 0.1)), ids.push_back(id);
  }
  const double rate = static_cast<double>(ids.size()) / num / 0.1;
  plot::Raster raster;
  raster.add("N", num, times, ids);
  raster.window_ms(0, 100).title("COBA-HH, projections").save("coba_hh_projections.png");
  std::printf("%.1f Hz; the raster is in coba_hh_projections.png\n", rate);
  return 0;
} catch (const Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
