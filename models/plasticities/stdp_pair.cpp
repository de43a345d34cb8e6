// Pair-based STDP, all pairs, with hard (additive) to soft (multiplicative) bounds.
#include "ranvier/plasticity.hpp"

namespace ranvier::models::plasticities {

using namespace ranvier::units;

/// Song, Miller & Abbott 2000, eq. 1: a pair changes w by w_max F(dt), F = A_plus exp(-|dt|/tau_plus) where pre comes
/// before post and -A_minus exp(-|dt|/tau_minus) otherwise; w stays in [0, w_max]. `soft` = 1 scales F by the distance
/// to the bound that it moves to (van Rossum, Bi & Turrigiano 2000; Rubin, Lee & Sompolinsky 2001), 0 does not.
Plasticity stdp_pair() {
  Plasticity p{"stdp_pair"};
  p.describe("pair-based spike-timing-dependent plasticity",
             "Song, Miller & Abbott 2000, Nature Neuroscience 3:919, eq. 1");
  const auto w = p.weight("w", nS);
  const auto x = p.pre_state("x"), y = p.post_state("y");
  const auto tau_plus = p.parameter("tau_plus", 20 * ms, "time constant of potentiation");
  const auto tau_minus = p.parameter("tau_minus", 20 * ms, "time constant of depression");
  const auto A_plus = p.parameter("A_plus", 0.005, "potentiation by a pair, as a fraction of w_max");
  const auto A_minus = p.parameter("A_minus", 0.00525, "depression by a pair, as a fraction of w_max");
  const auto w_max = p.parameter("w_max", 1 * nS, "largest weight");
  const auto soft = p.parameter("soft", 0.0, "0: additive, 1: multiplicative");
  p.d(x) = -x / tau_plus;
  p.d(y) = -y / tau_minus;
  p.sends(w);
  p.on_pre(x, x + 1);
  p.on_pre(w, clip(w - A_minus * y * (w_max + soft * (w - w_max)), 0 * nS, w_max));
  p.on_post(y, y + 1);
  p.on_post(w, clip(w + A_plus * x * (w_max - soft * w), 0 * nS, w_max));
  return p;
}

}  // namespace ranvier::models::plasticities
