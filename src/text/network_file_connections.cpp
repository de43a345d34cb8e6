// Projections of a network file: who connects to whom, by which synapse.
#include <algorithm>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"
#include "ranvier/synapses.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {

/// An output of the library. coba and cuba act per area, or without unit, where the target's input and the weight do.
Output FileReader::output(const std::string& name, const Projection& p, const Node& table) {
  const auto* weight = table.find("weight");
  const auto& all = out_.network.data();
  const auto& here = *std::find_if(all.projections.begin(), all.projections.end(), [&](const auto& each) { return each.name == p.name(); });
  const auto& post = *std::find_if(all.populations.begin(), all.populations.end(), [&](const auto& each) { return each.name == here.post.population; });
  if (!weight || (name != "coba" && name != "cuba")) return models::output(name);
  const auto given = expression(weight->value, "weight", synapse_names());
  const Dimension d = given ? given->dimension() : Dimension{};
  const Dimension current = name == "coba" ? d * dimension::voltage : d;
  const bool fits = given && std::any_of(post.model.inputs.begin(), post.model.inputs.end(), [&](const auto& i) { return i.dimension == current; });
  if (!fits) return models::output(name);
  return name == "coba" ? coba(0.0 * units::mV, "V", Unit{d, 0}) : cuba(Unit{d, 0});
}

/// Parts of the library.
void FileReader::fill_parts(Projection& p, const Node& table) {
  const auto library = [&](const char* kind, const Node& node, const auto& use, const auto& made_by) {
    auto wanted = part(node, kind);
    if (!wanted) return;
    guard(wanted->at, [&] {
      auto made = made_by(wanted->name);
      if (set_arguments(*wanted, parameter_names(made.data()), [&](const std::string& n, Quantity q) { made.set(n, q); })) use(made);
    });
  };
  for (const auto& [name, key, value] : table.members) {
    if (value.kind == Node::Kind::string && synapses_.contains(value.piece.text)) continue;
    if (name == "synapse" && unknown_synapse(value)) continue;
    if (name == "synapse") library("synapses", value, [&](const Model& m) { p.synapse(m); }, [](const std::string& n) { return models::synapse(n); });
    if (name == "output") library("outputs", value, [&](const Output& o) { p.output(o); }, [&](const std::string& n) { return output(n, p, table); });
    if (name == "plasticity") library("plasticities", value, [&](const Plasticity& o) { p.plasticity(o); }, [](const std::string& n) { return models::plasticity(n); });
  }
}

/// Reported, with the synapses of the file and of the library that have near names.
bool FileReader::unknown_synapse(const Node& node) {
  if (node.kind != Node::Kind::string) return false;
  const auto wanted = node.piece.text.substr(0, node.piece.text.find('('));
  std::vector<std::string> known;
  for (const auto& [name, synapse] : synapses_) known.push_back(name);
  for (const auto* each : models::parts("synapses")) known.push_back(each->name);
  const auto near = detail::suggest(wanted, known);
  if (synapses_.empty() || std::find(known.begin(), known.end(), wanted) != known.end() || !near.starts_with("did you mean")) return false;
  fail(node.piece, "there is no synapse '" + wanted + "'", near);
  return true;
}

void FileReader::fill_options(Projection& p, const Node& table) {
  for (const auto& [name, key, value] : table.members) {
    if (name == "delay") {
      if (const auto e = expression(value, name, synapse_names())) guard(key, [&] { p.delay(*e); });
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

void FileReader::fill(Projection& p, const Node& table) {
  fill_parts(p, table);
  fill_options(p, table);
  if (const auto* m = table.find("receptors")) return fill_receptors(p, table, m->value);
  if (const auto* own = own_synapse(table)) return fill_own_synapse(p, table, *own);
  if (const auto* m = table.find("weight")) {
    if (const auto e = expression(m->value, "weight", synapse_names())) guard(m->key, [&] { p.weight(*e); });
  }
  if (const auto* m = table.find("initial")) {
    for (const auto& each : m->value.members) set_initial(p, each);
  }
}

/// What a variable of the synapses starts with: an expression, or a list with a value for each.
void FileReader::set_initial(Projection& p, const Member& m) {
  const auto what = "'" + m.name + "'";
  if (is_value_list(m.value)) {
    if (const auto list = value_list(m.value, what))
      guard(m.key, [&] { p.initial(m.name, list->numbers, list->unit); });
  } else if (const auto e = expression(m.value, what, value_names())) {
    guard(m.key, [&] { p.initial(m.name, *e); });
  }
}

/// Several synapses on one connectivity.
void FileReader::fill_receptors(Projection& p, const Node& table, const Node& list) {
  for (const char* other : {"synapse", "output", "weight", "plasticity", "initial"}) {
    if (const auto* m = table.find(other)) fail(m->key, std::string("'") + other + "' beside 'receptors'", "each receptor has its own");
  }
  if (list.kind != Node::Kind::array) return fail(list.piece, "receptors is " + kind_name(list), "write [[projections.receptors]], or a list of tables");
  for (const auto& each : list.items) {
    if (!check_keys(each, "projections.receptors", {"name", "synapse", "output", "weight"})) continue;
    const auto *name = required(each, "name", each.piece), *synapse = required(each, "synapse", each.piece), *output = required(each, "output", each.piece);
    const auto* weight = required(each, "weight", each.piece);
    if (!name || !synapse || !output || !weight) continue;
    auto s = part(*synapse, "synapse"), o = part(*output, "output");
    const auto w = quantity(*weight, "weight");
    if (!s || !o || !w) continue;
    guard(each.piece, [&] {
      auto model = models::synapse(s->name);
      auto acts = models::output(o->name);
      const bool good = set_arguments(*s, parameter_names(model.data()), [&](const std::string& n, Quantity q) { model.set(n, q); });
      if (set_arguments(*o, parameter_names(acts.data()), [&](const std::string& n, Quantity q) { acts.set(n, q); }) && good) p.receptor(name->piece.text, model, acts, *w);
    });
  }
}

void FileReader::read_projection(const Node& table) {
  if (!check_keys(table, "projections", {"source", "target", "name", "rule", "weight", "delay", "synapse", "output", "plasticity", "initial", "receptors", "onto", "current", "arrivals",
                                         "separate", "aligned_to_pre"})) return;
  const auto* source = required(table, "source", table.piece);
  const auto* target = required(table, "target", table.piece);
  const auto* wiring = required(table, "rule", table.piece);
  if (!source || !target || !wiring) return;
  const bool pairwise = is_pairwise(*wiring);
  const auto once = pairwise ? std::nullopt : rule(*wiring, 0, 0);
  const auto each = [](const Node& n) {
    std::vector<const Node*> out;
    if (n.kind != Node::Kind::array) return std::vector<const Node*>{&n};
    for (const auto& item : n.items) out.push_back(&item);
    return out;
  };
  const auto* name = table.find("name");
  if (name && (source->kind == Node::Kind::array || target->kind == Node::Kind::array)) return fail(name->key, "several projections have one name", "leave the name out, or write one projection each");
  for (const auto* from : each(*source)) {
    for (const auto* to : each(*target)) {
      const auto pre = view(*from), post = view(*to);
      // What depends on a projection that has a mistake is not told again.
      const std::string wanted = name ? name->value.piece.text : pre && post ? pre->population + "_to_" + post->population : "";
      projections_.emplace(wanted, std::nullopt);
      if (!pre || !post) continue;
      const auto made = pairwise ? rule(*wiring, pre->last - pre->first, post->last - post->first) : once;
      if (!made) continue;
      guard(name ? name->key : source->piece, [&] {
        auto p = out_.network.connect(*pre, *post, *made);
        if (name) p.named(name->value.piece.text);
        note("projection '" + p.name() + "'", table.piece, table);
        const auto before = report_.count();
        projections_[p.name()] = p;
        fill(p, table);
        if (report_.count() == before) check_listed_weights(p);
        if (report_.count() > before) projections_[p.name()].reset();
      });
    }
  }
}

}  // namespace ranvier::text
