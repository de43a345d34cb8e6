// links: ranvier_sonata
// Networks saved as SONATA and loaded again run to the same checksum; what is wrong with files is said.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <tuple>

#include "engine_networks.hpp"
#include "ranvier/io.hpp"
#include "ranvier/sonata.hpp"
#include "temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  } catch (const UnsupportedError& e) {
    return e.what();
  }
  return "";
}

Model second() {
  Model m{"second"};
  const auto V = m.state("V", mV), w = m.state("w");
  const auto I = m.input("I", pA), J = m.input("J", pA, InputKind::held);
  const auto E = m.parameter("E", -60 * mV);
  m.d(V) = (E - V + 25 * mV * w + (I + J) * (0.05 * Gohm)) / (10 * ms);
  m.d(w) = (0.5 + V / (200 * mV) - w) / (30 * ms);
  m.initial(V, -60 * mV + 10 * mV * ranvier::rand());
  m.threshold(V >= -52 * mV);
  m.reset(V, -62 * mV);
  m.precision(Precision::f32);
  m.method("exp_euler");
  return m;
}

const SonataModels known{.neuron = [](const std::string& name) { return name == "lif" ? driven_lif() : second(); },
                         .synapse = [](const std::string&) { return exponential(1 * ms); },
                         .output = [](const std::string&) { return coba(0 * mV); }};

/// Views, weights and delays each and for all, values per neuron, a merged pair, several inputs; all numbers awkward.
Network original() {
  Network net;
  auto q = net.add("Q", driven_lif(), 150), p = net.add("A", second(), 90);  // not in the order of their names
  std::vector<double> drive(150);
  for (std::size_t i = 0; i < 150; ++i) drive[i] = 17 + static_cast<double>(i) / 30.7;
  q.set("drive", drive, mV);
  q.set("tau", 10.1 * ms);
  p.external("J");
  net.connect(q, p, bernoulli(0.1)).synapse(exponential(3.3 * ms)).output(coba(0.7 * mV)).onto("I").weight(0.37 * nS).delay(1.7 * ms);
  net.connect(q.slice(10, 80), q.slice(3, 140), fixed_outdegree(7)).synapse(exponential(5 * ms)).output(coba(-70 * mV)).weight(0.1 * nS);
  net.connect(p, q, explicit_list(mixed_pairs(2000, 90, 150))).synapse(exponential(5 * ms)).output(coba(-70 * mV)).named("back");
  net.connect(p, p, one_to_one()).synapse(exponential(2 * ms)).output(coba(0 * mV)).onto("J").weight(1 * nS).current(InputKind::inside).arrivals(
      Arrivals::before_decay).separate();
  return net;
}

TEST(Sonata, PositionsAreKept) {
  Network net;
  auto A = net.add("A", driven_lif(), 12), B = net.add("B", driven_lif(), 7), C = net.add("C", driven_lif(), 3);
  A.positions(grid({3, 4}, 25.5 * um).periodic());
  B.positions(random_ball(100.1 * um).shifted({1 * um, 2 * um, 3 * um}));
  const TemporaryFolder folder;
  save_sonata(net, folder / "new", {.seed = 7});
  const auto loaded = load_sonata(folder / "new", known);
  const Simulation before(net, {.seed = 7, .backend = Backend::interpreter}), after(loaded, {.seed = 8, .backend = Backend::interpreter});
  for (const char* name : {"A", "B"}) {
    const auto was = before.positions(name), is = after.positions(name);
    EXPECT_EQ(is.dimensions, was.dimensions);
    EXPECT_EQ(is.coordinates, was.coordinates);
    EXPECT_EQ(is.period, was.period);
  }
  EXPECT_NE(message([&] { (void)after.positions("C"); }), "");
}

TEST(Sonata, PositionsThatDoNotFitAreRefused) {
  const TemporaryFolder folder;
  io::NodePopulation p{"A", 3, 0, {}, {.dimensions = 2, .coordinates = {1, 2, 3, 4}}};
  EXPECT_NE(message([&] { io::write_nodes(folder / "n.h5", std::span(&p, 1)); }).find("2 points for 3 neurons"), std::string::npos);
}

TEST(Sonata, TheLoadedNetworkHasTheSameChecksum) {
  const SimulationOptions options{.dt = 0.1 * ms, .seed = 11, .threads = 2};
  const TemporaryFolder folder;
  save_sonata(original(), folder.path(), options);
  const Network again = load_sonata(folder.path(), known);
  EXPECT_EQ(again.populations(), (std::vector<std::string>{"Q", "A"}));
  EXPECT_EQ(again.projections(), original().projections());
  Simulation a(original(), options), b(again, {.dt = 0.1 * ms, .seed = 99, .threads = 1});
  a.run(60 * ms), b.run(60 * ms);
  EXPECT_GT(a.spike_count(), 100u);
  EXPECT_EQ(a.checksum(), b.checksum());
  EXPECT_EQ(a.event_count(), b.event_count());
  EXPECT_EQ(a.get("Q", "V"), b.get("Q", "V"));
  EXPECT_EQ(a.get("A", "w"), b.get("A", "w"));
  EXPECT_EQ(a.get("Q", "drive"), b.get("Q", "drive"));
  const auto x = a.connectivity("back"), y = b.connectivity("back");
  EXPECT_EQ(std::tie(x.pre, x.post, x.weight, x.delay), std::tie(y.pre, y.post, y.weight, y.delay));
  b.set_input("A.J", 1 * pA);  // still open

  const TemporaryFolder twice;  // the copy, saved again, is the same files
  save_sonata(again, twice.path(), {.dt = 0.1 * ms});
  for (const auto* name : {"node_types.csv", "edge_types_back.csv", "edge_types_Q_to_A.csv", "circuit_config.json", "components/Q.json"}) {
    std::stringstream one, two;
    one << std::ifstream(folder / name).rdbuf(), two << std::ifstream(twice / name).rdbuf();
    EXPECT_FALSE(one.str().empty());
    EXPECT_EQ(one.str(), two.str()) << name;
  }
}

TEST(Sonata, NodesAreReadAsWritten) {
  const TemporaryFolder folder;
  const std::vector<io::NodePopulation> written{{"b", 3, 0, {{"V", "mV", {1.5, -2, 0.1}}}}, {"a", 2, 4, {}}};
  io::write_nodes(folder / "n.h5", written);
  const auto read = io::read_nodes(folder / "n.h5");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(std::tuple(read[0].name, read[0].type, read[0].size), std::tuple("a", 4, 2u));
  EXPECT_EQ(read[1].dynamics.at(0).values, written[0].dynamics[0].values);
  EXPECT_EQ(read[1].dynamics.at(0).unit, "mV");
  EXPECT_NE(message([&] { io::write_nodes(folder / "m.h5", std::vector<io::NodePopulation>{{"b", 3, 0, {{"V", "", {1}}}}}); }).find("1 values for 3"),
            std::string::npos);
}

void replace(const fs::path& path, const std::string& from, const std::string& to) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  auto s = text.str();
  ASSERT_NE(s.find(from), std::string::npos) << s;
  s.replace(s.find(from), from.size(), to);
  std::ofstream(path) << s;
}

TEST(Sonata, SaysWhatIsWrongWithFiles) {
  const TemporaryFolder folder;
  const auto load = [&] { return message([&] { (void)load_sonata(folder.path(), known); }); };
  EXPECT_NE(load().find("circuit_config.json: it cannot be read"), std::string::npos);
  const auto fresh = [&] { save_sonata(original(), folder.path(), {.dt = 0.1 * ms}); };
  fresh();
  EXPECT_EQ(load(), "");
  replace(folder / "circuit_config.json", "{", "{,");
  EXPECT_NE(load().find("circuit_config.json, line 1: it is not JSON"), std::string::npos) << load();
  fresh();
  replace(folder / "circuit_config.json", "\"nodes\"", "\"nodez\"");
  EXPECT_NE(load().find("there is no \"nodes\""), std::string::npos) << load();
  fresh();
  fs::remove(folder / "nodes.h5");
  EXPECT_NE(load().find("nodes.h5"), std::string::npos);
  fresh();
  fs::remove(folder / "edges_back.h5");
  EXPECT_NE(load().find("edges_back.h5"), std::string::npos);
  fresh();
  replace(folder / "edge_types_Q_to_Q.csv", " 10 80 ", " 10 60 ");
  EXPECT_NE(load().find("of 'Q'; ids go from 10 to 59"), std::string::npos) << load();
  fresh();
  replace(folder / "edge_types_back.csv", "syn_weight", "weight");
  EXPECT_NE(load().find("there is no column 'syn_weight'"), std::string::npos) << load();
  fresh();
  replace(folder / "node_types.csv", "\n1 ", "\n3 ");
  EXPECT_NE(load().find("there is no node_type_id 1"), std::string::npos) << load();
  fresh();
  replace(folder / "node_types.csv", "ranvier:lif", "ranvier:second");
  EXPECT_NE(load().find("model 'second'"), std::string::npos) << load();
  fresh();
  replace(folder / "components/Q.json", "10.1", "true");
  EXPECT_NE(load().find("a number is wanted"), std::string::npos) << load();
  fresh();
  EXPECT_NE(message([&] { (void)load_sonata(folder.path(), {.neuron = known.neuron}); }).find("no function that gives synapse model 'exponential'"),
            std::string::npos);
  std::ofstream(folder / "nodes.h5") << "no HDF5";
  EXPECT_NE(load().find("nodes.h5"), std::string::npos);
  EXPECT_NE(message([&] { save_sonata(original(), "/proc/nowhere"); }).find("cannot be made"), std::string::npos);
}

}  // namespace
