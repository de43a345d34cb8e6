// COBA-HH: the third benchmark of Brette et al. 2007, as the first of BrainPy's three formulations writes it.
// Neuron: Traub & Miles 1991 rates, VT = -63 mV. Network: Vogels & Abbott 2005, 80% excitatory, conductance-based synapses.
// It differs from Brette's appendix in the wiring law (fixed out-degree), in having no stimulation, and in V_th = -20 mV.
#include "ranvier/models.hpp"

namespace ranvier::models::networks {
namespace {

using namespace ranvier::units;

Model neuron() {
  Model hh{"coba_hh"};
  const auto V = hh.state("V", mV);
  const auto [m, n, h] = hh.states("m", "n", "h");
  const auto Cm = hh.parameter("Cm", 200 * pF), gl = hh.parameter("gl", 10 * nS);
  const auto g_Na = hh.parameter("g_Na", 20 * uS), g_Kd = hh.parameter("g_Kd", 6 * uS);
  const auto El = hh.parameter("El", -60 * mV), ENa = hh.parameter("ENa", 50 * mV), EK = hh.parameter("EK", -90 * mV);
  const auto VT = hh.parameter("VT", -63 * mV), V_th = hh.parameter("V_th", -20 * mV);
  const auto I_syn = hh.input("I_syn", pA, InputKind::held);

  const auto a = hh.let("m_alpha", 0.32 / mV / ms * (13 * mV - V + VT) / (exp((13 * mV - V + VT) / (4 * mV)) - 1));
  const auto b = hh.let("m_beta", 0.28 / mV / ms * (V - VT - 40 * mV) / (exp((V - VT - 40 * mV) / (5 * mV)) - 1));
  hh.d(m) = a * (1 - m) - b * m;
  const auto c = hh.let("h_alpha", 0.128 / ms * exp((17 * mV - V + VT) / (18 * mV)));
  const auto d = hh.let("h_beta", 4 / ms / (1 + exp(-(V - VT - 40 * mV) / (5 * mV))));
  hh.d(h) = c * (1 - h) - d * h;
  const auto e = hh.let("n_alpha", 0.032 / mV / ms * (15 * mV - V + VT) / (exp((15 * mV - V + VT) / (5 * mV)) - 1));
  const auto f = hh.let("n_beta", 0.5 / ms * exp((10 * mV - V + VT) / (40 * mV)));
  hh.d(n) = e * (1 - n) - f * n;
  hh.d(V) = (-gl * (V - El) - g_Na * (m * m * m) * h * (V - ENa) - g_Kd * (n * n * n * n) * (V - EK) + I_syn) / Cm;

  hh.threshold(crosses_up(V, V_th));
  hh.initial(V, El + (5 * mV * randn() - 5 * mV));
  hh.method("exp_euler");
  hh.precision(Precision::f32);
  return hh;
}

Network network(const Entry& entry, const Settings& given) {
  const double scale = entry.value(given, "scale").value;
  if (!(scale > 0 && scale <= 1000)) throw UserError("coba_hh", "scale is " + to_string(Quantity{scale}), "give a number above 0, up to 1000");
  const double p = entry.value(given, "p").value;
  const double targets = entry.value(given, "targets").value;
  const auto divided = [&](const char* name) {
    const auto w = entry.value(given, name);
    return Quantity{w.value / (targets > 0 ? 1.0 : scale), w.dimension};
  };
  const auto n_exc = static_cast<std::uint32_t>(3200 * scale), n_inh = static_cast<std::uint32_t>(800 * scale);
  if (n_inh == 0) throw UserError("coba_hh", "scale " + to_string(Quantity{scale}) + " leaves zero inhibitory neurons", "use 0.00125 or more");
  const auto neurons = neuron();
  Network net;
  const auto E = net.add("E", neurons, n_exc), I = net.add("I", neurons, n_inh);
  const auto wiring = [&](const Population& post) {
    if (targets == 0) return fixed_outdegree_fraction(p);
    // A fixed number of targets a neuron, shared out in proportion to the populations' sizes.
    return fixed_outdegree(static_cast<std::int64_t>(targets * post.size() / (n_exc + n_inh)));
  };
  const auto excite = exponential(entry.value(given, "taue")), inhibit = exponential(entry.value(given, "taui"));
  const auto to_Ee = coba(entry.value(given, "Ee")), to_Ei = coba(entry.value(given, "Ei"));
  const auto we = divided("we"), wi = divided("wi");
  net.connect(E, E, wiring(E)).synapse(excite).output(to_Ee).weight(we);
  net.connect(E, I, wiring(I)).synapse(excite).output(to_Ee).weight(we);
  net.connect(I, E, wiring(E)).synapse(inhibit).output(to_Ei).weight(wi);
  net.connect(I, I, wiring(I)).synapse(inhibit).output(to_Ei).weight(wi);
  return net;
}

}  // namespace

Entry coba_hh() {
  Entry e;
  e.name = "coba_hh";
  e.summary = "4,000 Hodgkin-Huxley neurons with conductance-based synapses (notebook's first formulation)";
  e.source = "Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 3; Vogels & Abbott 2005; Traub & Miles 1991";
  e.settings = {{"scale", 1.0, "times 4,000 neurons; weights are divided by it"},
                {"p", 0.02, "targets of a neuron as a fraction of the target population"},
                {"targets", 0.0, "instead of p: this many targets a neuron whatever the scale, weights not divided"},
                {"we", 6 * nS, "excitatory weight"},
                {"wi", 67 * nS, "inhibitory weight"},
                {"taue", 5 * ms, "excitatory decay"},
                {"taui", 10 * ms, "inhibitory decay"},
                {"Ee", 0 * mV, "excitatory reversal potential"},
                {"Ei", -80 * mV, "inhibitory reversal potential"}};
  e.duration = 100 * ms;
  e.make = [e](const Settings& given) { return network(e, given); };
  return e;
}

}  // namespace ranvier::models::networks
