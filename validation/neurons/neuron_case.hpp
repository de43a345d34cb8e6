// What the tests of the neurons share: runs with a constant input against the references beside this file. See README.md.
//
//   const Case hh{"hh", {{"I_ext", 10 * uA / (cm * cm)}}, {"V", "m", "h", "n"}};
//   expect_states(hh);
//   expect_order(hh, "rk4", 4, 0.02);
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"
#include "reference_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

struct Case {
  std::string name;
  models::Settings parameters;
  std::vector<std::string> states;  ///< in the order of the reference
  [[nodiscard]] std::vector<ReferenceRow> reference(const std::string& tag) const {
    std::vector<ReferenceRow> out;
    for (const auto& row : read_reference(CASE_DIR "/references/" + name + ".txt")) {
      if (row.tag == tag) out.push_back(row);
    }
    return out;
  }
};

inline Network one(const Case& c) {
  Network net;
  net.add("N", models::neuron(c.name, c.parameters), 1);
  return net;
}

/// dt in ms; times are whole multiples of it.
inline SimulationOptions with(const std::string& method, double dt) { return {.dt = dt * ms, .method = method, .threads = 1}; }

/// Every state at every time of the reference, with rk4 at 0.0025 ms.
inline void expect_states(const Case& c) {
  Simulation sim(one(c), with("rk4", 0.0025));
  const auto rows = c.reference("at");
  ASSERT_EQ(rows.size(), 4u);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    sim.run(rows[r].number(0) * ms - sim.time_ms() * ms);
    for (std::size_t k = 0; k < c.states.size(); ++k) {
      EXPECT_NEAR(sim.get("N", c.states[k])[0], rows[r].number(k + 1), r + 1 < rows.size() ? 1e-6 : 1e-4)
          << c.states[k] << " at " << rows[r].number(0) << " ms";
    }
  }
}

/// V's error at the third time of the reference falls by 2^order as dt is halved.
inline void expect_order(const Case& c, const std::string& method, int order, double dt) {
  const auto row = c.reference("at").at(2);
  const auto error = [&](double step) {
    Simulation sim(one(c), with(method, step));
    sim.run(row.number(0) * ms);
    return std::fabs(sim.get("N", c.states[0])[0] - row.number(1));
  };
  const double coarse = error(dt), fine = error(dt / 2), ratio = std::pow(2, order);
  EXPECT_NEAR(coarse / fine, ratio, 0.2 * ratio) << method << ": errors " << coarse << " and " << fine;
}

/// `dt` of the first-order methods; the others take longer steps, so that rounding stays out of the way.
inline void expect_orders(const Case& c, double first, double second, double fourth) {
  for (const char* method : {"euler", "exp_euler"}) expect_order(c, method, 1, first);
  for (const char* method : {"heun", "midpoint", "exp_midpoint", "exp_staggered"}) expect_order(c, method, 2, second);
  expect_order(c, "rk4", 4, fourth);
}

/// All spikes of the reference, on the grid: late by what rounding up to a step adds each time. exp_euler is of first order itself,
/// and its error has either sign.
inline void expect_spikes(const Case& c) {
  const auto rows = c.reference("spike");
  ASSERT_FALSE(rows.empty());
  const double end = c.reference("at").empty() ? rows.back().number(0) + 1 : c.reference("at").at(0).number(0);
  for (const std::string method : {"", "exp_euler"}) {
    for (const double dt : {0.04, 0.01, 0.0025}) {
      const auto net = one(c);
      Simulation sim(net, with(method, dt));
      const auto spikes = sim.record(net.population("N").spikes());
      sim.run(std::ceil(end / dt) * dt * ms);
      const auto times = spikes->times_ms();
      ASSERT_EQ(times.size(), rows.size()) << sim.info().method << " at " << dt;
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const double late = times[k] - rows[k].number(0);
        const auto n = static_cast<double>(k + 1);
        EXPECT_GE(late, method.empty() ? -0.5 * dt : -2 * n * dt) << sim.info().method << " at " << dt << ", spike " << n;
        EXPECT_LE(late, 2 * n * dt) << sim.info().method << " at " << dt << ", spike " << n;
      }
    }
  }
}

/// The same current through the input and as a parameter.
inline void expect_input_is_parameter(const Case& c, Quantity as_input) {
  auto net = one(c);
  auto others = c.parameters;
  others.erase("I_ext");
  auto other = net.add("O", models::neuron(c.name, others), 1);
  other.external("I");
  Simulation sim(net, with("", 0.01));
  sim.set_input("O.I", as_input);
  sim.run(5 * ms);
  const double start = Simulation(one(c), with("", 0.01)).get("N", c.states[0])[0];
  EXPECT_GT(std::fabs(sim.get("N", c.states[0])[0] - start), 1e-3) << "nothing happened";
  for (const auto& s : c.states) EXPECT_NEAR(sim.get("O", s)[0], sim.get("N", s)[0], 1e-9) << s;
}
