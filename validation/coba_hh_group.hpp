// COBA-HH's neuron as BrainPy's second and third formulations have it: a conductance-based group with channels.
//
//   Network net;  auto N = net.add("N", coba_hh_group(), 20);
//   net.connect(N.slice(0, 16), N, rule).synapse(exponential(5 * ms, mS_per_cm2)).output(coba(0 * mV, "V", mS_per_cm2));
#pragma once

#include "ranvier/channel.hpp"
#include "ranvier/models.hpp"

inline ranvier::Model coba_hh_group(ranvier::InputKind input = ranvier::InputKind::inside) {
  using namespace ranvier;
  using namespace ranvier::units;
  const auto sodium = models::channel("INa_TM1991", {{"g_max", 100 * mS_per_cm2}, {"V_sh", -63 * mV}});
  const auto potassium = models::channel("IK_TM1991", {{"g_max", 30 * mS_per_cm2}, {"V_sh", -63 * mV}});
  const auto leak = models::channel("IL", {{"E", -60 * mV}, {"g_max", 0.05 * mS_per_cm2}});
  return conductance_group("HH2", {.V_th = 0 * mV, .input = input, .gates = Gates::zero, .shared = {"V_sh"}}, {sodium, potassium, leak});
}
