// The workers of one process: threads that wait for a job and run it together. Worker 0 is the calling thread.
//
//   Team team(2);
//   team.run([&](int worker) { ... });     // returns when all are done; rethrows the first exception
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/barrier.hpp"

namespace ranvier::engine {

/// Cores that this process may use: its affinity mask, cut by the CPU quota of its control group.
[[nodiscard]] int usable_cores();

class Team {
 public:
  explicit Team(int workers);  ///< UserError if the system refuses so many threads
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  [[nodiscard]] int size() const { return workers_; }
  void run(const std::function<void(int)>& job);
  /// For use inside a job, by all workers.
  void barrier() { barrier_.wait(); }
  /// Inside a job that goes on to meet the others: what run() will rethrow. The first report counts.
  void report(std::exception_ptr failure);

 private:
  void perform(int worker);
  void wait_for_jobs(int worker);
  void spread(int worker);
  void stop();
  const int workers_;
  const bool spread_;                     ///< there is a core for each
  Barrier barrier_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<int> running_{0};
  std::atomic<bool> stop_{false};
  const std::function<void(int)>* job_ = nullptr;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::vector<std::atomic<int>> cores_;   ///< where each worker was at the start of the job
  std::vector<std::thread> threads_;
};

}  // namespace ranvier::engine
