// What does a synapse cost in every step whose value is propagated (a graded or saturating synapse, a gap junction)? 4,000 sources with
// 80 targets each, in f32: beside the plain loop that one would write first, with 32-bit indices and the weight multiplied in.
#include <span>

#include "base/random.hpp"
#include "connect/propagate.hpp"
#include "measure.hpp"

using namespace ranvier;

int main() {
  constexpr std::uint32_t n = 4000, degree = 80;
  const connect::Ends ends{.n_pre = n, .n_post = n};
  const auto rows = connect::build_rows(fixed_outdegree(degree), ends, {0, n}, base::make_key(1, "values"));
  std::vector<std::uint32_t> targets;
  for (std::uint32_t s = 0; s < n; ++s) rows.for_each(s, 0, [&](std::uint32_t t, double) { targets.push_back(t); });
  const std::vector<float> weights(targets.size(), 0.5f);
  std::vector<float> values(n), received(n), plain(n);
  for (std::uint32_t i = 0; i < n; ++i) values[i] = 0.1f + 0.001f * static_cast<float>(i);
  const auto repeat = [&](auto&& f) {
    for (int k = 0; k < 20; ++k) f();
  };
  bench::Contest contest;
  contest.add("one weight", [&] { repeat([&] { connect::propagate<float, float>(rows, values, received.data()); }); });
  contest.add("a weight each", [&] { repeat([&] { connect::propagate<float, float, float>(rows, weights, values, received.data()); }); });
  contest.add("all to all", [&] { repeat([&] { connect::propagate_to_all<float, float>(values, n, received.data()); }); });
  contest.add("plain loop", [&] {
    repeat([&] {
      for (std::uint32_t s = 0, i = 0; s < n; ++s) {
        for (std::uint32_t k = 0; k < degree; ++k, ++i) plain[targets[i]] += weights[i] * values[s];
      }
    });
  });
  contest.run(25);
  const double per = 1e9 / (20.0 * static_cast<double>(targets.size()));
  for (const char* name : {"one weight", "a weight each", "plain loop"}) std::printf("%-14s %.2f ns a synapse and step\n", name, per * contest.seconds(name));
  std::printf("%-14s %.2f us a step for 16 million synapses\n", "all to all", contest.seconds("all to all") * 1e6 / 20);
  bench::target("a weight each / plain loop", contest.ratio("a weight each", "plain loop"), 1.3);
  std::printf("(sums %g %g)\n", static_cast<double>(received[7]), static_cast<double>(plain[7]));
}
