// Difference of two exponentials, of peak 1 for one spike of weight 1; at equal time constants the alpha function, its limit.
// Dayan & Abbott 2001, Theoretical Neuroscience, eqs. 5.33 and 5.34. As the chain h -> g it holds at equal time constants too.
#include "ranvier/models.hpp"

namespace ranvier::models::synapses {

using namespace ranvier::units;

Model dual_exponential() {
  Model m{"dual_exponential"};
  m.describe("rise and decay, peak 1", "Dayan & Abbott 2001, Theoretical Neuroscience, eqs. 5.33 and 5.34");
  const auto h = m.state("h"), g = m.state("g");
  const auto tau_rise = m.parameter("tau_rise", 1 * ms, "rise time constant");
  const auto tau_decay = m.parameter("tau_decay", 10 * ms, "decay time constant");
  // The chain's response to h = 1 peaks at tau_decay r^(1/(1-r)) with r = tau_rise/tau_decay: exp(-log(r)/(1-r)) for the inverse,
  // where log(1+u)/u with u = r - 1 is 1 - u/2 + u^2/3 near 0.
  const Expr u = tau_rise / tau_decay - 1;
  const Condition equal = abs(u) < 1e-5;
  const Expr quotient = where(equal, 1 - u / 2 + u * u / 3, log1p(u) / where(equal, 1, u));
  const Expr norm = m.let("norm", exp(quotient) / tau_decay);
  m.d(h) = -h / tau_rise;
  m.d(g) = norm * h - g / tau_decay;
  m.receives(h);
  m.sends(g);
  return m;
}

}  // namespace ranvier::models::synapses
