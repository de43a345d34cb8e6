// links: ranvier_model
// A network refuses two different models of one name, and takes one model with other values.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ranvier/network.hpp"
#include "ranvier/sources.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

struct Choice {
  double slope = 1, threshold = 10, reset = 0;
  std::function<void(Model&)> more = [](Model&) {};
};

Model leaky(const Choice& choice = {}) {
  Model m{"leaky"};
  const auto V = m.state("V", mV);
  const auto tau = m.parameter("tau", 10 * ms);
  m.d(V) = -choice.slope * V / tau;
  m.threshold(V >= choice.threshold * mV);
  m.reset(V, choice.reset * mV);
  choice.more(m);
  return m;
}

Model without_threshold() {
  Model m{"leaky"};
  const auto V = m.state("V", mV);
  m.d(V) = -1.0 * V / m.parameter("tau", 10 * ms);
  return m;
}

std::string refusal(const Model& second) {
  Network net;
  net.add("E", leaky(), 10);
  try {
    net.add("I", second, 10);
  } catch (const UserError& e) {
    return e.what();
  }
  return "";
}

TEST(SameName, OfTheSameModelIsTaken) {
  EXPECT_EQ(refusal(leaky()), "");
  auto other = leaky();
  other.set("tau", 20 * ms);
  EXPECT_EQ(refusal(other), "");
}

/// Draws have numbers of their own, and terms may be written in another order.
TEST(SameName, OfAModelThatIsBuiltAgainIsTaken) {
  const auto noisy = [](bool other_order) {
    Model m{"noisy"};
    const auto V = m.state("V", mV);
    const auto tau = m.parameter("tau", 10 * ms), drive = m.parameter("drive", 1 * mV);
    const auto random = 2 * mV * randn();
    m.d(V) = (other_order ? random + drive - V : drive + random - V) / tau;
    m.threshold(V >= 10 * mV);
    return m;
  };
  Network net;
  net.add("E", noisy(false), 10);
  net.add("I", noisy(true), 10);
  EXPECT_EQ(net.populations(), (std::vector<std::string>{"E", "I"}));
}

/// Currents, noise and inputs of one of the populations do not make it another model.
TEST(SameName, OfAModelWithAdditionsIsTaken) {
  const auto driven = leaky({.more = [](Model& m) { (void)m.input("I", pA); }});
  EXPECT_EQ(refusal(driven), "");
  EXPECT_EQ(refusal(with_ou_current(driven, "I", 40 * pA, 10 * pA, 4 * ms)), "");
  EXPECT_EQ(refusal(with_current(driven, "I", {{1, 2, 3}, pA, 1 * ms})), "");
  Network net;
  net.add("A", poisson_source(5 * Hz), 10);
  net.add("B", poisson_source(TimeArray{{1, 2, 3}, Hz, 1 * ms}), 10);
  net.add("C", with_ou_current(driven, "I", 40 * pA, 10 * pA, 4 * ms), 10);
  net.add("D", with_white_current(driven, "I", 3 * pA, 2 * ms), 10);
  EXPECT_EQ(net.populations().size(), 4u);
}

TEST(SameName, OfAnotherModelIsRefused) {
  const std::pair<const char*, Model> cases[] = {
      {"they differ in the equation of 'V';", leaky({.slope = 2})},
      {"they differ in the threshold;", leaky({.threshold = 11})},
      {"they differ in the reset of 'V';", leaky({.reset = 1})},
      {"they differ in the unit of 'V';", [] { Model m{"leaky"}; (void)m.state("V"); return m; }()},
      {"they differ in all states;", [] { Model m{"leaky"}; (void)m.state("x"); return m; }()},
      {"they differ in the threshold;", without_threshold()},
  };
  for (const auto& [difference, model] : cases) {
    const auto said = refusal(model);
    EXPECT_NE(said.find(difference), std::string::npos) << difference << ": " << said;
    EXPECT_NE(said.find("population 'I'"), std::string::npos) << said;
    EXPECT_NE(said.find("'leaky'"), std::string::npos) << said;
    EXPECT_NE(said.find("population 'E'"), std::string::npos) << said;
    EXPECT_NE(said.find("give one of the two models another name"), std::string::npos) << said;
  }
}

}  // namespace
