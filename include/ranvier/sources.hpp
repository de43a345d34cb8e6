// Sources of spikes as models of populations, and what can be added to any neuron model: Poisson arrivals, noise currents, clamps.
//
//   auto P = net.add("P", poisson_source(20 * Hz), 1000);                      // P.set("rate", rates, Hz): one each
//   auto S = net.add("S", spike_source({{0, 2}, {1.5, 3.0}}), 3);
//   Model cell = with_poisson_input(lif, "V", 800, 5 * Hz, 0.1 * mV);          // 800 trains into each neuron, no connectivity
//   cell = with_ou_current(cell, "I", 0 * pA, 50 * pA, 5 * ms);                // also white, from an array, clamps
#pragma once

#include <string>

#include "ranvier/model.hpp"

namespace ranvier {

// Populations. Each is a model without equations; any of them is the source of projections.

/// In each step each neuron spikes with probability `rate` dt, independently (a rate above 1/dt spikes in every step). Parameter "rate":
/// shared, or one for each neuron. UserError for a negative or unfinite rate.
[[nodiscard]] Model poisson_source(Quantity rate);
/// The same with rates over time, for all neurons or for each.
[[nodiscard]] Model poisson_source(const TimeArray& rates);
/// Spikes at start, start + period, ... rounded up to the next stamp; one at 0 is left out, as no step ends there. Parameters "period" and "start", shared or one for each neuron.
[[nodiscard]] Model regular_source(Quantity period, Quantity start);
/// Spikes as the list says; see SpikeTrain for times off the grid and Model::emits() for errors.
[[nodiscard]] Model spike_source(SpikeTrain spikes);

// Additions to a model of a neuron: the model is copied. `name` prefixes what is added, so that several of a kind can be told apart.

/// In each step `state` grows by `weight` times a Poisson count of mean n rate dt: what n Poisson trains of that rate would deliver, with
/// no connectivity. Parameters NAME_n, NAME_rate, NAME_weight. A state that is frozen by refractoriness misses what arrives.
[[nodiscard]] Model with_poisson_input(Model model, const std::string& state, double n, Quantity rate, Quantity weight,
                                       const std::string& name = "poisson");
/// Adds white noise to an input, constant over each step: normal of deviation sigma sqrt(per/dt), so that `sigma` is the deviation of its
/// mean over `per`. State NAME, parameters NAME_sigma, NAME_per. For any method.
[[nodiscard]] Model with_white_current(Model model, const std::string& input, Quantity sigma, Quantity per = 1 * units::ms,
                                       const std::string& name = "white");
/// Adds an Ornstein-Uhlenbeck process of this mean, stationary deviation and time constant to an input; advanced by its exact law
/// (Gillespie 1996, Phys. Rev. E 54:2084, eq. 3.1), constant over each step. State NAME, parameters NAME_mean, NAME_sigma, NAME_tau.
[[nodiscard]] Model with_ou_current(Model model, const std::string& input, Quantity mean, Quantity sigma, Quantity tau,
                                    const std::string& name = "ou");
/// Current clamp: adds values over time to an input.
[[nodiscard]] Model with_current(Model model, const std::string& input, const TimeArray& values, const std::string& name = "clamp");
/// Voltage clamp through an electrode: adds g (command - voltage) to an input. Parameter NAME_g.
[[nodiscard]] Model with_voltage_clamp(Model model, const std::string& input, const TimeArray& command, Quantity conductance,
                                       const std::string& voltage = "V", const std::string& name = "clamp");

}  // namespace ranvier
