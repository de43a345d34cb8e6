// links: ranvier_engine ranvier_models
// Laws of the distance between two neurons: probabilities as expressions, differences of Gaussians as weights.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "engine_networks.hpp"

namespace {

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

/// 400 neurons on a line, 10 um apart, joined to themselves.
Network line(const Rule& rule, const Expr& weight) {
  Network net;
  auto N = net.add("N", summing(), 400);
  N.positions(grid({400}, 10 * um));
  net.connect(N, N, rule).synapse(collecting()).output(coba(0 * mV)).weight(weight).named("S");
  return net;
}

double distance_of(const Edges& e, std::size_t i) { return 10.0 * std::fabs(double(e.pre[i]) - double(e.post[i])); }

TEST(BernoulliOfAnExpression, FollowsItsLaw) {
  const auto p = [](double d) { return 0.8 * std::exp(-d / 500) + 0.1; };
  const auto net = line(bernoulli(0.8 * exp(-distance() / (500 * um)) + 0.1), 1 * nS);
  const auto edges = Simulation(net, {.threads = 1}).connectivity("S");
  const auto again = Simulation(net, {.threads = 3}).connectivity("S");
  EXPECT_EQ(again.pre, edges.pre);
  EXPECT_EQ(again.post, edges.post);
  std::vector<double> found(400), mean(400), variance(400);
  for (std::size_t i = 0; i < edges.size(); ++i) found[static_cast<std::size_t>(distance_of(edges, i) / 10 + 0.5)] += 1;
  double chi = 0;
  for (int a = 0; a < 400; ++a) {
    for (int b = 0; b < 400; ++b) {
      const auto k = static_cast<std::size_t>(std::abs(a - b));
      mean[k] += p(10.0 * static_cast<double>(k));
      variance[k] += p(10.0 * static_cast<double>(k)) * (1 - p(10.0 * static_cast<double>(k)));
    }
  }
  for (std::size_t k = 0; k < 400; ++k) chi += (found[k] - mean[k]) * (found[k] - mean[k]) / variance[k];
  EXPECT_NEAR(chi, 400, 4.5 * std::sqrt(2 * 400.0));
}

TEST(BernoulliOfAnExpression, SaysWhatIsWrong) {
  const auto says = [](const std::function<void()>& f, const char* part) {
    const auto got = message(f);
    EXPECT_NE(got.find(part), std::string::npos) << got;
  };
  says([] { (void)bernoulli(distance()); }, "divide the distance by a length");
  says([] { (void)bernoulli(exp(-distance() / um) * ranvier::rand()); }, "a random number");
  says([] { Simulation sim(line(bernoulli(2 * exp(-distance() / (500 * um))), 1 * nS), {.threads = 1}); }, "bernoulli(");
  EXPECT_EQ(to_string(bernoulli(Expr(0.25))), to_string(bernoulli(0.25)));
}

TEST(DogDecay, IsTheDifferenceOfTwoGaussians) {
  const auto net = line(all_to_all(), 3 * nS + dog_decay(5 * nS, 100 * um, 2 * nS, 300 * um));
  const auto edges = Simulation(net, {.threads = 2}).connectivity("S");
  ASSERT_EQ(edges.size(), 400u * 400u);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const double d = distance_of(edges, i);
    ASSERT_NEAR(edges.weight[i], 3 + 5 * std::exp(-d * d / 20000) - 2 * std::exp(-d * d / 180000), 1e-12) << d;
  }
}

}  // namespace
