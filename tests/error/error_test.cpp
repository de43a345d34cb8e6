// Every message of bad input, read: what is wrong, where, and what to do.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>

#include "ranvier/models.hpp"
#include "ranvier/network.hpp"
#include "ranvier/plot.hpp"
#include "ranvier/simulation.hpp"
#include "ranvier/sinks.hpp"
#include "ranvier/synapses.hpp"
#include "temporary_folder.hpp"

namespace ranvier {
namespace {

using namespace units;

const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

/// `code` throws an E whose message holds all of `words`.
template <class E = UserError>
void expect_error(const std::vector<std::string>& words, const std::function<void()>& code) {
  try {
    code();
  } catch (const E& e) {
    for (const auto& word : words)
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << "'" << word << "' is not in: " << e.what();
    return;
  }
  ADD_FAILURE() << "no such error was thrown; expected '" << words.front() << "'";
}

Model leaky() {
  Model m{"leaky"};
  const auto V = m.state("V", mV);
  const auto gl = m.parameter("gl", 10 * nS), Cm = m.parameter("Cm", 200 * pF);
  const auto I = m.input("I_syn", pA);
  m.d(V) = (-gl * V + I) / Cm;
  m.threshold(V >= 10 * mV);
  m.reset(V, 0 * mV);
  return m;
}

Network network(std::uint32_t size = 3) {
  Network net;
  net.add("E", leaky(), size);
  return net;
}

Network connected(std::uint32_t size, const Rule& rule) {
  Network net = network(size);
  const auto E = net.population("E");
  net.connect(E, E, rule).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(6 * nS);
  return net;
}

// Kernels are interpreted: no test here needs LLVM.
SimulationOptions options() {
  SimulationOptions o;
  o.backend = Backend::interpreter;
  o.threads = 1;
  return o;
}

/// x doubles in every step of 1 ms, from the given values.
Network doubling(const std::vector<double>& start) {
  Model m{"doubling"};
  const auto x = m.state("x");
  m.d(x) = x / (1 * ms);
  m.threshold(x >= 1e300);
  m.method("euler");
  m.precision(Precision::f32);
  Network net;
  auto E = net.add("E", m, static_cast<std::uint32_t>(start.size()));
  E["x"].set(start, unitless);
  return net;
}

TEST(UnknownName, Model) {
  expect_error({"there is no model 'coba_h'", "did you mean 'coba_hh'?"}, [] { (void)models::find("coba_h"); });
}
TEST(UnknownName, Setting) {
  expect_error({"coba_hh: there is no setting 'w_e'", "'we'"},
               [] { (void)models::find("coba_hh").build({{"w_e", 6 * nS}}); });
}
TEST(UnknownName, Parameter) {
  expect_error({"there is no parameter 'gk'", "'gl'"}, [] { network().set("gk", 1 * nS); });
  expect_error({"population 'E'", "there is no parameter 'gm'", "'gl'"},
               [] { network().population("E").set("gm", 1 * nS); });
  expect_error({"'E_to_E.wight'", "'E_to_E.weight'"}, [] { connected(3, all_to_all()).set("E_to_E.wight", 1 * nS); });
}
TEST(UnknownName, State) {
  expect_error({"population 'E'", "there is no state 'W'", "'V'"}, [] { (void)network().population("E")["W"]; });
  expect_error({"population 'E'", "there is no variable 'Vm'", "'V'"},
               [] { (void)Simulation(network(), options()).get("E", "Vm"); });
}
TEST(UnknownName, Population) {
  expect_error({"there is no population 'F'", "'E'"}, [] { (void)network().population("F"); });
  expect_error({"there is no population 'F'", "'E'"}, [] { (void)Simulation(network(), options()).get("F", "V"); });
  expect_error({"there is no population 'F'", "'E'"}, [] { Simulation(network(), options()).record(SpikesRef{"F"}); });
}
TEST(UnknownName, Projection) {
  expect_error({"there is no projection 'E_to_F'", "'E_to_E'"},
               [] { (void)Simulation(connected(3, all_to_all()), options()).connectivity("E_to_F"); });
}
TEST(UnknownName, Unit) {
  expect_error({"mW/", "'bananas'"}, [] { (void)parse_unit("mW/bananas"); });
  expect_error({"'nZ'"}, [] { (void)parse_quantity("6 nZ"); });
}
TEST(UnknownName, Method) {
  expect_error({"there is no integration method 'rk5'", "'rk4'"}, [] {
    auto o = options();
    o.method = "rk5";
    Simulation(network(), o);
  });
}
TEST(UnknownName, NameThatIsTaken) {
  expect_error({"the name 'E' is that of a population", "rename"}, [] { network().add("E", leaky(), 2); });
}

TEST(WrongDimension, Sum) {
  expect_error<UnitError>({"mV", "nS"}, [] { (void)(Expr(1 * mV) + Expr(2 * nS)); });
}
TEST(WrongDimension, Equation) {
  expect_error<UnitError>({"model 'm'", "dV/dt must be in mV/ms", "'-V' is in mV"}, [] {
    Model m{"m"};
    const auto V = m.state("V", mV);
    m.d(V) = -V;
  });
}
TEST(WrongDimension, Threshold) {
  expect_error<UnitError>({"mV", "nS"}, [] {
    Model m{"m"};
    const auto V = m.state("V", mV);
    m.threshold(V >= 3 * nS);
  });
}
TEST(WrongDimension, Parameter) {
  expect_error<UnitError>({"population 'E'", "'gl' must be in nS", "10 mV"}, [] { network().set("gl", 10 * mV); });
}
TEST(WrongDimension, InitialValue) {
  expect_error<UnitError>({"population 'E'", "the initial value of 'V' must be in mV", "pA"}, [] {
    auto net = network();
    net.population("E")["V"] = Expr(3 * pA);
  });
}
TEST(WrongDimension, Weight) {
  expect_error<UnitError>({"'E_to_E.weight' must be in nS", "6 pA"},
                          [] { connected(3, all_to_all()).set("E_to_E.weight", 6 * pA); });
}
TEST(WrongDimension, DelayAndDtAndDuration) {
  expect_error({"delay", "mV"}, [] {
    auto net = network();
    const auto E = net.population("E");
    net.connect(E, E, all_to_all()).delay(1 * mV);
  });
  expect_error({"dt", "0.1 mV"}, [] {
    auto o = options();
    o.dt = 0.1 * mV;
    Simulation(network(), o);
  });
  expect_error({"duration", "100"}, [] { Simulation(network(), options()).run(Quantity{100}); });
}

TEST(BadTime, Dt) {
  for (const double dt : {0.0, -0.1, nan, infinity}) {
    expect_error({"dt is", "give a time step above 0"}, [dt] {
      auto o = options();
      o.dt = dt * ms;
      Simulation(network(), o);
    });
  }
}
TEST(BadTime, DurationThatIsNoMultipleOfDt) {
  Simulation sim(network(), options());
  expect_error({"0.25 ms is not a multiple of dt = 0.1 ms", "nothing was run", "0.2 ms or", "0.3"},
               [&] { sim.run(0.25 * ms); });
  EXPECT_EQ(sim.steps(), 0u);
}
TEST(BadTime, Duration) {
  for (const double t : {-1.0, nan, infinity}) {
    expect_error({"the duration is", "give a finite time"}, [t] { Simulation(network(), options()).run(t * ms); });
  }
}
TEST(BadTime, DelayThatIsNoMultipleOfDt) {
  expect_error({"projection 'E_to_E'", "0.25 ms is not a multiple of dt = 0.1 ms"}, [] {
    auto net = network();
    const auto E = net.population("E");
    net.connect(E, E, all_to_all()).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(1 * nS).delay(0.25 * ms);
    Simulation(net, options());
  });
}

TEST(BadView, OutOfRangeOrEmpty) {
  const auto net = network();
  expect_error({"population 'E'", "the view [1, 4) is not within its 3 neurons", "first < last <= size"},
               [&] { (void)net.population("E").slice(1, 4); });
  expect_error({"the view [2, 2) is not within its 3 neurons"}, [&] { (void)net.population("E").slice(2, 2); });
  expect_error({"the view [2, 1) is not within its 3 neurons"}, [&] { (void)net.population("E").slice(2, 1); });
  expect_error({"population 'E'", "the view [0, 9) is not within its 3 neurons"}, [] {
    auto again = network();
    again.connect({"E", 0, 9}, again.population("E"), all_to_all());
  });
}

/// What a synapse reads of its neurons: the message names both, and what there is.
TEST(BadReads, OfStatesThatTheTargetLacks) {
  const auto joined = [](const std::function<void(Projection)>& set) {
    Network net = network();
    const auto E = net.population("E");
    set(net.connect(E, E, all_to_all()).weight(6 * nS));
    Simulation(net, options());
  };
  Output block{"block"};
  block.current(block.synaptic(nS) * (block.post("Vm", mV) - 0 * mV));
  expect_error({"projection 'E_to_E'", "output 'block' needs 'Vm'", "population 'E' lacks", "model 'leaky'", "'V'"},
               [&] { joined([&](Projection p) { p.synapse(exponential(5 * ms)).output(block); }); });
  expect_error({"projection 'E_to_E'", "needs 'u'", "population 'E' lacks", "model 'leaky'", "'V'"},
               [&] { joined([](Projection p) { p.synapse(delta("u", nS)); }); });
  Plasticity rule{"voltage_rule"};
  const auto w = rule.weight("w", nS), u = rule.post("u", mV);
  rule.on_pre(w, w + 1 * nS * u / mV);
  rule.sends(w);
  expect_error({"projection 'E_to_E'", "plasticity 'voltage_rule' reads 'u' of its target", "population 'E' lacks", "'V'"},
               [&] { joined([&](Projection p) { p.synapse(exponential(5 * ms)).output(coba(0 * mV)).plasticity(rule); }); });
  Model graded{"graded"};
  const auto s = graded.state("s");
  graded.d(s) = (graded.pre("u", mV) / mV - s) / (5 * ms);
  graded.sends(s);
  expect_error({"projection 'E_to_E'", "synapse 'graded' needs 'u'", "its source, population 'E', lacks", "model 'leaky'", "'V'"},
               [&] { joined([&](Projection p) { p.synapse(graded).output(coba(0 * mV)); }); });
}

TEST(BadNumber, Probability) {
  for (const double p : {-0.1, 1.5, nan}) {
    expect_error({"from 0 to 1"}, [p] { (void)bernoulli(p); });
    expect_error({"from 0 to 1"}, [p] { (void)fixed_outdegree_fraction(p); });
    expect_error({"from 0 to 1"}, [p] { (void)fixed_indegree_fraction(p); });
  }
}
TEST(BadNumber, ZeroNeurons) {
  expect_error({"population 'E'", "zero neurons"}, [] { network(0); });
  expect_error({"coba_hh", "zero inhibitory neurons"},
               [] { (void)models::find("coba_hh").build({{"scale", 0.0001}}); });
  expect_error({"it has no population"}, [] { Simulation(Network{}, options()); });
}
TEST(BadNumber, LanesAndThreads) {
  expect_error({"3 is not a number of lanes", "1, 2, 4, 8, 16 or 32"}, [] {
    auto o = options();
    o.backend = Backend::llvm;
    o.lanes = 3;
    Simulation(network(), o);
  });
  expect_error({"-1 threads"}, [] {
    auto o = options();
    o.threads = -1;
    Simulation(network(), o);
  });
}
TEST(BadNumber, Parameter) {
  expect_error({"'gl' is NaN"}, [] { network().set("gl", nan * nS); });
  expect_error({"population 'E'", "got 2 values for 3 neurons"},
               [] { network().population("E").set("gl", {1, 2}, nS); });
}

TEST(BadConnections, IndexOutOfRange) {
  expect_error({"projection 'E_to_E'", "entry 1", "post = 7 is out of range", "3 neurons", "0 to 2"},
               [] { Simulation(connected(3, explicit_list({0, 1}, {1, 7})), options()); });
  expect_error({"pre = 3 is out of range"}, [] { Simulation(connected(3, explicit_list({3}, {0})), options()); });
}
TEST(BadConnections, MoreTargetsThanThereAre) {
  expect_error({"projection 'E_to_E'", "k = 4", "3 neurons"},
               [] { Simulation(connected(3, fixed_outdegree(4)), options()); });
}
TEST(BadConnections, MoreSynapsesThanMemory) {
  // 4 million times 4 million synapses of 4 bytes: said before anything of that size is allocated.
  expect_error({"about 16", "synapses need", "TiB", "are available", "fewer neurons"},
               [] { Simulation(connected(4'000'000, all_to_all()), options()); });
}

TEST(BadPath, SpikesSayItBeforeTheRun) {
  Simulation sim(network(), options());
  expect_error({"/nowhere/s.h5", "no directory /nowhere"},
               [&] { sim.stream(std::make_shared<io::SpikeFileSink>("/nowhere/s.h5")); });
  expect_error({"s.txt", ".h5", ".csv"}, [&] { sim.stream(std::make_shared<io::SpikeFileSink>("s.txt")); });
}
TEST(BadPath, StatesSayItBeforeTheRun) {
  const auto net = network();
  Simulation sim(net, options());
  const auto report = io::ReportOutput::make("/nowhere/v.h5", 1, {});
  expect_error({"/nowhere/v.h5"}, [&] { sim.stream(net.population("E")["V"], {}, report->sinks().front()); });
}
TEST(BadPath, Figure) {
  expect_error({"r.gif", ".png, .svg or .pdf"}, [] { plot::check_writable("r.gif"); });
  expect_error({"/nowhere/r.png", "/nowhere"}, [] { plot::check_writable("/nowhere/r.png"); });
}
TEST(BadPath, FullDisk) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  const TemporaryFolder folder;
  const auto path = folder / "full.csv";
  std::filesystem::create_symlink("/dev/full", path);
  Simulation sim(network(), options());
  expect_error({path.string(), "cannot be written", "No space left"},
               [&] { sim.stream(std::make_shared<io::SpikeFileSink>(path)); });
}

TEST(BadState, InfiniteSaysWhichWhereAndWhen) {
  // Single precision ends at 3.4e38: 1e38, 2e38, infinite at the second step.
  auto net = doubling({1, 1, 1, 1e38, 1});
  auto o = options();
  o.dt = 1 * ms;
  Simulation sim(net, o);
  const auto x = sim.record(net.population("E")["x"], {.neurons = {0, 3}});
  expect_error({"population 'E'", "'x' of neuron 3 became infinite at t = 2 ms", "euler", "dt = 1 ms",
                "what was recorded is kept"},
               [&] { sim.run(10 * ms); });
  EXPECT_EQ(sim.time_ms(), 2);
  ASSERT_GE(x->frames(), 2u);
  EXPECT_EQ(x->value(1, 0), 2);
  EXPECT_EQ(static_cast<float>(x->value(1, 1)), 2e38f);
}
TEST(BadState, NaNSaysSo) {
  // infinite - infinite
  Model m{"nothing"};
  const auto x = m.state("x");
  m.d(x) = (exp(x * 1000) - exp(x * 2000)) / (1 * ms);
  m.initial(x, 1);
  m.method("euler");
  Network net;
  net.add("E", m, 2);
  expect_error({"'x' of neuron 0 became NaN at t = 0.1 ms"}, [&] { Simulation(net, options()).run(1 * ms); });
}
TEST(BadState, ValuesThatAreSet) {
  Simulation sim(network(), options());
  expect_error({"'V' of neuron 1 is not finite"}, [&] { sim.set("E", "V", {0, nan, 0}); });
  expect_error({"'V' got 2 values for 3 neurons"}, [&] { sim.set("E", "V", {0, 0}); });
}

}  // namespace
}  // namespace ranvier
