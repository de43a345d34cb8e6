#include "engine/recorders.hpp"

#include <algorithm>
#include <exception>

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

/// All of one stamp at a time.
void append(SpikeRecord& record, const SpikeLog::Domain& spikes) {
  for (std::size_t i = 0, end = 0; i < spikes.ids.size(); i = end) {
    while (end < spikes.ids.size() && spikes.stamps[end] == spikes.stamps[i]) ++end;
    record.append(spikes.stamps[i], std::span(spikes.ids).subspan(i, end - i));
  }
}

}  // namespace

void Recorders::add(std::size_t domain, std::shared_ptr<SpikeRecord> record) {
  spike_records_.emplace_back(domain, std::move(record));
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

std::vector<FrameTap*> Recorders::taps() {
  std::vector<FrameTap*> out;
  for (auto& t : state_taps_) out.push_back(t.tap.get());
  return out;
}

std::uint64_t Recorders::longest_chunk() const {
  std::uint64_t bytes_per_step = 1;
  for (const auto& t : state_taps_) bytes_per_step += t.tap->neurons.size() * 8 / t.tap->every + 8;
  return std::max<std::uint64_t>(1, (std::uint64_t{16} << 20) / bytes_per_step);
}

void Recorders::StateTap::give(std::uint64_t step, std::span<const double> values) {
  if (step < next) return;
  next = step + 1;
  sink ? sink->frame(step, values) : record->append(step, values);
}

void Recorders::catch_up(Core& core) {
  const auto now = core.state().step;
  for (auto& t : state_taps_) {
    if (now % t.tap->every != 0 || now < t.next) continue;
    core.frame(*t.tap);
    t.give(now, t.tap->values);
  }
}

void Recorders::consume(const SpikeLog& log) {
  Each each;
  if (!log.domains.empty()) {
    for (auto& [domain, record] : spike_records_) append(*record, log.domains[domain]);
  }
  for (auto& sink : spike_sinks_) {
    each([&, s = sink.get()] {
      for (std::size_t d = 0; d < log.domains.size(); ++d) {
        if (!log.domains[d].ids.empty()) s->spikes(d, log.domains[d].stamps, log.domains[d].ids);
      }
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
  for (auto& [domain, record] : spike_records_) record->clear();
  for (auto& s : spike_sinks_) s->restart();
  for (auto& t : state_taps_) {
    t.record->clear();
    if (t.sink) t.sink->restart();
    t.next = 0;
  }
}

}  // namespace ranvier::engine
