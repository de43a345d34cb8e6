// ranvier sweep: from lists and ranges of values to a table.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/outputs.hpp"
#include "cli/recordings.hpp"
#include "cli/values.hpp"
#include "ranvier/sweep.hpp"

namespace ranvier::cli {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find(separator, from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

/// "we=4nS:8nS:0.5nS", "we=4nS,6nS", "we=6nS".
SweepAxis axis_of(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw UserError("--set", "'" + text + "' is not NAME=VALUES", "write for example --set we=4nS:8nS:0.5nS or --set we=4nS,6nS");
  }
  const std::string name = text.substr(0, equals), values = text.substr(equals + 1), option = "--set " + name;
  const auto range = split(values, ':');
  if (range.size() == 3) {
    return sweep_range(name, any_quantity(option, range[0]), any_quantity(option, range[1]), any_quantity(option, range[2]));
  }
  if (range.size() != 1) throw UserError(option, "'" + values + "' is not FIRST:LAST:STEP", "write for example 4nS:8nS:0.5nS, or a list 4nS,6nS");
  SweepAxis axis{name, {}};
  for (const auto& item : split(values, ',')) axis.values.push_back(any_quantity(option, item));
  return axis;
}

/// "1:8" (both included), "1,5,9".
std::vector<std::uint64_t> seeds_of(const std::string& text) {
  constexpr auto most = ~std::uint64_t{0};
  std::vector<std::uint64_t> seeds;
  for (const auto& item : split(text, ',')) {
    const auto ends = split(item, ':');
    if (ends.size() > 2) throw UserError("--seeds", "'" + item + "' is not a seed or FIRST:LAST", "write for example 1:8 or 1,5,9");
    const auto first = whole("--seeds", ends[0], 0, most), last = whole("--seeds", ends.back(), 0, most);
    if (last < first || last - first > 1'000'000) {
      throw UserError("--seeds", "'" + item + "' is no range of at most a million seeds", "write the lower seed first");
    }
    for (std::uint64_t s = first;; ++s) {
      seeds.push_back(s);
      if (s == last) break;
    }
  }
  return seeds;
}

/// A line that is written over on a terminal, a line every ten seconds elsewhere.
class SweepMeter {
 public:
  explicit SweepMeter(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), next_(terminal_ ? 0.3 : 10) {}
  ~SweepMeter() {
    if (drawn_) put("\r\033[K");
  }
  SweepMeter(const SweepMeter&) = delete;
  SweepMeter& operator=(const SweepMeter&) = delete;
  void show(const SweepProgress& p) {
    if (quiet_ || p.wall_seconds < next_ || p.done == p.total) return;
    next_ = p.wall_seconds + (terminal_ ? 0.1 : 10);
    const auto left = p.done == 0 ? std::string("-") : p.left_seconds < 10 ? fmt::format("{:.0f} s", std::ceil(p.left_seconds)) : seconds_text(p.left_seconds);
    const auto failed = p.failed == 0 ? std::string() : fmt::format(", {} failed", p.failed);
    const auto text = fmt::format("{} of {} points ({}%){}, {} left", p.done, p.total, 100 * p.done / p.total, failed, left);
    put(terminal_ ? "\r" + text + "\033[K" : "ranvier: " + text + "\n");
    drawn_ = terminal_;
  }

 private:
  static void put(const std::string& text) {
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // no reason to stop
  }
  bool quiet_, terminal_, drawn_ = false;
  double next_;
};

/// Rate and irregularity of each population; the mean of each recording of a file.
SweepResult simulate(Simulation& sim, const std::vector<std::string>& populations, FileRecordings recordings, Quantity duration, Quantity dt) {
  std::vector<std::shared_ptr<const SpikeRecord>> records;
  for (const auto& name : populations) records.push_back(sim.record(SpikesRef{name}));
  recordings.attach(sim, duration, dt);
  sim.run(duration);
  SweepResult out;
  for (const auto& r : records) {
    out.emplace_back("rate " + r->population() + " [Hz]", mean_rate_hz(*r, duration));
    out.emplace_back("CV " + r->population(), interval_cv(*r));
  }
  out.emplace_back("spikes", static_cast<double>(sim.spike_count()));
  for (const auto& s : recordings.summaries()) {
    if (!s.spikes) out.emplace_back("mean " + s.name + (s.unit.empty() ? "" : " [" + s.unit + "]"), s.mean);
  }
  return out;
}

}  // namespace

int sweep(const SweepRequest& request) {
  const auto entry = network_entry(request.network);
  const auto duration = request.network.duration.value_or(entry.duration);
  std::vector<SweepAxis> axes;
  for (const auto& text : request.set) axes.push_back(axis_of(text));
  const auto seeds = request.seeds.empty() ? std::vector<std::uint64_t>{request.network.seed} : seeds_of(request.seeds);
  const auto build = [&](const SweepPoint& point) {
    auto network = request.network;
    for (const auto& value : point.values) network.settings.push_back(value);
    return build_network(entry, network);
  };
  // What is wrong with all points is said once, before any runs.
  SweepPoint first;
  for (const auto& axis : axes) first.values.emplace_back(axis.name, axis.values.at(0));
  const Network trial = build(first);
  check_times(duration, request.network.dt);
  if (request.csv != "-") check_writable(request.csv);

  SweepOptions options;
  options.simulation = simulation_options(request.network, Backend::llvm);
  options.simulation.threads = 1;
  options.workers = request.network.threads;
  const Interrupt interrupt;
  SweepTable table;
  {
    SweepMeter meter(request.quiet);
    options.progress = [&](const SweepProgress& p) {
      meter.show(p);
      return !interrupt.requested();
    };
    const auto populations = trial.populations();
    const auto run = [&](Simulation& sim, const SweepPoint& point) {
      auto at_point = request.network;
      for (const auto& value : point.values) at_point.settings.push_back(value);
      return simulate(sim, populations, FileRecordings(entry, at_point, ""), duration, request.network.dt);
    };
    table = ranvier::sweep(build, axes, seeds, run, options);
  }
  write_text(request.csv, table.csv());
  const auto done = static_cast<std::size_t>(std::count_if(table.rows.begin(), table.rows.end(), [](const auto& r) { return r.done; }));
  if (!request.quiet) {
    notice(fmt::format("{} of {} points in {}, {} kernel{} compiled", done, table.rows.size(), seconds_text(table.wall_seconds),
                       table.kernels_compiled, table.kernels_compiled == 1 ? "" : "s"));
  }
  if (!table.complete) return exit_interrupted;
  if (table.failed() == 0) return exit_good;
  const auto& row = *std::find_if(table.rows.begin(), table.rows.end(), [](const auto& r) { return !r.error.empty(); });
  print_error(fmt::format("{} of {} points failed (column \"error\"), first row {}: {}", table.failed(), done, row.point.index + 1, row.error));
  return exit_user;
}

}  // namespace ranvier::cli
