// How long does it take to draw 32 million synapses (40,000 neurons, 2% fixed out-degree) on one core? Beside it the
// time to write as many 16-bit numbers to fresh memory, which no builder can beat.
#include "measure.hpp"
#include "networks.hpp"

int main(int argc, char** argv) {
  using namespace ranvier;
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 3;
  const auto net = bench::coba_hh({{"scale", 10.0}});
  std::vector<double> build, write;
  SimulationInfo info;
  for (int r = 0; r < rounds; ++r) {
    const double before = bench::thread_seconds();
    Simulation sim(net, bench::one_core());
    build.push_back(bench::thread_seconds() - before - (r == 0 ? sim.timings().compile : 0));
    info = sim.info();
    const double from = bench::thread_seconds();
    std::vector<std::uint16_t> fresh(info.synapses);
    for (std::size_t k = 0; k < fresh.size(); ++k) fresh[k] = static_cast<std::uint16_t>(k * 40503u);
    if (fresh[info.synapses / 2] == 1) std::printf(" ");
    write.push_back(bench::thread_seconds() - from);
  }
  bench::heading("build: 32 million synapses, 40,000 neurons, one core", info.isa);
  std::printf("  %.1f million synapses, %.2f bytes each\n", 1e-6 * static_cast<double>(info.synapses),
              static_cast<double>(info.synapse_bytes) / static_cast<double>(info.synapses));
  bench::target("seconds of CPU, the whole construction", bench::median(build), 1);
  bench::note("ns a synapse", 1e9 * bench::median(build) / static_cast<double>(info.synapses));
  bench::note("construction / writing as much memory", bench::median(build) / bench::median(write));
}
