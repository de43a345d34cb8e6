#include "engine/recorders.hpp"

#include <algorithm>
#include <exception>

#include "base/hash.hpp"
#include "ranvier/error.hpp"

namespace ranvier::engine {

namespace {

/// Calls one after the other, all of them; throws the first exception at the end.
class Each {
 public:
  template <class F>
  void operator()(F&& f) {
    try {
      f();
    } catch (...) {
      if (!first_) first_ = std::current_exception();
    }
  }
  void done() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::exception_ptr first_;
};

std::vector<bool> mask_of(const std::vector<std::uint32_t>& neurons, std::uint64_t size) {
  std::vector<bool> wanted;
  if (neurons.empty()) return wanted;
  wanted.resize(size);
  for (const auto n : neurons) wanted[n] = true;
  return wanted;
}

}  // namespace

double reduced(std::span<const double> values, Reduce how) {
  if (how == Reduce::min) return *std::min_element(values.begin(), values.end());
  if (how == Reduce::max) return *std::max_element(values.begin(), values.end());
  std::vector<double> sums;
  for (std::size_t i = 0; i < values.size(); i += 1024) {
    double sum = 0;
    for (const double x : values.subspan(i, std::min<std::size_t>(1024, values.size() - i))) sum += x;
    sums.push_back(sum);
  }
  for (std::size_t n = sums.size(); n > 1; n = (n + 1) / 2) {
    for (std::size_t k = 0; k < n / 2; ++k) sums[k] = sums[2 * k] + sums[2 * k + 1];
    if (n % 2 != 0) sums[n / 2] = sums[n - 1];
  }
  return how == Reduce::mean ? sums[0] / static_cast<double>(values.size()) : sums[0];
}

// ------------------------------------------------------------------------------------------------------------------- attaching

void Recorders::add(std::size_t domain, std::shared_ptr<SpikeRecord> record, const FrameSchedule& schedule,
                    const std::vector<std::uint32_t>& neurons) {
  auto wanted = mask_of(neurons, record->size());
  spike_records_.push_back({domain, std::move(record), schedule, std::move(wanted)});
}

void Recorders::add(std::shared_ptr<SpikeSink> sink, const Core& core) {
  std::vector<SpikeSink::PopulationInfo> populations;
  for (const auto& d : core.program().domains) populations.push_back({d.name, d.size});
  sink->begin(populations, core.program().dt_ms);
  spike_sinks_.push_back(std::move(sink));
}

void Recorders::add(FrameTap tap, std::shared_ptr<StateRecord> record, std::shared_ptr<StateSink> sink) {
  if (sink) sink->begin(*record);
  state_taps_.push_back({std::make_unique<FrameTap>(std::move(tap)), std::move(record), std::move(sink), 0});
}

void Recorders::add_rate(std::size_t domain, std::shared_ptr<StateRecord> record, const FrameSchedule& schedule, std::uint64_t now,
                         std::uint64_t size) {
  auto wanted = mask_of(record->neurons(), size);
  const auto distinct = wanted.empty() ? static_cast<std::ptrdiff_t>(size) : std::count(wanted.begin(), wanted.end(), true);
  rates_.push_back({domain, std::move(record), schedule, std::move(wanted), static_cast<double>(distinct), {}});
  rates_.back().begin(now);
}

std::vector<FrameTap*> Recorders::taps() {
  std::vector<FrameTap*> out;
  for (auto& t : state_taps_) out.push_back(t.tap.get());
  return out;
}

std::uint64_t Recorders::longest_chunk() const {
  std::uint64_t bytes_per_step = 1;
  for (const auto& t : state_taps_) bytes_per_step += t.tap->neurons.size() * 8 / t.tap->schedule.every + 8;
  return std::max<std::uint64_t>(1, (std::uint64_t{16} << 20) / bytes_per_step);
}

// --------------------------------------------------------------------------------------------------------------------- feeding

void Recorders::StateTap::give(std::uint64_t step, std::span<const double> values) {
  if (step < next) return;
  next = step + 1;
  double one[1];
  if (record->reduce() != Reduce::none) {
    one[0] = reduced(values, record->reduce());
    values = one;
  }
  sink ? sink->frame(step, values) : record->append(step, values);
}

/// All of one stamp at a time.
void Recorders::SpikeTap::take(const SpikeLog::Domain& spikes) {
  std::vector<std::uint32_t> some;
  for (std::size_t i = 0, end = 0; i < spikes.ids.size(); i = end) {
    while (end < spikes.ids.size() && spikes.stamps[end] == spikes.stamps[i]) ++end;
    if (spikes.stamps[i] < schedule.first || spikes.stamps[i] > schedule.last) continue;
    auto ids = std::span(spikes.ids).subspan(i, end - i);
    if (!wanted.empty()) {
      some.clear();
      std::copy_if(ids.begin(), ids.end(), std::back_inserter(some), [&](auto id) { return wanted[id]; });
      ids = some;
    }
    record->append(spikes.stamps[i], ids);
  }
}

/// The first whole window that starts at `now` or later.
void Recorders::RateTap::begin(std::uint64_t now) {
  const std::uint64_t every = schedule.every;
  const std::uint64_t passed = now > schedule.first ? (now - schedule.first + every - 1) / every : 0;
  window = {schedule.first + (passed + 1) * every, 0};
}

void Recorders::RateTap::take(const SpikeLog::Domain& spikes, std::uint64_t now) {
  const double seconds = static_cast<double>(schedule.every) * record->dt_ms() / 1000;
  std::size_t i = 0;
  const auto count = [&](std::uint64_t last) {
    for (; i < spikes.ids.size() && spikes.stamps[i] <= last; ++i) {
      const bool inside = spikes.stamps[i] + schedule.every > window.end;  // not before a window that is yet to begin
      window.count += inside && (wanted.empty() || wanted[spikes.ids[i]]) ? 1 : 0;
    }
  };
  for (; window.end <= now; window = {window.end + schedule.every, 0}) {
    count(window.end);
    if (window.end > schedule.last) continue;
    const double rate[] = {static_cast<double>(window.count) / neurons / seconds};
    record->append(window.end, rate);
  }
  count(now);
}

void Recorders::catch_up(Core& core) {
  const auto now = core.state().step;
  for (auto& t : state_taps_) {
    if (!t.tap->schedule.due(now) || now < t.next) continue;
    core.frame(*t.tap);
    t.give(now, t.tap->values);
  }
}

void Recorders::consume(const SpikeLog& log, std::uint64_t now) {
  Each each;
  if (!log.domains.empty()) {
    for (auto& s : spike_records_) s.take(log.domains[s.domain]);
    for (auto& r : rates_) r.take(log.domains[r.domain], now);
  }
  for (auto& sink : spike_sinks_) {
    each([&, s = sink.get()] {
      for (std::size_t d = 0; d < log.domains.size(); ++d) {
        if (!log.domains[d].ids.empty()) s->spikes(d, log.domains[d].stamps, log.domains[d].ids);
      }
      s->complete(now);
    });
  }
  for (auto& t : state_taps_) {
    const auto width = t.tap->neurons.size();
    each([&, tap = &t] {
      for (std::size_t f = 0; f < tap->tap->steps.size(); ++f) {
        tap->give(tap->tap->steps[f], std::span<const double>(tap->tap->values).subspan(f * width, width));
      }
    });
  }
  each.done();
}

void Recorders::flush(double time_ms) {
  Each each;
  for (auto& s : spike_sinks_) each([&, sink = s.get()] { sink->flush(time_ms); });
  for (auto& t : state_taps_) {
    if (t.sink) each([&, sink = t.sink.get()] { sink->flush(time_ms); });
  }
  each.done();
}

void Recorders::restart() {
  for (auto& s : spike_records_) s.record->clear();
  for (auto& s : spike_sinks_) s->restart();
  for (auto& r : rates_) {
    r.record->clear();
    r.begin(0);
  }
  for (auto& t : state_taps_) {
    t.record->clear();
    if (t.sink) t.sink->restart();
    t.next = 0;
  }
}

// ------------------------------------------------------------------------------------------------------------------ going back

Recorders::Position Recorders::position(std::uint64_t step) const {
  Position p;
  p.step = step;
  for (const auto& t : state_taps_) p.next.push_back(t.next);
  for (const auto& r : rates_) p.windows.push_back(r.window);
  return p;
}

std::string Recorders::RateTap::text() const {
  base::Hasher ids;
  for (const auto n : record->neurons()) ids.add(n);
  return record->population() + " every " + std::to_string(schedule.every) + " from " + std::to_string(schedule.first) + " to " +
         std::to_string(schedule.last) + " of " + ids.digest().hex();
}

Recorders::Windows Recorders::windows() const {
  Windows out;
  for (const auto& r : rates_) {
    out.of.push_back(r.text());
    out.windows.insert(out.windows.end(), {r.window.end, r.window.count});
  }
  return out;
}

Recorders::Position Recorders::position_after(std::uint64_t step, const Windows& windows) const {
  Position p;
  p.step = step;
  p.next.assign(state_taps_.size(), step == 0 ? 0 : step + 1);
  for (const auto& r : rates_) {
    const auto at = std::find(windows.of.begin(), windows.of.end(), r.text());
    auto& window = p.windows.emplace_back();
    const auto k = static_cast<std::size_t>(at - windows.of.begin());
    if (at != windows.of.end() && windows.windows[2 * k] > step) window = {windows.windows[2 * k], windows.windows[2 * k + 1]};
  }
  return p;
}

/// What was attached after the position was taken begins at its step.
std::uint64_t Recorders::next_of(const Position& position, std::size_t tap) const {
  return tap < position.next.size() ? position.next[tap] : position.step;
}

void Recorders::require_rewindable(const Position& position, std::uint64_t now) const {
  const auto refuse = [] {
    throw UserError("restore", "a sink that the simulation streams to cannot go back in time",
                    "record in memory, or store the start (time 0), to which every sink goes back");
  };
  if (position.step == 0) return;
  for (const auto& s : spike_sinks_) {
    if (position.step < now && !s->can_rewind()) refuse();
  }
  for (std::size_t k = 0; k < state_taps_.size(); ++k) {
    const auto& t = state_taps_[k];
    if (t.sink && next_of(position, k) < t.next && !t.sink->can_rewind()) refuse();
  }
}

void Recorders::rewind(const Position& position, std::uint64_t now) {
  for (auto& s : spike_records_) s.record->cut(position.step);
  for (std::size_t k = 0; k < rates_.size(); ++k) {
    rates_[k].record->cut(position.step + 1);
    if (k < position.windows.size() && position.windows[k].end > 0) {
      rates_[k].window = position.windows[k];
    } else {
      rates_[k].begin(position.step);
    }
  }
  Each each;
  const auto back = [&](auto* sink, std::uint64_t step) {
    each([&] { sink->can_rewind() ? sink->rewind(step) : sink->restart(); });
  };
  for (auto& s : spike_sinks_) {
    if (position.step < now) back(s.get(), position.step);
  }
  for (std::size_t k = 0; k < state_taps_.size(); ++k) {
    auto& t = state_taps_[k];
    const auto next = next_of(position, k);
    if (t.sink && next < t.next) back(t.sink.get(), next);
    t.record->cut(next);
    t.next = next;
  }
  each.done();
}

}  // namespace ranvier::engine
