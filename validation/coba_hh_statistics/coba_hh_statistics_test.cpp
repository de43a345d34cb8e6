// COBA-HH against BrainPy's and Brian2's statistics. See README.md.
#include <gtest/gtest.h>

#include <cstdio>

#include "coba_hh_neuron.hpp"
#include "network_statistics.hpp"
#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

constexpr int seeds = 32;

struct Both {
  Samples E, I;
};

Both run(const Network& net, const SimulationOptions& base) {
  Both out;
  for (int seed = 1; seed <= seeds; ++seed) {
    auto options = base;
    options.seed = static_cast<std::uint64_t>(seed);
    Simulation sim(net, options);
    const auto e = sim.record(SpikesRef{"E"}), i = sim.record(SpikesRef{"I"});
    sim.run(1000 * ms);
    out.E.add(estimate(*e));
    out.I.add(estimate(*i));
  }
  return out;
}

TEST(CobaHhStatistics, FixedOutDegreeInF64LikeBrainPy) {
  const auto ours = run(models::find("coba_hh").build({}), {.method = "exp_euler", .precision = Precision::f64});
  judge("E", ours.E, {{37.25421, 0.76467, 8}, {2.06404, 0.02278, 8}, {8.97997, 2.64905, 8}}, 0.10);
  judge("I", ours.I, {{37.23611, 0.48104, 8}, {2.07019, 0.03113, 8}, {1.03814, 0.1833, 8}}, 0.05);
}

TEST(CobaHhStatistics, FixedOutDegreeInF32LikeBrainPy) {
  const auto ours = run(models::find("coba_hh").build({}), {.method = "exp_euler", .precision = Precision::f32});
  judge("E", ours.E, {{36.55208, 1.32016, 8}, {2.03505, 0.03301, 8}, {8.27335, 1.45343, 8}}, 0.10);
  judge("I", ours.I, {{36.95868, 0.80688, 8}, {2.01081, 0.02538, 8}, {0.9877, 0.11154, 8}}, 0.05);
}

/// The neurons [first, last) of a recorder, numbered from 0.
SpikeRecord part(const SpikeRecord& all, std::uint32_t first, std::uint32_t last) {
  SpikeRecord out(all.population(), last - first, 0.1);
  for (std::size_t k = 0; k < all.count(); ++k) {
    const std::uint32_t id = all.ids()[k];
    if (id < first || id >= last) continue;
    const std::uint32_t own[] = {id - first};
    out.append(all.stamps()[k], own);
  }
  return out;
}

/// The formulations of one group: E are its first 3,200 neurons.
Both run_group(const char* name) {
  Both out;
  for (int seed = 1; seed <= seeds; ++seed) {
    Simulation sim(models::find(name).build({}), {.method = "exp_euler", .precision = Precision::f64, .seed = static_cast<std::uint64_t>(seed)});
    const auto all = sim.record(SpikesRef{"N"});
    sim.run(1000 * ms);
    out.E.add(estimate(part(*all, 0, 3200)));
    out.I.add(estimate(part(*all, 3200, 4000)));
  }
  return out;
}

TEST(CobaHhStatistics, ChannelsInF64LikeBrainPy) {
  const auto ours = run_group("coba_hh_channels");
  judge("E", ours.E, {{37.8692, 2.29135, 24}, {2.04093, 0.0367, 24}, {11.82666, 2.65866, 24}}, 0.10);
  judge("I", ours.I, {{37.35978, 1.13848, 24}, {2.01611, 0.04799, 24}, {1.19017, 0.21948, 24}}, 0.05);
}

TEST(CobaHhStatistics, ProjectionsInF64LikeBrainPy) {
  const auto ours = run_group("coba_hh_projections");
  judge("E", ours.E, {{36.0912, 2.29454, 23}, {2.00956, 0.0448, 23}, {10.90595, 2.42049, 23}}, 0.10);
  judge("I", ours.I, {{35.64505, 1.07646, 23}, {2.00028, 0.05796, 23}, {1.16015, 0.22779, 23}}, 0.05);
}

TEST(CobaHhStatistics, BernoulliWiringLikeBrian2) {
  Network net;
  const auto neuron = coba_hh_neuron(InputKind::inside);
  const auto E = net.add("E", neuron, 3200), I = net.add("I", neuron, 800);
  for (auto p : {E, I}) p["V"] = -60 * mV + (5 * mV * randn() - 5 * mV);
  for (const auto& post : {E, I}) {
    net.connect(E, post, bernoulli(0.02)).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(6 * nS);
    net.connect(I, post, bernoulli(0.02)).synapse(exponential(10 * ms)).output(coba(-80 * mV)).weight(67 * nS);
  }
  const auto ours = run(net, {.method = "exp_euler", .precision = Precision::f64});
  judge("E", ours.E, {{37.44262, 2.3283, 8}, {2.04535, 0.02997, 8}, {12.43139, 3.37425, 8}}, 0.10);
  judge("I", ours.I, {{36.71684, 0.95045, 8}, {2.03409, 0.0539, 8}, {1.29788, 0.19933, 8}}, 0.05);
}

}  // namespace
