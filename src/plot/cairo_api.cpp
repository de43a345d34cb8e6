#include "plot/cairo_api.hpp"

#include <dlfcn.h>

#include <string>

#include "ranvier/error.hpp"

namespace ranvier::plot::detail {
namespace {

[[noreturn]] void missing(const std::string& problem) {
  throw UnsupportedError("plot", problem, "install Cairo 1.14 or later (Debian: apt install libcairo2)");
}

// Never closed: Cairo and fontconfig keep static data that do not survive being unloaded.
void* open_library(std::initializer_list<const char*> names) {
  std::string reason;
  for (const char* name : names) {
    if (void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL)) return library;
    if (reason.empty())
      if (const char* text = dlerror()) reason = text;
  }
  missing("the drawing library could not be loaded (" + reason + ")");
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (!function) missing(std::string("the drawing library lacks the function ") + name);
}

}  // namespace

CairoApi CairoApi::load() {
  CairoApi api;
  void* cairo = open_library({"libcairo.so.2", "libcairo.2.dylib"});
  void* freetype = open_library({"libfreetype.so.6", "libfreetype.6.dylib"});
#define RANVIER_FIND(name) find(cairo, #name, api.name);
  RANVIER_CAIRO_FUNCTIONS(RANVIER_FIND)
#undef RANVIER_FIND
#define RANVIER_FIND(name) find(freetype, #name, api.name);
  RANVIER_FREETYPE_FUNCTIONS(RANVIER_FIND)
#undef RANVIER_FIND
  return api;
}

}  // namespace ranvier::plot::detail
