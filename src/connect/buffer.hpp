// A growing array of plain numbers that never initialises what it allocates: hundreds of megabytes are written once, by the
// builder. Over-reserving is free: pages that are not touched do not exist.
//
//   Buffer<std::uint16_t> b;
//   b.reserve(100);
//   b.data()[0] = 7;
//   b.set_size(1);
#pragma once

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace ranvier::connect {

template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// Bytes behind the capacity that may be read.
  static constexpr std::size_t slack = 128;
  Buffer() = default;
  explicit Buffer(std::size_t size) {
    reserve(size);
    size_ = size;
  }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Buffer() { std::free(data_); }

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return size_ * sizeof(T); }
  [[nodiscard]] std::span<const T> span() const { return {data_, size_}; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }

  /// At least `capacity` elements can be written at data(); grows by half so that appending is linear. std::bad_alloc.
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    if (capacity_ > 0 && capacity < capacity_ + capacity_ / 2) capacity = capacity_ + capacity_ / 2;
    reallocate(capacity);
  }
  void set_size(std::size_t size) { size_ = size; }
  /// Gives back what was reserved beyond the size.
  void shrink() {
    if (size_ < capacity_) reallocate(size_ > 0 ? size_ : 1);
  }

 private:
  void reallocate(std::size_t capacity) {
    if (capacity > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_alloc();
    void* moved = std::realloc(data_, capacity * sizeof(T) + slack);
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<T*>(moved);
    capacity_ = capacity;
    ask_for_huge_pages();
  }
  /// Rows of a large network are read at random: with pages of 2 MiB a third of the time of delivery is saved at 10^6 neurons.
  /// Only a hint. The whole mapping is named, so that it stays one and can still be grown without a copy.
  void ask_for_huge_pages() {
#if defined(__linux__)
    constexpr std::uintptr_t page = 4096, worthwhile = std::uintptr_t{4} << 20;
    if (capacity_ * sizeof(T) < worthwhile) return;
    const auto begin = reinterpret_cast<std::uintptr_t>(data_) & ~(page - 1);
    const auto end = (reinterpret_cast<std::uintptr_t>(data_ + capacity_) + page - 1) & ~(page - 1);
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
  }
  T* data_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace ranvier::connect
