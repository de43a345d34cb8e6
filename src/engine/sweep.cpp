#include "ranvier/sweep.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>

#include "engine/team.hpp"
#include "model/model_data.hpp"
#include "ranvier/error.hpp"

namespace ranvier {
namespace {

using Clock = std::chrono::steady_clock;

void check_axes(const std::vector<SweepAxis>& axes, const std::vector<std::uint64_t>& seeds) {
  if (seeds.empty()) throw UserError("sweep", "there are no seeds", "give one or more");
  std::set<std::string> names{"seed", "error"};
  for (const auto& axis : axes) {
    if (axis.values.empty()) throw UserError("sweep", "'" + axis.name + "' has no values", "give one or more");
    if (!names.insert(axis.name).second) throw UserError("sweep", "'" + axis.name + "' is there twice", "give each name once");
    for (const auto& v : axis.values) {
      require(v, axis.values[0].dimension, "sweep: '" + axis.name + "'");
      if (!std::isfinite(v.value)) throw UserError("sweep", "'" + axis.name + "' has a value that is not finite", "give finite values");
    }
  }
}

std::vector<SweepRow> rows_of(const std::vector<SweepAxis>& axes, const std::vector<std::uint64_t>& seeds) {
  std::size_t count = seeds.size();
  for (const auto& axis : axes) {
    count *= axis.values.size();
    if (count > 100'000'000) throw UserError("sweep", "there are over a hundred million points", "give fewer values");
  }
  std::vector<SweepRow> rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& point = rows[i].point;
    point.index = i;
    point.seed = seeds[i % seeds.size()];
    std::size_t rest = i / seeds.size();
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
      point.values.emplace_back(axis->name, axis->values[rest % axis->values.size()]);
      rest /= axis->values.size();
    }
    std::reverse(point.values.begin(), point.values.end());
  }
  return rows;
}

/// The workers of a sweep: each takes the next point until there is none, or it is stopped.
class Sweep {
 public:
  Sweep(const SweepBuild& build, const SweepRun& run, const SweepOptions& options, SweepTable& table)
      : build_(build), run_(run), options_(options), table_(table), stop_(std::make_shared<std::atomic<bool>>(false)) {
    simulation_ = options.simulation;
    if (simulation_.threads == 0) simulation_.threads = 1;
    if (!simulation_.kernels) simulation_.kernels = kernel_cache();
    simulation_.stop = stop_;
  }

  void perform() {
    const auto start = Clock::now();
    const auto workers = std::min(table_.rows.size(), static_cast<std::size_t>(worker_count()));
    std::vector<std::jthread> threads;
    try {
      for (std::size_t w = 0; w < workers; ++w) {
        threads.emplace_back([this] { work(); });
        const std::lock_guard lock(mutex_);
        ++working_;
      }
    } catch (const std::system_error&) {
      if (threads.empty()) throw UserError("sweep", "the system refuses another thread", "end other programs");
    }
    wait(start);
    threads.clear();
    table_.complete = std::all_of(table_.rows.begin(), table_.rows.end(), [](const auto& r) { return r.done; });
    table_.wall_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  }

 private:
  int worker_count() const {
    if (options_.workers < 0 || options_.workers > 1024) {
      throw UserError("sweep", std::to_string(options_.workers) + " workers", "give 1 to 1024, or 0 for as many as there are cores");
    }
    return options_.workers > 0 ? options_.workers : std::max(1, engine::usable_cores() / simulation_.threads);
  }

  void work() {
    for (std::size_t i; !stop_->load() && (i = next_++) < table_.rows.size();) {
      SweepRow row = table_.rows[i];
      int compiled = 0;
      try {
        compute(row, compiled);
      } catch (const std::exception& e) {
        row.error = e.what();
      } catch (...) {
        row.error = "something that is not a std::exception was thrown";
      }
      row.done = !stop_->load();
      const std::lock_guard lock(mutex_);
      table_.kernels_compiled += compiled;
      if (!row.done) break;  // it may have been broken off
      ++done_;
      failed_ += row.error.empty() ? 0 : 1;
      table_.rows[i] = std::move(row);
      changed_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    --working_;
    changed_.notify_all();
  }

  void compute(SweepRow& row, int& compiled) {
    // Networks may share models, and giving one an expression writes where building a simulation reads.
    std::unique_lock building(networks_);
    const Network net = build_(row.point);
    building.unlock();
    std::shared_lock reading(networks_);
    auto options = simulation_;
    options.seed = row.point.seed;
    Simulation sim(net, options);
    reading.unlock();
    compiled = sim.info().kernels_compiled;
    row.results = run_(sim, row.point);
    std::set<std::string> names;
    for (const auto& [name, value] : row.results) {
      if (!names.insert(name).second) throw UserError("sweep", "the result '" + name + "' is there twice", "give each name once");
    }
  }

  /// Shows progress until all workers have ended.
  void wait(Clock::time_point start) {
    std::unique_lock lock(mutex_);
    while (working_ > 0) {
      const auto before = done_;
      changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return working_ == 0 || done_ != before; });
      if (options_.simulation.stop && options_.simulation.stop->load()) stop_->store(true);
      if (!options_.progress || stop_->load()) continue;
      SweepProgress p{done_, failed_, table_.rows.size(), std::chrono::duration<double>(Clock::now() - start).count(), 0};
      if (done_ > 0) p.left_seconds = p.wall_seconds / static_cast<double>(done_) * static_cast<double>(p.total - done_);
      lock.unlock();
      try {
        if (!options_.progress(p)) stop_->store(true);
      } catch (...) {
        stop_->store(true);  // the workers end before it is passed on
        throw;
      }
      lock.lock();
    }
  }

  const SweepBuild& build_;
  const SweepRun& run_;
  const SweepOptions& options_;
  SweepTable& table_;
  SimulationOptions simulation_;
  std::shared_ptr<std::atomic<bool>> stop_;
  std::shared_mutex networks_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t done_ = 0, failed_ = 0;
  int working_ = 0;
};

std::string number(double x) {
  if (!std::isfinite(x)) return "";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : c == '\n' || c == '\r' ? std::string(" ") : std::string(1, c);
  return out + "\"";
}

}  // namespace

SweepAxis sweep_range(const std::string& name, Quantity first, Quantity last, Quantity step) {
  require(last, first.dimension, "sweep: the last value of '" + name + "'");
  require(step, first.dimension, "sweep: the step of '" + name + "'");
  const double count = (last.value - first.value) / step.value;
  if (!std::isfinite(count) || count < 0) {
    throw UserError("sweep", "'" + name + "' does not get from " + to_string(first) + " to " + to_string(last) + " in steps of " + to_string(step),
                    "give finite values, and a step towards the last");
  }
  if (count > 1e6) throw UserError("sweep", "'" + name + "' has over a million values", "give a longer step");
  SweepAxis axis{name, {}};
  const auto whole = static_cast<std::size_t>(std::floor(count + 1e-9));
  for (std::size_t k = 0; k <= whole; ++k) axis.values.push_back({first.value + static_cast<double>(k) * step.value, first.dimension});
  if (std::fabs(count - static_cast<double>(whole)) <= 1e-9) axis.values.back() = last;
  return axis;
}

Quantity SweepPoint::operator[](const std::string& axis) const {
  std::vector<std::string> known;
  for (const auto& [name, value] : values) {
    if (name == axis) return value;
    known.push_back(name);
  }
  throw UserError("sweep", "there is no axis '" + axis + "'", detail::suggest(axis, known));
}

std::size_t SweepTable::failed() const {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const auto& r) { return r.done && !r.error.empty(); }));
}

std::string SweepTable::csv() const {
  std::vector<std::string> columns;
  for (const auto& row : rows) {
    for (const auto& [name, value] : row.results) {
      if (row.done && std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
    }
  }
  std::string out;
  if (!rows.empty()) {
    for (const auto& [name, value] : rows[0].point.values) {
      out += quoted(value.dimension.is_none() ? name : name + " [" + unit_name(value.dimension) + "]") + ",";
    }
  }
  out += "seed";
  for (const auto& c : columns) out += "," + quoted(c);
  out += ",error\n";
  for (const auto& row : rows) {
    if (!row.done) continue;
    for (const auto& [name, value] : row.point.values) out += number(value.value) + ",";
    out += std::to_string(row.point.seed);
    for (const auto& c : columns) {
      const auto found = std::find_if(row.results.begin(), row.results.end(), [&](const auto& r) { return r.first == c; });
      out += "," + (found == row.results.end() ? "" : number(found->second));
    }
    out += "," + quoted(row.error) + "\n";
  }
  return out;
}

void SweepTable::write_csv(const std::string& path) const {
  std::ofstream file(path, std::ios::binary);
  file << csv();
  file.close();
  if (!file) throw UserError(path, "it cannot be written", "check the folder and the space on the disk");
}

SweepTable sweep(const SweepBuild& build, const std::vector<SweepAxis>& axes, const std::vector<std::uint64_t>& seeds, const SweepRun& run,
                 const SweepOptions& options) {
  if (!build || !run) throw UserError("sweep", "there is no function to build or to run", "pass both");
  check_axes(axes, seeds);
  SweepTable table;
  table.rows = rows_of(axes, seeds);
  Sweep(build, run, options, table).perform();
  return table;
}

SweepTable sweep(const Network& network, const std::vector<SweepAxis>& axes, const std::vector<std::uint64_t>& seeds, const SweepRun& run,
                 const SweepOptions& options) {
  check_axes(axes, seeds);
  const auto build = [&](const SweepPoint& point) {
    Network net(network);
    for (const auto& [name, value] : point.values) net.set(name, value);
    return net;
  };
  Network trial(network);
  for (const auto& axis : axes) trial.set(axis.name, axis.values[0]);
  return sweep(SweepBuild(build), axes, seeds, run, options);
}

double mean_rate_hz(const SpikeRecord& spikes, Quantity duration) {
  require(duration, dimension::time, "mean_rate_hz: the duration");
  return static_cast<double>(spikes.count()) / static_cast<double>(spikes.size()) / (duration.value / 1000);
}

double interval_cv(const SpikeRecord& spikes) {
  struct Train {
    std::uint64_t last = 0, count = 0;
    double sum = 0, squares = 0;  // of whole numbers of steps: exact up to 2^53
  };
  std::vector<Train> trains(spikes.size());
  for (std::size_t k = 0; k < spikes.count(); ++k) {
    auto& t = trains[spikes.ids()[k]];
    if (t.count++ > 0) {
      const auto interval = static_cast<double>(spikes.stamps()[k] - t.last);
      t.sum += interval;
      t.squares += interval * interval;
    }
    t.last = spikes.stamps()[k];
  }
  double sum = 0, neurons = 0;
  for (const auto& t : trains) {
    if (t.count < 3) continue;
    const double n = static_cast<double>(t.count - 1), mean = t.sum / n;
    sum += std::sqrt(std::max(0.0, t.squares / n - mean * mean)) / mean;
    ++neurons;
  }
  return neurons > 0 ? sum / neurons : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace ranvier
