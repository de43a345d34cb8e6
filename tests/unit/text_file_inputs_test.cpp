// links: ranvier_text ranvier_engine ranvier_models
// What comes from outside in network files: the same step program and spikes as the C++ calls, values per neuron, and mistakes with their place.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"
#include "ranvier/sources.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

const std::string head = R"toml(
[constants]
big = "150*pA"
[models.cell]
equations = """
dV/dt = (El - V + R*I)/tau : volt
dx/dt = -x/tau : 1
I : amp (input)
"""
parameters = { El = "-60*mV", tau = "10*ms", R = "100*Mohm" }
threshold = "V > -50*mV"
reset = "V = El"
initial = { V = "El" }
[populations]
A = { model = "cell", size = 12 }
[run]
duration = "40*ms"
dt = "0.1*ms"
)toml";

/// The same network with what C++ adds to its model.
Network in_cpp(const std::function<Model(Model)>& add) {
  const auto plain = network_from_toml(head);
  Network net;
  Model cell{"cell"};
  const auto V = cell.state("V", volt), x = cell.state("x"), I = cell.input("I", amp);
  const auto El = cell.parameter("El", -60 * mV), tau = cell.parameter("tau", 10 * ms), R = cell.parameter("R", 100 * Mohm);
  cell.d(V) = (El - V + R * I) / tau;
  cell.d(x) = -x / tau;
  cell.threshold(V > -50 * mV);
  cell.reset(V, El);
  cell.initial(V, El);
  net.add("A", add(cell), 12);
  return net;
}

void expect_same(const std::string& inputs, const std::function<Model(Model)>& add, std::uint64_t least = 12) {
  const auto file = network_from_toml(head + inputs);
  Simulation text(file.network, file.run.options()), cpp(in_cpp(add), file.run.options());
  EXPECT_EQ(text.program_hash(), cpp.program_hash()) << inputs;
  text.run(40 * ms);
  cpp.run(40 * ms);
  EXPECT_GE(cpp.spike_count(), least) << inputs;
  EXPECT_EQ(text.checksum(), cpp.checksum()) << inputs;
  EXPECT_EQ(text.get("A", "V"), cpp.get("A", "V")) << inputs;
}

TEST(FileInputs, WaveformsAreThoseOfCpp) {
  const auto T = 40 * ms, dt = 0.1 * ms;
  const auto with = [](const Waveform& w) { return [w](const Model& m) { return with_current(m, "I", w); }; };
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = 'constant(big)'", with(constant(150 * pA, T, dt)));
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = 'step(200*pA, at = 10*ms)'", with(step(200 * pA, 10 * ms, T, dt)));
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = 'ramp(0*pA, 400*pA, 5*ms, 35*ms)'", with(ramp(0 * pA, 400 * pA, 5 * ms, 35 * ms, T, dt)));
  const Wave wave{900 * pA, 100 * Hz, 20 * pA, 0 * ms, T};
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = 'sinusoid(900*pA, 100*Hz, bias = 20*pA)'", with(sinusoid(wave, T, dt)));
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = 'square(900*pA, 100*Hz, bias = 20*pA)'", with(square(wave, T, dt)));
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = { name = 'section', values = [0, 250, 0], durations = ['10*ms', '20*ms', '10*ms'], unit = 'pA' }",
              with(section({0 * pA, 250 * pA, 0 * pA}, {10 * ms, 20 * ms, 10 * ms}, dt)));
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = { name = 'pulses', times = ['5*ms', '15*ms'], length = '8*ms', size = '300*pA' }",
              with(pulses({5 * ms, 15 * ms}, 8 * ms, 300 * pA, T, dt)));
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = 'ou_noise(200*pA, 50*pA, 5*ms, seed = 7)'", with(ou_noise(200 * pA, 50 * pA, 5 * ms, {1, 7}, T, dt)));
  expect_same("[[inputs]]\ntarget = 'A'\nwaveform = 'wiener_noise(900*pA, seed = 3)'", with(wiener_noise(900 * pA, 1 * ms, {1, 3}, T, dt)), 1);
}

TEST(FileInputs, NoiseAndPoissonAreThoseOfCpp) {
  expect_same("[[inputs]]\ntarget = 'A'\nnoise = 'white(500*pA, per = 2*ms)'", [](const Model& m) { return with_white_current(m, "I", 500 * pA, 2 * ms); }, 1);
  expect_same("[[inputs]]\ntarget = 'A'\nonto = 'I'\nnoise = 'ou(mean = 150*pA, sigma = 50*pA, tau = 5*ms)'",
              [](const Model& m) { return with_ou_current(m, "I", 150 * pA, 50 * pA, 5 * ms); });
  expect_same("[[inputs]]\ntarget = 'A'\nonto = 'V'\npoisson = { n = 100, rate = '30*Hz', weight = '0.6*mV' }",
              [](const Model& m) { return with_poisson_input(m, "V", 100, 30 * Hz, 0.6 * mV); });
}

TEST(FileInputs, ExpressionsAreThoseOfCpp) {
  expect_same("[[inputs]]\ntarget = 'A'\nvalue = 'big*(1 + sin(6.28*t/ms)) - 1*nS*(V - El)'", [](Model m) {
    const auto big = m.parameter("big", 150 * pA);
    m.inject(m.find("I"), big * (1 + sin(6.28 * m.time() / ms)) - 1 * nS * (m.find("V") - m.find("El")));
    return m;
  });
  // Several inputs add up.
  expect_same("[[inputs]]\ntarget = 'A'\nvalue = 'big'\n[[inputs]]\ntarget = 'A'\nwaveform = 'constant(50*pA)'", [](Model m) {
    m.inject(m.find("I"), m.parameter("big", 150 * pA));
    return with_current(m, "I", constant(50 * pA, 40 * ms, 0.1 * ms));
  });
}

/// The passive response, V(t) - El = R I (1 - exp(-t/tau)), tells each neuron's current.
TEST(FileInputs, ViewsAndNumbersOfNeurons) {
  const auto file = network_from_toml(head + R"toml(
[[inputs]]
target = ["A[0:4]", "A[6:8]"]
value = "10*pA"
[[inputs]]
target = "A[8:12]"
waveform = "constant(20*pA)"
[[inputs]]
target = "A"
value = "i*1*pA/N"
)toml");
  Simulation sim(file.network, file.run.options());
  sim.run(20 * ms);
  const auto V = sim.get("A", "V");
  for (int i = 0; i < 12; ++i) {
    const double I = (i < 4 || (i >= 6 && i < 8) ? 10 : i >= 8 ? 20 : 0) + i / 12.0;
    EXPECT_NEAR(V[static_cast<std::size_t>(i)] + 60, 0.1 * I * (1 - std::exp(-2.0)), 1e-9) << i;
  }
}

TEST(FileInputs, NoiseForSomeNeuronsLeavesTheOthersAlone) {
  const auto file = network_from_toml(head + R"toml(
[[inputs]]
target = "A[0:6]"
noise = "ou(mean = 10*pA*i, sigma = 0*pA, tau = 5*ms)"
[[inputs]]
target = "A[3:5]"
noise = "white(30*pA)"
[[inputs]]
target = "A[10:12]"
onto = "x"
poisson = { n = 10, rate = "100*Hz", weight = 1 }
)toml");
  Simulation sim(file.network, file.run.options());
  sim.run(40 * ms);
  const auto V = sim.get("A", "V"), x = sim.get("A", "x");
  for (std::size_t i = 0; i < 12; ++i) {
    const double mean = i < 6 ? static_cast<double>(i) * (1 - std::exp(-4.0)) : 0.0;
    const double off = std::fabs(V[i] + 60 - mean);
    EXPECT_EQ(off > 1e-3, i == 3 || i == 4) << i;
    EXPECT_EQ(off < 1e-9, i != 3 && i != 4) << i;
    EXPECT_EQ(x[i] > 0, i >= 10) << i;
  }
}

TEST(FileInputs, ArraysInEquations) {
  const auto file = network_from_toml(R"toml(
[arrays.drive]
values = [[1, 2], [3, 4], [5, 6]]
unit = "mV"
dt = "1*ms"
[arrays.all]
waveform = "linear(times = 0*ms, values = 2*mV)"
[arrays.table]
waveform = { name = "table", times = ["0*ms", "1*ms"], values = [0, "10"] }
[models.m]
equations = """
dV/dt = (drive(t, i) + all(t))/ms : volt
dy/dt = i/ms*table(t) : 1
"""
[populations]
A = { model = "m", size = 2 }
[run]
duration = "3*ms"
method = "euler"
)toml");
  Simulation sim(file.network, file.run.options());
  sim.run(3 * ms);
  const auto V = sim.get("A", "V"), y = sim.get("A", "y");
  EXPECT_NEAR(V[0], 1 + 3 + 5 + 3 * 2, 1e-9);
  EXPECT_NEAR(V[1], 2 + 4 + 6 + 3 * 2, 1e-9);
  EXPECT_NEAR(y[0], 0, 1e-12);
  EXPECT_NEAR(y[1], 20, 1e-9);
}

TEST(FileInputs, LinearTablesLieBetween) {
  const auto file = network_from_toml("[arrays.a]\nwaveform = { name = 'linear', times = [1, 3], values = ['0*mV', '4*mV'], unit = 'ms' }\n"
                                      "[models.m]\nequations = 'dV/dt = a(t)/ms : volt'\n[populations]\nA = { model = 'm', size = 1 }\n[run]\nduration = '4*ms'\nmethod = 'euler'\n");
  Simulation sim(file.network, file.run.options());
  sim.run(2 * ms);
  EXPECT_NEAR(sim.get("A", "V")[0], 1.0, 1e-9);  // the area of the triangle, by the midpoint rule
  sim.run(2 * ms);
  EXPECT_NEAR(sim.get("A", "V")[0], 4 + 4, 1e-9);
}

TEST(FileInputs, NegativeDurationsAreRefusedBeforeAnythingIsMade) {
  for (const char* form : {"name = 'table', times = ['0*ms'], values = ['1*mV'], duration = '-5*ms'",
                           "name = 'section', values = ['1*mV', '2*mV'], durations = ['100000*second', '-99999*second']"}) {
    try {
      (void)network_from_toml(std::string("[arrays.a]\nwaveform = { ") + form + " }\n[populations]\nA = { model = 'lif', size = 1 }\n[run]\nduration = '4*ms'\n");
      FAIL() << form;
    } catch (const ParseError& e) {
      EXPECT_NE(std::string(e.what()).find("a duration is -"), std::string::npos) << e.what();
    }
  }
}

TEST(FileInputs, ListsOfSpikes) {
  const auto file = network_from_toml(R"toml(
[populations]
S = { size = 3, spikes = { neurons = [0, 2, 1], times = [1.5, 3.04, "4*ms"], unit = "ms" } }
[run]
duration = "10*ms"
)toml");
  Network net;
  net.add("S", spike_source({{0, 2, 1}, {1.5, 3.04, 4}}), 3);
  Simulation text(file.network, file.run.options()), cpp(net, file.run.options());
  const auto record = text.record(SpikesRef{"S"});
  text.run(10 * ms);
  cpp.run(10 * ms);
  EXPECT_EQ(text.program_hash(), cpp.program_hash());
  EXPECT_EQ(text.checksum(), cpp.checksum());
  EXPECT_EQ(record->stamps(), (std::vector<std::uint64_t>{15, 30, 40}));
}

TEST(FileInputs, ValuesByTheNumbersOfNeuronsAndSynapses) {
  const auto file = network_from_toml(R"toml(
[populations]
A = { model = "lif", size = 5, initial = { V = "-60*mV + i*1*mV" }, parameters = { tau = "10*ms + 10*ms*i/(N - 1)" } }
[[projections]]
source = "A[1:5]"
target = "A[0:3]"
rule = "all_to_all"
synapse = "delta"
weight = "(1 + i + 10*j)*mV"
delay = "0.1*ms*(1 + abs(i - j))"
)toml");
  Simulation sim(file.network, file.run.options());
  EXPECT_EQ(sim.get("A", "V"), (std::vector<double>{-60, -59, -58, -57, -56}));
  EXPECT_EQ(sim.get("A", "tau"), (std::vector<double>{10, 12.5, 15, 17.5, 20}));
  const auto made = sim.connectivity("A_to_A");
  ASSERT_EQ(made.size(), 12u);
  for (std::size_t k = 0; k < made.size(); ++k) {
    const int i = static_cast<int>(made.pre[k]) - 1, j = static_cast<int>(made.post[k]);
    EXPECT_EQ(made.weight[k], 1 + i + 10 * j);
    EXPECT_NEAR(made.delay[k], 0.1 * (1 + std::abs(i - j)), 1e-12);
  }
}

TEST(FileInputs, ALongerRunHasALongerWaveform) {
  const auto text = head + "[[inputs]]\ntarget = 'A'\nwaveform = 'step(200*pA, 60*ms)'\n";
  const auto file = network_from_toml(text, {}, "x", {.duration = 100 * ms, .dt = 0.2 * ms});
  Simulation sim(file.network, file.run.options());
  sim.run(100 * ms);
  EXPECT_GT(sim.spike_count(), 0u);
}

TEST(FileInputs, MistakesAreNamed) {
  struct Wrong {
    std::string table, problem, remedy;
  };
  const Wrong all[] = {
      {"target = 'A'", "the input has no value", "'waveform'"},
      {"target = 'A'\nvalue = 1\nnoise = 'white(1*pA)'", "several values", "one of"},
      {"target = 'A'\nvalue = '3*mV'", "3 mV", "unit"},
      {"target = 'A'\nonto = 'J'\nvalue = '3*pA'", "has no input 'J'", "'I'"},
      {"target = 'A'\npoisson = { n = 3, rate = '3*Hz', weight = '1*mV' }", "has several states", "onto"},
      {"target = 'A'\nonto = 'V'\npoisson = { n = 3, rate = '3*Hz' }", "needs 'weight'", "weight = ..."},
      {"target = 'A'\nonto = 'V'\npoisson = { n = 3, rate = '3*ms', weight = '1*mV' }", "3 ms", ""},
      {"target = 'A'\nnoise = 'pink(1*pA)'", "there is no noise 'pink'", "'white'"},
      {"target = 'A'\nwaveform = 'sine(1*pA)'", "there is no waveform 'sine'", "'sinusoid'"},
      {"target = 'A'\nwaveform = 'step(1*pA)'", "'at' is missing", "at = ..."},
      {"target = 'A'\nwaveform = 'step(1*pA, 3*ms, until = 3*ms)'", "no argument 'until'", "'at'"},
      {"target = 'A'\nwaveform = { name = 'section', values = [1, '2*pA'], durations = '1*ms' }", "this is in pA", "plain numbers"},
      {"target = 'A'\nwaveform = 'constant(1*pA, dt = 1e-9*ms)'", "more than 67 million values", "longer dt"},
      {"target = 'A[5:3]'\nvalue = '1*pA'", "the view is empty", "FIRST"},
      {"target = 'A'\nvalue = 'W*pA'", "unknown name 'W'", "'V'"},
      {"target = 'A'\nvalue = 'stim(t)*pA'", "unknown function 'stim'", ""},
  };
  for (const auto& w : all) {
    try {
      const auto file = network_from_toml(head + "[[inputs]]\n" + w.table + "\n");
      Simulation sim(file.network);
      ADD_FAILURE() << "accepted: " << w.table;
    } catch (const ParseError& e) {
      ASSERT_EQ(e.diagnostics().size(), 1u) << e.what();
      EXPECT_NE(std::string(e.what()).find(w.problem), std::string::npos) << e.what();
      EXPECT_NE(e.diagnostics()[0].remedy.find(w.remedy), std::string::npos) << e.what();
    }
  }
}

}  // namespace
