// What an array program holds before it is compiled: arrays and statements as they were told. Plain data.
//
//   Program p;  p.arrays.push_back({.name = "V", .size = 4000});
//   p.statements.push_back(Reduce{...});
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/state.hpp"
#include "ir/op.hpp"
#include "ranvier/array_program.hpp"

namespace ranvier::program {

struct Array {
  std::string name;
  std::size_t size = 0;
  ArrayKind kind = ArrayKind::real;
  bool temporary = false;
  std::size_t ring_frames = 0;  ///< not 0: a ring of so many frames of `size` elements
  engine::ArrayMemory memory = {};
  std::uint64_t head = 0;  ///< of a ring: the frame of the latest write
};

struct KernelNode {
  enum class Kind : std::uint8_t { load, load_scalar, slot, literal, boolean, index, op, uniform, normal, poisson };
  Kind kind{};
  ir::Op op{};
  int arg[3] = {-1, -1, -1};
  int array = -1;            ///< or the slot
  std::uint64_t offset = 0;  ///< or the index, or the stream
  double value = 0;
};
struct KernelStore {
  int array = 0, node = 0;
  std::size_t offset = 0;
};
struct KernelStatement {
  std::string name;
  std::size_t size = 0;
  std::vector<KernelNode> nodes;
  std::vector<KernelStore> stores;
};
struct Propagate {
  int source = 0;
  std::size_t source_offset = 0, n_pre = 0, n_post = 0;
  std::vector<std::int64_t> indptr;
  std::vector<std::int32_t> indices;
  bool constant = false;        ///< the weight is multiplied where the arrivals are added
  std::vector<double> weights;  ///< one a synapse; empty: constant or plastic
  int weight_array = -1;
  int arrivals = -1;  ///< the hidden array that it writes: counts or sums
};
struct Dense {
  int source = 0;
  std::size_t source_offset = 0, rows = 0, columns = 0;
  std::vector<double> matrix;
  int arrivals = -1;
};
struct Product {
  int left = 0, right = 0, target = 0;
  std::size_t left_offset = 0, right_offset = 0, m = 0, k = 0, n = 0;
  bool transposed = false;
};
struct Gather {
  int source = 0, target = 0, index_array = -1;
  std::vector<std::int64_t> index;
  std::size_t count = 0, target_offset = 0;
};
struct Scatter {
  int source = 0, target = 0, index_array = -1;
  std::vector<std::int64_t> index;
  std::size_t count = 0;
  bool add = false;
};
struct RowRead {
  int source = 0, index = 0, target = 0;
  std::size_t offset = 0, index_at = 0, count = 0, rows = 0;
};
struct RowWrite {
  int target = 0, index = 0, source = 0;
  std::size_t index_at = 0, offset = 0, count = 0, rows = 0;
};
enum class Reduction : std::uint8_t { sum, max, min, any, all, mean };
struct Reduce {
  Reduction kind{};
  int source = 0, target = 0;
  std::size_t offset = 0, size = 0, target_index = 0;
};
struct SegmentReduce {
  Reduction kind{};
  int source = 0, target = 0, axis = 0;
  std::size_t rows = 0, columns = 0;
};
struct RingWrite {
  int ring = 0, source = 0;
};
struct RingRead {
  int ring = 0, target = 0;
  std::vector<std::int64_t> steps;  ///< one, or one an element
};
struct Repeat {
  std::uint64_t max_turns = 0;
  int condition = 0;
};
struct End {};

using Statement = std::variant<KernelStatement, Propagate, Dense, Gather, Scatter, Reduce, SegmentReduce, RingWrite,
                               RingRead, Repeat, End, RowRead, RowWrite,
                               Product>;

struct Slot {
  std::string name;
  double value = 0;
};

struct Program {
  Precision precision = Precision::f32;
  std::vector<Array> arrays;
  std::vector<Slot> slots;
  std::vector<Statement> statements;

  [[nodiscard]] std::size_t real_bytes() const { return precision == Precision::f32 ? 4 : 8; }
  [[nodiscard]] std::size_t element_bytes(int array) const {
    return arrays[array].kind == ArrayKind::real ? real_bytes() : 4;
  }
  /// Room for `elements` and the padding that kernels may read or write, at the start of any view.
  [[nodiscard]] engine::ArrayMemory memory(int array, std::size_t elements) const {
    return engine::ArrayMemory(elements + 64, element_bytes(array));
  }
};

/// Slots that every program has.
inline constexpr int slot_t = 0, slot_i = 1, slot_dt = 2;

/// A digest of everything but names and values.
[[nodiscard]] std::string structure_hash(const Program& program);

}  // namespace ranvier::program
