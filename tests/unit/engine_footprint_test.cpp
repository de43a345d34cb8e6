// links: ranvier_engine ranvier_models
// The memory that is foretold is what a simulation then takes.
#include "engine/footprint.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core.hpp"
#include "integrate/build.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/models.hpp"

namespace ranvier {
namespace {

using namespace units;

Network pair_of(const Rule& rule, const std::function<void(Projection&)>& more = [](Projection&) {}) {
  Network net;
  const auto E = net.add("E", models::neuron("lif"), 3000), I = net.add("I", models::neuron("lif"), 700);
  auto p = net.connect(E, I, rule).synapse(exponential(5 * ms, pA)).output(cuba()).weight(1 * pA);
  more(p);
  return net;
}

void expect_foretold(const Network& net, int threads, double tolerance) {
  SCOPED_TRACE(threads);
  const auto program = integrate::build_step_program(net.data(), {});
  const auto foretold = engine::footprint(program, threads, 1);
  SimulationOptions options;
  options.backend = Backend::interpreter;
  options.threads = threads;
  engine::Core core(program, options);
  double synapses = 0, bytes = 0, others = 0;
  for (const auto& [name, p] : foretold.projections) {
    synapses += p.synapses;
    bytes += p.synapse_bytes;
    others += p.other_bytes;
  }
  EXPECT_NEAR(synapses, static_cast<double>(core.synapses()), tolerance * static_cast<double>(core.synapses()));
  // Arrays end on multiples of 64 elements, one a worker.
  const double arrays = 4096.0 * threads;
  EXPECT_NEAR(bytes, static_cast<double>(core.synapse_bytes()), tolerance * static_cast<double>(core.synapse_bytes()) + arrays);
  double state = 0;
  for (const auto& d : core.state().domains) {
    for (const auto& a : d.arrays) state += static_cast<double>(a.bytes());
  }
  for (const auto& r : core.state().rings) state += static_cast<double>(r.bytes());
  for (const auto& p : core.state().plasticity) {
    for (const auto* traces : {&p.pre, &p.post}) {
      for (const auto& t : *traces) state += static_cast<double>(t.bytes());
    }
  }
  double populations = 0;
  for (const auto& [name, bytes_of] : foretold.populations) populations += bytes_of;
  double spikes = 0;
  for (const auto& d : program.domains) spikes += std::ceil(d.size / 64.0) * 64 * 4;
  EXPECT_NEAR(populations - spikes + others, state, 0.02 * state);
  EXPECT_NEAR(foretold.bytes, populations + others + bytes, 1);
  EXPECT_GE(foretold.peak_bytes, foretold.bytes);
}

TEST(Footprint, FixedRulesAreExact) {
  for (const int threads : {1, 3}) {
    expect_foretold(pair_of(fixed_indegree(100)), threads, 0);
    expect_foretold(pair_of(fixed_outdegree(100)), threads, 0);
    expect_foretold(pair_of(all_to_all()), threads, 0);
    expect_foretold(models::network("coba_hh", {{"scale", 0.5}}), threads, 0);
    expect_foretold(models::network("coba_hh_channels", {{"scale", 0.5}}), threads, 0);
  }
}
// 210,000 of 2.1 million pairs: a standard deviation of 0.2%.
TEST(Footprint, BernoulliInTheMean) { expect_foretold(pair_of(bernoulli(0.1)), 2, 0.01); }
TEST(Footprint, WeightsAndDelaysOfSynapses) {
  expect_foretold(pair_of(fixed_indegree(100), [](Projection& p) { p.weight(uniform(1 * pA, 2 * pA)); }), 2, 0);
  expect_foretold(pair_of(fixed_indegree(100), [](Projection& p) { p.delay(uniform(1 * ms, 5 * ms)); }), 2, 0);
}
TEST(Footprint, PlasticSynapses) {
  for (const char* rule : {"stdp_pair", "stdp_triplet", "stp_tsodyks_markram"}) {
    SCOPED_TRACE(rule);
    Network net;
    const auto E = net.add("E", models::neuron("lif"), 1000);
    net.connect(E, E, fixed_indegree(50)).synapse(exponential(5 * ms, nS)).output(coba(0 * mV)).weight(1 * nS).plasticity(models::plasticity(rule));
    expect_foretold(net, 2, 0.02);
  }
}
TEST(Footprint, WhatCannotBeBuiltIsRefused) {
  const auto program = integrate::build_step_program(pair_of(fixed_indegree(5000)).data(), {});
  EXPECT_THROW((void)engine::footprint(program, 1, 1), UserError);
}
TEST(Footprint, NothingLargeIsAllocated) {
  // 16 * 10^12 synapses
  Network net;
  const auto E = net.add("E", models::neuron("lif"), 4'000'000);
  net.connect(E, E, all_to_all()).synapse(exponential(5 * ms, pA)).output(cuba()).weight(1 * pA);
  const auto f = engine::footprint(integrate::build_step_program(net.data(), {}), 1, 1);
  EXPECT_EQ(f.projections.at("E_to_E").synapses, 16e12);
  EXPECT_GT(f.bytes, 64e12);
}

}  // namespace
}  // namespace ranvier
