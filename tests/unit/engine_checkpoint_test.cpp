// links: ranvier_engine ranvier_models ranvier_io
// Checkpoints: a simulation that is saved and loaded elsewhere, by whatever number of threads, lanes and backend, goes
// on bit for bit as the one that was not cut off; files that are not what they should be are refused by name.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/hash.hpp"
#include "engine_networks.hpp"
#include "message.hpp"
#include "ranvier/checkpoint.hpp"
#include "ranvier/models.hpp"
#include "ranvier/synapses.hpp"
#include "temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;

std::ptrdiff_t files(const TemporaryFolder& folder) {
  return std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
}

/// All that a checkpoint must hold at once: staggered gates, refractory neurons, counted and weighted arrivals, delays
/// of projections and of synapses (in bytes and in sums), plastic synapses with traces and event-driven states, noise,
/// sources of random and of listed spikes, values over time, values that are propagated with a delay, an input that is
/// set from outside, drawn parameters.
Network everything(Precision precision) {
  Network net;
  Model cell = gated(), noisy{"noisy"};
  const auto U = noisy.state("V", mV);
  const auto J = noisy.input("J", pA);
  const auto drive = noisy.time_array("drive", {{6, 12, 9, 3, 11}, mV, 20 * ms});
  noisy.d(U) =
      (-60 * mV - U + drive + J * (0.05 * Gohm)) / (10 * ms) + 6 * mV * sqrt(2 / Expr(10 * ms)) * noisy.noise("xi");
  noisy.initial(U, -60 * mV);
  noisy.threshold(U >= -50 * mV + 1 * mV * randn());
  noisy.reset(U, -60 * mV);
  Model list{"list"};
  list.emits({{0, 5, 19, 5, 3, 0}, {1.0, 1.0, 33.4, 47.7, 61.2, 61.2}});
  auto lif = driven_lif();
  for (auto* m : {&cell, &noisy, &lif}) m->precision(precision);
  auto P = net.add("P", lif, 300), Q = net.add("Q", cell, 150), N = net.add("N", noisy, 70),
       L = net.add("L", list, 20);
  auto X = net.add("X", models::source("poisson", {{"rate", 60 * Hz}}), 40);
  P.set("drive", 20 * mV + 3 * mV * randn());
  N.external("J");
  const auto join = [&](Population& from, Population& to, Rule rule, double tau_ms) {
    return net.connect(from, to, std::move(rule))
        .synapse(exponential(tau_ms * ms))
        .output(coba(0 * mV))
        .weight(0.3 * nS);
  };
  join(P, Q, bernoulli(0.1), 3).delay(1.7 * ms);
  net.connect(Q, P, explicit_list(mixed_pairs(3000, 150, 300))).synapse(exponential(5 * ms)).output(coba(-70 * mV));
  join(P, N, fixed_indegree(20), 4).delay(uniform(0.5 * ms, 4 * ms));
  join(P, Q, fixed_outdegree(20), 6)
      .delay(uniform(0.5 * ms, 3 * ms))
      .plasticity(models::plasticity("stdp_pair"))
      .named("S");
  join(N, P, fixed_outdegree(15), 7)
      .delay(0.7 * ms)
      .plasticity(models::plasticity("stp_tsodyks_markram_synapse"))
      .named("D");
  join(X, P, fixed_outdegree(10), 2).delay(2.1 * ms);
  join(L, P, bernoulli(0.5), 2).delay(1 * ms);
  net.connect(Q, N, fixed_indegree(5))
      .synapse(presynaptic("V"))
      .output(gap_junction())
      .weight(0.1 * nS)
      .delay(2.3 * ms)
      .named("G");
  return net;
}

struct Result {
  std::uint64_t checksum, spikes, events, steps;
  std::map<std::string, std::uint64_t> counts;
  std::vector<std::vector<double>> values;
  bool operator==(const Result&) const = default;
};
Result result(const Simulation& sim) {
  Result r{sim.checksum(), sim.spike_count(), sim.event_count(), sim.steps(), sim.spike_counts(), {}};
  for (const auto& [owner, name] : {std::pair{"P", "V"},
                                    {"P", "drive"},
                                    {"P", "tau"},
                                    {"Q", "V"},
                                    {"Q", "w"},
                                    {"Q", "P_to_Q.g"},
                                    {"N", "V"},
                                    {"S", "w"},
                                    {"D", "R"}})
    r.values.push_back(sim.get(owner, name));
  for (const auto n : sim.spiked("P")) r.values.back().push_back(n);
  return r;
}

/// Part of a run that changes what it can.
void first_part(Simulation& sim) {
  sim.run(12.3 * ms);
  sim.set("P.tau", 11 * ms);
  sim.set_input("N.J", std::vector<double>(70, 12.5), pA);
  sim.run(18 * ms);
}

/// A checkpoint in memory, whose arrays can be spoilt.
struct Memory : CheckpointWriter, CheckpointReader {
  struct Array {
    NumberType type;
    std::string bytes;
  };
  std::map<std::string, Array> arrays;
  void put(const std::string& name, NumberType type, const void* data, std::uint64_t count) override {
    ASSERT_FALSE(arrays.contains(name)) << name;
    arrays[name] = {type, std::string(static_cast<const char*>(data), count * number_bytes(type))};
  }
  [[nodiscard]] std::string where() const override { return "memory"; }
  [[nodiscard]] const Array& find(const std::string& name) const {
    if (const auto at = arrays.find(name); at != arrays.end()) return at->second;
    throw UserError("memory", "has no array '" + name + "'", "");
  }
  [[nodiscard]] std::uint64_t size(const std::string& name) const override {
    return find(name).bytes.size() / number_bytes(find(name).type);
  }
  void get(const std::string& name, NumberType type, void* data, std::uint64_t count) const override {
    if (find(name).type != type || size(name) != count)
      throw UserError("memory", "'" + name + "' is of another size", "");
    const std::string& bytes = find(name).bytes;
    std::copy(bytes.begin(), bytes.end(), static_cast<char*>(data));
  }
};

class Checkpoints : public testing::TestWithParam<Precision> {};

TEST_P(Checkpoints, GoOnBitForBitWithOtherThreadsLanesBackendsAndFusion) {
  const TemporaryFolder folder;
  const auto net = everything(GetParam());
  Simulation whole(net, {.threads = 1});
  first_part(whole);
  const auto then = result(whole);
  whole.run(15 * ms);
  const auto expected = result(whole);
  EXPECT_GT(expected.spikes, then.spikes + 200);
  EXPECT_NE(expected.values[7], then.values[7]) << "no weight has changed: nothing is compared";
  for (const int threads : {1, 3}) {
    Simulation first(net, {.threads = threads});
    first_part(first);
    io::save(first, folder / "c");
    EXPECT_EQ(result(first), then);
    struct Other {
      const char* what;
      SimulationOptions options;
    };
    for (const auto& [what, options] :
         {Other{"3 threads, 1 lane", {.threads = 3, .lanes = 1}},
          Other{"2 threads, 8 lanes", {.threads = 2, .lanes = 8}},
          Other{"interpreter", {.threads = 1, .backend = Backend::interpreter}},
          Other{"not fused", {.threads = 1, .fuse = false}}}) {
      Simulation second(net, options);
      io::load(second, folder / "c");
      EXPECT_EQ(result(second), then) << what;
      second.run(15 * ms);
      EXPECT_EQ(result(second), expected) << what << " after " << threads;
    }
    first.run(15 * ms);
    EXPECT_EQ(result(first), expected) << "saving changes nothing";
  }
}

/// At every step of a stretch that is longer than all delays: whatever is under way then.
TEST_P(Checkpoints, AnyStepWillDo) {
  const auto net = everything(GetParam());
  Simulation whole(net, {.threads = 1});
  whole.run(20 * ms);
  const auto expected = result(whole);
  Simulation first(net, {.threads = 3}), second(net, {.threads = 1});
  for (int step = 0; step < 60; ++step, first.step()) {
    Memory saved;
    first.save(saved);
    second.reset();
    second.load(saved);
    second.run(20 * ms - step * 0.1 * ms);
    ASSERT_EQ(result(second), expected) << "saved after step " << step;
  }
}
INSTANTIATE_TEST_SUITE_P(Precisions, Checkpoints, testing::Values(Precision::f32, Precision::f64),
                         [](const auto& test) { return test.param == Precision::f32 ? "f32" : "f64"; });

TEST(Checkpoint, ParametersGoOnAsTheyWereSetAndResetKeepsThem) {
  const TemporaryFolder folder;
  const auto net = everything(Precision::f64);
  Simulation first(net, {.threads = 1}), second(net, {.threads = 1});
  first.set("P.tau", 11 * ms);
  first.set("P", "drive", std::vector<double>(300, 19.5));
  io::save(first, folder / "c");
  second.run(1 * ms);
  io::load(second, folder / "c");
  EXPECT_EQ(second.get("P", "tau")[0], 11);
  EXPECT_EQ(second.get("P", "drive")[299], 19.5);
  for (auto* sim : {&first, &second}) {
    sim->reset();
    sim->run(5 * ms);
  }
  EXPECT_EQ(result(second), result(first));
}

TEST(Checkpoint, CallbacksGoOnInTheirRhythmAlsoWhereOneOfThemSaves) {
  const TemporaryFolder folder;
  const auto net = everything(Precision::f64);
  std::vector<std::uint64_t> calls;
  const auto attach = [&](Simulation& sim, std::uint64_t save_at) {
    sim.every_steps(70, [&](Simulation& s) { calls.push_back(s.steps()); });
    sim.every_steps(100, [&, save_at](Simulation& s) {
      s.set("P.tau", (10 + 0.01 * static_cast<double>(s.steps())) * ms);
      if (s.steps() == save_at) io::save(s, folder / "c");
    });
    sim.every_steps(
        35, [&](Simulation& s) { calls.push_back(1000 + s.steps()); }, 15);
  };
  Simulation whole(net, {.threads = 1});
  attach(whole, 700);
  whole.run(90 * ms);
  auto late = calls;
  std::erase_if(late, [](auto n) { return n % 1000 < 700; });
  calls.clear();
  Simulation second(net, {.threads = 2});
  attach(second, 0);
  io::load(second, folder / "c");
  EXPECT_EQ(second.steps(), 700u);
  second.run(20 * ms);
  EXPECT_EQ(result(second), result(whole));
  // At step 700 the first had been called when the second saved, the third had not.
  ASSERT_EQ(late.front(), 700u);
  EXPECT_EQ(calls, std::vector(late.begin() + 1, late.end()));
  EXPECT_NE(message([&] {
              second.every_steps(1, [&](Simulation& s) { io::load(s, folder / "c"); });
              second.step();
            }).find("called from a callback"),
            std::string::npos);
}

/// The records of both parts, one after the other, are those of the whole.
TEST(Checkpoint, RecordsOfTheTwoPartsAreThoseOfTheWhole) {
  const TemporaryFolder folder;
  const auto net = everything(Precision::f64);
  struct Records {
    std::shared_ptr<const SpikeRecord> spikes;
    std::shared_ptr<const StateRecord> v, rate, some_rate;
    explicit Records(Simulation& sim)
        : spikes(sim.record(SpikesRef{"P"})),
          v(sim.record("P.V", {.every = 7, .neurons = {0, 299}})),
          rate(sim.record_rate({"P"}, {.every = 30})),
          some_rate(sim.record_rate({"P"}, {.every = 45, .neurons = {1, 2, 3, 50}})) {}
  };
  for (const double at : {9.8, 10.0}) {  // a frame is due at the first
    Simulation whole(net, {.threads = 2}), first(net, {.threads = 2}), second(net, {.threads = 1});
    const Records all(whole), before(first);
    Simulation* const sims[] = {&whole, &first};
    for (auto* sim : sims) sim->run(at * ms);
    io::save(first, folder / "c");
    whole.run(20 * ms);
    const auto other =
        second.record_rate({"P"}, {.every = 20});  // in front of the others: they are known by what they record
    const Records after(second);
    io::load(second, folder / "c");
    second.run(20 * ms);
    const auto joined = [](auto a, const auto& b) {
      a.insert(a.end(), b.begin(), b.end());
      return a;
    };
    EXPECT_EQ(joined(before.spikes->stamps(), after.spikes->stamps()), all.spikes->stamps());
    EXPECT_EQ(joined(before.spikes->ids(), after.spikes->ids()), all.spikes->ids());
    for (const auto record : {&Records::v, &Records::rate, &Records::some_rate}) {
      EXPECT_EQ(joined((before.*record)->frame_steps(), (after.*record)->frame_steps()), (all.*record)->frame_steps());
      EXPECT_EQ(joined((before.*record)->values(), (after.*record)->values()), (all.*record)->values());
    }
    EXPECT_EQ(other->frame_steps().front(), 120u);  // the first whole window after 9.8 or 10 ms
    const auto frames = before.v->frames();
    first.run(10 * ms);
    io::load(first, folder / "c");  // in the same simulation: records are cut
    EXPECT_EQ(before.v->frames(), frames);
    first.run(20 * ms);
    EXPECT_EQ(before.v->values(), all.v->values());
    EXPECT_EQ(before.spikes->ids(), all.spikes->ids());
    EXPECT_EQ(before.rate->values(), all.rate->values());
  }
}

TEST(Checkpoint, OfAnotherSimulationIsRefusedAndSaysWhatDiffers) {
  const TemporaryFolder folder;
  const auto make = [](std::uint32_t size, Quantity tau, Rule rule, double shift = 0, bool weight = true) {
    Network net;
    auto m = driven_lif();
    m.set("tau", tau);
    auto P = net.add("P", m, size);
    P.set("drive", (20 + shift) * mV + 2 * mV * randn());
    auto synapses = net.connect(P, P, std::move(rule)).synapse(exponential(3 * ms)).output(coba(0 * mV));
    if (weight) synapses.weight(0.3 * nS);
    return net;
  };
  const auto base = make(100, 10 * ms, bernoulli(0.1));
  Simulation saved(base, {.threads = 1});
  saved.set("P.tau", 12 * ms);
  saved.run(10 * ms);
  io::save(saved, folder / "c");
  const auto refused = [&](const Network& net, SimulationOptions options, const std::string& what) {
    options.threads = 1;
    Simulation sim(net, options);
    sim.run(1 * ms);
    const auto before = sim.checksum();
    const auto told = message([&] { io::load(sim, folder / "c"); });
    EXPECT_NE(told.find((folder / "c").string() + ": it was saved from another simulation (" + what), std::string::npos)
        << told;
    EXPECT_EQ(sim.steps(), static_cast<std::uint64_t>(std::lround(1 / options.dt.value)));
    EXPECT_EQ(sim.checksum(), before);
  };
  refused(base, {.dt = 0.05 * ms}, "dt: 0.1 ms there, 0.05 ms here)");
  refused(base, {.seed = 2}, "seed: 1 there, 2 here)");
  refused(base, {.precision = Precision::f32}, "population P: 100 neurons, f64");
  refused(base, {.method = "rk4"}, "population P: 100 neurons, f64");
  refused(make(101, 10 * ms, bernoulli(0.1)), {}, "population P: 100 neurons");
  refused(make(100, 10.5 * ms, bernoulli(0.1)), {}, "parameter P.tau: 10 ms there, 10.5 ms here)");
  refused(make(100, 10 * ms, bernoulli(0.2)), {}, "projection P_to_P: P to P, bernoulli");
  refused(make(100, 10 * ms, bernoulli(0.1), 1), {}, "equations of P: not the same)");
  auto list = [&](double weight) {
    PairList pairs{{0, 1, 2}, {1, 2, 3}, {1, 2, weight}, {}};
    return make(100, 10 * ms, explicit_list(std::move(pairs)), 0, false);
  };
  Simulation listed(list(3), {.threads = 1});
  io::save(listed, folder / "c");
  Simulation same(list(3), {.threads = 1}), other(list(3.5), {.threads = 1});
  io::load(same, folder / "c");
  EXPECT_NE(message([&] { io::load(other, folder / "c"); }).find("P_to_P"), std::string::npos);
}

// ----------------------------------------------------------------------------------------------------------------------
// files

Network small() {
  Network net;
  auto P = net.add("P", driven_lif(), 40);
  net.connect(P, P, bernoulli(0.2)).synapse(exponential(3 * ms)).output(coba(0 * mV)).weight(0.3 * nS);
  return net;
}

TEST(CheckpointFiles, ReplaceTheOldOneAndLeaveNothingElse) {
  const TemporaryFolder folder;
  Simulation sim(small(), {.threads = 1}), other(small(), {.threads = 1});
  for (const int steps : {3, 4}) {
    for (int k = 0; k < steps; ++k) sim.step();
    io::save(sim, folder / "c");
    EXPECT_EQ(files(folder), 1);
  }
  io::load(other, folder / "c");
  EXPECT_EQ(other.steps(), 7u);
  fs::create_symlink(folder / "c", folder / "link");
  sim.step();
  io::save(sim, folder / "link");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  io::load(other, folder / "c");
  EXPECT_EQ(other.steps(), 8u);
  {
    io::CheckpointFile given_up(folder / "c");
    sim.save(given_up);
    EXPECT_NE(message([&] { io::save(sim, folder / "c"); }).find("another process is writing it"), std::string::npos);
  }
  EXPECT_EQ(files(folder), 2);
}

TEST(CheckpointFiles, ThatCannotBeWrittenOrReadSayWhy) {
  const TemporaryFolder folder;
  Simulation sim(small(), {.threads = 1});
  const auto saving = [&](const fs::path& path) { return message([&] { io::save(sim, path); }); };
  const auto loading = [&](const fs::path& path) { return message([&] { io::load(sim, path); }); };
  fs::create_directory(folder / "d");
  EXPECT_NE(saving(folder / "d").find("is a directory"), std::string::npos);
  EXPECT_NE(saving(folder / "none" / "c").find("there is no directory"), std::string::npos);
  EXPECT_NE(saving("/dev/null").find("is not a regular file"), std::string::npos);
  EXPECT_NE(saving("").find("is empty"), std::string::npos);
  EXPECT_NE(loading(folder / "d").find("is a directory"), std::string::npos);
  EXPECT_NE(loading(folder / "c").find("there is no such file"), std::string::npos);
  std::ofstream(folder / "text") << "V = 3\n";
  std::ofstream(folder / "empty") << "";
  EXPECT_NE(loading(folder / "text").find("is not a checkpoint"), std::string::npos);
  EXPECT_NE(loading(folder / "empty").find("is not a checkpoint"), std::string::npos);
  EXPECT_EQ(sim.steps(), 0u);
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Every bit of the front, and bits all over the rest; every kind of length.
TEST(CheckpointFiles, DamagedInAnyByteAreRefused) {
  const TemporaryFolder folder;
  Simulation sim(small(), {.threads = 1});
  sim.run(5 * ms);
  io::save(sim, folder / "c");
  const auto size = fs::file_size(folder / "c");
  sim.run(1 * ms);
  const auto before = sim.checksum();
  const auto refused = [&] {
    const auto told = message([&] { io::load(sim, folder / "c"); });
    return told.find("is damaged") != std::string::npos || told.find("is cut off") != std::string::npos ||
           told.find("is not a checkpoint") != std::string::npos;
  };
  Mixed random;
  std::fstream file(folder / "c", std::ios::binary | std::ios::in | std::ios::out);
  for (std::size_t k = 0; k < 64 * 8 + 1000; ++k) {
    const auto at =
        static_cast<std::streamoff>(k < 64 * 8 ? k / 8 : 512 + random.below(static_cast<std::uint32_t>(size - 512)));
    const char good = static_cast<char>(file.seekg(at).get());
    file.seekp(at).put(static_cast<char>(good ^ (1 << k % 8))).flush();
    ASSERT_TRUE(refused()) << "byte " << at;
    file.seekp(at).put(good).flush();
  }
  io::load(sim, folder / "c");
  EXPECT_EQ(sim.steps(), 50u);
  sim.run(1 * ms);
  file.seekp(0, std::ios::end).put('x').flush();
  ASSERT_TRUE(refused());
  for (auto left = size; left > 0; left = left > 512 ? left * 4 / 5 : left - 1) {
    fs::resize_file(folder / "c", left - 1);
    ASSERT_TRUE(refused()) << left - 1 << " bytes";
  }
  EXPECT_EQ(sim.checksum(), before);
}

/// What a checksum cannot show, as of a program that writes what it should not: an error and nothing has changed, or
/// other numbers.
TEST(Checkpoint, OfContentsThatDoNotFitIsLoadedAsAWholeOrNotAtAll) {
  Simulation sim(everything(Precision::f64), {.threads = 1});
  Memory good;
  sim.run(30 * ms);
  sim.save(good);
  sim.run(1 * ms);
  const auto before = result(sim);
  const auto load = [&](const Memory& m) {
    try {
      sim.load(m);
    } catch (const UserError&) {
      EXPECT_EQ(result(sim), before);
      return false;
    }
    try {
      sim.run(1 * ms);
    } catch (const UserError&) {  // a state that is not finite, values over time that end before
    }
    sim.load(good);
    sim.run(1 * ms);
    EXPECT_EQ(result(sim), before);
    return true;
  };
  Mixed random;
  int loaded = 0;
  for (const auto& [name, array] : good.arrays) {
    auto bad = good;
    bad.arrays.erase(name);
    EXPECT_FALSE(load(bad)) << name << " left out";
    bad = good;
    bad.arrays[name].bytes += std::string(number_bytes(array.type), '\1');
    EXPECT_FALSE(load(bad)) << name << " longer";
    for (int k = 0; k < 5 && !array.bytes.empty(); ++k) {
      bad = good;
      auto& bytes = bad.arrays[name].bytes;
      for (int n = 0; n < 1 + 3 * k; ++n)
        bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random.below(256));
      loaded += load(bad);
    }
  }
  EXPECT_GT(loaded, 0);
}

TEST(CheckpointFiles, OfANewerVersionAreRefusedByVersion) {
  const TemporaryFolder folder;
  Simulation sim(small(), {.threads = 1});
  io::save(sim, folder / "c");
  auto bytes = bytes_of(folder / "c");
  bytes[40] = 2;
  const auto sum = base::crc32c(std::string_view(bytes).substr(0, 60));
  std::memcpy(bytes.data() + 60, &sum, 4);
  std::ofstream(folder / "new", std::ios::binary) << bytes;
  EXPECT_NE(message([&] { io::load(sim, folder / "new"); }).find("of version 2, and this program reads version 1"),
            std::string::npos);
}

/// A process that saves without end is killed again and again: there is always a whole checkpoint, never an older one
/// than was seen.
TEST(CheckpointFiles, AKillWhileSavingLeavesAWholeOne) {
  const TemporaryFolder folder;
  std::uint64_t last = 0;
  for (int round = 0; round < 8; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      Simulation sim(small(), {.threads = 1});
      if (last > 0) io::load(sim, folder / "c");
      for (;;) {
        sim.step();
        io::save(sim, folder / "c");
        const auto steps = sim.steps();
        if (write(pipe_ends[1], &steps, sizeof steps) != sizeof steps) _exit(1);
      }
    }
    close(pipe_ends[1]);
    std::uint64_t told = 0;
    for (int k = 0; k < 3 + round; ++k)
      ASSERT_EQ(read(pipe_ends[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
    std::this_thread::sleep_for(std::chrono::microseconds(300 * round));  // somewhere in a later one
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(pipe_ends[0], &told, sizeof told) == static_cast<ssize_t>(sizeof told)) {
    }
    close(pipe_ends[0]);
    Simulation sim(small(), {.threads = 1});
    io::load(sim, folder / "c");
    EXPECT_GE(sim.steps(), told);
    EXPECT_GT(told, last);
    last = sim.steps();
  }
}

}  // namespace
