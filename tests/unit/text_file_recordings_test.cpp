// links: ranvier_text ranvier_engine ranvier_models
// [[recordings]] of network files: the records are those of the same calls in C++, expressions are what they say, and every mistake has its place.
#include <gtest/gtest.h>

#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

const std::string network = R"toml(
[constants]
El = "-60*mV"
w = "2*nS"
[models.lif]
equations = """
dV/dt = (El - V + drive + R*I)/tau : volt (unless refractory)
I : amp (input)
leak = El - V : volt
"""
parameters = { tau = "20*ms", R = "100*Mohm", drive = "15*mV" }
threshold = "V >= -50*mV"
reset = "V = El"
refractory = "2*ms"
initial = { V = "El + 10*mV*rand()" }
[populations]
E = { model = "lif", size = 20 }
[[projections]]
source = "E"
target = "E"
rule = "bernoulli(0.3)"
synapse = "exponential(tau = 5*ms)"
output = "coba(E = 0*mV)"
weight = "w"
[run]
duration = "50*ms"
)toml";

class Ran {
 public:
  explicit Ran(const std::string& recordings) : file(network_from_toml(network + recordings)), sim(file.network, file.run.options()) {
    for (const auto& r : file.recordings) records.push_back(attach(sim, r, file.run.duration, file.run.dt));
  }
  void run() { sim.run(file.run.duration); }
  NetworkFile file;
  Simulation sim;
  std::vector<Recorded> records;
};

TEST(FileRecordings, AreThoseOfTheSameCallsInCpp) {
  Ran ran(R"toml(
[[recordings]]
of = "E"
what = ["spikes", "rate", "V", "E_to_E.g", "I"]
from = "10*ms"
[[recordings]]
of = "E[3:7]"
what = "V"
every = "0.5*ms"
name = "some"
[[recordings]]
of = "E"
what = "V"
neurons = "0:20:5"
every = 4
until = "20*ms"
reduce = "mean"
)toml");
  ASSERT_EQ(ran.records.size(), 7u);
  const RecordOptions late{.from = 10 * ms};
  const auto spikes = ran.sim.record(SpikesRef{"E"}, late);
  const std::shared_ptr<const StateRecord> values[] = {ran.sim.record_rate(SpikesRef{"E"}, late), ran.sim.record("E.V", late), ran.sim.record("E.E_to_E.g", late),
                                                       ran.sim.record("E.I", late), ran.sim.record("E.V", {.every = 5, .neurons = {3, 4, 5, 6}}),
                                                       ran.sim.record("E.V", {.every = 4, .neurons = {0, 5, 10, 15}, .until = 20 * ms, .reduce = Reduce::mean})};
  ran.run();
  ASSERT_GT(spikes->count(), 10u);
  EXPECT_EQ(ran.records[0].spikes->stamps(), spikes->stamps());
  EXPECT_EQ(ran.records[0].spikes->ids(), spikes->ids());
  for (std::size_t k = 0; k < 6; ++k) {
    EXPECT_EQ(ran.records[k + 1].values->values(), values[k]->values()) << k;
    EXPECT_EQ(ran.records[k + 1].values->frame_steps(), values[k]->frame_steps()) << k;
    EXPECT_GT(values[k]->frames(), 10u) << k;
  }
  EXPECT_EQ(ran.records[4].name, "E_I");
  EXPECT_EQ(ran.records[5].name, "some");
  EXPECT_EQ(ran.records[6].name, "E_V_2");
}

TEST(FileRecordings, ExpressionsAreWhatTheySay) {
  Ran ran("[[recordings]]\nof = 'E'\nwhat = ['V', 'E_to_E.g', 'E_to_E.g*(-V) + w*leak + (t - dt)*pA/ms*mV/mV', 'leak']\n");
  ran.run();
  const auto &V = *ran.records[0].values, &g = *ran.records[1].values, &e = *ran.records[2].values, &leak = *ran.records[3].values;
  EXPECT_EQ(e.unit(), "pA");
  ASSERT_EQ(e.frames(), 501u);
  for (std::size_t f = 0; f < e.frames(); ++f) {
    for (std::size_t c = 0; c < 20; ++c) {
      EXPECT_NEAR(leak.value(f, c), -60 - V.value(f, c), 1e-12);
      EXPECT_NEAR(e.value(f, c), -g.value(f, c) * V.value(f, c) + 2 * (-60 - V.value(f, c)) + (0.1 * static_cast<double>(f) - 0.1), 1e-9);
    }
  }
}

TEST(FileRecordings, SynapsesAreRecordedByProjection) {
  const auto file = network_from_toml(R"toml(
[populations]
A = { model = "poisson(rate = 50*Hz)", size = 5 }
B = { model = "lif", size = 5 }
[[projections]]
name = "S"
source = "A"
target = "B"
rule = "all_to_all"
synapse = "exponential"
output = "coba"
plasticity = "stdp_pair"
weight = "2*nS"
[[recordings]]
of = "S"
what = "w"
neurons = [1, 24]
every = "10*ms"
)toml");
  Simulation sim(file.network, file.run.options());
  const auto made = attach(sim, file.recordings.at(0), 100 * ms, 0.1 * ms);
  const auto same = sim.record(SynapseRef{"S", "w"}, {.every = 100, .neurons = {1, 24}});
  sim.run(100 * ms);
  EXPECT_EQ(made.values->values(), same->values());
  EXPECT_EQ(made.values->post(), (std::vector<std::uint32_t>{1, 4}));
  EXPECT_EQ(made.values->frames(), 11u);
}

struct Wrong {
  std::string table, problem, remedy;
};

TEST(FileRecordings, MistakesAreNamed) {
  const Wrong all[] = {
      {"of = 'E'\nwhat = 'W'", "'E' has no 'W' to record", "'V'"},
      {"of = 'F'\nwhat = 'V'", "there is no population 'F'", "'E'"},
      {"of = 'E'\nwhat = 'V + R'", "cannot add", "same unit"},
      {"of = 'E'\nwhat = 'V*randn()'", "cannot stand here", ""},
      {"of = 'E'\nwhat = 'V'\nevery = '2*mV'", "every is 2 mV", "steps"},
      {"of = 'E'\nwhat = 'spikes'\nevery = 2", "'every' beside spikes", "leave it out"},
      {"of = 'E'\nwhat = 'V'\nneurons = [20]", "neurons is 20", "0 to 19"},
      {"of = 'E[0:5]'\nwhat = 'V'\nneurons = [2]", "beside a view", "one of them"},
      {"of = 'E'\nwhat = 'V'\nneurons = '5:2'", "is empty", "FIRST"},
      {"of = 'E'\nwhat = 'V'\nname = '../x'", "no name of a recording", "letters"},
      {"of = 'E'\nwhat = ['V', 'I']\nname = 'x'", "several recordings have one name", "leave"},
      {"of = 'E'\nwhat = 'V'\nreduce = 'median'", "reduce is not among its values", "'mean'"},
      {"of = 'E'\nwhat = 3", "what is recorded is a number", "expression"},
      {"of = 'E_to_E'\nwhat = 'w'", "no", ""},
  };
  for (const auto& w : all) {
    try {
      (void)network_from_toml(network + "[[recordings]]\n" + w.table + "\n");
      ADD_FAILURE() << "accepted: " << w.table;
    } catch (const ParseError& e) {
      ASSERT_EQ(e.diagnostics().size(), 1u) << e.what();
      EXPECT_NE(e.diagnostics()[0].problem.find(w.problem), std::string::npos) << e.what();
      EXPECT_NE(e.diagnostics()[0].remedy.find(w.remedy), std::string::npos) << e.what();
      EXPECT_GE(e.diagnostics()[0].line, 28u) << e.what();
    }
  }
}

TEST(FileRecordings, TimesOffTheGridAndTooMuchMemoryAreRefused) {
  const auto refused = [](const std::string& table, Quantity duration) -> std::string {
    auto file = network_from_toml(network + "[[recordings]]\nof = 'E'\nwhat = 'V'\n" + table);
    Simulation sim(file.network, file.run.options());
    try {
      (void)attach(sim, file.recordings[0], duration, file.run.dt);
    } catch (const UserError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(refused("every = '0.25*ms'", 1 * ms).find("recording 'E_V': every = 0.25 ms is not a multiple of dt = 0.1 ms"), std::string::npos);
  EXPECT_NE(refused("", 1e7 * ms).find("it would keep 16 GB"), std::string::npos);
  EXPECT_EQ(refused("until = '1*second'", 1e7 * ms), "");
}

}  // namespace
