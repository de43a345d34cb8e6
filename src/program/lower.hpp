// From statements to operations: kernels are fused, views become copies, and every operation knows what it touches, so
// that it is known where workers must wait for one another.
//
//   Lowered l = lower(program, {.fuse = true, .check = true});
//   for (const auto& op : l.ops) ...
#pragma once

#include <string>
#include <vector>

#include "ir/interpret.hpp"
#include "ir/kernel.hpp"
#include "program/statements.hpp"

namespace ranvier::program {

/// What one operation does with an array (or the event list of an array, or a ring).
struct Access {
  int resource = 0;  ///< an array; lists: number of arrays + array
  bool write = false;
  std::int64_t own = -1;  ///< each worker keeps to its part of so many elements; -1: anywhere
};

struct ScalarSource {
  bool from_array = false;
  int id = 0;  ///< the slot or the array
  std::size_t index = 0;
};
struct KeySource {
  std::string purpose;
  int word = 0;
};
struct KernelPlan {
  struct Binding {
    int array = 0;
    std::size_t offset = 0;  ///< elements
  };
  struct Checked {
    int array = 0, shown = 0;  ///< where the value is, and the array that the user knows
    std::size_t offset = 0;
  };
  ir::Kernel kernel;
  std::size_t size = 0;
  std::vector<Binding> bindings;          ///< by kernel array
  std::vector<ScalarSource> sources;      ///< by symbol of `host`
  std::unique_ptr<ir::HostProgram> host;  ///< null: no scalars but keys
  std::size_t scalars = 0;                ///< that the host computes
  std::vector<KeySource> keys;            ///< behind those
  bool moving = false;                    ///< scalars change from step to step
  bool fetches = false;                   ///< ... with arrays
  std::vector<int> events;                ///< arrays whose lists it writes
  std::vector<Checked> checked;
};

struct Op {
  enum class Kind : std::uint8_t {
    kernel,
    fetch,
    copy,
    collect,
    propagate,
    dense,
    product,
    gather,
    scatter,
    reduce,
    segment,
    ring_write,
    ring_read,
    row_read,
    row_write,
    repeat,
    end
  };
  Kind kind{};
  std::size_t index = 0;  ///< of the kernel plan, the copy or the statement
  std::size_t jump = 0;   ///< repeat: the operation after its end; end: its repeat
  bool barrier = false;   ///< wait for the other workers before
  bool inside = false;    ///< of a repeat
  std::vector<Access> access = {};
};

struct Copy {
  int from = 0, to = 0;
  std::size_t from_offset = 0, to_offset = 0, size = 0;
};

struct Lowered {
  std::vector<Op> ops;
  std::vector<KernelPlan> kernels;
  std::vector<Copy> copies;
  std::vector<int> event_arrays;     ///< that have lists
  std::vector<int> collected_first;  ///< whose lists must hold when a run begins, and do at the end of each step
};

struct LowerOptions {
  bool fuse = true, check = true;
};

/// Adds arrays for views to the program.
[[nodiscard]] Lowered lower(Program& program, const LowerOptions& options);

// Fusion, by itself.

struct Touch {
  int array = 0;
  bool write = false;
  bool elementwise = false;  ///< element offset + i by element i, and nothing else
  std::size_t offset = 0;
};
/// A statement, or several kernels that have become one.
struct Item {
  const Statement* statement = nullptr;  ///< null: kernels
  std::vector<const KernelStatement*> kernels = {};
  std::size_t index = 0;  ///< of the statement
  std::vector<Touch> touches = {};
};
[[nodiscard]] std::vector<Item> fuse(const Program& program, bool on);

/// One kernel of the item's statements. `items`: all of them, which say what memory is needed. Copies that it needs are
/// appended.
[[nodiscard]] KernelPlan make_kernel(Program& program, const Item& item, const std::vector<Item>& items,
                                     const std::vector<int>& event_arrays, bool check, std::vector<Copy>& before,
                                     std::vector<Copy>& after);

}  // namespace ranvier::program
