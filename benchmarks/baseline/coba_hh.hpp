// Hand-written vector kernels of the COBA-HH step: what a patient programmer gets from this processor. Benchmarks
// measure Ranvier's compiled kernels against them, in the same run.
//
//   State<float> s(4000);                      // V, m, h, n, gE, gI and what arrived, padded to whole vectors
//   int n = fast_guarded_f32(s.view(), spikes);
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace baseline {

/// Arrays of `size` elements, padded with resting neurons to a multiple of 64. `arrived_e` and `arrived_i` in nS.
template <class Real>
struct View {
  Real *V, *m, *h, *n, *g_e, *g_i, *arrived_e, *arrived_i;
  int size;
};

template <class Real>
class State {
 public:
  explicit State(int size) : size_(size), padded_((size + 63) / 64 * 64), memory_(allocate(), &std::free) {
    for (int i = 0; i < padded_; ++i) at(0)[i] = -65;
  }
  [[nodiscard]] View<Real> view() { return {at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), padded_}; }
  [[nodiscard]] int size() const { return size_; }

 private:
  Real* allocate() const {
    // A line between one array and the next: arrays a whole number of pages apart would share cache sets.
    const std::size_t bytes = 8 * (static_cast<std::size_t>(padded_) + 64) * sizeof(Real);
    auto* p = static_cast<Real*>(std::aligned_alloc(64, bytes));
    std::memset(p, 0, bytes);
    return p;
  }
  [[nodiscard]] Real* at(int k) {
    return memory_.get() + static_cast<std::size_t>(k) * (static_cast<std::size_t>(padded_) + 64);
  }

  int size_, padded_;
  std::unique_ptr<Real, decltype(&std::free)> memory_;
};

// One step of 0.1 ms; indices of the neurons that spiked go to `spikes`, their number is returned. What arrived is
// cleared.
//   fast       exponential Euler; exponentials shared, divisions merged in pairs
//   staggered  the same algebra, V at whole steps and gates at half steps
//   unguarded  0/0 at V = -50, -48, -23 mV;  guarded: x/(e^x - 1) by its series for |x| < 1/8 (f64: 1/2)
#define RANVIER_BASELINE(name)                                          \
  int name##_unguarded_f32(const View<float>&, std::uint32_t* spikes);  \
  int name##_guarded_f32(const View<float>&, std::uint32_t* spikes);    \
  int name##_unguarded_f64(const View<double>&, std::uint32_t* spikes); \
  int name##_guarded_f64(const View<double>&, std::uint32_t* spikes);
RANVIER_BASELINE(fast)
RANVIER_BASELINE(staggered)
#undef RANVIER_BASELINE

/// "clang++ 19.1.7, 16 lanes" and the like.
const char* built_by();

}  // namespace baseline
