// ranvier._core: the compiled half of the Python package.
#include "bindings.hpp"

NB_MODULE(_core, m) {
  m.doc() = "The compiled half of ranvier; its public names are those of the package ranvier.";
  m.attr("__version__") = RANVIER_VERSION;
  ranvier::python::bind_errors(m);
  ranvier::python::bind_array_program(m);
}
