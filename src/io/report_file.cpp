// SONATA frame reports of one variable. Frames wait in memory and go to HDF5 only inside a flush, as in spike_file.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_set>
#include <utility>

#include "io/hdf5.hpp"
#include "io/recording.hpp"
#include "base/step_clock.hpp"
#include "ranvier/io.hpp"

namespace ranvier::io {
namespace {

constexpr hsize_t values_a_chunk = 32768;
constexpr hsize_t most_frames_a_chunk = 1024;
constexpr const char* what = "frames";

struct Block {
  ReportPopulation population;
  Handle mapping, data;
  std::vector<double> wide;  // waiting, in the precision of the file: one of the two is used
  std::vector<float> narrow;
  hsize_t frames = 0;  // written and waiting

  [[nodiscard]] hsize_t columns() const { return population.ids.size(); }
};

void check_populations(const std::filesystem::path& path, const std::vector<ReportPopulation>& populations) {
  std::unordered_set<std::string> names;
  for (const ReportPopulation& population : populations) {
    require_object_name("population", population.name);
    if (!names.insert(population.name).second) {
      throw UserError(path.string(), "two populations have the name '" + population.name + "'", "rename one of them");
    }
    if (population.ids.empty()) throw UserError(path.string(), "no neuron of '" + population.name + "' is to be recorded");
    for (const auto* ends : {&population.pre, &population.post}) {
      if (!ends->empty() && ends->size() != population.ids.size()) throw InternalError("the ends of a report's synapses are not one a column");
    }
    std::unordered_set<std::uint64_t> seen;
    for (std::uint64_t id : population.ids) {
      if (!seen.insert(id).second) {
        throw UserError(path.string(), "neuron " + std::to_string(id) + " of '" + population.name + "' is to be recorded twice",
                        "name each neuron once");
      }
    }
  }
}

}  // namespace

struct ReportFile::Impl {
  Impl(const std::filesystem::path& path, const ReportVariable& variable_, std::vector<ReportPopulation>&& populations,
       const ReportTiming& timing_, const Attributes& attributes, const FileOptions& options)
      : clock(timing_.dt_ms), variable(variable_), timing(timing_), recording(path, attributes, options) {
    if (recording.resumed()) {
      resume(std::move(populations));
      return;
    }
    Handle report = create_group(recording.id(), "report");
    for (ReportPopulation& population : populations) {
      blocks.emplace_back().population = std::move(population);
      create(report.id(), blocks.back());
    }
    recording.begin(what);
  }

  /// The frames before timing.first_step stay; as in SpikeFile, nothing is cut before all is known to fit.
  void resume(std::vector<ReportPopulation>&& populations) {
    const auto next = timing.first_step;
    for (ReportPopulation& population : populations) {
      Block& block = blocks.emplace_back();
      block.population = std::move(population);
      const std::string name = "/report/" + block.population.name;
      block.data = Handle(H5Dopen2(recording.id(), (name + "/data").c_str(), H5P_DEFAULT), H5Dclose);
      block.mapping = Handle(H5Gopen2(recording.id(), (name + "/mapping").c_str(), H5P_DEFAULT), H5Gclose);
      if (!block.data || !block.mapping) throw recording.unlike("it holds no report of population '" + block.population.name + "'");
      const auto there = read_frames(block);
      if (there.variable != variable.name || there.ids != block.population.ids || there.time[2] != clock(timing.every)) {
        throw recording.unlike("its report of population '" + block.population.name + "' is of another variable, of other neurons or of other times");
      }
      const auto first = static_cast<std::int64_t>(std::llround(there.time[0] / clock(1)));
      block.frames = next > first ? static_cast<hsize_t>((next - first) / timing.every) : 0;
      if (block.frames > there.frames) throw recording.unlike("frames before t = " + std::to_string(clock(next)) + " ms are missing");
      timing.first_step = block.frames > 0 ? first : next;
    }
    for (Block& block : blocks) {
      cut_rows(block.data.id(), block.frames);
      write_times(block);
    }
    recording.commit(what, until());
  }

  struct Frames {
    std::string variable;
    std::vector<std::uint64_t> ids;
    std::array<double, 3> time{};
    hsize_t frames = 0;
  };
  [[nodiscard]] Frames read_frames(const Block& block) const {
    Frames out;
    const InputFile file(recording.path());
    const std::string name = "/report/" + block.population.name;
    out.variable = file.text(name + "/data", "variable").value_or("");
    out.ids = file.read<std::uint64_t>(name + "/mapping/node_ids");
    out.frames = file.shape(name + "/data").at(0);
    const auto time = file.read<double>(name + "/mapping/time");
    if (time.size() == 3) std::ranges::copy(time, out.time.begin());
    return out;
  }

  void create(hid_t report, Block& block) {
    Handle group = create_group(report, block.population.name);
    write_attribute(group.id(), "index", std::uint64_t{blocks.size() - 1});
    const hsize_t columns = block.columns();
    const hsize_t wide = std::min(columns, values_a_chunk);
    const hsize_t high = std::clamp<hsize_t>(values_a_chunk / wide, 1, most_frames_a_chunk);
    block.data = create_growing(group.id(), "data", variable.single_precision ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, {0, columns}, {high, wide});
    write_attribute(block.data.id(), "units", variable.unit);
    write_attribute(block.data.id(), "variable", variable.name);
    block.mapping = create_group(group.id(), "mapping");
    const hid_t mapping = block.mapping.id();
    const auto& ids = block.population.ids;
    Handle node_ids = write_dataset(mapping, "node_ids", H5T_STD_U64LE, H5T_NATIVE_UINT64, ids.data(), columns);
    const std::uint8_t sorted = std::ranges::is_sorted(ids) ? 1 : 0;
    write_attribute(node_ids.id(), "sorted", H5T_STD_U8LE, H5T_NATIVE_UINT8, &sorted);
    for (const auto& [name, ends] : {std::pair{"pre_ids", &block.population.pre}, {"post_ids", &block.population.post}}) {
      if (!ends->empty()) write_dataset(mapping, name, H5T_STD_U32LE, H5T_NATIVE_UINT32, ends->data(), ends->size());
    }
    // One element a neuron.
    std::vector<std::uint64_t> pointers(columns + 1);
    for (std::size_t i = 0; i < pointers.size(); ++i) pointers[i] = i;
    write_dataset(mapping, "index_pointers", H5T_STD_U64LE, H5T_NATIVE_UINT64, pointers.data(), columns + 1);
    const std::vector<std::uint32_t> elements(columns, 0);
    write_dataset(mapping, "element_ids", H5T_STD_U32LE, H5T_NATIVE_UINT32, elements.data(), columns);
    // In the object header, that is in the metadata: it changes together with the number of frames.
    const auto times = range(0);
    Handle time = write_dataset(mapping, "time", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, times.data(), times.size(), true);
    write_attribute(time.id(), "units", std::string("ms"));
  }

  // SONATA: frames at start, start + step ... below stop.
  [[nodiscard]] std::array<double, 3> range(hsize_t frames) const {
    return {clock(timing.first_step), clock(timing.first_step + static_cast<std::int64_t>(frames) * timing.every), clock(timing.every)};
  }

  template <typename T>
  void append(std::size_t population, std::span<const T> values) {
    if (!recording.open() || values.empty()) return;
    if (population >= blocks.size()) throw InternalError("frames of a population that the report was not told of");
    Block& block = blocks[population];
    if (values.size() % block.columns() != 0) throw InternalError("the values of a report are not a whole number of frames");
    if (variable.single_precision) {
      for (T value : values) block.narrow.push_back(static_cast<float>(value));
    } else {
      block.wide.insert(block.wide.end(), values.begin(), values.end());
    }
    block.frames += values.size() / block.columns();
    waiting += values.size() * (variable.single_precision ? sizeof(float) : sizeof(double));
    if (recording.due(waiting)) flush();
  }

  [[nodiscard]] double until() const {
    hsize_t frames = std::numeric_limits<hsize_t>::max();
    for (const Block& block : blocks) frames = std::min(frames, block.frames);
    if (blocks.empty() || frames == 0) return -std::numeric_limits<double>::infinity();
    return clock(timing.first_step + static_cast<std::int64_t>(frames - 1) * timing.every);
  }

  void drain() {
    for (Block& block : blocks) {
      const hsize_t rows = (block.wide.size() + block.narrow.size()) / block.columns();
      if (rows == 0) continue;
      const void* data = variable.single_precision ? static_cast<const void*>(block.narrow.data()) : block.wide.data();
      append_rows(block.data.id(), variable.single_precision ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE, data, block.frames - rows, rows);
      block.wide.clear();
      block.narrow.clear();
      write_times(block);
    }
    waiting = 0;
  }

  void write_times(const Block& block) const {
    const auto times = range(block.frames);
    Handle time = checked(H5Dopen2(block.mapping.id(), "time", H5P_DEFAULT), H5Dclose, "H5Dopen2");
    check(H5Dwrite(time.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, times.data()), "H5Dwrite");
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
    for (Block& block : blocks) {
      block.data.reset();
      block.mapping.reset();
    }
    recording.close(what, until());
  }

  base::StepClock clock;
  ReportVariable variable;
  ReportTiming timing;
  Recording recording;  // before the blocks: their handles close first
  std::vector<Block> blocks;
  std::size_t waiting = 0;
};

ReportFile::ReportFile(const std::filesystem::path& path, const ReportVariable& variable, std::vector<ReportPopulation> populations,
                       const ReportTiming& timing, const Attributes& attributes, const FileOptions& options) {
  check_populations(path, populations);
  if (timing.every < 1) throw UserError(path.string(), "records every " + std::to_string(timing.every) + " steps", "give 1 or more");
  Hdf5Session session;
  impl_ = std::make_unique<Impl>(path, variable, std::move(populations), timing, attributes, options);
}

ReportFile::~ReportFile() {
  Hdf5Session session;
  try {
    impl_->close();
  } catch (...) {
    // Whoever wants to know calls close().
  }
  impl_.reset();
}

void ReportFile::append(std::size_t population, std::span<const double> frames) { impl_->append(population, frames); }
void ReportFile::append(std::size_t population, std::span<const float> frames) { impl_->append(population, frames); }
void ReportFile::flush() { impl_->flush(); }
void ReportFile::close() { impl_->close(); }
double ReportFile::written_until() const { return impl_->recording.written_until(); }

}  // namespace ranvier::io
