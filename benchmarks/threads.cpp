// How much faster are two threads than one? COBA-HH with 80 targets a neuron at 4,000 and 40,000 neurons, wall clock. Needs
// two idle cores. What the machine allows is measured beside it: two simulations of half the size that know nothing of each
// other, on two threads at once (virtual cores may share a real one, or lose time to other guests). Rounds are short, so that some
// of them are undisturbed. Untimed steps come before each: `in a run`, as many as let nearly every neuron spike once, so that the caches
// hold what they hold in the midst of a run; `at its start`, a few that wake the second thread, after the others have emptied the caches.
#include <memory>

#include "engine/team.hpp"
#include "measure.hpp"
#include "networks.hpp"

namespace {

using namespace ranvier;

std::unique_ptr<Simulation> simulation(std::uint32_t neurons, int threads) {
  auto options = bench::one_core();
  options.threads = threads;
  auto sim = std::make_unique<Simulation>(bench::coba_hh_of_size(neurons), options);
  sim->run(50 * units::ms);
  return sim;
}

void compare(const char* when, std::uint32_t neurons, double before_ms, double chunk_ms, int rounds, double goal) {
  const auto one = simulation(neurons, 1), two = simulation(neurons, 2);
  const auto left = simulation(neurons / 2, 1), right = simulation(neurons / 2, 1);
  const auto chunk = chunk_ms * units::ms, before = before_ms * units::ms;
  engine::Team team(2);
  const auto halves = [&](Quantity duration) { team.run([&](int worker) { (worker == 0 ? left : right)->run(duration); }); };
  bench::Contest contest(bench::wall_seconds);
  contest.add("one", [&] { one->run(chunk); }, [&] { one->run(before); });
  contest.add("two", [&] { two->run(chunk); }, [&] { two->run(before); });
  contest.add("apart", [&] { halves(chunk); }, [&] { halves(before); });
  contest.run(rounds);
  const auto rate = bench::rates(*one);
  const double per = 1e9 / neurons / (chunk_ms * 10);
  std::printf("  %u neurons %s, E %.1f Hz, I %.1f Hz, checksums %s; least ns a neuron and step: %.2f, %.2f, apart %.2f\n", neurons,
              when, rate.E, rate.I, one->checksum() == two->checksum() ? "equal" : "DIFFER", contest.least("one") * per,
              contest.least("two") * per, contest.least("apart") * per);
  bench::target_at_least("one thread / two threads, median", contest.ratio("one", "two"), goal);
  bench::note("one thread / two threads, least of all rounds", contest.least("one") / contest.least("two"));
  bench::note("what the machine allows, median", contest.ratio("one", "apart"));
  // A host that gives two virtual cores one real core for a while is recognised by what the two halves take, not by `two`.
  const auto [calm, count] = contest.undisturbed("one", "two", {"one", "apart"});
  const auto allowed = contest.undisturbed("one", "apart", {"one", "apart"}).first;
  std::printf("  in the %d of %d rounds that ran one and apart at their best: one / two %.2f, the machine allows %.2f\n", count, rounds,
              calm, allowed);
  bench::note("what the machine allows, least of all rounds", contest.least("one") / contest.least("apart"));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 120;
  bench::heading("threads: one against two, wall clock", simulation(4000, 1)->info().isa);
  compare("in a run", 4000, 30, 10, rounds, 1.6);
  compare("in a run", 40000, 30, 4, rounds, 1.9);
  compare("at its start", 40000, 1, 4, rounds, 1.9);
}
