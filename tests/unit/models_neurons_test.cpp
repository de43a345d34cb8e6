// links: ranvier_models ranvier_engine
// Every neuron of the library: the same bits however it is run, a step that overshoots, refractory periods that differ.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

/// Strong enough that each model does something, in the unit of its I_ext.
Quantity drive(const Model& m) {
  for (const auto& p : models::part("neurons", m.name()).describe().parameters) {
    if (p.name != "I_ext") continue;
    if (p.value.dimension == dimension::none) return m.name() == "hindmarsh_rose" || m.name() == "alif" ? 10.0 : 1.0;
    if (p.value.dimension == dimension::current) return m.name() == "izhikevich" ? 10 * pA : 1000 * pA;
    return Quantity{(m.name() == "morris_lecar" ? 100 * uA / (cm * cm) : 10 * uA / (cm * cm)).value, p.value.dimension};
  }
  return 0.0;
}

class EveryNeuron : public testing::TestWithParam<std::string> {};

TEST_P(EveryNeuron, GivesTheSameBitsHoweverItIsRun) {
  const std::string name = GetParam();
  auto model = models::neuron(name);
  model.set("I_ext", drive(model));
  Network net;
  auto N = net.add("N", model, 150);
  const auto about = models::part("neurons", name).describe();
  std::vector<double> currents;
  for (int k = 0; k < 150; ++k) currents.push_back(drive(model).value * (0.5 + k / 150.0));
  const Unit unit{drive(model).dimension, 0};
  N.set("I_ext", currents, unit);
  std::string variable;  // the first state: "V (mV), starts at ..."
  for (const auto& [label, text] : about.properties) {
    if (label == "state" && variable.empty()) variable = text.substr(0, text.find(' '));
  }
  const bool spikes = std::any_of(about.properties.begin(), about.properties.end(), [](const auto& p) { return p.first.starts_with("threshold"); });
  bool refractory = false;
  for (const auto& p : about.parameters) refractory = refractory || p.name == "tau_ref";
  if (refractory) {
    std::vector<double> periods;
    for (int k = 0; k < 150; ++k) periods.push_back(0.1 * (k % 30));
    N.set("tau_ref", periods, ms);
  }
  for (const auto precision : {Precision::f64, Precision::f32}) {
    std::optional<std::uint64_t> checksum;
    std::vector<double> first;
    const auto run = [&](Backend backend, int threads, int lanes, bool fuse) {
      Simulation sim(net, {.dt = 0.05 * ms, .precision = precision, .threads = threads, .lanes = lanes, .backend = backend, .fuse = fuse});
      sim.run(20 * ms);
      const auto V = sim.get("N", variable);
      if (!checksum) checksum = sim.checksum(), first = V;
      EXPECT_EQ(sim.checksum(), *checksum) << threads << " threads, " << lanes << " lanes";
      EXPECT_EQ(V, first) << threads << " threads, " << lanes << " lanes";
      return sim.spike_count();
    };
    const auto count = run(Backend::interpreter, 1, 4, true);
    EXPECT_EQ(count > 0, spikes) << "no spike: nothing is compared";
    EXPECT_NE(first.front(), first.back()) << "the state does not depend on the input: nothing is compared";
    run(Backend::llvm, 1, 1, true);
    run(Backend::llvm, 3, 8, true);
    run(Backend::llvm, 2, 4, false);
  }
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto* p : models::parts("neurons")) out.push_back(p->name);
  return out;
}

INSTANTIATE_TEST_SUITE_P(Library, EveryNeuron, testing::ValuesIn(names()), [](const auto& test) { return test.param; });

/// The upstroke of an exponential neuron ends at any height, in coarse steps and single precision too, and the state stays finite.
TEST(Overshoot, StaysFinite) {
  for (const std::string name : {"adexif", "expif", "quaif", "izhikevich"}) {
    for (const auto precision : {Precision::f32, Precision::f64}) {
      for (const double dt : {0.02, 0.1, 0.2}) {
        Network net;
        auto N = net.add("N", models::neuron(name), 1);
        N.set("I_ext", name == "izhikevich" ? 50 * pA : 2000 * pA);
        Simulation sim(net, {.dt = dt * ms, .precision = precision, .threads = 1});
        EXPECT_NO_THROW(sim.run(50 * ms)) << name << " at " << dt;
        EXPECT_GT(sim.spike_count(), 3u) << name << " at " << dt;
      }
    }
  }
}

}  // namespace
