// How much faster are two threads than one? COBA-HH with 80 targets a neuron at 4,000 and 40,000 neurons, wall clock.
// Needs two idle cores: the least time of many short runs is compared too, which a passing load disturbs less than the
// median.
#include "measure.hpp"
#include "networks.hpp"

namespace {

void compare(std::uint32_t neurons, double chunk_ms, int rounds, double goal) {
  using namespace ranvier;
  auto one = bench::one_core(), two = bench::one_core();
  two.threads = 2;
  Simulation a(bench::coba_hh_of_size(neurons), one), b(bench::coba_hh_of_size(neurons), two);
  const auto warm_up = 50 * units::ms;
  a.run(warm_up), b.run(warm_up);
  bench::Contest contest(bench::wall_seconds);
  contest.add("one", [&] { a.run(chunk_ms * units::ms); });
  contest.add("two", [&] { b.run(chunk_ms * units::ms); });
  contest.run(rounds);
  const auto rate = bench::rates(a);
  const double per = 1e9 / neurons / (chunk_ms * 10);
  std::printf("  %u neurons, E %.1f Hz, I %.1f Hz, checksums %s: %.2f and %.2f ns a neuron and step\n", neurons, rate.E,
              rate.I, a.checksum() == b.checksum() ? "equal" : "DIFFER", contest.least("one") * per,
              contest.least("two") * per);
  bench::target_at_least("one thread / two threads, least of all rounds", contest.least("one") / contest.least("two"),
                         goal);
  bench::note("median ratio", contest.ratio("one", "two"));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 40;
  bench::heading("threads: one against two, wall clock", "");
  compare(4000, 10, rounds, 1.6);
  compare(40000, 5, rounds / 2 + 1, 1.9);
}
