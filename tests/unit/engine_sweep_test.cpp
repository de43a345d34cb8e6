// links: ranvier_engine ranvier_models
// Sweeps: rows in order whatever the workers, one compilation, failures kept, stopping, the table.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "engine_networks.hpp"
#include "message.hpp"
#include "ranvier/sweep.hpp"
#include "temporary_folder.hpp"

namespace {

Network busy() {
  Network net;
  auto p = net.add("P", driven_lif(), 100);
  net.connect(p, p, bernoulli(0.05)).synapse(exponential(3 * ms)).output(coba(-70 * mV)).weight(1 * nS);
  return net;
}

SweepResult measured(Simulation& sim, const SweepPoint& point) {
  const auto spikes = sim.record(SpikesRef{"P"});
  sim.run(60 * ms);
  return {{"rate", mean_rate_hz(*spikes, 60 * ms)}, {"cv", interval_cv(*spikes)}, {"low", static_cast<double>(sim.checksum() % 1000003)},
          {"seed2", static_cast<double>(point.seed)}};
}

const std::vector<SweepAxis> axes{{"P.drive", {17 * mV, 20 * mV}}, sweep_range("P_to_P.weight", 0 * nS, 2 * nS, 1 * nS)};

TEST(Sweep, RowsAreThoseOfSingleRunsInOrderForAnyWorkers) {
  const auto one = sweep(busy(), axes, {3, 1}, measured, {.workers = 1});
  ASSERT_EQ(one.rows.size(), 12u);
  EXPECT_TRUE(one.complete);
  EXPECT_EQ(sweep(busy(), axes, {3, 1}, measured, {.workers = 4}).csv(), one.csv());
  EXPECT_EQ(sweep(busy(), axes, {3, 1}, measured, {.simulation = {.threads = 2}, .workers = 2}).csv(), one.csv());
  const auto& row = one.rows[9];  // drive 20, weight 1, the second seed
  EXPECT_EQ(row.point.index, 9u);
  EXPECT_EQ(row.point["P.drive"].value, 20);
  EXPECT_EQ(row.point["P_to_P.weight"].value, 1);
  EXPECT_EQ(row.point.seed, 1u);
  Simulation sim(busy(), {.seed = 1, .threads = 1});
  EXPECT_EQ(row.results, measured(sim, row.point));
  EXPECT_GT(row.results[0].second, 0);
  EXPECT_NE(message([&] { (void)row.point["P.drivel"]; }).find("'P.drive'"), std::string::npos);
}

TEST(Sweep, CompilesOnce) {
  for (const int workers : {1, 4}) {
    const auto table = sweep(busy(), axes, {1, 2}, measured, {.simulation = {.disk_cache = false}, .workers = workers});
    EXPECT_EQ(table.kernels_compiled, 1) << workers;
    EXPECT_EQ(table.failed(), 0u);
  }
}

TEST(Sweep, BuildsFromAFunctionAndKeepsFailuresInTheirRows) {
  const auto model = driven_lif();  // shared by all networks
  const auto build = [&](const SweepPoint& point) {
    Network net;
    auto p = net.add("P", model, static_cast<std::uint32_t>(point["size"].value));
    p["V"] = -60 * mV + 12 * mV * ranvier::rand();
    return net;
  };
  const auto run = [](Simulation& sim, const SweepPoint& point) -> SweepResult {
    if (point["size"].value == 7) throw std::runtime_error("seven, \"bad\"");
    sim.run(1 * ms);
    return {{"neurons", static_cast<double>(sim.info().neurons)}};
  };
  const auto table = sweep(build, {{"size", {5.0, 7.0, 0.0, 9.0}}}, {1}, run, {.workers = 3});
  EXPECT_TRUE(table.complete);
  EXPECT_EQ(table.failed(), 2u);
  EXPECT_EQ(table.csv(),
            "size,seed,neurons,error\n5,1,5,\n7,1,,\"seven, \"\"bad\"\"\"\n0,1,,population 'P': it has zero neurons; give a size of 1 or more\n9,1,9,\n");
}

TEST(Sweep, StopsAndLeavesWhatIsDone) {
  std::size_t most = 0;
  double left = 0;
  const auto progress = [&](const SweepProgress& p) {
    EXPECT_EQ(p.total, 40u);
    most = std::max(most, p.done);
    left = p.left_seconds;
    return p.done < 3;
  };
  std::vector<std::uint64_t> seeds(40);
  for (std::size_t k = 0; k < 40; ++k) seeds[k] = k;
  const auto run = [](Simulation& sim, const SweepPoint& point) -> SweepResult {
    sim.run(point.index < 3 ? 1 * ms : 1000 * second);  // far too long, but it is broken off
    return {{"time", sim.time_ms()}};
  };
  const auto table = sweep(busy(), {}, seeds, run, {.workers = 2, .progress = progress});
  EXPECT_FALSE(table.complete);
  EXPECT_EQ(most, 3u);
  EXPECT_GT(left, 0);
  EXPECT_EQ(table.csv(), "seed,time,error\n0,1,\n1,1,\n2,1,\n");
  EXPECT_THROW((void)sweep(busy(), {}, seeds, run, {.workers = 2, .progress = [](const SweepProgress&) -> bool { throw std::runtime_error("x"); }}),
               std::runtime_error);
  auto stop = std::make_shared<std::atomic<bool>>(true);
  EXPECT_FALSE(sweep(busy(), {}, seeds, run, {.simulation = {.stop = stop}}).complete);
}

TEST(Sweep, SaysWhatIsWrongBeforeItBegins) {
  const auto of = [](const std::vector<SweepAxis>& a, const std::vector<std::uint64_t>& seeds = {1}) {
    return message([&] { (void)sweep(busy(), a, seeds, measured); });
  };
  EXPECT_NE(of({}, {}).find("no seeds"), std::string::npos);
  EXPECT_NE(of({{"P.drive", {}}}).find("has no values"), std::string::npos);
  EXPECT_NE(of({{"P.drive", {1 * mV}}, {"P.drive", {2 * mV}}}).find("there twice"), std::string::npos);
  EXPECT_NE(of({{"P.driev", {1 * mV}}}).find("'P.drive'"), std::string::npos);
  EXPECT_NE(of({{"P.drive", {1 * mV, 2 * pA}}}).find("must be in"), std::string::npos);
  EXPECT_NE(of({{"P.drive", {1 * nS}}}).find("must be in"), std::string::npos);
  EXPECT_NE(of({{"P.drive", {std::nan("") * mV}}}).find("not finite"), std::string::npos);
  EXPECT_NE(message([] { (void)sweep_range("a", 1 * mV, 2 * mV, -1 * mV); }).find("does not get from"), std::string::npos);
  EXPECT_NE(message([] { (void)sweep_range("a", 1 * mV, 2 * mV, 0 * mV); }).find("does not get from"), std::string::npos);
  EXPECT_NE(message([] { (void)sweep_range("a", 1 * mV, 2 * mV, 1 * pA); }).find("must be in"), std::string::npos);
  EXPECT_NE(message([] { (void)sweep(busy(), {}, {1}, measured, {.workers = -1}); }).find("-1 workers"), std::string::npos);
}

TEST(Sweep, RangesIncludeTheirEnds) {
  const auto axis = sweep_range("a", 4 * nS, 8 * nS, 0.1 * nS);
  ASSERT_EQ(axis.values.size(), 41u);
  EXPECT_EQ(axis.values.back().value, 8);
  EXPECT_EQ(sweep_range("a", 4 * nS, 8.05 * nS, 0.1 * nS).values.size(), 41u);
  EXPECT_EQ(sweep_range("a", 4 * nS, 4 * nS, 0.1 * nS).values.size(), 1u);
  EXPECT_EQ(sweep_range("a", 4 * nS, 1 * nS, -1 * nS).values.back().value, 1);
}

TEST(Statistics, AreThoseOfTheirDefinitions) {
  SpikeRecord r("P", 4, 0.1);
  const std::vector<std::uint32_t> zero{0}, both{0, 1};
  r.append(10, both), r.append(20, zero), r.append(50, both), r.append(60, zero);
  // neuron 0: intervals 10, 30, 10: mean 50/3, deviation sqrt(800/9); neuron 1: one interval, left out
  EXPECT_DOUBLE_EQ(interval_cv(r), std::sqrt(800.0 / 9) / (50.0 / 3));
  EXPECT_DOUBLE_EQ(mean_rate_hz(r, 100 * ms), 6 / 4.0 / 0.1);
  EXPECT_TRUE(std::isnan(interval_cv(SpikeRecord("P", 4, 0.1))));
}

TEST(Table, IsWritten) {
  const auto table = sweep(busy(), {}, {1}, measured);
  const TemporaryFolder folder;
  const std::string path = (folder / "sweep.csv").string();
  table.write_csv(path);
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), table.csv());
  EXPECT_NE(message([&] { table.write_csv("/nowhere/at/all.csv"); }).find("cannot be written"), std::string::npos);
}

}  // namespace
