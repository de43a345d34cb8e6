#include "engine/verify.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ranvier::engine {
namespace {

constexpr double not_a_number_of_ulps = 1e300;  // of what differs, but not by a number: NaN, lists of spikes

/// Distance in units in the last place: the difference of the ordered integer images.
template <class Real, class Int>
double ulps(Real a, Real b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0 : not_a_number_of_ulps;
  const auto ordered = [](Real x) {
    const auto bits = std::bit_cast<Int>(x);
    return bits < 0 ? static_cast<double>(std::numeric_limits<Int>::min()) - static_cast<double>(bits) : static_cast<double>(bits);
  };
  return std::fabs(ordered(a) - ordered(b));
}

double difference(const model::Domain& domain, std::size_t array, const ArrayMemory& a, const ArrayMemory& b, std::size_t i) {
  if (domain.arrays[array].element == ir::Element::byte) return std::abs(int{a.at<std::uint8_t>(i)} - int{b.at<std::uint8_t>(i)});
  if (domain.arrays[array].element == ir::Element::count) {
    return std::fabs(static_cast<double>(a.at<std::uint32_t>(i)) - static_cast<double>(b.at<std::uint32_t>(i)));
  }
  if (domain.precision == Precision::f32) return ulps<float, std::int32_t>(a.at<float>(i), b.at<float>(i));
  return ulps<double, std::int64_t>(a.at<double>(i), b.at<double>(i));
}

/// Keeps the largest difference. `where` is called for a larger one only.
template <class Where>
void note(Verification& out, double difference, Where&& where) {
  ++out.compared;
  if (difference <= out.max_ulps) return;
  out.max_ulps = difference;
  out.where = where();
}

/// Plastic synapses: memory by memory, since both cores have the same workers.
void compare_plasticity(const Core& a, const Core& b, const std::string& when, Verification& out) {
  for (std::size_t p = 0; p < a.program().plasticity.size(); ++p) {
    const auto& rule = a.program().plasticity[p];
    const auto pair = [&](const ArrayMemory& x, const ArrayMemory& y, const std::string& name) {
      const bool f32 = rule.precision == Precision::f32;
      for (std::size_t i = 0; i < x.bytes() / (f32 ? 4 : 8); ++i) {
        const double u = f32 ? ulps<float, std::int32_t>(x.as<float>()[i], y.as<float>()[i]) : ulps<double, std::int64_t>(x.as<double>()[i], y.as<double>()[i]);
        note(out, u, [&] { return rule.projection + "." + name + ", element " + std::to_string(i) + when; });
      }
    };
    const auto& x = a.state().plasticity[p];
    const auto& y = b.state().plasticity[p];
    for (std::size_t k = 0; k < rule.pre.size(); ++k) pair(x.pre[k], y.pre[k], rule.pre[k].name);
    for (std::size_t k = 0; k < rule.post.size(); ++k) pair(x.post[k], y.post[k], rule.post[k].name);
    for (std::size_t w = 0; w < x.synapse.size(); ++w) {
      for (std::size_t k = 0; k < rule.synapse.size(); ++k) pair(x.synapse[w][k], y.synapse[w][k], rule.synapse[k].name);
    }
  }
}

/// What is under way: events in the rings of delays, values that were sent, the spikes of this step.
void compare_under_way(const Core& a, const Core& b, const std::string& when, Verification& out) {
  const auto& domains = a.program().domains;
  for (std::size_t r = 0; r < a.state().rings.size(); ++r) {
    const auto& plan = a.rings()[r % a.rings().size()];
    const auto &x = a.state().rings[r], &y = b.state().rings[r];
    const auto& domain = domains[plan.domain];
    for (std::size_t i = 0; i < x.bytes() / element_bytes(domain, plan.array); ++i) {
      note(out, difference(domain, plan.array, x, y, i), [&] {
        return domain.name + "." + domain.arrays[plan.array].name + ", events under way, element " + std::to_string(i) + when;
      });
    }
  }
  for (std::size_t d = 0; d < domains.size(); ++d) {
    const auto &x = a.state().domains[d], &y = b.state().domains[d];
    for (const auto& [array, ring] : x.sent) {
      const std::size_t now = a.state().step % ring.size();
      for (std::size_t i = 0; i < domains[d].size; ++i) {
        note(out, difference(domains[d], array, ring[now], y.sent.at(array)[now], i),
             [&] { return domains[d].name + "." + domains[d].arrays[array].name + " as sent by neuron " + std::to_string(i) + when; });
      }
    }
    for (std::size_t w = 0; w < x.recent.size(); ++w) {
      const std::size_t now = (a.state().step - 1) % x.recent[w].size();
      const auto &mine = x.recent[w][now], &other = y.recent[w][now];
      const bool same = std::equal(mine.begin(), mine.end(), other.begin(), other.end());
      note(out, same ? 0 : not_a_number_of_ulps, [&] { return "spikes of " + domains[d].name + when; });
    }
  }
}

void compare(const Core& a, const Core& b, Verification& out) {
  const std::string when = " after step " + std::to_string(a.state().step);
  for (std::size_t d = 0; d < a.program().domains.size(); ++d) {
    const auto& domain = a.program().domains[d];
    for (std::size_t k = 0; k < domain.arrays.size(); ++k) {
      for (std::size_t i = 0; i < domain.size; ++i) {
        note(out, difference(domain, k, a.state().domains[d].arrays[k], b.state().domains[d].arrays[k], i),
             [&] { return domain.name + "." + domain.arrays[k].name + " of neuron " + std::to_string(i) + when; });
      }
    }
  }
  compare_plasticity(a, b, when, out);
  compare_under_way(a, b, when, out);
}

}  // namespace

Verification verify(Core& core, const SimulationOptions& options, std::uint64_t steps) {
  SimulationOptions other = options;
  other.backend = Backend::interpreter;
  other.threads = core.workers();
  Core oracle(core.program(), other);
  State saved = copy(core.state());
  oracle.restore(copy(core.state()));
  Verification out;
  SpikeLog log;
  std::vector<FrameTap*> none;
  try {
    for (std::uint64_t s = 0; s < steps; ++s) {
      core.advance(1, false, log, none);
      oracle.advance(1, false, log, none);
      compare(core, oracle, out);
      if (core.stopped() || oracle.stopped()) break;
      oracle.restore(copy(core.state()));  // each step is judged from the same start
    }
  } catch (...) {
    core.restore(std::move(saved));
    throw;
  }
  core.restore(std::move(saved));
  return out;
}

}  // namespace ranvier::engine
