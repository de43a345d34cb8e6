#include "engine/team.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>

#include "ranvier/error.hpp"

namespace ranvier::engine {

int usable_cores() {
  int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = std::max(1, CPU_COUNT(&set));
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (file >> quota >> period && quota != "max" && period > 0) {
    cores = std::min(cores, std::max(1, static_cast<int>(std::strtod(quota.c_str(), nullptr) / period)));
  }
#endif
  return cores;
}

Team::Team(int workers)
    : workers_(workers), spread_(workers > 1 && workers <= usable_cores()), barrier_(workers, workers <= usable_cores()),
      cores_(static_cast<std::size_t>(workers)) {
  threads_.reserve(static_cast<std::size_t>(workers_));
  try {
    for (int w = 1; w < workers_; ++w) threads_.emplace_back([this, w] { wait_for_jobs(w); });
  } catch (const std::system_error&) {
    const auto started = threads_.size() + 1;
    stop();
    throw UserError("simulation", "the system gives only " + std::to_string(started) + " of " + std::to_string(workers_) + " threads",
                    "ask for fewer");
  }
}

void Team::wait_for_jobs(int worker) {
  std::uint64_t seen = 0;
  for (;;) {
    // Chunks of steps follow each other closely; one that is waited for awake costs no wake-up.
    if (!spread_ || !spin_until([&] { return generation_.load(std::memory_order_acquire) != seen; })) {
      generation_.wait(seen, std::memory_order_acquire);
    }
    const auto now = generation_.load(std::memory_order_acquire);
    if (now == seen) continue;
    seen = now;
    if (stop_.load(std::memory_order_acquire)) return;
    perform(worker);
    if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1) running_.notify_all();
  }
}

Team::~Team() { stop(); }

void Team::stop() {
  stop_.store(true, std::memory_order_release);
  generation_.fetch_add(1, std::memory_order_acq_rel);
  generation_.notify_all();
  for (auto& t : threads_) t.join();
}

/// Workers that hand over to each other every few microseconds look cache-hot to the kernel, which then may leave two of them on
/// one core while another idles. A worker that finds itself on the core of a lower one moves to a free core, then is let loose again.
void Team::spread(int worker) {
#if defined(__linux__)
  const int mine = sched_getcpu();
  cores_[worker].store(mine, std::memory_order_relaxed);
  cpu_set_t allowed, free;
  bool shared = false;
  if (worker == 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  free = allowed;
  for (int w = 0; w < worker; ++w) {
    const int core = cores_[w].load(std::memory_order_relaxed);
    shared |= core == mine;
    if (core >= 0 && core < CPU_SETSIZE) CPU_CLR(core, &free);
  }
  if (!shared || CPU_COUNT(&free) == 0) return;
  if (sched_setaffinity(0, sizeof free, &free) == 0) {
    cores_[worker].store(sched_getcpu(), std::memory_order_relaxed);
    sched_setaffinity(0, sizeof allowed, &allowed);
  }
#else
  (void)worker;
#endif
}

void Team::perform(int worker) {
  if (worker > 0 && spread_) spread(worker);
  try {
    (*job_)(worker);
  } catch (...) {
    report(std::current_exception());
  }
}

void Team::report(std::exception_ptr failure) {
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = std::move(failure);
}

void Team::run(const std::function<void(int)>& job) {
  job_ = &job;
  failure_ = nullptr;
  if (spread_) spread(0);
  running_.store(workers_ - 1, std::memory_order_release);
  if (workers_ > 1) {
    generation_.fetch_add(1, std::memory_order_acq_rel);
    generation_.notify_all();
  }
  perform(0);
  if (spread_) spin_until([&] { return running_.load(std::memory_order_acquire) == 0; });
  for (int left = running_.load(std::memory_order_acquire); left > 0; left = running_.load(std::memory_order_acquire)) {
    running_.wait(left, std::memory_order_acquire);
  }
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace ranvier::engine
