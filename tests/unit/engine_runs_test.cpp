// links: ranvier_engine ranvier_models
// Runs: durations, stopping, continuing, failing; sinks and callbacks; reset() and set(); the workers themselves.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "engine/team.hpp"
#include "engine_networks.hpp"
#include "message.hpp"

namespace {

Network busy(std::uint32_t size = 300) {
  Network net;
  auto p = net.add("P", driven_lif(), size), q = net.add("Q", driven_lif(), 90);
  net.connect(p, q, bernoulli(0.1)).synapse(exponential(3 * ms)).output(coba(0 * mV)).weight(1 * nS);
  net.connect(q, p, bernoulli(0.1)).synapse(exponential(3 * ms)).output(coba(-80 * mV)).weight(1 * nS).delay(2 * ms);
  return net;
}

const SimulationOptions two{.dt = 0.1 * ms, .threads = 2};

struct Result {
  std::uint64_t checksum, steps;
  std::vector<double> p, q;
  bool operator==(const Result&) const = default;
};
Result result(const Simulation& sim) { return {sim.checksum(), sim.steps(), sim.get("P", "V"), sim.get("Q", "V")}; }

Result straight(Quantity duration) {
  Simulation sim(busy(), two);
  sim.run(duration);
  return result(sim);
}

// ----------------------------------------------------------------------------------------------------------------- durations

TEST(Durations, AreWholeSteps) {
  Simulation sim(busy(), two);
  EXPECT_EQ(sim.run(0 * ms), 0);
  EXPECT_EQ(sim.run(300 * us), 0.3);
  EXPECT_EQ(sim.run(0.7 * ms), 1.0);
  for (const double bad : {-1.0, std::nan(""), HUGE_VAL, -HUGE_VAL, 1e300}) {
    EXPECT_NE(message([&] { sim.run(bad * ms); }).find("finite time of 0 or more"), std::string::npos) << bad;
  }
  const auto text = message([&] { sim.run(0.35 * ms); });
  EXPECT_NE(text.find("0.35 ms is not a multiple of dt = 0.1 ms; nothing was run; use 0.3 ms or 0.4 ms"), std::string::npos) << text;
  EXPECT_NE(message([&] { sim.run(3 * mV); }).find("must be in"), std::string::npos);
  EXPECT_EQ(sim.steps(), 10u);
  for (const double bad : {0.0, -0.1, std::nan(""), HUGE_VAL}) {
    EXPECT_NE(message([&] { Simulation(busy(), {.dt = bad * ms}); }).find("dt is"), std::string::npos) << bad;
  }
  EXPECT_NE(message([&] { Simulation(busy(), {.threads = -1}); }).find("-1 threads"), std::string::npos);
}

TEST(Continuing, StepsRunsAndOneRunAreTheSame) {
  Simulation sim(busy(), two);
  for (int k = 0; k < 37; ++k) sim.step();
  sim.run(0 * ms);
  sim.run(40.1 * ms);
  for (int k = 0; k < 2; ++k) sim.step();
  sim.run(6 * ms);
  EXPECT_EQ(result(sim), straight(50 * ms));
}

TEST(Progress, StopsARunWhichMayGoOn) {
  Simulation sim(busy(), two);
  int calls = 0;
  const double reached = sim.run(50 * ms, [&](const Progress& p) {
    EXPECT_EQ(p.end_ms, 50);
    EXPECT_LE(p.time_ms, 50);
    return ++calls < 2;
  });
  EXPECT_EQ(calls, 2);
  EXPECT_LT(reached, 50);
  EXPECT_EQ(sim.time_ms(), reached);
  sim.run((500 - sim.steps()) * (0.1 * ms));
  EXPECT_EQ(result(sim), straight(50 * ms));
}

TEST(Progress, WhatItThrowsPassesAndTheRunMayGoOn) {
  Simulation sim(busy(), two);
  const auto spikes = sim.record(SpikesRef{"P"});
  EXPECT_THROW(sim.run(50 * ms, [](const Progress& p) -> bool { throw std::runtime_error(std::to_string(p.time_ms)); }), std::runtime_error);
  EXPECT_GT(sim.steps(), 0u);
  EXPECT_LT(sim.steps(), 500u);
  sim.run((500 - sim.steps()) * (0.1 * ms));
  EXPECT_EQ(result(sim), straight(50 * ms));
  EXPECT_EQ(spikes->count(), sim.spike_counts().at("P"));
}

// --------------------------------------------------------------------------------------------------------------------- sinks

struct Collected : SpikeSink {
  std::vector<std::string> names;
  std::vector<std::vector<std::pair<std::uint64_t, std::uint32_t>>> spikes_of;
  std::size_t last = 0;
  bool ordered = true, fail = false;
  int restarts = 0;
  double flushed = -1;
  void begin(const std::vector<PopulationInfo>& populations, double) override {
    for (const auto& p : populations) names.push_back(p.name);
    spikes_of.resize(names.size());
  }
  void spikes(std::size_t population, std::span<const std::uint64_t> stamps, std::span<const std::uint32_t> ids) override {
    if (fail) throw std::runtime_error("full");
    ordered &= !ids.empty() && stamps.size() == ids.size();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto& all = spikes_of[population];
      const std::pair spike(stamps[i], ids[i]);
      ordered &= all.empty() || all.back() < spike;
      all.push_back(spike);
    }
  }
  void flush(double time_ms) override { flushed = time_ms; }
  void restart() override {
    ++restarts;
    for (auto& s : spikes_of) s.clear();
  }
};

struct Frames : StateSink {
  std::vector<std::uint64_t> steps;
  bool fail = false;
  void begin(const StateRecord&) override {}
  void frame(std::uint64_t step, std::span<const double>) override {
    if (fail) throw std::runtime_error("full");
    steps.push_back(step);
  }
  void flush(double) override {}
  void restart() override { steps.clear(); }
};

std::vector<std::pair<std::uint64_t, std::uint32_t>> pairs(const SpikeRecord& r) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> out;
  for (std::size_t i = 0; i < r.count(); ++i) out.emplace_back(r.stamps()[i], r.ids()[i]);
  return out;
}

TEST(Sinks, GetEachPopulationsSpikesInOrder) {
  Simulation sim(busy(), {.dt = 0.1 * ms, .threads = 3});
  const auto sink = std::make_shared<Collected>();
  sim.stream(sink);
  const auto p = sim.record(SpikesRef{"P"}), q = sim.record(SpikesRef{"Q"});
  sim.run(50 * ms);
  EXPECT_EQ(sink->names, (std::vector<std::string>{"P", "Q"}));
  EXPECT_TRUE(sink->ordered);
  EXPECT_GT(p->count(), 100u);
  EXPECT_EQ(sink->spikes_of[0], pairs(*p));
  EXPECT_EQ(sink->spikes_of[1], pairs(*q));
  EXPECT_EQ(sink->flushed, 50);
  sim.reset();
  EXPECT_EQ(sink->restarts, 1);
  EXPECT_EQ(p->count(), 0u);
}

TEST(Sinks, OneThatThrowsEndsTheRunAndNothingElse) {
  Simulation sim(busy(), two);
  auto net = busy();
  const auto bad = std::make_shared<Collected>(), good = std::make_shared<Collected>();
  const auto bad_frames = std::make_shared<Frames>(), good_frames = std::make_shared<Frames>();
  sim.stream(bad), sim.stream(good);
  sim.stream(net.population("P")["V"], {.every = 10}, bad_frames);
  sim.stream(net.population("P")["V"], {.every = 10}, good_frames);
  const auto spikes = sim.record(SpikesRef{"P"});
  sim.run(20 * ms);
  bad->fail = bad_frames->fail = true;
  EXPECT_THROW(sim.run(20 * ms), std::runtime_error);
  const auto stopped = sim.steps();
  EXPECT_GT(stopped, 200u);
  EXPECT_EQ(good->spikes_of[0], pairs(*spikes));
  EXPECT_EQ(spikes->count(), sim.spike_counts().at("P"));
  EXPECT_EQ(good_frames->steps.size(), stopped / 10 + 1);
  bad->fail = bad_frames->fail = false;
  sim.run((500 - stopped) * (0.1 * ms));
  EXPECT_EQ(result(sim), straight(50 * ms));
  EXPECT_EQ(good->spikes_of[0], pairs(*spikes));
}

// ------------------------------------------------------------------------------------------------------------------ failures

/// x doubles at each step; neuron 200 reaches infinity in the step after which 24 are complete.
Network doubling() {
  Model m{"doubling"};
  const auto x = m.state("x"), start = m.parameter("start", 0.0);
  m.d(x) = x / ms;
  m.initial(x, start);
  Network net;
  net.add("quiet", driven_lif(), 100);
  auto p = net.add("loud", m, 300);
  std::vector<double> starts(300, 1.0);
  starts[200] = std::ldexp(1.0, 1000);
  p.set("start", starts, unitless);
  return net;
}

class Infinity : public testing::TestWithParam<int> {};

TEST_P(Infinity, StopsTheRunAndIsNamed) {
  auto net = doubling();
  Simulation sim(net, {.dt = 1 * ms, .method = "euler", .threads = GetParam()});
  const auto trace = sim.record(net.population("loud")["x"], {.neurons = {200, 3}});
  const auto text = message([&] { sim.run(160 * ms); });
  EXPECT_NE(text.find("population 'loud': 'x' of neuron 200 became infinite at t = 24 ms (method euler, dt = 1 ms)"), std::string::npos) << text;
  EXPECT_EQ(sim.steps(), 24u);
  // What was recorded is kept, up to the step that failed and no further.
  ASSERT_EQ(trace->frames(), 25u);
  EXPECT_EQ(trace->frame_steps().back(), 24u);
  EXPECT_EQ(trace->value(23, 0), std::ldexp(1.0, 1023));
  EXPECT_TRUE(std::isinf(trace->value(24, 0)));
  EXPECT_EQ(trace->value(24, 1), std::ldexp(1.0, 24));
  // It stays there.
  EXPECT_EQ(message([&] { sim.run(160 * ms); }), text);
  EXPECT_EQ(message([&] { sim.step(); }), text);
  EXPECT_EQ(message([&] { (void)sim.verify(1 * ms); }), text);
  EXPECT_EQ(sim.steps(), 24u);
  EXPECT_EQ(trace->frames(), 25u);
  // Until the value is replaced, or all are.
  sim.set("loud", "x", std::vector<double>(300, 1.0));
  sim.step();
  EXPECT_EQ(sim.get("loud", "x")[200], 2);
  EXPECT_THROW(sim.run(1600 * ms), UserError);
  sim.reset();
  sim.run(16 * ms);
  EXPECT_EQ(sim.get("loud", "x")[200], std::ldexp(1.0, 1016));
  EXPECT_EQ(trace->frames(), 17u);
}
INSTANTIATE_TEST_SUITE_P(Threads, Infinity, testing::Values(1, 3));

TEST(NotANumber, IsNamed) {
  Model m{"m"};
  const auto x = m.state("x");
  m.d(x) = log(x) / ms;
  m.initial(x, -1);
  Network net;
  net.add("N", m, 2);
  Simulation sim(net, {.dt = 0.125 * ms, .method = "euler"});
  EXPECT_NE(message([&] { sim.run(1 * ms); }).find("'x' of neuron 0 became NaN at t = 0.125 ms"), std::string::npos);
}

TEST(Setting, TakesWhatFits) {
  Simulation sim(busy(), {.dt = 0.1 * ms, .precision = Precision::f32, .threads = 1});
  EXPECT_NE(message([&] { sim.set("P", "V", {1.0}); }).find("1 values for 300 neurons"), std::string::npos);
  EXPECT_NE(message([&] { sim.set("P", "V", std::vector<double>(300, 1e200)); }).find("range"), std::string::npos);
  EXPECT_NE(message([&] { sim.set("P", "V", std::vector<double>(300, std::nan(""))); }).find("not finite"), std::string::npos);
  EXPECT_NE(message([&] { sim.set("P", "refractory_steps", std::vector<double>(300, -1)); }).find("not a count"), std::string::npos);
  EXPECT_NE(message([&] { sim.set("P", "tau", std::vector<double>(300, 1)); }).find("one value for all"), std::string::npos);
}

// ---------------------------------------------------------------------------------------------------------------- parameters

TEST(Parameters, SetBetweenRunsAreAsBuiltIn) {
  const auto built = [](double tau, double weight) {
    auto model = driven_lif();
    Network net;
    auto p = net.add("P", model, 300), q = net.add("Q", model, 90);
    p.set("tau", tau * ms);
    net.connect(p, q, bernoulli(0.1)).synapse(exponential(3 * ms)).output(coba(0 * mV)).weight(weight * nS);
    return net;
  };
  for (const auto precision : {Precision::f32, Precision::f64}) {
    const SimulationOptions o{.dt = 0.1 * ms, .precision = precision, .threads = 2};
    Simulation target(built(7, 2.5), o), sim(built(10, 1), o);
    target.run(40 * ms);
    sim.run(13 * ms);
    sim.set("P.tau", 7 * ms);
    sim.set("P_to_Q.weight", 2.5 * nS);
    const double compile = sim.timings().compile;
    sim.reset();  // parameters stay
    sim.run(40 * ms);
    EXPECT_EQ(result(sim), result(target));
    EXPECT_EQ(sim.timings().compile, compile);
    EXPECT_EQ(sim.get("P", "tau")[5], 7);
    EXPECT_EQ(sim.connectivity("P_to_Q").weight.at(0), 2.5);
    EXPECT_THROW(sim.set("P.tau", std::nan("") * ms), UserError);
    EXPECT_THROW(sim.set("dt", 1 * ms), UserError);
  }
}

TEST(Parameters, TakeEffectFromTheNextStep) {
  Model m{"m"};
  const auto x = m.state("x"), slope = m.parameter("slope", 1.0);
  m.d(x) = slope / ms;
  Network net;
  net.add("N", m, 1);
  Simulation sim(net, {.dt = 0.125 * ms, .method = "euler", .threads = 1});
  sim.run(1 * ms);
  sim.set("N.slope", 3.0);
  sim.run(1 * ms);
  EXPECT_EQ(sim.get("N", "x")[0], 4);
}

TEST(Resetting, ForgetsWhatWasUnderWay) {
  Simulation sim(busy(), two);
  const auto v = sim.record(busy().population("P")["V"], {.every = 7});
  sim.run(31.7 * ms);  // events of 2 ms delay are in the ring
  sim.reset();
  EXPECT_EQ(v->frames(), 0u);
  EXPECT_EQ(sim.event_count(), 0u);
  EXPECT_EQ(sim.spike_counts().at("P"), 0u);
  sim.run(50 * ms);
  EXPECT_EQ(result(sim), straight(50 * ms));
  EXPECT_EQ(v->frames(), 500u / 7 + 1);
}

// ------------------------------------------------------------------------------------------------------------------- workers

TEST(Team, AnExceptionOfOneWorkerReachesTheCallerWhileTheOthersMeet) {
  engine::Team team(4);
  for (int round = 0; round < 3; ++round) {
    std::atomic<int> through{0};
    EXPECT_THROW(team.run([&](int w) {
      if (w == round) team.report(std::make_exception_ptr(std::bad_alloc()));
      team.barrier();
      ++through;
    }), std::bad_alloc);
    EXPECT_EQ(through, 4);
  }
  EXPECT_THROW(team.run([](int w) { if (w == 3) throw std::runtime_error("x"); }), std::runtime_error);
  std::atomic<int> sum{0};
  team.run([&](int w) { sum += w; });
  EXPECT_EQ(sum, 6);
}

TEST(Team, BarriersSeparateWhatIsBeforeFromWhatIsAfter) {
  for (const int workers : {1, 2, 5}) {
    engine::Team team(workers);
    std::vector<int> value(static_cast<std::size_t>(workers));
    std::atomic<int> wrong{0};
    team.run([&](int w) {
      for (int step = 1; step <= 2000; ++step) {
        value[w] = step;
        team.barrier();
        for (const int v : value) wrong += v != step;
        team.barrier();
      }
    });
    EXPECT_EQ(wrong, 0);
  }
}

}  // namespace
