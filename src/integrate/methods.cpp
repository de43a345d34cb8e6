#include "integrate/method.hpp"

#include <utility>

#include "model/model_data.hpp"
#include "ranvier/error.hpp"

namespace ranvier::integrate {

const std::vector<Method>& methods() {
  static const std::vector<Method> table{exact, exp_staggered, exp_midpoint, exp_euler, rk4, midpoint, heun, euler, euler_maruyama, milstein};
  return table;
}

const Method& find_method(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& m : methods()) {
    if (m.name == name) return m;
    known.emplace_back(m.name);
  }
  // What other simulators call them.
  static constexpr std::pair<std::string_view, const char*> elsewhere[] = {{"exponential_euler", "exp_euler"},
                                                                           {"exp_auto", "exp_euler"},
                                                                           {"exponential", "exp_euler"},
                                                                           {"cnexp", "exp_euler"},
                                                                           {"linear", "exact"},
                                                                           {"independent", "exact"},
                                                                           {"rk2", "midpoint"}};
  for (const auto& [other, ours] : elsewhere) {
    if (other == name)
      throw UserError("method", "there is no integration method '" + std::string(name) + "'",
                      std::string("it is called ") + ours + " here");
  }
  throw UserError("method", "there is no integration method '" + std::string(name) + "'",
                  detail::suggest(std::string(name), known));
}

const Method& default_method(const OdeSystem& system) {
  if (system.stochastic) return euler_maruyama;
  for (const auto* candidate : {&exact, &exp_staggered}) {
    if (!candidate->refuses(system)) return *candidate;
  }
  return exp_midpoint;
}

}  // namespace ranvier::integrate
