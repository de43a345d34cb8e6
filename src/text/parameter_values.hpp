// The values of the parameters that a text gives by name: each may use the others and the constants of the file.
//
//   ParameterValues values(text.parameters, around, report);
//   values.declare("tau", dimension::time);
//   std::optional<Quantity> tau = values.of("tau");       // nothing: it has a mistake, which is reported once
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "text/compile.hpp"
#include "text/surroundings.hpp"

namespace ranvier::text {

class ParameterValues {
 public:
  ParameterValues(const std::map<std::string, TextPiece>& given, const Surroundings& around, Report& report)
      : given_(given), around_(around), report_(report) {}
  /// A parameter of this dimension (0 unless it is given), or of whatever its value has.
  void declare(const std::string& name, const std::optional<Dimension>& d) { declared_[name] = d; }
  /// Something else of that name: values cannot use it.
  void hide(const std::string& name) { hidden_.insert(name); }
  std::optional<Quantity> of(const std::string& name);
  /// A parameter that comes from the file's constants.
  void set(const std::string& name, Quantity value) { values_[name] = value; }
  [[nodiscard]] bool broken(const std::string& name) const {
    const auto it = values_.find(name);
    return it != values_.end() && !it->second;
  }

 private:
  Names names();
  const std::map<std::string, TextPiece>& given_;
  const Surroundings& around_;
  Report& report_;
  std::map<std::string, std::optional<Dimension>> declared_;
  std::unordered_set<std::string> hidden_;
  std::map<std::string, std::optional<Quantity>> values_;
  std::vector<std::string> open_;
};

}  // namespace ranvier::text
