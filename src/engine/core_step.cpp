// The loop over steps: what every worker does, between one barrier and the next.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/hash.hpp"
#include "base/random.hpp"
#include "connect/deliver.hpp"
#include "engine/core.hpp"
#include "engine/float_environment.hpp"
#include "engine/step_tools.hpp"

namespace ranvier::engine {
namespace {

template <class Real>
void splat(const std::vector<std::size_t>& index, const std::vector<double>& values, std::vector<std::byte>& out) {
  auto* data = reinterpret_cast<Real*>(out.data());
  for (std::size_t k = 0; k < index.size(); ++k) {
    std::fill_n(data + index[k] * RANVIER_SCALAR_LANES, RANVIER_SCALAR_LANES, static_cast<Real>(values[k]));
  }
}

/// A whole number in the kernel's own integer type.
void splat_word(std::size_t index, std::uint64_t word, std::size_t bytes, std::vector<std::byte>& out) {
  const auto narrow = static_cast<std::uint32_t>(word);
  for (std::size_t k = 0; k < RANVIER_SCALAR_LANES; ++k) {
    std::byte* to = out.data() + (index * RANVIER_SCALAR_LANES + k) * bytes;
    bytes == 4 ? std::memcpy(to, &narrow, 4) : std::memcpy(to, &word, 8);
  }
}

}  // namespace

void Core::size_scalars(const Kernels& kernels, std::size_t domain, std::uint64_t step, std::vector<std::byte>& out) const {
  const std::size_t bytes = program_.domains[domain].precision == Precision::f32 ? 4 : 8;
  const std::size_t computed = kernels.plan.scalars.size();
  out.resize((computed + kernels.plan.keys.size()) * RANVIER_SCALAR_LANES * bytes);
  // Kernels of 32 bits count draws by the low half of the step: the upper half chooses another key.
  const std::uint64_t high = bytes == 4 ? step >> 32 : 0;
  const std::uint64_t seed = high == 0 ? options_.seed : base::mix64(options_.seed + high * 0x9e3779b97f4a7c15ULL);
  for (std::size_t k = 0; k < kernels.plan.keys.size(); ++k) {
    const auto [owner, word] = kernels.plan.keys[k];
    const auto key = base::make_key(seed, "noise/" + program_.domains[domain].noise.at(owner));
    splat_word(computed + k, word == 0 ? key.k0 : key.k1, bytes, out);
  }
}

/// Allocates at its first call only.
void Core::fill_scalars(Worker& w, const HostScalars& scalars, std::size_t domain, std::uint64_t step,
                        std::vector<std::byte>& out) const {
  if (scalars.index.empty()) return;
  w.symbols.clear();
  for (const auto& [from, value, table] : scalars.sources) {
    using From = HostScalars::From;
    if (from == From::table) {
      w.symbols.push_back(value_at(*table, 0, step, program_.dt_ms));
      continue;
    }
    w.symbols.push_back(
        from == From::uniform ? *value : static_cast<double>(step) * (from == From::time ? program_.dt_ms : 1.0));
  }
  w.results.resize(scalars.index.size());
  scalars.program->evaluate(w.symbols, w.slots, w.results);
  const bool f32 = program_.domains[domain].precision == Precision::f32;
  f32 ? splat<float>(scalars.index, w.results, out) : splat<double>(scalars.index, w.results, out);
}

/// Scalars that stay the same during a run, or 2^32 steps of it; `recorded`: those of synchronised copies too.
void Core::prepare(int worker, bool recorded, std::uint64_t step) {
  auto& w = workers_[worker];
  w.emitted.step = never;  // the state may be another one
  for (auto& p : plastic_) p->prepare(worker, step);
  for (std::size_t d = 0; d < domains_.size(); ++d) {
    auto& part = w.parts[d];
    size_scalars(domains_[d].step, d, step, part.scalars);
    fill_scalars(w, domains_[d].step.fixed, d, step, part.scalars);
    if (!recorded || !domains_[d].recorded) continue;
    size_scalars(*domains_[d].recorded, d, step, part.recorded_scalars);
    fill_scalars(w, domains_[d].recorded->fixed, d, step, part.recorded_scalars);
  }
}

/// The sources of a delivery that spiked in a step whose spikes are kept, ascending, numbered from the first of its
/// view. Deliveries from one population follow each other, and share them.
std::span<const std::uint32_t> Core::emitted(Worker& w, const model::Delivery& d, std::uint64_t step) {
  const Worker::Emitted wanted{step, d.pre_domain, d.pre_first, d.pre_last};
  if (w.emitted == wanted) return w.sources;
  w.emitted = wanted;
  w.sources.clear();
  const bool all = d.pre_first == 0 && d.pre_last == program_.domains[d.pre_domain].size;
  for (const auto& lists : state_.domains[d.pre_domain].recent) {
    const auto& list = lists[step % depth_];
    const auto first = all ? list.begin() : std::lower_bound(list.begin(), list.end(), d.pre_first);
    const auto last = all ? list.end() : std::lower_bound(first, list.end(), d.pre_last);
    const std::size_t before = w.sources.size();
    w.sources.insert(w.sources.end(), first, last);
    if (!all) std::for_each(w.sources.begin() + before, w.sources.end(), [&](auto& s) { s -= d.pre_first; });
  }
  return w.sources;
}

void Core::deliver(int worker, std::size_t delivery, std::uint64_t step) {
  auto& w = workers_[worker];
  const auto& d = program_.deliveries[delivery];
  if (d.source) return deliver_values(worker, delivery, step);
  const auto& rows = rows_of(w, delivery);
  if (rows.slice().size() == 0) return;
  if (ring_of_[delivery] != no_ring) return deliver_delayed(worker, delivery, step);
  const auto& domain = program_.domains[d.post_domain];
  const std::size_t offset = std::size_t{d.post_first} + rows.slice().lo;
  void* const arrived = arrivals(worker, d.post_domain, d.array, step);
  if (d.plastic) {
    auto& synapses = *plastic_[*d.plastic];
    const std::size_t bytes = element_bytes(domain, d.array);
    for (std::uint32_t slot = 0; slot < synapses.slots(); ++slot) {
      const std::uint64_t delay = synapses.delay(slot);
      if (step < 1 + delay) continue;
      const auto spiked = emitted(w, d, step - 1 - delay);
      if (!spiked.empty())
        w.events += synapses.pre_events(state_, worker, spiked, slot, step, static_cast<char*>(arrived) + offset * bytes);
    }
    return;
  }
  if (step < 1 + std::uint64_t{d.delay_steps}) return;
  const auto sources = emitted(w, d, step - 1 - d.delay_steps);
  if (sources.empty()) return;
  if (domain.arrays[d.array].element == ir::Element::byte) {
    w.events += connect::deliver_counts(rows, sources, 0, static_cast<std::uint8_t*>(arrived) + offset);
  } else if (d.counted) {
    w.events += connect::deliver_counts(rows, sources, 0, static_cast<std::uint32_t*>(arrived) + offset);
  } else if (domain.precision == Precision::f32) {
    w.events += connect::deliver_weights(rows, sources, 0, static_cast<float*>(arrived) + offset);
  } else {
    w.events += connect::deliver_weights(rows, sources, 0, static_cast<double*>(arrived) + offset);
  }
}

bool Core::run_kernels(int worker, std::size_t domain, std::uint64_t step) {
  auto& kernels = domains_[domain].step;
  auto& w = workers_[worker];
  auto& part = w.parts[domain];
  if (part.lo == part.hi) return true;  // its lists stay empty
  auto& emitted = state_.domains[domain].recent[worker][step % depth_];
  emitted.clear();
  fill_time_values(part, domain, step);
  fill_scalars(w, kernels.moving, domain, step, part.scalars);
  for (const auto& [kernel, slot, ring] : kernels.through) kernels.pointers[worker][kernel][slot] = ring_buffer(worker, ring, step);
  const auto listed = prescribed(part, domain, step);
  mark_prescribed(domain, listed, 1);
  std::int32_t status = 0;
  for (std::size_t k = 0; k < kernels.code.size(); ++k) {
    std::uint32_t* events[] = {part.spiked.data()};
    std::int64_t counts[] = {0};
    RanvierKernelArgs args{kernels.pointers[worker][k].data(), part.scalars.data(), part.lo, part.hi, events, counts,
                           static_cast<std::int64_t>(step)};
    status |= kernels.code[k]->run(args);
    if (kernels.plan.has_spikes && k == kernels.plan.spike_kernel) {
      emitted.assign(part.spiked.data(), static_cast<std::size_t>(counts[0]));
      part.spikes += static_cast<std::uint64_t>(counts[0]);
      for (const auto id : emitted) w.checksum += spike_digest(step, domain, id);
    }
  }
  mark_prescribed(domain, listed, 0);
  emit_prescribed(w, domain, listed, step, emitted);
  return status == 0;
}

void Core::run_recorded(int worker, std::size_t domain, std::uint64_t step) {
  auto& kernels = *domains_[domain].recorded;
  auto& part = workers_[worker].parts[domain];
  if (part.lo == part.hi) return;
  fill_scalars(workers_[worker], kernels.moving, domain, step, part.recorded_scalars);
  for (std::size_t k = 0; k < kernels.code.size(); ++k) {
    RanvierKernelArgs args{
        kernels.pointers[worker][k].data(), part.recorded_scalars.data(), part.lo, part.hi, nullptr, nullptr,
        static_cast<std::int64_t>(step)};
    kernels.code[k]->run(args);
  }
}

/// The columns of frames at `step` (completed steps) that this worker owns.
void Core::tap_frames(int worker, std::uint64_t step, std::vector<FrameTap*>& taps) {
  std::size_t synchronised = ~std::size_t{0};
  for (auto* tap : taps) {
    const auto at = std::lower_bound(tap->steps.begin(), tap->steps.end(), step);
    if (at == tap->steps.end() || *at != step) continue;
    double* out = tap->values.data() + static_cast<std::size_t>(at - tap->steps.begin()) * tap->neurons.size();
    if (tap->synapses) {
      plastic_[tap->synapses->projection]->read(state_, worker, step, tap->synapses->variable, tap->synapses->places,
                                                out);
      continue;
    }
    if (tap->observer) {
      observe_frame(worker, step, *tap, out);
      continue;
    }
    const auto& domain = program_.domains[tap->domain];
    const bool recorded = domain.arrays[tap->array].recorded != ir::no_node;
    if (recorded && synchronised != tap->domain) {
      run_recorded(worker, tap->domain, step);
      synchronised = tap->domain;
    }
    const auto& memory =
        recorded ? domains_[tap->domain].scratch[tap->array] : state_.domains[tap->domain].arrays[tap->array];
    for_own_columns(worker, *tap,
                    [&](std::size_t column, std::uint32_t i) { out[column] = load(domain, tap->array, memory, i); });
  }
}

template <class F>
void Core::for_own_columns(int worker, const FrameTap& tap, F&& f) const {
  const auto& part = workers_[worker].parts[tap.domain];
  const auto& ids = tap.neurons;
  const auto begin = tap.ascending ? std::lower_bound(ids.begin(), ids.end(), part.lo) : ids.begin();
  const auto end = tap.ascending ? std::lower_bound(begin, ids.end(), part.hi) : ids.end();
  for (auto i = begin; i != end; ++i) {
    if (*i >= part.lo && *i < part.hi) f(static_cast<std::size_t>(i - ids.begin()), *i);
  }
}

/// Of an expression only the blocks of 64 neurons that are recorded are computed, if the neurons are in order.
void Core::observe_frame(int worker, std::uint64_t step, FrameTap& tap, double* out) {
  const auto& part = workers_[worker].parts[tap.domain];
  if (part.lo == part.hi) return;
  if (!tap.ascending) tap.observer->run(worker, part.lo, part.hi, step);
  std::uint32_t lo = 0, hi = 0;  // a stretch of adjacent blocks
  const auto compute = [&] {
    if (hi > lo) tap.observer->run(worker, lo, std::min(hi, part.hi), step);
  };
  if (tap.ascending) {
    for_own_columns(worker, tap, [&](std::size_t, std::uint32_t i) {
      const std::uint32_t block = i / 64 * 64;
      if (block > hi || hi == 0) {
        compute();
        lo = block;
      }
      hi = std::max(hi, block + 64);
    });
    compute();
  }
  for_own_columns(worker, tap, [&](std::size_t column, std::uint32_t i) { out[column] = tap.observer->value(i); });
}

void Core::frame(FrameTap& tap) {
  const FloatEnvironment strict;
  tap.steps = {state_.step};
  tap.values.assign(tap.neurons.size(), 0.0);
  std::vector<FrameTap*> one{&tap};
  tap.ascending = std::is_sorted(tap.neurons.begin(), tap.neurons.end());
  for (int w = 0; w < team_->size(); ++w) {
    prepare(w, true, state_.step);
    tap_frames(w, state_.step, one);
  }
}

/// Asks for what other workers wrote in the last step, all at once: each line comes from another core. They will have
/// had about as many spikes as this one.
void Core::fetch_lists(int worker, std::uint64_t step) const {
  const std::uint64_t kept = (step + depth_ - 1) % depth_;
  for (const auto& domain : state_.domains) {
    const std::size_t expected = domain.recent[worker][kept].size();
    for (const auto& lists : domain.recent) lists[kept].fetch(expected);
    domain.recent[worker][step % depth_].fetch(expected);
  }
}

void Core::deliver_all(int worker, std::uint64_t step) {
  auto& w = workers_[worker];
  const auto start = std::chrono::steady_clock::now();
  if (workers_.size() > 1) fetch_lists(worker, step);
  for (std::size_t k = 0; k < program_.deliveries.size(); ++k) deliver(worker, k, step);
  for (auto& p : plastic_) p->jump(state_, worker, step, depth_);
  w.delivering += std::chrono::steady_clock::now() - start;
}

bool Core::update_all(int worker, std::uint64_t step) {
  bool good = true;
  if (!plastic_.empty()) {
    const auto start = std::chrono::steady_clock::now();
    for (auto& p : plastic_) good &= p->advance(state_, worker, step, depth_);
    workers_[worker].delivering += std::chrono::steady_clock::now() - start;
  }
  for (std::size_t d = 0; d < domains_.size(); ++d) good &= run_kernels(worker, d, step);
  publish_values(worker, step);
  return good;
}

/// False if the step cannot be followed by another. An exception waits until all workers have left: they meet at the
/// barrier.
template <class Job>
bool Core::attempt(Job&& job) {
  try {
    return job();
  } catch (...) {
    team_->report(std::current_exception());
    return false;
  }
}

void Core::work(int worker, std::uint64_t steps, std::vector<FrameTap*>& taps) {
  const FloatEnvironment strict;
  const std::uint64_t first = state_.step;
  for (std::uint64_t step = first; step < first + steps; ++step) {
    bool good = attempt([&] {
      if (step == first || static_cast<std::uint32_t>(step) == 0) prepare(worker, !taps.empty(), step);
      deliver_all(worker, step);
      return true;
    });
    if (two_phases_) team_->barrier();
    good &= attempt([&] {
      const bool finite = good && update_all(worker, step);
      if (!taps.empty()) tap_frames(worker, step + 1, taps);
      return finite;
    });
    if (!good) {
      // Every failing worker writes the same number; no other step can fail before all have seen it.
      failed_step_.store(step, std::memory_order_relaxed);
    }
    team_->barrier();
    if (failed_step_.load(std::memory_order_relaxed) <= step) break;
  }
}

/// Spikes of steps [first, last) in order of (step, id): workers hold ascending ranges.
void Core::collect(std::uint64_t first, std::uint64_t last, SpikeLog& log) {
  for (std::size_t d = 0; d < domains_.size(); ++d) {
    auto& out = log.domains[d];
    for (std::uint64_t step = first; step < last; ++step) {
      for (const auto& lists : state_.domains[d].recent) {
        const auto& list = lists[step % depth_];
        out.ids.insert(out.ids.end(), list.begin(), list.end());
        out.stamps.insert(out.stamps.end(), list.size(), step + 1);
      }
    }
  }
}

void Core::prepare_taps(std::uint64_t steps, std::vector<FrameTap*>& taps) {
  for (auto* tap : taps) {
    tap->steps.clear();
    for (std::uint64_t s = state_.step + 1; s <= state_.step + steps; ++s) {
      if (tap->schedule.due(s)) tap->steps.push_back(s);
    }
    tap->values.assign(tap->steps.size() * tap->neurons.size(), 0.0);
    tap->ascending = std::is_sorted(tap->neurons.begin(), tap->neurons.end());
  }
}

/// Leaves out the frames of steps that were not reached.
void Core::end_taps(std::vector<FrameTap*>& taps) {
  for (auto* tap : taps) {
    while (!tap->steps.empty() && tap->steps.back() > state_.step) tap->steps.pop_back();
    tap->values.resize(tap->steps.size() * tap->neurons.size());
  }
}

void Core::advance(std::uint64_t steps, bool log_spikes, SpikeLog& log, std::vector<FrameTap*>& taps) {
  if (steps > longest_chunk()) throw InternalError("a chunk of " + std::to_string(steps) + " steps is too long");
  if (broken_) throw UserError("simulation", "an earlier step could not be completed", "reset() it, or make a new one");
  log.domains.resize(domains_.size());
  for (auto& d : log.domains) {
    d.stamps.clear();
    d.ids.clear();
  }
  const std::uint64_t first = state_.step;
  prepare_taps(steps, taps);
  refresh_values();
  broken_ = true;
  team_->run([&](int w) { work(w, steps, taps); });
  broken_ = false;
  const auto failed = failed_step_.load();
  state_.step = failed != never ? failed + 1 : first + steps;
  end_taps(taps);
  if (log_spikes) collect(first, state_.step, log);
  for (auto& w : workers_) {
    state_.events += std::exchange(w.events, 0);
    state_.checksum += std::exchange(w.checksum, 0);
    for (std::size_t d = 0; d < domains_.size(); ++d) {
      state_.spikes += w.parts[d].spikes;
      state_.spikes_of[d] += std::exchange(w.parts[d].spikes, 0);
    }
  }
}

}  // namespace ranvier::engine
