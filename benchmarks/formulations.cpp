// Does it matter how a network is written? COBA-HH as equations, from channels, and with projections: the kernel alone (no
// synapses, a conductance that decays makes the neurons fire) against the hand-written one, and the whole step. One core, f32.
#include <map>
#include <memory>

#include "baseline/coba_hh.hpp"
#include "measure.hpp"
#include "networks.hpp"

namespace {

using namespace ranvier;

constexpr int neurons = 4000, excitatory = 3200, steps = 200;

double start_voltage(int i) { return -70 + 0.0025 * i; }

/// One of the library's formulations; `wired` with its synapses, else with the same kernels and none.
class Formulation {
 public:
  Formulation(const std::string& name, bool wired)
      : group_(name != "coba_hh"), wired_(wired),
        sim_(models::find(name).build(wired ? models::Settings{} : models::Settings{{"p", 0.0}}), bench::one_core()) {}
  void start() {
    sim_.reset();
    if (wired_) return sim_.run(100 * units::ms), void();
    std::vector<double> v;
    for (int i = 0; i < neurons; ++i) v.push_back(start_voltage(i));
    if (group_) {
      sim_.set("N", "V", v);
      sim_.set("N", "Esyn.g", std::vector<double>(neurons, 30.0 / 200 * 0.01));  // 30 nS at 200 pF, in nS/um2
      return;
    }
    sim_.set("E", "V", {v.begin(), v.begin() + excitatory});
    sim_.set("I", "V", {v.begin() + excitatory, v.end()});
    sim_.set("E", "E_to_E.g", std::vector<double>(excitatory, 30.0));
    sim_.set("I", "E_to_I.g", std::vector<double>(neurons - excitatory, 30.0));
  }
  void run() { sim_.run(steps * 0.1 * units::ms); }
  [[nodiscard]] double rate() const { return static_cast<double>(sim_.spike_count()) / neurons / (sim_.time_ms() / 1000); }
  [[nodiscard]] const SimulationInfo& info() const { return sim_.info(); }

 private:
  bool group_, wired_;
  Simulation sim_;
};

/// The hand-written step from the same start.
class ByHand {
 public:
  ByHand() : state_(neurons), indices_(neurons + 64) {}
  void start() {
    const auto s = state_.view();
    for (int i = 0; i < neurons; ++i) {
      s.V[i] = static_cast<float>(start_voltage(i));
      s.m[i] = s.h[i] = s.n[i] = s.g_i[i] = 0;
      s.g_e[i] = 30;
    }
  }
  void run() {
    for (int k = 0; k < steps; ++k) baseline::fast_guarded_f32(state_.view(), indices_.data());
  }

 private:
  baseline::State<float> state_;
  std::vector<std::uint32_t> indices_;
};

const std::vector<std::string> names{"coba_hh", "coba_hh_channels", "coba_hh_projections"};

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 51;
  bench::Contest contest;
  std::map<std::string, std::shared_ptr<Formulation>> runs;
  for (const bool wired : {false, true}) {
    for (const auto& name : names) {
      const auto key = name + (wired ? ", whole step" : ", kernel");
      const auto f = runs[key] = std::make_shared<Formulation>(name, wired);
      contest.add(key, [f] { f->run(); }, [f] { f->start(); });
    }
  }
  const auto hand = std::make_shared<ByHand>();
  contest.add("by hand", [hand] { hand->run(); }, [hand] { hand->start(); });
  contest.run(rounds);

  bench::heading("formulations: one network written in three ways, one core, 4,000 neurons, f32 exp_euler", runs.begin()->second->info().isa);
  std::printf("  %-36s %10s %10s %9s\n", "", "median ns", "least ns", "rate Hz");
  const double per = 1e9 / neurons / steps;
  for (const auto& [key, f] : runs) {
    std::printf("  %-36s %10.2f %10.2f %9.1f\n", key.c_str(), contest.seconds(key) * per, contest.least(key) * per, f->rate());
  }
  std::printf("  %-36s %10.2f %10.2f\n  (ns per neuron and step)\n", "by hand, kernel", contest.seconds("by hand") * per, contest.least("by hand") * per);
  for (const auto& name : names) bench::target((name + " / by hand").c_str(), contest.ratio(name + ", kernel", "by hand"), 1.3);
  for (const char* part : {", kernel", ", whole step"}) {
    double low = 1e9, high = 0;
    for (const auto& name : names) {
      const double r = contest.ratio(name + part, names[0] + part);
      low = std::min(low, r), high = std::max(high, r);
    }
    bench::target((std::string("slowest / fastest formulation") + part).c_str(), high / low, 1.1);
  }
}
