// Compiled into what a wheel carries, so that it runs with glibc 2.34 too: the static C++ library and LLVM were built against a newer one
// and want functions of it, which stand here.
#include <sys/random.h>

#include <cstdlib>

// Since glibc 2.36. Used by std::random_device and for the names of LLVM's temporary files, neither of which a simulation asks for.
extern "C" unsigned arc4random() {
  unsigned value = 0;
  if (getrandom(&value, sizeof value, 0) != sizeof value) std::abort();
  return value;
}
