// What is attached to a simulation: records in memory and sinks, fed from the spike log and the frame taps of each chunk.
//
//   Recorders r;  r.add_spikes(domain, record);  r.begin(core);  r.consume(core, log);  r.flush(time);
#pragma once

#include <memory>
#include <vector>

#include "engine/core.hpp"
#include "ranvier/record.hpp"

namespace ranvier::engine {

class Recorders {
 public:
  void add(std::size_t domain, std::shared_ptr<SpikeRecord> record);
  void add(std::shared_ptr<SpikeSink> sink, const Core& core);
  void add(FrameTap tap, std::shared_ptr<StateRecord> record, std::shared_ptr<StateSink> sink);

  [[nodiscard]] bool wants_spikes() const { return !spike_records_.empty() || !spike_sinks_.empty(); }
  [[nodiscard]] std::vector<FrameTap*> taps();
  /// Most steps of a chunk so that frames take at most some 16 MiB.
  [[nodiscard]] std::uint64_t longest_chunk() const;
  /// Takes the frames at the present time that are due and not yet taken.
  void catch_up(Core& core);
  /// Everything that is attached gets its part, whatever a sink throws; the first exception is then thrown on.
  void consume(const SpikeLog& log);
  void flush(double time_ms);
  void restart();

 private:
  struct StateTap {
    std::unique_ptr<FrameTap> tap;
    std::shared_ptr<StateRecord> record;
    std::shared_ptr<StateSink> sink;
    std::uint64_t next = 0;  ///< first step not yet taken
    void give(std::uint64_t step, std::span<const double> values);
  };
  std::vector<std::pair<std::size_t, std::shared_ptr<SpikeRecord>>> spike_records_;
  std::vector<std::shared_ptr<SpikeSink>> spike_sinks_;
  std::vector<StateTap> state_taps_;
};

}  // namespace ranvier::engine
