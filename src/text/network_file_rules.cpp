// Connection rules of a network file: by name, as lists and matrices, and as conditions on the numbers of source and target.
#include <algorithm>
#include <cmath>

#include "ir/interpret.hpp"
#include "model/model_data.hpp"
#include "model/synaptic_unit.hpp"
#include "ranvier/distributions.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {
namespace {

using Q = std::vector<Quantity>;
constexpr std::uint64_t most_pairs = std::uint64_t{1} << 26;

double plain(Quantity q) { return require(q, Dimension{}, "the argument"); }
std::int64_t count(Quantity q) {
  const double v = plain(q);
  if (!(v >= 0 && v < 9e15) || v != std::floor(v)) throw UserError("the argument is " + to_string(q), "give a whole number of 0 or more");
  return static_cast<std::int64_t>(v);
}

struct Shape {
  std::vector<std::uint32_t> sizes;
  bool periodic = false, directed = false;
};
struct Row {
  std::vector<std::string> names;
  std::size_t needed;
  Rule (*make)(const Q& q, const Shape& s);
  bool grid = false, graph = false;   ///< takes `shape` and `periodic`; takes `directed`
};

using S = const Shape&;
const std::map<std::string, Row>& rows() {
  static const std::map<std::string, Row> all = {
      {"bernoulli", {{"p"}, 1, [](const Q& q, S) { return bernoulli(plain(q[0])); }}},
      {"fixed_outdegree", {{"k"}, 1, [](const Q& q, S) { return fixed_outdegree(count(q[0])); }}},
      {"fixed_outdegree_fraction", {{"p"}, 1, [](const Q& q, S) { return fixed_outdegree_fraction(plain(q[0])); }}},
      {"fixed_indegree", {{"k"}, 1, [](const Q& q, S) { return fixed_indegree(count(q[0])); }}},
      {"fixed_indegree_fraction", {{"p"}, 1, [](const Q& q, S) { return fixed_indegree_fraction(plain(q[0])); }}},
      {"fixed_total", {{"n"}, 1, [](const Q& q, S) { return fixed_total(count(q[0])); }}},
      {"one_to_one", {{}, 0, [](const Q&, S) { return one_to_one(); }}},
      {"all_to_all", {{}, 0, [](const Q&, S) { return all_to_all(); }}},
      {"small_world", {{"k", "p"}, 2, [](const Q& q, S s) { return small_world(count(q[0]), plain(q[1]), s.directed); }, false, true}},
      {"newman_watts", {{"k", "p"}, 2, [](const Q& q, S) { return newman_watts(count(q[0]), plain(q[1])); }}},
      {"scale_free_ba", {{"m"}, 1, [](const Q& q, S s) { return scale_free_ba(count(q[0]), s.directed); }, false, true}},
      {"grid_four", {{}, 0, [](const Q&, S s) { return grid_four(s.sizes, s.periodic); }, true}},
      {"grid_eight", {{}, 0, [](const Q&, S s) { return grid_eight(s.sizes, s.periodic); }, true}},
      {"grid_n", {{"n"}, 1, [](const Q& q, S s) { return grid_n(count(q[0]), s.sizes, s.periodic); }, true}},
      {"gaussian_prob", {{"sigma", "peak"}, 1, [](const Q& q, S) { return gaussian_prob(q[0], q.size() > 1 ? plain(q[1]) : 1); }}},
      {"exponential_prob", {{"scale", "peak"}, 1, [](const Q& q, S) { return exponential_prob(q[0], q.size() > 1 ? plain(q[1]) : 1); }}},
      {"dog_prob", {{"sigma", "peak", "surround_sigma", "surround_peak"}, 4, [](const Q& q, S) { return dog_prob(q[0], plain(q[1]), q[2], plain(q[3])); }}},
      {"prob_dist", {{"radius", "p"}, 1, [](const Q& q, S) { return prob_dist(q[0], q.size() > 1 ? plain(q[1]) : 1); }}},
  };
  return all;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> out{"list", "matrix", "mask", "condition", "targets"};
  for (const auto& [name, row] : rows()) out.push_back(name);
  return out;
}

const Part::Argument* find(const Part& p, const std::string& name, std::size_t position) {
  for (std::size_t k = 0; k < p.arguments.size(); ++k) {
    if (p.arguments[k].name == name || (p.arguments[k].name.empty() && k == position)) return &p.arguments[k];
  }
  return nullptr;
}

}  // namespace

/// A truth value among the arguments, which is taken out; nothing if it is not there.
std::optional<bool> FileReader::take_truth(Part& p, const std::string& name) {
  std::optional<bool> out;
  std::erase_if(p.arguments, [&](const auto& a) {
    if (a.name != name) return false;
    const bool word = a.value.kind == Node::Kind::truth, yes = word ? a.value.truth : a.value.piece.text == "true";
    if (!word && !yes && a.value.piece.text != "false") fail(a.value.piece, name + " is '" + a.value.piece.text + "'", "write true or false");
    out = yes;
    return true;
  });
  return out;
}

std::optional<std::vector<std::uint32_t>> FileReader::take_shape(Part& p, const std::string& name) {
  const auto it = std::find_if(p.arguments.begin(), p.arguments.end(), [&](const auto& a) { return a.name == name; });
  if (it == p.arguments.end()) return std::vector<std::uint32_t>{};
  auto out = indices(it->value, name, std::uint64_t{1} << 32);
  p.arguments.erase(it);
  return out;
}

bool FileReader::is_pairwise(const Node& node) {
  const auto& text = node.kind == Node::Kind::table && node.find("name") ? node.find("name")->value.piece.text : node.piece.text;
  const auto name = text.substr(0, text.find_first_of("( "));
  return name == "condition" || name == "targets";
}

std::optional<Rule> FileReader::rule(const Node& node, std::uint32_t n_pre, std::uint32_t n_post) {
  listed_weights_.reset();
  auto p = part(node, "rule");
  if (!p) return {};
  const auto self = take_truth(*p, "self_connections"), multiple = take_truth(*p, "multiple");
  auto made = made_rule(*p, n_pre, n_post);
  if (!made) return {};
  const bool good = guard(p->at, [&] {
    if (self) made = made->self_connections(*self);
    if (multiple) made = made->multiple(*multiple);
  });
  return good ? made : std::nullopt;
}

std::optional<Rule> FileReader::made_rule(Part& p, std::uint32_t n_pre, std::uint32_t n_post) {
  if (p.name == "list" || p.name == "matrix" || p.name == "mask") return listed_rule(p);
  if (p.name == "condition" || p.name == "targets") return computed_rule(p, n_pre, n_post);
  const auto it = rows().find(p.name);
  if (it == rows().end()) {
    fail(p.at, "there is no rule '" + p.name + "' for network files", detail::suggest(p.name, rule_names()));
    return {};
  }
  if (p.name == "bernoulli") {
    const auto before = report_.count();
    auto by_distance = spatial_bernoulli(p);
    if (by_distance || report_.count() > before) return by_distance;
  }
  Shape shape;
  if (it->second.grid) {
    const auto sizes = take_shape(p, "shape");
    if (!sizes) return {};
    shape.sizes = *sizes;
    shape.periodic = take_truth(p, "periodic").value_or(false);
  }
  if (it->second.graph) shape.directed = take_truth(p, "directed").value_or(false);
  const auto values = arguments(p, it->second.names, it->second.needed);
  std::optional<Rule> made;
  if (values) guard(p.at, [&] { made = it->second.make(*values, shape); });
  return made;
}

/// A probability that is an expression of distance(); nothing if it is a number, or, reported, has a mistake.
std::optional<Rule> FileReader::spatial_bernoulli(const Part& p) {
  const auto* a = find(p, "p", 0);
  if (!a || a->value.piece.text.find('(') == std::string::npos) return {};
  Names names = value_names();
  names.no_random = "the probability of a pair is one number, or an expression of distance()";
  const auto e = expression(a->value, "'p'", names);
  if (!e || constant_value(*e)) return {};
  std::optional<Rule> made;
  guard(a->value.piece, [&] { made = bernoulli(*e); });
  return made;
}

/// list: pre, post, weight, delay; matrix: values, whose entries other than 0 are weights; mask: values that say who is connected.
std::optional<Rule> FileReader::listed_rule(Part& p) {
  const bool list = p.name == "list";
  const std::vector<std::string> names = list ? std::vector<std::string>{"pre", "post", "weight", "delay", "unit"} : std::vector<std::string>{"values", "unit"};
  Member unit;
  const Member* given = nullptr;
  for (const auto& a : p.arguments) {
    if (std::find(names.begin(), names.end(), a.name) == names.end()) {
      fail(a.value.piece, "'" + p.name + "' has no argument '" + a.name + "'", detail::suggest(a.name, names));
      return {};
    }
    if (a.name == "unit") unit.value = a.value, given = &unit;
  }
  const auto need = [&](const char* name) {
    const auto* a = find(p, name, names.size());
    if (!a) fail(p.at, "'" + p.name + "' needs '" + name + "'", std::string("write { name = \"") + p.name + "\", " + name + " = [...] }");
    return a;
  };
  std::optional<Rule> made;
  if (list) {
    const auto *pre = need("pre"), *post = need("post");
    if (!pre || !post) return {};
    const auto from = indices(pre->value, "pre", std::uint64_t{1} << 32), to = indices(post->value, "post", std::uint64_t{1} << 32);
    PairList pairs;
    const auto numbers = [&](const char* name, std::vector<double>& into) {
      const auto* a = find(p, name, names.size());
      const auto q = a ? quantities(a->value, name, given) : std::optional(Q{});
      for (const auto& each : q ? *q : Q{}) into.push_back(each.value);
      if (q && !q->empty() && std::string(name) == "delay" && q->at(0).dimension != dimension::time) {
        fail(a->value.piece, "delays are " + in_unit(q->at(0).dimension), "give times in quotes, \"1*ms\"");
        return false;
      }
      if (q && !q->empty() && std::string(name) == "weight" && !q->at(0).dimension.is_none()) listed_weights_.emplace(q->at(0).dimension, a->value.piece);
      return q.has_value();
    };
    if (!from || !to || !numbers("weight", pairs.weight) || !numbers("delay", pairs.delay)) return {};
    pairs.pre = *from;
    pairs.post = *to;
    guard(p.at, [&] { made = explicit_list(std::move(pairs)); });
    return made;
  }
  const auto* values = need("values");
  return values ? matrix_rule(values->value, p.name == "mask", given) : std::nullopt;
}

/// Weights of a list with a unit have that of the projection's weight. Where plasticity says the unit, it is left to that.
void FileReader::check_listed_weights(const Projection& p) {
  if (!listed_weights_) return;
  const auto& all = out_.network.data().projections;
  const auto& made = *std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == p.name(); });
  if (made.plasticity || !made.synapse || !made.synapse->receives || !made.output) return;
  const auto wanted = made.synapse->states[*made.synapse->receives].dimension * detail::unit_of_weight(made);
  const auto& [given, piece] = *listed_weights_;
  if (given == wanted) return;
  fail(piece, "the weights are " + in_unit(given) + ", and those of projection '" + p.name() + "' must be " + in_unit(wanted),
       "give them " + in_unit(wanted) + ", or as plain numbers, which are taken so");
}

std::optional<Rule> FileReader::matrix_rule(const Node& values, bool mask, const Member* unit) {
  std::vector<double> all;
  std::size_t width = 0;
  for (const auto& row : values.items) {
    const auto q = quantities(row, "values", mask ? nullptr : unit);
    if (!q) return {};
    if (width != 0 && q->size() != width) {
      fail(row.piece, "this row has " + std::to_string(q->size()) + " values, and the first " + std::to_string(width), "give one for each target");
      return {};
    }
    width = q->size();
    if (!mask && width > 0 && !q->at(0).dimension.is_none()) listed_weights_.emplace(q->at(0).dimension, row.piece);
    for (const auto& each : *q) all.push_back(each.value);
  }
  const auto sources = static_cast<std::uint32_t>(values.items.size());
  std::optional<Rule> made;
  guard(values.piece, [&] {
    if (width == 0) throw UserError("the matrix is empty", "give a row for each source");
    std::vector<bool> connected;
    for (const double v : all) connected.push_back(v != 0);
    made = mask ? matrix(sources, static_cast<std::uint32_t>(width), connected) : matrix(sources, static_cast<std::uint32_t>(width), all);
  });
  return made;
}

/// condition(where): pairs for which it holds; targets(j): one target for each source. Of the numbers i and j within the views.
std::optional<Rule> FileReader::computed_rule(Part& p, std::uint32_t n_pre, std::uint32_t n_post) {
  const bool condition = p.name == "condition";
  const char* key = condition ? "where" : "j";
  const auto* a = find(p, key, 0);
  if (!a || p.arguments.size() != 1) {
    fail(p.at, "'" + p.name + "' takes one argument, '" + key + "'", condition ? "write { name = \"condition\", where = \"i != j\" }" : "write targets((i + 1) % N_post)");
    return {};
  }
  const auto text = piece(a->value, key);
  if (!text) return {};
  Names names = constant_names();
  names.no_random = "a condition is the same in every run; bernoulli(p) draws";
  names.find = [&, inner = names.find](const std::string& name) -> std::optional<Expr> {
    if (name == "i") return source_index();
    if (name == "j" && condition) return target_index();
    if (name == "N_pre" || name == "N_post") return Expr(static_cast<double>(name == "N_pre" ? n_pre : n_post));
    return inner(name);
  };
  const Source source(*text);
  const auto syntax = parse_whole(source, report_);
  if (!syntax) return {};
  Compiler compiler(source, report_, names);
  std::optional<Expr> e;
  if (!condition) e = compiler.real(*syntax, Dimension{}, "the target");
  if (condition) {
    if (const auto c = compiler.condition(*syntax, "where")) e = where(*c, 1, 0);
  }
  if (!e) return {};
  const std::uint64_t pairs = std::uint64_t{n_pre} * (condition ? n_post : 1);
  if (pairs > most_pairs) {
    fail(*text, "there are " + std::to_string(pairs) + " pairs to look at", "conditions are for up to 67 million; use a rule of connections.md");
    return {};
  }
  PairList out;
  std::vector<double> row(condition ? n_post : 1);
  for (std::uint32_t i = 0; i < n_pre; ++i) {
    if (const auto constant = constant_value(*e)) {
      std::fill(row.begin(), row.end(), constant->value);
    } else {
      const auto value_of = [&](const ir::Symbol& s, std::uint64_t j) { return s.name == "source_index()" ? static_cast<double>(i) : static_cast<double>(j); };
      ir::evaluate_block(detail::ExprAccess::scope(*e)->graph, detail::ExprAccess::node(*e), {.count = row.size()}, value_of, row);
    }
    if (!condition && (!(row[0] >= 0 && row[0] < n_post) || row[0] != std::floor(row[0]))) {
      fail(*text, "the target of source " + std::to_string(i) + " is " + to_string(Quantity{row[0]}), "give whole numbers below N_post = " + std::to_string(n_post));
      return {};
    }
    for (std::uint32_t j = 0; j < row.size(); ++j) {
      if (condition && row[j] == 0) continue;
      out.pre.push_back(i);
      out.post.push_back(condition ? j : static_cast<std::uint32_t>(row[0]));
    }
  }
  std::optional<Rule> made;
  guard(p.at, [&] { made = explicit_list(std::move(out)); });
  return made;
}

}  // namespace ranvier::text
