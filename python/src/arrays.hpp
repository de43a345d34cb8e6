// NumPy arrays in: any array-like of one dimension, converted where no value changes, with an error that says what is wrong.
//
//   const Numbers<double> weights(argument, "weights");
//   std::span<const double> w = weights.span();
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include "ranvier/error.hpp"

namespace ranvier::python {

template <class T>
class Numbers {
 public:
  /// `dimensions`: how many are wanted. UserError for other shapes, for strings and objects, and for fractions or values that do
  /// not fit where whole numbers are wanted.
  Numbers(nanobind::handle values, const std::string& what, int dimensions = 1) {
    namespace nb = nanobind;
    const nb::module_ numpy = nb::module_::import_("numpy");
    const nb::object array = numpy.attr("asarray")(values);
    const int ndim = nb::cast<int>(array.attr("ndim"));
    const auto kind = nb::cast<std::string>(array.attr("dtype").attr("kind"));
    const auto type = text(array.attr("dtype"));
    if (ndim != dimensions) {
      throw UserError(what, "has the shape " + text(array.attr("shape")),
                      "give an array of " + std::to_string(dimensions) + (dimensions == 1 ? " dimension" : " dimensions"));
    }
    const bool empty = nb::cast<std::size_t>(array.attr("size")) == 0;
    const bool fits = empty || (std::is_integral_v<T> ? kind == "i" || kind == "u" || kind == "b"
                                                      : kind == "f" || kind == "i" || kind == "u" || kind == "b");
    if (!fits) throw UserError(what, "holds " + type, std::is_integral_v<T> ? "give whole numbers (an integer dtype)" : "give real numbers");
    held_ = numpy.attr("ascontiguousarray")(array, nb::arg("dtype") = name());
    if (std::is_integral_v<T> && !empty && !nb::cast<bool>(numpy.attr("array_equal")(held_, array)))
      throw UserError(what, "holds numbers that do not fit " + std::string(name()),
                      std::is_unsigned_v<T> ? "give numbers of 0 or more" : "give smaller numbers");
    view_ = nb::cast<View>(held_);
  }
  [[nodiscard]] std::span<const T> span() const { return {view_.data(), view_.size()}; }
  [[nodiscard]] std::size_t columns() const { return view_.shape(1); }

 private:
  static std::string text(const nanobind::object& x) { return nanobind::str(nanobind::handle(x)).c_str(); }
  static const char* name() {
    if constexpr (std::is_same_v<T, double>) return "float64";
    if constexpr (std::is_unsigned_v<T>) return sizeof(T) == 8 ? "uint64" : "uint32";
    return sizeof(T) == 8 ? "int64" : "int32";
  }
  using View = nanobind::ndarray<const T, nanobind::c_contig, nanobind::device::cpu>;
  nanobind::object held_;
  View view_;
};

}  // namespace ranvier::python
