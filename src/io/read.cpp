// Reading spike files and reports.
#include <algorithm>
#include <limits>

#include "base/step_clock.hpp"
#include "io/hdf5.hpp"
#include "ranvier/io.hpp"

namespace ranvier::io {

double step_time(std::int64_t step, double dt_ms) { return base::StepClock(dt_ms)(step); }

namespace {

// Populations in the order of the writer, if it left one.
std::vector<std::string> ordered_children(const InputFile& file, const std::string& group) {
  std::vector<std::pair<double, std::string>> keyed;
  for (std::string& name : file.children(group)) {
    const double index = file.number(group + "/" + name, "index").value_or(std::numeric_limits<double>::infinity());
    keyed.emplace_back(index, std::move(name));
  }
  std::ranges::stable_sort(keyed, {}, [](const auto& entry) { return entry.first; });
  std::vector<std::string> names;
  for (auto& entry : keyed) names.push_back(std::move(entry.second));
  return names;
}

}  // namespace

SpikeData read_spikes(const std::filesystem::path& path) {
  Hdf5Session session;
  const InputFile file(path);
  if (!file.has("/spikes")) throw file.error("has no group /spikes, so it is not a SONATA spike file");
  SpikeData data;
  double last = -std::numeric_limits<double>::infinity();
  for (std::string& name : ordered_children(file, "/spikes")) {
    const std::string group = "/spikes/" + name;
    SpikePopulation& population = data.populations.emplace_back();
    population.name = std::move(name);
    population.size = static_cast<std::uint64_t>(file.number(group, "size").value_or(0));
    population.times = file.read<double>(group + "/timestamps");
    population.ids = file.read<std::uint64_t>(group + "/node_ids");
    if (population.times.size() != population.ids.size()) throw file.error(group + " has unlike numbers of times and ids");
    if (file.text(group + "/timestamps", "units").value_or("ms") != "ms") throw file.error("its times are not in ms");
    for (double time : population.times) last = std::max(last, time);
  }
  data.attributes = file.texts("/ranvier");
  data.until = file.number("/ranvier", "until_ms").value_or(last);
  data.complete = file.number("/ranvier", "complete").value_or(1) != 0;
  return data;
}

ReportData read_report(const std::filesystem::path& path) {
  Hdf5Session session;
  const InputFile file(path);
  if (!file.has("/report")) throw file.error("has no group /report, so it is not a SONATA report");
  ReportData data;
  for (std::string& name : ordered_children(file, "/report")) {
    const std::string group = "/report/" + name;
    ReportSeries& series = data.populations.emplace_back();
    series.name = std::move(name);
    series.unit = file.text(group + "/data", "units").value_or("");
    series.ids = file.read<std::uint64_t>(group + "/mapping/node_ids");
    series.values = file.read<double>(group + "/data");
    const std::vector<hsize_t> shape = file.shape(group + "/data");
    const std::vector<double> time = file.read<double>(group + "/mapping/time");
    if (shape.size() != 2 || shape[1] != series.ids.size()) throw file.error(group + " has not one element a neuron");
    for (const auto& [ends, into] : {std::pair{"/mapping/pre_ids", &series.pre}, {"/mapping/post_ids", &series.post}}) {
      if (!file.has(group + ends)) continue;
      *into = file.read<std::uint32_t>(group + ends);
      if (into->size() != series.ids.size()) throw file.error(group + ends + " has not one element a synapse");
    }
    if (time.size() != 3) throw file.error(group + "/mapping/time is not (start, stop, step)");
    for (hsize_t i = 0; i < shape[0]; ++i) {
      const double offset = time[2] > 0 ? step_time(static_cast<std::int64_t>(i), time[2]) : 0;
      series.times.push_back(time[0] + offset);
    }
  }
  data.attributes = file.texts("/ranvier");
  data.complete = file.number("/ranvier", "complete").value_or(1) != 0;
  return data;
}

}  // namespace ranvier::io
