// models/neurons/mat.cpp against its closed form, written as the paper has it: a threshold that is a sum over all past spikes.
// Accepted if each spike of the paper's four kinds of neuron comes in its very step, V and the threshold are right to 1e-11 mV, and the
// kinds fire as the paper's figure 2 shows.
#include "neuron_case.hpp"

namespace {

struct Kind {
  const char* name;
  double alpha1, alpha2, omega;  // mV; table of figure 2
};
constexpr Kind regular{"regular spiking", 37, 2, 19}, bursting{"intrinsically bursting", 1.7, 2, 26}, fast{"fast spiking", 10, 0.002, 11},
    chattering{"chattering", -0.5, 0.35, 26};

constexpr double current = 600, R = 0.05, tau = 5, tau_ref = 2, end = 300;  // pA, Gohm, ms

Case of(const Kind& k) {
  return {"mat", {{"alpha1", k.alpha1 * mV}, {"alpha2", k.alpha2 * mV}, {"omega", k.omega * mV}, {"I_ext", current * pA}}, {"V", "H1", "H2"}};
}

/// Above V_rest.
double voltage(double t) { return R * current * -std::expm1(-t / tau); }
double threshold(const Kind& k, const std::vector<double>& spikes, double t) {
  double sum = k.omega;
  for (const double s : spikes) sum += k.alpha1 * std::exp(-(t - s) / 10) + k.alpha2 * std::exp(-(t - s) / 200);
  return sum;
}

std::vector<double> expected(const Kind& k, double dt) {
  std::vector<double> spikes;
  long blocked = 0;
  for (long n = 1; n <= std::lround(end / dt); ++n) {
    const double t = static_cast<double>(n) * dt;
    if (blocked > 0) {
      --blocked;
    } else if (voltage(t) >= threshold(k, spikes, t)) {
      spikes.push_back(t);
      blocked = std::lround(tau_ref / dt);
    }
  }
  return spikes;
}

std::vector<double> intervals(const Kind& k) {
  const auto spikes = expected(k, 0.1);
  std::vector<double> out;
  for (std::size_t i = 1; i < spikes.size(); ++i) out.push_back(spikes[i] - spikes[i - 1]);
  return out;
}

TEST(Mat, SpikesAreThoseOfTheClosedForm) {
  for (const auto& k : {regular, bursting, fast, chattering}) {
    for (const double dt : {0.1, 0.025}) {
      const auto net = one(of(k));
      Simulation sim(net, with("", dt));
      EXPECT_EQ(sim.info().method, "exact");
      const auto spikes = sim.record(net.population("N").spikes());
      sim.run(end * ms);
      const auto wanted = expected(k, dt), times = spikes->times_ms();
      ASSERT_EQ(times.size(), wanted.size()) << k.name << " at " << dt;
      ASSERT_GT(times.size(), 5u);
      for (std::size_t s = 0; s < times.size(); ++s) ASSERT_NEAR(times[s], wanted[s], 0.01 * dt) << k.name << ", spike " << s;
      EXPECT_NEAR(sim.get("N", "V")[0], -70 + voltage(end), 1e-11);
      EXPECT_NEAR(sim.get("N", "H1")[0] + sim.get("N", "H2")[0] + k.omega, threshold(k, wanted, end), 1e-11) << k.name;
    }
  }
}

TEST(Mat, KindsFireAsInThePaper) {
  const auto slows = [](const std::vector<double>& d) { return d.back() / d.front(); };
  const auto rs = intervals(regular), ib = intervals(bursting), fs = intervals(fast), ch = intervals(chattering);
  EXPECT_GT(slows(rs), 2) << "regular spiking adapts";
  EXPECT_GT(fs.size(), 5 * rs.size()) << "fast spiking is fast";
  EXPECT_NEAR(fs[fs.size() - 2], fs[10], 0.11) << "and does not adapt any more after its first spikes";
  EXPECT_LT(ib[0], 10) << "a burst at the start";
  EXPECT_GT(ib[3], 50) << "and single spikes thereafter";
  EXPECT_NEAR(*std::min_element(ch.begin(), ch.end()), 2.1, 1e-9) << "chattering: as fast as the refractory period allows,";
  EXPECT_GT(*std::max_element(ch.begin(), ch.end()), 30) << "with pauses";
}

TEST(Mat, InputIsACurrent) { expect_input_is_parameter(of(regular), current * pA); }

}  // namespace
