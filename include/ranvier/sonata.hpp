// Networks as SONATA folders (github.com/AllenInstitute/sonata): nodes, edges, types, circuit configuration. What is saved is the
// network as it was wired and started, so that it can be run again, or by another program, without its rules and random numbers.
//
//   save_sonata(net, "circuit", {.dt = 0.1 * ms, .seed = 7});
//   Network again = load_sonata("circuit", {.neuron = [](const std::string&) { return hh(); },
//                                           .synapse = [](const std::string&) { return exponential(5 * ms); },
//                                           .output = [](const std::string&) { return coba(0 * mV); }});
//   Simulation sim{again, {.dt = 0.1 * ms}};   // the spikes of the network that was saved
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "ranvier/network.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier {

/// Writes into `folder`, which is made if need be: circuit_config.json, nodes.h5 (initial values of all states and parameters that
/// differ between neurons, in dynamics_params), node_types.csv, edges_NAME.h5 and edge_types_NAME.csv for each projection, and the
/// shared parameters in components/*.json. Values are in mV, ms, pA, nS, pF. `options`: dt, seed, precision of the run that is meant
/// (its backend, threads and recordings do not matter).
/// UserError: the folder cannot be written, or the network cannot be simulated. UnsupportedError: what SONATA has no place for.
void save_sonata(const Network& network, const std::filesystem::path& folder, SimulationOptions options = {});

/// Where the equations come from: SONATA names models, and does not hold them. Given the name ("hh" of the template "ranvier:hh");
/// what they throw is passed on.
struct SonataModels {
  std::function<Model(const std::string&)> neuron, synapse;
  std::function<Output(const std::string&)> output;
};

/// The network that was saved: same populations, parameters, initial values and synapses, in the same order; run with the dt, method
/// and precision that it was saved with, it has the same spikes and checksum. UserError that names the file: missing or no SONATA,
/// another version, a dataset or column missing, an id out of range, a model without the states or parameters in the file.
[[nodiscard]] Network load_sonata(const std::filesystem::path& folder, const SonataModels& models);

}  // namespace ranvier
