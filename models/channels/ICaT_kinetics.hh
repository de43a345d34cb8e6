// The kinetics that the T current and, at higher voltages, the high-threshold calcium current share:
// Huguenard & McCormick 1992 (J Neurophysiol 68:1373). The reversal potential is that of the ion Ca, to whose current it adds:
//   I = g_max p^2 q (E_Ca - V), v = V - V_sh; rates of p times 3.55^((T - 297.15 K)/10 K), of q times 3^(...)
//   p_inf = 1/(1 + exp(-(v + 59)/6.2)), tau_p = 1/(exp(-(v + 132)/16.7) + exp((v + 16.8)/18.2)) + 0.612
//   q_inf = 1/(1 + exp((v + 83)/4)),    tau_q = exp((v + 467)/66.6) below -80 mV, else exp(-(v + 22)/10.5) + 28
#pragma once

#include <string>

#include "ranvier/channel.hpp"

namespace ranvier::models::channels {

inline Channel calcium_HM1992(const std::string& name, const std::string& summary, Quantity shift) {
  using namespace units;
  Channel c{name};
  c.describe(summary, "Huguenard & McCormick 1992 (J Neurophysiol 68:1373)");
  const auto g_max = c.parameter("g_max", 2 * mS_per_cm2), V_sh = c.parameter("V_sh", shift);
  const auto T = c.parameter("T", 309.15 * kelvin);
  const auto speed_p = exp(1.2669476034873244 * (T - 297.15 * kelvin) / (10 * kelvin));  // 3.55^((T - 24 C)/10)
  const auto speed_q = exp(1.0986122886681098 * (T - 297.15 * kelvin) / (10 * kelvin));  // 3.0^((T - 24 C)/10)
  const auto v = (c.voltage() - V_sh) / mV;
  const auto p = c.gate("p", Relaxation{1 / (1 + exp(-(v + 59) / 6.2)),
                                        (1 / (exp(-(v + 132) / 16.7) + exp((v + 16.8) / 18.2)) + 0.612) * ms}, speed_p);
  const auto tau_q = where(v >= -80, exp(-(v + 22) / 10.5) + 28, exp((v + 467) / 66.6));
  const auto q = c.gate("q", Relaxation{1 / (1 + exp((v + 83) / 4.0)), tau_q * ms}, speed_q);
  c.current(g_max * (p * p) * q * (c.ion("Ca").reversal - c.voltage()), "Ca");
  return c;
}

}  // namespace ranvier::models::channels
