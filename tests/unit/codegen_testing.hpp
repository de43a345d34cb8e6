// Shared by the codegen tests: runs a kernel through the ABI on padded, aligned arrays and compares results bit for bit.
//
//   Data data(kernel, 70);  data.fill(0, values);  data.run(*interpret(kernel));  data.real<float>(1, i)
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "codegen/executable.hpp"
#include "ir/kernel.hpp"

namespace ranvier::codegen::testing {

using ir::Graph;
using ir::Kernel;
using ir::NodeId;
using ir::Op;
using ir::Precision;
using ir::Rate;

inline std::size_t padded(std::size_t n) { return (n + 63) / 64 * 64; }

/// The memory that a kernel works on. Arrays hold `size` elements and padding; guard bytes after the padding are checked.
class Data {
 public:
  Data(const Kernel& kernel, std::size_t size, std::vector<double> scalars = {}) : kernel_(kernel), size_(size) {
    width_ = kernel.precision == Precision::f32 ? 4 : 8;
    for (const auto& array : kernel.arrays) {
      const std::size_t bytes = padded(size) * (array.element == ir::Element::byte ? 1 : array.element == ir::Element::count ? 4 : width_);
      auto* p = static_cast<std::byte*>(std::aligned_alloc(64, bytes + 64));
      std::memset(p, 0, bytes);
      std::memset(p + bytes, 0x5a, 64);
      memory_.emplace_back(p);
      bytes_.push_back(bytes);
      pointers_.push_back(p);
    }
    scalars_.resize(std::max<std::size_t>(1, scalars.size()) * RANVIER_SCALAR_LANES * width_);
    for (std::size_t k = 0; k < scalars.size(); ++k)
      for (int lane = 0; lane < RANVIER_SCALAR_LANES; ++lane) put(scalars_.data(), k * RANVIER_SCALAR_LANES + lane, scalars[k]);
    for (std::size_t k = 0; k < kernel.events.size(); ++k) events.emplace_back(size + 1, 0xdeadbeefu);
    for (auto& list : events) event_pointers_.push_back(list.data());
    counts.assign(kernel.events.size(), -1);
  }

  std::int32_t run(const Executable& executable, std::int64_t begin, std::int64_t end, std::int64_t step = 0) {
    const RanvierKernelArgs args{pointers_.data(), scalars_.data(), begin, end, event_pointers_.data(), counts.data(), step};
    return executable.run(args);
  }
  std::int32_t run(const Executable& executable, std::int64_t step = 0) { return run(executable, 0, static_cast<std::int64_t>(size_), step); }

  void set(std::size_t array, std::size_t i, double value) { put(memory_[array].get(), i, value); }
  void set_count(std::size_t array, std::size_t i, std::uint32_t value) { std::memcpy(memory_[array].get() + 4 * i, &value, 4); }
  std::uint32_t count(std::size_t array, std::size_t i) const {
    std::uint32_t value;
    std::memcpy(&value, memory_[array].get() + 4 * i, 4);
    return value;
  }
  void set_byte(std::size_t array, std::size_t i, std::uint8_t value) { std::memcpy(memory_[array].get() + i, &value, 1); }
  double get(std::size_t array, std::size_t i) const { return width_ == 4 ? double(raw<float>(array, i)) : raw<double>(array, i); }
  template <class T>
  T raw(std::size_t array, std::size_t i) const {
    T value;
    std::memcpy(&value, memory_[array].get() + sizeof(T) * i, sizeof value);
    return value;
  }
  std::uint64_t bits(std::size_t array, std::size_t i) const {
    if (kernel_.arrays[array].element == ir::Element::byte) return raw<std::uint8_t>(array, i);
    if (kernel_.arrays[array].element == ir::Element::count || width_ == 4) return raw<std::uint32_t>(array, i);
    return raw<std::uint64_t>(array, i);
  }
  bool is_nan(std::size_t array, std::size_t i) const { return kernel_.arrays[array].element == ir::Element::real && std::isnan(get(array, i)); }
  void expect_guards() const {
    for (std::size_t k = 0; k < memory_.size(); ++k)
      for (std::size_t b = 0; b < 64; ++b) ASSERT_EQ(memory_[k].get()[bytes_[k] + b], std::byte{0x5a}) << "written past the padding of array " << k;
  }
  std::size_t size() const { return size_; }
  std::span<const std::byte> bytes(std::size_t array) const { return {memory_[array].get(), bytes_[array]}; }  ///< padding included
  std::span<const std::byte> scalar_bytes() const { return scalars_; }

  std::vector<std::vector<std::uint32_t>> events;
  std::vector<std::int64_t> counts;

 private:
  struct Free {
    void operator()(std::byte* p) const { std::free(p); }
  };
  void put(std::byte* base, std::size_t i, double value) const {
    const auto narrow = static_cast<float>(value);
    if (width_ == 4) std::memcpy(base + 4 * i, &narrow, 4);
    else std::memcpy(base + 8 * i, &value, 8);
  }
  const Kernel& kernel_;
  std::size_t size_, width_;
  std::vector<std::unique_ptr<std::byte, Free>> memory_;
  std::vector<std::size_t> bytes_;
  std::vector<void*> pointers_;
  std::vector<std::byte> scalars_;
  std::vector<std::uint32_t*> event_pointers_;
};

/// Elements [0, size) of every array equal bit for bit (all NaNs are equal), and all events.
inline void expect_equal(const Kernel& kernel, const Data& a, const Data& b, const std::string& what) {
  for (std::size_t k = 0; k < kernel.arrays.size(); ++k)
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a.is_nan(k, i) && b.is_nan(k, i)) continue;
      ASSERT_EQ(a.bits(k, i), b.bits(k, i)) << what << ": array " << kernel.arrays[k].name << " element " << i << ": " << a.get(k, i) << " and " << b.get(k, i);
    }
  ASSERT_EQ(a.counts, b.counts) << what;
  for (std::size_t e = 0; e < a.events.size(); ++e)
    for (std::int64_t i = 0; i < a.counts[e]; ++i) ASSERT_EQ(a.events[e][i], b.events[e][i]) << what;
}

/// Reals at the edges of what the formats hold, ties of rounding, and ordinary values.
inline std::vector<double> tricky(Precision precision) {
  const bool f32 = precision == Precision::f32;
  const double inf = std::numeric_limits<double>::infinity();
  const double tiny = f32 ? 0x1p-149 : 0x1p-1074, least_normal = f32 ? 0x1p-126 : 0x1p-1022;
  const double most = f32 ? double(std::numeric_limits<float>::max()) : std::numeric_limits<double>::max();
  const double half_ulp = f32 ? 0x1p-24 : 0x1p-53;
  std::vector<double> values{0.0, 1.0, 0.5, 1.5, 2.5, 3.5, 0.1, 1 + half_ulp * 2, 1 - half_ulp, half_ulp, 3, 7, 1e-3, 88.7, 1e10, 8388607.5, 8388608.5, 2147483648.0, 4503599627370496.5,
                             tiny, 3 * tiny, least_normal, least_normal - tiny, most, most / 2, inf};
  const std::size_t n = values.size();
  for (std::size_t k = 0; k < n; ++k) values.push_back(-values[k]);
  values.push_back(std::numeric_limits<double>::quiet_NaN());
  return values;
}

/// Deterministic choices, the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t word() { return engine_(); }
  std::size_t below(std::size_t n) { return engine_() % n; }
  double unit() { return double(engine_() >> 11) * 0x1p-53; }
  template <class T>
  const T& pick(const std::vector<T>& v) { return v[below(v.size())]; }

 private:
  std::mt19937_64 engine_;
};

inline Compiler uncached(int lanes) { return Compiler(CompilerOptions{.lanes = lanes, .disk_cache = false}); }

inline bool can_compile() { return host().isa != "none"; }

}  // namespace ranvier::codegen::testing

#define RANVIER_NEEDS_COMPILER() \
  if (!ranvier::codegen::testing::can_compile()) GTEST_SKIP() << "this processor has no vector unit that kernels are compiled for"
