// Size of a projection before it is built, and how much memory there is for it.
#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

#include "connect/pairs.hpp"
#include "connect/space.hpp"
#include "connect/text.hpp"

namespace ranvier::connect {
namespace {

struct Count {
  const Rule& rule;
  const Ends& ends;
  [[nodiscard]] double pairs() const { return static_cast<double>(candidate_pairs(rule, ends, 0, ends.n_pre)); }
  double operator()(const Rule::Bernoulli& r) const { return r.p * pairs(); }
  double operator()(const Rule::FixedOutdegree& r) const { return static_cast<double>(ends.n_pre) * static_cast<double>(r.k); }
  double operator()(const Rule::FixedOutdegreeFraction& r) const {
    return (*this)(Rule::FixedOutdegree{fraction_of(ends.n_post, r.p)});
  }
  double operator()(const Rule::FixedIndegree& r) const { return static_cast<double>(ends.n_post) * static_cast<double>(r.k); }
  double operator()(const Rule::FixedIndegreeFraction& r) const {
    return (*this)(Rule::FixedIndegree{fraction_of(ends.n_pre, r.p)});
  }
  double operator()(const Rule::FixedTotal& r) const { return static_cast<double>(r.n); }
  double operator()(const Rule::OneToOne&) const {
    const std::uint64_t own = rule.allows_self() || ends.shift != 0 ? 0 : self_pairs(ends, 0, ends.n_pre);
    return static_cast<double>(ends.n_pre - own);
  }
  double operator()(const Rule::AllToAll&) const { return pairs(); }
  double operator()(const Rule::List& r) const { return static_cast<double>(r.pairs->pre.size()); }
  double operator()(const Rule::Grid& r) const {
    const GridShape grid = grid_of(r, ends);
    return of_some_sources([&](std::uint64_t source) {
      std::vector<std::uint64_t> around;
      neighbours(r, grid, grid.pre_first + source, rule.allows_self(), around);
      return static_cast<double>(std::count_if(around.begin(), around.end(), [&](std::uint64_t i) {
        return i >= grid.post_first && i < grid.post_first + ends.n_post;
      }));
    });
  }
  double operator()(const Rule::ByDistance& r) const {
    std::vector<double> distance(ends.n_post), probability(ends.n_post);
    return of_some_sources([&](std::uint64_t source) {
      distances(ends, source, 0, ends.n_post, distance.data());
      r.profile->evaluate(distance, probability);
      double sum = 0;
      for (const double p : probability) sum += std::clamp(p, 0.0, 1.0);
      return sum;
    });
  }
  double operator()(const Rule::SmallWorld& r) const {
    return static_cast<double>(ends.n_pre) * static_cast<double>(r.k) * (r.rewire ? 1 : 1 + r.p);
  }
  double operator()(const Rule::ScaleFree& r) const {
    return static_cast<double>((ends.n_pre - r.m) * r.m) * (r.directed ? 1 : 2);
  }
  /// Up to 200 sources, spread over the view, stand for all.
  template <class F>
  [[nodiscard]] double of_some_sources(F&& f) const {
    const std::uint64_t some = std::min<std::uint64_t>(ends.n_pre, 200);
    double sum = 0;
    for (std::uint64_t i = 0; i < some; ++i) sum += f(i * ends.n_pre / some);
    return some == 0 ? 0 : sum / static_cast<double>(some) * static_cast<double>(ends.n_pre);
  }
};

std::optional<double> first_number(const std::string& path) {
  std::ifstream file(path);
  double value = 0;
  if (file >> value) return value;
  return std::nullopt;  // also where it says "max"
}

/// The number after `name` at the beginning of a line.
std::optional<double> named_number(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string word;
    double value = 0;
    if (words >> word >> value && word == name) return value;
  }
  return std::nullopt;
}

struct GroupFiles {
  const char *limit, *usage, *reclaimable;
};

/// What is left under the limits of a control group and its parents; cached file pages can be reclaimed and do not count as used.
double left_in_group(const std::string& mount, std::string group, const GroupFiles& files) {
  double left = std::numeric_limits<double>::max();
  for (;;) {
    const std::string folder = mount + (group == "/" ? "" : group) + "/";
    if (const auto limit = first_number(folder + files.limit)) {
      const double used = first_number(folder + files.usage).value_or(0);
      const double cached = named_number(folder + "memory.stat", files.reclaimable).value_or(0);
      left = std::min(left, std::max(0.0, *limit - std::max(0.0, used - cached)));
    }
    if (group.empty() || group == "/") return left;
    group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
  }
}

}  // namespace

Estimate estimate(const Rule& rule, const Ends& ends, unsigned workers, const RowOptions& options) {
  workers = std::max(workers, 1u);
  const double synapses = std::visit(Count{rule, ends}, rule.what());
  const std::uint64_t slice = (ends.n_post + workers - 1) / workers;
  const double weight = !rule.has_weights() && !options.weights ? 0 : options.single_precision ? sizeof(float) : sizeof(double);
  const double delay = rule.has_delays() || options.delays ? sizeof(std::uint16_t) : 0;
  const double segments = (static_cast<double>(ends.n_pre) + 1) * workers;
  const double offset = synapses / workers > std::numeric_limits<std::uint32_t>::max() ? 8 : 4;
  Estimate need;
  need.synapses = synapses;
  need.bytes = synapses * ((slice > 65536 ? 4 : 2) + weight + delay) + segments * offset;
  need.peak_bytes = need.bytes + segments * 8;
  const auto& law = rule.what();
  if (std::holds_alternative<Rule::FixedTotal>(law)) need.peak_bytes += segments * 8;
  if (std::holds_alternative<Rule::FixedIndegree>(law) || std::holds_alternative<Rule::FixedIndegreeFraction>(law) ||
      rule.pairs() != nullptr) {
    need.peak_bytes += synapses * 4;
  }
  // Every worker makes the whole graph: lists of vertices, then pairs.
  if (std::holds_alternative<Rule::SmallWorld>(law) || std::holds_alternative<Rule::ScaleFree>(law)) {
    need.peak_bytes += workers * (16 * synapses + 32.0 * static_cast<double>(ends.n_pre)) + synapses * 4;
  }
  return need;
}

double available_memory(const std::string& root) {
  double available = std::numeric_limits<double>::max();
  if (const auto kilobytes = named_number(root + "/proc/meminfo", "MemAvailable:")) available = *kilobytes * 1024;
  std::ifstream groups(root + "/proc/self/cgroup");
  std::string line;
  while (std::getline(groups, line)) {
    // "hierarchy:controllers:path"; version 2 is "0::path"
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",", path = line.substr(second + 1);
    double left = available;
    if (controllers == ",,") {
      left = left_in_group(root + "/sys/fs/cgroup", path, {"memory.max", "memory.current", "inactive_file"});
    } else if (controllers.find(",memory,") != std::string::npos) {
      left = left_in_group(root + "/sys/fs/cgroup/memory", path,
                           {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"});
    }
    available = std::min(available, left);
  }
  return available;
}

void check_memory(const Estimate& need, double available, std::string_view where) {
  if (need.peak_bytes <= available) return;
  throw UserError(std::string(where),
                  "about " + number(static_cast<std::uint64_t>(std::min(need.synapses, 0x1p63))) + " synapses need " +
                      bytes_text(need.peak_bytes) + " and " + bytes_text(available) + " are available",
                  "use fewer neurons or connections, or a machine with more memory");
}

}  // namespace ranvier::connect
