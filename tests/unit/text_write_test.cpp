// links: ranvier_text ranvier_integrate ranvier_models
// Models and networks as text: what is written reads back to the same step program.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "integrate/build.hpp"
#include "model/model_data.hpp"
#include "ranvier/channel.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"
#include "ranvier/sources.hpp"
#include "ranvier/synapses.hpp"
#include "text/write.hpp"

namespace ranvier {
namespace {

using namespace units;

std::uint64_t hash_of(const Network& net) { return model::hash(integrate::build_step_program(net.data(), {})); }

NetworkFile file_of(Network net) {
  NetworkFile f;
  f.network = std::move(net);
  return f;
}

Network alone(const Model& model) {
  Network net;
  net.add("N", model, 3);
  return net;
}

/// The reason for which it cannot be written; empty if it can, and reads back to the same.
std::string refused(const Network& net, LibraryParts parts = LibraryParts::by_name) {
  std::string text;
  try {
    text = to_toml(file_of(net), parts);
  } catch (const UnsupportedError& e) {
    return e.what();
  }
  try {
    const auto back = network_from_toml(text);
    EXPECT_EQ(hash_of(back.network), hash_of(net)) << text;
    // Parameters that were read are in the order of the alphabet; from then on the text is the same to the letter.
    const auto second = to_toml(file_of(back.network));
    const auto again = network_from_toml(second);
    EXPECT_EQ(hash_of(again.network), hash_of(net)) << second;
    // Factors of an output may change places, with the order in which its parameters are met.
    if (parts == LibraryParts::by_name) {
      EXPECT_EQ(to_toml(file_of(again.network)), second);
    }
  } catch (const Error& e) {
    ADD_FAILURE() << e.what() << "\n" << text;
  }
  return {};
}

TEST(AsToml, EveryNeuronOfTheLibrary) {
  for (const auto* part : models::parts("neurons")) {
    SCOPED_TRACE(part->name);
    EXPECT_EQ(refused(alone(std::any_cast<Model>(part->make()))), "");
  }
}

TEST(AsToml, EverySourceOfTheLibrary) {
  for (const auto* part : models::parts("sources")) {
    SCOPED_TRACE(part->name);
    Network net;
    net.add("N", std::any_cast<Model>(part->make()), 100);
    EXPECT_EQ(refused(net), "");
  }
}

TEST(AsToml, EveryExample) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(RANVIER_SOURCE_DIR) + "/examples")) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path().string());
    EXPECT_EQ(refused(read_network_file(entry.path().string()).network), "");
    ++files;
  }
  EXPECT_GE(files, 18u);
}

/// Each as equations: no name of the library is left in the file, but that of the synapse which a plasticity goes with.
TEST(AsToml, EverySynapseOutputAndPlasticityOfTheLibraryAsEquations) {
  std::map<std::string, int> count;
  for (const char* kind : {"synapses", "outputs", "plasticities"}) {
    for (const auto* part : models::parts(kind)) {
      SCOPED_TRACE(std::string(kind) + "/" + part->name);
      const auto net = text::example_of(*part);
      ASSERT_TRUE(net.has_value());
      EXPECT_EQ(refused(*net, LibraryParts::as_equations), "");
      const auto file = to_toml(file_of(*net), LibraryParts::as_equations);
      EXPECT_NE(file.find("[synapses."), std::string::npos) << file;
      EXPECT_EQ(file.find("\noutput = ") == std::string::npos, std::string(kind) != "plasticities") << file;
      ++count[kind];
    }
  }
  EXPECT_GE(count["synapses"], 8);
  EXPECT_GE(count["outputs"], 4);
  EXPECT_GE(count["plasticities"], 6);
}

TEST(AsToml, WhatIsAddedToInputs) {
  const auto lif = models::neuron("lif");
  EXPECT_EQ(refused(alone(with_white_current(lif, "I", 50 * pA))), "");
  EXPECT_EQ(refused(alone(with_ou_current(lif, "I", 10 * pA, 50 * pA, 5 * ms))), "");
  EXPECT_EQ(refused(alone(with_current(lif, "I", section({0 * pA, 200 * pA}, {50 * ms, 50 * ms}, 10 * ms)))), "");
  EXPECT_EQ(refused(alone(with_voltage_clamp(lif, "I", {{-60, -40}, mV, 50 * ms}, 20 * nS))), "");
  EXPECT_EQ(refused(alone(with_poisson_input(lif, "V", 800, 5 * Hz, 0.1 * mV))), "");
}

TEST(AsToml, StatementsOfEachStep) {
  Model m{"counter"};
  const auto x = m.state("x"), y = m.state("y");
  m.each_step(x, x + 1);
  m.each_step(y, 0.5 * y + randn());
  EXPECT_EQ(refused(alone(m)), "");
}

/// As the only channel of a neuron; with ions where it needs one.
TEST(AsToml, EveryChannelOfTheLibrary) {
  std::vector<Ion> ions;
  for (const char* name : {"CalciumFixed", "PotassiumFixed", "SodiumFixed"}) ions.push_back(models::ion(name));
  std::size_t written = 0;
  for (const auto* part : models::parts("channels")) {
    SCOPED_TRACE(part->name);
    const auto channel = std::any_cast<Channel>(part->make());
    EXPECT_EQ(refused(alone(conductance_group("cell", {.ions = ions}, {channel}))), "");
    ++written;
  }
  EXPECT_GE(written, 20u);
}

/// Calcium that follows its currents, through a channel that carries it.
TEST(AsToml, IonsOfTheLibrary) {
  for (const char* name : {"CalciumDetailed", "CalciumFirstOrder", "CalciumFixed"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(refused(alone(conductance_group("cell", {.ions = {models::ion(name)}}, {models::channel("ICaT_HM1992")}))), "");
  }
}

TEST(AsToml, ValuesOverTime) {
  Model m{"driven"};
  const auto V = m.state("V", mV);
  const auto I = m.time_array("I_ext", {{0, 1, 2.5, -1e-3}, nA, 50 * ms}), ramp = m.time_array("ramp", {{1, 2}, pA, 100 * ms, 1, TimeArray::Between::linear});
  m.d(V) = (-10 * nS * V + I + ramp) / (200 * pF);
  EXPECT_EQ(refused(alone(m)), "");
  Model n{"each"};
  const auto U = n.state("U", mV);
  n.d(U) = n.time_array("each", {{1, 2, 3, 4, 5, 6}, pA, 100 * ms, 3}) / (200 * pF);
  EXPECT_NE(refused(alone(n)).find("values over time for each neuron ('each')"), std::string::npos);
}

TEST(AsToml, EveryNetworkOfTheLibrary) {
  for (const auto& entry : models::all()) {
    SCOPED_TRACE(entry.name);
    EXPECT_EQ(refused(entry.build({})), "");
  }
}

TEST(AsToml, WhatGraphsDoNotSay) {
  // Factors of one unit vanish from graphs; draws that are used twice are one; names that equations reserve; powers; choices.
  Model m{"odd.name"};
  const auto V = m.state("V", mV), x = m.state("x"), s = m.state("mS", nS);
  const auto tau = m.parameter("exp", 10 * ms), k = m.parameter("N", 2.5), g = m.parameter("g_max", 3 * mS_per_cm2);
  const auto draw = randn();
  m.d(V) = (-V + 3 * mV * exp(V / mV / 20) + 2 * mV * draw * draw) / tau;
  m.d(x) = where(V > -50 * mV && !(x >= k), pow(abs(V / mV), 1.5) - sqrt(x * x + 1), floor(x)) / tau + m.noise("one") * pow(ms, -0.5);
  m.d(s) = -s / tau * min(x, 2.0) + g * (um * um) / tau * tanh(max(x, -1.0)) * expm1(x) * log1p(x * x) * sin(x) * cos(x);
  m.let("rate_constant", 0.25 / (mV * ms) * V);
  m.threshold(crosses_up(where(x >= 1.0, V, -V), 20 * mV));
  m.reset(V, V - 10 * mV * rand());
  m.reset(x, x + 1);
  m.initial(x, k * rand());
  m.method("euler_maruyama");
  EXPECT_EQ(refused(alone(m)), "");
}

TEST(AsToml, NetworksWithLawsViewsAndRules) {
  Network net;
  const auto E = net.add("E", models::neuron("lif"), 100), I = net.add("Ix", models::neuron("lif"), 40), P = net.add("P", models::source("poisson"), 10);
  net.population("E").set("tau", normal(20 * ms, 2 * ms));
  net.population("Ix").set("tau", 10 * ms);
  net.population("E")["V"] = uniform(-60 * mV, -50 * mV);
  const auto synapse = exponential(5 * ms, pA);
  net.connect(E, I, fixed_indegree(5).self_connections(false).multiple(true)).synapse(synapse).output(cuba()).weight(lognormal(2 * pA, 1 * pA)).delay(uniform(1 * ms, 2 * ms));
  net.connect(E.slice(10, 50), E, bernoulli(0.125)).named("part").synapse(synapse).output(cuba()).weight(1.5 * pA).delay(0.5 * ms).separate();
  net.connect(I, E, all_to_all()).synapse(delta()).weight(-0.1 * mV);
  net.connect(P, E.slice(0, 10), one_to_one()).synapse(synapse).output(cuba()).weight(3 * pA).current(InputKind::held).arrivals(Arrivals::before_decay).onto("I");
  net.connect(E, E, fixed_indegree(5)).named("plastic").synapse(exponential(5 * ms, pA)).output(cuba()).weight(1 * pA);
  EXPECT_EQ(refused(net), "");
}

TEST(AsToml, Receptors) {
  Network net = alone(models::neuron("lif"));
  const auto N = net.population("N");
  net.connect(N, N, all_to_all()).receptor("AMPA", exponential(3 * ms), coba(0 * mV), 2 * nS).receptor("NMDA", models::synapse("nmda"), models::output("mg_block"), 0.5 * nS).delay(0.7 * ms);
  EXPECT_EQ(refused(net), "");
}

/// The network that reading its text gives.
Network back(const Network& net) { return network_from_toml(to_toml(file_of(net))).network; }

TEST(AsToml, PositionsOfEveryKind) {
  const std::vector<std::vector<double>> points{{0.1, 2, -3}, {1e-9, 5, 7}, {1.0 / 3, 0, 1e6}};
  for (const auto& p :
       {grid({3, 1}, {25 * um, 0.1 * um}), grid({3}).periodic(), random_box({1 * units::mm, 1.0 / 3 * um}),
        random_box({7 * um}).periodic(), random_disc(0.3 * units::mm), random_ball(5 * um), at_points(points)}) {
    SCOPED_TRACE(p.text());
    Network net = alone(models::neuron("lif"));
    net.population("N").positions(p);
    net.population("N")["V"] = -60 * mV + position(0) * mV / um;
    EXPECT_EQ(refused(net), "");
    EXPECT_EQ(back(net).data().populations[0].positions, p);
  }
}

TEST(AsToml, ListsOfValues) {
  Network net = alone(models::neuron("lif"));
  auto N = net.population("N");
  N["V"].set({-60, -61.0 / 3, -62}, mV);
  N.set("tau", {10, 0.1, 1e3}, ms);
  Model m{"plain"};
  const auto x = m.state("x"), k = m.parameter("k", 1);
  m.d(x) = -k * x / (10 * ms);
  net.add("M", m, 2)["x"].set({0, 1.0 / 7}, Unit{});
  net.population("M").set("k", {1e-300, 3}, Unit{});
  EXPECT_EQ(refused(net), "");
  const auto again = back(net);
  for (std::size_t p = 0; p < 2; ++p) {
    EXPECT_EQ(again.data().populations[p].initial_values, net.data().populations[p].initial_values);
    EXPECT_EQ(again.data().populations[p].parameter_values, net.data().populations[p].parameter_values);
  }
}

TEST(AsToml, ListsOfConnections) {
  for (const bool delays : {false, true}) {
    Network net = alone(models::neuron("lif"));
    const auto N = net.population("N");
    const std::vector<double> delay = delays ? std::vector<double>{0.1, 0.2, 1.0} : std::vector<double>{};
    net.connect(N, N, explicit_list({0, 2, 1}, {1, 2, 1}, {0.5, 1.0 / 3, -2}, delay).multiple(true))
        .synapse(exponential(5 * ms, pA))
        .output(cuba());
    net.connect(N, N, explicit_list({0, 1}, {1, 2}).self_connections(false))
        .named("bare")
        .synapse(delta())
        .weight(1 * mV);
    net.connect(N, N, matrix(3, 3, std::vector<double>{0, 1, 2, 0, 0, 0, 3, 0, 0}))
        .named("matrix")
        .synapse(delta());
    EXPECT_EQ(refused(net), "");
    const auto again = back(net);
    ASSERT_EQ(again.data().projections.size(), 3u);
    for (std::size_t k = 0; k < 3; ++k) {
      const auto &a = again.data().projections[k].rule, &b = net.data().projections[k].rule;
      ASSERT_NE(a.pairs(), nullptr);
      EXPECT_EQ(a.pairs()->pre, b.pairs()->pre);
      EXPECT_EQ(a.pairs()->post, b.pairs()->post);
      EXPECT_EQ(a.pairs()->weight, b.pairs()->weight);
      EXPECT_EQ(a.pairs()->delay, b.pairs()->delay);
      EXPECT_EQ(a.allows_self(), b.allows_self());
      EXPECT_EQ(a.allows_multiple(), b.allows_multiple());
    }
  }
}

TEST(AsToml, WhatSynapsesStartWith) {
  Network net = alone(models::neuron("lif"));
  const auto N = net.population("N");
  const auto plastic = [&](const char* name) {
    return net.connect(N, N, all_to_all())
        .named(name)
        .synapse(exponential(5 * ms))
        .output(coba(0 * mV))
        .plasticity(models::plasticity("stdp_pair"))
        .weight(1 * nS);
  };
  const auto weight = models::plasticity("stdp_pair").data().states.at(0);
  plastic("drawn").initial(weight.name, Expr(Quantity{0.5, weight.dimension}) * rand());
  plastic("listed").initial(weight.name, {1, 2, 3, 4, 5, 6, 7, 8, 1.0 / 9}, Unit{weight.dimension, 0});
  EXPECT_EQ(refused(net), "");
  const auto again = back(net);
  EXPECT_EQ(again.data().projections[0].synapse_initial.size(), 1u);
  EXPECT_EQ(again.data().projections[1].synapse_values, net.data().projections[1].synapse_values);
}

TEST(AsToml, WhatTheFormatCannotSayIsNamed) {
  const auto expect = [](const std::string& words, const Network& net) {
    const auto reason = refused(net);
    EXPECT_NE(reason.find(words), std::string::npos) << "'" << words << "' is not in '" << reason << "'";
  };
  Model each{"each"};
  const auto x = each.state("x"), y = each.state("y");
  each.each_step(x, y);
  each.each_step(y, x);
  expect("model 'each': states that are set in each step from one another ('y'); say it in C++", alone(each));
  Network moved = alone(models::neuron("lif"));
  moved.population("N").positions(grid({3}).shifted({5 * um}));
  expect("population 'N': positions that are shifted", moved);
  Network torus = alone(models::neuron("lif"));
  torus.population("N").positions(random_box({1 * um}).periodic({2 * um}));
  expect("population 'N': positions whose space repeats after other lengths", torus);
  Network large;
  large.add("N", models::neuron("lif"), 2'000'000);
  large.population("N")["V"].set(std::vector<double>(2'000'000, -60.125), mV);
  expect("files of up to 16 MB are read", large);
  Network own = alone(models::neuron("lif"));
  Model synapse{"own"};
  const auto g = synapse.state("g", pA);
  synapse.d(g) = -g / (3 * ms);
  synapse.receives(g);
  own.connect(own.population("N"), own.population("N"), all_to_all()).synapse(synapse).output(cuba()).weight(1 * pA);
  EXPECT_EQ(refused(own), "");
}

TEST(AsToml, QuantitiesKeepTheirBits) {
  for (const Quantity q : {6 * nS, 0.1 * mV, 1.0 / 3 * pA, 1.2e-7 * uF_per_cm2, 7 * Hz, 0.3 * kHz, 5 * mM, 300 * kelvin, 2.5 * Mohm, Quantity{1e-3}, Quantity{-7, dimension::charge},
                           Quantity{1.0 / 7, power(dimension::time, -1)}, Quantity{3, dimension::voltage * dimension::voltage / dimension::time}}) {
    const auto text = text::write_quantity(q);
    const auto back = quantity_from_text(text);
    EXPECT_EQ(back.value, q.value) << text;
    EXPECT_EQ(back.dimension, q.dimension) << text;
  }
}

}  // namespace
}  // namespace ranvier
