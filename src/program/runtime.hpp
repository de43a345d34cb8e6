// Runs the operations of a program: workers that each own a part of every array, kernels, deliveries, reductions.
//
//   auto runtime = make_runtime(program, options, statistics);
//   std::uint64_t done = runtime->run(request);
#pragma once

#include <memory>
#include <optional>

#include "program/statements.hpp"

namespace ranvier::program {

class Runtime {
 public:
  virtual ~Runtime() = default;
  virtual std::uint64_t run(const ArrayRun& request) = 0;
  [[nodiscard]] virtual std::optional<NotFinite> report() const = 0;
};

/// Lowers, compiles and cuts the program into parts. The program outlives it.
[[nodiscard]] std::unique_ptr<Runtime> make_runtime(Program& program, const ArrayProgramOptions& options,
                                                    ArrayProgramStatistics& statistics);

}  // namespace ranvier::program
