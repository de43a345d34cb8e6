// ranvier._core: the compiled half of the Python package.
#include "bindings.hpp"

NB_MODULE(_core, m) {
  m.doc() = "The compiled half of ranvier; its public names are those of the package ranvier.";
  m.attr("__version__") = RANVIER_VERSION;
#ifdef RANVIER_QUIET_EXIT
  nanobind::set_leak_warnings(false);
#endif
  using namespace ranvier::python;
  bind_errors(m);
  bind_array_program(m);
  bind_units(m);
  bind_expressions(m);
  bind_inputs(m);
  bind_models(m);
  bind_channels(m);
  bind_rules(m);
  bind_network(m);
  bind_library(m);
  bind_text(m);
  bind_records(m);
  bind_simulation(m);
  bind_sweep(m);
  bind_sonata(m);
}
