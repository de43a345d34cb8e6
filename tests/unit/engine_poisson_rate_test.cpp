// links: ranvier_engine
// A Poisson source spikes once a step at most: a rate above 1/dt is said, however it was given.
#include <gtest/gtest.h>

#include <functional>

#include "ranvier/simulation.hpp"
#include "ranvier/sources.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

std::string warnings(const Model& source, const std::function<void(Population&)>& change = {}) {
  Network net;
  auto P = net.add("P", source, 2);
  if (change) change(P);
  std::string all;
  const Simulation sim(net, {.dt = 0.1 * ms, .threads = 1, .backend = Backend::interpreter});
  for (const auto& w : sim.info().warnings) all += w + "\n";
  return all;
}

TEST(PoissonRate, AboveOneAStepIsSaid) {
  const auto said = warnings(poisson_source(20000 * Hz));
  EXPECT_NE(said.find("population 'P': a rate of 20000 Hz is above 1/dt"), std::string::npos) << said;
  EXPECT_NE(said.find("use a smaller dt"), std::string::npos) << said;
  const auto source = poisson_source(20 * Hz);
  EXPECT_NE(warnings(source, [](Population& p) { p.set("rate", 20000 * Hz); }).find("20000 Hz"), std::string::npos);
  EXPECT_NE(warnings(source, [](Population& p) { p.set("rate", {5, 11000}, Hz); }).find("11000 Hz"), std::string::npos);
  EXPECT_NE(warnings(poisson_source(TimeArray{.values = {1, 12, 3}, .unit = kHz, .dt = 1 * ms})).find("12000 Hz"), std::string::npos);
}

TEST(PoissonRate, UpToOneAStepIsNot) {
  EXPECT_EQ(warnings(poisson_source(20 * Hz)).find("1/dt"), std::string::npos);
  EXPECT_EQ(warnings(poisson_source(10000 * Hz)).find("1/dt"), std::string::npos);
  EXPECT_EQ(warnings(poisson_source(20000 * Hz), [](Population& p) { p.set("rate", 30 * Hz); }).find("1/dt"), std::string::npos);
}

}  // namespace
