// The plasticity rules of the library against closed forms and an event-by-event reference (make_reference.py).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

using Arrays = std::map<std::string, std::vector<double>>;

const Arrays& reference() {
  static const Arrays arrays = [] {
    Arrays out;
    std::ifstream file(std::string(CASE_DIR) + "/reference.txt");
    for (std::string line; std::getline(file, line);) {
      std::istringstream in(line);
      std::string name;
      std::size_t count = 0;
      in >> name >> count;
      auto& values = out[name];
      for (double x = 0; in >> x;) values.push_back(x);
      if (values.size() != count) throw std::runtime_error("reference.txt: " + name);
    }
    return out;
  }();
  return arrays;
}

constexpr std::size_t sources = 5, targets = 4, steps = 20000;

/// Spikes in the steps in which it is told to.
Model told(bool receives) {
  Model m{"told"};
  const auto fire = m.state("fire");
  m.threshold(fire >= 0.5);
  if (receives) {
    const auto I = m.input("I", pA);
    const auto V = m.state("V", mV);
    m.d(V) = I * (1 * Gohm) / ms;
  }
  return m;
}

/// Keeps the sum of what has arrived.
Model summing() {
  Model m{"summing"};
  m.receives(m.state("s", nS));
  return m;
}

Output ignored() {
  Output o{"ignored"};
  o.current(o.synaptic(nS) * (1 * mV));
  return o;
}

Network network(const Plasticity& rule, std::uint32_t n_pre, std::uint32_t n_post, Quantity delay) {
  Network net;
  auto A = net.add("A", told(false), n_pre), B = net.add("B", told(true), n_post);
  net.connect(A, B, all_to_all())
      .synapse(summing())
      .output(ignored())
      .weight(1 * nS)
      .delay(delay)
      .plasticity(rule)
      .named("S");
  return net;
}

/// Runs [sim.steps(), end) with the given stamps of each neuron: a spike stamped k is made in step k - 1.
class Player {
 public:
  Player(Simulation& sim, std::vector<std::vector<double>> pre, std::vector<std::vector<double>> post)
      : sim_(sim), pre_(std::move(pre)), post_(std::move(post)), at_pre_(pre_.size()), at_post_(post_.size()) {}
  void to(std::size_t end) {
    while (sim_.steps() < end) {
      play("A", pre_, at_pre_, silent_pre_);
      play("B", post_, at_post_, silent_post_);
      sim_.step();
    }
  }

 private:
  void play(const std::string& name, const std::vector<std::vector<double>>& trains, std::vector<std::size_t>& at,
            bool& silent) {
    std::vector<double> fire(trains.size());
    bool any = false;
    for (std::size_t i = 0; i < trains.size(); ++i) {
      if (at[i] == trains[i].size() || trains[i][at[i]] != static_cast<double>(sim_.steps() + 1)) continue;
      ++at[i];
      fire[i] = 1;
      any = true;
    }
    if (any || !silent) sim_.set(name, "fire", fire);
    silent = !any;
  }
  Simulation& sim_;
  std::vector<std::vector<double>> pre_, post_;
  std::vector<std::size_t> at_pre_, at_post_;
  bool silent_pre_ = false, silent_post_ = false;
};

std::vector<std::vector<double>> trains(const std::string& name, std::size_t count) {
  std::vector<std::vector<double>> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(reference().at(name + std::to_string(i)));
  return out;
}

void expect_close(const std::vector<double>& values, const std::vector<double>& wanted, double relative) {
  ASSERT_EQ(values.size(), wanted.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], wanted[i], relative * std::max(1.0, std::fabs(wanted[i]))) << i;
}

class Rules : public testing::TestWithParam<Precision> {
 protected:
  static double tolerance() { return GetParam() == Precision::f64 ? 1e-10 : 5e-4; }
  static SimulationOptions options() {
    SimulationOptions o;
    o.precision = GetParam();
    o.threads = 1;
    return o;
  }
  static std::vector<double> weights(const Plasticity& rule) {
    Simulation sim(network(rule, sources, targets, 1.3 * ms), options());
    Player(sim, trains("pre", sources), trains("post", targets)).to(steps);
    return sim.get("S", "w");
  }
};

TEST_P(Rules, PairWithAdditiveBounds) {
  const models::Settings s{
      {"tau_plus", 17 * ms}, {"tau_minus", 31 * ms}, {"A_plus", 0.02}, {"A_minus", 0.021}, {"w_max", 2 * nS}};
  expect_close(weights(models::plasticity("stdp_pair", s)), reference().at("pair_additive"), tolerance());
}
TEST_P(Rules, PairWithMultiplicativeBounds) {
  const models::Settings s{{"tau_plus", 17 * ms}, {"tau_minus", 31 * ms}, {"A_plus", 0.02},
                           {"A_minus", 0.021},    {"w_max", 2 * nS},      {"soft", 1.0}};
  expect_close(weights(models::plasticity("stdp_pair", s)), reference().at("pair_multiplicative"), tolerance());
}
TEST_P(Rules, Triplet) {
  expect_close(weights(models::plasticity("stdp_triplet", {{"w_max", 2 * nS}})), reference().at("triplet"),
               tolerance());
}
TEST_P(Rules, Inhibitory) {
  const models::Settings s{{"eta", 0.05 * nS}, {"w_max", 3 * nS}};
  expect_close(weights(models::plasticity("stdp_inhibitory", s)), reference().at("inhibitory"), tolerance());
}

TEST_P(Rules, RewardBetweenRuns) {
  const models::Settings s{{"tau_c", 400 * ms}, {"w_max", 2 * nS}};
  Simulation sim(network(models::plasticity("stdp_reward", s), sources, targets, 1.3 * ms), options());
  Player play(sim, trains("pre", sources), trains("post", targets));
  play.to(5000);
  sim.set("S.dopamine", 2 * Hz);
  play.to(15000);
  sim.set("S.dopamine", -0.5 * Hz);
  play.to(steps);
  expect_close(sim.get("S", "w"), reference().at("reward_w"), std::max(tolerance(), 1e-8));
  expect_close(sim.get("S", "c"), reference().at("reward_c"), tolerance());
}

/// What arrives, spike by spike, at one target of each source; both forms of the rule.
TEST_P(Rules, ShortTermRecursion) {
  for (const bool per_synapse : {false, true}) {
    for (std::size_t i = 0; i < sources; i += 2) {
      const double U = 0.03 + 0.1 * static_cast<double>(i);
      auto rule = per_synapse ? models::plasticity("stp_tsodyks_markram_synapse")
                              : models::plasticity("stp_tsodyks_markram", {{"U", U}});
      Network net = network(rule, 1, 1, 1.3 * ms);
      Simulation sim(net, options());
      if (per_synapse) sim.set("S", "U", {U});
      const auto train = trains("pre", sources)[i];
      Player play(sim, {train}, {{}});
      double before = 0;
      std::vector<double> sent;
      for (const double stamp : train) {
        play.to(static_cast<std::size_t>(stamp) + 13 + 1);
        const double now = sim.get("B", "S.s").at(0);
        // Two spikes closer than the delay arrive before the next is made: their sum is compared below.
        sent.push_back(now - before);
        before = now;
      }
      play.to(steps);
      const auto& wanted = reference().at("sent" + std::to_string(i));
      double total = 0;
      for (const double x : wanted) total += x;
      for (std::size_t k = 0; k < sent.size(); ++k) {
        const bool alone = k == 0 || train[k] - train[k - 1] > 14;
        const bool next_alone = k + 1 == train.size() || train[k + 1] - train[k] > 14;
        if (alone && next_alone) {
          EXPECT_NEAR(sent[k], wanted[k], tolerance() * 10) << "spike " << k << " of source " << i;
        }
      }
      EXPECT_NEAR(sim.get("B", "S.s").at(0), total, tolerance() * 10 * std::max(1.0, total));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, Rules, testing::Values(Precision::f32, Precision::f64),
                         [](const auto& test) { return test.param == Precision::f32 ? "f32" : "f64"; });

TEST(Window, OfIsolatedPairs) {
  // One source neuron for each interval; the target spikes once, at 50 ms.
  const models::Settings s{
      {"tau_plus", 17 * ms}, {"tau_minus", 31 * ms}, {"A_plus", 0.02}, {"A_minus", 0.021}, {"w_max", 2 * nS}};
  Simulation sim(network(models::plasticity("stdp_pair", s), 81, 1, 0 * ms), {.threads = 1});
  std::vector<std::vector<double>> pre;
  for (int k = -40; k <= 40; ++k) pre.push_back({500.0 + 10 * k});
  Player(sim, pre, {{500}}).to(1000);
  const auto w = sim.get("S", "w");
  for (int k = -40; k <= 40; ++k) {
    const double F = k <= 0 ? 0.02 * std::exp(k / 17.0) : -0.021 * std::exp(-k / 31.0);
    EXPECT_NEAR(w[static_cast<std::size_t>(k + 40)], 1 + 2 * F, 1e-12) << k << " ms";
  }
}

TEST(ShortTerm, RegularTrainsReachTheFixedPoint) {
  for (const int period : {100, 250, 1000}) {  // steps
    const double U = 0.4, h = period * 0.1;
    Simulation sim(network(models::plasticity("stp_tsodyks_markram", {{"U", U}}), 1, 1, 0 * ms), {.threads = 1});
    std::vector<double> train;
    for (int k = 0; k < 12000 / 100 * 3; ++k) train.push_back(1.0 + k * period);
    Player play(sim, {train}, {{}});
    const auto last = train.size() * static_cast<std::size_t>(period);
    play.to(last - static_cast<std::size_t>(period));
    const double before = sim.get("B", "S.s").at(0);
    play.to(last);
    const double sent = sim.get("B", "S.s").at(0) - before;
    const double u = U / (1 - (1 - U) * std::exp(-h / 530)), e = std::exp(-h / 130);
    const double R = (1 - e) / (1 - (1 - u) * e);
    EXPECT_NEAR(sent, u * R, 1e-9) << period;
  }
}

}  // namespace
