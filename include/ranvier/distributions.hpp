// Random and space-dependent values as expressions: for weights, delays, parameters and initial values. Every draw is counted by
// what it belongs to (a neuron; the source and target of a synapse), so it is the same for every number of workers.
//
//   E.set("tau", normal(20 * ms, 2 * ms));
//   net.connect(E, I, bernoulli(0.1)).weight(lognormal(2 * nS, 1 * nS)).delay(uniform(1 * ms, 5 * ms));
//   net.connect(E, E, all_to_all()).weight(6 * nS * exp(-distance() / (100 * um)));
#pragma once

#include "ranvier/expr.hpp"

namespace ranvier {

/// The same value everywhere.
Expr constant(Quantity value);
/// Uniform in [low, high). UnitError unless both have one unit; UserError if both are numbers and low > high.
Expr uniform(const Expr& low, const Expr& high);
/// Normal. UserError if `sd` is a number and negative.
Expr normal(const Expr& mean, const Expr& sd);
/// Normal, truncated to [low, high]: as if drawn again until it falls inside, by inversion (Wichura 1988, AS 241). UserError unless
/// sd > 0 and low < high, or if less than 1e-300 of the normal law lies between them.
Expr normal(Quantity mean, Quantity sd, Quantity low, Quantity high);
/// Log-normal with this mean and standard deviation (of the values, not of their logarithms). UserError if they are numbers and
/// mean <= 0 or sd < 0.
Expr lognormal(const Expr& mean, const Expr& sd);
/// median * exp(sigma * z), z standard normal: log-normal by its median and the standard deviation of the logarithm.
Expr lognormal_median(const Expr& median, const Expr& sigma);
/// Exponentially distributed with this mean. (`exponential` is the synapse.)
Expr exponential_random(const Expr& mean);
/// Gamma distributed with this shape and mean (Marsaglia and Tsang 2000, sixteen tries: the chance that all are refused is under
/// 1e-20). UserError unless shape > 0.
Expr gamma_random(double shape, const Expr& mean);

/// Distance between the source and the target of a synapse [um]; for weights, delays and connection probabilities of projections
/// between populations that have positions. Periodic axes count the shorter way round.
Expr distance();
/// Coordinate of the neuron on an axis 0, 1 or 2 [um]; for initial values and parameters of populations that have positions.
Expr position(int axis);
/// The neuron's number in its population, from 0; for initial values and parameters.
Expr neuron_index();
/// The numbers of a synapse's source and target within the two views; for weights and delays.
Expr source_index();
Expr target_index();
/// peak * exp(-distance()^2 / (2 sigma^2)).
Expr gaussian_decay(const Expr& peak, const Expr& sigma);
/// Difference of Gaussians ("Mexican hat"): peak * exp(-d^2 / (2 sigma^2)) - surround_peak * exp(-d^2 / (2 surround_sigma^2)).
Expr dog_decay(const Expr& peak, const Expr& sigma, const Expr& surround_peak, const Expr& surround_sigma);

}  // namespace ranvier
