// Triplet STDP, all-to-all.
#include "ranvier/plasticity.hpp"

namespace ranvier::models::plasticities {

using namespace ranvier::units;

/// Pfister & Gerstner 2006, eqs. 1-4: r1, r2 of the source and o1, o2 of the target rise by 1 at a spike; at a pre
/// spike w -= o1 (A2_minus + A3_minus r2), at a post spike w += r1 (A2_plus + A3_plus o2), with r2 and o2 as just
/// before the spike. The constants are those of the all-to-all fit to visual cortex (their table 4). Amplitudes are
/// fractions of w_max, w stays in [0, w_max].
Plasticity stdp_triplet() {
  Plasticity p{"stdp_triplet"};
  p.describe("triplet spike-timing-dependent plasticity", "Pfister & Gerstner 2006, J Neurosci 26:9673, eqs. 1-4");
  const auto w = p.weight("w", nS);
  const auto r1 = p.pre_state("r1"), r2 = p.pre_state("r2"), o1 = p.post_state("o1"), o2 = p.post_state("o2");
  const auto tau_plus = p.parameter("tau_plus", 16.8 * ms, "of r1"), tau_x = p.parameter("tau_x", 101 * ms, "of r2");
  const auto tau_minus = p.parameter("tau_minus", 33.7 * ms, "of o1"), tau_y = p.parameter("tau_y", 125 * ms, "of o2");
  const auto A2_plus = p.parameter("A2_plus", 5e-10, "potentiation by pairs"),
             A3_plus = p.parameter("A3_plus", 6.2e-3, "by triplets");
  const auto A2_minus = p.parameter("A2_minus", 7e-3, "depression by pairs"),
             A3_minus = p.parameter("A3_minus", 2.3e-4, "by triplets");
  const auto w_max = p.parameter("w_max", 1 * nS, "largest weight");
  p.d(r1) = -r1 / tau_plus;
  p.d(r2) = -r2 / tau_x;
  p.d(o1) = -o1 / tau_minus;
  p.d(o2) = -o2 / tau_y;
  p.sends(w);
  p.on_pre(w, clip(w - w_max * o1 * (A2_minus + A3_minus * r2), 0 * nS, w_max));
  p.on_pre(r1, r1 + 1);
  p.on_pre(r2, r2 + 1);
  p.on_post(w, clip(w + w_max * r1 * (A2_plus + A3_plus * o2), 0 * nS, w_max));
  p.on_post(o1, o1 + 1);
  p.on_post(o2, o2 + 1);
  return p;
}

}  // namespace ranvier::models::plasticities
