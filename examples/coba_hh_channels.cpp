// COBA-HH with ion channels: the second formulation of BrainPy's example (Brette et al. 2007, benchmark 3), in C++.
// One group of 4,000 neurons, views of it as sources, synapses with a separate output. Leaves a raster in coba_hh_channels.png.
#include <cstdio>

#include "ranvier/channel.hpp"
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

int main() try {
  const std::uint32_t num_exc = 3200, num_inh = 800;
  Network net;
  auto N = net.add("N", HH2(), num_exc + num_inh);
  N["V"] = -70 * mV + 10 * mV * ranvier::rand();

  auto prob = fixed_outdegree_fraction(0.02);
  auto to_E = coba(0. * mV, "V", mS_per_cm2), to_I = coba(-80. * mV, "V", mS_per_cm2);
  net.connect(N.slice(0, num_exc), N, prob).synapse(exponential(5 * ms, mS_per_cm2)).output(to_E).current(InputKind::held).weight(0.03 * mS_per_cm2).named("Esyn");
  net.connect(N.slice(num_exc, 4000), N, prob).synapse(exponential(10 * ms, mS_per_cm2)).output(to_I).current(InputKind::held).weight(0.335 * mS_per_cm2).named("Isyn");

  Simulation sim{net};
  auto spikes = sim.record(N.spikes());
  auto sodium = sim.record(N["INa.p"], {.neurons = {0}});   // monitors by name
  sim.run(100 * ms);

  plot::Raster raster;
  raster.add("N", 4000, spikes->times_ms(), spikes->ids());
  raster.window_ms(0, 100).title("COBA-HH, channels").save("coba_hh_channels.png");
  std::printf("%.1f Hz; the raster is in coba_hh_channels.png\n", spikes->count() / 4000.0 / 0.1);
  return 0;
} catch (const Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
