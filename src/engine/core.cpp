#include "engine/core.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <numeric>

#include "base/random.hpp"
#include "engine/float_environment.hpp"
#include "engine/kernel_cache.hpp"
#include "engine/stages.hpp"
#include "engine/step_tools.hpp"
#include "engine/synapse_values.hpp"

namespace ranvier::engine {

using model::Domain;

namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

int worker_count(const SimulationOptions& options) {
  if (options.threads < 0 || options.threads > 1024) {
    throw UserError("simulation", std::to_string(options.threads) + " threads",
                    "give 1 to 1024, or 0 for as many as there are cores");
  }
  return options.threads > 0 ? options.threads : usable_cores();
}

}  // namespace

Core::Core(model::StepProgram program, const SimulationOptions& options)
    : program_(std::move(program)), options_(options), team_(std::make_unique<Team>(worker_count(options))) {
  const FloatEnvironment strict;
  domains_.resize(program_.domains.size());
  cut();
  realise_positions(program_, options_.seed);
  realise_parameters(program_, options_.seed);
  for (std::size_t k = 0; k < program_.plasticity.size(); ++k) {
    plastic_.push_back(std::make_unique<PlasticSynapses>(program_, k, team_->size(), options_.fuse));
    two_phases_ |= plastic_.back()->needs_barrier();
  }
  for (const auto& d : program_.deliveries) {
    connect::validate(d.rule, ends_of(program_, d), "projection '" + d.projection + "'",
                      row_options(program_, d, options_.seed));
  }
  connect::Estimate need;
  for (const auto& d : program_.deliveries) {
    if (d.shares_rows_of) continue;
    const auto e = connect::estimate(d.rule, ends_of(program_, d), static_cast<unsigned>(team_->size()),
                                     row_options(program_, d, options_.seed));
    need.synapses += e.synapses;
    need.peak_bytes = std::max(need.peak_bytes, need.bytes + e.peak_bytes);
    need.bytes += e.bytes;
  }
  if (!program_.deliveries.empty())
    connect::check_memory(need, connect::available_memory(), "the network's connections");
  // Compilation needs one core and connecting needs memory bandwidth: they overlap, unless the kernels depend on what is connected.
  const bool apart = std::any_of(program_.deliveries.begin(), program_.deliveries.end(),
                                 [](const auto& d) { return d.counted && (d.delay_law || d.rule.has_delays()); });
  auto compiled = std::async(apart ? std::launch::deferred : std::launch::async, [this] { compile(); });
  const auto start = Clock::now();
  connect_all();
  build_seconds_ = seconds_since(start);
  compiled.get();
  const auto again = Clock::now();
  reset();
  build_seconds_ += seconds_since(again);
}

/// Contiguous ranges on multiples of 64 elements; what is too small to share stays with one worker, by turns.
void Core::cut() {
  const int n = team_->size();
  workers_.resize(static_cast<std::size_t>(n));
  int next_small = n - 1;
  for (const auto& domain : program_.domains) {
    const std::uint64_t blocks = (domain.size + 63) / 64;
    const bool small = blocks < static_cast<std::uint64_t>(n) * 2;
    for (int w = 0; w < n; ++w) {
      Part part;
      const auto bound = [&](int k) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(domain.size, blocks * k / n * 64));
      };
      if (small) {
        part.lo = w == next_small ? 0 : domain.size;
        part.hi = domain.size;
      } else {
        part.lo = bound(w);
        part.hi = bound(w + 1);
      }
      part.spiked.resize(part.hi - part.lo + 64);
      workers_[w].parts.push_back(std::move(part));
    }
    if (small) next_small = (next_small + n - 1) % n;
    std::vector<std::uint32_t> firsts;
    for (const auto& w : workers_) firsts.push_back(w.parts.back().lo);
    cuts_.push_back(small || n == 1 ? nullptr : std::make_shared<const std::vector<std::uint32_t>>(std::move(firsts)));
  }
}

void Core::compile_domain(std::size_t domain, std::vector<ir::Kernel>& kernels, std::vector<Kernels*>& owners) {
  auto& parts = domains_[domain];
  const auto& d = program_.domains[domain];
  parts.step.plan = codegen::fuse(d, options_.fuse);
  std::vector<std::size_t> all(d.arrays.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  auto recorded = codegen::synchronise(d, all);
  if (!recorded.kernels.empty()) {
    parts.recorded.emplace();
    parts.recorded->plan = std::move(recorded);
  }
  for (auto* k : {&parts.step, parts.recorded ? &*parts.recorded : nullptr}) {
    if (!k) continue;
    for (const auto& kernel : k->plan.kernels) {
      kernels.push_back(kernel);
      owners.push_back(k);
    }
  }
}

void Core::compile() {
  const FloatEnvironment strict;
  const auto start = Clock::now();
  std::vector<ir::Kernel> kernels;
  std::vector<Kernels*> owners;
  for (std::size_t d = 0; d < domains_.size(); ++d) compile_domain(d, kernels, owners);
  for (const auto& p : plastic_) p->add_kernels(kernels);
  const auto code = make_code(kernels);
  for (std::size_t k = 0; k < owners.size(); ++k) owners[k]->code.push_back(code[k]);
  auto rest = std::span(code).subspan(owners.size());
  for (auto& p : plastic_) {
    p->take(rest.first(p->kernel_count()));
    rest = rest.subspan(p->kernel_count());
  }
  compile_seconds_ = seconds_since(start);
}

/// Compiled, or prepared for interpretation, as the options say.
std::vector<std::shared_ptr<const codegen::Executable>> Core::make_code(const std::vector<ir::Kernel>& kernels) {
  if (options_.backend == Backend::interpreter) {
    std::vector<std::shared_ptr<const codegen::Executable>> code;
    for (const auto& k : kernels) code.push_back(codegen::interpret(k));
    return code;
  }
  const auto options = compiler_options(options_);
  // A dump belongs to one simulation; everything else may be shared.
  auto cache = options_.kernels && options.dump_stages.empty() ? options_.kernels : kernel_cache();
  auto& compiler = cache->compiler(options);
  codegen::CompileStatistics spent;
  auto code = compiler.compile(kernels, spent);
  statistics_ += spent;
  const bool f32 = !program_.domains.empty() && program_.domains[0].precision == Precision::f32;
  lanes_ = compiler.lanes(f32 ? ir::Precision::f32 : ir::Precision::f64);
  return code;
}

std::shared_ptr<Observer> Core::observe(std::size_t domain, const std::string& name, ir::Graph graph, ir::NodeId node) {
  const FloatEnvironment strict;
  auto made = std::make_shared<Observer>(program_, domain, name, std::move(graph), node, team_->size(), cuts_[domain],
                                         [this](const auto& kernels) { return make_code(kernels); });
  made->bind(state_);
  std::erase_if(observers_, [](const auto& o) { return o.expired(); });
  observers_.push_back(made);
  return made;
}

void Core::connect_all() {
  team_->run([this](int w) {
    const FloatEnvironment strict;
    for (const auto& d : program_.deliveries) {
      if (d.shares_rows_of) {
        workers_[w].rows.emplace_back();
        continue;
      }
      const auto& part = workers_[w].parts[d.post_domain];
      const auto lo = std::clamp(part.lo, d.post_first, d.post_last) - d.post_first;
      const auto hi = std::clamp(part.hi, d.post_first, d.post_last) - d.post_first;
      const auto key = base::make_key(options_.seed, "wiring/" + d.projection);
      workers_[w].rows.push_back(connect::build_rows(d.rule, ends_of(program_, d), {lo, std::max(lo, hi)}, key,
                                                     row_options(program_, d, options_.seed)));
    }
    for (std::size_t k = 0; k < program_.deliveries.size(); ++k) {  // the rows stay where they are now
      const auto& d = program_.deliveries[k];
      const auto& part = workers_[w].parts[d.pre_domain];
      const auto lo = std::clamp(part.lo, d.pre_first, d.pre_last) - d.pre_first;
      const auto hi = std::clamp(part.hi, d.pre_first, d.pre_last) - d.pre_first;
      if (d.plastic) plastic_[*d.plastic]->connect(w, workers_[w].rows[k], {lo, hi});
    }
  });
  for (auto& p : plastic_) p->share_out();
  team_->run([this](int w) {
    for (auto& p : plastic_) p->connect_targets(w);
  });
  plan_rings();
  std::uint32_t longest = 0;
  for (std::size_t k = 0; k < program_.deliveries.size(); ++k) {
    const auto& d = program_.deliveries[k];
    if (d.plastic) {  // its spikes are looked up at each of its delays
      const auto& synapses = *plastic_[*d.plastic];
      longest = std::max(longest, synapses.delay(synapses.slots() - 1));
    } else if (ring_of_[k] == no_ring) {
      longest = std::max(longest, d.delay_steps);
    }
  }
  depth_ = longest + 2 + kept_for_log;
  plan_values();
}

/// The pointers that kernels get, and which of their scalars move with time.
void Core::bind(std::size_t domain, Kernels& kernels) {
  const auto& d = program_.domains[domain];
  auto& parts = domains_[domain];
  kernels.through.clear();
  kernels.pointers.assign(workers_.size(), std::vector<std::vector<void*>>(kernels.plan.slots.size()));
  for (std::size_t k = 0; k < kernels.plan.slots.size(); ++k) {
    for (std::size_t s = 0; s < kernels.plan.slots[k].size(); ++s) {
      const auto& slot = kernels.plan.slots[k][s];
      for (std::size_t r = 0; r < rings_.size() && !slot.scratch; ++r) {
        if (rings_[r].domain == domain && rings_[r].array == slot.array) kernels.through.push_back({k, s, r});
      }
      auto& memory = slot.scratch ? parts.scratch[slot.array] : state_.domains[domain].arrays[slot.array];
      if (slot.scratch && memory.bytes() == 0) memory = ArrayMemory(d.size, element_bytes(d, slot.array), cuts_[domain]);
      for (int w = 0; w < team_->size(); ++w) kernels.pointers[w][k].push_back(memory.part<void>(w));
    }
  }
  if (kernels.fixed.program) return;  // arrays move when a state is replaced, scalars do not
  kernels.fixed = host_scalars(domain, kernels, false);
  kernels.moving = host_scalars(domain, kernels, true);
}

Core::HostScalars Core::host_scalars(std::size_t domain, const Kernels& kernels, bool moving) const {
  const auto& graph = *program_.domains[domain].graph;
  const auto t = graph.find_symbol("t"), step = graph.find_symbol("step");
  HostScalars out;
  std::vector<ir::NodeId> nodes;
  for (std::size_t k = 0; k < kernels.plan.scalars.size(); ++k) {
    const auto node = kernels.plan.scalars[k];
    bool still = ir::independent(graph, node, t) && ir::independent(graph, node, step);
    for (const auto& values : program_.domains[domain].time_values) {
      still = still && (values.symbol == ir::no_node || ir::independent(graph, node, values.symbol));
    }
    if (still == moving) continue;
    nodes.push_back(node);
    out.index.push_back(k);
  }
  out.program = std::make_unique<ir::HostProgram>(graph, nodes);
  using From = HostScalars::From;
  for (const auto& s : out.program->symbols()) {
    if (const auto* table = uniform_table(program_.domains[domain], s.name)) {
      out.sources.push_back({From::table, nullptr, table});
      continue;
    }
    const From from = s.name == "t" ? From::time : s.name == "step" ? From::step : From::uniform;
    out.sources.push_back({from, from == From::uniform ? &program_.uniforms.at(s.name).value : nullptr});
  }
  return out;
}

void Core::reset() {
  const FloatEnvironment strict;
  auto state = initial_state(program_, options_.seed, depth_, team_->size(), cuts_);
  add_ring_memory(state);
  for (const auto& p : plastic_) p->initialise(state, options_.seed);
  restore(std::move(state));
  start_values();
}

void Core::restore(State state) {
  state_ = std::move(state);
  failed_step_ = never;
  broken_ = false;
  for (auto& w : workers_) {
    w.events = w.checksum = 0;
    for (auto& part : w.parts) part.spikes = 0;
  }
  bind_all();
}

Core::Snapshot Core::snapshot() const {
  Snapshot out{copy(state_), program_.uniforms, {}};
  for (const auto& d : program_.domains) {
    auto& arrays = out.parameters.emplace_back();
    for (const auto& a : d.arrays)
      arrays.push_back(a.role == model::Role::parameter ? a.values : std::vector<double>());
  }
  return out;
}

void Core::restore(Snapshot snapshot) {
  restore(std::move(snapshot.state));
  for (const auto& [name, value] : snapshot.uniforms)
    program_.uniforms.at(name) = value;  // where kernels' scalars read them
  for (std::size_t d = 0; d < program_.domains.size(); ++d) {
    auto& arrays = program_.domains[d].arrays;
    for (std::size_t a = 0; a < arrays.size(); ++a) {
      if (arrays[a].role == model::Role::parameter) arrays[a].values = std::move(snapshot.parameters[d][a]);
    }
  }
}

void Core::bind_all() {
  for (const auto& o : observers_) {
    if (const auto observer = o.lock()) observer->bind(state_);
  }
  for (std::size_t d = 0; d < domains_.size(); ++d) {
    domains_[d].scratch.resize(program_.domains[d].arrays.size());
    bind(d, domains_[d].step);
    if (domains_[d].recorded) bind(d, *domains_[d].recorded);
  }
}

void Core::set_uniform(const std::vector<std::string>& names, Quantity value) {
  if (names.empty()) throw UserError("simulation", "no parameter is named", "give the names of all that share it");
  const auto& name = names.front();
  const auto key_of = [this](const std::string& n) {
    const auto alias = program_.aliases.find(n);
    return alias == program_.aliases.end() ? n : alias->second;
  };
  const auto key = key_of(name);
  for (const auto& n : names) {
    if (key_of(n) != key) {
      throw UserError("simulation", "'" + n + "' does not share its value with '" + name + "'", "set them one by one");
    }
  }
  std::string sharers;
  const auto missing = [&](const std::string& n) {
    if (std::find(names.begin(), names.end(), n) == names.end()) sharers += (sharers.empty() ? "'" : ", '") + n + "'";
  };
  missing(key);
  for (const auto& [alias, of] : program_.aliases) {
    if (of == key) missing(alias);
  }
  if (!sharers.empty()) {
    throw UserError("simulation",
                    "'" + name + "' is one with " + sharers + ": their synapses are alike and were merged",
                    "set all of them by one set_merged(), set it in the network and simulate anew, or keep one of them "
                    "apart with separate()");
  }
  const auto it = program_.uniforms.find(key);
  if (it == program_.uniforms.end() || key == "dt") {
    std::vector<std::string> known;
    for (const auto& [n, q] : program_.uniforms) {
      if (n != "dt") known.push_back(n);
    }
    throw UserError("simulation", "there is no shared parameter '" + name + "'", detail::suggest(name, known));
  }
  require(value, it->second.dimension, "'" + name + "'");
  if (!std::isfinite(value.value))
    throw UserError("simulation", "'" + name + "' is not finite", "give it a finite value");
  if (program_.refractory.contains(key)) model::check_refractory("'" + name + "'", value, program_.dt_ms);
  (void)built();
  it->second = value;
}

void Core::set_values(std::size_t domain, std::size_t array, const std::vector<double>& values) {
  auto& d = program_.domains[domain];
  if (d.arrays[array].role == model::Role::parameter) (void)built();
  for (std::size_t i = 0; i < values.size(); ++i) store(d, array, state_.domains[domain].arrays[array], i, values[i]);
  if (d.arrays[array].role == model::Role::parameter) d.arrays[array].values = values;
  follow(program_, domain, state_);
}

Edges Core::connectivity(std::size_t delivery) const {
  std::vector<const connect::Rows*> slices;
  for (const auto& w : workers_) slices.push_back(&rows_of(w, delivery));
  auto edges = connect::read_back(slices);
  const auto& d = program_.deliveries[delivery];
  for (auto& pre : edges.pre) pre += d.pre_first;
  for (auto& post : edges.post) post += d.post_first;
  return edges;
}

std::uint64_t Core::synapses() const {
  std::uint64_t sum = 0;
  for (const auto& w : workers_) {
    for (const auto& r : w.rows) sum += r.synapses();
  }
  return sum;
}

double Core::delivery_seconds() const {
  double sum = 0;
  for (const auto& w : workers_) sum += std::chrono::duration<double>(w.delivering).count();
  return sum;
}

std::uint64_t Core::synapse_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& w : workers_) {
    for (const auto& r : w.rows) sum += r.bytes();
  }
  for (const auto& p : plastic_) sum += p->bytes(state_);
  return sum;
}

std::optional<BadValue> Core::bad_value() const {
  if (failed_step_.load() == never) return {};
  for (std::size_t d = 0; d < program_.domains.size(); ++d) {
    const auto& domain = program_.domains[d];
    for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
      if (domain.arrays[a].role != model::Role::state) continue;
      for (std::uint32_t i = 0; i < domain.size; ++i) {
        const double value = load(domain, a, state_.domains[d].arrays[a], i);
        if (!std::isfinite(value)) return BadValue{d, a, i, value};
      }
    }
  }
  return {};
}

}  // namespace ranvier::engine
