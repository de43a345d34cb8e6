// Inhibitory plasticity that holds the target's rate.
#include "ranvier/plasticity.hpp"

namespace ranvier::models::plasticities {

using namespace ranvier::units;

/// Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011 (supplement): traces rise by 1 at a spike; at a pre spike
/// w += eta (x_post - 2 rho_0 tau), at a post spike w += eta x_pre; w stays in [0, w_max].
Plasticity stdp_inhibitory() {
  Plasticity p{"stdp_inhibitory"};
  p.describe("symmetric inhibitory plasticity with a target rate", "Vogels et al. 2011, Science 334:1569");
  const auto w = p.weight("w", nS);
  const auto x = p.pre_state("x"), y = p.post_state("y");
  const auto tau = p.parameter("tau_stdp", 20 * ms, "time constant of the traces");
  const auto eta = p.parameter("eta", 0.1 * nS, "learning rate");
  const auto rho_0 = p.parameter("rho_0", 5 * Hz, "target rate");
  const auto w_max = p.parameter("w_max", 100 * nS, "largest weight");
  p.d(x) = -x / tau;
  p.d(y) = -y / tau;
  p.sends(w);
  p.on_pre(x, x + 1);
  p.on_pre(w, clip(w + eta * (y - 2 * rho_0 * tau), 0 * nS, w_max));
  p.on_post(y, y + 1);
  p.on_post(w, clip(w + eta * x, 0 * nS, w_max));
  return p;
}

}  // namespace ranvier::models::plasticities
