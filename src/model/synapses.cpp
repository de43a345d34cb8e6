#include "ranvier/synapses.hpp"

namespace ranvier {

Model delta(const std::string& state, Unit unit, WhileRefractory during) {
  Model m{"delta"};
  m.describe("an arrival adds its weight to the target's voltage", "Brette et al. 2007 (J Comput Neurosci 23:349), benchmark 4");
  m.jumps(state, unit, during);
  return m;
}

Model presynaptic(const std::string& state, Unit unit) {
  Model m{"presynaptic"};
  m.describe("sends a state of the source neuron as it is", "");
  m.sends(m.pre(state, unit));
  return m;
}

Output gap_junction(const std::string& voltage) {
  Output out{"gap_junction"};
  out.describe("electrical coupling", "sum of w_ij (V_j - V_i)");
  const auto sum = out.synaptic(units::pA), weights = out.total_weight(units::nS), v = out.post(voltage, units::mV);
  out.current(sum - weights * v);
  return out;
}

Rule symmetric(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b, const std::vector<double>& weight) {
  PairList list{a, b, weight, {}, "symmetric list"};
  list.pre.insert(list.pre.end(), b.begin(), b.end());
  list.post.insert(list.post.end(), a.begin(), a.end());
  list.weight.insert(list.weight.end(), weight.begin(), weight.end());
  return explicit_list(std::move(list));
}

}  // namespace ranvier
