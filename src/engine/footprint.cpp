#include "engine/footprint.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "engine/delays.hpp"
#include "engine/state.hpp"
#include "engine/synapse_values.hpp"
#include "engine/team.hpp"

namespace ranvier::engine {
namespace {

using model::Delivery;
using model::StepProgram;
using Place = std::pair<std::size_t, std::size_t>;  ///< domain, array

double padded(double elements, double element) { return std::ceil(elements / 64) * 64 * element; }

double array_bytes(const StepProgram& program, Place at) {
  const auto& d = program.domains[at.first];
  return padded(d.size, static_cast<double>(element_bytes(d, at.second)));
}

/// The longest delay of the synapses, in steps: of a list as it stands, of a law from a sample of pairs.
double longest_delay(const StepProgram& program, const Delivery& d, const connect::Ends& ends, const connect::RowOptions& options) {
  double longest = 0;
  if (const auto* pairs = d.rule.pairs(); pairs && d.rule.has_delays()) {
    for (const double delay : pairs->delay) longest = std::max(longest, delay);
  } else if (options.delays) {
    constexpr std::uint64_t some = 4096;
    std::vector<connect::Synapse> synapses;
    for (std::uint64_t i = 0; i < some; ++i) {
      synapses.push_back({static_cast<std::uint32_t>(i * ends.n_pre / some), static_cast<std::uint32_t>(i * 2654435761u % ends.n_post), 0});
    }
    std::vector<double> delays(some);
    options.delays(synapses, delays);
    longest = *std::max_element(delays.begin(), delays.end());
  }
  return std::floor(longest / program.dt_ms + 0.5);
}

/// What plastic synapses keep beside their targets; see PlasticSynapses::bytes().
void add_plasticity(const StepProgram& program, const Delivery& d, const connect::Ends& ends, Footprint::Projection& p) {
  const auto& rule = program.plasticity[*d.plastic];
  const double real = rule.precision == Precision::f32 ? 4 : 8;
  p.synapse_bytes += p.synapses * (real * static_cast<double>(rule.synapse.size()) + (rule.elapsed ? 4 : 0));
  if (rule.on_post) {
    const double blocks = std::ceil(static_cast<double>(ends.n_pre) / 65536);
    const double place = p.synapses > 65536 * static_cast<double>(ends.n_pre) ? 4 : 2;  // in its row, which more workers cut
    p.synapse_bytes += p.synapses * (place + 2) + (static_cast<double>(ends.n_post) * blocks + 1) * 8;
  }
  p.other_bytes += padded(static_cast<double>(ends.n_pre), real) * static_cast<double>(rule.pre.size());
  p.other_bytes += padded(static_cast<double>(ends.n_post), real) * static_cast<double>(rule.post.size());
}

/// Arrays that stand at neurons for the sake of a projection; those that several share count for the first.
std::set<Place> add_synaptic_arrays(const StepProgram& program, Footprint& out) {
  std::set<Place> taken;
  for (const auto& d : program.deliveries) {
    auto& p = out.projections[d.projection];
    const auto add = [&](Place at) {
      if (taken.insert(at).second) p.other_bytes += array_bytes(program, at);
    };
    add({d.post_domain, d.array});
    if (d.weight_sums) add({d.post_domain, *d.weight_sums});
    for (const auto& [name, at] : program.array_aliases) {
      if (name.starts_with(d.projection + ".")) add(at);
    }
  }
  return taken;
}

}  // namespace

/// Arrivals of events with delays are counted in what the mean number of synapses allows.
static void narrow_counts(model::StepProgram& program, std::uint64_t seed) {
  std::map<Place, double> synapses;
  for (const auto& d : program.deliveries) {
    if (!d.counted || !(d.delay_law || d.rule.has_delays())) continue;
    const auto ends = ends_of(program, d);
    connect::validate(d.rule, ends, "projection '" + d.projection + "'", row_options(program, d, seed));
    synapses[{d.post_domain, d.array}] += connect::estimate(d.rule, ends).synapses / static_cast<double>(ends.n_post);
  }
  for (const auto& [place, count] : synapses) program.domains[place.first].arrays[place.second].element = narrowest_count(count);
}

Footprint footprint(model::StepProgram program, int threads, std::uint64_t seed) {
  const auto workers = static_cast<unsigned>(threads > 0 ? threads : usable_cores());
  realise_positions(program, seed);
  narrow_counts(program, seed);
  Footprint out;
  const auto synaptic = add_synaptic_arrays(program, out);
  for (std::size_t d = 0; d < program.domains.size(); ++d) {
    const auto& domain = program.domains[d];
    double& bytes = out.populations[domain.name];
    bytes = padded(domain.size, 4);
    for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
      if (!synaptic.contains({d, a})) bytes += array_bytes(program, {d, a});
    }
    out.bytes += bytes;
  }
  std::map<Place, double> rings;
  for (const auto& d : program.deliveries) {
    const auto ends = ends_of(program, d);
    const auto options = row_options(program, d, seed);
    const std::string where = "projection '" + d.projection + "'";
    connect::validate(d.rule, ends, where, options);
    auto& p = out.projections[d.projection];
    if (!d.shares_rows_of) {
      const auto e = connect::estimate(d.rule, ends, workers, options);
      p.synapses += e.synapses;
      p.synapse_bytes += e.bytes;
      out.peak_bytes = std::max(out.peak_bytes, e.peak_bytes - e.bytes);
    }
    if (d.plastic) {
      add_plasticity(program, d, ends, p);
    } else if (!d.source && (d.delay_law || d.rule.has_delays())) {
      double& ring = rings[{d.post_domain, d.array}];
      const double whole = array_bytes(program, {d.post_domain, d.array}) * (longest_delay(program, d, ends, options) + 1);
      p.other_bytes += std::max(0.0, whole - ring);
      ring = std::max(ring, whole);
    }
  }
  for (const auto& [name, p] : out.projections) out.bytes += p.bytes();
  out.peak_bytes += out.bytes;
  return out;
}

}  // namespace ranvier::engine
