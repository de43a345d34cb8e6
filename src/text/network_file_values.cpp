// Values of a network file: expressions, parts with arguments, constants.
#include <algorithm>
#include <cmath>

#include "model/model_data.hpp"
#include "ranvier/distributions.hpp"
#include "text/distributions.hpp"
#include "text/file_words.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {

std::vector<std::string> parameter_names(const detail::ModelData& m) {
  std::vector<std::string> out;
  for (const auto& p : m.parameters) out.push_back(p.name);
  return out;
}

void FileReader::fail(const TextPiece& at, std::string problem, std::string remedy) {
  const auto end = std::min(at.text.find('\n'), at.text.size());
  report_.add(Source(at), {0, static_cast<std::uint32_t>(std::max<std::size_t>(1, end))}, std::move(problem), std::move(remedy));
}

bool FileReader::guard(const TextPiece& at, const std::function<void()>& f) {
  try {
    f();
    return true;
  } catch (const ParseError& e) {
    report_.take(e);
  } catch (const InternalError&) {
    throw;
  } catch (const Error& e) {
    fail(at, in_file_words(e.where().empty() ? e.problem() : e.where() + ": " + e.problem()), in_file_words(e.remedy()));
  }
  return false;
}

bool FileReader::check_keys(const Node& table, const std::string& what, const std::vector<std::string>& known) {
  if (table.kind != Node::Kind::table) {
    fail(table.piece, what + " is " + kind_name(table) + " where a table is needed", "write [" + what + "], or " + what + " = { KEY = VALUE }");
    return false;
  }
  for (const auto& m : table.members) {
    if (std::find(known.begin(), known.end(), m.name) == known.end()) fail(m.key, what + " has no key '" + m.name + "'", detail::suggest(m.name, known));
  }
  return true;
}

const Node* FileReader::required(const Node& table, const std::string& key, const TextPiece& at) {
  if (const auto* m = table.find(key)) return &m->value;
  for (const auto& m : table.members) {  // a key that is nearly it has been reported
    if (detail::suggest(m.name, {key}).starts_with("did you mean")) return nullptr;
  }
  fail(at, "'" + key + "' is missing", "write " + key + " = ...");
  return nullptr;
}

std::optional<TextPiece> FileReader::piece(const Node& node, const std::string& what) {
  if (node.kind == Node::Kind::string || node.kind == Node::Kind::number) return node.piece;
  fail(node.piece, what + " is " + kind_name(node), "write an expression in quotes, or a number");
  return {};
}

std::optional<Expr> FileReader::expression(const Node& node, const std::string& what, const Names& names) {
  const auto text = piece(node, what);
  if (!text) return {};
  if (node.kind == Node::Kind::number) return Expr(node.number);
  const Source source(*text);
  const auto syntax = parse_whole(source, report_);
  auto e = syntax ? Compiler(source, report_, names).real(*syntax, what) : std::nullopt;
  // One number for all is that number, however it was written: "0.03*mS/cm**2" is no law of each synapse.
  if (const auto number = e ? constant_value(*e) : std::nullopt) e = Expr(*number);
  return e;
}

std::optional<Quantity> FileReader::quantity(const Node& node, const std::string& what, const std::optional<Dimension>& wanted) {
  const auto e = expression(node, what, constant_names());
  if (!e) return {};
  const auto value = constant_value(*e);
  if (!value || std::isnan(value->value)) {
    fail(node.piece, what + " is not a number", "check for 0/0");
    return {};
  }
  if (wanted && value->dimension != *wanted) {
    fail(node.piece, what + " must be " + in_unit(*wanted) + ", but it is " + in_unit(value->dimension), "check the units of its terms");
    return {};
  }
  return value;
}

std::optional<std::int64_t> FileReader::whole(const Node& node, const std::string& what, double least, double most) {
  const auto q = quantity(node, what, Dimension{});
  if (!q) return {};
  if (q->value >= least && q->value <= most && std::floor(q->value) == q->value) return static_cast<std::int64_t>(q->value);
  fail(node.piece, what + " is " + to_string(*q), "give a whole number from " + to_string(Quantity{least}) + " to " + to_string(Quantity{most}));
  return {};
}

bool FileReader::truth(const Node& node, const std::string& what) {
  if (node.kind != Node::Kind::truth) fail(node.piece, what + " is " + kind_name(node), "write true or false");
  return node.truth;
}

std::optional<std::size_t> FileReader::choice(const Node& node, const std::string& what, const std::vector<std::string>& known) {
  const auto it = std::find(known.begin(), known.end(), node.piece.text);
  if (node.kind == Node::Kind::string && it != known.end()) return static_cast<std::size_t>(it - known.begin());
  fail(node.piece, what + " is not among its values", detail::suggest(node.piece.text, known));
  return {};
}

// ------------------------------------------------------------------------------------------------------------------- constants

std::optional<Quantity> FileReader::constant(const std::string& name) {
  if (const auto it = constants_.find(name); it != constants_.end()) return it->second;
  const auto* section = root_.find("constants");
  const auto* m = section ? section->value.find(name) : nullptr;
  if (!m) return {};
  if (std::find(open_.begin(), open_.end(), name) != open_.end() || open_.size() > 200) {
    std::string cycle;
    for (auto it = std::find(open_.begin(), open_.end(), name); it != open_.end(); ++it) cycle += *it + " -> ";
    fail(m->value.piece, "the constant '" + name + "' is defined by itself: " + cycle + name, "break the circle");
    return constants_[name] = std::nullopt;
  }
  open_.push_back(name);
  auto value = quantity(m->value, "'" + name + "'");
  open_.pop_back();
  const auto given = set_.find(name);
  if (value && given != set_.end()) {
    if (given->second.dimension != value->dimension) {
      throw UnitError(name, "it must be " + in_unit(value->dimension) + ", and " + to_string(given->second) + " is not", "check the unit");
    }
    value = given->second;
  }
  return constants_[name] = value;
}

void FileReader::read_constants() {
  std::vector<std::string> known;
  if (const auto* section = root_.find("constants")) {
    if (section->value.kind != Node::Kind::table) return fail(section->value.piece, "constants is " + kind_name(section->value), "write [constants]");
    for (const auto& m : section->value.members) {
      known.push_back(m.name);
      if (m.name == "t" || m.name == "dt" || m.name == "i" || unit_or_constant(m.name)) {
        fail(m.key, "'" + m.name + "' is reserved, or the name of a unit", "choose another name");
        constants_[m.name] = std::nullopt;
      } else if (const auto value = constant(m.name)) {
        out_.constants[m.name] = *value;
      }
    }
  }
  for (const auto& [name, value] : set_) {
    if (std::find(known.begin(), known.end(), name) == known.end()) throw UserError(file_, "there is no constant '" + name + "'", detail::suggest(name, known));
  }
}

Names FileReader::constant_names() {
  Names n;
  n.find = [this](const std::string& name) -> std::optional<Expr> {
    const auto value = constant(name);
    return value ? std::optional<Expr>(*value) : std::nullopt;
  };
  n.bad = [this](const std::string& name) {
    if (const auto it = arrays_.find(name); it != arrays_.end() && !it->second) return true;
    const auto* section = root_.find("constants");
    return section && section->value.find(name) && !constant(name);
  };
  n.known = [this] {
    std::vector<std::string> out;
    if (const auto* section = root_.find("constants")) {
      for (const auto& m : section->value.members) out.push_back(m.name);
    }
    return out;
  };
  n.no_random = "it is one constant";
  return n;
}

/// Values that may differ between neurons or synapses.
Names FileReader::value_names() {
  Names n = constant_names();
  n.no_random.clear();
  n.functions = distribution_names();
  n.call = call_distribution;
  return n;
}

/// Of neurons: parameters of the model, the number i of the neuron, N of them.
Names FileReader::neuron_names(const Model& model, std::uint32_t size) {
  Names n = value_names();
  n.find = [&model, size, inner = n.find](const std::string& name) -> std::optional<Expr> {
    for (const auto& p : model.data().parameters) {
      if (p.name == name && name != "i") return model.find(name);
    }
    const auto constant = inner(name);
    if (constant || (name != "i" && name != "N")) return constant;
    return name == "i" ? neuron_index() : Expr(static_cast<double>(size));
  };
  n.known = [&model, inner = n.known] {
    auto out = inner();
    for (const auto& p : model.data().parameters) out.push_back(p.name);
    out.insert(out.end(), {"i", "N"});
    return out;
  };
  return n;
}

/// Of synapses: the numbers i and j of source and target within their views.
Names FileReader::synapse_names() {
  Names n = value_names();
  n.find = [inner = n.find](const std::string& name) -> std::optional<Expr> {
    const auto constant = inner(name);
    if (constant || (name != "i" && name != "j")) return constant;
    return name == "i" ? source_index() : target_index();
  };
  n.known = [inner = n.known] {
    auto out = inner();
    out.insert(out.end(), {"i", "j"});
    return out;
  };
  return n;
}

// ----------------------------------------------------------------------------------------------------------------------- parts

std::optional<Part> FileReader::part(const Node& node, const std::string& what) {
  Part p;
  if (node.kind == Node::Kind::table) {
    const auto* name = required(node, "name", node.piece);
    if (!name) return {};
    p.name = name->piece.text;
    p.at = name->piece;
    for (const auto& m : node.members) {
      if (m.name != "name") p.arguments.push_back({m.name, m.value});
    }
    return p;
  }
  if (node.kind != Node::Kind::string) {
    fail(node.piece, what + " is " + kind_name(node), "write \"NAME(KEY = VALUE)\" or { name = \"NAME\", KEY = VALUE }");
    return {};
  }
  const std::string& s = node.piece.text;
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  const auto trimmed = [&](std::size_t first, std::size_t last) {
    while (first < last && blank(s[first])) ++first;
    while (last > first && blank(s[last - 1])) --last;
    return part_of(node.piece, first, last - first);
  };
  const auto open = s.find('(');
  p.at = trimmed(0, std::min(open, s.size()));
  p.name = p.at.text;
  if (open == std::string::npos) return p;
  const auto close = s.find_last_not_of(" \t\r\n");
  if (s[close] != ')') {
    fail(node.piece, "the parenthesis is not closed", "end it with ')'");
    return {};
  }
  int depth = 0;
  std::size_t first = open + 1, equals = std::string::npos;
  for (std::size_t at = open + 1; at <= close; ++at) {
    if (at < close && s[at] == '(') ++depth;
    if (at < close && s[at] == ')') --depth;
    const bool comparison = s[at] == '=' && (s[at + 1] == '=' || std::string_view("<>!=").find(s[at - 1]) != std::string_view::npos);
    if (s[at] == '=' && depth == 0 && !comparison && equals == std::string::npos) equals = at;
    if (depth != 0 || !(at == close || s[at] == ',')) continue;
    Part::Argument a;
    if (equals != std::string::npos) a.name = trimmed(first, equals).text;
    a.value.kind = Node::Kind::string;
    a.value.piece = trimmed(equals == std::string::npos ? first : equals + 1, at);
    if (!a.value.piece.text.empty() || !a.name.empty()) p.arguments.push_back(std::move(a));
    first = at + 1;
    equals = std::string::npos;
  }
  return p;
}

bool FileReader::set_arguments(Part& part, const std::vector<std::string>& names, const std::function<void(const std::string&, Quantity)>& set) {
  bool good = true;
  for (std::size_t k = 0; k < part.arguments.size(); ++k) {
    const auto& a = part.arguments[k];
    const auto name = a.name.empty() && k < names.size() ? names[k] : a.name;
    if (name.empty() || std::find(names.begin(), names.end(), name) == names.end()) {
      fail(a.value.piece, name.empty() ? "'" + part.name + "' takes no more arguments" : "'" + part.name + "' has no argument '" + name + "'", detail::suggest(name, names));
      good = false;
    } else if (const auto q = quantity(a.value, "'" + name + "'")) {
      good &= guard(a.value.piece, [&] { set(name, *q); });
    } else {
      good = false;
    }
  }
  return good;
}

std::optional<std::vector<Quantity>> FileReader::arguments(Part& part, const std::vector<std::string>& names, std::size_t needed) {
  std::vector<std::optional<Quantity>> found(names.size());
  if (!set_arguments(part, names, [&](const std::string& name, Quantity q) {
        found[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())] = q;
      })) return {};
  std::vector<Quantity> out;
  for (std::size_t k = 0; k < names.size() && found[k]; ++k) out.push_back(*found[k]);
  if (out.size() >= needed) return out;
  fail(part.at, "'" + part.name + "' needs '" + names[out.size()] + "'", "write " + part.name + "(" + names[out.size()] + " = ...)");
  return {};
}

}  // namespace ranvier::text
