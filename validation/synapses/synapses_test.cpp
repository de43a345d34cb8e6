// Shapes of the library's synapses; see README.md.
#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"
#include "ranvier/synapses.hpp"
#include "reference_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

/// One neuron that fires at these times.
Model firing(const std::vector<double>& times) {
  Model m{"firing"};
  const auto x = m.state("x", ms);
  m.d(x) = 1;
  Condition fires = abs(x - times[0] * ms) < m.dt() / 2;
  for (std::size_t k = 1; k < times.size(); ++k) fires = fires || abs(x - times[k] * ms) < m.dt() / 2;
  m.threshold(fires);
  return m;
}

Model passive() {
  Model m{"passive"};
  const auto V = m.state("V", mV);
  const auto I = m.input("I", pA);
  m.d(V) = (-60 * mV - V) / (10 * ms) + I / (100 * pF);
  m.initial(V, -60 * mV);
  return m;
}

/// A synaptic state at every millisecond.
std::vector<double> trace(const Model& synapse, const std::string& state, const std::vector<double>& spikes, double dt, int end) {
  Network net;
  auto A = net.add("A", firing(spikes), 1);
  auto B = net.add("B", passive(), 1);
  net.connect(A, B, all_to_all()).synapse(synapse).output(coba(0 * mV)).weight(1 * nS);
  Simulation sim(net, {.dt = dt * ms, .threads = 1});
  const bool at_source = state != "g";  // the kinetic ones
  const auto record = sim.record((at_source ? A : B)["A_to_B." + state], {.every = static_cast<std::uint32_t>(std::lround(1 / dt))});
  sim.run(end * ms);
  return record->values();
}

struct Shape {
  std::string name;
  Model synapse;
  std::function<double(double)> at;
  double tolerance;
};

double dual(double rise, double decay, double t) {
  if (rise == decay) return t / rise * std::exp(1 - t / rise);
  const double peak_time = rise * decay / (decay - rise) * std::log(decay / rise);
  const auto f = [&](double x) { return std::exp(-x / decay) - std::exp(-x / rise); };
  return f(t) / f(peak_time);
}

TEST(Synapses, ClosedForms) {
  std::vector<Shape> shapes{{"exponential", models::synapse("exponential"), [](double t) { return std::exp(-t / 8); }, 1e-12},
                            {"alpha", models::synapse("alpha"), [](double t) { return t / 10 * std::exp(1 - t / 10); }, 1e-12}};
  for (const auto& [rise, decay, tolerance] : {std::tuple{1.0, 10.0, 1e-12}, {10.0, 1.0, 1e-12}, {5.0, 5.0, 1e-12}, {5.0, 5.000001, 1e-9}}) {
    shapes.push_back({"dual_exponential", models::synapse("dual_exponential", {{"tau_rise", rise * ms}, {"tau_decay", decay * ms}}),
                      [rise = rise, decay = decay](double t) { return dual(rise, decay, t); }, tolerance});
  }
  for (const auto& s : shapes) {
    const auto g = trace(s.synapse, "g", {5}, 0.1, 60);
    for (std::size_t k = 0; k <= 60; ++k) {
      EXPECT_NEAR(g[k], k <= 5 ? 0 : s.at(static_cast<double>(k) - 5), s.tolerance) << s.name << " at " << k << " ms";
    }
  }
}

TEST(Synapses, KineticSchemes) {
  const std::vector<double> spikes{5, 12, 15};
  for (const auto& row : read_reference(CASE_DIR "/reference.txt")) {
    const auto dot = row.tag.find('.');
    const std::string name = row.tag.substr(0, dot), state = row.tag.substr(dot + 1);
    const auto error = [&](double dt) {
      const auto x = trace(models::synapse(name), state, spikes, dt, 30);
      double worst = 0;
      for (std::size_t k = 0; k <= 30; ++k) worst = std::max(worst, std::fabs(x[k] - row.number(k)));
      return worst;
    };
    const bool smooth = name == "nmda" || row.tag == "gaba_b.s";
    if (!smooth) {
      EXPECT_LT(error(0.1), 1e-9) << row.tag;
      continue;
    }
    const double coarse = error(0.1), middle = error(0.05), fine = error(0.025);
    EXPECT_LT(fine, 1e-5) << row.tag;
    for (const double ratio : {coarse / middle, middle / fine}) {
      EXPECT_GT(ratio, 3.5) << row.tag;
      EXPECT_LT(ratio, 4.5) << row.tag;
    }
  }
}

TEST(Synapses, MagnesiumBlock) {
  for (const double v : {-90.0, -60.0, -30.0, 0.0, 20.0}) {
    Network net;
    Model on{"on"};
    const auto c = on.state("c");
    on.initial(c, 1);
    Model probe{"probe"};
    const auto V = probe.state("V", mV), Q = probe.state("Q", pA * ms);
    const auto I = probe.input("I", pA);
    probe.d(Q) = I;
    probe.initial(V, v * mV);
    auto A = net.add("A", on, 1), B = net.add("B", probe, 1);
    net.connect(A, B, all_to_all()).synapse(presynaptic("c", Unit{})).output(models::output("mg_block")).weight(2 * nS);
    Simulation sim(net, {.threads = 1});
    sim.run(1 * ms);
    EXPECT_NEAR(sim.get("B", "Q")[0], 2 * (0 - v) / (1 + 1.2 / 3.57 * std::exp(-0.062 * v)), 1e-12 * 200);
  }
}

TEST(Synapses, DeltaJumps) {
  for (const bool keep : {false, true}) {
    Model cell{"cell"};
    const auto V = cell.state("V", mV);
    const auto fires = cell.parameter("fires", 0.0);
    cell.d(V) = -V / (10 * ms);
    cell.threshold(V >= fires * mV + 5 * mV);
    cell.reset(V, 0 * mV);
    cell.refractory(2 * ms, {V});
    Network net;
    auto A = net.add("A", firing({5, 6, 12}), 1), B = net.add("B", cell, 2);
    B.set("fires", {0, 100}, Unit{});  // neuron 0 spikes at the jump of 6 mV, neuron 1 does not
    net.connect(A, B, all_to_all()).synapse(delta("V", mV, keep ? WhileRefractory::keep : WhileRefractory::drop)).weight(6 * mV);
    Simulation sim(net, {.threads = 1});
    sim.run(5.1 * ms);  // the step after the spike: jump, decay
    EXPECT_EQ(sim.get("B", "V")[0], 0);
    EXPECT_NEAR(sim.get("B", "V")[1], 6 * std::exp(-0.01), 1e-12);
    sim.run(1 * ms);    // neuron 0 is refractory when the second arrives
    EXPECT_NEAR(sim.get("B", "V")[0], keep ? 6 : 0, 1e-12);
    EXPECT_NEAR(sim.get("B", "V")[1], 6 * std::exp(-0.01) + 6 * std::exp(-0.11), 1e-12);
    sim.run(5 * ms);
    EXPECT_EQ(sim.spike_counts().at("B"), keep ? 2u : 1u) << "what was kept is above threshold when the period ends";
  }
}

}  // namespace
