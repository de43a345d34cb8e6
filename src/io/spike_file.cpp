// SONATA spike files. Spikes wait in memory and go to HDF5 only inside a flush, so that nothing is half there between two.
#include <algorithm>
#include <array>
#include <limits>

#include "io/hdf5.hpp"
#include "io/recording.hpp"
#include "base/step_clock.hpp"
#include "ranvier/io.hpp"
#include "ranvier/units.hpp"

namespace ranvier::io {
namespace {

constexpr hsize_t spikes_a_chunk = 8192;
constexpr std::size_t bytes_a_spike = 16;
constexpr const char* what = "spikes";

// The `sorting` of SONATA's specification.
enum class Sorting : std::uint8_t { none = 0, by_id = 1, by_time = 2 };

void write_sorting(hid_t group, Sorting sorting) {
  Handle type = checked(H5Tenum_create(H5T_NATIVE_UINT8), H5Tclose, "H5Tenum_create");
  constexpr std::array<std::pair<const char*, Sorting>, 3> members = {
      {{"none", Sorting::none}, {"by_id", Sorting::by_id}, {"by_time", Sorting::by_time}}};
  for (const auto& [name, value] : members) check(H5Tenum_insert(type.id(), name, &value), "H5Tenum_insert");
  write_attribute(group, "sorting", type.id(), type.id(), &sorting);
}

struct Column {
  Population population;
  Handle group, timestamps, node_ids;
  std::vector<double> times;  // waiting
  std::vector<std::uint64_t> ids;
  hsize_t written = 0;
  double last = -std::numeric_limits<double>::infinity();
  bool sorted = true, marked_sorted = true;
};

}  // namespace

struct SpikeFile::Impl {
  Impl(const std::filesystem::path& path, std::vector<Population>&& populations, double dt_ms, const Attributes& attributes,
       const FileOptions& options)
      : clock(dt_ms), recording(path, attributes, options) {
    if (recording.resumed()) {
      resume(std::move(populations), *options.resume_ms);
      return;
    }
    Handle spikes = create_group(recording.id(), "spikes");
    for (Population& population : populations) {
      Column& column = columns.emplace_back();
      column.population = std::move(population);
      column.group = create_group(spikes.id(), column.population.name);
      write_sorting(column.group.id(), Sorting::by_time);
      write_attribute(column.group.id(), "size", column.population.size);
      write_attribute(column.group.id(), "index", std::uint64_t{columns.size() - 1});
      column.timestamps = create_growing(column.group.id(), "timestamps", H5T_IEEE_F64LE, {0}, {spikes_a_chunk});
      write_attribute(column.timestamps.id(), "units", std::string("ms"));
      column.node_ids = create_growing(column.group.id(), "node_ids", H5T_STD_U64LE, {0}, {spikes_a_chunk});
    }
    recording.begin(what);
  }

  /// All is opened and counted before anything is cut, and the cut is in the file before anything follows it: what is freed by it may be
  /// overwritten.
  void resume(std::vector<Population>&& populations, double time_ms) {
    const double until = InputFile(recording.path()).number("/ranvier", "until_ms").value_or(-std::numeric_limits<double>::infinity());
    if (until < time_ms) {
      throw recording.unlike(kept_text(what, until) + ", and the run goes on from t = " + to_string(time_ms * units::ms));
    }
    for (Population& population : populations) {
      Column& column = columns.emplace_back();
      column.population = std::move(population);
      const std::string group = "/spikes/" + column.population.name;
      column.group = Handle(H5Gopen2(recording.id(), group.c_str(), H5P_DEFAULT), H5Gclose);
      column.timestamps = Handle(column.group ? H5Dopen2(column.group.id(), "timestamps", H5P_DEFAULT) : -1, H5Dclose);
      column.node_ids = Handle(column.group ? H5Dopen2(column.group.id(), "node_ids", H5P_DEFAULT) : -1, H5Dclose);
      if (!column.timestamps || !column.node_ids) throw recording.unlike("it holds no spikes of population '" + column.population.name + "'");
      column.written = count_up_to(column.timestamps.id(), time_ms, column.last);
    }
    for (Column& column : columns) {
      cut_rows(column.timestamps.id(), column.written);
      cut_rows(column.node_ids.id(), column.written);
    }
    advanced = true;
    reached = time_ms;
    recording.commit(what, time_ms);
  }

  Column& column(std::size_t population) {
    if (population >= columns.size()) throw InternalError("spikes of a population that the file was not told of");
    return columns[population];
  }

  void add(Column& column, double time, std::uint64_t id) {
    column.sorted = column.sorted && time >= column.last;
    column.last = time;
    column.times.push_back(time);
    column.ids.push_back(id);
  }

  // What the file can claim: advance() if it is used, else the last stamp.
  [[nodiscard]] double until() const {
    if (advanced) return reached;
    double last = -std::numeric_limits<double>::infinity();
    for (const Column& column : columns) last = std::max(last, column.last);
    return last;
  }

  void drain() {
    for (Column& column : columns) {
      append_rows(column.timestamps.id(), H5T_NATIVE_DOUBLE, column.times.data(), column.written, column.times.size());
      append_rows(column.node_ids.id(), H5T_NATIVE_UINT64, column.ids.data(), column.written, column.ids.size());
      column.written += column.times.size();
      column.times.clear();
      column.ids.clear();
      if (!column.sorted && column.marked_sorted) {
        write_sorting(column.group.id(), Sorting::none);
        column.marked_sorted = false;
      }
    }
    waiting = 0;
  }

  void flush() {
    if (!recording.open()) return;
    Hdf5Session session;
    drain();
    recording.commit(what, until());
  }

  void close() {
    if (!recording.open()) return;
    Hdf5Session session;
    drain();
    for (Column& column : columns) {
      column.timestamps.reset();
      column.node_ids.reset();
      column.group.reset();
    }
    recording.close(what, until());
  }

  void appended(std::size_t count) {
    waiting += count * bytes_a_spike;
    if (recording.due(waiting)) flush();
  }

  base::StepClock clock;
  Recording recording;  // before the columns: their handles close first
  std::vector<Column> columns;
  std::size_t waiting = 0;
  double reached = -std::numeric_limits<double>::infinity();
  bool advanced = false;
};

SpikeFile::SpikeFile(const std::filesystem::path& path, std::vector<Population> populations, double dt_ms,
                     const Attributes& attributes, const FileOptions& options) {
  for (std::size_t i = 0; i < populations.size(); ++i) {
    require_object_name("population", populations[i].name);
    for (std::size_t j = 0; j < i; ++j) {
      if (populations[i].name == populations[j].name) {
        throw UserError(path.string(), "two populations have the name '" + populations[i].name + "'", "rename one of them");
      }
    }
  }
  Hdf5Session session;
  impl_ = std::make_unique<Impl>(path, std::move(populations), dt_ms, attributes, options);
}

SpikeFile::~SpikeFile() {
  Hdf5Session session;
  try {
    impl_->close();
  } catch (...) {
    // Whoever wants to know calls close().
  }
  impl_.reset();
}

void SpikeFile::append(std::size_t population, std::int64_t step, std::span<const std::uint32_t> ids) {
  if (!impl_->recording.open() || ids.empty()) return;
  Column& column = impl_->column(population);
  const double time = impl_->clock(step);
  for (std::uint32_t id : ids) impl_->add(column, time, id);
  impl_->appended(ids.size());
}

void SpikeFile::append(std::size_t population, std::span<const std::int64_t> steps, std::span<const std::uint32_t> ids) {
  if (!impl_->recording.open()) return;
  if (steps.size() != ids.size()) throw InternalError("steps and ids of spikes differ in number");
  Column& column = impl_->column(population);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool again = i > 0 && steps[i] == steps[i - 1];
    impl_->add(column, again ? column.last : impl_->clock(steps[i]), ids[i]);
  }
  impl_->appended(ids.size());
}

void SpikeFile::append_times(std::size_t population, std::span<const double> times_ms, std::span<const std::uint64_t> ids) {
  if (!impl_->recording.open()) return;
  if (times_ms.size() != ids.size()) throw InternalError("times and ids of spikes differ in number");
  Column& column = impl_->column(population);
  for (std::size_t i = 0; i < ids.size(); ++i) impl_->add(column, times_ms[i], ids[i]);
  impl_->appended(ids.size());
}

void SpikeFile::advance(std::int64_t step) {
  if (!impl_->recording.open()) return;
  impl_->advanced = true;
  impl_->reached = impl_->clock(step);
  if (impl_->recording.due(impl_->waiting)) impl_->flush();
}

void SpikeFile::flush() { impl_->flush(); }
void SpikeFile::close() { impl_->close(); }
double SpikeFile::written_until() const { return impl_->recording.written_until(); }

}  // namespace ranvier::io
