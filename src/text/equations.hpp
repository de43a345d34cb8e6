// The lines of an equation block, as they are written: nothing is looked up yet.
//
//   std::vector<Declaration> lines = parse_declarations(source, report);
//   std::vector<Assignment> reset = parse_statements(source, report);      // "V = El; w += b"
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/ast.hpp"

namespace ranvier::text {

struct Declaration {
  enum class Kind : std::uint8_t { rate, expression, parameter } kind{};
  std::string name;
  Span at;                          ///< of the name
  std::optional<Syntax> value;      ///< right-hand side; nothing for a parameter
  Dimension dimension{};
  bool unless_refractory = false, input = false, held = false;
  bool shared = false, over_dt = false;   ///< of an expression: "shared" and "constant over dt"
  std::vector<std::string> flags;   ///< others that parse_declarations() was told to accept
};

struct Statement {
  std::string name;
  Span at;
  char operation = '=';             ///< '=', or the sign of += -= *= /=
  Syntax value;
};

/// Lines with a mistake are reported and left out; the names that they declare are appended to `broken`.
[[nodiscard]] std::vector<Declaration> parse_declarations(const Source& source, Report& report, std::vector<std::string>& broken,
                                                          const std::vector<std::string>& more_flags = {});
/// Statements, one a line or separated by semicolons.
[[nodiscard]] std::vector<Statement> parse_statements(const Source& source, Report& report);

}  // namespace ranvier::text
