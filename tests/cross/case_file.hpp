// A file of kernels with their data and results, so that machine code made here can be judged on another processor.
// Little-endian; the runner needs nothing but this header and the image's mapping.
//
//   Case c = reader.next_case();   for (const Run& r : c.runs) { map c.image; call it on r; compare with r.after ... }
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "codegen/image.hpp"

namespace ranvier::cross {

using Bytes = std::vector<std::byte>;

enum class Element : std::uint8_t { f32, f64, count };

struct Array {
  std::string name;
  Element element{};
  Bytes before, after;  ///< the whole padded array
};

/// The kernel is called for steps first_step ... first_step + steps - 1 on the same arrays; what is kept is from the last call.
struct Run {
  std::int64_t size = 0, begin = 0, end = 0, first_step = 0, steps = 1;
  std::int32_t status = 0;
  Bytes scalars;
  std::vector<Array> arrays;
  std::vector<std::vector<std::uint32_t>> events;
};

struct Case {
  std::string name;
  bool masked = false;  ///< nothing outside [begin, end) may change; else padding is free
  codegen::Image image;
  std::vector<Run> runs;
};

/// Calls visit(field) for every field of a case, in the order of the file.
template <class C, class V>
void each_field(C& c, V&& visit) {
  visit(c.name), visit(c.masked), visit(c.image.entry), visit(c.image.bytes), visit(c.runs);
}
template <class V>
void each_field(Run& r, V&& visit) {
  visit(r.size), visit(r.begin), visit(r.end), visit(r.first_step), visit(r.steps), visit(r.status), visit(r.scalars), visit(r.arrays), visit(r.events);
}
template <class V>
void each_field(Array& a, V&& visit) {
  visit(a.name), visit(a.element), visit(a.before), visit(a.after);
}

template <class T>
constexpr bool is_plain = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::byte>;

class Writer {
 public:
  explicit Writer(const std::string& path) : out_(path, std::ios::binary) {}
  template <class T>
  void put(T& value) {
    if constexpr (is_plain<T>) {
      out_.write(reinterpret_cast<const char*>(&value), sizeof value);
    } else if constexpr (requires { value.data(); }) {
      std::uint64_t n = value.size();
      put(n);
      using Item = typename T::value_type;
      if constexpr (is_plain<Item>) out_.write(reinterpret_cast<const char*>(value.data()), static_cast<std::streamsize>(n * sizeof(Item)));
      else
        for (auto& item : value) put(item);
    } else {
      each_field(value, [this](auto& field) { put(field); });
    }
  }
  [[nodiscard]] bool close() {
    out_.close();
    return !out_.fail();
  }

 private:
  std::ofstream out_;
};

class Reader {
 public:
  explicit Reader(const std::string& path) : in_(path, std::ios::binary) {}
  [[nodiscard]] bool more() { return in_.peek() != std::ifstream::traits_type::eof(); }
  template <class T>
  void get(T& value) {
    if constexpr (is_plain<T>) {
      read(&value, sizeof value);
    } else if constexpr (requires { value.data(); }) {
      std::uint64_t n = 0;
      get(n);
      if (n > (std::uint64_t{1} << 28)) throw std::runtime_error("the file of cases is damaged");
      using Item = typename T::value_type;
      value.resize(n);
      if constexpr (is_plain<Item>) read(value.data(), n * sizeof(Item));
      else
        for (auto& item : value) get(item);
    } else {
      each_field(value, [this](auto& field) { get(field); });
    }
  }

 private:
  void read(void* to, std::size_t n) {
    in_.read(static_cast<char*>(to), static_cast<std::streamsize>(n));
    if (!in_) throw std::runtime_error("the file of cases is cut short");
  }
  std::ifstream in_;
};

}  // namespace ranvier::cross
