/* stderr and stdout under the names that HDF5's archive has for them where it is part of a Python extension (see CMakeLists.txt). */
#include <stdio.h>

__attribute__((visibility("hidden"))) FILE* ranvier_hdf5_stderr;
__attribute__((visibility("hidden"))) FILE* ranvier_hdf5_stdout;

__attribute__((constructor)) static void set_streams(void) {
  ranvier_hdf5_stderr = stderr;
  ranvier_hdf5_stdout = stdout;
}
