#include "program/runtime.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <tuple>
#include <type_traits>

#include "base/hash.hpp"
#include "base/random.hpp"
#include "codegen/executable.hpp"
#include "engine/float_environment.hpp"
#include "engine/kernel_cache.hpp"
#include "engine/team.hpp"
#include "program/lower.hpp"
#include "program/operations.hpp"
#include "ranvier/error.hpp"

namespace ranvier::program {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Of one kernel and worker.
struct KernelState {
  std::vector<std::byte> scalars;
  std::vector<std::uint32_t*> events;
  std::vector<std::int64_t> counts;
};

struct Found {
  std::uint64_t step = ~std::uint64_t{0};
  std::size_t op = 0, checked = 0, element = 0;
  double value = 0;
};

template <class Real>
class Machine final : public Runtime, Operations<Real> {
 public:
  Machine(Program& program, const ArrayProgramOptions& options, ArrayProgramStatistics& statistics);
  std::uint64_t run(const ArrayRun& request) override;
  [[nodiscard]] std::optional<NotFinite> report() const override;

 private:
  using Operations<Real>::program_, Operations<Real>::lists_, Operations<Real>::mine;
  using Operations<Real>::reals, Operations<Real>::whole, Operations<Real>::value;

  struct alignas(64) Worker : Desk {
    std::vector<KernelState> kernels;
    std::vector<Synapses<Real>> synapses;  ///< by statement
    std::vector<std::uint64_t> turns;      ///< by operation (repeats)
    std::vector<double> symbols, slots, results;
    std::uint64_t turn = 0;
    Found found;
  };

  void compile(const ArrayProgramOptions& options, ArrayProgramStatistics& statistics);
  void prepare(Worker& w, int worker);
  void collect_lists();
  void steps(int worker, std::uint64_t first, std::uint64_t count, const ArrayRun& request, std::uint64_t done);
  void step(int worker, std::uint64_t number, const ArrayRun& request);
  bool again(Worker& w, std::size_t at);
  void operate(int worker, std::size_t at, std::uint64_t number, const ArrayRun& request);
  void record(int worker, std::uint64_t done, const ArrayRun& request);

  void fill(Worker& w, std::size_t kernel, std::uint64_t number, const ArrayRun& request, std::uint64_t turn);
  void run_kernel(int worker, std::size_t at, std::uint64_t number);
  void find_bad(Worker& w, std::size_t at, const KernelPlan& plan, Part part, std::uint64_t number);

  Lowered lowered_;
  std::uint64_t seed_;
  double dt_;
  std::unique_ptr<engine::Team> team_;
  std::vector<std::shared_ptr<const codegen::Executable>> code_;
  std::vector<std::vector<void*>> pointers_;
  std::vector<std::vector<Real>> matrices_;  ///< by statement
  std::vector<Worker> workers_;
};

template <class Real>
Machine<Real>::Machine(Program& program, const ArrayProgramOptions& options, ArrayProgramStatistics& statistics)
    : Operations<Real>(program, options.threads), seed_(options.seed), dt_(options.dt) {
  if (options.threads < 1)
    throw UserError("array program", std::to_string(options.threads) + " threads", "give at least one");
  if (!std::isfinite(options.dt)) throw UserError("array program", "dt is not finite");
  lowered_ = lower(program_, {options.fuse, options.check == FiniteCheck::report});
  compile(options, statistics);
  team_ = std::make_unique<engine::Team>(options.threads);
  const auto count = static_cast<std::size_t>(options.threads);
  lists_.resize(program_.arrays.size());
  for (const int a : lowered_.event_arrays) {
    lists_[a].resize(count);
    for (std::size_t w = 0; w < count; ++w)
      lists_[a][w].ids.resize(mine(program_.arrays[a].size, static_cast<int>(w)).size() + 64);
  }
  for (const auto& plan : lowered_.kernels) {
    auto& pointers = pointers_.emplace_back();
    for (const auto& b : plan.bindings)
      pointers.push_back(program_.arrays[b.array].memory.template as<std::byte>() +
                         b.offset * program_.element_bytes(b.array));
  }
  matrices_.resize(program_.statements.size());
  for (std::size_t s = 0; s < program_.statements.size(); ++s) {
    if (const auto* d = std::get_if<Dense>(&program_.statements[s]))
      matrices_[s].assign(d->matrix.begin(), d->matrix.end());
  }
  workers_.resize(count);
  for (std::size_t w = 0; w < count; ++w) prepare(workers_[w], static_cast<int>(w));
  statistics.threads = options.threads;
}

template <class Real>
void Machine<Real>::compile(const ArrayProgramOptions& options, ArrayProgramStatistics& statistics) {
  std::vector<ir::Kernel> kernels;
  for (const auto& plan : lowered_.kernels) kernels.push_back(plan.kernel);
  const auto start = Clock::now();
  statistics.lanes = 1;
  if (options.interpreter) {
    for (const auto& k : kernels) code_.push_back(codegen::interpret(k));
  } else if (!kernels.empty()) {
    const auto cache = options.kernels ? options.kernels : kernel_cache();
    auto& compiler = cache->compiler({.lanes = options.lanes, .disk_cache = options.disk_cache});
    codegen::CompileStatistics spent;
    code_ = compiler.compile(kernels, spent);
    statistics.compiled = spent.compiled;
    statistics.from_disk = spent.from_disk;
    statistics.from_memory = spent.from_memory;
    statistics.lanes = compiler.lanes(kernels[0].precision);
  }
  statistics.kernels = static_cast<int>(kernels.size());
  statistics.statements = static_cast<int>(program_.statements.size());
  statistics.compile_seconds = seconds_since(start);
}

/// Allocates everything that a step needs.
template <class Real>
void Machine<Real>::prepare(Worker& w, int worker) {
  w.heads.resize(program_.arrays.size());
  w.turns.resize(lowered_.ops.size());
  w.synapses.resize(program_.statements.size());
  std::size_t most = 0, longest = 0;
  for (std::size_t s = 0; s < program_.statements.size(); ++s) {
    if (const auto* p = std::get_if<Propagate>(&program_.statements[s])) {
      w.synapses[s] = Synapses<Real>(*p, mine(p->n_post, worker));
      most = std::max(most, p->n_pre);
    }
    if (const auto* r = std::get_if<Reduce>(&program_.statements[s])) longest = std::max(longest, r->size);
    if (const auto* r = std::get_if<SegmentReduce>(&program_.statements[s])) longest = std::max(longest, r->columns);
  }
  w.sources.resize(most);
  w.scratch.resize(longest / 1024 + 2);
  for (const auto& plan : lowered_.kernels) {
    auto& k = w.kernels.emplace_back();
    k.scalars.resize((plan.scalars + plan.keys.size()) * RANVIER_SCALAR_LANES * sizeof(Real));
    for (const int a : plan.events) k.events.push_back(lists_[a][static_cast<std::size_t>(worker)].ids.data());
    k.counts.resize(plan.events.size());
  }
}

/// Scalars of a kernel, and the words of its random keys: those of the turns of a repeat differ.
template <class Real>
void Machine<Real>::fill(Worker& w, std::size_t kernel, std::uint64_t number, const ArrayRun& request,
                         std::uint64_t turn) {
  const auto& plan = lowered_.kernels[kernel];
  auto* out = w.kernels[kernel].scalars.data();
  if (plan.host) {
    w.symbols.clear();
    for (const auto& s : plan.sources) {
      double x = 0;
      if (s.from_array)
        x = value(s.id, s.index);
      else if (s.id == slot_t)
        x = request.t0 + static_cast<double>(number) * dt_;
      else if (s.id == slot_i)
        x = static_cast<double>(number);
      else
        x = s.id == slot_dt ? dt_ : program_.slots[static_cast<std::size_t>(s.id)].value;
      w.symbols.push_back(x);
    }
    w.results.resize(plan.scalars);
    plan.host->evaluate(w.symbols, w.slots, w.results);
    for (std::size_t k = 0; k < plan.scalars; ++k)
      std::fill_n(reinterpret_cast<Real*>(out) + k * RANVIER_SCALAR_LANES, RANVIER_SCALAR_LANES,
                  static_cast<Real>(w.results[k]));
  }
  using Word = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    // Kernels of 32 bits count draws by the low half of the step: the upper half chooses another key.
    const std::uint64_t given = request.seed.value_or(seed_), high = sizeof(Real) == 4 ? number >> 32 : 0;
    const std::uint64_t seed = high == 0 ? given : base::mix64(base::mix64(given) ^ high);
    const auto key =
        base::make_key(turn == 0 ? seed : base::mix64(seed + turn * 0x9e3779b97f4a7c15ULL), plan.keys[k].purpose);
    std::fill_n(reinterpret_cast<Word*>(out) + (plan.scalars + k) * RANVIER_SCALAR_LANES, RANVIER_SCALAR_LANES,
                Word{plan.keys[k].word == 0 ? key.k0 : key.k1});
  }
}

template <class Real>
void Machine<Real>::find_bad(Worker& w, std::size_t at, const KernelPlan& plan, Part p, std::uint64_t number) {
  if (w.found.step != ~std::uint64_t{0}) return;
  for (std::size_t c = 0; c < plan.checked.size(); ++c) {
    const Real* x = reals(plan.checked[c].array);
    for (std::size_t i = p.lo; i < p.hi; ++i) {
      if (std::isfinite(x[i])) continue;
      w.found = {number, at, c, i, double{x[i]}};
      return;
    }
  }
}

template <class Real>
void Machine<Real>::run_kernel(int worker, std::size_t at, std::uint64_t number) {
  auto& w = workers_[static_cast<std::size_t>(worker)];
  const std::size_t index = lowered_.ops[at].index;
  const auto& plan = lowered_.kernels[index];
  const Part p = mine(plan.size, worker);
  auto& state = w.kernels[index];
  if (p.size() == 0) {
    for (const int a : plan.events) lists_[a][static_cast<std::size_t>(worker)].count = 0;
    return;
  }
  const RanvierKernelArgs args{pointers_[index].data(),          state.scalars.data(), static_cast<std::int64_t>(p.lo),
                               static_cast<std::int64_t>(p.hi),  state.events.data(),  state.counts.data(),
                               static_cast<std::int64_t>(number)};
  const auto status = code_[index]->run(args);
  for (std::size_t e = 0; e < plan.events.size(); ++e)
    lists_[plan.events[e]][static_cast<std::size_t>(worker)].count = state.counts[e];
  if (status != 0) find_bad(w, at, plan, p, number);
}

template <class Real>
void Machine<Real>::operate(int worker, std::size_t at, std::uint64_t number, const ArrayRun& request) {
  auto& w = workers_[static_cast<std::size_t>(worker)];
  const auto& op = lowered_.ops[at];
  const auto& statement = [&]() -> const Statement& { return program_.statements[op.index]; };
  using K = Op::Kind;
  switch (op.kind) {
    case K::fetch:
      return fill(w, op.index, number, request, op.inside ? w.turn : 0);
    case K::kernel: {
      const auto& plan = lowered_.kernels[op.index];
      const bool other_key = sizeof(Real) == 4 && static_cast<std::uint32_t>(number) == 0;  // see fill()
      if (!plan.fetches && (plan.moving || (!plan.keys.empty() && (op.inside || other_key))))
        fill(w, op.index, number, request, op.inside ? w.turn : 0);
      return run_kernel(worker, at, number);
    }
    case K::copy:
      return this->copy(worker, lowered_.copies[op.index]);
    case K::collect:
      return this->collect(worker, static_cast<int>(op.index));
    case K::propagate:
      return this->propagate(w, std::get<Propagate>(statement()), w.synapses[op.index]);
    case K::dense:
      return this->dense(worker, std::get<Dense>(statement()), matrices_[op.index]);
    case K::product:
      return this->product(worker, std::get<Product>(statement()));
    case K::gather:
      return this->gather(worker, std::get<Gather>(statement()));
    case K::scatter:
      return worker == 0 ? this->scatter(std::get<Scatter>(statement())) : void();
    case K::reduce:
      return worker == 0 ? this->reduce(w, std::get<Reduce>(statement())) : void();
    case K::segment:
      return this->segment(worker, w, std::get<SegmentReduce>(statement()));
    case K::ring_write:
      return this->ring_write(worker, w, std::get<RingWrite>(statement()));
    case K::ring_read:
      return this->ring_read(worker, w, std::get<RingRead>(statement()));
    case K::row_read:
      return this->row_read(worker, std::get<RowRead>(statement()));
    case K::row_write:
      return this->row_write(worker, std::get<RowWrite>(statement()));
    case K::repeat:
    case K::end:
      return;
  }
}

/// Whether a repeat takes another turn.
template <class Real>
bool Machine<Real>::again(Worker& w, std::size_t at) {
  const auto& r = std::get<Repeat>(program_.statements[lowered_.ops[at].index]);
  auto& turns = w.turns[at];
  if (turns < r.max_turns && whole(r.condition)[0] != 0) {
    ++turns;
    ++w.turn;
    return true;
  }
  turns = 0;
  return false;
}

template <class Real>
void Machine<Real>::step(int worker, std::uint64_t number, const ArrayRun& request) {
  auto& w = workers_[static_cast<std::size_t>(worker)];
  const bool many = team_->size() > 1;
  w.turn = 0;
  for (std::size_t at = 0; at < lowered_.ops.size();) {
    const auto& op = lowered_.ops[at];
    if (op.barrier && many) team_->barrier();
    if (op.kind == Op::Kind::repeat) {
      at = again(w, at) ? at + 1 : op.jump;
    } else if (op.kind == Op::Kind::end) {
      at = op.jump;
    } else {
      operate(worker, at, number, request);
      ++at;
    }
  }
  if (many) team_->barrier();
}

template <class Real>
void Machine<Real>::record(int worker, std::uint64_t done, const ArrayRun& request) {
  for (const auto& m : request.monitors) {
    if (done % m.every != 0) continue;
    const auto& a = program_.arrays[static_cast<std::size_t>(m.array)];
    const Part p = mine(a.size, worker);
    const std::size_t first = (done / m.every - 1) * a.size + p.lo;
    if (a.kind == ArrayKind::boolean) {
      auto* out = static_cast<std::uint8_t*>(m.frames) + first;
      const auto& listed = lowered_.collected_first;
      if (std::binary_search(listed.begin(), listed.end(), m.array)) {
        const auto& list = lists_[m.array][static_cast<std::size_t>(worker)];
        std::memset(out, 0, p.size());
        for (std::int64_t k = 0; k < list.count; ++k) out[list.ids[static_cast<std::size_t>(k)] - p.lo] = 1;
        continue;
      }
      for (std::size_t i = 0; i < p.size(); ++i) out[i] = static_cast<std::uint8_t>(whole(m.array)[p.lo + i]);
    } else {
      const std::size_t bytes = program_.element_bytes(m.array);
      std::memcpy(static_cast<std::byte*>(m.frames) + first * bytes, a.memory.template as<std::byte>() + p.lo * bytes,
                  p.size() * bytes);
    }
  }
}

template <class Real>
void Machine<Real>::steps(int worker, std::uint64_t first, std::uint64_t count, const ArrayRun& request,
                          std::uint64_t done) {
  const engine::FloatEnvironment strict;
  for (std::uint64_t k = 0; k < count; ++k) {
    step(worker, first + k, request);
    record(worker, done + k + 1, request);
  }
}

template <class Real>
std::uint64_t Machine<Real>::run(const ArrayRun& request) {
  const engine::FloatEnvironment strict;
  for (std::size_t n = 0; n < workers_.size(); ++n) {
    auto& w = workers_[n];
    w.found = {};
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) w.heads[a] = program_.arrays[a].head;
    for (std::size_t k = 0; k < lowered_.kernels.size(); ++k) fill(w, k, request.first_step, request, 0);
    for (const int a : lowered_.collected_first) this->collect(static_cast<int>(n), a);
  }
  constexpr double interval = 0.02;  // seconds between looks at progress()
  std::uint64_t done = 0, chunk = 1;
  auto told = Clock::now();
  bool go = true;
  while (done < request.steps && go) {
    const std::uint64_t count = std::min(chunk, request.steps - done);
    const auto start = Clock::now();
    if (team_->size() == 1)
      steps(0, request.first_step + done, count, request, done);
    else
      team_->run([&](int worker) { steps(worker, request.first_step + done, count, request, done); });
    done += count;
    const double spent = seconds_since(start);
    if (spent < interval / 2)
      chunk *= 2;
    else if (spent > 2 * interval)
      chunk = std::max<std::uint64_t>(1, chunk / 2);
    if (request.progress && (done == request.steps || seconds_since(told) > interval)) {
      go = request.progress(done, request.steps);
      told = Clock::now();
    }
  }
  for (std::size_t a = 0; a < program_.arrays.size(); ++a) program_.arrays[a].head = workers_[0].heads[a];
  return done;
}

template <class Real>
std::optional<NotFinite> Machine<Real>::report() const {
  Found first;
  for (const auto& w : workers_) {
    const auto& f = w.found;
    if (std::tie(f.step, f.op, f.checked, f.element) < std::tie(first.step, first.op, first.checked, first.element))
      first = f;
  }
  if (first.step == ~std::uint64_t{0}) return {};
  const auto& c = lowered_.kernels[lowered_.ops[first.op].index].checked[first.checked];
  return NotFinite{program_.arrays[static_cast<std::size_t>(c.shown)].name, c.offset + first.element, first.step,
                   first.value};
}

}  // namespace

std::unique_ptr<Runtime> make_runtime(Program& program, const ArrayProgramOptions& options,
                                      ArrayProgramStatistics& statistics) {
  if (program.precision == Precision::f32) return std::make_unique<Machine<float>>(program, options, statistics);
  return std::make_unique<Machine<double>>(program, options, statistics);
}

}  // namespace ranvier::program
