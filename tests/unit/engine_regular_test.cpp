// links: ranvier_engine ranvier_models
// Callbacks every n steps, inputs set from outside, parameters changed between runs: exact steps, the same bits however the time is cut.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_networks.hpp"
#include "message.hpp"

namespace {

Network busy() {
  Network net;
  auto p = net.add("P", driven_lif(), 300);
  net.connect(p, p, bernoulli(0.05)).synapse(exponential(3 * ms)).output(coba(-70 * mV)).weight(1 * nS).delay(0.4 * ms);
  return net;
}

TEST(Every, IsCalledAtItsStepsInOrder) {
  Simulation sim(busy(), {.dt = 0.1 * ms, .threads = 2});
  std::vector<std::pair<char, std::uint64_t>> calls;
  sim.every(1 * ms, [&](Simulation& s) { calls.emplace_back('a', s.steps()); });
  const auto b = sim.every_steps(5, [&](Simulation& s) { calls.emplace_back('b', s.steps()); }, 10);
  sim.every(1.5 * ms, [&](Simulation& s) { calls.emplace_back('c', s.steps()); }, 1.5 * ms);
  sim.run(1 * ms);  // the calls of 1 ms are left to the next run
  EXPECT_EQ(calls, (std::vector<std::pair<char, std::uint64_t>>{{'a', 0}}));
  sim.run(0.6 * ms);
  EXPECT_EQ(calls, (std::vector<std::pair<char, std::uint64_t>>{{'a', 0}, {'a', 10}, {'b', 10}, {'b', 15}, {'c', 15}}));
  sim.cancel(b);
  sim.cancel(99);
  calls.clear();
  for (int k = 0; k < 15; ++k) sim.step();
  EXPECT_EQ(calls, (std::vector<std::pair<char, std::uint64_t>>{{'a', 20}, {'a', 30}, {'c', 30}}));
  calls.clear();
  sim.reset();
  sim.run(1.1 * ms);
  EXPECT_EQ(calls, (std::vector<std::pair<char, std::uint64_t>>{{'a', 0}, {'a', 10}}));
}

/// A drive that follows what it sees: any difference in timing or order would show.
struct Outcome {
  std::uint64_t checksum;
  std::vector<double> v, recorded;
  bool operator==(const Outcome&) const = default;
};
Outcome driven(int threads, const std::vector<double>& cuts, int lanes = 0) {
  Simulation sim(busy(), {.dt = 0.1 * ms, .threads = threads, .lanes = lanes});
  const auto mean = sim.record("P.V", {.every = 3, .reduce = Reduce::mean});
  sim.every(0.7 * ms, [](Simulation& s) {
    double sum = 0;
    for (const double v : s.get("P", "V")) sum += v;
    s.set("P.drive", (20 - (sum / 300 + 55)) * mV);
  });
  sim.every_steps(13, [](Simulation& s) {
    auto v = s.get("P", "V");
    v[s.steps() % 300] += 3;
    s.set("P", "V", v);
  });
  for (const double t : cuts) sim.run(t * ms);
  return {sim.checksum(), sim.get("P", "V"), mean->values()};
}

TEST(Every, GivesTheSameBitsForAnyCutOfTimeAndAnyThreads) {
  const auto whole = driven(1, {40});
  EXPECT_EQ(driven(2, {40}), whole);
  EXPECT_EQ(driven(3, {0.1, 0.6, 0.7, 13.9, 0, 24.7}), whole);
  EXPECT_EQ(driven(1, std::vector<double>(400, 0.1)), whole);
  EXPECT_EQ(driven(1, {40}, 1), whole);
}

TEST(Every, WhatItSetsTakesEffectInTheStepThatBeginsThere) {
  Network net;
  net.add("P", summing(), 1).external("I");
  Simulation sim(net, {.dt = 0.5 * ms, .method = "euler", .threads = 1});
  const auto v = sim.record("P.V");
  sim.every(1 * ms, [](Simulation& s) { s.set_input("P.I", (s.steps() == 2 ? 4.0 : 0.0) * pA); });
  sim.run(2.5 * ms);
  // dV/dt = I: 4 mV/ms from 1 ms to 2 ms
  EXPECT_EQ(v->values(), (std::vector<double>{0, 0, 0, 2, 4, 4}));
}

TEST(Every, RefusesWhatCannotBe) {
  Simulation sim(busy(), {.dt = 0.1 * ms, .threads = 1});
  EXPECT_NE(message([&] { sim.every(0 * ms, [](Simulation&) {}); }).find("the interval is 0 ms"), std::string::npos);
  EXPECT_NE(message([&] { sim.every(0.25 * ms, [](Simulation&) {}); }).find("not a multiple of dt"), std::string::npos);
  EXPECT_NE(message([&] { sim.every(-1 * ms, [](Simulation&) {}); }).find("finite time"), std::string::npos);
  EXPECT_NE(message([&] { sim.every(1 * mV, [](Simulation&) {}); }).find("must be in"), std::string::npos);
  EXPECT_NE(message([&] { sim.every(1 * ms, {}); }).find("no function"), std::string::npos);
  EXPECT_NE(message([&] { sim.every_steps(0, [](Simulation&) {}); }).find("0 steps"), std::string::npos);
  const auto id = sim.every(1 * ms, [](Simulation& s) { s.run(1 * ms); });
  EXPECT_NE(message([&] { sim.run(1 * ms); }).find("called from a callback"), std::string::npos);
  EXPECT_EQ(sim.steps(), 0u);
  sim.run(1 * ms);  // it is not called again for that step
  EXPECT_EQ(sim.steps(), 10u);
  sim.cancel(id);
  sim.run(1 * ms);
  EXPECT_EQ(sim.steps(), 20u);
}

TEST(Every, GoesBackWithARestore) {
  Simulation sim(busy(), {.dt = 0.1 * ms, .threads = 1});
  std::vector<std::uint64_t> calls;
  sim.every(1 * ms, [&](Simulation& s) { calls.push_back(s.steps()); });
  sim.every_steps(25, [&](Simulation& s) {
    if (s.steps() == 25) s.store("inside");
  });
  sim.run(4 * ms);
  const auto end = sim.checksum();
  calls.clear();
  sim.restore("inside");
  sim.run(1.5 * ms);
  EXPECT_EQ(calls, (std::vector<std::uint64_t>{30}));
  EXPECT_EQ(sim.checksum(), end);
}

// ---------------------------------------------------------------------------------------------------------------------- inputs

TEST(Inputs, AreSetPerStepWithoutCompiling) {
  Network net;
  auto p = net.add("P", summing(), 3), q = net.add("Q", once(), 1);
  net.connect(q, p, all_to_all()).synapse(exponential(1e9 * ms, pA)).output(cuba()).weight(2 * pA);
  p.external("I");
  Simulation sim(net, {.dt = 1 * ms, .method = "euler", .threads = 1});
  const int compiled = sim.info().kernels_compiled + sim.info().kernels_cached;
  sim.set_input("P.I", {1, 2, 3}, nA);
  sim.step();  // Q spikes at 1 ms: 2 pA from then on
  EXPECT_EQ(sim.get("P", "V"), (std::vector<double>{1000, 2000, 3000}));
  sim.set_input("P.I", 0 * pA);
  sim.step();
  EXPECT_EQ(sim.get("P", "V"), (std::vector<double>{1002, 2002, 3002}));
  EXPECT_EQ(sim.info().kernels_compiled + sim.info().kernels_cached, compiled);
  sim.set_input("P.I", 5 * pA);
  sim.reset();  // an input keeps what was set, as parameters do
  sim.step();
  EXPECT_EQ(sim.get("P", "V")[0], 5);
}

TEST(Inputs, SayWhatIsWrong) {
  Network net;
  auto p = net.add("P", driven_lif(), 4);
  EXPECT_NE(message([&] { p.external("J"); }).find("there is no input 'J'"), std::string::npos);
  Simulation closed(net, {.threads = 1});
  EXPECT_NE(message([&] { closed.set_input("P.I", 1 * pA); }).find("external(\"I\")"), std::string::npos);
  p.external("I");
  Simulation sim(net, {.threads = 1});
  EXPECT_NE(message([&] { sim.set_input("P.J", 1 * pA); }).find("'I'"), std::string::npos);
  EXPECT_NE(message([&] { sim.set_input("R.I", 1 * pA); }).find("no population 'R'"), std::string::npos);
  EXPECT_NE(message([&] { sim.set_input("P.I", 1 * mV); }).find("must be in"), std::string::npos);
  EXPECT_NE(message([&] { sim.set_input("P.I", {1, 2}, pA); }).find("2 values for 4"), std::string::npos);
  EXPECT_NE(message([&] { sim.set_input("P.I", std::nan("") * pA); }).find("not finite"), std::string::npos);
}

// ------------------------------------------------------------------------------------------------------------------ parameters

TEST(Parameters, ChangeBetweenRunsWithoutCompiling) {
  auto cache = kernel_cache();
  const auto run = [&](double drive, Simulation* reuse) {
    Network net = busy();
    net.set("P.drive", drive * mV);
    net.set("P_to_P.weight", drive * 0.1 * nS);
    if (reuse) {
      reuse->reset();
      reuse->set("P.drive", drive * mV);
      reuse->set("P_to_P.weight", drive * 0.1 * nS);
      reuse->run(20 * ms);
      return reuse->checksum();
    }
    Simulation sim(net, {.threads = 1, .disk_cache = false, .kernels = cache});
    sim.run(20 * ms);
    return sim.checksum();
  };
  Simulation sim(busy(), {.threads = 1, .disk_cache = false, .kernels = cache});
  EXPECT_EQ(sim.info().kernels_compiled, 1);
  for (const double drive : {17.0, 19.3, 25.0}) EXPECT_EQ(run(drive, &sim), run(drive, nullptr)) << drive;
  Simulation again(busy(), {.threads = 1, .disk_cache = false, .kernels = cache});
  EXPECT_EQ(again.info().kernels_compiled, 0);  // three others have been made in between
  EXPECT_EQ(sim.info().kernels_compiled, 1);
}

TEST(Parameters, OfMergedSynapsesAreSetByOneCall) {
  const auto network = [](double tau) {
    Network net;
    auto p = net.add("P", driven_lif(), 200), q = net.add("Q", driven_lif(), 100);
    for (auto& [pre, name] : {std::pair{p, "a"}, std::pair{q, "b"}}) {
      net.connect(pre, p, bernoulli(0.1)).synapse(exponential(tau * ms)).output(coba(0 * mV)).weight(0.2 * nS).named(name);
    }
    return net;
  };
  Simulation sim(network(3), {.threads = 1}), other(network(8), {.threads = 1});
  EXPECT_NE(message([&] { sim.set("a.tau", 8 * ms); }).find("one with 'b.tau'"), std::string::npos);
  EXPECT_NE(message([&] { sim.set_merged({"a.tau", "P.tau"}, 8 * ms); }).find("does not share"), std::string::npos);
  sim.set_merged({"b.tau", "a.tau"}, 8 * ms);
  sim.run(30 * ms), other.run(30 * ms);
  EXPECT_EQ(sim.checksum(), other.checksum());
  EXPECT_EQ(sim.get("P", "V"), other.get("P", "V"));
}

}  // namespace
