// COBA-HH as the third of BrainPy's formulations writes it: projections aligned to the post side. The synaptic current is inside the
// derivative; arrivals have decayed by one step when they act.
#include "coba_hh_group.hh"

namespace ranvier::models::networks {

Entry coba_hh_projections() {
  return coba_hh_group::entry("coba_hh_projections", "COBA-HH with projections aligned to the post side (notebook's third formulation)",
                              {InputKind::inside, Arrivals::before_decay});
}

}  // namespace ranvier::models::networks
