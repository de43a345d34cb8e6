// From the sections of a network file to a Network.
#include "text/network_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"
#include "ranvier/synapses.hpp"

namespace ranvier {

SimulationOptions RunSettings::options() const {
  SimulationOptions o;
  o.dt = dt;
  o.seed = seed;
  o.threads = threads;
  o.precision = precision;
  o.method = method;
  return o;
}

namespace text {
namespace {

const std::vector<std::string> precisions = {"f32", "f64"};

std::vector<std::string> parameter_names(const detail::ModelData& m) {
  std::vector<std::string> out;
  for (const auto& p : m.parameters) out.push_back(p.name);
  return out;
}

}  // namespace

void FileReader::read_run() {
  const auto* section = root_.find("run");
  if (!section || !check_keys(section->value, "run", {"duration", "dt", "seed", "threads", "precision", "method"})) return;
  for (const auto& [name, key, value] : section->value.members) {
    if (name == "duration") out_.run.duration = quantity(value, "duration", dimension::time).value_or(out_.run.duration);
    if (name == "dt") out_.run.dt = quantity(value, "dt", dimension::time).value_or(out_.run.dt);
    if (name == "seed") out_.run.seed = static_cast<std::uint64_t>(whole(value, "seed", 0, 9e15).value_or(1));
    if (name == "threads") out_.run.threads = static_cast<int>(whole(value, "threads", 1, 1024).value_or(0));
    if (name == "method") out_.run.method = value.piece.text;
    if (name == "precision") {
      if (const auto k = choice(value, "precision", precisions)) out_.run.precision = *k == 0 ? Precision::f32 : Precision::f64;
    }
  }
  if (!(out_.run.dt.value > 0)) fail(section->value.piece, "dt is " + to_string(out_.run.dt), "give a time above 0");
}

void FileReader::read_model(const Member& member) {
  auto& made = models_[member.name];
  const auto& table = member.value;
  if (!check_keys(table, "models." + member.name,
                  {"model", "equations", "parameters", "threshold", "reset", "refractory", "initial", "method", "precision", "summary", "source"})) return;
  const auto text = [&](const char* key) {
    const auto* m = table.find(key);
    return m ? piece(m->value, key).value_or(TextPiece()) : TextPiece();
  };
  const auto texts = [&](const char* key, std::map<std::string, TextPiece>& into) {
    const auto* m = table.find(key);
    if (!m) return;
    if (m->value.kind != Node::Kind::table) return fail(m->value.piece, std::string(key) + " is " + kind_name(m->value), "write { NAME = VALUE }");
    for (const auto& each : m->value.members) {
      if (const auto p = piece(each.value, "'" + each.name + "'")) into[each.name] = *p;
    }
  };
  ModelText t;
  texts("parameters", t.parameters);
  texts("initial", t.initial);
  if (const auto* base = table.find("model")) {
    made = model_of(base->value);
    for (const char* other : {"equations", "threshold", "reset", "refractory", "initial"}) {
      if (const auto* m = table.find(other)) fail(m->key, std::string("'") + other + "' beside 'model'", "a part of the library has its own; give initial values to the population");
    }
    if (!made) return;
    const auto* given = table.find("parameters");
    for (const auto& each : given ? given->value.members : std::vector<Member>()) {
      if (const auto q = quantity(each.value, "'" + each.name + "'")) guard(each.key, [&] { made->set(each.name, *q); });
    }
  } else {
    if (!required(table, "equations", member.key)) return;
    t.equations = text("equations");
    t.threshold = text("threshold");
    t.reset = text("reset");
    t.refractory = text("refractory");
    Surroundings around;
    const auto names = constant_names();
    around.constant = [this](const std::string& name) { return constant(name); };
    around.bad = names.bad;
    around.constants = names.known();
    if (!guard(member.key, [&] { made = build_model(member.name, t, around); })) return;
  }
  if (const auto* m = table.find("method")) made->method(m->value.piece.text);
  if (const auto* m = table.find("precision")) {
    if (const auto k = choice(m->value, "precision", precisions)) made->precision(*k == 0 ? Precision::f32 : Precision::f64);
  }
  if (table.find("summary") || table.find("source")) made->describe(text("summary").text, text("source").text);
}

std::optional<Model> FileReader::model_of(const Node& node) {
  auto p = part(node, "model");
  if (!p) return {};
  std::optional<Model> made;
  std::vector<std::string> known;
  for (const auto& [name, model] : models_) {
    if (name == p->name) {
      if (!model) return {};
      made = *model;
    }
    known.push_back(name);
  }
  for (const char* kind : {"neurons", "sources"}) {
    for (const auto* each : models::parts(kind)) {
      if (!made && each->name == p->name) made = std::any_cast<Model>(each->make());
      known.push_back(each->name);
    }
  }
  if (!made) {
    fail(p->at, "there is no model '" + p->name + "'", detail::suggest(p->name, known));
    return {};
  }
  const bool good = set_arguments(*p, parameter_names(made->data()), [&](const std::string& name, Quantity q) { made->set(name, q); });
  return good ? made : std::nullopt;
}

void FileReader::read_population(const Member& member) {
  auto& made = populations_[member.name];
  const auto& table = member.value;
  if (!check_keys(table, "populations." + member.name, {"model", "size", "initial", "parameters"})) return;
  const auto* model = required(table, "model", member.key);
  const auto* count = required(table, "size", member.key);
  const auto m = model ? model_of(*model) : std::nullopt;
  const auto n = count ? whole(*count, "size", 1, 4294967295.0) : std::nullopt;
  if (!m || !n) return;
  if (!guard(member.key, [&] { made = out_.network.add(member.name, *m, static_cast<std::uint32_t>(*n)); })) return;
  for (const char* what : {"parameters", "initial"}) {
    const auto* values = table.find(what);
    if (!values) continue;
    if (values->value.kind != Node::Kind::table) {
      fail(values->value.piece, std::string(what) + " is " + kind_name(values->value), "write { NAME = VALUE }");
      continue;
    }
    for (const auto& each : values->value.members) {
      const auto e = expression(each.value, "'" + each.name + "'", value_names(&*m));
      if (!e) continue;
      guard(each.key, [&] {
        if (what[0] == 'i') {
          (*made)[each.name] = *e;
        } else {
          made->set(each.name, *e);
        }
      });
    }
  }
}

/// "E", "E[0:100]", "E[:Ne]".
std::optional<View> FileReader::view(const Node& node) {
  if (node.kind != Node::Kind::string) {
    fail(node.piece, "this is " + kind_name(node) + " where a population is needed", "write \"E\" or \"E[0:100]\"");
    return {};
  }
  const auto& s = node.piece.text;
  const auto bracket = s.find('['), colon = s.find(':');
  const std::string name = s.substr(0, bracket);
  const auto it = populations_.find(name);
  if (it == populations_.end()) {
    std::vector<std::string> known;
    for (const auto& [other, handle] : populations_) known.push_back(other);
    fail(node.piece, "there is no population '" + name + "'", detail::suggest(name, known));
    return {};
  }
  if (!it->second) return {};
  View out = *it->second;
  if (bracket == std::string::npos) return out;
  if (s.back() != ']' || colon == std::string::npos || colon < bracket) {
    fail(node.piece, "this is no part of a population", "write \"" + name + "[0:100]\"");
    return {};
  }
  const auto end = [&](std::size_t first, std::size_t last, std::uint32_t& value) {
    if (last <= first) return true;
    Node n;
    n.kind = Node::Kind::string;
    n.piece = part_of(node.piece, first, last - first);
    const auto w = whole(n, "an end of the view", 0, out.last);
    if (w) value = static_cast<std::uint32_t>(*w);
    return w.has_value();
  };
  const auto size = out.last;
  std::uint32_t first = 0, last = size;
  if (!end(bracket + 1, colon, first) || !end(colon + 1, s.size() - 1, last)) return {};
  if (!guard(node.piece, [&] { out = it->second->slice(first, last); })) return {};
  return out;
}

std::optional<Rule> FileReader::rule(const Node& node) {
  auto p = part(node, "rule");
  if (!p) return {};
  std::optional<bool> self, multiple;
  std::erase_if(p->arguments, [&](const auto& a) {
    if (a.name != "self_connections" && a.name != "multiple") return false;
    const bool yes = a.value.kind == Node::Kind::truth ? a.value.truth : a.value.piece.text == "true";
    if (a.value.kind != Node::Kind::truth && a.value.piece.text != "true" && a.value.piece.text != "false") fail(a.value.piece, a.name + " is no truth value", "write true or false");
    (a.name == "multiple" ? multiple : self) = yes;
    return true;
  });
  using Q = std::vector<Quantity>;
  struct Row {
    std::vector<std::string> names;
    std::size_t needed;
    std::function<Rule(const Q&)> make;
  };
  const auto plain = [](Quantity q) { return require(q, Dimension{}, "the argument"); };
  const auto count = [&](Quantity q) {
    const double v = plain(q);
    if (!(v >= 0 && v < 9e15) || v != static_cast<double>(static_cast<std::int64_t>(v))) throw UserError("the argument is " + to_string(q), "give a whole number of 0 or more");
    return static_cast<std::int64_t>(v);
  };
  const std::map<std::string, Row> rows = {
      {"bernoulli", {{"p"}, 1, [&](const Q& q) { return bernoulli(plain(q[0])); }}},
      {"fixed_outdegree", {{"k"}, 1, [&](const Q& q) { return fixed_outdegree(count(q[0])); }}},
      {"fixed_outdegree_fraction", {{"p"}, 1, [&](const Q& q) { return fixed_outdegree_fraction(plain(q[0])); }}},
      {"fixed_indegree", {{"k"}, 1, [&](const Q& q) { return fixed_indegree(count(q[0])); }}},
      {"fixed_indegree_fraction", {{"p"}, 1, [&](const Q& q) { return fixed_indegree_fraction(plain(q[0])); }}},
      {"fixed_total", {{"n"}, 1, [&](const Q& q) { return fixed_total(count(q[0])); }}},
      {"one_to_one", {{}, 0, [&](const Q&) { return one_to_one(); }}},
      {"all_to_all", {{}, 0, [&](const Q&) { return all_to_all(); }}},
      {"small_world", {{"k", "p"}, 2, [&](const Q& q) { return small_world(count(q[0]), plain(q[1])); }}},
      {"newman_watts", {{"k", "p"}, 2, [&](const Q& q) { return newman_watts(count(q[0]), plain(q[1])); }}},
      {"scale_free_ba", {{"m"}, 1, [&](const Q& q) { return scale_free_ba(count(q[0])); }}},
  };
  const auto it = rows.find(p->name);
  if (it == rows.end()) {
    std::vector<std::string> known;
    for (const auto& [name, row] : rows) known.push_back(name);
    fail(p->at, "there is no rule '" + p->name + "' for network files", detail::suggest(p->name, known));
    return {};
  }
  const auto values = arguments(*p, it->second.names, it->second.needed);
  std::optional<Rule> made;
  if (values) {
    guard(p->at, [&] {
      Rule r = it->second.make(*values);
      if (self) r = r.self_connections(*self);
      if (multiple) r = r.multiple(*multiple);
      made = r;
    });
  }
  return made;
}

void FileReader::fill(Projection& p, const Node& table) {
  const auto library = [&](const char* kind, const Node& node, const auto& use, const auto& made_by) {
    auto wanted = part(node, kind);
    if (!wanted) return;
    guard(wanted->at, [&] {
      auto made = made_by(wanted->name);
      if (set_arguments(*wanted, parameter_names(made.data()), [&](const std::string& n, Quantity q) { made.set(n, q); })) use(made);
    });
  };
  for (const auto& [name, key, value] : table.members) {
    if (name == "synapse") library("synapses", value, [&](const Model& m) { p.synapse(m); }, [](const std::string& n) { return models::synapse(n); });
    if (name == "output") library("outputs", value, [&](const Output& o) { p.output(o); }, [](const std::string& n) { return models::output(n); });
    if (name == "plasticity") library("plasticities", value, [&](const Plasticity& o) { p.plasticity(o); }, [](const std::string& n) { return models::plasticity(n); });
    if (name == "weight" || name == "delay") {
      if (const auto e = expression(value, name, value_names(nullptr))) guard(key, [&, &n = name] { n == "weight" ? p.weight(*e) : p.delay(*e); });
    }
    if (name == "onto") p.onto(value.piece.text);
    if (name == "separate") p.separate(truth(value, name));
    if (name == "aligned_to_pre") p.aligned_to_pre(truth(value, name));
    if (name == "current") {
      if (const auto k = choice(value, name, {"inside", "held"})) p.current(*k == 0 ? InputKind::inside : InputKind::held);
    }
    if (name == "arrivals") {
      if (const auto k = choice(value, name, {"after_decay", "before_decay"})) p.arrivals(*k == 0 ? Arrivals::after_decay : Arrivals::before_decay);
    }
  }
}

void FileReader::read_projection(const Node& table) {
  if (!check_keys(table, "projections", {"source", "target", "name", "rule", "weight", "delay", "synapse", "output", "plasticity", "onto", "current", "arrivals",
                                         "separate", "aligned_to_pre"})) return;
  const auto* source = required(table, "source", table.piece);
  const auto* target = required(table, "target", table.piece);
  const auto* wiring = required(table, "rule", table.piece);
  if (!source || !target || !wiring) return;
  const auto made = rule(*wiring);
  const auto each = [](const Node& n) {
    std::vector<const Node*> out;
    if (n.kind != Node::Kind::array) return std::vector<const Node*>{&n};
    for (const auto& item : n.items) out.push_back(&item);
    return out;
  };
  const auto* name = table.find("name");
  if (name && (source->kind == Node::Kind::array || target->kind == Node::Kind::array)) fail(name->key, "several projections have one name", "leave the name out, or write one projection each");
  for (const auto* from : each(*source)) {
    for (const auto* to : each(*target)) {
      const auto pre = view(*from), post = view(*to);
      if (!pre || !post || !made) continue;
      guard(name ? name->key : source->piece, [&] {
        auto p = out_.network.connect(*pre, *post, *made);
        if (name) p.named(name->value.piece.text);
        fill(p, table);
      });
    }
  }
}

NetworkFile FileReader::run() {
  auto root = parse_toml(text_, file_, report_);
  if (!root) report_.finish();
  root_ = std::move(*root);
  check_keys(root_, "the file", {"title", "source", "constants", "models", "populations", "projections", "run"});
  if (const auto* m = root_.find("title")) out_.title = m->value.piece.text;
  if (const auto* m = root_.find("source")) out_.source = m->value.piece.text;
  read_constants();
  read_run();
  const auto sections = [&](const char* name, void (FileReader::*read)(const Member&)) {
    const auto* section = root_.find(name);
    if (!section) return;
    if (section->value.kind != Node::Kind::table) return fail(section->value.piece, std::string(name) + " is " + kind_name(section->value), std::string("write [") + name + ".NAME]");
    for (const auto& m : section->value.members) (this->*read)(m);
  };
  sections("models", &FileReader::read_model);
  sections("populations", &FileReader::read_population);
  if (!root_.find("populations")) fail(root_.piece, "there is no population", "write [populations.E] with a model and a size");
  if (const auto* section = root_.find("projections")) {
    if (section->value.kind != Node::Kind::array) {
      fail(section->value.piece, "projections is " + kind_name(section->value), "write [[projections]]");
    } else {
      for (const auto& table : section->value.items) read_projection(table);
    }
  }
  report_.show_lines(file_, text_);
  report_.finish();
  return std::move(out_);
}

}  // namespace text

NetworkFile network_from_toml(const std::string& text, const ConstantValues& set, const std::string& name) {
  return text::FileReader(text, name, set).run();
}

NetworkFile read_network_file(const std::string& path, const ConstantValues& set) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const auto size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size < 0) throw UserError(path, "the file cannot be read", "check the name");
  if (static_cast<std::size_t>(size) > text::longest_text) throw UserError(path, "the file has " + std::to_string(size) + " bytes", "files of up to 16 MB are read");
  std::string text(static_cast<std::size_t>(size), '\0');
  in.seekg(0);
  if (!in.read(text.data(), size)) throw UserError(path, "the file cannot be read", "check the name");
  return network_from_toml(text, set, path);
}

}  // namespace ranvier
