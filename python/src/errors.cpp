// Errors of the library as Python exceptions of their own classes, with the same text and the data that they carry.
#include <nanobind/stl/string.h>

#include <array>

#include "bindings.hpp"
#include "ranvier/equations.hpp"
#include "ranvier/error.hpp"

namespace ranvier::python {

namespace nb = nanobind;

namespace {

/// By kind, a class after its base. Borrowed: the module holds them.
struct Classes {
  PyObject *error = nullptr, *internal = nullptr, *unsupported = nullptr, *user = nullptr, *unit = nullptr, *parse = nullptr;
};
Classes classes;

nb::object add(nb::module_& m, const char* name, nb::handle bases, const char* doc, PyObject*& kept) {
  nb::dict content;
  content["__doc__"] = doc;
  content["__module__"] = "ranvier";
  nb::object made = nb::handle(reinterpret_cast<PyObject*>(&PyType_Type))(name, nb::isinstance<nb::tuple>(bases) ? bases : nb::make_tuple(bases), content);
  m.attr(name) = made;
  kept = made.ptr();
  return made;
}

nb::list diagnostics_of(const ParseError& e) {
  nb::list out;
  for (const auto& d : e.diagnostics()) {
    nb::dict each;
    each["file"] = d.file;
    each["line"] = d.line;
    each["column"] = d.column;
    each["length"] = d.length;
    each["problem"] = d.problem;
    each["remedy"] = d.remedy;
    each["excerpt"] = d.excerpt;
    out.append(each);
  }
  return out;
}

void raise(PyObject* type, const Error& e, const ParseError* parse = nullptr) {
  nb::object made = nb::handle(type)(nb::str(e.what()));
  made.attr("where") = e.where();
  made.attr("problem") = e.problem();
  made.attr("remedy") = e.remedy();
  if (parse) made.attr("diagnostics") = diagnostics_of(*parse);
  PyErr_SetObject(type, made.ptr());
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const ParseError& e) {
    raise(classes.parse, e, &e);
  } catch (const UnitError& e) {
    raise(classes.unit, e);
  } catch (const UserError& e) {
    raise(classes.user, e);
  } catch (const UnsupportedError& e) {
    raise(classes.unsupported, e);
  } catch (const InternalError& e) {
    raise(classes.internal, e);
  } catch (const Error& e) {
    raise(classes.error, e);
  } catch (const nb::cast_error&) {
    PyErr_SetString(PyExc_TypeError, "an argument is of a type or size that does not fit");
  }
}

}  // namespace

void bind_errors(nb::module_& m) {
  const nb::object error = add(m, "Error", nb::handle(PyExc_Exception),
      "Base of everything that ranvier raises. `where`, `problem` and `remedy` hold the parts of its text.", classes.error);
  add(m, "InternalError", error, "A defect of ranvier itself; please report it.", classes.internal);
  add(m, "UnsupportedError", error, "A reasonable request that this version cannot fulfil.", classes.unsupported);
  const nb::object user = add(m, "UserError", nb::make_tuple(error, nb::handle(PyExc_ValueError)),
      "Something that cannot be was asked for; also a ValueError.", classes.user);
  add(m, "UnitError", user, "A quantity has the wrong dimension.", classes.unit);
  add(m, "ParseError", user, "Mistakes in a text. `diagnostics`: a dict for each (file, line, column, length, problem, remedy, excerpt).",
      classes.parse);
  nb::register_exception_translator(translate);
}

}  // namespace ranvier::python
