// Every channel of the library against its paper's formulas, and calcium pools against closed forms. See README.md.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"
#include "reference_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

struct State {
  std::string name;
  double x, dx, inf, tau;
};
struct Point {
  double v, ca, current;
  std::vector<State> states;
};

std::map<std::string, std::vector<Point>> load() {
  std::map<std::string, std::vector<Point>> out;
  for (const auto& row : read_reference(CASE_DIR "/channels.txt")) {
    Point p{row.number(1), row.number(2), row.number(3), {}};
    for (std::size_t k = 4; k + 4 < row.fields.size(); k += 5) {
      p.states.push_back({row.fields[k], row.number(k + 1), row.number(k + 2), row.number(k + 3), row.number(k + 4)});
    }
    out[row.fields[0]].push_back(std::move(p));
  }
  return out;
}

class ChannelCase : public testing::TestWithParam<std::string> {
 protected:
  const std::vector<Point> points = load().at(GetParam());
  const Channel channel = models::channel(GetParam()).named("X");

  /// One neuron a point, at its voltage and concentration; gates steady at it.
  Network network(Quantity C) const {
    Network net;
    auto N = net.add("N", conductance_group("clamped", {.C = C, .V_th = 1000 * mV, .ions = {models::ion("CalciumFixed")}}, {channel}),
                     static_cast<std::uint32_t>(points.size()));
    std::vector<double> v, ca;
    for (const auto& p : points) v.push_back(p.v), ca.push_back(p.ca);
    N.set("V_init", v, mV);
    N.set("Ca.C", ca, mM);
    return net;
  }
  void set_states(Simulation& sim) const {
    for (std::size_t s = 0; s < points[0].states.size(); ++s) {
      std::vector<double> x;
      for (const auto& p : points) x.push_back(p.states[s].x);
      sim.set("N", "X." + points[0].states[s].name, x);
    }
  }
};

TEST_P(ChannelCase, RightHandSides) {
  const double dt = 0.5;
  for (const bool single : {false, true}) {
    Simulation sim(network(1 * uF_per_cm2), {.dt = dt * ms, .method = "euler", .precision = single ? Precision::f32 : Precision::f64, .threads = 1});
    set_states(sim);
    sim.step();
    const auto V = sim.get("N", "V");
    for (std::size_t k = 0; k < points.size(); ++k) {
      const auto& p = points[k];
      const std::string where = " at " + std::to_string(p.v) + " mV, " + std::to_string(p.ca) + " mM";
      if (!single) {
        EXPECT_NEAR((V[k] - p.v) / dt, p.current, 1e-12 + 1e-12 * std::fabs(p.current)) << "current" << where;
      }
      for (const auto& s : p.states) {
        const double dx = (sim.get("N", "X." + s.name)[k] - s.x) / dt;
        const double fastest = s.tau > 0 ? 1 / s.tau : std::fabs(s.dx);
        EXPECT_NEAR(dx, s.dx, single ? 2e-4 * fastest + 2e-7 : 1e-12 * std::max(fastest, std::fabs(s.dx)) + 1e-15) << s.name << where;
      }
    }
  }
}

TEST_P(ChannelCase, StartsInItsSteadyState) {
  Simulation sim(network(1 * uF_per_cm2), {.precision = Precision::f64, .threads = 1});
  for (std::size_t k = 0; k < points.size(); ++k) {
    for (const auto& s : points[k].states) {
      EXPECT_NEAR(sim.get("N", "X." + s.name)[k], s.inf, 1e-12) << s.name << " at " << points[k].v << " mV";
    }
  }
}

TEST_P(ChannelCase, RelaxesUnderVoltageClamp) {
  if (points[0].states.empty() || points[0].states[0].tau == 0) GTEST_SKIP() << "no gates with a time constant";
  for (const std::size_t chosen : {std::size_t{2}, points.size() / 2, points.size() - 1}) {
    const double dt = points[chosen].states[0].tau / 200;
    Simulation sim(network(1e15 * uF_per_cm2), {.dt = dt * ms, .method = "exp_euler", .precision = Precision::f64, .threads = 1});
    set_states(sim);
    for (int k = 0; k < 1000; ++k) sim.step();
    for (const auto& s : points[chosen].states) {
      const double expected = s.inf + (s.x - s.inf) * std::exp(-1000 * dt / s.tau);
      EXPECT_NEAR(sim.get("N", "X." + s.name)[chosen], expected, 1e-10) << s.name << " at " << points[chosen].v << " mV";
    }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& [name, points] : load()) out.push_back(name);
  return out;
}
INSTANTIATE_TEST_SUITE_P(Channels, ChannelCase, testing::ValuesIn(names()), [](const auto& test) { return test.param; });

TEST(Channels, EveryOneOfTheLibraryIsChecked) {
  const auto reference = load();
  for (const auto* part : models::parts("channels")) EXPECT_TRUE(reference.contains(part->name)) << part->name;
  EXPECT_EQ(models::parts("channels").size(), reference.size());
}

/// A constant current of calcium, in uA/cm2.
Channel constant(double current) {
  Channel c{"J"};
  c.current(c.parameter("J", current * uA_per_cm2), "Ca");
  return c;
}

double pool_after(const Ion& ion, double current, double t) {
  Network net;
  net.add("N", conductance_group("pool", {.V_th = 1e9 * mV, .ions = {ion}}, {constant(current)}), 1);
  Simulation sim(net, {.dt = 0.1 * ms, .method = "exp_euler", .precision = Precision::f64, .threads = 1});
  sim.run(t * ms);
  return sim.get("N", "Ca.C")[0] * 1e18;
}

TEST(CalciumPools, FollowAConstantCurrent) {
  const double rest = 2.4e-4, gain = 1e-6 / (2 * 96485.33212331 * 1e-4) * 1e3;  // mM/ms for 1 uA/cm2 into 1 um
  for (const double current : {0.7, 0.0, -0.7}) {
    const double drive = std::max(current, 0.0);
    const double detailed = rest + 5 * gain * drive * (1 - std::exp(-12.0 / 5));
    EXPECT_NEAR(pool_after(models::ion("CalciumDetailed"), current, 12) / detailed, 1, 1e-11) << current;
    const double level = 5.2e-5 * drive / 0.075, first = level + (rest - level) * std::exp(-0.075 * 12);
    EXPECT_NEAR(pool_after(models::ion("CalciumFirstOrder"), current, 12) / first, 1, 1e-11) << current;
  }
}

TEST(CalciumPools, ReverseAtNernstsPotential) {
  Channel leak{"leak"};
  leak.current(leak.parameter("g", 1 * mS_per_cm2) * (leak.ion("Ca").reversal - leak.voltage()));
  Network net;
  net.add("N", conductance_group("pool", {.V_th = 1e9 * mV, .ions = {models::ion("CalciumDetailed")}}, {leak}), 1);
  Simulation sim(net, {.dt = 0.1 * ms, .method = "exp_euler", .precision = Precision::f64, .threads = 1});
  sim.run(100 * ms);
  EXPECT_NEAR(sim.get("N", "V")[0], 8.31446261815324 * 309.15 / (2 * 96485.33212331) * std::log(2 / 2.4e-4) * 1e3, 1e-9);
}

/// The channels of one group share its calcium: a T current fills the pool, which opens IAHP, in every precision and however it runs.
TEST(CalciumPools, CoupleTheChannelsOfAGroup) {
  const auto model = [](bool carried) {
    auto t_current = models::channel("ICaT_HP1992");
    std::vector<Channel> channels{t_current, models::channel("IAHP_De1994", {{"g_max", 0.1 * mS_per_cm2}}), models::channel("IL", {{"E", -75 * mV}})};
    if (!carried) channels.erase(channels.begin());
    return conductance_group(carried ? "with_calcium_current" : "without", {.V_init = -55 * mV, .ions = {models::ion("CalciumDetailed", {{"tau", 50 * ms}})}}, channels);
  };
  for (const auto precision : {Precision::f64, Precision::f32}) {
    Network net;
    net.add("A", model(true), 3), net.add("B", model(false), 3);
    Simulation sim(net, {.dt = 0.05 * ms, .precision = precision, .threads = 2});
    sim.run(100 * ms);
    EXPECT_GT(sim.get("A", "Ca.C")[0], 1.02 * sim.get("B", "Ca.C")[0]);
    EXPECT_GT(sim.get("A", "IAHP.p")[0], sim.get("B", "IAHP.p")[0]);
    EXPECT_NEAR(sim.get("B", "Ca.C")[0] * 1e18, 2.4e-4, 1e-10);
  }
}

}  // namespace
