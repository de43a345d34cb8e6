// A barrier for the workers of one process: spins for a moment, then sleeps; sleeps at once when there are more workers
// than cores.
//
//   Barrier barrier(workers, spin);
//   barrier.wait();              // everybody's writes before it are seen by everybody after it
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace ranvier::engine {

/// Whether `done()` came true within some 200 us: on a virtual machine sleeping and being woken costs that much, and
/// what the hypervisor does to one worker makes the others wait for longer than 20 us (docs/benchmarks.md).
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

/// One counter of arrivals, which never falls: who arrives last needs its cache line once, and the others see that at
/// their next look.
class Barrier {
 public:
  Barrier(int workers, bool spin) : workers_(static_cast<std::uint64_t>(workers)), spin_(spin) {}

  void wait() {
    if (workers_ == 1) return;
    const std::uint64_t before = arrived_.fetch_add(1, std::memory_order_seq_cst);
    const std::uint64_t all = (before / workers_ + 1) * workers_;
    if (before + 1 == all) {
      if (sleepers_.load(std::memory_order_seq_cst) > 0) arrived_.notify_all();
      return;
    }
    if (spin_ && spin_until([&] { return arrived_.load(std::memory_order_acquire) >= all; })) return;
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    for (auto now = arrived_.load(std::memory_order_seq_cst); now < all;
         now = arrived_.load(std::memory_order_seq_cst)) {
      arrived_.wait(now, std::memory_order_acquire);
    }
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  const std::uint64_t workers_;
  const bool spin_;
  alignas(64) std::atomic<std::uint64_t> arrived_{0};
  alignas(64) std::atomic<int> sleepers_{0};
};

}  // namespace ranvier::engine
