// A kernel: one pass over a contiguous range of elements, in basic operators only. What a backend compiles.
//
//   for i in [begin, end):  load every array at i;  evaluate;  store;  append i to `event` lists where a mask is true
//
// All loads of an element happen before its stores. Elements are independent. Arrays are padded by the engine to a multiple
// of 64 elements, so a backend may compute past `end` within the padding; events and the finite check leave padding out.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.hpp"
#include "ir/passes.hpp"

namespace ranvier::ir {

/// Element type in memory. `count` is uint32, `byte` uint8: a load converts to real (exact), a store converts from a non-negative
/// integral real.
enum class Element : std::uint8_t { real, count, byte };
[[nodiscard]] constexpr bool is_count(Element e) { return e != Element::real; }

struct KernelArray {
  std::string name;  ///< for messages and dumps
  Element element = Element::real;
  NodeId load = no_node;   ///< the symbol that stands for the loaded value, or no_node if only written
  NodeId store = no_node;  ///< the value to store, or no_node if only read
  bool check_finite = false;  ///< a stored NaN or infinity raises the kernel's status flag
};

struct KernelEvent {
  std::string name;
  NodeId mask = no_node;  ///< boolean: append the element's index, ascending
};

struct Kernel {
  std::string name;
  Precision precision = Precision::f64;
  Graph graph;  ///< basic level
  std::vector<KernelArray> arrays;    ///< position = index into KernelArgs::arrays
  std::vector<NodeId> scalars;        ///< symbols; position = index into KernelArgs::scalars
  std::vector<KernelEvent> events;    ///< position = index into KernelArgs::events
  bool masked_stores = false;         ///< elements past `end` must not be overwritten (a view of a population)
};

/// Readable text of a kernel, the same for equal kernels whatever their node numbers and names: the input of the cache's hash.
[[nodiscard]] std::string print(const Kernel& kernel);

}  // namespace ranvier::ir
