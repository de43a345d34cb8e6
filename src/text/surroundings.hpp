// What the equations of a model may use beyond what they declare: the constants and arrays of the file in which they stand.
//
//   Model m = build_model("hh", text, {.constant = [&](const auto& name) { return constants.find(name); }, .constants = constants.names()});
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ranvier/equations.hpp"

namespace ranvier::text {

struct Surroundings {
  /// A constant; in a model it becomes a parameter of that name. Nothing if there is none.
  std::function<std::optional<Quantity>(const std::string&)> constant = [](const std::string&) { return std::optional<Quantity>(); };
  /// True for a constant that has a mistake of its own.
  std::function<bool(const std::string&)> bad = [](const std::string&) { return false; };
  std::vector<std::string> constants;                  ///< all, for suggestions
  /// Values over time, NAME(t) or NAME(t, i); null if there are none of that name.
  std::function<const TimeArray*(const std::string&)> array = [](const std::string&) { return static_cast<const TimeArray*>(nullptr); };
  std::vector<std::string> arrays;
  std::set<std::string> inputs;                        ///< names that synapses sum into: a declaration without a value is an input
  std::set<std::string> jumped;                        ///< names that synapses add to: a declaration without a value is a state
  bool index = false;                                  ///< `i` becomes a parameter, for the population to fill
};

/// NAME(t), or NAME(t, i) where each neuron has values of its own. UserError for another call.
[[nodiscard]] Expr array_call(Model& model, const std::string& name, const TimeArray& values, const std::vector<Expr>& x);

/// model_from_text() within a file.
[[nodiscard]] Model build_model(const std::string& name, const ModelText& text, const Surroundings& around);

}  // namespace ranvier::text
