// The networks that benchmarks run: COBA-HH of the library, and simulations of it with one choice changed.
//
//   auto sim = bench::simulation(bench::coba_hh({{"p", 0.0}}), {.method = "exp_staggered"});
#pragma once

#include <cstdint>
#include <vector>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

namespace bench {

inline ranvier::Network coba_hh(const ranvier::models::Settings& settings = {}) {
  return ranvier::models::find("coba_hh").build(settings);
}

/// 80 targets a neuron at every size; without synapses (but with the same kernels) for targets = false.
inline ranvier::Network coba_hh_of_size(std::uint32_t neurons, bool targets = true) {
  ranvier::models::Settings s{{"scale", neurons / 4000.0}};
  if (targets) {
    s["targets"] = 80.0;
  } else {
    s["p"] = 0.0;
  }
  return coba_hh(s);
}

inline ranvier::SimulationOptions one_core(std::string method = "exp_euler",
                                           ranvier::Precision precision = ranvier::Precision::f32, int lanes = 0) {
  ranvier::SimulationOptions o;
  o.method = std::move(method);
  o.precision = precision;
  o.lanes = lanes;
  o.threads = 1;
  return o;
}

/// Mean rates of E and I [Hz] since the simulation began.
struct Rates {
  double E = 0, I = 0;
};
inline Rates rates(const ranvier::Simulation& sim) {
  const auto counts = sim.spike_counts();
  const auto& sizes = sim.info().population_sizes;
  const double seconds = sim.time_ms() / 1000;
  const auto rate = [&](const char* p) {
    return static_cast<double>(counts.at(p)) / static_cast<double>(sizes.at(p)) / seconds;
  };
  return {rate("E"), rate("I")};
}

}  // namespace bench
