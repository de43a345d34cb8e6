// What the second and the third formulation of COBA-HH have in common: one conductance-based group of Traub-Miles channels, two
// projections from its views, and their settings.
#pragma once

#include <string>

#include "ranvier/channel.hpp"
#include "ranvier/models.hpp"

namespace ranvier::models::networks::coba_hh_group {

using namespace ranvier::units;

/// In the notebook's units: uF/cm2, mS/cm2, mV. Gates start at 0, V uniformly in -70 to -60 mV.
inline Model neuron() {
  auto hh = conductance_group("coba_hh_group", {.V_th = 0 * mV, .gates = Gates::zero, .shared = {"V_sh"}},
                              {channel("INa_TM1991", {{"g_max", 100 * mS_per_cm2}, {"V_sh", -63 * mV}}),
                               channel("IK_TM1991", {{"g_max", 30 * mS_per_cm2}, {"V_sh", -63 * mV}}),
                               channel("IL", {{"E", -60 * mV}, {"g_max", 0.05 * mS_per_cm2}})});
  hh.method("exp_euler");
  hh.precision(Precision::f32);
  return hh;
}

/// How the two formulations differ.
struct Style {
  InputKind current;
  Arrivals arrivals;
};

inline Network network(const Entry& entry, const Settings& given, const Style& style) {
  const double scale = entry.value(given, "scale").value;
  if (!(scale > 0 && scale <= 1000)) throw UserError(entry.name, "scale is " + to_string(Quantity{scale}), "give a number above 0, up to 1000");
  const auto n_exc = static_cast<std::uint32_t>(3200 * scale), n_inh = static_cast<std::uint32_t>(800 * scale);
  if (n_inh == 0) throw UserError(entry.name, "scale " + to_string(Quantity{scale}) + " leaves zero inhibitory neurons", "use 0.00125 or more");
  Network net;
  const auto N = net.add("N", neuron(), n_exc + n_inh);
  N["V"] = -70 * mV + 10 * mV * ranvier::rand();
  const auto project = [&](const View& pre, const std::string& name, const std::string& letter) {
    const auto weight = entry.value(given, "w" + letter);
    net.connect(pre, N, fixed_outdegree_fraction(entry.value(given, "p").value)).named(name)
        .synapse(exponential(entry.value(given, "tau" + letter), mS_per_cm2)).arrivals(style.arrivals)
        .output(coba(entry.value(given, "E" + letter), "V", mS_per_cm2)).current(style.current)
        .weight(Quantity{weight.value / scale, weight.dimension});
  };
  project(N.slice(0, n_exc), "Esyn", "e");
  project(N.slice(n_exc, n_exc + n_inh), "Isyn", "i");
  return net;
}

inline Entry entry(const std::string& name, const std::string& summary, const Style& style) {
  Entry e;
  e.name = name;
  e.summary = summary;
  e.source = "Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 3; Vogels & Abbott 2005; Traub & Miles 1991";
  e.settings = {{"scale", 1.0, "times 4,000 neurons; weights are divided by it"},
                {"p", 0.02, "targets of a neuron as a fraction of the group"},
                {"we", 0.03 * mS_per_cm2, "excitatory weight"},
                {"wi", 0.335 * mS_per_cm2, "inhibitory weight"},
                {"taue", 5 * ms, "excitatory decay"},
                {"taui", 10 * ms, "inhibitory decay"},
                {"Ee", 0 * mV, "excitatory reversal potential"},
                {"Ei", -80 * mV, "inhibitory reversal potential"}};
  e.duration = 100 * ms;
  e.make = [e, style](const Settings& given) { return network(e, given, style); };
  return e;
}

}  // namespace ranvier::models::networks::coba_hh_group
