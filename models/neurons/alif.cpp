// Leaky integrate-and-fire neuron with an adaptive threshold (Bellec et al. 2020, Nat Commun 11:3625, whose steps it has in continuous time); no units:
//   tau dV/dt = -V + I + I_ext,  tau_a da/dt = -a;  V >= V_th + beta a: V = V - V_th, a = a + 1, and no spike for tau_ref
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model alif() {
  Model m{"alif"};
  m.describe("leaky integrate-and-fire with an adaptive threshold, without units", "Bellec et al. 2020 (Nat Commun 11:3625)");
  const auto [V, a] = m.states("V", "a");
  const auto V_th = m.parameter("V_th", 1.0, "threshold at rest; what a spike takes from V");
  const auto beta = m.parameter("beta", 1.6, "what a spike adds to the threshold");
  const auto tau = m.parameter("tau", 20 * ms, "membrane time constant"), tau_a = m.parameter("tau_a", 2000 * ms, "time constant of the threshold");
  const auto tau_ref = m.parameter("tau_ref", 0 * ms, "refractory period, in which V goes on");
  const auto I_ext = m.parameter("I_ext", 0.0, "constant input");
  const auto I = m.input("I", unitless);
  m.d(V) = (I + I_ext - V) / tau;
  m.d(a) = -a / tau_a;
  m.threshold(V >= V_th + beta * a);
  m.reset(V, V - V_th);
  m.reset(a, a + 1);
  m.refractory(tau_ref, {});
  return m;
}

}  // namespace ranvier::models::neurons
