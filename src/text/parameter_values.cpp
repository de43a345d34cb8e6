#include "text/parameter_values.hpp"

#include <algorithm>
#include <cmath>

namespace ranvier::text {

Names ParameterValues::names() {
  Names n;
  n.find = [this](const std::string& other) -> std::optional<Expr> {
    if (hidden_.contains(other)) return {};
    const auto value = declared_.contains(other) ? of(other) : around_.constant(other);
    return value ? std::optional<Expr>(*value) : std::nullopt;
  };
  n.known = [this] {
    auto out = around_.constants;
    for (const auto& [other, d] : declared_) out.push_back(other);
    return out;
  };
  n.bad = [this](const std::string& other) { return declared_.contains(other) ? !of(other) : !hidden_.contains(other) && around_.bad(other); };
  n.no_random = "a parameter is one constant";
  return n;
}

std::optional<Quantity> ParameterValues::of(const std::string& name) {
  if (const auto done = values_.find(name); done != values_.end()) return done->second;
  const auto& wanted = declared_.at(name);
  const auto given = given_.find(name);
  if (given == given_.end()) return values_[name] = Quantity{0, wanted.value_or(Dimension{})};
  const Source source(given->second);
  const Span all{0, static_cast<std::uint32_t>(given->second.text.size())};
  if (std::find(open_.begin(), open_.end(), name) != open_.end() || open_.size() >= deepest_nesting) {
    std::string cycle;
    for (auto it = std::find(open_.begin(), open_.end(), name); it != open_.end(); ++it) cycle += *it + " -> ";
    report_.add(source, all, cycle.empty() ? "more than 200 parameters use one another" : "the parameter '" + name + "' is defined by itself: " + cycle + name,
                cycle.empty() ? "use numbers" : "break the circle");
    return values_[name] = std::nullopt;
  }
  open_.push_back(name);
  std::optional<Quantity> value;
  if (const auto syntax = parse_whole(source, report_)) {
    const auto meaning = names();
    Compiler compiler(source, report_, meaning);
    const auto e = wanted ? compiler.real(*syntax, *wanted, "'" + name + "'") : compiler.real(*syntax, "'" + name + "'");
    if (e) value = constant_value(*e);
    if (value && std::isnan(value->value)) {
      report_.add(source, all, "'" + name + "' is not a number", "check for 0/0");
      value.reset();
    }
  }
  open_.pop_back();
  return values_[name] = value;
}

}  // namespace ranvier::text
