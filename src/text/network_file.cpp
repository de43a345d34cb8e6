// From the sections of a network file to a Network.
#include "text/network_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "model/model_data.hpp"
#include "ranvier/distributions.hpp"
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

}  // namespace

void FileReader::read_run() {
  const auto* section = root_.find("run");
  if (section) read_run(*section);
  if (overrides_.duration) out_.run.duration = *overrides_.duration;
  if (overrides_.dt) out_.run.dt = *overrides_.dt;
}

void FileReader::read_run(const Member& section) {
  if (!check_keys(section.value, "run", {"duration", "dt", "seed", "threads", "precision", "method"})) return;
  for (const auto& [name, key, value] : section.value.members) {
    if (name == "duration") out_.run.duration = quantity(value, "duration", dimension::time).value_or(out_.run.duration);
    if (name == "dt") out_.run.dt = quantity(value, "dt", dimension::time).value_or(out_.run.dt);
    if (name == "seed") out_.run.seed = static_cast<std::uint64_t>(whole(value, "seed", 0, 9e15).value_or(1));
    if (name == "threads") out_.run.threads = static_cast<int>(whole(value, "threads", 1, 1024).value_or(0));
    if (name == "method") {
      out_.run.method = value.piece.text;
      note_method(value);
    }
    if (name == "precision") {
      if (const auto k = choice(value, "precision", precisions)) out_.run.precision = *k == 0 ? Precision::f32 : Precision::f64;
    }
  }
  if (!(out_.run.dt.value > 0)) fail(section.value.piece, "dt is " + to_string(out_.run.dt), "give a time above 0");
}

/// What the texts of models and synapses may use of the file.
Surroundings FileReader::surroundings() {
  Surroundings around;
  const auto names = constant_names();
  around.constant = [this](const std::string& name) { return constant(name); };
  around.bad = names.bad;
  around.constants = names.known();
  around.array = [this](const std::string& name) { return array(name); };
  for (const auto& [name, values] : arrays_) around.arrays.push_back(name);
  around.index = true;
  changed_by_synapses(around);
  return around;
}

/// { NAME = VALUE }
std::map<std::string, TextPiece> FileReader::texts(const Node& table, const char* key, std::set<std::string>* broken) {
  std::map<std::string, TextPiece> out;
  const auto* m = table.find(key);
  if (m && m->value.kind != Node::Kind::table) fail(m->value.piece, std::string(key) + " is " + kind_name(m->value), "write { NAME = VALUE }");
  for (const auto& each : m ? m->value.members : std::vector<Member>()) {
    if (const auto p = piece(each.value, "'" + each.name + "'")) {
      out[each.name] = *p;
    } else if (broken) {
      broken->insert(each.name);
    }
  }
  return out;
}

void FileReader::read_model(const Member& member) {
  auto& made = models_[member.name];
  const auto& table = member.value;
  const std::vector<std::string> described{"method", "precision", "summary", "source", "parameters"};
  auto keys = table.kind == Node::Kind::table && table.find("channels") ? group_keys() : std::vector<std::string>{"model", "equations", "threshold", "reset", "refractory", "initial", "each_step", "regularly"};
  keys.insert(keys.end(), described.begin(), described.end());
  if (!check_keys(table, "models." + member.name, keys)) return;
  made = table.find("channels") ? group(member) : table.find("model") ? changed_model(table) : text_model(member);
  if (!made) return;
  const auto text = [&](const char* key) {
    const auto* m = table.find(key);
    return m ? piece(m->value, key).value_or(TextPiece()).text : std::string();
  };
  if (const auto* m = table.find("method")) {
    made->method(m->value.piece.text);
    note_method(m->value);
  }
  if (const auto* m = table.find("precision")) {
    if (const auto k = choice(m->value, "precision", precisions)) made->precision(*k == 0 ? Precision::f32 : Precision::f64);
  }
  if (table.find("summary") || table.find("source")) made->describe(text("summary"), text("source"));
}

std::optional<Model> FileReader::text_model(const Member& member) {
  const auto& table = member.value;
  if (!required(table, "equations", member.key)) return {};
  const auto text = [&](const char* key) {
    const auto* m = table.find(key);
    return m ? piece(m->value, key).value_or(TextPiece()) : TextPiece();
  };
  ModelText t;
  std::set<std::string> broken;  // what depends on them is not told again
  t.parameters = texts(table, "parameters", &broken);
  t.initial = texts(table, "initial", &broken);
  t.equations = text("equations");
  t.threshold = text("threshold");
  t.reset = text("reset");
  t.refractory = text("refractory");
  t.each_step = text("each_step");
  regular_statements(table, t);
  auto around = surroundings();
  around.bad = [&, bad = around.bad](const std::string& name) { return broken.contains(name) || bad(name); };
  std::optional<Model> made;
  guard(member.key, [&] { made = build_model(member.name, t, around); });
  return made;
}

/// regularly = [{ every = "10*ms", statements = "x = 0" }]
void FileReader::regular_statements(const Node& table, ModelText& t) {
  const auto* m = table.find("regularly");
  if (!m) return;
  std::vector<Node> single{m->value};
  for (const auto& each : m->value.kind == Node::Kind::array ? m->value.items : single) {
    if (!check_keys(each, "regularly", {"every", "statements"})) continue;
    const auto *every = required(each, "every", each.piece), *statements = required(each, "statements", each.piece);
    if (!every || !statements) continue;
    const auto period = piece(*every, "every"), what = piece(*statements, "statements");
    if (period && what) t.regularly.push_back({*period, *what});
  }
}

/// A model of the library or of the file with other defaults.
std::optional<Model> FileReader::changed_model(const Node& table) {
  auto made = model_of(table.find("model")->value);
  for (const char* other : {"equations", "threshold", "reset", "refractory", "initial", "each_step", "regularly"}) {
    if (const auto* m = table.find(other)) fail(m->key, std::string("'") + other + "' beside 'model'", "a part of the library has its own; give initial values to the population");
  }
  if (made) set_parameters(*made, table);
  return made;
}

void FileReader::set_parameters(Model& model, const Node& table) {
  const auto* given = table.find("parameters");
  if (!given) return;
  for (const auto& [name, member] : flat(given->value)) {
    if (const auto q = quantity(member->value, "'" + name + "'")) guard(member->key, [&, &n = name] { model.set(n, *q); });
  }
}

/// The members of a table, those of tables within it as "INa.g_max".
std::vector<std::pair<std::string, const Member*>> FileReader::flat(const Node& table, const std::string& prefix) {
  std::vector<std::pair<std::string, const Member*>> out;
  for (const auto& m : table.members) {
    if (m.value.kind != Node::Kind::table || m.value.find("values")) {
      out.emplace_back(prefix + m.name, &m);
      continue;
    }
    for (auto& below : flat(m.value, prefix + m.name + ".")) out.push_back(std::move(below));
  }
  return out;
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
  auto& made = pending_[member.name];
  const auto& table = member.value;
  if (!check_keys(table, "populations." + member.name, {"model", "spikes", "size", "initial", "parameters", "positions"})) return;
  const auto* train = table.find("spikes");
  const auto* model = train ? nullptr : required(table, "model", member.key);
  const auto* count = required(table, "size", member.key);
  if (train && table.find("model")) return fail(train->key, "'spikes' beside 'model'", "a list of spikes is a model of its own: leave one out");
  const auto n = count ? whole(*count, "size", 1, 4294967295.0) : std::nullopt;
  const auto m = model ? model_of(*model) : train && n ? spike_list(train->value, static_cast<std::uint32_t>(*n)) : std::nullopt;
  if (!m || !n) return;
  made.emplace(PendingPopulation{*m, static_cast<std::uint32_t>(*n), &member, {}});
  const auto& parameters = m->data().parameters;
  if (std::any_of(parameters.begin(), parameters.end(), [](const auto& p) { return p.name == "i"; })) made->laws.emplace_back("i", neuron_index());
}

/// Now that it is known what comes from outside.
void FileReader::add_population(const std::string& name, const PendingPopulation& pending) {
  auto& made = populations_[name];
  const auto& member = *pending.member;
  note("population '" + name + "'", member.key, member.value);
  if (!guard(member.key, [&] { made = out_.network.add(name, pending.model, pending.size); })) return;
  if (const auto* where = member.value.find("positions")) set_positions(*made, where->value);
  for (const auto& [parameter, law] : pending.laws) guard(member.key, [&, &p = parameter, &l = law] { made->set(p, l); });
  for (const char* what : {"parameters", "initial"}) {
    const auto* values = member.value.find(what);
    if (!values) continue;
    if (values->value.kind != Node::Kind::table) {
      fail(values->value.piece, std::string(what) + " is " + kind_name(values->value), "write { NAME = VALUE }");
      continue;
    }
    for (const auto& [key, each] : flat(values->value)) {
      if (is_value_list(each->value)) {
        const auto list = value_list(each->value, "'" + key + "'");
        if (list)
          guard(each->key, [&, &n = key] {
            what[0] == 'i' ? (*made)[n].set(list->numbers, list->unit) : made->set(n, list->numbers, list->unit);
          });
        continue;
      }
      const auto e = expression(each->value, "'" + key + "'", neuron_names(pending.model, pending.size));
      if (!e) continue;
      guard(each->key, [&, &n = key] {
        if (what[0] == 'i') {
          (*made)[n] = *e;
        } else {
          made->set(n, *e);
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
  const auto it = pending_.find(name);
  if (it == pending_.end()) {
    std::vector<std::string> known;
    for (const auto& [other, population] : pending_) known.push_back(other);
    fail(node.piece, "there is no population '" + name + "'", detail::suggest(name, known));
    return {};
  }
  if (!it->second) return {};
  const View all{name, 0, it->second->size};
  if (bracket == std::string::npos) return all;
  if (s.back() != ']' || colon == std::string::npos || colon < bracket) {
    fail(node.piece, "this is no part of a population", "write \"" + name + "[0:100]\"");
    return {};
  }
  const auto end = [&](std::size_t first, std::size_t last, std::uint32_t& value) {
    if (last <= first) return true;
    Node n;
    n.kind = Node::Kind::string;
    n.piece = part_of(node.piece, first, last - first);
    const auto w = whole(n, "an end of the view", 0, all.last);
    if (w) value = static_cast<std::uint32_t>(*w);
    return w.has_value();
  };
  std::uint32_t first = 0, last = all.last;
  if (!end(bracket + 1, colon, first) || !end(colon + 1, s.size() - 1, last)) return {};
  if (first < last) return View{name, first, last};
  fail(node.piece, "the view is empty", "write \"" + name + "[FIRST:END]\" with FIRST below END, which is not included");
  return {};
}

/// [[NAME]]: one table each.
void FileReader::read_list(const char* name, void (FileReader::*read)(const Node&)) {
  const auto* section = root_.find(name);
  if (!section) return;
  if (section->value.kind != Node::Kind::array) {
    fail(section->value.piece, std::string(name) + " is " + kind_name(section->value), std::string("write [[") + name + "]] with double brackets");
    return;
  }
  for (const auto& table : section->value.items) (this->*read)(table);
}

NetworkFile FileReader::run() {
  auto root = parse_toml(text_, file_, report_);
  if (!root) report_.finish();
  root_ = std::move(*root);
  check_keys(root_, "the file", {"title", "source", "constants", "arrays", "channels", "models", "synapses", "populations", "inputs", "projections", "recordings", "run"});
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
  sections("arrays", &FileReader::read_array);
  sections("channels", &FileReader::read_channel);
  sections("models", &FileReader::read_model);
  sections("synapses", &FileReader::read_synapse);
  sections("populations", &FileReader::read_population);
  read_list("inputs", &FileReader::read_input);
  if (const auto* section = root_.find("populations")) {
    for (const auto& m : section->value.members) {
      if (const auto& p = pending_[m.name]) add_population(m.name, *p);
    }
  }
  const bool nearly = std::any_of(root_.members.begin(), root_.members.end(), [](const auto& m) { return detail::suggest(m.name, {"populations"}).starts_with("did you mean"); });
  if (!root_.find("populations") && !nearly) fail(root_.piece, "there is no population", "write [populations.E] with a model and a size");
  read_list("projections", &FileReader::read_projection);
  read_list("recordings", &FileReader::read_recording);
  report_.show_lines(file_, text_);
  report_.finish();
  for (auto& [part, keys] : out_.places) {
    for (auto& [key, place] : keys) show_line(place, text_);
  }
  return std::move(out_);
}

}  // namespace text

NetworkFile network_from_toml(const std::string& text, const ConstantValues& set, const std::string& name, const RunOverrides& run) {
  return text::FileReader(text, name, set, run).run();
}

NetworkFile read_network_file(const std::string& path, const ConstantValues& set, const RunOverrides& run) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const auto size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size < 0) throw UserError(path, "the file cannot be read", "check the name");
  if (static_cast<std::size_t>(size) > text::longest_text) throw UserError(path, "the file has " + std::to_string(size) + " bytes", "files of up to 16 MB are read");
  std::string text(static_cast<std::size_t>(size), '\0');
  in.seekg(0);
  if (!in.read(text.data(), size)) throw UserError(path, "the file cannot be read", "check the name");
  return network_from_toml(text, set, path, run);
}

}  // namespace ranvier
