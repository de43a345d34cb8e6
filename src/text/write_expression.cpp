#include <algorithm>
#include <charconv>
#include <cmath>

#include "ranvier/equations.hpp"
#include "text/ast.hpp"
#include "text/compile.hpp"
#include "text/functions.hpp"
#include "text/write.hpp"

namespace ranvier::text {
namespace {

using ir::Op;

std::string number_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

/// "1/mV/ms", for the dimensions of rate constants, which customary names make long.
std::string inverse_pair(const Dimension& d) {
  using namespace units;
  static constexpr std::pair<const char*, Unit> parts[] = {{"mV", mV}, {"ms", ms}, {"pA", pA}, {"nS", nS}, {"pF", pF}, {"um", um}};
  for (const auto& [a, x] : parts) {
    for (const auto& [b, y] : parts) {
      if (dimension::none / x.dimension / y.dimension == d) return std::string("1/") + a + "/" + b;
    }
  }
  return "";
}

/// One of the unit in which values are kept, as an expression: each factor is 1, so it changes no number.
std::string unit_text(const Dimension& d) {
  if (auto pair = inverse_pair(d); !pair.empty()) return pair;
  static constexpr const char* bases[] = {"um", "ng", "ms", "pA", "kelvin", "mol", "candela"};
  std::string customary;
  for (const char c : coherent_unit_name(d)) customary += c == '^' ? "**" : std::string(1, c);
  try {
    const auto q = quantity_from_text(customary);
    if (q.value == 1 && q.dimension == d) return customary;
  } catch (const UserError&) {
    // A name of units that is none in equations, such as K: the base units do.
  }
  std::string above, below;
  for (std::size_t k = 0; k < d.halves.size(); ++k) {
    const int halves = d.halves[k];
    if (halves == 0) continue;
    const std::string power = std::abs(halves) == 2 ? "" : "**" + number_text(std::abs(halves) / 2.0);
    (halves > 0 ? above : below) += (halves > 0 ? above.empty() ? "" : "*" : "/") + std::string(bases[k]) + power;
  }
  return (above.empty() ? "1" : above) + below;
}

std::string with_unit(const std::string& number, const Dimension& d) {
  if (d.is_none()) return number;
  const auto unit = unit_text(d);
  return unit.starts_with("1/") ? number + unit.substr(1) : number + "*" + unit;
}

bool is_random(Op op) { return op == Op::uniform || op == Op::normal; }

}  // namespace

std::string write_quantity(Quantity q) {
  if (q.dimension.is_none()) return number_text(q.value);
  // In the unit that people use, where that gives the very number: 20 uS rather than 20000 nS.
  const auto told = to_string(q);
  if (const auto blank = told.find_first_of(" /"); blank != std::string::npos && told.find('^') == std::string::npos) {
    const std::string text = told.substr(0, blank) + (told[blank] == '/' ? "/" : "*") + told.substr(blank + 1);
    try {
      const auto back = quantity_from_text(text);
      if (back.value == q.value && back.dimension == q.dimension) return text;
    } catch (const UserError&) {
      // A name of units that is none in equations.
    }
  }
  return with_unit(number_text(q.value), q.dimension);
}

std::string toml_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

std::string WrittenNames::fresh(const std::string& wanted) {
  std::string name;
  for (const char c : wanted) name += std::isalnum(static_cast<unsigned char>(c)) || c == '_' ? c : '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) name = "_" + name;
  const auto reserved = [&] {
    for (const char* word : {"t", "dt", "i", "N", "spiked", "and", "or", "not", "if", "else", "True", "False", "xi", "inf"}) {
      if (name == word) return true;
    }
    return name.starts_with("xi_") || (name.size() > 1 && unit_or_constant(name)) || find_function(name) != nullptr;
  };
  while (reserved() || taken.contains(name)) name += "_";
  taken.insert(name);
  return name;
}

void Writer::refuse(const std::string& what) const { throw UnsupportedError(where_, what, "say it in C++"); }

std::string Writer::write(ir::NodeId node, const Dimension& wanted) { return whole(node, wanted, true); }
std::string Writer::write_definition(ir::NodeId node, const Dimension& wanted) { return whole(node, wanted, false); }
std::string Writer::write_condition(ir::NodeId node) { return whole(node, {}, true); }

std::string Writer::whole(ir::NodeId root, const Wanted& wanted, bool own_name) {
  defining_ = own_name ? std::nullopt : std::optional<ir::NodeId>(root);
  length_ = depth_ = 0;
  known_.clear();
  learn(root);
  return node(root, wanted).text;
}

void Writer::learn(ir::NodeId root) {
  const ir::NodeId roots[] = {root};
  for (const auto id : ir::topological(graph_, roots)) known_[id] = dimension_of(id);
}

Writer::Wanted Writer::dimension_of(ir::NodeId id) const {
  const auto name = names_.of.find(id);
  if (name != names_.of.end() && defining_ != id) return name->second.dimension;
  return derived(id);
}

/// Nothing for what takes any dimension, as literals make it.
Writer::Wanted Writer::derived(ir::NodeId id) const {
  const auto& n = graph_[id];
  const auto of = [&](int k) { return known_.at(n.arg[k]); };
  switch (n.op) {
    case Op::literal: return {};
    case Op::symbol: {
      const auto& name = graph_.symbol_of(id).name;
      if (name == "t" || name == "dt") return dimension::time;
      if (name == "neuron_index()" || name == "source_index()" || name == "target_index()") return Dimension{};
      if (name == "distance()" || name.starts_with("position(")) return dimension::length;
      refuse("an expression of '" + name + "'");
    }
    case Op::add: case Op::sub: case Op::min: case Op::max: return of(0) ? of(0) : of(1);
    case Op::select: return of(1) ? of(1) : of(2);
    case Op::neg: case Op::abs: return of(0);
    case Op::mul: return of(0) && of(1) ? Wanted(*of(0) * *of(1)) : Wanted();
    case Op::div: return of(0) && of(1) ? Wanted(*of(0) / *of(1)) : Wanted();
    case Op::sqrt: return of(0) ? Wanted(power(*of(0), 1)) : Wanted();
    case Op::pow: {
      if (graph_[n.arg[1]].op != Op::literal) return Dimension{};
      if (!of(0)) return {};
      const double twice = 2 * graph_.literal_value(n.arg[1]);
      return twice == std::floor(twice) && std::fabs(twice) <= 20 ? power(*of(0), static_cast<int>(twice)) : Dimension{};
    }
    default: return Dimension{};
  }
}

Writer::Text Writer::node(ir::NodeId id, const Wanted& wanted) {
  if (++depth_ > 4000) refuse("an expression nested more than 4,000 deep");
  const auto known = known_.at(id);
  const Dimension d = known ? *known : wanted ? *wanted : Dimension{};
  Text out = bare(id, d);
  if (wanted && d != *wanted) out = {with_unit(operand(out, binding(Form::multiply)), *wanted / d), binding(Form::multiply)};
  if ((length_ += 8) > 1'000'000 || out.text.size() > 1'000'000) refuse("an expression of more than a million characters");
  --depth_;
  return out;
}

/// Operands of sums and products change places where that saves parentheses: the graph does not know their order.
Writer::Text Writer::infix(const char* symbol, Form form, const Text& a, const Text& b) const {
  const int strength = binding(form);
  const bool commutes = form == Form::add || form == Form::multiply || form == Form::logic_and || form == Form::logic_or;
  const bool swap = commutes && b.binding == strength && a.binding > strength;
  const auto &left = swap ? b : a, &right = swap ? a : b;
  return {operand(left, strength) + symbol + operand(right, strength + 1), strength};
}

std::pair<Writer::Text, Writer::Text> Writer::sides(ir::NodeId id) {
  const auto &x = graph_[id].arg[0], &y = graph_[id].arg[1];
  const auto a = known_.at(x), b = known_.at(y);
  const Dimension common = a ? *a : b ? *b : Dimension{};
  return {node(x, common), node(y, common)};
}

std::pair<std::string, std::string> Writer::write_sides(ir::NodeId comparison) {
  defining_.reset();
  length_ = depth_ = 0;
  known_.clear();
  learn(comparison);
  const auto [x, y] = sides(comparison);
  return {x.text, y.text};
}

Writer::Text Writer::bare(ir::NodeId id, const Dimension& d) {
  const auto& n = graph_[id];
  if (const auto name = names_.of.find(id); name != names_.of.end() && defining_ != id) return {name->second.text, 9};
  const auto both = [&](const char* symbol, Form form, const Wanted& wanted) {
    return infix(symbol, form, node(n.arg[0], wanted), node(n.arg[1], wanted));
  };
  const auto compared = [&](const char* symbol) {
    const auto [x, y] = sides(id);
    return Text{operand(x, binding(Form::add)) + symbol + operand(y, binding(Form::add)), binding(Form::less)};
  };
  switch (n.op) {
    case Op::literal: {
      if (n.type == ir::Type::boolean) return {n.payload != 0 ? "0 == 0" : "0 == 1", binding(Form::equal)};
      const double value = graph_.literal_value(id);
      if (std::isnan(value)) refuse("a value that is not a number");
      const bool negative = std::signbit(value);
      const auto number = std::isinf(value) ? std::string(negative ? "-inf" : "inf") : number_text(value);
      return {with_unit(number, d), d.is_none() ? negative ? binding(Form::negate) : 9 : binding(Form::multiply)};
    }
    case Op::symbol: {
      const auto& name = graph_.symbol_of(id).name;
      return {name == "neuron_index()" || name == "source_index()" ? "i" : name == "target_index()" ? "j" : name, 9};
    }
    case Op::add: return both(" + ", Form::add, d);
    case Op::sub: return both(" - ", Form::subtract, d);
    case Op::mul: case Op::div: case Op::pow: return product(id, d);
    case Op::neg: return {"-" + operand(node(n.arg[0], d), binding(Form::negate)), binding(Form::negate)};
    case Op::lt: return compared(" < ");
    case Op::le: return compared(" <= ");
    case Op::gt: return compared(" > ");
    case Op::ge: return compared(" >= ");
    case Op::eq: return compared(" == ");
    case Op::ne: return compared(" != ");
    case Op::logic_and: return both(" and ", Form::logic_and, {});
    case Op::logic_or: return both(" or ", Form::logic_or, {});
    case Op::logic_not: return {"not " + operand(node(n.arg[0], {}), binding(Form::logic_not) + 1), binding(Form::logic_not)};
    default: return call(id, d);
  }
}

/// Factors take their dimension from one another.
Writer::Text Writer::product(ir::NodeId id, const Dimension& d) {
  const auto& n = graph_[id];
  const auto a = n.arg[0], b = n.arg[1];
  auto da = known_.at(a), db = known_.at(b);
  if (n.op == Op::pow) {
    const bool fixed = graph_[b].op == Op::literal;
    const double exponent = fixed ? graph_.literal_value(b) : 1;
    if (!fixed) da = Dimension{};
    if (!da) {
      da = Dimension{};
      if (!d.is_none() && exponent != 0 && std::fabs(exponent) <= 10) {
        const double halves = 2 / exponent;
        if (halves == std::floor(halves)) da = power(d, static_cast<int>(halves));
      }
    }
    const double twice = 2 * exponent;
    if (fixed && !(twice == std::floor(twice) && std::fabs(twice) <= 20)) da = Dimension{};
    return {operand(node(a, da), binding(Form::power) + 1) + "**" + operand(node(b, Dimension{}), binding(Form::negate)), binding(Form::power)};
  }
  const bool product = n.op == Op::mul;
  if (!da && !db) {
    const bool first_plain = product && (graph_[a].op == Op::literal || graph_[b].op != Op::literal);
    (first_plain ? da : db) = Dimension{};
  }
  if (!da) da = product ? d / *db : d * *db;
  if (!db) db = product ? d / *da : *da / d;
  return infix(product ? "*" : "/", product ? Form::multiply : Form::divide, node(a, da), node(b, db));
}

Writer::Text Writer::call(ir::NodeId id, const Dimension& d) {
  const auto& n = graph_[id];
  const std::string name(ir::op_info(n.op).printed);
  const auto arguments = [&](std::initializer_list<std::string> list) {
    std::string out = name + "(";
    for (const auto& a : list) out += (out.back() == '(' ? "" : ", ") + a;
    return Text{out + ")", 9};
  };
  switch (n.op) {
    case Op::uniform: case Op::normal: return {name + "()", 9};
    case Op::poisson:
      if (!is_random(graph_[n.arg[1]].op) || !is_random(graph_[n.arg[2]].op)) refuse("a Poisson count of draws that are named");
      return arguments({node(n.arg[0], Dimension{}).text});
    case Op::select: return arguments({node(n.arg[0], {}).text, node(n.arg[1], d).text, node(n.arg[2], d).text});
    case Op::min: case Op::max: return arguments({node(n.arg[0], d).text, node(n.arg[1], d).text});
    case Op::abs: return arguments({node(n.arg[0], d).text});
    case Op::sqrt: return arguments({node(n.arg[0], known_.at(n.arg[0]) ? known_.at(n.arg[0]) : Wanted(d * d)).text});
    case Op::exp: case Op::expm1: case Op::exprel: case Op::log: case Op::log1p: case Op::sin: case Op::cos: case Op::tanh: case Op::floor:
      return arguments({node(n.arg[0], Dimension{}).text});
    default: refuse("the operation '" + name + "'");
  }
}

}  // namespace ranvier::text
