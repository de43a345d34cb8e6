// COBA-HH as the second of BrainPy's formulations writes it: channels, views of one group, synapses with a separate output. The
// synaptic current is held over a step; arrivals act at full weight.
#include "coba_hh_group.hh"

namespace ranvier::models::networks {

Entry coba_hh_channels() {
  return coba_hh_group::entry("coba_hh_channels", "COBA-HH from ion channels, one group of 4,000 (notebook's second formulation)",
                              {InputKind::held, Arrivals::after_decay});
}

}  // namespace ranvier::models::networks
