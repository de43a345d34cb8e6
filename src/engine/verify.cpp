#include "engine/verify.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace ranvier::engine {
namespace {

/// Distance in units in the last place: the difference of the ordered integer images.
template <class Real, class Int>
double ulps(Real a, Real b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0 : 1e300;
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

/// Plastic synapses: memory by memory, since both cores have the same workers.
void compare_plasticity(const Core& a, const Core& b, Verification& out) {
  for (std::size_t p = 0; p < a.program().plasticity.size(); ++p) {
    const auto& rule = a.program().plasticity[p];
    const auto pair = [&](const ArrayMemory& x, const ArrayMemory& y, const std::string& name) {
      const bool f32 = rule.precision == Precision::f32;
      for (std::size_t i = 0; i < x.bytes() / (f32 ? 4 : 8); ++i) {
        ++out.compared;
        const double u = f32 ? ulps<float, std::int32_t>(x.as<float>()[i], y.as<float>()[i]) : ulps<double, std::int64_t>(x.as<double>()[i], y.as<double>()[i]);
        if (u <= out.max_ulps) continue;
        out.max_ulps = u;
        out.where = rule.projection + "." + name + ", element " + std::to_string(i) + " after step " + std::to_string(a.state().step);
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

void compare(const Core& a, const Core& b, Verification& out) {
  for (std::size_t d = 0; d < a.program().domains.size(); ++d) {
    const auto& domain = a.program().domains[d];
    for (std::size_t k = 0; k < domain.arrays.size(); ++k) {
      for (std::size_t i = 0; i < domain.size; ++i) {
        ++out.compared;
        const double u = difference(domain, k, a.state().domains[d].arrays[k], b.state().domains[d].arrays[k], i);
        if (u <= out.max_ulps) continue;
        out.max_ulps = u;
        out.where = domain.name + "." + domain.arrays[k].name + " of neuron " + std::to_string(i) + " after step " +
                    std::to_string(a.state().step);
      }
    }
  }
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
      compare_plasticity(core, oracle, out);
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
