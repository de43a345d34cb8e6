// links: ranvier_text ranvier_engine ranvier_models
// Connections of network files: rules, lists, conditions, positions and receptors are those of the C++ calls; mistakes have their place.
#include <gtest/gtest.h>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

NetworkFile with_rule(const std::string& rule, const std::string& more = "weight = '1*mV'\n") {
  return network_from_toml("[populations]\nA = { model = 'lif', size = 12, positions = 'grid(3, 4, spacing = 10*um, periodic = true)' }\n"
                           "B = { model = 'lif', size = 4, positions = { name = 'points', at = [[1, 2], [3, 4], [5, 6], ['7*um', 8]], unit = 'um' } }\n"
                           "[[projections]]\nname = 'S'\nsource = 'A'\ntarget = 'A'\nsynapse = 'delta'\nrule = " + rule + "\n" + more);
}

TEST(FileConnections, RulesAreThoseOfCpp) {
  const std::pair<std::string, Rule> all[] = {
      {"'gaussian_prob(20*um)'", gaussian_prob(20 * um)},
      {"'gaussian_prob(20*um, peak = 0.5)'", gaussian_prob(20 * um, 0.5)},
      {"'exponential_prob(scale = 20*um, self_connections = false)'", exponential_prob(20 * um).self_connections(false)},
      {"'dog_prob(10*um, 1, 30*um, 0.4)'", dog_prob(10 * um, 1, 30 * um, 0.4)},
      {"'prob_dist(15*um, 0.3)'", prob_dist(15 * um, 0.3)},
      {"'grid_four'", grid_four()},
      {"{ name = 'grid_n', n = 2, shape = [3, 4], periodic = true }", grid_n(2, {3, 4}, true)},
      {"'small_world(4, 0.1, directed = true)'", small_world(4, 0.1, true)},
      {"'scale_free_ba(2)'", scale_free_ba(2)},
      {"'fixed_total(30, multiple = true)'", fixed_total(30).multiple(true)},
      {"{ name = 'list', pre = [0, 1, 5], post = [2, 2, 3] }", explicit_list({0, 1, 5}, {2, 2, 3})},
      {"{ name = 'targets', j = '(i + 1) % N_post' }", explicit_list({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0})},
  };
  for (const auto& [text, rule] : all) EXPECT_EQ(with_rule(text).network.data().projections[0].rule, rule) << text;
  const auto listed = with_rule("{ name = 'list', pre = [0, 1], post = [2, 2], weight = [0.5, '2*mV'], delay = ['1*ms', '2*ms'], unit = 'mV' }", "");
  EXPECT_EQ(listed.network.data().projections[0].rule, explicit_list({0, 1}, {2, 2}, {0.5, 2}, {1, 2}));
}

TEST(FileConnections, MatricesConditionsAndDistances) {
  const auto small = [](const std::string& rule, const std::string& more) {
    return network_from_toml("[populations]\nA = { model = 'lif', size = 2 }\nB = { model = 'lif', size = 3 }\n[[projections]]\nname = 'S'\nsource = 'A'\ntarget = 'B'\n"
                             "synapse = 'delta'\nrule = " + rule + "\n" + more);
  };
  const auto weights = small("{ name = 'matrix', values = [[0, 1, 2], [3, 0, 0]], unit = 'mV' }", "");
  EXPECT_EQ(weights.network.data().projections[0].rule, matrix(2, 3, std::vector<double>{0, 1, 2, 3, 0, 0}));
  Simulation a(weights.network);
  EXPECT_EQ(a.connectivity("S").weight, (std::vector<double>{1, 2, 3}));
  Simulation b(small("{ name = 'mask', values = [[0, 1, 1], [1, 0, 0]] }", "weight = '1*mV'").network);
  EXPECT_EQ(b.connectivity("S").post, (std::vector<std::uint32_t>{1, 2, 0}));
  Simulation c(with_rule("{ name = 'condition', where = 'i != j and abs(i - j) < 3' }").network);
  const auto made = c.connectivity("S");
  std::size_t expected = 0;
  for (int i = 0; i < 12; ++i) {
    for (int j = 0; j < 12; ++j) expected += i != j && std::abs(i - j) < 3;
  }
  EXPECT_EQ(made.size(), expected);
  for (std::size_t k = 0; k < made.size(); ++k) {
    const int d = static_cast<int>(made.pre[k]) - static_cast<int>(made.post[k]);
    EXPECT_TRUE(d != 0 && std::abs(d) < 3);
  }
  // Weights and delays of the distance; a probability that is 1 within a radius and 0 outside.
  const auto file = with_rule("'bernoulli(where(distance() < 11*um, 1, 0), self_connections = false)'", "weight = '1*mV*exp(-distance()/(10*um))'\ndelay = 'distance()/(10*um)*ms'\n");
  Simulation d(file.network);
  const auto near = d.connectivity("S");
  EXPECT_EQ(near.size(), 12u * 4);
  for (const double w : near.weight) EXPECT_NEAR(w, std::exp(-1.0), 1e-12);
  for (const double t : near.delay) EXPECT_NEAR(t, 1.0, 1e-12);
}

TEST(FileConnections, Positions) {
  const auto file = with_rule("'one_to_one'");
  EXPECT_EQ(*file.network.data().populations[0].positions, grid({3, 4}, 10 * um).periodic());
  EXPECT_EQ(*file.network.data().populations[1].positions, at_points({{1, 2}, {3, 4}, {5, 6}, {7, 8}}));
  const auto more = network_from_toml("[populations]\nA = { model = 'lif', size = 9, positions = 'random_box(1*mm, 200*um, periodic = true)' }\n"
                                      "B = { model = 'lif', size = 9, positions = 'random_disc(50*um)', initial = { V = '-60*mV + position(0)/um*mV' } }\n"
                                      "C = { model = 'lif', size = 6, positions = { name = 'grid', shape = [2, 3], spacing = ['1*um', '2*um'] } }\n");
  const auto& p = more.network.data().populations;
  EXPECT_EQ(*p[0].positions, random_box({1 * mm, 200 * um}).periodic());
  EXPECT_EQ(*p[1].positions, random_disc(50 * um));
  EXPECT_EQ(*p[2].positions, grid({2, 3}, {1 * um, 2 * um}));
  Simulation sim(more.network);
  const auto V = sim.get("B", "V");
  const auto where = sim.positions("B");
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(V[i], -60 + where.coordinates[2 * i], 1e-9);
}

TEST(FileConnections, Receptors) {
  const auto file = network_from_toml(R"toml(
[populations]
A = { model = "poisson(rate = 100*Hz)", size = 20 }
B = { model = "lif(V_rest = -55*mV)", size = 10 }
[[projections]]
source = "A"
target = "B"
rule = "bernoulli(0.5)"
[[projections.receptors]]
name = "AMPA"
synapse = "exponential(tau = 2*ms)"
output = "coba"
weight = "1*nS"
[[projections.receptors]]
name = "NMDA"
synapse = "nmda"
output = "mg_block"
weight = "0.5*nS"
)toml");
  Network net;
  auto A = net.add("A", models::source("poisson", {{"rate", 100 * Hz}}), 20), B = net.add("B", models::neuron("lif", {{"V_rest", -55 * mV}}), 10);
  net.connect(A, B, bernoulli(0.5))
      .receptor("AMPA", models::synapse("exponential", {{"tau", 2 * ms}}), models::output("coba"), 1 * nS)
      .receptor("NMDA", models::synapse("nmda"), models::output("mg_block"), 0.5 * nS);
  Simulation text(file.network), cpp(net);
  EXPECT_EQ(text.program_hash(), cpp.program_hash());
  text.run(50 * ms);
  cpp.run(50 * ms);
  EXPECT_GT(cpp.spike_counts().at("B"), 0u);
  EXPECT_EQ(text.checksum(), cpp.checksum());
}

TEST(FileConnections, MistakesAreNamed) {
  struct Wrong {
    std::string rule, more, problem, remedy;
  };
  const std::string w = "weight = '1*mV'\n";
  const Wrong all[] = {
      {"'gaussian(20*um)'", w, "there is no rule 'gaussian'", "gaussian_prob"},
      {"'gaussian_prob(20*ms)'", w, "20 ms", ""},
      {"'gaussian_prob'", w, "needs 'sigma'", "sigma = ..."},
      {"{ name = 'list', pre = [0, 1] }", w, "needs 'post'", "post = [...]"},
      {"{ name = 'list', pre = [0, 1], post = [0] }", w, "", ""},
      {"{ name = 'list', pre = [-1], post = [0] }", w, "pre is -1", "whole number"},
      {"{ name = 'list', pre = [0], post = [0], weights = [1] }", w, "no argument 'weights'", "'weight'"},
      {"{ name = 'list', pre = [0], post = [0], delay = [1] }", w, "delays are without unit", "quotes"},
      {"{ name = 'matrix', values = [[1, 2], [3]] }", w, "this row has 1 values", "each target"},
      {"'condition(i < V)'", w, "unknown name 'V'", ""},
      {"'condition(i)'", w, "where must be a condition", "compare"},
      {"'targets(i + 1)'", w, "the target of source 11 is 12", "below N_post = 12"},
      {"'condition(rand() < 0.1)'", w, "cannot stand here", ""},
      {"'bernoulli(distance())'", w, "", ""},
      {"'one_to_one'", "weight = '1*mV*distance(3)'\n", "takes 0 arguments", "distance()"},
  };
  for (const auto& each : all) {
    try {
      (void)with_rule(each.rule, each.more);
      ADD_FAILURE() << "accepted: " << each.rule;
    } catch (const ParseError& e) {
      EXPECT_EQ(e.diagnostics().size(), 1u) << e.what();
      EXPECT_NE(std::string(e.what()).find(each.problem), std::string::npos) << each.rule << e.what();
      EXPECT_NE(std::string(e.what()).find(each.remedy), std::string::npos) << each.rule << e.what();
    }
  }
}

}  // namespace
