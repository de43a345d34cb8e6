// Exact mean field of quadratic integrate-and-fire neurons whose inputs are spread as a Lorentzian (Montbrio, Pazo & Roxin 2015, Phys Rev X 5:021028);
// rate r in 1/ms, mean voltage v without unit, no spikes:
//   tau dr/dt = delta / (pi tau) + 2 r v,  tau dv/dt = v^2 + eta + J tau r + I + I_ext - (pi tau r)^2
#include <numbers>

#include "ranvier/models.hpp"

namespace ranvier::models::neurons {

using namespace ranvier::units;

Model qif_mean_field() {
  Model m{"qif_mean_field"};
  m.describe("mean field of quadratic integrate-and-fire neurons: rate and mean voltage, without spikes", "Montbrio, Pazo & Roxin 2015 (Phys Rev X 5:021028)");
  const auto r = m.state("r", kHz);
  const auto v = m.state("v");
  const auto tau = m.parameter("tau", 1 * ms, "membrane time constant");
  const auto eta = m.parameter("eta", -5.0, "centre of the neurons' excitabilities"), delta = m.parameter("delta", 1.0, "half their width");
  const auto J = m.parameter("J", 15.0, "synaptic weight");
  const auto I_ext = m.parameter("I_ext", 0.0, "constant input");
  const auto I = m.input("I", unitless);
  const double pi = std::numbers::pi;
  const auto x = m.let("x", tau * r);
  m.d(r) = (delta / (pi * tau) + 2 * r * v) / tau;
  m.d(v) = (v * v + eta + J * x + I + I_ext - (pi * x) * (pi * x)) / tau;
  m.initial(r, 0.1 * kHz);
  m.initial(v, -2.0);
  return m;
}

}  // namespace ranvier::models::neurons
