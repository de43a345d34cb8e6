// Short-term depression and facilitation, a state of each synapse: U may differ between them.
#include "ranvier/plasticity.hpp"

namespace ranvier::models::plasticities {

using namespace ranvier::units;

/// As stp_tsodyks_markram, with R, u and U of each synapse, known at its events (closed form in between).
/// U: Projection::initial("U", ...).
Plasticity stp_tsodyks_markram_synapse() {
  Plasticity p{"stp_tsodyks_markram_synapse"};
  p.describe("short-term depression and facilitation, one state per synapse",
             "Markram, Wang & Tsodyks 1998, PNAS 95:5323, eqs. 1-2");
  const auto w = p.weight("w", nS), R = p.state("R"), u = p.state("u"), U = p.state("U");
  const auto tau_rec = p.parameter("tau_rec", 130 * ms, "recovery"),
             tau_fac = p.parameter("tau_fac", 530 * ms, "facilitation");
  p.d(R) = (1 - R) / tau_rec;
  p.d(u) = -u / tau_fac;
  p.event_driven(R);
  p.event_driven(u);
  p.initial(R, 1.0);
  p.initial(U, 0.03);
  p.on_pre(u, u + U * (1 - u));
  p.sends(w * u * R);
  p.on_pre(R, R - u * R);
  return p;
}

}  // namespace ranvier::models::plasticities
