// A barrier for the workers of one process: spins for a moment, then sleeps; sleeps at once when there are more workers than cores.
//
//   Barrier barrier(workers, spin);
//   barrier.wait();              // everybody's writes before it are seen by everybody after it
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace ranvier::engine {

/// Whether `done()` came true within some 200 us: on a virtual machine sleeping and being woken costs that much, and what the
/// hypervisor does to one worker makes the others wait for longer than 20 us (docs/benchmarks.md).
template <class Done>
bool spin_until(Done done) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::microseconds(200);
  do {
    for (int i = 0; i < 64; ++i) {
      if (done()) return true;
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause();
#endif
    }
  } while (Clock::now() < until);
  return false;
}

class Barrier {
 public:
  Barrier(int workers, bool spin) : workers_(workers), spin_(spin), waiting_(workers) {}

  void wait() {
    if (workers_ == 1) return;
    const auto generation = generation_.load(std::memory_order_acquire);
    if (waiting_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      waiting_.store(workers_, std::memory_order_relaxed);
      generation_.fetch_add(1, std::memory_order_seq_cst);
      if (sleepers_.load(std::memory_order_seq_cst) > 0) generation_.notify_all();
      return;
    }
    if (spin_ && spun(generation)) return;
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    while (generation_.load(std::memory_order_seq_cst) == generation) generation_.wait(generation, std::memory_order_acquire);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  bool spun(std::uint32_t generation) const {
    return spin_until([&] { return generation_.load(std::memory_order_acquire) != generation; });
  }

  const int workers_;
  const bool spin_;
  alignas(64) std::atomic<int> waiting_;
  alignas(64) std::atomic<std::uint32_t> generation_{0};
  alignas(64) std::atomic<int> sleepers_{0};
};

}  // namespace ranvier::engine
