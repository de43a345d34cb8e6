// What connects a simulation to files: sinks (record.hpp) that write to the files of io.hpp, chosen by the file's name.
// The file is opened when the sink is attached to a simulation, that is before the run; reset() of the simulation
// empties it.
//
//   auto file = std::make_shared<io::SpikeFileSink>("spikes.h5");
//   sim.stream(file);                      // UserError now if it cannot be written
//   sim.run(100 * ms);
//   file->close();                         // says so if the disk is full; the destructor is silent
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ranvier/connect.hpp"
#include "ranvier/io.hpp"
#include "ranvier/record.hpp"

namespace ranvier::io {

/// All spikes of a simulation, as SONATA (.h5, .hdf5, .sonata) or text (.csv).
class SpikeFileSink final : public SpikeSink {
 public:
  explicit SpikeFileSink(std::filesystem::path path, Attributes attributes = {}, FileOptions options = {});
  void begin(const std::vector<PopulationInfo>& populations, double dt_ms) override;
  void spikes(std::size_t population, std::span<const std::uint64_t> stamps,
              std::span<const std::uint32_t> ids) override;
  void complete(std::uint64_t step) override;
  void flush(double time_ms) override;
  void restart() override;
  /// Writes what is left and ends the file. UserError if the disk fails. Harmless if repeated.
  void close();
  /// Everything up to this time is in the file (ms); -infinity if nothing is.
  [[nodiscard]] double written_until() const;

 private:
  void open();
  std::filesystem::path path_;
  Attributes attributes_;
  FileOptions options_;
  std::vector<Population> populations_;
  double dt_ms_ = 0;
  std::unique_ptr<SpikeWriter> writer_;
};

/// One report of one variable of one or more populations, as SONATA or text. Hands out one sink for each population;
/// the file is opened when the last of them is attached to the simulation.
class ReportOutput : public std::enable_shared_from_this<ReportOutput> {
 public:
  struct Options {
    bool single_precision = false;  ///< store f32; else f64
    Attributes attributes = {};
    FileOptions file = {};
  };
  /// `count` populations share the file.
  static std::shared_ptr<ReportOutput> make(std::filesystem::path path, std::size_t count, Options options);
  /// The sinks, in the order in which populations appear in the file.
  [[nodiscard]] std::vector<std::shared_ptr<StateSink>> sinks();
  void close();
  [[nodiscard]] double written_until() const;

 private:
  class Sink;
  ReportOutput(std::filesystem::path path, std::size_t count, Options options);
  void begin(std::size_t number, const StateRecord& description);
  void frame(std::size_t number, std::uint64_t step, std::span<const double> values);
  void open();
  std::filesystem::path path_;
  std::size_t count_;
  Options options_;
  ReportVariable variable_;
  ReportTiming timing_;
  std::vector<ReportPopulation> populations_;
  std::size_t begun_ = 0;
  bool empty_ = true;
  std::unique_ptr<ReportWriter> writer_;
};

/// The rule that makes the connections of a file again: net.connect(E, I, edges_rule(read_edges("edges.h5",
/// "E_to_I"))). Weights (in nS, or the unit of the file) and delays come along where they differ between synapses; one
/// constant is left to Projection::weight() and delay(), so that arrivals are counted as in the network that was saved.
[[nodiscard]] inline Rule edges_rule(const Edges& edges) {
  PairList list{edges.pre, edges.post, {}, {}, "edges '" + edges.name + "'"};
  if (edges.weight.size() > 1) list.weight = edges.weight;
  if (edges.delay.size() > 1) list.delay = edges.delay;
  return explicit_list(std::move(list)).multiple(true);
}

}  // namespace ranvier::io
