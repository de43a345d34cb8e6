// Spikes and reports as text, and the choice of a writer by a file's name.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <limits>
#include <system_error>

#include "io/kept_bytes.hpp"
#include "io/recording.hpp"
#include "base/step_clock.hpp"
#include "ranvier/io.hpp"

namespace ranvier::io {

std::uint64_t kept_bytes(const std::filesystem::path& path, const std::string& header, const std::string& header_name, double time_ms,
                         const std::string& remedy) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!std::getline(file, line) || file.eof() || line != header) {
    throw UserError(path.string(), "cannot be gone on with: its first line is not " + header_name, remedy);
  }
  std::uint64_t kept = line.size() + 1;
  while (std::getline(file, line) && !file.eof()) {
    double time = 0;
    const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), time);
    if (failure != std::errc() || *end != ',') {
      throw UserError(path.string(), "cannot be gone on with: a line does not begin with a time, '" + line.substr(0, 40) + "'", remedy);
    }
    if (time > time_ms) break;
    kept += line.size() + 1;
  }
  return kept;
}

namespace {

constexpr double never = -std::numeric_limits<double>::infinity();

// A field as RFC 4180 wants it.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

// Lines that wait, and the file they go to in whole lines. After a failure nothing more is written.
class TextFile {
 public:
  TextFile(const std::filesystem::path& path, const FileOptions& options, const char* what, const std::string& header)
      : path_(path.string()), sync_(options.sync), what_(what), clock_(options) {
    std::error_code ignored;
    const bool resumed = options.resume_ms && std::filesystem::is_regular_file(path, ignored);
    if (resumed) size_ = kept_bytes(path, header, "'" + header + "'", *options.resume_ms, "name another file");
    descriptor_ = open_output(path, O_WRONLY | (resumed ? 0 : O_TRUNC));
    if (!resumed) text_ = header + '\n';
    try {
      if (resumed && (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0 || ::lseek(descriptor_, 0, SEEK_END) < 0)) fail(errno);
      commit(resumed ? *options.resume_ms : never);
    } catch (...) {
      drop();
      throw;
    }
  }
  ~TextFile() { drop(); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  [[nodiscard]] bool open() const { return descriptor_ >= 0; }
  [[nodiscard]] double written_until() const { return until_; }
  [[nodiscard]] bool due() const { return clock_.due(text_.size()); }

  template <typename T>
  void number(T value) {
    std::array<char, 32> digits{};
    text_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  }
  void put(std::string_view text) { text_ += text; }

  void commit(double until) {
    if (!open()) return;
    std::size_t done = 0;
    while (done < text_.size()) {
      const ssize_t put = ::write(descriptor_, text_.data() + done, text_.size() - done);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) fail(put < 0 ? errno : EIO);
      done += static_cast<std::size_t>(put);
    }
    if (sync_) ::fdatasync(descriptor_);
    size_ += done;
    text_.clear();
    until_ = until;
    clock_.flushed();
  }

  void close(double until) {
    if (!open()) return;
    commit(until);
    if (::close(std::exchange(descriptor_, -1)) != 0) fail(errno);
  }

 private:
  void drop() {
    if (open()) ::close(std::exchange(descriptor_, -1));
    text_.clear();
  }
  [[noreturn]] void fail(int error) {
    // Only whole lines of the last flush stay.
    if (open() && ::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) errno = 0;
    drop();
    throw UserError(path_, "cannot be written any further: " + std::generic_category().message(error) + "; " + kept_text(what_, until_),
                    "free some space or write to another disk");
  }

  std::string path_;
  bool sync_;
  const char* what_;
  FlushClock clock_;
  int descriptor_ = -1;
  std::string text_;
  std::uint64_t size_ = 0;
  double until_ = never;
};

}  // namespace

struct SpikeCsv::Impl {
  Impl(const std::filesystem::path& path, const std::vector<Population>& populations, double dt_ms, const FileOptions& options)
      : clock(dt_ms), text(path, options, "spikes", "time_ms,population,id") {
    for (const Population& population : populations) fields.push_back("," + quoted(population.name) + ",");
  }
  void add(std::size_t population, double time, std::uint64_t id) {
    text.number(time);
    text.put(fields[population]);
    text.number(id);
    text.put("\n");
    last = std::max(last, time);
  }
  void require(std::size_t population, bool fits) const {
    if (population >= fields.size()) throw InternalError("spikes of a population that the file was not told of");
    if (!fits) throw InternalError("times and ids of spikes differ in number");
  }
  [[nodiscard]] double until() const { return advanced ? reached : last; }
  void poll() {
    if (text.due()) text.commit(until());
  }

  base::StepClock clock;
  TextFile text;
  std::vector<std::string> fields;
  double last = never, reached = never;
  bool advanced = false;
};

SpikeCsv::SpikeCsv(const std::filesystem::path& path, std::vector<Population> populations, double dt_ms, const FileOptions& options)
    : impl_(std::make_unique<Impl>(path, populations, dt_ms, options)) {}

SpikeCsv::~SpikeCsv() {
  try {
    close();
  } catch (...) {
    // Whoever wants to know calls close().
  }
}

void SpikeCsv::append(std::size_t population, std::int64_t step, std::span<const std::uint32_t> ids) {
  if (!impl_->text.open()) return;
  impl_->require(population, true);
  const double time = impl_->clock(step);
  for (std::uint32_t id : ids) impl_->add(population, time, id);
  impl_->poll();
}
void SpikeCsv::append(std::size_t population, std::span<const std::int64_t> steps, std::span<const std::uint32_t> ids) {
  if (!impl_->text.open()) return;
  impl_->require(population, steps.size() == ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) impl_->add(population, impl_->clock(steps[i]), ids[i]);
  impl_->poll();
}
void SpikeCsv::append_times(std::size_t population, std::span<const double> times_ms, std::span<const std::uint64_t> ids) {
  if (!impl_->text.open()) return;
  impl_->require(population, times_ms.size() == ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) impl_->add(population, times_ms[i], ids[i]);
  impl_->poll();
}
void SpikeCsv::advance(std::int64_t step) {
  if (!impl_->text.open()) return;
  impl_->advanced = true;
  impl_->reached = impl_->clock(step);
  impl_->poll();
}
void SpikeCsv::flush() { impl_->text.commit(impl_->until()); }
void SpikeCsv::close() { impl_->text.close(impl_->until()); }
double SpikeCsv::written_until() const { return impl_->text.written_until(); }

struct ReportCsv::Impl {
  Impl(const std::filesystem::path& path, const ReportVariable& variable, std::vector<ReportPopulation>&& populations_,
       const ReportTiming& timing_, const FileOptions& options)
      : clock(timing_.dt_ms), timing(timing_), populations(std::move(populations_)), frames(populations.size()),
        text(path, options, "frames", "time_ms,population,id," + quoted(variable.name)) {}

  template <typename T>
  void append(std::size_t population, std::span<const T> values) {
    if (!text.open() || values.empty()) return;
    if (population >= populations.size()) throw InternalError("frames of a population that the report was not told of");
    const ReportPopulation& columns = populations[population];
    if (columns.ids.empty() || values.size() % columns.ids.size() != 0) {
      throw InternalError("the values of a report are not a whole number of frames");
    }
    const std::string field = "," + quoted(columns.name) + ",";
    for (std::size_t at = 0; at < values.size(); at += columns.ids.size()) {
      const double time = clock(timing.first_step + frames[population]++ * timing.every);
      for (std::size_t i = 0; i < columns.ids.size(); ++i) {
        text.number(time);
        text.put(field);
        text.number(columns.ids[i]);
        text.put(",");
        text.number(values[at + i]);
        text.put("\n");
      }
    }
    if (text.due()) text.commit(until());
  }
  [[nodiscard]] double until() const {
    const auto least = std::ranges::min_element(frames);
    return least == frames.end() || *least == 0 ? never : clock(timing.first_step + (*least - 1) * timing.every);
  }

  base::StepClock clock;
  ReportTiming timing;
  std::vector<ReportPopulation> populations;
  std::vector<std::int64_t> frames;
  TextFile text;
};

ReportCsv::ReportCsv(const std::filesystem::path& path, const ReportVariable& variable, std::vector<ReportPopulation> populations,
                     const ReportTiming& timing, const FileOptions& options)
    : impl_(std::make_unique<Impl>(path, variable, std::move(populations), timing, options)) {}

ReportCsv::~ReportCsv() {
  try {
    close();
  } catch (...) {
    // Whoever wants to know calls close().
  }
}

void ReportCsv::append(std::size_t population, std::span<const double> frames) { impl_->append(population, frames); }
void ReportCsv::append(std::size_t population, std::span<const float> frames) { impl_->append(population, frames); }
void ReportCsv::flush() { impl_->text.commit(impl_->until()); }
void ReportCsv::close() { impl_->text.close(impl_->until()); }
double ReportCsv::written_until() const { return impl_->text.written_until(); }

namespace {

enum class Format { sonata, csv };

Format format_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  if (extension == ".h5" || extension == ".hdf5" || extension == ".sonata") return Format::sonata;
  if (extension == ".csv") return Format::csv;
  throw UserError(path.string(), "the name does not say in which format to write", "end it in .h5 (SONATA) or .csv");
}

}  // namespace

std::unique_ptr<SpikeWriter> open_spikes(const std::filesystem::path& path, std::vector<Population> populations, double dt_ms,
                                         const Attributes& attributes, const FileOptions& options) {
  if (format_of(path) == Format::csv) return std::make_unique<SpikeCsv>(path, std::move(populations), dt_ms, options);
  return std::make_unique<SpikeFile>(path, std::move(populations), dt_ms, attributes, options);
}

std::unique_ptr<ReportWriter> open_report(const std::filesystem::path& path, const ReportVariable& variable,
                                          std::vector<ReportPopulation> populations, const ReportTiming& timing,
                                          const Attributes& attributes, const FileOptions& options) {
  if (format_of(path) == Format::csv) {
    return std::make_unique<ReportCsv>(path, variable, std::move(populations), timing, options);
  }
  return std::make_unique<ReportFile>(path, variable, std::move(populations), timing, attributes, options);
}

std::filesystem::path report_path(std::string_view pattern, std::string_view variable, bool several) {
  constexpr std::string_view mark = "{variable}";
  std::string path(pattern);
  bool found = false;
  for (std::size_t at = path.find(mark); at != std::string::npos; at = path.find(mark, at + variable.size())) {
    path.replace(at, mark.size(), variable);
    found = true;
  }
  if (several && !found) {
    throw UserError(path, "a report file holds one variable, and several are to be recorded",
                    "put {variable} into the name, e.g. trace_{variable}.h5");
  }
  return path;
}

}  // namespace ranvier::io
