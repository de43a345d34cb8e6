#include "engine/synapse_access.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ranvier::engine {
namespace {

std::pair<std::size_t, PlasticSynapses::Variable> find(const Core& core, const SynapseRef& ref) {
  std::vector<std::string> known;
  const auto& all = core.program().plasticity;
  for (std::size_t k = 0; k < all.size(); ++k) {
    known.push_back(all[k].projection);
    if (all[k].projection != ref.projection) continue;
    if (const auto v = core.plastic(k).find(ref.state)) return {k, *v};
    throw UserError("projection '" + ref.projection + "'", "its synapses have no variable '" + ref.state + "'",
                    detail::suggest(ref.state, core.plastic(k).names()));
  }
  throw UserError("simulation", "there is no projection '" + ref.projection + "' with plastic synapses",
                  detail::suggest(ref.projection, known));
}

const char* element_name(const PlasticSynapses::Variable& v) { return v.of_synapses() ? "synapse" : "neuron"; }

}  // namespace

bool plastic_projection(const Core& core, const std::string& name) {
  const auto& all = core.program().plasticity;
  return std::any_of(all.begin(), all.end(), [&](const auto& p) { return p.projection == name; });
}

FrameTap synapse_tap(const Core& core, const SynapseRef& ref, const std::vector<std::uint32_t>& elements,
                     const FrameSchedule& schedule) {
  const auto [k, variable] = find(core, ref);
  const auto& synapses = core.plastic(k);
  const auto size = synapses.size(variable);
  FrameTap tap;
  tap.schedule = schedule;
  tap.neurons = elements;
  for (const auto n : tap.neurons) {
    if (n < size) continue;
    throw UserError("record",
                    "projection '" + ref.projection + "' has no " + element_name(variable) + " " + std::to_string(n),
                    size == 0 ? "it is empty" : "they go from 0 to " + std::to_string(size - 1));
  }
  if (tap.neurons.empty()) {
    if (size > std::numeric_limits<std::uint32_t>::max()) {
      throw UserError("record", "projection '" + ref.projection + "' has " + std::to_string(size) + " synapses",
                      "choose some");
    }
    for (std::uint64_t i = 0; i < size; ++i) tap.neurons.push_back(static_cast<std::uint32_t>(i));
  }
  auto of = std::make_shared<FrameTap::OfSynapses>();
  of->projection = k;
  of->variable = variable;
  of->places = synapses.places(variable, tap.neurons);
  tap.synapses = std::move(of);
  return tap;
}

std::shared_ptr<StateRecord> synapse_record(const Core& core, const SynapseRef& ref, const FrameTap& tap,
                                            const RecordOptions& options) {
  const auto& of = *tap.synapses;
  const auto& synapses = core.plastic(of.projection);
  const auto& dimension = synapses.array(of.variable).dimension;
  auto record = std::make_shared<StateRecord>(
      ref.projection, ref.state, dimension.is_none() ? "" : unit_name(dimension), tap.neurons, core.program().dt_ms,
      options.steps.empty() ? options.every : 0, options.reduce);
  if (of.variable.of_synapses()) {
    const auto edges = core.connectivity(synapses.rule().delivery);
    std::vector<std::uint32_t> pre, post;
    for (const auto n : tap.neurons) pre.push_back(edges.pre[n]), post.push_back(edges.post[n]);
    record->set_ends(std::move(pre), std::move(post));
  }
  return record;
}

std::vector<double> synapse_values(Core& core, const std::string& projection, const std::string& variable) {
  auto tap = synapse_tap(core, {projection, variable}, {}, {});
  core.frame(tap);
  return tap.values;
}

void set_synapse_values(Core& core, const std::string& projection, const std::string& variable,
                        const std::vector<double>& values) {
  const auto [k, v] = find(core, {projection, variable});
  auto& synapses = core.plastic(k);
  const std::string where = "projection '" + projection + "'";
  if (values.size() != synapses.size(v)) {
    throw UserError(where,
                    "'" + variable + "' got " + std::to_string(values.size()) + " values for " +
                        std::to_string(synapses.size(v)) + " " + element_name(v) + "s",
                    "give one each, in the order of connectivity()");
  }
  const double most =
      synapses.rule().precision == Precision::f32 ? double{std::numeric_limits<float>::max()} : HUGE_VAL;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && std::fabs(values[i]) <= most) continue;
    throw UserError(where,
                    "'" + variable + "' of " + element_name(v) + " " + std::to_string(i) + " is not " +
                        (std::isfinite(values[i]) ? "within the range of its precision" : "finite"),
                    "give finite values");
  }
  synapses.write(core.state(), core.state().step, v, values);
}

std::optional<std::pair<std::string, std::string>> bad_synapse(const Core& core) {
  for (std::size_t k = 0; k < core.program().plasticity.size(); ++k) {
    if (auto what = core.plastic(k).bad_value(core.state()))
      return std::pair{core.program().plasticity[k].projection, *std::move(what)};
  }
  return {};
}

}  // namespace ranvier::engine
