// One conductance-based neuron of BrainPy's second and third formulations, step by step. See README.md.
#include <gtest/gtest.h>

#include "coba_hh_group.hpp"
#include "ranvier/simulation.hpp"
#include "reference_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

struct Case {
  int implementation;
  const char* dt;
};

class GroupSteps : public testing::TestWithParam<Case> {};

TEST_P(GroupSteps, EverySpikeAtItsStepAndStatesToRounding) {
  const auto [implementation, text] = GetParam();
  const double dt = std::stod(text);
  Network net;
  auto N = net.add("N", coba_hh_group(implementation == 2 ? InputKind::held : InputKind::inside), 1);
  net.set("N.V_init", -60 * mV);
  Model constant{"constant"};
  const auto g = constant.state("g", mS_per_cm2);
  constant.initial(g, 0.05 * mS_per_cm2);
  constant.receives(g);
  net.connect(N, N, explicit_list({}, {})).synapse(constant).output(coba(0 * mV, "V", mS_per_cm2)).weight(0 * mS_per_cm2);
  Simulation sim(net, {.dt = dt * ms, .method = "exp_euler", .precision = Precision::f64, .threads = 1});
  const auto spikes = sim.record(N.spikes());
  std::vector<std::uint64_t> expected;
  const std::string path = CASE_DIR "/brainpy_impl" + std::to_string(implementation) + "_dt" + text + ".txt";
  for (const auto& row : read_reference(path)) {
    if (row.tag == "spike") {
      expected.push_back(std::stoull(row.fields[0]) + 1);
      continue;
    }
    const auto step = std::stoull(row.fields[0]);
    sim.run(static_cast<double>(step + 1 - sim.steps()) * dt * ms);
    const char* names[] = {"V", "INa.p", "INa.q", "IK.p"};
    for (std::size_t k = 0; k < 4; ++k) {
      ASSERT_NEAR(sim.get("N", names[k])[0], row.number(k + 1), 1e-7) << names[k] << " after step " << step;
    }
  }
  sim.run(200 * ms - sim.time_ms() * ms);
  EXPECT_EQ(expected.size(), std::string(text) == "0.1" ? 19u : expected.size());
  EXPECT_EQ(spikes->stamps(), expected);
}

INSTANTIATE_TEST_SUITE_P(SingleNeuron, GroupSteps, testing::Values(Case{2, "0.1"}, Case{2, "0.01"}, Case{3, "0.1"}, Case{3, "0.01"}),
                         [](const auto& test) {
                           return "Implementation" + std::to_string(test.param.implementation) + (std::string(test.param.dt) == "0.1" ? "" : "Fine");
                         });

}  // namespace
