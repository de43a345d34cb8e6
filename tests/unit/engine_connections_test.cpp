// links: ranvier_engine ranvier_models ranvier_io
// Realised connections: read back, saved as SONATA edges, loaded again, and run with the same bits.
#include <gtest/gtest.h>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"
#include "ranvier/sinks.hpp"
#include "temporary_folder.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

constexpr const char* projections[] = {"E_to_E", "E_to_I", "I_to_E", "I_to_I"};

Network original() { return models::find("coba_hh").build({{"scale", 0.1}, {"targets", 30.0}}); }

TEST(Connections, ReadBackIsWhatTheRuleSays) {
  const Simulation sim(original(), {.threads = 3});
  const auto edges = sim.connectivity("E_to_I");
  EXPECT_EQ(edges.size(), 320u * 6);
  EXPECT_EQ(edges.weight, std::vector<double>(edges.size(), 6.0));
  EXPECT_EQ(edges.delay, std::vector<double>(edges.size(), 0.0));
  std::vector<int> degree(320);
  for (std::size_t k = 0; k < edges.size(); ++k) {
    ++degree.at(edges.pre[k]);
    EXPECT_LT(edges.post[k], 80u);
  }
  EXPECT_EQ(degree, std::vector<int>(320, 6));
}

TEST(Connections, SurviveAFileBitForBit) {
  const TemporaryFolder folder;
  const auto path = folder / "edges.h5";
  Simulation first(original(), {.threads = 2});
  std::vector<Edges> kept;
  std::vector<io::EdgesView> views;
  for (const auto* name : projections) kept.push_back(first.connectivity(name));
  for (std::size_t k = 0; k < 4; ++k) {
    const bool from_exc = k < 2, to_exc = k % 2 == 0;
    views.push_back({.name = projections[k], .source = from_exc ? "E" : "I", .target = to_exc ? "E" : "I",
                     .source_size = from_exc ? 320u : 80u, .target_size = to_exc ? 320u : 80u, .pre = kept[k].pre,
                     .post = kept[k].post, .weight = kept[k].weight, .delay = kept[k].delay});
  }
  io::write_edges(path, views);

  const auto rebuilt = [&] {
    auto source = models::find("coba_hh").build({{"scale", 0.1}, {"p", 0.0}});
    for (std::size_t k = 0; k < 4; ++k) {
      const auto edges = io::read_edges(path, projections[k]);
      const bool exc = edges.source == "E";
      source.connect(source.population(edges.source), source.population(edges.target), io::edges_rule(edges))
          .synapse(exponential(exc ? 5 * ms : 10 * ms)).output(coba(exc ? 0 * mV : -80 * mV)).weight(edges.weight.at(0) * nS);
    }
    return source;
  };
  Simulation second(rebuilt(), {.threads = 1});
  first.run(100 * ms);
  second.run(100 * ms);
  EXPECT_GT(first.spike_count(), 500u);
  EXPECT_EQ(second.checksum(), first.checksum());
}

}  // namespace
