#include "ranvier/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "engine/expressions.hpp"
#include "engine/float_environment.hpp"
#include "engine/simulation_impl.hpp"
#include "engine/stages.hpp"
#include "engine/synapse_access.hpp"
#include "engine/verify.hpp"
#include "integrate/build.hpp"

namespace ranvier {

using engine::array_index;
using engine::Clock;
using engine::Core;
using engine::domain_index;
using model::Domain;

namespace {

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

namespace engine {

std::size_t domain_index(const model::StepProgram& program, const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t d = 0; d < program.domains.size(); ++d) {
    if (program.domains[d].name == name) return d;
    known.push_back(program.domains[d].name);
  }
  throw UserError("simulation", "there is no population '" + name + "'", detail::suggest(name, known));
}

/// The array of a variable of a population: its own name, or that of a merged synaptic state.
std::size_t array_index(const model::StepProgram& program, std::size_t d, const std::string& variable) {
  const auto& domain = program.domains[d];
  std::vector<std::string> known;
  for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
    if (domain.arrays[a].name == variable) return a;
    if (domain.arrays[a].role == model::Role::state) known.push_back(domain.arrays[a].name);
  }
  const auto alias = program.array_aliases.find(variable);
  if (alias != program.array_aliases.end() && alias->second.first == d) return alias->second.second;
  throw UserError("population '" + domain.name + "'", "there is no variable '" + variable + "'", detail::suggest(variable, known));
}

}  // namespace engine

Simulation::Impl::Impl(const Network& network, SimulationOptions o) : options(std::move(o)) {
  const engine::FloatEnvironment strict;
  auto program = integrate::build_step_program(network.data(), {options.dt, options.method, options.precision});
  engine::tell_step(program, options);
  hash = model::hash(program);
  core = std::make_unique<Core>(std::move(program), options);
  describe();
}

void Simulation::Impl::describe() {
  const auto& program = core->program();
  info.backend = options.backend == Backend::llvm ? "llvm" : "interpreter";
  info.isa = codegen::host().isa;
  info.threads = core->workers();
  info.lanes = core->lanes();
  info.seed = options.seed;
  info.synapses = core->synapses();
  info.synapse_bytes = core->synapse_bytes();
  info.warnings = program.warnings;
  if (options.backend == Backend::llvm && info.isa == "none") {
    info.warnings.push_back("this processor has no fused multiply-add: kernels are interpreted, which is slow");
  }
  const auto join = [](std::string& list, const std::string& item) {
    if (("," + list + ",").find("," + item + ",") == std::string::npos) list += (list.empty() ? "" : ",") + item;
  };
  for (const auto& d : program.domains) {
    info.neurons += d.size;
    info.population_sizes[d.name] = d.size;
    join(info.precision, d.precision == Precision::f32 ? "f32" : "f64");
    if (!d.method.empty()) join(info.method, d.method);
  }
  for (const auto& p : program.plasticity) join(info.precision, p.precision == Precision::f32 ? "f32" : "f64");
  for (const auto& d : program.deliveries) {
    auto& law = info.projection_laws[d.projection] = to_string(d.rule) + ": " + d.rule.law();
    if (d.weight_law) law += "; weight = " + ir::print(*d.weight_law->graph, d.weight_law->root, 400);
    if (d.delay_law) law += "; delay = " + ir::print(*d.delay_law->graph, d.delay_law->root, 400) + " ms";
  }
  const auto& s = core->compile_statistics();
  info.llvm_loaded = s.llvm_loaded;
  info.kernels_compiled = s.compiled;
  info.kernels_cached = s.from_disk + s.from_memory;
  timings.compile = core->compile_seconds();
  timings.build = core->build_seconds();
}

std::uint64_t Simulation::Impl::steps_of(Quantity duration) const {
  require(duration, dimension::time, "the duration of a run");
  const double steps = duration.value / core->program().dt_ms;
  if (!std::isfinite(steps) || steps < 0 || steps > 9e15) {
    throw UserError("run", "the duration is " + to_string(duration), "give a finite time of 0 or more");
  }
  const double whole = std::floor(steps + 0.5);
  if (std::fabs(steps - whole) > 1e-6) {
    const double dt = core->program().dt_ms;
    throw UserError("run", "the duration " + to_string(duration) + " is not a multiple of dt = " + to_string(Quantity{dt, dimension::time}),
                    "nothing was run; use " + to_string(Quantity{step_time_ms(static_cast<std::uint64_t>(steps), dt), dimension::time}) +
                        " or " + to_string(Quantity{step_time_ms(static_cast<std::uint64_t>(steps) + 1, dt), dimension::time}));
  }
  return static_cast<std::uint64_t>(whole);
}

/// The number of the step at a time that is a multiple of dt.
std::uint64_t Simulation::Impl::step_at(const std::string& what, Quantity time) const {
  require(time, dimension::time, what);
  const double steps = time.value / core->program().dt_ms;
  if (!std::isfinite(steps) || steps < 0 || steps > 9e15) throw UserError(what, "it is " + to_string(time), "give a finite time of 0 or more");
  const double whole = std::floor(steps + 0.5);
  if (std::fabs(steps - whole) > 1e-6) {
    throw UserError(what, to_string(time) + " is not a multiple of dt = " + to_string(Quantity{core->program().dt_ms, dimension::time}),
                    "give a multiple");
  }
  return static_cast<std::uint64_t>(whole);
}

void Simulation::Impl::report_bad_value() const {
  const auto bad = core->bad_value();
  if (const auto synapse = bad ? std::nullopt : engine::bad_synapse(*core)) {
    const Quantity time{step_time_ms(core->state().step, core->program().dt_ms), dimension::time};
    throw UserError("projection '" + synapse->first + "'", synapse->second + " at t = " + to_string(time),
                    "the run stopped and what was recorded is kept; bound it with clip(), min() or max()");
  }
  if (!bad) throw InternalError("a kernel reported a value that is not finite, and none was found");
  const auto& domain = core->program().domains[bad->domain];
  const double time = step_time_ms(core->state().step, core->program().dt_ms);
  throw UserError("population '" + domain.name + "'", "'" + domain.arrays[bad->array].name + "' of neuron " +
                      std::to_string(bad->neuron) + " became " + (std::isnan(bad->value) ? "NaN" : "infinite") + " at t = " +
                      to_string(Quantity{time, dimension::time}) + " (method " + domain.method + ", dt = " +
                      to_string(Quantity{core->program().dt_ms, dimension::time}) + ")",
                  "the run stopped and what was recorded is kept; try a smaller dt or " +
                      // An input that is held over a step makes exp_euler explicit in what flows through it.
                      std::string(domain.method == "exp_euler" ? "exp_staggered or exp_midpoint" : "an exponential method"));
}

/// A simulation that stopped at a bad value stays where it is until set() has replaced the value or reset().
void Simulation::Impl::require_good_state() {
  if (!core->stopped()) return;
  if (core->bad_value() || engine::bad_synapse(*core)) report_bad_value();
  core->resume();
}

/// What is between two steps alone.
void Simulation::Impl::require_outside(const char* what) const {
  if (regular.calling()) throw UserError(what, "it was called from a callback of a run", "the run goes on by itself; call it outside");
}

/// Calls what is due at the present step; how many steps follow until the next.
std::uint64_t Simulation::Impl::call_regular(Simulation& sim, std::vector<engine::FrameTap*>& taps) {
  const auto now = core->state().step;
  if (regular.call(now, sim)) {  // it may have attached recorders
    recorders.catch_up(*core);
    taps = recorders.taps();
  }
  const auto next = regular.next();
  return next > now ? next - now : 1;
}

double Simulation::Impl::run(Simulation& sim, std::uint64_t steps, const ProgressFunction& progress, bool flush_at_end) {
  require_outside("run");
  require_good_state();
  const auto start = Clock::now();
  const std::uint64_t end = core->state().step + steps;
  core->require_time_values(end);
  const double dt = core->program().dt_ms;
  recorders.catch_up(*core);
  auto taps = recorders.taps();
  engine::SpikeLog log;
  std::uint64_t chunk = 16;
  bool go_on = true;
  while (go_on && core->state().step < end && !(options.stop && options.stop->load())) {
    const auto until_next = call_regular(sim, taps);
    chunk = std::min({chunk, end - core->state().step, core->longest_chunk(), recorders.longest_chunk(), until_next});
    const auto before = Clock::now();
    core->advance(chunk, recorders.wants_spikes(), log, taps);
    recorders.consume(log, core->state().step);
    const double spent = seconds_since(before);
    if (core->stopped()) break;
    if (seconds_since(last_flush) > 0.9) {
      recorders.flush(step_time_ms(core->state().step, dt));
      last_flush = Clock::now();
    }
    if (progress) go_on = progress({step_time_ms(core->state().step, dt), step_time_ms(end, dt), seconds_since(start)});
    // Chunks of about 10 ms: long enough to cost nothing, short enough to stop and to flush in time.
    chunk = spent < 0.005 ? chunk * 2 : spent > 0.02 ? std::max<std::uint64_t>(1, chunk / 2) : chunk;
  }
  timings.simulate += seconds_since(start);
  timings.deliver = core->delivery_seconds();
  const double time = step_time_ms(core->state().step, dt);
  if (flush_at_end || core->stopped()) recorders.flush(time);
  if (core->stopped()) report_bad_value();
  return time;
}

// ------------------------------------------------------------------------------------------------------------- public methods

Simulation::Simulation(const Network& network, SimulationOptions options)
    : impl_(std::make_unique<Impl>(network, std::move(options))) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

double Simulation::run(Quantity duration, const ProgressFunction& progress) {
  return impl_->run(*this, impl_->steps_of(duration), progress);
}
void Simulation::step() { impl_->run(*this, 1, {}, false); }

std::size_t Simulation::every_steps(std::uint64_t steps, Callback f, std::uint64_t from) {
  if (steps == 0) throw UserError("every", "the interval is 0 steps", "give 1 or more");
  if (!f) throw UserError("every", "there is no function", "pass one");
  return impl_->regular.add(steps, from, std::move(f), this->steps());
}
std::size_t Simulation::every(Quantity interval, Callback f, Quantity from) {
  const auto steps = impl_->step_at("every: the interval", interval);
  if (steps == 0) throw UserError("every", "the interval is " + to_string(interval), "give dt or more");
  return every_steps(steps, std::move(f), impl_->step_at("every: from", from));
}
void Simulation::cancel(std::size_t callback) { impl_->regular.cancel(callback); }

void Simulation::store(const std::string& name) {
  impl_->require_good_state();
  impl_->snapshots.insert_or_assign(name, Impl::Snapshot{impl_->core->snapshot(), impl_->recorders.position(steps()), impl_->regular.position()});
}
std::vector<std::string> Simulation::stored() const {
  std::vector<std::string> names;
  for (const auto& [name, snapshot] : impl_->snapshots) names.push_back(name);
  return names;
}
void Simulation::forget(const std::string& name) {
  if (impl_->snapshots.erase(name) == 0) throw UserError("forget", "nothing is stored as '" + name + "'", detail::suggest(name, stored()));
}
void Simulation::restore(const std::string& name) {
  impl_->require_outside("restore");
  const auto found = impl_->snapshots.find(name);
  if (found == impl_->snapshots.end()) {
    const auto names = stored();
    throw UserError("restore", "nothing is stored as '" + name + "'", names.empty() ? "store() a state first" : detail::suggest(name, names));
  }
  const auto& s = found->second;
  const auto now = steps();
  impl_->recorders.require_rewindable(s.recorders, now);
  impl_->core->restore(s.core);
  impl_->regular.rewind(s.regular, steps());
  impl_->recorders.rewind(s.recorders, now);
}

void Simulation::reset() {
  impl_->require_outside("reset");
  impl_->core->reset();
  impl_->recorders.restart();
  impl_->regular.rewind({}, 0);
  impl_->timings.simulate = 0;
}
double Simulation::time_ms() const { return step_time_ms(steps(), impl_->core->program().dt_ms); }
std::uint64_t Simulation::steps() const { return impl_->core->state().step; }

std::vector<double> Simulation::get(const std::string& population, const std::string& variable) const {
  const auto& program = impl_->core->program();
  engine::FrameTap tap;
  if (engine::plastic_projection(*impl_->core, population)) {
    const auto uniform = program.uniforms.find(population + "." + variable);
    if (uniform != program.uniforms.end() && variable != "weight") return {uniform->second.value};
    return engine::synapse_values(*impl_->core, population, variable);
  }
  const auto shared = program.uniforms.find(population + "." + variable);
  const bool of_population = std::any_of(program.domains.begin(), program.domains.end(), [&](const auto& d) { return d.name == population; });
  if (!of_population && shared != program.uniforms.end()) return {shared->second.value};
  tap.domain = domain_index(program, population);
  const auto size = program.domains[tap.domain].size;
  if (shared != program.uniforms.end()) return std::vector<double>(size, shared->second.value);
  tap.array = array_index(program, tap.domain, variable);
  for (std::uint32_t i = 0; i < size; ++i) tap.neurons.push_back(i);
  impl_->core->frame(tap);
  return tap.values;
}

void Simulation::set(const std::string& population, const std::string& variable, const std::vector<double>& values) {
  const auto& program = impl_->core->program();
  if (engine::plastic_projection(*impl_->core, population)) return engine::set_synapse_values(*impl_->core, population, variable, values);
  const auto d = domain_index(program, population);
  if (program.uniforms.contains(population + "." + variable)) {
    throw UserError("population '" + population + "'", "'" + variable + "' is one value for all neurons",
                    "set it with set(\"" + population + "." + variable + "\", value), or give a value to each neuron before simulating");
  }
  impl_->set_array(d, array_index(program, d, variable), variable, values);
}

void Simulation::Impl::set_array(std::size_t d, std::size_t a, const std::string& variable, const std::vector<double>& values) {
  const auto& domain = core->program().domains[d];
  const auto& population = domain.name;
  if (values.size() != domain.size) {
    throw UserError("population '" + population + "'", "'" + variable + "' got " + std::to_string(values.size()) + " values for " +
                        std::to_string(domain.size) + " neurons", "give one value per neuron");
  }
  const bool count = ir::is_count(domain.arrays[a].element);
  const double most = domain.arrays[a].element == ir::Element::byte ? 255 : count ? 0x1p24 : domain.precision == Precision::f32 ? double{std::numeric_limits<float>::max()} : HUGE_VAL;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values[i];
    const bool fits = std::isfinite(x) && std::fabs(x) <= most && (!count || (x >= 0 && x == std::floor(x)));
    if (fits) continue;
    throw UserError("population '" + population + "'", "'" + variable + "' of neuron " + std::to_string(i) + " is not " +
                        (count ? "a count" : std::isfinite(x) ? "within the range of its precision" : "finite"),
                    count ? "give whole numbers from 0" : "give finite values");
  }
  core->set_values(d, a, values);
}

void Simulation::set(const std::string& name, Quantity value) { impl_->core->set_uniform({name}, value); }
void Simulation::set_merged(const std::vector<std::string>& names, Quantity value) { impl_->core->set_uniform(names, value); }

/// The array behind an input that is open to the user.
std::pair<std::size_t, std::size_t> Simulation::Impl::external_array(const std::string& name) const {
  const auto& program = core->program();
  const auto dot = name.find('.');
  const auto d = domain_index(program, name.substr(0, dot));
  const auto& domain = program.domains[d];
  const auto input = dot == std::string::npos ? "" : name.substr(dot + 1);
  std::vector<std::string> open;
  for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
    if (domain.arrays[a].name == input + ".external") return {d, a};
    if (domain.arrays[a].name.ends_with(".external")) open.push_back(domain.arrays[a].name.substr(0, domain.arrays[a].name.size() - 9));
  }
  const auto part = domain.named.find(input);
  throw UserError("population '" + domain.name + "'", "'" + input + "' is no input that is set from outside",
                  part != domain.named.end() ? "open it in the network with external(\"" + input + "\")" : detail::suggest(input, open));
}
void Simulation::set_input(const std::string& name, Quantity value) {
  const auto [d, a] = impl_->external_array(name);
  const auto& domain = impl_->core->program().domains[d];
  require(value, domain.arrays[a].dimension, "input '" + name + "'");
  impl_->set_array(d, a, name, std::vector<double>(domain.size, value.value));
}
void Simulation::set_input(const std::string& name, const std::vector<double>& values, Unit unit) {
  const auto [d, a] = impl_->external_array(name);
  require(1.0 * unit, impl_->core->program().domains[d].arrays[a].dimension, "input '" + name + "'");
  auto coherent = values;
  for (auto& x : coherent) x = scale_by_power_of_ten(x, unit.exponent);
  impl_->set_array(d, a, name, coherent);
}

Edges Simulation::connectivity(const std::string& projection) const {
  const auto& deliveries = impl_->core->program().deliveries;
  std::vector<std::string> known;
  for (std::size_t k = 0; k < deliveries.size(); ++k) {
    known.push_back(deliveries[k].projection);
    if (deliveries[k].projection != projection) continue;
    auto edges = impl_->core->connectivity(k);
    const auto& uniforms = impl_->core->program().uniforms;
    const auto& aliases = impl_->core->program().aliases;
    const auto alias = aliases.find(projection + ".weight");
    const auto weight = uniforms.find(alias == aliases.end() ? projection + ".weight" : alias->second);
    if (edges.weight.empty() && weight != uniforms.end()) edges.weight.assign(edges.size(), weight->second.value);
    const double delay = step_time_ms(deliveries[k].delay_steps, impl_->core->program().dt_ms);
    if (edges.delay.empty()) edges.delay.assign(edges.size(), delay);
    return edges;
  }
  throw UserError("simulation", "there is no projection '" + projection + "'", detail::suggest(projection, known));
}

std::vector<std::uint32_t> Simulation::spiked(const std::string& population) const {
  const auto domain = domain_index(impl_->core->program(), population);
  const auto& state = impl_->core->state();
  std::vector<std::uint32_t> ids;
  if (state.step == 0) return ids;
  for (const auto& lists : state.domains[domain].recent) {  // workers hold ascending ranges
    const auto& list = lists[(state.step - 1) % lists.size()];
    ids.insert(ids.end(), list.begin(), list.end());
  }
  return ids;
}

Points Simulation::positions(const std::string& population) const {
  const auto& program = impl_->core->program();
  const auto& domain = program.domains[domain_index(program, population)];
  if (domain.points) return *domain.points;
  throw UserError("population '" + population + "'", "it has no positions", "give it some with positions()");
}

std::uint64_t Simulation::spike_count() const { return impl_->core->state().spikes; }
std::map<std::string, std::uint64_t> Simulation::spike_counts() const {
  std::map<std::string, std::uint64_t> out;
  const auto& domains = impl_->core->program().domains;
  for (std::size_t d = 0; d < domains.size(); ++d) out[domains[d].name] = impl_->core->state().spikes_of[d];
  return out;
}
std::uint64_t Simulation::event_count() const { return impl_->core->state().events; }
std::uint64_t Simulation::checksum() const { return impl_->core->state().checksum; }
Verification Simulation::verify(Quantity duration) {
  impl_->require_good_state();
  return engine::verify(*impl_->core, impl_->options, impl_->steps_of(duration));
}
const SimulationInfo& Simulation::info() const { return impl_->info; }
const Timings& Simulation::timings() const { return impl_->timings; }
std::uint64_t Simulation::program_hash() const { return impl_->hash; }

}  // namespace ranvier
