// Models from text, in the syntax of equations that users of this field write, with units. Every mistake is reported at once,
// each with its file, line, column and a caret.
//
//   Model lif = model_from_text("lif", {.equations = R"(
//     dV/dt = (El - V + R*I)/tau : volt (unless refractory)
//     I : amp
//     )", .parameters = {{"El", "-65*mV"}, {"R", "100*Mohm"}, {"tau", "10*ms"}}, .threshold = "V > -50*mV", .reset = "V = El"});
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ranvier/model.hpp"

namespace ranvier {

/// One mistake in a text: what is wrong, where, and what to do.
struct Diagnostic {
  std::string file;                       ///< as given in TextPiece
  std::uint32_t line = 1, column = 1;     ///< counted from 1; columns in characters
  std::uint32_t length = 1;               ///< characters that are at fault, within the line
  std::string problem, remedy;
  std::string excerpt;                    ///< the line
};
/// "FILE:LINE:COLUMN: problem; remedy", the line, and a caret below the place.
[[nodiscard]] std::string to_string(const Diagnostic& d);

/// All mistakes of a text.
class ParseError : public UserError {
 public:
  explicit ParseError(std::vector<Diagnostic> diagnostics);
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// A text and where it stands in a file, for messages.
struct TextPiece {
  std::string text;
  std::string file = "equations";
  std::uint32_t line = 1, column = 1;
  TextPiece() = default;
  TextPiece(const char* t) : text(t) {}                 // NOLINT: a text is a piece
  TextPiece(std::string t) : text(std::move(t)) {}      // NOLINT
  TextPiece(std::string t, std::string f, std::uint32_t l, std::uint32_t c)
      : text(std::move(t)), file(std::move(f)), line(l), column(c) {}
};

/// A model as text. Lines of `equations`:
///   dx/dt = EXPRESSION : UNIT (FLAGS)    a state; flag: unless refractory
///   x = EXPRESSION : UNIT                a name for an expression
///   x : UNIT (FLAGS)                     a parameter (0 unless `parameters` says otherwise), or, where a reset or `initial` sets it, a state; flags:
///                                        constant, shared, input (what synapses and users send in), held (an input that keeps its value over a step)
/// `threshold`: a condition, which makes a spike in each step after which it holds, or crosses_up(x, level). `parameters` gives constants by name, whether or not `equations` declares them; each may use the others. `reset`: statements
/// such as "V = El; w += b", one a line or separated by semicolons. `initial`: expressions of parameters, randn() and rand().
/// `each_step`: statements as in `reset`, all of the values before them; they may draw.
struct ModelText {
  TextPiece equations;
  std::map<std::string, TextPiece> parameters;
  TextPiece threshold, reset, refractory;
  TextPiece each_step;                      ///< statements of every step, before the equations advance
  struct Regular {
    TextPiece every, statements;
  };
  std::vector<Regular> regularly;           ///< statements at 0, every, 2 every ...
  std::string method;                       ///< empty: chosen by the equations
  std::map<std::string, TextPiece> initial;
};

/// ParseError with all mistakes: syntax, unknown names (with near ones), units, circular definitions, a threshold that is no
/// condition, a reset of something absent ...
[[nodiscard]] Model model_from_text(const std::string& name, const ModelText& text);

/// A constant such as "0.5*(3 + 2)*nS". ParseError if it is none.
[[nodiscard]] Quantity quantity_from_text(const TextPiece& text);

/// What the names of an expression mean, for whoever asks: parameters, states ...
struct ExpressionNames {
  std::function<std::optional<Expr>(const std::string&)> find;
  std::vector<std::string> known;  ///< for suggestions
};
/// An expression for initial values, parameters, weights, delays: with rand(), randn(), the distributions of distributions.hpp, distance()
/// and position(axis). ParseError with all mistakes.
[[nodiscard]] Expr expression_from_text(const TextPiece& text, const ExpressionNames& names);

/// An expression in canonical form: fewest parentheses, one blank around + - and comparisons. Parsing it again gives the same.
[[nodiscard]] std::string canonical_expression(const TextPiece& text);

}  // namespace ranvier
