// Hindmarsh & Rose 1984 (Proc R Soc Lond B 221:87), bursting in three variables; without units, time in ms:
//   dV/dt = y - a V^3 + b V^2 - z + I + I_ext,  dy/dt = c - d V^2 - y,  dz/dt = r (s (V - V_rest) - z)
#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model hindmarsh_rose() {
  Model m{"hindmarsh_rose"};
  m.describe("Hindmarsh-Rose: bursting in three variables without units", "Hindmarsh & Rose 1984 (Proc R Soc Lond B 221:87)");
  const auto [V, y, z] = m.states("V", "y", "z");
  const auto a = m.parameter("a", 1, "coefficient of V^3"), b = m.parameter("b", 3, "coefficient of V^2");
  const auto c = m.parameter("c", 1, "constant drive of y"), d = m.parameter("d", 5, "coefficient of V^2 in y");
  const auto r = m.parameter("r", 0.006, "slowness of z"), s = m.parameter("s", 4, "sensitivity of z to V");
  const auto V_rest = m.parameter("V_rest", -1.6, "where z rests");
  const auto V_th = m.parameter("V_th", 1, "a spike is an upward crossing of it");
  const auto I_ext = m.parameter("I_ext", 0, "constant input");
  const auto I = m.input("I", unitless);
  m.d(V) = (y - a * (V * V * V) + b * (V * V) - z + I + I_ext) / ms;
  m.d(y) = (c - d * (V * V) - y) / ms;
  m.d(z) = r * (s * (V - V_rest) - z) / ms;
  m.threshold(crosses_up(V, V_th));
  m.initial(V, -1.6);
  m.initial(y, -10);
  m.initial(z, 2);
  return m;
}

}  // namespace ranvier::models::neurons
