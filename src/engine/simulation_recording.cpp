// What is recorded and streamed: which steps, which neurons, into which record.
#include <algorithm>
#include <cmath>

#include "engine/expressions.hpp"
#include "engine/simulation_impl.hpp"
#include "engine/synapse_access.hpp"

namespace ranvier {

using engine::array_index;
using engine::domain_index;

engine::FrameSchedule Simulation::Impl::schedule_of(const RecordOptions& o) const {
  if (o.every == 0) throw UserError("record", "every = 0", "record every 1st, 2nd, ... step");
  engine::FrameSchedule s{.every = o.every, .first = step_at("record: from", o.from)};
  require(o.until, dimension::time, "record: until");
  const bool open = std::isinf(o.until.value) && o.until.value > 0;
  if (!open) s.last = step_at("record: until", o.until);
  if (s.last < s.first) {
    throw UserError("record", "until = " + to_string(o.until) + " is before from = " + to_string(o.from), "give a later time");
  }
  if (o.steps.empty()) return s;
  if (o.every != 1 || s.first != 0 || !open) {
    throw UserError("record", "steps are listed, and every, from or until is given too", "give one or the other");
  }
  for (std::size_t k = 1; k < o.steps.size(); ++k) {
    if (o.steps[k] > o.steps[k - 1]) continue;
    throw UserError("record", "step " + std::to_string(o.steps[k]) + " follows step " + std::to_string(o.steps[k - 1]),
                    "list each step once, in ascending order");
  }
  s.chosen = o.steps;
  return s;
}

void Simulation::Impl::require_neurons(std::size_t domain, const std::vector<std::uint32_t>& neurons) const {
  const auto& d = core->program().domains[domain];
  for (const auto n : neurons) {
    if (n < d.size) continue;
    throw UserError("record", "population '" + d.name + "' has no neuron " + std::to_string(n), "ids go from 0 to " + std::to_string(d.size - 1));
  }
}

engine::FrameTap Simulation::Impl::tap_of(std::size_t domain, const RecordOptions& o) const {
  engine::FrameTap tap;
  tap.domain = domain;
  tap.schedule = schedule_of(o);
  require_neurons(domain, o.neurons);
  tap.neurons = o.neurons;
  if (tap.neurons.empty()) {
    for (std::uint32_t i = 0; i < core->program().domains[domain].size; ++i) tap.neurons.push_back(i);
  }
  return tap;
}

engine::FrameTap Simulation::Impl::tap_of(const StateRef& state, const RecordOptions& o) const {
  const auto domain = domain_index(core->program(), state.population());
  const auto array = array_index(core->program(), domain, state.state());
  auto tap = tap_of(domain, o);
  tap.array = array;
  return tap;
}

std::shared_ptr<StateRecord> Simulation::Impl::record_of(const engine::FrameTap& tap, const std::string& name, const Dimension& d,
                                                         const RecordOptions& o) const {
  const auto& program = core->program();
  return std::make_shared<StateRecord>(program.domains[tap.domain].name, name, d.is_none() ? "" : coherent_unit_name(d), tap.neurons, program.dt_ms,
                                       o.steps.empty() ? o.every : 0, o.reduce);
}

std::shared_ptr<StateRecord> Simulation::Impl::record_of(const StateRef& state, const engine::FrameTap& tap, const RecordOptions& o) const {
  return record_of(tap, state.state(), core->program().domains[tap.domain].arrays[tap.array].dimension, o);
}

namespace {

void require_spike_options(const RecordOptions& o, bool every) {
  if ((o.every == 1 || every) && o.steps.empty() && o.reduce == Reduce::none) return;
  throw UserError("record", "spikes are recorded when they happen", every ? "give every, neurons, from, until only" : "give neurons, from, until only");
}

}  // namespace

std::shared_ptr<const SpikeRecord> Simulation::record(const SpikesRef& spikes, const RecordOptions& options) {
  const auto& program = impl_->core->program();
  const auto d = domain_index(program, spikes.population);
  require_spike_options(options, false);
  const auto schedule = impl_->schedule_of(options);
  impl_->require_neurons(d, options.neurons);
  auto record = std::make_shared<SpikeRecord>(spikes.population, program.domains[d].size, program.dt_ms);
  impl_->recorders.add(d, record, schedule, options.neurons);
  return record;
}

std::shared_ptr<const StateRecord> Simulation::record_rate(const SpikesRef& spikes, const RecordOptions& options) {
  const auto& program = impl_->core->program();
  const auto d = domain_index(program, spikes.population);
  require_spike_options(options, true);
  auto tap = impl_->tap_of(d, options);
  auto record = std::make_shared<StateRecord>(spikes.population, "rate", "Hz", options.neurons, program.dt_ms, options.every, Reduce::mean);
  impl_->recorders.add_rate(d, record, tap.schedule, steps(), program.domains[d].size);
  return record;
}

std::shared_ptr<const StateRecord> Simulation::record(const std::string& name, const RecordOptions& options) {
  const auto& program = impl_->core->program();
  const auto dot = name.find('.');
  const auto d = domain_index(program, name.substr(0, dot));
  const auto variable = dot == std::string::npos ? "" : name.substr(dot + 1);
  const auto& domain = program.domains[d];
  const auto alias = program.array_aliases.find(variable);
  const bool stored = model::find_array(domain, variable) || (alias != program.array_aliases.end() && alias->second.first == d);
  if (!stored) return record(domain.name, variable, [&](const Symbols& s) { return s(variable); }, options);
  auto tap = impl_->tap_of(d, options);
  tap.array = array_index(program, d, variable);
  auto record = impl_->record_of(tap, variable, domain.arrays[tap.array].dimension, options);
  impl_->note_merged(d, variable);
  impl_->recorders.add(std::move(tap), record, nullptr);
  return record;
}

std::shared_ptr<const StateRecord> Simulation::record(const std::string& population, const std::string& name,
                                                      const ExpressionFunction& expression, const RecordOptions& options) {
  const auto d = domain_index(impl_->core->program(), population);
  auto tap = impl_->tap_of(d, options);
  const auto e = engine::make_expression(impl_->core->program(), d, name, expression);
  tap.observer = impl_->core->observe(d, name, e.graph, e.node);
  auto record = impl_->record_of(tap, name, e.dimension, options);
  impl_->recorders.add(std::move(tap), record, nullptr);
  return record;
}

/// Says so where what is recorded is the sum of several projections.
void Simulation::Impl::note_merged(std::size_t d, const std::string& state) {
  const std::pair array(d, array_index(core->program(), d, state));
  std::string others;
  for (const auto& [alias, where] : core->program().array_aliases) {
    const bool own = alias == state || alias.starts_with(core->program().domains[d].name + ".");
    if (where == array && !own) others += (others.empty() ? "'" : ", '") + alias + "'";
  }
  if (others.empty()) return;
  const std::string note = "'" + state + "' is shared with " + others +
                           ": recorded is the sum of all (separate() keeps them apart)";
  if (std::find(info.warnings.begin(), info.warnings.end(), note) == info.warnings.end()) info.warnings.push_back(note);
}

std::shared_ptr<const StateRecord> Simulation::record(const StateRef& state, const RecordOptions& options) {
  auto tap = impl_->tap_of(state, options);
  auto record = impl_->record_of(state, tap, options);
  impl_->note_merged(tap.domain, state.state());
  impl_->recorders.add(std::move(tap), record, nullptr);
  return record;
}

std::shared_ptr<const StateRecord> Simulation::record(const SynapseRef& variable, const RecordOptions& options) {
  auto tap = engine::synapse_tap(*impl_->core, variable, options.neurons, impl_->schedule_of(options));
  auto record = engine::synapse_record(*impl_->core, variable, tap, options);
  impl_->recorders.add(std::move(tap), record, nullptr);
  return record;
}

void Simulation::stream(const SynapseRef& variable, const RecordOptions& options, std::shared_ptr<StateSink> sink) {
  if (!sink) throw UserError("stream", "there is no sink", "pass one");
  auto tap = engine::synapse_tap(*impl_->core, variable, options.neurons, impl_->schedule_of(options));
  auto record = engine::synapse_record(*impl_->core, variable, tap, options);
  impl_->recorders.add(std::move(tap), std::move(record), std::move(sink));
}

void Simulation::stream(std::shared_ptr<SpikeSink> sink) {
  if (!sink) throw UserError("stream", "there is no sink", "pass one");
  impl_->recorders.add(std::move(sink), *impl_->core);
}
void Simulation::stream(const StateRef& state, const RecordOptions& options, std::shared_ptr<StateSink> sink) {
  auto tap = impl_->tap_of(state, options);
  auto record = impl_->record_of(state, tap, options);
  if (!sink) throw UserError("stream", "there is no sink", "pass one");
  impl_->note_merged(tap.domain, state.state());
  impl_->recorders.add(std::move(tap), std::move(record), std::move(sink));
}

}  // namespace ranvier
