// Wilson & Cowan 1972 (Biophys J 12:1): activities e and i of an excitatory and an inhibitory population, without units or spikes:
//   tau_e de/dt = -e + (1 - r e) S(w_ee e - w_ie i + I + I_ext; a_e, theta_e),  tau_i di/dt = -i + (1 - r i) S(w_ei e - w_ii i + I_inh; a_i, theta_i)
//   S(x; a, theta) = 1/(1 + exp(-a (x - theta))) - 1/(1 + exp(a theta))
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model wilson_cowan() {
  Model m{"wilson_cowan"};
  m.describe("Wilson-Cowan: an excitatory and an inhibitory rate unit, without spikes", "Wilson & Cowan 1972 (Biophys J 12:1)");
  const auto [e, i] = m.states("e", "i");
  const auto tau_e = m.parameter("tau_e", 1 * ms, "time constant of e"), tau_i = m.parameter("tau_i", 1 * ms, "time constant of i");
  const auto a_e = m.parameter("a_e", 1.2, "gain of e"), a_i = m.parameter("a_i", 1.0, "gain of i");
  const auto theta_e = m.parameter("theta_e", 2.8, "threshold of e"), theta_i = m.parameter("theta_i", 4.0, "threshold of i");
  const auto w_ee = m.parameter("w_ee", 12.0, "from e to e"), w_ie = m.parameter("w_ie", 4.0, "from i to e");
  const auto w_ei = m.parameter("w_ei", 13.0, "from e to i"), w_ii = m.parameter("w_ii", 11.0, "from i to i");
  const auto r = m.parameter("r", 1.0, "refractoriness");
  const auto I_ext = m.parameter("I_ext", 0.0, "constant input of e"), I_inh = m.parameter("I_inh", 0.0, "constant input of i");
  const auto I = m.input("I", unitless);
  const auto S = [](const Expr& x, const Expr& a, const Expr& theta) { return 1 / (1 + exp(-a * (x - theta))) - 1 / (1 + exp(a * theta)); };
  m.d(e) = ((1 - r * e) * S(w_ee * e - w_ie * i + I + I_ext, a_e, theta_e) - e) / tau_e;
  m.d(i) = ((1 - r * i) * S(w_ei * e - w_ii * i + I_inh, a_i, theta_i) - i) / tau_i;
  m.initial(e, 0.05);
  m.initial(i, 0.05);
  return m;
}

}  // namespace ranvier::models::neurons
