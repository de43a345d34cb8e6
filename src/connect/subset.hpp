// Random subsets of 0..n-1 of a given size, in ascending order and in pieces: [lo, hi) of a subset can be drawn without drawing the
// rest. This is what makes networks independent of the number of workers; procedural rows use the same.
//
//   Subsets subsets(key, 40000, Replacement::no);
//   std::vector<std::uint32_t> out(800 + Subsets::slack);
//   auto* end = subsets.draw(row, 800, 0, 20000, out.data());   // the members below 20000 of row's 800
//
// A fixed tree over blocks of 4,096 says how many members fall left and right of each node (SplitTables); what a node draws is
// counted by (row, node). A node with few members, or of one block, takes the first distinct of a sequence of uniform indices.
#pragma once

#include <cstdint>

#include "base/random.hpp"
#include "connect/split_tables.hpp"

namespace ranvier::connect {

/// What a counter's high half (element, purpose) is for. Rows, nodes and row counts of one key never share a counter.
enum class Draw : std::uint32_t { split = 0, members = 1u << 30, row_count = 2u << 30, row_split = 3u << 30 };
constexpr std::uint64_t counter(std::uint64_t element, Draw kind, std::uint64_t node = 0) {
  return element << 32 | static_cast<std::uint32_t>(kind) | node;
}

enum class Replacement : bool { no, yes };

class Subsets {
 public:
  /// Elements that draw() may write, as scratch, beyond the end that it returns.
  static constexpr std::size_t slack = 8;

  Subsets(base::Key key, std::uint64_t n, Replacement replacement)
      : key_(key), n_(n), replacement_(replacement == Replacement::yes), tables_(key, replacement_) {}

  /// Writes those members of the `element`-th subset of `count` members that lie in [lo, hi), ascending, each less lo; returns the
  /// end. `out` must have room for min(count, hi - lo) (with replacement: count) + slack. Precondition: count <= n without
  /// replacement; hi - lo fits T. T is uint16_t or uint32_t.
  template <class T>
  T* draw(std::uint64_t element, std::uint64_t count, std::uint64_t lo, std::uint64_t hi, T* out);

 private:
  struct Node {
    std::uint64_t first_block, end_block, begin, size;  // blocks; first index and number of indices
  };
  template <class T>
  struct Job {
    std::uint64_t element, lo, hi;
    T* out;
  };
  [[nodiscard]] Node node(std::uint64_t first_block, std::uint64_t end_block) const;
  template <class T>
  void descend(Job<T>& job, const Node& node, std::uint64_t count);
  template <class T>
  void few(Job<T>& job, const Node& node, std::uint32_t count);
  template <class T>
  void block(Job<T>& job, const Node& node, std::uint32_t count);
  template <class T>
  void block_with_replacement(Job<T>& job, const Node& node, std::uint64_t count);

  base::Key key_;
  std::uint64_t n_;
  bool replacement_;
  SplitTables tables_;
};

}  // namespace ranvier::connect
