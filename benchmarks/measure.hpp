// Timing for benchmarks: CPU time of the calling thread, alternation of the things compared, medians. Only ratios of
// one run mean anything; the load of the machine is printed beside them.
//
//   Contest c;
//   c.add("ranvier", [&] { sim.run(50 * ms); });
//   c.add("baseline", [&] { for (...) step(); });
//   c.run(15);
//   target("ranvier / by hand", c.ratio("ranvier", "baseline"), 1.3);
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// Seconds of CPU that the calling thread has used.
inline double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v.empty() ? 0 : v.size() % 2 ? v[v.size() / 2] : 0.5 * (v[v.size() / 2 - 1] + v[v.size() / 2]);
}

/// Several jobs run in turn, so that whatever slows the machine slows all of them.
class Contest {
 public:
  explicit Contest(double (*clock)() = thread_seconds) : clock_(clock) {}
  /// `prepare` runs before each `job`, untimed.
  void add(std::string name, std::function<void()> job, std::function<void()> prepare = {}) {
    entries_.push_back({std::move(name), std::move(job), prepare ? std::move(prepare) : [] {}, {}});
  }
  void run(int rounds) {
    for (auto& e : entries_) e.prepare(), e.job();  // once for the caches
    for (int r = 0; r < rounds; ++r) {
      for (auto& e : entries_) {
        e.prepare();
        const double from = clock_();
        e.job();
        e.seconds.push_back(clock_() - from);
      }
    }
  }
  [[nodiscard]] double seconds(std::string_view name) const { return median(find(name).seconds); }
  [[nodiscard]] double least(std::string_view name) const {
    return *std::min_element(find(name).seconds.begin(), find(name).seconds.end());
  }
  /// Median over rounds of the ratio within a round.
  [[nodiscard]] double ratio(std::string_view a, std::string_view b) const {
    const auto &x = find(a).seconds, &y = find(b).seconds;
    std::vector<double> r;
    for (std::size_t k = 0; k < x.size(); ++k) r.push_back(x[k] / y[k]);
    return median(r);
  }

  /// The same over the rounds in which each of `witnesses` took at most a tenth more than its least; how many those are.
  [[nodiscard]] std::pair<double, int> undisturbed(std::string_view a, std::string_view b,
                                                   const std::vector<std::string_view>& witnesses) const {
    const auto &x = find(a).seconds, &y = find(b).seconds;
    std::vector<double> r;
    for (std::size_t k = 0; k < x.size(); ++k) {
      const bool calm = std::all_of(witnesses.begin(), witnesses.end(), [&](auto w) { return find(w).seconds[k] <= 1.1 * least(w); });
      if (calm) r.push_back(x[k] / y[k]);
    }
    return {median(r), static_cast<int>(r.size())};
  }

 private:
  struct Entry {
    std::string name;
    std::function<void()> job, prepare;
    std::vector<double> seconds;
  };
  [[nodiscard]] const Entry& find(std::string_view name) const {
    return *std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.name == name; });
  }
  double (*clock_)();
  std::vector<Entry> entries_;
};

/// Load average of the last minute, as far as the system tells.
inline double load() {
  double l = 0;
  std::ifstream("/proc/loadavg") >> l;
  return l;
}

inline void heading(const char* question, const std::string& isa) {
  std::printf("%s\n  cpu: %s   load: %.2f\n", question, isa.c_str(), load());
}

inline void target(const char* what, double value, double at_most) {
  std::printf("  %-52s %6.2f   target <= %.2f   %s\n", what, value, at_most, value <= at_most ? "met" : "MISSED");
}

inline void note(const char* what, double value) { std::printf("  %-52s %6.2f\n", what, value); }

inline void target_at_least(const char* what, double value, double at_least) {
  std::printf("  %-52s %6.2f   target >= %.2f   %s\n", what, value, at_least, value >= at_least ? "met" : "MISSED");
}

}  // namespace bench
