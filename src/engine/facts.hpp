// What a checkpoint and the simulation that loads it must have in common, told so that a difference can be named.
//
//   Facts here = structure_facts(program, seed);
//   if (auto what = first_difference(there, here)) throw UserError(file, "... (" + *what + ")", ...);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/step_program.hpp"

namespace ranvier::engine {

struct Fact {
  std::string what;         ///< "seed", "parameter E.gl", "equations of E"
  std::string value = {};   ///< in the user's words; may be empty
  std::string digest = {};  ///< of what is too long to be told
};
using Facts = std::vector<Fact>;

/// The options, populations and equations; nothing of the parameters' values.
[[nodiscard]] Facts structure_facts(const model::StepProgram& program, std::uint64_t seed);
/// The values of all parameters as they are in the program.
[[nodiscard]] Facts parameter_facts(const model::StepProgram& program);

/// "seed: 1 there, 2 here"; nothing if all are the same.
[[nodiscard]] std::optional<std::string> first_difference(const Facts& there, const Facts& here);

/// One fact a line.
[[nodiscard]] std::string as_text(const Facts& facts);
[[nodiscard]] Facts from_text(const std::string& text);

}  // namespace ranvier::engine
