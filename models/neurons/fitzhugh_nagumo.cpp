// FitzHugh-Nagumo (FitzHugh 1961, Biophys J 1:445; Nagumo et al. 1962), in the usual modern signs; without units, time in ms:
//   dV/dt = V - V^3/3 - w + I + I_ext,  dw/dt = (V + a - b w) / tau;  a spike is an upward crossing of V_th
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model fitzhugh_nagumo() {
  Model m{"fitzhugh_nagumo"};
  m.describe("FitzHugh-Nagumo: excitability in two variables without units",
             "FitzHugh 1961 (Biophys J 1:445); Nagumo et al. 1962 (Proc IRE 50:2061)");
  const auto [V, w] = m.states("V", "w");
  const auto a = m.parameter("a", 0.7, "offset of recovery"), b = m.parameter("b", 0.8, "slope of recovery");
  const auto tau = m.parameter("tau", 12.5 * ms, "time constant of recovery");
  const auto V_th = m.parameter("V_th", 1.8, "a spike is an upward crossing of it");
  const auto I_ext = m.parameter("I_ext", 0, "constant input");
  const auto I = m.input("I", unitless);
  m.d(V) = (V - V * V * V / 3 - w + I + I_ext) / ms;
  m.d(w) = (V + a - b * w) / tau;
  m.threshold(crosses_up(V, V_th));
  m.initial(V, -1.2);  // close to rest
  m.initial(w, -0.625);
  return m;
}

}  // namespace ranvier::models::neurons
