// Reward-modulated STDP: an eligibility trace of each synapse, and a shared signal that turns it into a change.
#include "ranvier/plasticity.hpp"

namespace ranvier::models::plasticities {

using namespace ranvier::units;

/// Izhikevich 2007, eqs. 1 and 2: dc/dt = -c/tau_c + STDP at spikes, dw/dt = c * dopamine. `dopamine` is a parameter:
/// set it between runs, or in a callback, as "PROJECTION.dopamine". w is brought into [0, w_max] at the synapse's
/// events.
Plasticity stdp_reward() {
  Plasticity p{"stdp_reward"};
  p.describe("reward-modulated plasticity with an eligibility trace",
             "Izhikevich 2007, Cerebral Cortex 17:2443, eqs. 1-2");
  const auto w = p.weight("w", nS), c = p.state("c", nS);
  const auto x = p.pre_state("x"), y = p.post_state("y");
  const auto tau_plus = p.parameter("tau_plus", 20 * ms, "time constant of potentiation");
  const auto tau_minus = p.parameter("tau_minus", 20 * ms, "time constant of depression");
  const auto tau_c = p.parameter("tau_c", 1000 * ms, "time constant of the eligibility trace");
  const auto A_plus = p.parameter("A_plus", 0.1 * nS, "rise of c by a pair pre before post");
  const auto A_minus = p.parameter("A_minus", 0.15 * nS, "fall of c by a pair post before pre");
  const auto dopamine = p.parameter("dopamine", 0 * Hz, "shared signal: change of w in c per time");
  const auto w_max = p.parameter("w_max", 4 * nS, "largest weight");
  p.d(x) = -x / tau_plus;
  p.d(y) = -y / tau_minus;
  p.d(c) = -c / tau_c;
  p.d(w) = dopamine * c;
  p.on_pre(w, clip(w, 0 * nS, w_max));
  p.sends(w);
  p.on_pre(x, x + 1);
  p.on_pre(c, c - A_minus * y);
  p.on_post(w, clip(w, 0 * nS, w_max));
  p.on_post(y, y + 1);
  p.on_post(c, c + A_plus * x);
  return p;
}

}  // namespace ranvier::models::plasticities
