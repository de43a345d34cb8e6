#include "engine/plasticity.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ranvier::engine {

using model::SynapticPlace;

PlasticSynapses::PlasticSynapses(const model::StepProgram& program, std::size_t index, int workers, bool fuse)
    : program_(program),
      rule_(program.plasticity[index]),
      delivery_(program.deliveries[rule_.delivery]),
      shares_(static_cast<std::size_t>(workers)) {
  plan(on_pre, rule_.on_pre, fuse);
  plan(pre_jump, rule_.pre_jump, fuse);
  plan(on_post, rule_.on_post, fuse);
  plan(post_jump, rule_.post_jump, fuse);
  plan(step_synapses, rule_.step, fuse);
  plan(step_pre, rule_.pre_step, fuse);
  plan(step_post, rule_.post_step, fuse);
  plan(recorded, rule_.recorded, fuse);
}

void PlasticSynapses::plan(Kind kind, const std::optional<model::SynapticKernel>& what, bool fuse) {
  if (!what) return;
  auto& k = kernels_[kind];
  k.what = &*what;
  k.plan = codegen::fuse(what->domain, fuse);
  const From own = kind == step_pre ? From::pre_trace : kind == step_post ? From::post_trace : From::synapse;
  k.direct = fuse && (kind == step_synapses || kind == step_pre || kind == step_post);
  std::vector<bool> used(what->domain.arrays.size());
  for (const auto& slots : k.plan.slots) {
    for (const auto& slot : slots) used[slot.array] = true;
  }
  for (std::size_t a = 0; a < used.size(); ++a) {
    if (!used[a]) continue;
    k.direct &= what->places[a].from == own;
    if (what->places[a].from != From::sent) k.gathered.push_back(a);
  }
  for (const auto& s : what->domain.stores) k.stored.push_back(s.array);
  if (k.direct && kind != step_synapses) {
    for (auto& kernel : k.plan.kernels) kernel.masked_stores = true;  // workers' parts of traces meet anywhere
  }
  const auto& graph = *what->domain.graph;
  k.scalars = std::make_unique<ir::HostProgram>(graph, k.plan.scalars);
  for (const auto& s : k.scalars->symbols()) k.moving |= s.name == "t" || s.name == "step";
}

std::size_t PlasticSynapses::kernel_count() const {
  std::size_t count = 0;
  for (const auto& k : kernels_) count += k.plan.kernels.size();
  return count;
}

void PlasticSynapses::add_kernels(std::vector<ir::Kernel>& kernels) const {
  for (const auto& k : kernels_) kernels.insert(kernels.end(), k.plan.kernels.begin(), k.plan.kernels.end());
}

void PlasticSynapses::take(std::span<const std::shared_ptr<const codegen::Executable>> code) {
  std::size_t next = 0;
  for (auto& k : kernels_) {
    for (std::size_t i = 0; i < k.plan.kernels.size(); ++i) k.code.push_back(code[next++]);
  }
}

void PlasticSynapses::connect(int worker, const connect::Rows& rows, const PlasticCut& cut) {
  auto& s = shares_[worker];
  s.rows = &rows;
  s.cut = cut;
}

void PlasticSynapses::share_out() {
  delays_.clear();
  for (const auto& s : shares_) {
    if (s.rows->has_delays()) delays_.insert(delays_.end(), s.rows->delay_steps().begin(), s.rows->delay_steps().end());
  }
  std::sort(delays_.begin(), delays_.end());
  delays_.erase(std::unique(delays_.begin(), delays_.end()), delays_.end());
  if (delays_.empty()) delays_ = {delivery_.delay_steps};
  slots_ = static_cast<std::uint32_t>(delays_.size());
  for (auto& s : shares_) {
    s.own_slot.assign(slots_, no_slot);
    s.slot_of.clear();
    for (std::uint32_t own = 0; own < s.rows->slots(); ++own) {
      const auto at = std::lower_bound(delays_.begin(), delays_.end(), s.rows->has_delays() ? s.rows->delay_steps()[own] : delays_[0]);
      s.slot_of.push_back(static_cast<std::uint32_t>(at - delays_.begin()));
      s.own_slot[s.slot_of.back()] = own;
    }
  }
  synapses_ = 0;
  for (auto& s : shares_) {
    synapses_ += s.rows->synapses();
    for (int k = 0; k < kinds; ++k) size_buffers(s, static_cast<Kind>(k));
  }
  const std::size_t sources = delivery_.pre_last - delivery_.pre_first;
  for (std::size_t a = 0; a < rule_.pre.size(); ++a) after_.emplace_back(sources * slots_, real_bytes());
  for (const auto kind : {on_post, step_synapses}) {
    for (const auto a : kernels_[kind].gathered) {
      const auto& place = kernels_[kind].what->places[a];
      const bool have =
          std::any_of(copied_.begin(), copied_.end(), [&](const auto& c) { return c.first == place.index; });
      if (place.from != From::pre_neuron || have) continue;
      copied_.emplace_back(place.index,
                           ArrayMemory(sources, element_bytes(program_.domains[delivery_.pre_domain], place.index)));
    }
  }
}

void PlasticSynapses::connect_targets(int worker) {
  auto& s = shares_[worker];
  if (kernels_[on_post].what) s.columns = connect::Columns(*s.rows, s.slot_of, slots_);
}

void PlasticSynapses::size_buffers(Share& s, Kind kind) const {
  const auto& k = kernels_[kind];
  if (!k.what) return;
  auto& b = s.buffers[kind];
  const auto& arrays = k.what->domain.arrays;
  b.arrays.resize(arrays.size());
  b.scratch.resize(arrays.size());
  for (const auto& slots : k.plan.slots) {
    b.pointers.emplace_back();
    for (const auto& slot : slots) {
      auto& memory = (slot.scratch ? b.scratch : b.arrays)[slot.array];
      if (memory.bytes() == 0)
        memory = ArrayMemory(batch, arrays[slot.array].element == ir::Element::count ? 4 : real_bytes());
      b.pointers.back().push_back(memory.as<void>());
    }
  }
  b.scalars.resize(k.plan.scalars.size() * RANVIER_SCALAR_LANES * real_bytes());
  s.values.resize(std::max(s.values.size(), k.scalars->symbols().size()));
  s.results.resize(std::max(s.results.size(), k.plan.scalars.size()));
}

void PlasticSynapses::fill_scalars(Share& s, Kind kind, std::uint64_t step) const {
  const auto& k = kernels_[kind];
  auto& b = s.buffers[kind];
  b.scalars_step = step;
  const auto count = k.plan.scalars.size();
  if (count == 0) return;
  const auto& symbols = k.scalars->symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto& name = symbols[i].name;
    const auto n = static_cast<double>(step);
    s.values[i] = name == "t" ? n * program_.dt_ms : name == "step" ? n : program_.uniforms.at(name).value;
  }
  k.scalars->evaluate(std::span(s.values).first(symbols.size()), s.slots, std::span(s.results).first(count));
  const auto splat = [&](auto* out) {
    using Real = std::remove_pointer_t<decltype(out)>;
    for (std::size_t i = 0; i < count; ++i)
      std::fill_n(out + i * RANVIER_SCALAR_LANES, RANVIER_SCALAR_LANES, static_cast<Real>(s.results[i]));
  };
  rule_.precision == Precision::f32 ? splat(reinterpret_cast<float*>(b.scalars.data()))
                                    : splat(reinterpret_cast<double*>(b.scalars.data()));
}

void PlasticSynapses::prepare(int worker, std::uint64_t step) {
  auto& s = shares_[worker];
  for (int k = 0; k < kinds; ++k) {
    if (kernels_[k].what) fill_scalars(s, static_cast<Kind>(k), step);
  }
}

namespace {

/// out[j] = from[index(j)], whatever the two types.
template <class Real, class Index>
void pick(const model::Domain& domain, const ArrayMemory& from, Real* out, std::size_t count, Index&& index) {
  if (domain.precision == Precision::f32) {
    for (std::size_t j = 0; j < count; ++j) out[j] = static_cast<Real>(from.at<float>(index(j)));
  } else {
    for (std::size_t j = 0; j < count; ++j) out[j] = static_cast<Real>(from.at<double>(index(j)));
  }
}

}  // namespace

template <class Real>
void PlasticSynapses::gather(const State& state, int worker, Kind kind, Sources sources, std::uint64_t step) {
  auto& s = shares_[worker];
  const auto& k = kernels_[kind];
  const auto& e = s.elements;
  const std::size_t n = e.count;
  const auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  const std::uint32_t lo = s.rows->slice().lo;
  for (const auto a : k.gathered) {
    const auto& place = k.what->places[a];
    auto* out = s.buffers[kind].arrays[a].as<Real>();
    if (!out) continue;
    switch (place.from) {
      case From::synapse: {
        const auto* in = mine.synapse[worker][place.index].as<Real>();
        for (std::size_t j = 0; j < n; ++j) out[j] = in[e.synapse[j]];
        break;
      }
      case From::pre_trace: {
        const auto* in = (sources == Sources::copies ? after_ : mine.pre)[place.index].as<Real>();
        for (std::size_t j = 0; j < n; ++j) out[j] = in[e.segment[j]];
        break;
      }
      case From::post_trace: {
        const auto* in = mine.post[place.index].as<Real>() + lo;
        for (std::size_t j = 0; j < n; ++j) out[j] = in[e.target[j]];
        break;
      }
      case From::pre_neuron: {
        const auto& domain = program_.domains[delivery_.pre_domain];
        if (sources == Sources::now) {
          const auto& from = state.domains[delivery_.pre_domain].arrays[place.index];
          pick(domain, from, out, n, [&](std::size_t j) { return delivery_.pre_first + e.segment[j] / slots_; });
          break;
        }
        const auto copy =
            std::find_if(copied_.begin(), copied_.end(), [&](const auto& c) { return c.first == place.index; });
        pick(domain, copy->second, out, n, [&](std::size_t j) { return e.segment[j] / slots_; });
        break;
      }
      case From::post_neuron: {
        const auto& from = state.domains[delivery_.post_domain].arrays[place.index];
        pick(program_.domains[delivery_.post_domain], from, out, n,
             [&](std::size_t j) { return delivery_.post_first + lo + e.target[j]; });
        break;
      }
      case From::elapsed: {
        auto* steps = s.buffers[kind].arrays[a].as<std::uint32_t>();
        const auto* last = mine.last[worker].as<std::uint32_t>();
        for (std::size_t j = 0; j < n; ++j) steps[j] = static_cast<std::uint32_t>(step) - last[e.synapse[j]];
        break;
      }
      case From::sent:
        break;
    }
  }
}

template <class Real>
void PlasticSynapses::scatter(State& state, int worker, Kind kind, std::uint64_t step) {
  auto& s = shares_[worker];
  const auto& k = kernels_[kind];
  const auto& e = s.elements;
  const std::size_t n = e.count;
  auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  for (const auto a : k.stored) {
    const auto& place = k.what->places[a];
    const auto* in = s.buffers[kind].arrays[a].as<Real>();
    if (place.from == From::synapse) {
      auto* out = mine.synapse[worker][place.index].as<Real>();
      for (std::size_t j = 0; j < n; ++j) out[e.synapse[j]] = in[j];
    } else if (place.from == From::pre_trace) {
      auto* out = (kind == pre_jump ? after_ : mine.pre)[place.index].as<Real>();
      for (std::size_t j = 0; j < n; ++j) out[e.segment[j]] = in[j];
    } else if (place.from == From::post_trace) {
      auto* out = mine.post[place.index].as<Real>() + s.rows->slice().lo;
      for (std::size_t j = 0; j < n; ++j) out[e.target[j]] = in[j];
    }
  }
  if (!rule_.elapsed || (kind != on_pre && kind != on_post && kind != recorded)) return;
  auto* last = mine.last[worker].as<std::uint32_t>();
  for (std::size_t j = 0; j < n; ++j) last[e.synapse[j]] = static_cast<std::uint32_t>(step);
}

/// The code of a kernel on what its buffers hold.
void PlasticSynapses::call(Share& s, Kind kind, std::uint64_t step) {
  const auto& k = kernels_[kind];
  auto& b = s.buffers[kind];
  if (k.moving && b.scalars_step != step) fill_scalars(s, kind, step);
  for (std::size_t i = 0; i < k.code.size(); ++i) {
    RanvierKernelArgs args{b.pointers[i].data(),
                           b.scalars.data(),
                           0,
                           static_cast<std::int64_t>(s.elements.count),
                           nullptr,
                           nullptr,
                           static_cast<std::int64_t>(step)};
    s.bad |= k.code[i]->run(args) != 0;
  }
}

/// One batch: gathered, computed, scattered; what is sent is added to `arrived` in the order of the batch.
template <class Real>
void PlasticSynapses::run(State& state, int worker, Kind kind, Sources sources, std::uint64_t step, void* arrived) {
  auto& s = shares_[worker];
  gather<Real>(state, worker, kind, sources, step);
  call(s, kind, step);
  scatter<Real>(state, worker, kind, step);
  if (kind == on_pre) {
    const auto& e = s.elements;
    const auto* sent = s.buffers[kind].arrays.back().as<Real>();
    const auto add = [&](auto* to) {
      using To = std::remove_pointer_t<decltype(to)>;
      for (std::size_t j = 0; j < e.count; ++j) to[e.target[j]] += static_cast<To>(sent[j]);
    };
    program_.domains[delivery_.post_domain].precision == Precision::f32 ? add(static_cast<float*>(arrived))
                                                                        : add(static_cast<double*>(arrived));
  }
  s.elements.count = 0;
}

void PlasticSynapses::run(State& state, int worker, Kind kind, Sources sources, std::uint64_t step, void* arrived) {
  if (shares_[worker].elements.count == 0) return;
  rule_.precision == Precision::f32 ? run<float>(state, worker, kind, sources, step, arrived)
                                    : run<double>(state, worker, kind, sources, step, arrived);
}

std::uint64_t PlasticSynapses::pre_events(State& state, int worker, std::span<const std::uint32_t> sources,
                                          std::uint32_t slot, std::uint64_t step, void* arrived) {
  auto& s = shares_[worker];
  auto& e = s.elements;
  e.count = 0;
  constexpr std::size_t ahead = 8;
  const auto& states = state.plasticity[&rule_ - program_.plasticity.data()].synapse[worker];
  const char* first_state = states.empty() ? nullptr : states[0].as<char>();
  const bool one = s.rows->slots() == 1 && s.own_slot[slot] == 0;
  const std::uint64_t events = s.rows->visit([&](const auto& view) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (i + ahead < sources.size()) {
        const auto next = std::uint64_t{view.offsets[sources[i + ahead]]};
        __builtin_prefetch(view.targets + next);
        if (first_state) __builtin_prefetch(first_state + next * real_bytes());
      }
      const std::uint32_t segment = sources[i] * slots_ + slot;
      auto [at, end] = one ? std::pair{std::uint64_t{view.offsets[sources[i]]}, std::uint64_t{view.offsets[sources[i] + 1]}}
                           : range(s, sources[i], slot);
      total += end - at;
      while (at < end) {
        const std::size_t take = std::min<std::uint64_t>(end - at, batch - e.count), base = e.count;
        for (std::size_t j = 0; j < take; ++j) {
          e.synapse[base + j] = at + j;
          e.segment[base + j] = segment;
          e.target[base + j] = view.targets[at + j];
        }
        e.count += take;
        at += take;
        if (e.count == batch) run(state, worker, on_pre, Sources::now, step, arrived);
      }
    }
    return total;
  });
  run(state, worker, on_pre, Sources::now, step, arrived);
  return events;
}

/// This worker's targets that spiked in the step before.
std::span<const std::uint32_t> PlasticSynapses::own_targets(const State& state, int worker, std::uint64_t step,
                                                            std::size_t depth) const {
  if (step == 0) return {};
  const auto& list = state.domains[delivery_.post_domain].recent[worker][(step - 1) % depth];
  const auto first = std::lower_bound(list.begin(), list.end(), delivery_.post_first);
  const auto last = std::lower_bound(first, list.end(), delivery_.post_last);
  return {first, last};
}

void PlasticSynapses::jump(State& state, int worker, std::uint64_t step, std::size_t depth) {
  auto& s = shares_[worker];
  auto& e = s.elements;
  const auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  const std::size_t lo = std::size_t{s.cut.source_lo} * slots_, hi = std::size_t{s.cut.source_hi} * slots_;
  if (lo < hi) {
    const std::size_t real = real_bytes();
    for (std::size_t a = 0; a < after_.size(); ++a)
      std::memcpy(after_[a].as<char>() + lo * real, mine.pre[a].as<char>() + lo * real, (hi - lo) * real);
    for (auto& [array, memory] : copied_) {
      const auto bytes = element_bytes(program_.domains[delivery_.pre_domain], array);
      const auto* from = state.domains[delivery_.pre_domain].arrays[array].part<char>(worker) +
                         (delivery_.pre_first + s.cut.source_lo) * bytes;
      std::memcpy(memory.as<char>() + s.cut.source_lo * bytes, from, (s.cut.source_hi - s.cut.source_lo) * bytes);
    }
  }
  if (kernels_[pre_jump].what && lo < hi) {
    e.count = 0;
    for (std::uint32_t slot = 0; slot < slots_; ++slot) {
      const std::uint64_t delay = delays_[slot];
      if (step < 1 + delay) continue;
      for (const auto id : state.domains[delivery_.pre_domain].recent[worker][(step - 1 - delay) % depth]) {
        if (id < delivery_.pre_first || id >= delivery_.pre_last) continue;
        e.segment[e.count++] = (id - delivery_.pre_first) * slots_ + slot;
        if (e.count == batch) run(state, worker, pre_jump, Sources::now, step);
      }
    }
    run(state, worker, pre_jump, Sources::now, step);
  }
}

/// The traces of this worker's targets that spiked, after their synapses have seen them as they were.
void PlasticSynapses::jump_post(State& state, int worker, std::uint64_t step, std::size_t depth) {
  if (!kernels_[post_jump].what) return;
  auto& s = shares_[worker];
  auto& e = s.elements;
  e.count = 0;
  for (const auto id : own_targets(state, worker, step, depth)) {
    e.target[e.count++] = id - delivery_.post_first - s.rows->slice().lo;
    if (e.count == batch) run(state, worker, post_jump, Sources::now, step);
  }
  run(state, worker, post_jump, Sources::now, step);
}

void PlasticSynapses::post_events(State& state, int worker, std::uint64_t step, std::size_t depth) {
  auto& s = shares_[worker];
  auto& e = s.elements;
  e.count = 0;
  const auto spiked = own_targets(state, worker, step, depth);
  const auto local = [&](std::size_t i) { return spiked[i] - delivery_.post_first - s.rows->slice().lo; };
  const auto& states = state.plasticity[&rule_ - program_.plasticity.data()].synapse[worker];
  const char* first_state = states[0].as<char>();
  const std::size_t real = real_bytes();
  for (std::size_t i = 0; i < spiked.size(); ++i) {
    if (i + 2 < spiked.size()) s.columns.prefetch(local(i + 2));
    const auto target = local(i);
    s.post_events += s.columns.count(target);
    s.columns.for_each(*s.rows, target, [&](std::uint64_t synapse, std::uint32_t segment) {
      __builtin_prefetch(first_state + synapse * real);
      e.synapse[e.count] = synapse;
      e.segment[e.count] = segment;
      e.target[e.count] = target;
      if (++e.count == batch) run(state, worker, on_post, Sources::copies, step);
    });
  }
  run(state, worker, on_post, Sources::copies, step);
}

/// In place, on elements [first, last) of the states that the kernel is about.
void PlasticSynapses::run_direct(State& state, int worker, Kind kind, std::uint64_t first, std::uint64_t last,
                                 std::uint64_t step) {
  if (first == last) return;
  auto& s = shares_[worker];
  const auto& k = kernels_[kind];
  auto& b = s.buffers[kind];
  auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  auto& arrays = kind == step_pre ? mine.pre : kind == step_post ? mine.post : mine.synapse[worker];
  for (std::size_t i = 0; i < k.code.size(); ++i) {
    const auto& slots = k.plan.slots[i];
    for (std::size_t j = 0; j < slots.size(); ++j)
      b.pointers[i][j] = arrays[k.what->places[slots[j].array].index].as<void>();
  }
  if (k.moving && b.scalars_step != step) fill_scalars(s, kind, step);
  for (std::size_t i = 0; i < k.code.size(); ++i) {
    RanvierKernelArgs args{b.pointers[i].data(),
                           b.scalars.data(),
                           static_cast<std::int64_t>(first),
                           static_cast<std::int64_t>(last),
                           nullptr,
                           nullptr,
                           static_cast<std::int64_t>(step)};
    s.bad |= k.code[i]->run(args) != 0;
  }
}

void PlasticSynapses::step_all(State& state, int worker, std::uint64_t step) {
  auto& s = shares_[worker];
  auto& e = s.elements;
  e.count = 0;
  if (kernels_[step_synapses].direct) {
    run_direct(state, worker, step_synapses, 0, s.rows->synapses(), step);
  } else if (kernels_[step_synapses].what) {
    for (std::uint32_t segment = 0; segment < s.rows->sources() * slots_; ++segment) {
      const auto source = segment / slots_, slot = segment % slots_;
      for (auto [i, end] = range(s, source, slot); i < end; ++i) {
        e.synapse[e.count] = i;
        e.segment[e.count] = segment;
        e.target[e.count] = s.rows->target(i);
        if (++e.count == batch) run(state, worker, step_synapses, Sources::copies, step);
      }
    }
    run(state, worker, step_synapses, Sources::copies, step);
  }
}

bool PlasticSynapses::advance(State& state, int worker, std::uint64_t step, std::size_t depth) {
  auto& s = shares_[worker];
  auto& e = s.elements;
  if (kernels_[on_post].what) post_events(state, worker, step, depth);
  jump_post(state, worker, step, depth);
  step_all(state, worker, step);
  auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  const std::size_t real = real_bytes(), lo = std::size_t{s.cut.source_lo} * slots_,
                    hi = std::size_t{s.cut.source_hi} * slots_;
  for (std::size_t a = 0; a < after_.size() && lo < hi; ++a) {
    std::memcpy(mine.pre[a].as<char>() + lo * real, after_[a].as<char>() + lo * real, (hi - lo) * real);
  }
  if (kernels_[step_pre].direct) {
    run_direct(state, worker, step_pre, lo, hi, step);
  } else if (kernels_[step_pre].what) {
    for (std::size_t i = lo; i < hi; ++i) {
      e.segment[e.count] = static_cast<std::uint32_t>(i);
      if (++e.count == batch) run(state, worker, step_pre, Sources::now, step);
    }
    run(state, worker, step_pre, Sources::now, step);
  }
  const auto slice = s.rows->slice();
  if (kernels_[step_post].direct) {
    run_direct(state, worker, step_post, slice.lo, slice.hi, step);
  } else if (kernels_[step_post].what) {
    for (std::uint32_t i = 0; i < slice.size(); ++i) {
      e.target[e.count] = i;
      if (++e.count == batch) run(state, worker, step_post, Sources::now, step);
    }
    run(state, worker, step_post, Sources::now, step);
  }
  return !std::exchange(s.bad, false);
}

void PlasticSynapses::read(const State& state, int worker, std::uint64_t step, const Variable& v, const Places& places,
                           double* out) {
  const auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  const auto& own = places[worker];
  const auto& k = kernels_[recorded];
  std::optional<std::size_t> computed;  // array of the kernel
  for (const auto a : k.stored) {
    if (v.of_synapses() && k.what->places[a].index == v.array) computed = a;
  }
  if (!computed) {
    const auto& memory = v.from == From::synapse     ? mine.synapse[worker][v.array]
                         : v.from == From::pre_trace ? mine.pre[v.array]
                                                     : mine.post[v.array];
    for (const auto& [column, i] : own) out[column] = load(memory, i);
    return;
  }
  auto& s = shares_[worker];
  for (std::size_t first = 0; first < own.size(); first += batch) {
    s.elements.count = std::min(batch, own.size() - first);
    for (std::size_t j = 0; j < s.elements.count; ++j) s.elements.synapse[j] = own[first + j].second;
    rule_.precision == Precision::f32 ? gather<float>(state, worker, recorded, Sources::now, step)
                                      : gather<double>(state, worker, recorded, Sources::now, step);
    call(s, recorded, step);
    for (std::size_t j = 0; j < s.elements.count; ++j)
      out[own[first + j].first] = load(s.buffers[recorded].arrays[*computed], j);
    s.elements.count = 0;
  }
}

}  // namespace ranvier::engine
