// Short-term depression and facilitation, its state once per source neuron.
#include "ranvier/plasticity.hpp"

namespace ranvier::models::plasticities {

using namespace ranvier::units;

/// Markram, Wang & Tsodyks 1998, eqs. 1-2, as differential equations (Tsodyks, Pawelzik & Markram 1998): between spikes
/// dR/dt = (1 - R)/tau_rec, du/dt = -u/tau_fac; at a spike u += U (1 - u), then w u R is sent, then R -= u R. R starts
/// at 1.
Plasticity stp_tsodyks_markram() {
  Plasticity p{"stp_tsodyks_markram"};
  p.describe("short-term depression and facilitation, one state per source",
             "Markram, Wang & Tsodyks 1998, PNAS 95:5323, eqs. 1-2");
  const auto w = p.weight("w", nS);
  const auto R = p.pre_state("R"), u = p.pre_state("u");
  const auto tau_rec = p.parameter("tau_rec", 130 * ms, "recovery"),
             tau_fac = p.parameter("tau_fac", 530 * ms, "facilitation");
  const auto U = p.parameter("U", 0.03, "fraction released by a first spike");
  p.d(R) = (1 - R) / tau_rec;
  p.d(u) = -u / tau_fac;
  p.initial(R, 1.0);
  p.on_pre(u, u + U * (1 - u));
  p.sends(w * u * R);
  p.on_pre(R, R - u * R);
  return p;
}

}  // namespace ranvier::models::plasticities
