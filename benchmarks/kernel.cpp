// How close does a compiled kernel come to a hand-written one of the same update, and what does exp_staggered cost?
// One core, 4,000 neurons without synapses. Every round begins in the same state: a conductance that decays makes the
// neurons fire.
#include <map>

#include "baseline/coba_hh.hpp"
#include "measure.hpp"
#include "networks.hpp"

namespace {

using namespace ranvier;

constexpr int neurons = 4000, excitatory = 3200, steps = 200;
constexpr double g_start = 30;

double start_voltage(int i) { return -70 + 0.0025 * i; }

/// Both populations of COBA-HH at the common starting point.
class Ours {
 public:
  Ours(const std::string& method, Precision precision, int lanes = 0)
      : sim_(bench::coba_hh_of_size(neurons, false), bench::one_core(method, precision, lanes)) {}
  void start() {
    sim_.reset();
    std::vector<double> v, g;
    for (int i = 0; i < neurons; ++i) v.push_back(start_voltage(i));
    g.assign(neurons, g_start);
    sim_.set("E", "V", {v.begin(), v.begin() + excitatory});
    sim_.set("I", "V", {v.begin() + excitatory, v.end()});
    sim_.set("E", "E_to_E.g", {g.begin(), g.begin() + excitatory});
    sim_.set("I", "E_to_I.g", {g.begin() + excitatory, g.end()});
  }
  void run() { sim_.run(steps * 0.1 * units::ms); }
  [[nodiscard]] std::uint64_t spikes() const { return sim_.spike_count(); }
  [[nodiscard]] const SimulationInfo& info() const { return sim_.info(); }

 private:
  Simulation sim_;
};

template <class Real>
class Theirs {
 public:
  using Step = int (*)(const baseline::View<Real>&, std::uint32_t*);
  explicit Theirs(Step step) : step_(step), state_(neurons), indices_(neurons + 64) {}
  void start() {
    const auto s = state_.view();
    for (int i = 0; i < neurons; ++i) {
      s.V[i] = static_cast<Real>(start_voltage(i));
      s.m[i] = s.h[i] = s.n[i] = s.g_i[i] = 0;
      s.g_e[i] = static_cast<Real>(g_start);
    }
    spikes_ = 0;
  }
  void run() {
    for (int k = 0; k < steps; ++k) spikes_ += static_cast<std::uint64_t>(step_(state_.view(), indices_.data()));
  }
  [[nodiscard]] std::uint64_t spikes() const { return spikes_; }

 private:
  Step step_;
  baseline::State<Real> state_;
  std::vector<std::uint32_t> indices_;
  std::uint64_t spikes_ = 0;
};

struct Line {
  std::string name;
  std::function<void()> start, run;
  std::function<std::uint64_t()> spikes;
};

template <class T>
Line line(std::string name, std::shared_ptr<T> t) {
  return {std::move(name), [t] { t->start(); }, [t] { t->run(); }, [t] { return t->spikes(); }};
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 101;
  const auto f32 = Precision::f32;
  const auto f64 = Precision::f64;
  const auto first = std::make_shared<Ours>("exp_euler", f32);
  const auto wide = first->info().lanes;
  std::vector<Line> lines{
      line("f32 exp_euler", first),
      line("f32 exp_euler, half the lanes", std::make_shared<Ours>("exp_euler", f32, std::max(1, wide / 2))),
      line("f32 exp_staggered", std::make_shared<Ours>("exp_staggered", f32)),
      line("f32 by hand, fast, unguarded", std::make_shared<Theirs<float>>(baseline::fast_unguarded_f32)),
      line("f32 by hand, fast, guarded", std::make_shared<Theirs<float>>(baseline::fast_guarded_f32)),
      line("f32 by hand, staggered, unguarded", std::make_shared<Theirs<float>>(baseline::staggered_unguarded_f32)),
      line("f32 by hand, staggered, guarded", std::make_shared<Theirs<float>>(baseline::staggered_guarded_f32)),
      line("f64 exp_euler", std::make_shared<Ours>("exp_euler", f64)),
      line("f64 exp_staggered", std::make_shared<Ours>("exp_staggered", f64)),
      line("f64 by hand, fast, guarded", std::make_shared<Theirs<double>>(baseline::fast_guarded_f64)),
      line("f64 by hand, staggered, guarded", std::make_shared<Theirs<double>>(baseline::staggered_guarded_f64)),
  };
  bench::Contest contest;
  std::map<std::string, std::uint64_t> spikes;
  for (auto& l : lines) {
    contest.add(l.name, l.run, l.start);
  }
  contest.run(rounds);
  for (auto& l : lines) spikes[l.name] = l.spikes();

  bench::heading("kernel: compiled against hand-written, one core, 4,000 neurons", first->info().isa);
  std::printf("  by hand: %s; ours: %d f32 lanes\n", baseline::built_by(), wide);
  std::printf("  %-36s %10s %10s %9s\n", "", "median ns", "least ns", "rate Hz");
  for (auto& l : lines) {
    const double per = 1e9 / neurons / steps;
    std::printf("  %-36s %10.2f %10.2f %9.1f\n", l.name.c_str(), contest.seconds(l.name) * per,
                contest.least(l.name) * per, static_cast<double>(spikes[l.name]) / neurons / (steps * 1e-4));
  }
  std::printf("  (ns per neuron and step)\n");
  bench::target("f32 exp_euler / fast guarded", contest.ratio("f32 exp_euler", "f32 by hand, fast, guarded"), 1.3);
  bench::note("f32 exp_euler / fast unguarded", contest.ratio("f32 exp_euler", "f32 by hand, fast, unguarded"));
  bench::target("f32 exp_staggered / exp_euler", contest.ratio("f32 exp_staggered", "f32 exp_euler"), 1.3);
  bench::note("f32 exp_staggered / staggered guarded",
              contest.ratio("f32 exp_staggered", "f32 by hand, staggered, guarded"));
  bench::note("f32 half the lanes / default lanes", contest.ratio("f32 exp_euler, half the lanes", "f32 exp_euler"));
  bench::note("f64 exp_euler / fast guarded", contest.ratio("f64 exp_euler", "f64 by hand, fast, guarded"));
  bench::note("f64 exp_staggered / exp_euler", contest.ratio("f64 exp_staggered", "f64 exp_euler"));
  bench::note("f64 exp_staggered / staggered guarded",
              contest.ratio("f64 exp_staggered", "f64 by hand, staggered, guarded"));
}
