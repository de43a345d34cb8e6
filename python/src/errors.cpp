// Errors of the library as Python exceptions of their own classes, with the same text.
#include "bindings.hpp"
#include "ranvier/error.hpp"

namespace ranvier::python {

namespace nb = nanobind;

void bind_errors(nb::module_& m) {
  // Later ones are tried first: a class follows its base.
  nb::exception<Error> error(m, "Error", PyExc_Exception);
  error.doc() = "Base of everything that ranvier raises: what is wrong, where, and what to do.";
  nb::exception<InternalError>(m, "InternalError", error.ptr()).doc() = "A defect of ranvier itself; please report it.";
  nb::exception<UnsupportedError>(m, "UnsupportedError", error.ptr()).doc() = "A reasonable request that this version cannot fulfil.";
  nb::exception<UserError> user(m, "UserError", nb::make_tuple(error, nb::handle(PyExc_ValueError)).ptr());
  user.doc() = "Something that cannot be was asked for; also a ValueError.";
  nb::exception<UnitError>(m, "UnitError", user.ptr()).doc() = "A quantity has the wrong dimension.";
}

}  // namespace ranvier::python
