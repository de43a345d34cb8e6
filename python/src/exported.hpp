// NumPy arrays out, without copies: the array owns what it shows, or shares it with whoever made it.
//
//   return exported(std::move(times), {times.size()});          // float64, of its own
//   return shared(record->values_pointer(), {frames, columns});  // read-only, while the record goes on
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace ranvier::python {

/// An object whose type in the stub is NumPy's.
class NumpyArray : public nanobind::object {
  static bool is(PyObject*) { return true; }
  NB_OBJECT(NumpyArray, nanobind::object, "numpy.typing.NDArray[typing.Any]", is)
};

/// An array that may be written to.
template <class T>
NumpyArray exported(std::vector<T>&& values, std::initializer_list<std::size_t> shape) {
  namespace nb = nanobind;
  auto* kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::borrow<NumpyArray>(nb::cast(nb::ndarray<nb::numpy, T>(kept->data(), shape, owner)));
}

/// A read-only array of what others hold too.
template <class T>
NumpyArray shared(std::shared_ptr<const std::vector<T>> values, std::initializer_list<std::size_t> shape) {
  namespace nb = nanobind;
  auto* kept = new std::shared_ptr<const std::vector<T>>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::shared_ptr<const std::vector<T>>*>(p); });
  return nb::borrow<NumpyArray>(nb::cast(nb::ndarray<nb::numpy, const T>((*kept)->data(), shape, owner)));
}

}  // namespace ranvier::python
