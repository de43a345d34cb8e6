#include "cli/recordings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "io/kept_bytes.hpp"

namespace ranvier::cli {
namespace {

/// Shortest numbers that read back the same; times in ms.
std::string rows_of(const SpikeRecord& r) {
  std::string out;
  const auto times = r.times_ms();
  for (std::size_t k = 0; k < times.size(); ++k) fmt::format_to(std::back_inserter(out), "{},{}\n", times[k], r.ids()[k]);
  return out;
}

std::string rows_of(const StateRecord& r) {
  std::string out;
  const auto times = r.times_ms();
  for (std::size_t f = 0; f < r.frames(); ++f) {
    fmt::format_to(std::back_inserter(out), "{}", times[f]);
    for (std::size_t c = 0; c < r.columns(); ++c) fmt::format_to(std::back_inserter(out), ",{}", r.value(f, c));
    out += "\n";
  }
  return out;
}

std::string header_of(const Recorded& recorded) {
  if (recorded.spikes) return "time_ms,neuron\n";
  const auto& r = *recorded.values;
  std::string out = "time_ms";
  const bool each = r.reduce() == Reduce::none;
  const auto unit = r.unit().empty() ? "" : "[" + r.unit() + "]";
  for (std::size_t c = 0; c < r.columns(); ++c) {
    const auto label = !each ? std::string("all") : r.pre().empty() ? std::to_string(r.neurons()[c]) : fmt::format("{}->{}", r.pre()[c], r.post()[c]);
    out += "," + label + unit;
  }
  return out + "\n";
}

/// Of a file of an earlier part of the run; nothing if there is none.
std::string lines_up_to(const std::string& path, const std::string& header, double time_ms) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return "";
  const auto line = header.substr(0, header.size() - 1);
  const auto kept = io::kept_bytes(path, line, "that of this recording", time_ms, "name another folder");
  std::string out(kept - header.size(), '\0');
  file.seekg(static_cast<std::streamoff>(header.size()));
  file.read(out.data(), static_cast<std::streamsize>(out.size()));
  return out;
}

std::string path_of(const std::string& folder, const Recording& r) { return (std::filesystem::path(folder) / (r.name + ".csv")).string(); }

}  // namespace

FileRecordings::FileRecordings(const models::Entry& entry, const NetworkRequest& request, std::string folder) : folder_(std::move(folder)) {
  if (is_file(request.name)) {
    ConstantValues constants;
    for (const auto& [name, value] : request.settings) {
      const bool known = std::any_of(entry.settings.begin(), entry.settings.end(), [&n = name](const auto& s) { return s.name == n; });
      if (known) constants[name] = value;
    }
    recordings_ = read_network_file(request.name, constants, {request.duration, request.dt}).recordings;
  }
  if (folder_.empty()) return;
  if (recordings_.empty()) throw UserError("--output", "'" + request.name + "' records nothing", "write [[recordings]] in a network file");
  std::error_code failure;
  std::filesystem::create_directories(folder_, failure);
  if (failure) throw UserError(folder_, "the folder cannot be made: " + failure.message(), "name another");
  for (const auto& r : recordings_) check_replaceable(path_of(folder_, r));
}

void FileRecordings::attach(Simulation& sim, Quantity duration, Quantity dt, bool resumed) {
  for (const auto& r : recordings_) {
    records_.push_back(ranvier::attach(sim, r, duration, dt));
    earlier_.push_back(resumed && !folder_.empty() ? lines_up_to(path_of(folder_, r), header_of(records_.back()), sim.time_ms()) : "");
  }
}

std::vector<std::string> FileRecordings::write() const {
  std::vector<std::string> errors;
  for (std::size_t k = 0; k < records_.size() && !folder_.empty(); ++k) {
    try {
      const auto path = path_of(folder_, recordings_[k]);
      const auto& r = records_[k];
      write_text(path + ".part", header_of(r) + earlier_[k] + (r.spikes ? rows_of(*r.spikes) : rows_of(*r.values)));
      std::error_code failure;
      std::filesystem::rename(path + ".part", path, failure);
      if (failure) throw UserError(path, "cannot be written: " + failure.message(), "write it elsewhere");
    } catch (const UserError& e) {
      errors.emplace_back(e.what());
    }
  }
  return errors;
}

std::vector<RecordingSummary> FileRecordings::summaries() const {
  std::vector<RecordingSummary> out;
  for (std::size_t k = 0; k < records_.size(); ++k) {
    RecordingSummary s{.name = recordings_[k].name, .of = recordings_[k].of, .what = recordings_[k].variable, .unit = ""};
    if (const auto& spikes = records_[k].spikes) {
      s.spikes = true;
      s.frames = spikes->count();
      s.columns = 1;
    } else {
      const auto& r = *records_[k].values;
      const auto& all = r.values();
      s.unit = r.unit();
      s.frames = r.frames();
      s.columns = r.columns();
      double sum = 0;
      for (const double v : all) sum += v;
      s.mean = sum / static_cast<double>(all.size());
      s.low = all.empty() ? std::nan("") : *std::min_element(all.begin(), all.end());
      s.high = all.empty() ? std::nan("") : *std::max_element(all.begin(), all.end());
    }
    out.push_back(std::move(s));
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> FileRecordings::files() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& r : recordings_) {
    if (!folder_.empty()) out.emplace_back("recording", path_of(folder_, r));
  }
  return out;
}

}  // namespace ranvier::cli
