// BrainPy's 20-neuron network, spike by spike. See README.md.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <set>

#include "coba_hh_neuron.hpp"
#include "ranvier/simulation.hpp"
#include "reference_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

struct Reference {
  std::array<PairList, 4> lists;  // EE, EI, IE, II
  std::vector<double> v0 = std::vector<double>(20);
  std::set<std::pair<std::uint64_t, std::uint32_t>> spikes;  // (step, neuron)
  std::map<std::pair<std::string, std::uint64_t>, std::vector<double>> samples;
};

Reference load() {
  Reference r;
  for (const auto& row : read_reference(CASE_DIR "/brainpy_impl1.txt")) {
    if (row.tag == "pair") {
      const auto pre = std::stoul(row.fields[0]), post = std::stoul(row.fields[1]);
      auto& list = r.lists[(pre >= 16) * 2 + (post >= 16)];
      list.pre.push_back(static_cast<std::uint32_t>(pre >= 16 ? pre - 16 : pre));
      list.post.push_back(static_cast<std::uint32_t>(post >= 16 ? post - 16 : post));
    } else if (row.tag == "V0") {
      r.v0[std::stoul(row.fields[0])] = row.number(1);
    } else if (row.tag == "spike") {
      r.spikes.insert({std::stoull(row.fields[0]), static_cast<std::uint32_t>(std::stoul(row.fields[1]))});
    } else {
      auto& s = r.samples[{row.fields[0], std::stoull(row.fields[1])}];
      for (std::size_t k = 2; k < row.fields.size(); ++k) s.push_back(row.number(k));
    }
  }
  return r;
}

struct Net20 {
  Network net;
  Population E, I;
  explicit Net20(const Reference& r) : E(net.add("E", coba_hh_neuron(), 16)), I(net.add("I", coba_hh_neuron(), 4)) {
    E["V"].set({r.v0.begin(), r.v0.begin() + 16}, mV);
    I["V"].set({r.v0.begin() + 16, r.v0.end()}, mV);
    const auto excite = exponential(5 * ms), inhibit = exponential(10 * ms);
    net.connect(E, E, explicit_list(r.lists[0])).synapse(excite).output(coba(0 * mV)).weight(30 * nS);
    net.connect(E, I, explicit_list(r.lists[1])).synapse(excite).output(coba(0 * mV)).weight(30 * nS);
    net.connect(I, E, explicit_list(r.lists[2])).synapse(inhibit).output(coba(-80 * mV)).weight(67 * nS);
    net.connect(I, I, explicit_list(r.lists[3])).synapse(inhibit).output(coba(-80 * mV)).weight(67 * nS);
  }
};

std::set<std::pair<std::uint64_t, std::uint32_t>> spikes_of(const SpikeRecord& e, const SpikeRecord& i) {
  std::set<std::pair<std::uint64_t, std::uint32_t>> out;
  for (std::size_t k = 0; k < e.count(); ++k) out.insert({e.stamps()[k] - 1, e.ids()[k]});
  for (std::size_t k = 0; k < i.count(); ++k) out.insert({i.stamps()[k] - 1, i.ids()[k] + 16});
  return out;
}

TEST(Net20, SpikesAtBrainPysVerySteps) {
  const auto reference = load();
  ASSERT_EQ(reference.spikes.size(), 872u);
  Net20 n(reference);
  Simulation sim(n.net, {.method = "exp_euler", .precision = Precision::f64});
  const auto e = sim.record(n.E.spikes()), i = sim.record(n.I.spikes());
  sim.run(200 * ms);
  EXPECT_EQ(spikes_of(*e, *i), reference.spikes);
}

TEST(Net20, StatesFollowBrainPy) {
  const auto reference = load();
  Net20 n(reference);
  Simulation sim(n.net, {.method = "exp_euler", .precision = Precision::f64});
  double worst = 0;
  for (std::uint64_t step = 0; step < 2000; ++step) {
    sim.step();
    for (const std::string name : {"V", "m", "h", "n", "gE", "gI"}) {
      const auto sample = reference.samples.find({name, step});
      if (sample == reference.samples.end()) continue;
      for (const char* population : {"E", "I"}) {
        const bool exc = *population == 'E';
        std::string variable = name;
        double factor = 1;
        if (name == "gE") variable = exc ? "E_to_E.g" : "E_to_I.g", factor = std::exp(-0.1 / 5);
        if (name == "gI") variable = exc ? "I_to_E.g" : "I_to_I.g", factor = std::exp(-0.1 / 10);
        const auto values = sim.get(population, variable);
        for (std::size_t k = 0; k < values.size(); ++k) {
          const double expected = sample->second[exc ? k : k + 16] * factor;
          worst = std::max(worst, std::fabs(values[k] - expected));
          ASSERT_NEAR(values[k], expected, 1e-6) << name << " of " << population << k << " after step " << step;
        }
      }
    }
  }
  RecordProperty("worst_difference", std::to_string(worst));
}

}  // namespace
