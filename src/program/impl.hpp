// What stands behind ArrayProgram.
//
//   impl.program.statements;   impl.runtime->run(run);
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "program/runtime.hpp"
#include "program/statements.hpp"

namespace ranvier {

struct ArrayProgram::Impl {
  program::Program program;
  std::unique_ptr<program::Runtime> runtime;
  bool compiled = false;
  int open = 0;  ///< repeats without their end
  std::atomic<bool> busy{false};

  program::KernelStatement& kernel(std::size_t statement);
  void add(program::Statement statement);
  /// Temporary and zero.
  int hidden(const std::string& name, std::size_t size, ArrayKind kind);
  void write(int array, std::span<const double> values);  ///< unchecked
};

namespace program {
/// Operators that are made of those of the table; nothing if it is none of them.
[[nodiscard]] std::optional<int> compose(ArrayProgram::Kernel& kernel, std::string_view name,
                                         std::span<const int> operands);
}  // namespace program

}  // namespace ranvier
