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
#include "program/parts.hpp"
#include "program/reductions.hpp"
#include "ranvier/error.hpp"

namespace ranvier::program {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct List {
  std::vector<std::uint32_t> ids;
  std::int64_t count = 0;
};

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
class Machine final : public Runtime {
 public:
  Machine(Program& program, const ArrayProgramOptions& options, ArrayProgramStatistics& statistics);
  std::uint64_t run(const ArrayRun& request) override;
  [[nodiscard]] std::optional<NotFinite> report() const override;

 private:
  struct alignas(64) Worker {
    std::vector<KernelState> kernels;
    std::vector<Synapses<Real>> synapses;     ///< by statement
    std::vector<std::uint64_t> heads, turns;  ///< by array (rings); by operation (repeats)
    std::vector<std::uint32_t> sources;
    std::vector<double> symbols, slots, results, scratch;
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
  void copy(int worker, const Copy& c);
  void collect(int worker, int array);
  void propagate(int worker, const Propagate& p, const Synapses<Real>& synapses);
  void propagate_events(Worker& w, const Propagate& p, const Synapses<Real>& synapses);
  void dense(int worker, const Dense& d, const std::vector<Real>& matrix);
  void gather(int worker, const Gather& g);
  void scatter(const Scatter& s);
  void reduce(Worker& w, const Reduce& r);
  void segment(int worker, const SegmentReduce& r);
  template <class T>
  void segment_of(int worker, const SegmentReduce& r, const T* x);
  void ring_write(int worker, const RingWrite& r);
  void ring_read(int worker, const RingRead& r);

  [[nodiscard]] bool real(int array) const { return program_.arrays[array].kind == ArrayKind::real; }
  [[nodiscard]] Real* reals(int array) const { return program_.arrays[array].memory.template as<Real>(); }
  [[nodiscard]] std::int32_t* whole(int array) const { return program_.arrays[array].memory.template as<std::int32_t>(); }
  [[nodiscard]] double value(int array, std::size_t i) const { return real(array) ? double{reals(array)[i]} : whole(array)[i]; }
  void put(int array, std::size_t i, double x) const {
    if (real(array))
      reals(array)[i] = static_cast<Real>(x);
    else if (program_.arrays[array].kind == ArrayKind::boolean)
      whole(array)[i] = x != 0;
    else
      whole(array)[i] = static_cast<std::int32_t>(std::clamp(x, -2147483648.0, 2147483647.0));
  }
  [[nodiscard]] Part mine(std::size_t size, int worker) const { return part(size, worker, team_->size()); }

  Program& program_;
  Lowered lowered_;
  std::uint64_t seed_;
  double dt_;
  std::unique_ptr<engine::Team> team_;
  std::vector<std::shared_ptr<const codegen::Executable>> code_;
  std::vector<std::vector<void*>> pointers_;
  std::vector<std::vector<Real>> matrices_;  ///< by statement
  std::vector<std::vector<List>> lists_;     ///< [array][worker]
  std::vector<Worker> workers_;
};

template <class Real>
Machine<Real>::Machine(Program& program, const ArrayProgramOptions& options, ArrayProgramStatistics& statistics)
    : program_(program), seed_(options.seed), dt_(options.dt) {
  if (options.threads < 1) throw UserError("array program", std::to_string(options.threads) + " threads", "give at least one");
  if (!std::isfinite(options.dt)) throw UserError("array program", "dt is not finite");
  lowered_ = lower(program_, {options.fuse, options.check == FiniteCheck::report});
  compile(options, statistics);
  team_ = std::make_unique<engine::Team>(options.threads);
  const auto count = static_cast<std::size_t>(options.threads);
  lists_.resize(program_.arrays.size());
  for (const int a : lowered_.event_arrays) {
    lists_[a].resize(count);
    for (std::size_t w = 0; w < count; ++w) lists_[a][w].ids.resize(mine(program_.arrays[a].size, static_cast<int>(w)).size() + 64);
  }
  for (const auto& plan : lowered_.kernels) {
    auto& pointers = pointers_.emplace_back();
    for (const auto& b : plan.bindings)
      pointers.push_back(program_.arrays[b.array].memory.template as<std::byte>() + b.offset * program_.element_bytes(b.array));
  }
  matrices_.resize(program_.statements.size());
  for (std::size_t s = 0; s < program_.statements.size(); ++s) {
    if (const auto* d = std::get_if<Dense>(&program_.statements[s])) matrices_[s].assign(d->matrix.begin(), d->matrix.end());
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
void Machine<Real>::fill(Worker& w, std::size_t kernel, std::uint64_t number, const ArrayRun& request, std::uint64_t turn) {
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
      std::fill_n(reinterpret_cast<Real*>(out) + k * RANVIER_SCALAR_LANES, RANVIER_SCALAR_LANES, static_cast<Real>(w.results[k]));
  }
  using Word = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    const auto key =
        base::make_key(base::mix64(seed_ + turn * 0x9e3779b97f4a7c15ULL) * (turn != 0) + seed_ * (turn == 0), plan.keys[k].purpose);
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
  for (std::size_t e = 0; e < plan.events.size(); ++e) lists_[plan.events[e]][static_cast<std::size_t>(worker)].count = state.counts[e];
  if (status != 0) find_bad(w, at, plan, p, number);
}

template <class Real>
void Machine<Real>::copy(int worker, const Copy& c) {
  const Part p = mine(c.size, worker);
  const std::size_t bytes = program_.element_bytes(c.from);
  std::memcpy(program_.arrays[c.to].memory.template as<std::byte>() + (c.to_offset + p.lo) * bytes,
              program_.arrays[c.from].memory.template as<std::byte>() + (c.from_offset + p.lo) * bytes, p.size() * bytes);
}

template <class Real>
void Machine<Real>::collect(int worker, int array) {
  const Part p = mine(program_.arrays[array].size, worker);
  auto& list = lists_[array][static_cast<std::size_t>(worker)];
  const std::int32_t* x = whole(array);
  list.count = 0;
  for (std::size_t i = p.lo; i < p.hi; ++i) {
    list.ids[static_cast<std::size_t>(list.count)] = static_cast<std::uint32_t>(i);
    list.count += x[i] != 0;
  }
}

/// Each worker's list in turn: sources ascend.
template <class Real>
void Machine<Real>::propagate_events(Worker& w, const Propagate& p, const Synapses<Real>& synapses) {
  for (const auto& list : lists_[p.source]) {
    std::span<const std::uint32_t> ids(list.ids.data(), static_cast<std::size_t>(list.count));
    const auto first = std::lower_bound(ids.begin(), ids.end(), p.source_offset),
               last = std::lower_bound(first, ids.end(), p.source_offset + p.n_pre);
    ids = ids.subspan(static_cast<std::size_t>(first - ids.begin()), static_cast<std::size_t>(last - first));
    if (ids.empty()) continue;
    if (p.source_offset != 0) {
      std::transform(ids.begin(), ids.end(), w.sources.begin(),
                     [&](std::uint32_t id) { return id - static_cast<std::uint32_t>(p.source_offset); });
      ids = {w.sources.data(), ids.size()};
    }
    if (p.constant)
      add_counts(synapses, ids, reinterpret_cast<std::uint32_t*>(whole(p.arrivals)) + synapses.lo);
    else if (p.weight_array < 0)
      add_weights(synapses, ids, [&](std::uint64_t i) { return synapses.weights[i]; }, reals(p.arrivals) + synapses.lo);
    else
      add_weights(
          synapses, ids, [&](std::uint64_t i) { return reals(p.weight_array)[synapses.origin[i]]; }, reals(p.arrivals) + synapses.lo);
  }
}

template <class Real>
void Machine<Real>::propagate(int worker, const Propagate& p, const Synapses<Real>& synapses) {
  if (synapses.targets == 0) return;
  if (real(p.arrivals))
    std::fill_n(reals(p.arrivals) + synapses.lo, synapses.targets, Real{0});
  else
    std::fill_n(whole(p.arrivals) + synapses.lo, synapses.targets, 0);
  if (program_.arrays[p.source].kind == ArrayKind::boolean)
    return propagate_events(workers_[static_cast<std::size_t>(worker)], p, synapses);
  Real* const sums = reals(p.arrivals) + synapses.lo;
  const auto with = [&](auto&& source) {
    if (p.constant)
      add_values(synapses, p.n_pre, [](std::uint64_t) { return Real{1}; }, source, sums);
    else if (p.weight_array < 0)
      add_values(synapses, p.n_pre, [&](std::uint64_t i) { return synapses.weights[i]; }, source, sums);
    else
      add_values(synapses, p.n_pre, [&](std::uint64_t i) { return reals(p.weight_array)[synapses.origin[i]]; }, source, sums);
  };
  if (real(p.source))
    with([&](std::size_t k) { return reals(p.source)[p.source_offset + k]; });
  else
    with([&](std::size_t k) { return static_cast<Real>(whole(p.source)[p.source_offset + k]); });
}

template <class Real>
void Machine<Real>::dense(int worker, const Dense& d, const std::vector<Real>& matrix) {
  const Part p = mine(d.columns, worker);
  Real* const sums = reals(d.arrivals);
  std::fill(sums + p.lo, sums + p.hi, Real{0});
  for (std::size_t row = 0; row < d.rows; ++row) {
    const Real x = static_cast<Real>(value(d.source, d.source_offset + row));
    if (x == Real{0}) continue;
    const Real* const m = matrix.data() + row * d.columns;
    for (std::size_t j = p.lo; j < p.hi; ++j) sums[j] += x * m[j];
  }
}

template <class Real>
void Machine<Real>::gather(int worker, const Gather& g) {
  const Part p = mine(g.count, worker);
  const auto size = static_cast<std::int64_t>(program_.arrays[g.source].size);
  const auto from = [&](std::size_t i) {
    if (g.index_array < 0) return static_cast<std::size_t>(g.index[i]);
    std::int64_t k = whole(g.index_array)[i];
    if (k < 0) k += size;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, size - 1));
  };
  const bool same = real(g.source) == real(g.target);
  for (std::size_t i = p.lo; i < p.hi; ++i) {
    const std::size_t k = from(i), to = g.target_offset + i;
    if (!same)
      reals(g.target)[to] = static_cast<Real>(whole(g.source)[k]);
    else if (real(g.target))
      reals(g.target)[to] = reals(g.source)[k];
    else
      whole(g.target)[to] = whole(g.source)[k];
  }
}

template <class Real>
void Machine<Real>::scatter(const Scatter& s) {
  const auto size = static_cast<std::int64_t>(program_.arrays[s.target].size);
  for (std::size_t i = 0; i < s.count; ++i) {
    std::int64_t k = s.index_array < 0 ? s.index[i] : whole(s.index_array)[i];
    if (k < 0) k += size;
    if (k < 0 || k >= size) continue;
    if (real(s.target)) {
      const Real x = static_cast<Real>(value(s.source, i));
      reals(s.target)[k] = s.add ? reals(s.target)[k] + x : x;
    } else {
      const auto x = static_cast<std::uint32_t>(whole(s.source)[i]);  // sums wrap around
      whole(s.target)[k] = static_cast<std::int32_t>(s.add ? static_cast<std::uint32_t>(whole(s.target)[k]) + x : x);
    }
  }
}

template <class Real>
void Machine<Real>::reduce(Worker& w, const Reduce& r) {
  const double x = real(r.source) ? reduce_all(r.kind, reals(r.source) + r.offset, r.size, w.scratch)
                                  : reduce_all(r.kind, whole(r.source) + r.offset, r.size, w.scratch);
  put(r.target, r.target_index, x);
}

template <class Real>
template <class T>
void Machine<Real>::segment_of(int worker, const SegmentReduce& r, const T* x) {
  if (r.axis == 1) {
    const Part p = mine(r.rows, worker);
    for (std::size_t row = p.lo; row < p.hi; ++row)
      put(r.target, row, reduce_all(r.kind, x + row * r.columns, r.columns, workers_[static_cast<std::size_t>(worker)].scratch));
    return;
  }
  const Part p = mine(r.columns, worker);
  Total<T> sums[64];
  for (std::size_t first = p.lo; first < p.hi; first += 64) {
    const std::size_t count = std::min<std::size_t>(64, p.hi - first);
    std::fill_n(sums, count, Total<T>(r.kind == Reduction::all));
    for (std::size_t row = 0; row < r.rows; ++row) {
      const T* const m = x + row * r.columns + first;
      for (std::size_t j = 0; j < count; ++j) sums[j] = row == 0 ? start(r.kind, m[j]) : combine(r.kind, sums[j], start(r.kind, m[j]));
    }
    for (std::size_t j = 0; j < count; ++j) {
      const double total = static_cast<double>(sums[j]);
      put(r.target, first + j, r.kind == Reduction::mean ? total / static_cast<double>(r.rows) : total);
    }
  }
}

template <class Real>
void Machine<Real>::segment(int worker, const SegmentReduce& r) {
  real(r.source) ? segment_of(worker, r, reals(r.source)) : segment_of(worker, r, whole(r.source));
}

template <class Real>
void Machine<Real>::ring_write(int worker, const RingWrite& r) {
  const auto& ring = program_.arrays[r.ring];
  auto& head = workers_[static_cast<std::size_t>(worker)].heads[static_cast<std::size_t>(r.ring)];
  head = (head + 1) % ring.ring_frames;
  const Part p = mine(ring.size, worker);
  const std::size_t bytes = program_.element_bytes(r.ring);
  std::memcpy(ring.memory.template as<std::byte>() + (head * ring.size + p.lo) * bytes,
              program_.arrays[r.source].memory.template as<std::byte>() + p.lo * bytes, p.size() * bytes);
}

template <class Real>
void Machine<Real>::ring_read(int worker, const RingRead& r) {
  const auto& ring = program_.arrays[r.ring];
  const auto head = workers_[static_cast<std::size_t>(worker)].heads[static_cast<std::size_t>(r.ring)];
  const Part p = mine(ring.size, worker);
  const auto frame = [&](std::int64_t steps) {
    return (head + ring.ring_frames - static_cast<std::uint64_t>(steps)) % ring.ring_frames * ring.size;
  };
  if (r.steps.size() == 1) {
    const std::size_t bytes = program_.element_bytes(r.ring);
    std::memcpy(program_.arrays[r.target].memory.template as<std::byte>() + p.lo * bytes,
                ring.memory.template as<std::byte>() + (frame(r.steps[0]) + p.lo) * bytes, p.size() * bytes);
    return;
  }
  for (std::size_t i = p.lo; i < p.hi; ++i) {
    const std::size_t k = frame(r.steps[i]) + i;
    if (real(r.ring))
      reals(r.target)[i] = reals(r.ring)[k];
    else
      whole(r.target)[i] = whole(r.ring)[k];
  }
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
      if (!plan.fetches && (plan.moving || (op.inside && !plan.keys.empty()))) fill(w, op.index, number, request, op.inside ? w.turn : 0);
      return run_kernel(worker, at, number);
    }
    case K::copy:
      return copy(worker, lowered_.copies[op.index]);
    case K::collect:
      return collect(worker, static_cast<int>(op.index));
    case K::propagate:
      return propagate(worker, std::get<Propagate>(statement()), w.synapses[op.index]);
    case K::dense:
      return dense(worker, std::get<Dense>(statement()), matrices_[op.index]);
    case K::gather:
      return gather(worker, std::get<Gather>(statement()));
    case K::scatter:
      return worker == 0 ? scatter(std::get<Scatter>(statement())) : void();
    case K::reduce:
      return worker == 0 ? reduce(w, std::get<Reduce>(statement())) : void();
    case K::segment:
      return segment(worker, std::get<SegmentReduce>(statement()));
    case K::ring_write:
      return ring_write(worker, std::get<RingWrite>(statement()));
    case K::ring_read:
      return ring_read(worker, std::get<RingRead>(statement()));
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
      for (std::size_t i = 0; i < p.size(); ++i) out[i] = static_cast<std::uint8_t>(whole(m.array)[p.lo + i]);
    } else {
      const std::size_t bytes = program_.element_bytes(m.array);
      std::memcpy(static_cast<std::byte*>(m.frames) + first * bytes, a.memory.template as<std::byte>() + p.lo * bytes, p.size() * bytes);
    }
  }
}

template <class Real>
void Machine<Real>::steps(int worker, std::uint64_t first, std::uint64_t count, const ArrayRun& request, std::uint64_t done) {
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
    for (const int a : lowered_.collected_first) collect(static_cast<int>(n), a);
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
    if (std::tie(f.step, f.op, f.checked, f.element) < std::tie(first.step, first.op, first.checked, first.element)) first = f;
  }
  if (first.step == ~std::uint64_t{0}) return {};
  const auto& c = lowered_.kernels[lowered_.ops[first.op].index].checked[first.checked];
  return NotFinite{program_.arrays[static_cast<std::size_t>(c.shown)].name, c.offset + first.element, first.step, first.value};
}

}  // namespace

std::unique_ptr<Runtime> make_runtime(Program& program, const ArrayProgramOptions& options, ArrayProgramStatistics& statistics) {
  if (program.precision == Precision::f32) return std::make_unique<Machine<float>>(program, options, statistics);
  return std::make_unique<Machine<double>>(program, options, statistics);
}

}  // namespace ranvier::program
