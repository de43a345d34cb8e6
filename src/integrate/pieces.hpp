// The pieces that methods share: rates at a stage, exponential steps, exact decay.
//
//   NodeId f = rate_at(system, k, {{V, V_mid}});
//   NodeId next = exponential_step(g, x, f, slope, dt);
#pragma once

#include <optional>

#include "integrate/method.hpp"

namespace ranvier::integrate {

/// Right-hand side of state k with held inputs filled in and then symbols replaced by `at`.
[[nodiscard]] ir::NodeId rate_at(const OdeSystem& s, std::size_t k, const ir::Substitution& at);
/// Partial derivative of state k's rate by itself, held inputs kept out of it, then symbols replaced by `at`.
[[nodiscard]] ir::NodeId slope_at(const OdeSystem& s, std::size_t k, const ir::Substitution& at);

/// x + h f exprel(h slope): exact where f is affine in x and all else is frozen.
[[nodiscard]] ir::NodeId exponential_step(ir::Graph& g, ir::NodeId x, ir::NodeId f, ir::NodeId slope, ir::NodeId h);

/// The uniform L if dx/dt = L x exactly (a synaptic decay, say); such a state has a closed form of its own.
[[nodiscard]] std::optional<ir::NodeId> pure_decay(const OdeSystem& s, std::size_t k);
/// x exp(L h), made zero below 1e-30 so that decaying states do not end among the denormal numbers.
[[nodiscard]] ir::NodeId decayed(ir::Graph& g, ir::NodeId x, ir::NodeId slope, ir::NodeId h);

/// The states that `node` reads, ascending. One walk, however many states there are.
[[nodiscard]] std::vector<std::size_t> states_in(const OdeSystem& s, ir::NodeId node);

/// The state after h where that has a closed form: dx/dt = L x + b + sum of c_j x_j, all coefficients free of states and time, and
/// each x_j a pure decay (an alpha or dual exponential synapse, a membrane that such a current drives):
/// x exp(L h) + b h exprel(L h) + sum of c_j x_j h exp(L h) exprel((L_j - L) h), which holds for L_j = L too.
struct Cascade {
  struct Feed {
    ir::NodeId state, slope, coefficient;  ///< x_j, L_j, c_j
  };
  ir::NodeId state, slope, offset;         ///< x, L, b
  std::vector<Feed> feeds;
};
[[nodiscard]] std::optional<Cascade> cascade(const OdeSystem& s, std::size_t k);
[[nodiscard]] ir::NodeId propagated(ir::Graph& g, const Cascade& c, ir::NodeId h);
/// A pure decay or a cascade of shared coefficients without an offset: it ends at 0.
[[nodiscard]] std::optional<ir::NodeId> decayed_after(const OdeSystem& s, std::size_t k, ir::NodeId h);

/// Map state symbol -> value, and t -> time where given.
[[nodiscard]] ir::Substitution stage(const OdeSystem& s, const std::vector<ir::NodeId>& values, ir::NodeId time = ir::no_node);
/// The states' own symbols.
[[nodiscard]] std::vector<ir::NodeId> symbols(const OdeSystem& s);

[[nodiscard]] std::optional<std::string> accepts_all(const OdeSystem& s);  ///< refuses only stochastic systems

}  // namespace ranvier::integrate
