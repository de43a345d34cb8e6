// The floating-point environment that results rest on: round to nearest, denormal numbers kept, no traps. Restored at the end of a scope.
//
//   const FloatEnvironment strict;
#pragma once

#include <cfenv>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace ranvier::engine {

class FloatEnvironment {
 public:
  FloatEnvironment() {
    std::fegetenv(&saved_);
    std::fesetenv(FE_DFL_ENV);  // to nearest, no traps
#if defined(__x86_64__)
    _mm_setcsr(_mm_getcsr() & ~0x8040u);  // neither flush to zero nor denormals are zero
#endif
  }
  ~FloatEnvironment() { std::fesetenv(&saved_); }
  FloatEnvironment(const FloatEnvironment&) = delete;
  FloatEnvironment& operator=(const FloatEnvironment&) = delete;

 private:
  std::fenv_t saved_{};
};

}  // namespace ranvier::engine
