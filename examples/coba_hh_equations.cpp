// COBA-HH as equations: the first formulation of BrainPy's example (Brette et al. 2007, benchmark 3), in C++.
// Leaves a raster in coba_hh_equations.png.
#include <cstdio>

#include "ranvier/network.hpp"
#include "ranvier/plot.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

// Parameters
const auto Cm = 200 * pF;               // membrane capacitance
const auto gl = 10 * nS;                // leak conductance
const auto g_Na = 20. * 1000 * nS;
const auto g_Kd = 6. * 1000 * nS;       // K conductance
const auto El = -60 * mV;               // resting potential
const auto ENa = 50 * mV;               // reversal potential (sodium)
const auto EK = -90 * mV;               // reversal potential (potassium)
const auto VT = -63 * mV;
const auto V_th = -20 * mV;
const auto taue = 5 * ms, taui = 10 * ms;   // synaptic time constants
const auto Ee = 0 * mV, Ei = -80 * mV;      // synaptic reversal potentials
const auto we = 6 * nS, wi = 67 * nS;       // synaptic weights

Model HH() {
  Model hh{"HH"};
  auto V = hh.state("V", mV);
  auto [m, n, h] = hh.states("m", "n", "h");
  auto Isyn = hh.input("Isyn", pA, InputKind::held);

  auto gna = g_Na * (m * m * m) * h;
  auto gkd = g_Kd * (n * n * n * n);
  hh.d(V) = (-gl * (V - El) - gna * (V - ENa) - gkd * (V - EK) + Isyn) / Cm;

  auto m_alpha = 0.32 / mV / ms * (13 * mV - V + VT) / (exp((13 * mV - V + VT) / (4 * mV)) - 1.);
  auto m_beta = 0.28 / mV / ms * (V - VT - 40 * mV) / (exp((V - VT - 40 * mV) / (5 * mV)) - 1);
  hh.d(m) = m_alpha * (1 - m) - m_beta * m;

  auto h_alpha = 0.128 / ms * exp((17 * mV - V + VT) / (18 * mV));
  auto h_beta = 4. / ms / (1 + exp(-(V - VT - 40 * mV) / (5 * mV)));
  hh.d(h) = h_alpha * (1 - h) - h_beta * h;

  auto c = 15 * mV - V + VT;
  auto n_alpha = 0.032 / mV / ms * c / (exp(c / (5 * mV)) - 1.);
  auto n_beta = .5 / ms * exp((10 * mV - V + VT) / (40 * mV));
  hh.d(n) = n_alpha * (1 - n) - n_beta * n;

  hh.threshold(crosses_up(V, V_th));
  hh.method("exp_euler");
  hh.precision(Precision::f32);
  return hh;
}

int main() try {
  Network net;
  auto E = net.add("E", HH(), 3200), I = net.add("I", HH(), 800);
  E["V"] = El + (5 * mV * randn() - 5 * mV);
  I["V"] = El + (5 * mV * randn() - 5 * mV);

  auto prob = fixed_outdegree_fraction(0.02);
  net.connect(E, E, prob).synapse(exponential(taue)).output(coba(Ee)).weight(we);
  net.connect(E, I, prob).synapse(exponential(taue)).output(coba(Ee)).weight(we);
  net.connect(I, E, prob).synapse(exponential(taui)).output(coba(Ei)).weight(wi);
  net.connect(I, I, prob).synapse(exponential(taui)).output(coba(Ei)).weight(wi);

  Simulation sim{net};
  auto exc = sim.record(E.spikes()), inh = sim.record(I.spikes());
  sim.run(100 * ms);

  plot::Raster raster;
  raster.add("E", 3200, exc->times_ms(), exc->ids()).add("I", 800, inh->times_ms(), inh->ids());
  raster.window_ms(0, 100).title("COBA-HH").save("coba_hh_equations.png");
  std::printf("E %.1f Hz, I %.1f Hz; the raster is in coba_hh_equations.png\n", exc->count() / 3200.0 / 0.1, inh->count() / 800.0 / 0.1);
  return 0;
} catch (const Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
