// What is attached to a simulation: records in memory and sinks, fed from the spike log and the frame taps of each chunk.
//
//   Recorders r;  r.add_spikes(domain, record);  r.begin(core);  r.consume(core, log);  r.flush(time);
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core.hpp"
#include "ranvier/record.hpp"

namespace ranvier::engine {

/// One number of a frame: sums in blocks of 1,024 and then pairwise. `values` must not be empty.
[[nodiscard]] double reduced(std::span<const double> values, Reduce how);

class Recorders {
 public:
  /// `neurons`: those that are wanted; empty: all.
  void add(std::size_t domain, std::shared_ptr<SpikeRecord> record, const FrameSchedule& schedule, const std::vector<std::uint32_t>& neurons);
  void add(std::shared_ptr<SpikeSink> sink, const Core& core);
  void add(FrameTap tap, std::shared_ptr<StateRecord> record, std::shared_ptr<StateSink> sink);
  /// Spikes per neuron and second of the record's neurons over windows of schedule.every steps.
  void add_rate(std::size_t domain, std::shared_ptr<StateRecord> record, const FrameSchedule& schedule, std::uint64_t now, std::uint64_t size);

  [[nodiscard]] bool wants_spikes() const { return !spike_records_.empty() || !spike_sinks_.empty() || !rates_.empty(); }
  [[nodiscard]] std::vector<FrameTap*> taps();
  /// Most steps of a chunk so that frames take at most some 16 MiB.
  [[nodiscard]] std::uint64_t longest_chunk() const;
  /// Takes the frames at the present time that are due and not yet taken.
  void catch_up(Core& core);
  /// Everything that is attached gets its part, whatever a sink throws; the first exception is then thrown on. `now`: completed steps.
  void consume(const SpikeLog& log, std::uint64_t now);
  void flush(double time_ms);
  void restart();

  /// How far everything that is attached has come.
  struct Position {
    struct Window {
      std::uint64_t end = 0, count = 0;  ///< no end: the first whole window that starts at `step` or later
    };
    std::uint64_t step = 0;
    std::vector<std::uint64_t> next;
    std::vector<Window> windows;
  };
  [[nodiscard]] Position position(std::uint64_t step) const;
  /// The windows of the rates that are under way, for whoever records the same in another process.
  struct Windows {
    std::vector<std::string> of;         ///< what is recorded, a line each
    std::vector<std::uint64_t> windows;  ///< end and count of each
  };
  [[nodiscard]] Windows windows() const;
  /// After `step`, with the frames of that time behind (those of step 0 are yet to come).
  [[nodiscard]] Position position_after(std::uint64_t step, const Windows& windows) const;
  /// UserError if a sink cannot go back there from step `now`; nothing is changed then.
  void require_rewindable(const Position& position, std::uint64_t now) const;
  void rewind(const Position& position, std::uint64_t now);

 private:
  struct StateTap {
    std::unique_ptr<FrameTap> tap;
    std::shared_ptr<StateRecord> record;
    std::shared_ptr<StateSink> sink;
    std::uint64_t next = 0;  ///< first step not yet taken
    void give(std::uint64_t step, std::span<const double> values);
  };
  struct SpikeTap {
    std::size_t domain = 0;
    std::shared_ptr<SpikeRecord> record;
    FrameSchedule schedule;
    std::vector<bool> wanted;  ///< by neuron; empty: all
    void take(const SpikeLog::Domain& spikes);
  };
  struct RateTap {
    std::size_t domain = 0;
    std::shared_ptr<StateRecord> record;
    FrameSchedule schedule;
    std::vector<bool> wanted;
    double neurons = 1;
    Position::Window window;
    void begin(std::uint64_t now);
    void take(const SpikeLog::Domain& spikes, std::uint64_t now);
    [[nodiscard]] std::string text() const;
  };
  [[nodiscard]] std::uint64_t next_of(const Position& position, std::size_t tap) const;
  std::vector<SpikeTap> spike_records_;
  std::vector<std::shared_ptr<SpikeSink>> spike_sinks_;
  std::vector<StateTap> state_taps_;
  std::vector<RateTap> rates_;
};

}  // namespace ranvier::engine
