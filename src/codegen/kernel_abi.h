/* The only meeting point of engine and kernels: plain C, versioned. A test fills it by hand.
 *
 *   RanvierKernelArgs a = {...};  status = kernel(&a);
 */
#ifndef RANVIER_KERNEL_ABI_H
#define RANVIER_KERNEL_ABI_H

#include <stdint.h>

#define RANVIER_KERNEL_ABI_VERSION 2

/* Filled by the engine before each call; the kernel writes only through the pointers. */
typedef struct RanvierKernelArgs {
  /* Base pointer of each array (element 0 of the population), in the order of ir::Kernel::arrays. 64-byte aligned. */
  void* const* arrays;
  /* Each scalar repeated RANVIER_SCALAR_LANES times in the kernel's precision, in the order of ir::Kernel::scalars. */
  const void* scalars;
  /* Elements [begin, end). begin is a multiple of 64 unless the kernel has masked stores. */
  int64_t begin, end;
  /* For each event: where to append indices (room for end - begin entries), and how many were appended (set by the kernel). */
  uint32_t* const* events;
  int64_t* event_counts;
  /* The integer time step. */
  int64_t step;
} RanvierKernelArgs;

#define RANVIER_SCALAR_LANES 32

/* Returns 0, or 1 if a value stored in a checked array was NaN or infinite. */
typedef int32_t (*RanvierKernel)(const RanvierKernelArgs* args);

#endif
