#include "engine/synapse_values.hpp"

#include <cmath>

#include "connect/space.hpp"
#include "engine/state.hpp"
#include "ir/interpret.hpp"

namespace ranvier::engine {

using model::Role;

void realise_positions(model::StepProgram& program, std::uint64_t seed) {
  for (auto& domain : program.domains) {
    if (!domain.positions) continue;
    const auto key = base::make_key(seed, "positions/" + domain.name);
    domain.points = std::make_shared<Points>(connect::realise(*domain.positions, domain.size, key));
  }
}

void realise_parameters(model::StepProgram& program, std::uint64_t seed) {
  for (auto& domain : program.domains) {
    for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
      auto& array = domain.arrays[a];
      if (array.role != Role::parameter || array.initial == ir::no_node || !array.values.empty()) continue;
      auto values = drawn_values(program, domain, a, seed);
      const bool positive = array.dimension == dimension::conductance || array.dimension == dimension::capacitance;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const bool fits = domain.precision == Precision::f64 || std::isfinite(static_cast<float>(values[i]));
        if (std::isfinite(values[i]) && fits && !(positive && values[i] < 0)) continue;
        throw UserError("population '" + domain.name + "'", "parameter '" + array.name + "' of neuron " + std::to_string(i) + " is " +
                            to_string(Quantity{values[i], array.dimension}),
                        positive ? "conductances and capacitances are 0 or more: choose a law without negative values, such as "
                                   "lognormal(), or clip() it"
                                 : "values must be finite; check the law");
      }
      array.values = std::move(values);
    }
  }
}

connect::Ends ends_of(const model::StepProgram& program, const model::Delivery& d) {
  connect::Ends e;
  e.n_pre = d.pre_last - d.pre_first;
  e.n_post = d.post_last - d.post_first;
  e.same_population = d.pre_domain == d.post_domain;
  e.shift = std::int64_t{d.pre_first} - std::int64_t{d.post_first};
  e.pre_points = program.domains[d.pre_domain].points.get();
  e.post_points = program.domains[d.post_domain].points.get();
  e.pre_first = d.pre_first;
  e.post_first = d.post_first;
  return e;
}

namespace {

/// Draws are counted by source and target as numbered in their populations.
connect::SynapseValues values_of(const model::SynapseLaw& law, const connect::Ends& ends, std::uint64_t seed, const std::string& purpose) {
  const auto key = base::make_key(seed, purpose);
  const std::uint64_t stream = std::uint64_t{key.k0} << 32 | key.k1;
  return [law, ends, stream](std::span<const connect::Synapse> synapses, std::span<double> out) {
    std::vector<std::uint64_t> elements, copies;
    elements.reserve(synapses.size());
    copies.reserve(synapses.size());
    for (const auto& s : synapses) {
      elements.push_back((ends.pre_first + s.source) << 32 | (ends.post_first + s.target));
      copies.push_back(s.copy);
    }
    const auto value_of = [&](const ir::Symbol& symbol, std::uint64_t element) {
      const auto source = (element >> 32) - ends.pre_first, target = (element & 0xffffffffu) - ends.post_first;
      if (symbol.name == "source_index()") return static_cast<double>(source);
      if (symbol.name == "target_index()") return static_cast<double>(target);
      return connect::distance(ends, source, target);
    };
    ir::evaluate_block(*law.graph, law.root, {.seed = stream, .first = 0, .count = synapses.size(), .elements = elements, .copies = copies},
                       value_of, out);
  };
}

}  // namespace

connect::RowOptions row_options(const model::StepProgram& program, const model::Delivery& d, std::uint64_t seed) {
  const auto& domain = program.domains[d.post_domain];
  const auto& unit = domain.arrays[d.array].dimension;
  connect::RowOptions options{.dt = program.dt_ms, .single_precision = domain.precision == Precision::f32};
  options.where = "projection '" + d.projection + "'";
  options.positive_weights = unit == dimension::conductance;
  if (!unit.is_none()) options.weight_unit = " " + unit_name(unit);
  const auto ends = ends_of(program, d);
  for (const auto* law : {&d.weight_law, &d.delay_law}) {
    if (*law && (*law)->graph->find_symbol("distance()") != ir::no_node) connect::require_space(ends, options.where, "distance()");
  }
  if (d.weight_law) options.weights = values_of(*d.weight_law, ends, seed, "weight/" + d.projection);
  if (d.delay_law) options.delays = values_of(*d.delay_law, ends, seed, "delay/" + d.projection);
  return options;
}

}  // namespace ranvier::engine
