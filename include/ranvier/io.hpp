// Recording to files: spikes, state variables and connectivity as SONATA (HDF5) or CSV, and reading them back.
// What was flushed survives a killed program: see "Crash safety" below. Times are in milliseconds throughout.
//
//   io::SpikeFile file{"spikes.h5", {{"E", 3200}, {"I", 800}}, 0.1};    // UserError now if it cannot be written
//   file.append(0, step, ids_that_spiked);                              // stamps of a population never decrease
//   file.advance(step);                                                 // everything up to this step has been given
//   file.close();
//   io::SpikeData data = io::read_spikes("spikes.h5");                  // data.populations[0].times, .ids
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ranvier/error.hpp"
#include "ranvier/positions.hpp"

namespace ranvier::io {

// Crash safety
// ------------
// A writer flushes when it is made, then at least once a second of wall-clock time (checked at append and advance), when
// its buffer is full, on flush() and on close(). Between two flushes nothing that a reader of the file looks at changes,
// so a file whose writer was killed (SIGKILL) opens with any HDF5 reader and holds everything up to the last flush;
// attribute `until_ms` of group /ranvier says how far that is, `complete` is 0. A flush first writes new data where no
// reader looks, then the few kilobytes of changed metadata, checksummed, to `<path>.journal`, and only then the metadata
// in place. A kill inside that last write can leave the file torn: `recover(path)` then completes it from the journal, and
// the readers below refuse to read such a file and say so. close() removes the journal. A journal that was left over is
// dropped when a new file is written to the same path. Two writers of one path: the second gets a UserError.
// Nothing is synchronised to the device unless `sync` is set: without it a power failure may lose or tear the file.
//
// Failing disks: the first write that fails (disk full, quota, file size limit) raises a UserError that says how far the
// file goes; the file keeps the state of the last flush and is readable, close() and destructors stay silent. A file size
// limit (RLIMIT_FSIZE) is reported likewise if the program ignores SIGXFSZ.

/// Time of grid point `step`: the double nearest to step × dt, dt read as the shortest decimal that gives `dt_ms`.
/// So step 3 at 0.1 ms is 0.3, where 3 * 0.1 would be 0.30000000000000004.
[[nodiscard]] double step_time(std::int64_t step, double dt_ms);

/// Free text that goes into the file, as (name, value) pairs: program version, seed, dt, command line.
using Attributes = std::vector<std::pair<std::string, std::string>>;

struct Population {
  std::string name;
  std::uint64_t size = 0;  ///< number of neurons; ids are 0 .. size-1
};

struct FileOptions {
  double flush_seconds = 1.0;              ///< at most this much wall-clock time is lost by a kill
  /// Flushed early when this much waits, over all populations: the most that a full disk can cost.
  std::size_t buffer_bytes = std::size_t{1} << 20;
  bool sync = false;                       ///< fdatasync at every flush: survives power failures, costs milliseconds each
  /// Goes on with a file that is there: what it holds after this time (ms) is cut off, and what is appended follows. Without such a file a new
  /// one is begun. UserError if it is another kind of file, of other populations, attributes, variables or neurons, or ends before that time
  /// (of text the header alone is compared); what its writer's kill left torn is made whole first.
  std::optional<double> resume_ms = {};
};

/// Where spikes are written to. Errors: UserError at construction (path) and, once, from append/advance/flush/close (disk);
/// after such an error all calls do nothing. Not for concurrent use; different writers may run in different threads.
class SpikeWriter {
 public:
  virtual ~SpikeWriter() = default;
  /// Spikes of one step of population number `population`: ids (ascending, if the order within a step is to be defined).
  virtual void append(std::size_t population, std::int64_t step, std::span<const std::uint32_t> ids) = 0;
  /// The same for spikes of several steps: `steps[i]` and `ids[i]` belong together.
  virtual void append(std::size_t population, std::span<const std::int64_t> steps, std::span<const std::uint32_t> ids) = 0;
  /// Spikes at times off the grid (ms).
  virtual void append_times(std::size_t population, std::span<const double> times_ms, std::span<const std::uint64_t> ids) = 0;
  /// Every spike stamped `step` or earlier, of every population, has been given. Flushes when it is time to.
  virtual void advance(std::int64_t step) = 0;
  virtual void flush() = 0;
  /// Writes what is left. The destructor does it too, but silently.
  virtual void close() = 0;
  /// All spikes up to this time are in the file (ms); -infinity before the first advance().
  [[nodiscard]] virtual double written_until() const = 0;
};

/// SONATA spike file: /spikes/<population>/{timestamps, node_ids}, sorting by_time (none if stamps did decrease).
class SpikeFile final : public SpikeWriter {
 public:
  SpikeFile(const std::filesystem::path& path, std::vector<Population> populations, double dt_ms, const Attributes& attributes = {},
            const FileOptions& options = {});
  ~SpikeFile() override;
  SpikeFile(const SpikeFile&) = delete;
  SpikeFile& operator=(const SpikeFile&) = delete;
  void append(std::size_t population, std::int64_t step, std::span<const std::uint32_t> ids) override;
  void append(std::size_t population, std::span<const std::int64_t> steps, std::span<const std::uint32_t> ids) override;
  void append_times(std::size_t population, std::span<const double> times_ms, std::span<const std::uint64_t> ids) override;
  void advance(std::int64_t step) override;
  void flush() override;
  void close() override;
  [[nodiscard]] double written_until() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Spikes as text: header `time_ms,population,id`, one line a spike, times with as many digits as they need.
/// Lines are written whole; a kill may cut the last one. Any path that can be written will do, pipes included.
class SpikeCsv final : public SpikeWriter {
 public:
  SpikeCsv(const std::filesystem::path& path, std::vector<Population> populations, double dt_ms, const FileOptions& options = {});
  ~SpikeCsv() override;
  SpikeCsv(const SpikeCsv&) = delete;
  SpikeCsv& operator=(const SpikeCsv&) = delete;
  void append(std::size_t population, std::int64_t step, std::span<const std::uint32_t> ids) override;
  void append(std::size_t population, std::span<const std::int64_t> steps, std::span<const std::uint32_t> ids) override;
  void append_times(std::size_t population, std::span<const double> times_ms, std::span<const std::uint64_t> ids) override;
  void advance(std::int64_t step) override;
  void flush() override;
  void close() override;
  [[nodiscard]] double written_until() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The writer that the file's name asks for: .h5, .hdf5, .sonata → SpikeFile; .csv → SpikeCsv; others are a UserError.
[[nodiscard]] std::unique_ptr<SpikeWriter> open_spikes(const std::filesystem::path& path, std::vector<Population> populations,
                                                       double dt_ms, const Attributes& attributes = {},
                                                       const FileOptions& options = {});

/// The neurons of one population that a report covers, in the order of the columns of its frames. No id twice.
struct ReportPopulation {
  std::string name;
  std::vector<std::uint64_t> ids;
  std::vector<std::uint32_t> pre{}, post{};  ///< of synapses: their ends, one each a column, kept as mapping/pre_ids and mapping/post_ids
};

/// Frame k of a report is the state at grid point first_step + k × every.
struct ReportTiming {
  double dt_ms = 0.1;
  std::int64_t first_step = 0;
  std::int64_t every = 1;
};

/// One recorded variable: its name and the unit of the numbers (`mV`).
struct ReportVariable {
  std::string name, unit;
  bool single_precision = false;  ///< store f32; else f64
};

/// Where the values of one variable are written to, frame by frame. Errors and threads as in SpikeWriter.
class ReportWriter {
 public:
  virtual ~ReportWriter() = default;
  /// One or more whole frames of population number `population`: frames × ids values, frame by frame.
  virtual void append(std::size_t population, std::span<const double> frames) = 0;
  virtual void append(std::size_t population, std::span<const float> frames) = 0;
  virtual void flush() = 0;
  virtual void close() = 0;
  /// Time of the last frame that is in the file for every population (ms); -infinity before the first.
  [[nodiscard]] virtual double written_until() const = 0;
};

/// SONATA report: /report/<population>/data [frames × neurons] and /mapping. SONATA has one variable a file.
class ReportFile final : public ReportWriter {
 public:
  ReportFile(const std::filesystem::path& path, const ReportVariable& variable, std::vector<ReportPopulation> populations,
             const ReportTiming& timing, const Attributes& attributes = {}, const FileOptions& options = {});
  ~ReportFile() override;
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;
  void append(std::size_t population, std::span<const double> frames) override;
  void append(std::size_t population, std::span<const float> frames) override;
  void flush() override;
  void close() override;
  [[nodiscard]] double written_until() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A report as text: header `time_ms,population,id,<variable>`, one line a value.
class ReportCsv final : public ReportWriter {
 public:
  ReportCsv(const std::filesystem::path& path, const ReportVariable& variable, std::vector<ReportPopulation> populations,
            const ReportTiming& timing, const FileOptions& options = {});
  ~ReportCsv() override;
  ReportCsv(const ReportCsv&) = delete;
  ReportCsv& operator=(const ReportCsv&) = delete;
  void append(std::size_t population, std::span<const double> frames) override;
  void append(std::size_t population, std::span<const float> frames) override;
  void flush() override;
  void close() override;
  [[nodiscard]] double written_until() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// As open_spikes: by the file's name.
[[nodiscard]] std::unique_ptr<ReportWriter> open_report(const std::filesystem::path& path, const ReportVariable& variable,
                                                        std::vector<ReportPopulation> populations, const ReportTiming& timing,
                                                        const Attributes& attributes = {}, const FileOptions& options = {});

/// The file of one of several variables: `{variable}` in `pattern` becomes its name ("out/{variable}.h5" → "out/V.h5").
/// Without it, the pattern is the path of the only variable; with `several` that is a UserError.
[[nodiscard]] std::filesystem::path report_path(std::string_view pattern, std::string_view variable, bool several);

/// Realised connectivity of one projection, as read from a file: synapse i goes from pre[i] to post[i].
struct Edges {
  std::string name, source, target;                ///< projection, population of pre, population of post
  std::uint64_t source_size = 0, target_size = 0;  ///< neurons in them
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight;  ///< in weight_unit; one value if all are equal
  std::vector<double> delay;   ///< ms; one value if all are equal, none if not recorded
  std::string weight_unit = "nS";
};

/// The same to be written: any order of synapses, which reading gives back.
struct EdgesView {
  std::string_view name, source, target;
  std::uint64_t source_size = 0, target_size = 0;
  std::span<const std::uint32_t> pre, post;
  std::span<const double> weight;  ///< one a synapse, or one for all
  std::span<const double> delay;   ///< one a synapse, one for all, or none
  std::string_view weight_unit = "nS";
};

/// Writes a SONATA edges file: one /edges/<name> for each projection, with both indices. Replaces `path` only once the new
/// file is whole. UserError: path, disk, an id outside its population, arrays that do not fit.
void write_edges(const std::filesystem::path& path, std::span<const EdgesView> projections, const Attributes& attributes = {});

/// Reads one projection (any file in SONATA's form with group "0"; an empty name means the only one).
[[nodiscard]] Edges read_edges(const std::filesystem::path& path, std::string_view name = {});

/// Reads a list of pairs from text: two or more columns `pre,post[,weight[,delay]]`, with or without a header.
[[nodiscard]] Edges read_edges_csv(const std::filesystem::path& path);

/// One value per neuron of a state or parameter.
struct NodeValues {
  std::string name, unit;
  std::vector<double> values;
};
struct NodePopulation {
  std::string name;
  std::uint64_t size = 0;
  std::int64_t type = 0;             ///< node_type_id, of all its neurons
  std::vector<NodeValues> dynamics;  ///< dynamics_params
  Points points;                     ///< datasets x, y, z; no dimensions: the neurons are nowhere
};
/// Writes a SONATA nodes file. UserError: path, disk, a name that cannot be a group, values that do not fit.
void write_nodes(const std::filesystem::path& path, std::span<const NodePopulation> populations, const Attributes& attributes = {});
/// Reads one. UserError: cannot be read, another version of SONATA, no /nodes, a dataset missing or of another length.
[[nodiscard]] std::vector<NodePopulation> read_nodes(const std::filesystem::path& path);

struct SpikePopulation {
  std::string name;
  std::uint64_t size = 0;  ///< 0 if the file does not say
  std::vector<double> times;        ///< ms
  std::vector<std::uint64_t> ids;
};
struct SpikeData {
  std::vector<SpikePopulation> populations;  ///< in the order given to the writer (else by name)
  Attributes attributes;
  double until = 0;       ///< ms; everything up to here is there (last spike if the file does not say)
  bool complete = true;   ///< false: the writer did not close the file
};
/// Reads a SONATA spike file, ours or another program's. UserError: cannot be read, not a spike file, torn (recover it).
[[nodiscard]] SpikeData read_spikes(const std::filesystem::path& path);

struct ReportSeries {
  std::string name, unit;
  std::vector<std::uint64_t> ids;
  std::vector<double> times;   ///< ms, one a frame
  std::vector<double> values;  ///< frames × ids
  std::vector<std::uint32_t> pre{}, post{};  ///< of synapses: their ends
};
struct ReportData {
  std::vector<ReportSeries> populations;
  Attributes attributes;
  bool complete = true;
};
/// Reads a SONATA report with one element a neuron. Errors as read_spikes.
[[nodiscard]] ReportData read_report(const std::filesystem::path& path);

struct Recovery {
  bool replayed = false;  ///< the file was torn and was completed from the journal
  bool complete = false;  ///< the writer had closed the file: nothing was missing
  double until = 0;       ///< ms; what was recorded up to here is there (-infinity: nothing)
  struct Part {
    std::string population;
    std::uint64_t count = 0;  ///< spikes, or frames of a report
  };
  std::vector<Part> parts;
};
/// Makes a file whole whose writer was killed, and removes its journal. Harmless on a good file.
/// UserError: no such file, its writer is still running, or nothing had been flushed.
Recovery recover(const std::filesystem::path& path);

}  // namespace ranvier::io
