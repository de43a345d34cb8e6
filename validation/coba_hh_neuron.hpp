// The neuron of COBA-HH and a synapse whose conductance stays, for the cases that need them alone.
//
//   Network net;  auto N = net.add("N", coba_hh_neuron(), 1);
//   net.connect(N, N, explicit_list({}, {})).synapse(constant_conductance()).output(coba(0 * mV)).weight(0 * nS).named("in");
//   sim.set("N", "in.g", {10.0});
#pragma once

#include "ranvier/network.hpp"

inline ranvier::Model coba_hh_neuron(ranvier::InputKind kind = ranvier::InputKind::held) {
  using namespace ranvier;
  using namespace ranvier::units;
  Model hh{"hh"};
  auto V = hh.state("V", mV);
  auto [m, h, n] = hh.states("m", "h", "n");
  auto I = hh.input("I_syn", pA, kind);
  const auto VT = hh.parameter("VT", -63 * mV);
  auto am = 0.32 / mV / ms * (13 * mV - V + VT) / (exp((13 * mV - V + VT) / (4 * mV)) - 1);
  auto bm = 0.28 / mV / ms * (V - VT - 40 * mV) / (exp((V - VT - 40 * mV) / (5 * mV)) - 1);
  auto ah = 0.128 / ms * exp((17 * mV - V + VT) / (18 * mV));
  auto bh = 4 / ms / (1 + exp(-(V - VT - 40 * mV) / (5 * mV)));
  auto an = 0.032 / mV / ms * (15 * mV - V + VT) / (exp((15 * mV - V + VT) / (5 * mV)) - 1);
  auto bn = 0.5 / ms * exp((10 * mV - V + VT) / (40 * mV));
  hh.d(m) = am * (1 - m) - bm * m;
  hh.d(h) = ah * (1 - h) - bh * h;
  hh.d(n) = an * (1 - n) - bn * n;
  hh.d(V) = (-10 * nS * (V + 60 * mV) - 20 * uS * (m * m * m) * h * (V - 50 * mV) - 6 * uS * (n * n * n * n) * (V + 90 * mV) + I) / (200 * pF);
  hh.threshold(crosses_up(V, -20 * mV));
  hh.initial(V, -65 * mV);
  return hh;
}

inline ranvier::Model constant_conductance() {
  ranvier::Model s{"constant"};
  s.receives(s.state("g", ranvier::units::nS));
  return s;
}
