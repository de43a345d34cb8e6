// What does an event cost, and how many bytes a synapse? COBA-HH at 4,000 neurons: the spikes of a real run are
// delivered again, with an update of all neurons between the steps so that the caches are as in a run. Beside it a
// plain hand-written scatter-add.
#include <chrono>
#include <span>

#include "base/random.hpp"
#include "baseline/coba_hh.hpp"
#include "connect/deliver.hpp"
#include "measure.hpp"
#include "networks.hpp"

namespace {

using namespace ranvier;

constexpr std::uint32_t neurons = 4000, excitatory = 3200;

struct Step {
  std::vector<std::uint32_t> E, I;
};

std::vector<Step> spikes_of(Simulation& sim, const SpikeRecord& E, const SpikeRecord& I) {
  std::vector<Step> steps(sim.steps() + 1);
  for (std::size_t k = 0; k < E.count(); ++k) steps[E.stamps()[k]].E.push_back(E.ids()[k]);
  for (std::size_t k = 0; k < I.count(); ++k) steps[I.stamps()[k]].I.push_back(I.ids()[k]);
  return steps;
}

/// The four projections as the engine stores them, and where each adds.
struct Wiring {
  connect::Rows EE, EI, IE, II;
  std::vector<std::uint32_t> counts = std::vector<std::uint32_t>(2 * neurons);

  Wiring() {
    const auto make = [](std::uint32_t pre, std::uint32_t post, const char* name) {
      const connect::Ends ends{.n_pre = pre, .n_post = post};
      return connect::build_rows(fixed_outdegree_fraction(0.02), ends, {0, post}, base::make_key(1, name));
    };
    const auto inhibitory = neurons - excitatory;
    EE = make(excitatory, excitatory, "EE"), EI = make(excitatory, inhibitory, "EI");
    IE = make(inhibitory, excitatory, "IE"), II = make(inhibitory, inhibitory, "II");
  }
  void deliver(const Step& s) {
    connect::deliver_counts(EE, s.E, 0, counts.data());
    connect::deliver_counts(EI, s.E, 0, counts.data() + excitatory);
    connect::deliver_counts(IE, s.I, 0, counts.data() + neurons);
    connect::deliver_counts(II, s.I, 0, counts.data() + neurons + excitatory);
  }
};

/// Targets in 32 bits, a constant weight added in float: the loop that one would write first.
struct Plain {
  std::vector<std::uint32_t> targets;
  std::vector<float> arrived = std::vector<float>(2 * neurons);

  explicit Plain(const Wiring& w) {
    const auto row = [&](const connect::Rows& rows, std::uint32_t source, std::uint32_t shift) {
      rows.for_each(source, 0, [&](std::uint32_t t, double) { targets.push_back(t + shift); });
    };
    for (std::uint32_t i = 0; i < excitatory; ++i) row(w.EE, i, 0), row(w.EI, i, excitatory);
    for (std::uint32_t i = 0; i < neurons - excitatory; ++i) row(w.IE, i, 0), row(w.II, i, excitatory);
  }
  void deliver(const Step& s) {
    const std::size_t k = targets.size() / neurons;
    const auto add = [&](std::size_t source, float weight, float* to) {
      const std::uint32_t* row = targets.data() + source * k;
      for (std::size_t j = 0; j < k; ++j) to[row[j]] += weight;
    };
    for (const auto i : s.E) add(i, 6, arrived.data());
    for (const auto i : s.I) add(std::size_t{excitatory} + i, 67, arrived.data() + neurons);
  }
};

/// Seconds of the deliveries of all steps: the median over rounds for each step, so that what disturbs a few does not
/// count.
template <class Deliver>
double seconds(const std::vector<Step>& steps, int rounds, Deliver&& deliver) {
  baseline::State<float> state(neurons);
  std::vector<std::uint32_t> indices(neurons + 64);
  std::vector<std::vector<double>> all(steps.size());
  for (int r = 0; r < rounds; ++r) {
    for (std::size_t k = 0; k < steps.size(); ++k) {
      baseline::fast_guarded_f32(state.view(), indices.data());
      const auto from = std::chrono::steady_clock::now();
      deliver(steps[k]);
      all[k].push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count());
    }
  }
  double sum = 0;
  for (auto& v : all) sum += bench::median(std::move(v));
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 15;
  Simulation sim(bench::coba_hh(), bench::one_core());
  const auto E = sim.record(SpikesRef{"E"}), I = sim.record(SpikesRef{"I"});
  sim.run(100 * units::ms);
  const auto steps = spikes_of(sim, *E, *I);
  Wiring wiring;
  Plain plain(wiring);
  const auto events = static_cast<double>(sim.event_count());
  const double ours = seconds(steps, rounds, [&](const Step& s) { wiring.deliver(s); });
  const double theirs = seconds(steps, rounds, [&](const Step& s) { plain.deliver(s); });
  const double timer = seconds(steps, rounds, [](const Step&) {});

  bench::heading("delivery: the spikes of 100 ms of COBA-HH, one core", sim.info().isa);
  const auto rate = bench::rates(sim);
  std::printf("  E %.1f Hz, I %.1f Hz, %.0f events\n", rate.E, rate.I, events);
  bench::target("ns an event", 1e9 * (ours - timer) / events, 2.5);
  bench::note("ns an event, plain scatter-add", 1e9 * (theirs - timer) / events);
  bench::note("ours / plain", (ours - timer) / (theirs - timer));
  const auto& info = sim.info();
  const auto synapses = static_cast<double>(info.synapses);
  const double offsets = 4.0 * (2 * neurons + 4);
  bench::target("bytes a synapse without row offsets", (static_cast<double>(info.synapse_bytes) - offsets) / synapses,
                4);
  bench::note("bytes a synapse, all", static_cast<double>(info.synapse_bytes) / synapses);
}
