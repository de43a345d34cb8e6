// [[recordings]] of a network file, and how they become records of a simulation.
#include <algorithm>
#include <cmath>
#include <set>

#include "model/model_data.hpp"
#include "model/synaptic_unit.hpp"
#include "text/network_file.hpp"

namespace ranvier {
namespace text {
namespace {

/// More than this is no choice but an accident; it bounds what a short text can ask for.
constexpr std::uint64_t most_chosen = std::uint64_t{1} << 24;

bool is_safe_name(const std::string& name) {
  const auto safe = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c == '.'; };
  return !name.empty() && name.size() <= 100 && name[0] != '.' && std::all_of(name.begin(), name.end(), safe);
}

bool is_variable(const std::string& text) {
  return !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) || text[0] == '_') &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; });
}

/// Everything that an expression about a population may name, with its dimension, as symbols of a scope of their own: the simulation is not
/// built yet.
class Recordable {
 public:
  Recordable(const detail::NetworkData& network, const std::string& population) : scope_(std::make_shared<detail::Scope>()) {
    scope_->owner = "population '" + population + "'";
    add("t", dimension::time);
    add("dt", dimension::time);
    for (const auto& p : network.populations) {
      if (p.name == population) add_all("", p.model);
    }
    for (const auto& p : network.projections) {
      const auto& at_target = p.post.population == population;
      const auto part = [&](const std::string& prefix, const std::optional<detail::ModelData>& synapse, const std::optional<detail::ModelData>& output) {
        const bool here = synapse && (detail::lives_at_source(p, *synapse) ? p.pre.population == population : at_target);
        const bool takes_unit = here && output && synapse->receives && !detail::lives_at_source(p, *synapse);
        if (here) add_all(prefix, *synapse, takes_unit ? detail::unit_of_weight(p) : Dimension{});
        if (output && at_target) add_all(prefix, *output);
      };
      part(p.name + ".", p.synapse, p.output);
      for (const auto& r : p.receptors) part(p.name + "." + r.name + ".", r.synapse, r.output);
    }
  }
  [[nodiscard]] std::optional<Expr> find(const std::string& name) const {
    const auto it = known_.find(name);
    return it == known_.end() ? std::nullopt : std::optional<Expr>(it->second);
  }
  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> out;
    for (const auto& [name, e] : known_) out.insert(name);
    return out;
  }

 private:
  void add(const std::string& name, const Dimension& d) {
    known_.emplace(name, detail::ExprAccess::make(scope_, scope_->graph.symbol(name, ir::Rate::varying), d));
  }
  /// `scale`: what the weight brings to a synapse's states.
  void add_all(const std::string& prefix, const detail::ModelData& m, const Dimension& scale = {}) {
    for (const auto& s : m.states) add(prefix + s.name, s.dimension * scale);
    for (const auto& p : m.parameters) add(prefix + p.name, p.value.dimension);
    for (const auto& i : m.inputs) add(prefix + i.name, i.dimension);
    for (const auto& l : m.lets) add(prefix + l.name, l.dimension);
  }
  std::shared_ptr<detail::Scope> scope_;
  std::map<std::string, Expr> known_;
};

}  // namespace

std::optional<std::vector<std::uint32_t>> FileReader::indices(const Node& node, const std::string& what, std::uint64_t size) {
  const double last = static_cast<double>(size) - 1;
  std::vector<std::uint32_t> out;
  if (node.kind == Node::Kind::array) {
    for (const auto& item : node.items) {
      const auto w = whole(item, what, 0, last);
      if (!w) return {};
      out.push_back(static_cast<std::uint32_t>(*w));
    }
    return out;
  }
  const auto& text = node.piece.text;
  if (node.kind != Node::Kind::string || text.find(':') == std::string::npos) {
    const auto w = whole(node, what, 0, last);
    if (!w) return {};
    return std::vector<std::uint32_t>{static_cast<std::uint32_t>(*w)};
  }
  std::int64_t ends[3] = {0, static_cast<std::int64_t>(size), 1};
  std::size_t k = 0, begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] != ':') continue;
    if (k == 3) {
      fail(node.piece, what + " has more than three parts", "write FIRST:END or FIRST:END:STEP");
      return {};
    }
    if (text.find_first_not_of(' ', begin) < at) {
      Node part;
      part.kind = Node::Kind::string;
      part.piece = part_of(node.piece, begin, at - begin);
      const auto w = whole(part, what, k == 2 ? 1 : 0, k == 2 ? last + 1 : static_cast<double>(size));
      if (!w) return {};
      ends[k] = *w;
    }
    ++k;
    begin = at + 1;
  }
  if (ends[0] >= ends[1]) {
    fail(node.piece, what + " is empty", "FIRST is below END, which is not included");
    return {};
  }
  if (static_cast<std::uint64_t>((ends[1] - ends[0]) / ends[2]) >= most_chosen) {
    fail(node.piece, what + " has " + std::to_string((ends[1] - ends[0]) / ends[2]) + " members", "choose at most " + std::to_string(most_chosen));
    return {};
  }
  for (auto i = ends[0]; i < ends[1]; i += ends[2]) out.push_back(static_cast<std::uint32_t>(i));
  return out;
}

bool FileReader::recorded_expression(Recording& r, const Node& what) {
  r.what = Recording::What::expression;
  const auto known = std::make_shared<const Recordable>(out_.network.data(), r.of);
  Names n = constant_names();
  n.no_random = "what is recorded has a value of its own";
  n.find = [known, constants = n.find](const std::string& name) {
    const auto found = known->find(name);
    return found ? found : constants(name);
  };
  n.known = [known] {
    const auto names = known->names();
    return std::vector<std::string>(names.begin(), names.end());
  };
  const auto text = piece(what, "what is recorded");
  if (!text || !expression(what, "what is recorded", n)) return false;
  r.expression = [text = *text, names = known->names(), values = out_.constants](const Symbols& symbols) {
    Names at_run;
    at_run.find = [&](const std::string& name) -> std::optional<Expr> {
      if (names.contains(name)) return symbols(name);
      const auto it = values.find(name);
      return it == values.end() ? std::nullopt : std::optional<Expr>(it->second);
    };
    at_run.known = [] { return std::vector<std::string>(); };
    Report report;
    const Source source(text);
    std::optional<Expr> e;
    if (const auto syntax = parse_whole(source, report)) e = Compiler(source, report, at_run).real(*syntax, "what is recorded");
    report.finish();
    if (!e) throw InternalError("an expression that was checked has no value");
    return *e;
  };
  return true;
}

/// False, reported, if there is nothing of that name to record.
bool FileReader::recorded_variable(Recording& r, const Node& what) {
  if (const auto p = projections_.find(r.of); p != projections_.end()) {
    if (!p->second) return false;
    r.what = Recording::What::synapses;
    return guard(what.piece, [&] { (void)(*p->second)[r.variable]; });
  }
  if (r.variable == "spikes") r.what = Recording::What::spikes;
  if (r.variable == "rate") r.what = Recording::What::rate;
  if (r.variable == "spikes" || r.variable == "rate") return true;
  // A name is recorded as it is kept; anything else is computed.
  const Recordable known(out_.network.data(), r.of);
  if (!is_variable(r.variable)) return recorded_expression(r, what);
  r.what = Recording::What::variable;
  if (known.find(r.variable)) return true;
  auto all = known.names();
  all.insert({"spikes", "rate"});
  fail(what.piece, "'" + r.of + "' has no '" + r.variable + "' to record", detail::suggest(r.variable, {all.begin(), all.end()}));
  return false;
}

std::string FileReader::recording_name(const Node& table, const Recording& r, bool several) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(out_.recordings.begin(), out_.recordings.end(), [&](const auto& o) { return o.name == name; });
  };
  if (const auto* m = table.find("name")) {
    const auto& name = m->value.piece.text;
    if (m->value.kind != Node::Kind::string || !is_safe_name(name)) fail(m->value.piece, "this is no name of a recording", "use letters, digits, '_', '-' and '.'");
    if (several) fail(m->key, "several recordings have one name", "leave the name out, or write one recording each");
    if (!several && taken(name)) fail(m->value.piece, "two recordings have the name '" + name + "'", "rename one of them");
    return name;
  }
  const auto base = r.of + "_" + (r.what == Recording::What::expression ? "expression" : r.variable);
  auto name = base;
  for (int k = 2; taken(name); ++k) name = base + "_" + std::to_string(k);
  return name;
}

/// What all recordings of a table have in common; `of` is empty where there is a mistake.
Recording FileReader::recording(const Node& table) {
  Recording r;
  const auto* of = required(table, "of", table.piece);
  if (!of) return r;
  const auto p = projections_.find(of->piece.text);
  std::uint64_t size = std::uint64_t{1} << 32;
  if (of->kind == Node::Kind::string && p != projections_.end()) {
    if (p->second) r.of = p->first;
  } else if (const auto v = view(*of)) {
    r.of = v->population;
    size = pending_.at(r.of)->size;
    if (v->last - v->first != size) {
      if (v->last - v->first > most_chosen) fail(of->piece, "the view has " + std::to_string(v->last - v->first) + " neurons", "choose at most " + std::to_string(most_chosen));
      for (auto i = v->first; i < v->last && i - v->first < most_chosen; ++i) r.options.neurons.push_back(i);
    }
  }
  for (const auto& [name, key, value] : table.members) {
    const auto time = [&, &v = value, &n = name](Quantity& into) {
      if (const auto q = quantity(v, n, dimension::time)) into = *q;
    };
    if (name == "neurons" && !r.options.neurons.empty()) fail(key, "'neurons' beside a view", "give one of them");
    if (name == "neurons") {
      if (const auto chosen = indices(value, name, size)) r.options.neurons = *chosen;
    }
    if (name == "from") time(r.options.from);
    if (name == "until") time(r.options.until);
    if (name == "reduce") {
      if (const auto k = choice(value, name, {"mean", "sum", "min", "max"})) r.options.reduce = std::array{Reduce::mean, Reduce::sum, Reduce::min, Reduce::max}[*k];
    }
    if (name != "every") continue;
    const auto e = quantity(value, name);
    if (!e) continue;
    if (e->dimension == dimension::time && e->value > 0) {
      r.every = *e;
    } else if (const auto n = e->dimension.is_none() ? whole(value, name, 1, 1e9) : std::nullopt) {
      r.options.every = static_cast<std::uint32_t>(*n);
    } else if (!e->dimension.is_none()) {
      fail(value.piece, "every is " + to_string(*e), "give a number of steps, or a time above 0 such as 0.5*ms");
    }
  }
  return r;
}

void FileReader::read_recording(const Node& table) {
  if (!check_keys(table, "recordings", {"of", "what", "name", "neurons", "every", "from", "until", "reduce"})) return;
  const auto* what = required(table, "what", table.piece);
  const auto common = recording(table);
  if (!what || common.of.empty()) return;
  std::vector<const Node*> each{what};
  if (what->kind == Node::Kind::array) {
    each.clear();
    for (const auto& item : what->items) each.push_back(&item);
  }
  for (const auto* w : each) {
    if (w->kind != Node::Kind::string) {
      fail(w->piece, "what is recorded is " + kind_name(*w), "write \"spikes\", \"rate\", a variable such as \"V\", or an expression");
      continue;
    }
    auto r = common;
    r.variable = w->piece.text;
    if (!recorded_variable(r, *w)) continue;
    const bool spikes = r.what == Recording::What::spikes;
    if (spikes && (r.every || r.options.every != 1)) fail(w->piece, "'every' beside spikes", "spikes are recorded when they happen: leave it out");
    if ((spikes || r.what == Recording::What::rate) && r.options.reduce != Reduce::none) fail(w->piece, "'reduce' beside " + r.variable, "leave it out");
    r.name = recording_name(table, r, each.size() > 1);
    out_.recordings.push_back(std::move(r));
  }
}

}  // namespace text

Recorded attach(Simulation& simulation, const Recording& r, Quantity duration, Quantity dt) {
  const std::string where = "recording '" + r.name + "'";
  auto options = r.options;
  if (r.every) {
    const double steps = r.every->value / dt.value, whole = std::floor(steps + 0.5);
    if (std::fabs(steps - whole) > 1e-6 || whole < 1 || whole > 4e9) {
      throw UserError(where, "every = " + to_string(*r.every) + " is not a multiple of dt = " + to_string(dt), "give a multiple, or a number of steps");
    }
    options.every = static_cast<std::uint32_t>(whole);
  }
  try {
    Recorded out{r.name, nullptr, nullptr};
    using What = Recording::What;
    if (r.what == What::spikes) out.spikes = simulation.record(SpikesRef{r.of}, options);
    if (r.what == What::rate) out.values = simulation.record_rate(SpikesRef{r.of}, options);
    if (r.what == What::variable) out.values = simulation.record(r.of + "." + r.variable, options);
    if (r.what == What::expression) out.values = simulation.record(r.of, r.variable, r.expression, options);
    if (r.what == What::synapses) out.values = simulation.record(SynapseRef{r.of, r.variable}, options);
    const double span = std::min(duration.value, options.until.value) - options.from.value;
    const double frames = std::max(0.0, span / dt.value / options.every), bytes = out.values ? 8 * frames * static_cast<double>(out.values->columns()) : 0;
    if (bytes > 4e9) {
      throw UserError(where, "it would keep " + std::to_string(static_cast<std::uint64_t>(bytes / 1e9)) + " GB", "record fewer neurons, or less often with every");
    }
    return out;
  } catch (const ParseError&) {
    throw;
  } catch (const UserError& e) {
    if (e.where() == where) throw;
    throw UserError(where, e.where().empty() || e.where() == "record" ? e.problem() : e.where() + ": " + e.problem(), e.remedy());
  }
}

}  // namespace ranvier
