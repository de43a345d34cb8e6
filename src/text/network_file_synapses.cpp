// [synapses.NAME] of a network file, and projections that use them.
#include <algorithm>

#include "model/model_data.hpp"
#include "model/synaptic_unit.hpp"
#include "text/equations.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {

void FileReader::read_synapse(const Member& member) {
  auto& made = synapses_[member.name];
  const auto& table = member.value;
  if (!check_keys(table, "synapses." + member.name, {"equations", "on_pre", "on_post", "each_step", "parameters", "initial", "method", "precision"})) return;
  SynapseText t;
  const auto text = [&](const char* key, TextPiece& into) {
    const auto* m = table.find(key);
    if (!m) return true;
    if (m->value.kind == Node::Kind::string) into = m->value.piece;
    if (m->value.kind != Node::Kind::string) fail(m->value.piece, std::string(key) + " is " + kind_name(m->value), "write statements in quotes, one a line or separated by ';'");
    return m->value.kind == Node::Kind::string;
  };
  if (!text("equations", t.equations) || !text("on_pre", t.on_pre) || !text("on_post", t.on_post) || !text("each_step", t.each_step)) return;
  t.parameters = texts(table, "parameters");
  t.initial = texts(table, "initial");
  if (const auto* m = table.find("method")) t.method = m->value.piece.text;
  if (const auto* m = table.find("precision")) {
    if (const auto k = choice(m->value, "precision", {"f32", "f64"})) t.precision = *k == 0 ? Precision::f32 : Precision::f64;
  }
  if (t.on_pre.text.empty() && t.equations.text.empty()) return fail(member.key, "the synapse is empty", "give it on_pre = \"g_post += w\", or equations");
  made = std::move(t);
}

/// Before models are read: which of their variables synapses sum into, and which they add to.
void FileReader::changed_by_synapses(Surroundings& around) const {
  const auto* section = root_.find("synapses");
  if (!section) return;
  for (const auto& m : section->value.members) {
    Report ignored;
    std::vector<std::string> broken;
    std::set<std::string> own;
    const auto text = [&](const char* key) {
      const auto* found = m.value.find(key);
      return found && found->value.kind == Node::Kind::string ? &found->value.piece : nullptr;
    };
    const auto *equations = text("equations"), *on_pre = text("on_pre");
    for (const auto& d : equations ? parse_declarations(Source(*equations), ignored, broken, {"event-driven", "clock-driven", "summed"}) : std::vector<Declaration>()) {
      own.insert(d.name);
      const bool summed = std::find(d.flags.begin(), d.flags.end(), "summed") != d.flags.end();
      if (summed && d.name.ends_with("_post")) around.inputs.insert(d.name.substr(0, d.name.size() - 5));
    }
    for (const auto& s : on_pre ? parse_statements(Source(*on_pre), ignored) : std::vector<Statement>()) {
      if (own.contains(s.name) || (s.operation != '+' && s.operation != '-')) continue;
      around.jumped.insert(s.name.ends_with("_post") ? s.name.substr(0, s.name.size() - 5) : s.name);
    }
  }
}

/// The synapse of the file that a projection names; null: none.
const Node* FileReader::own_synapse(const Node& table) const {
  for (const char* key : {"synapse", "plasticity"}) {
    const auto* m = table.find(key);
    if (m && m->value.kind == Node::Kind::string && synapses_.contains(m->value.piece.text)) return &m->value;
  }
  return nullptr;
}

void FileReader::fill_own_synapse(Projection& p, const Node& table, const Node& wanted) {
  const auto& name = wanted.piece.text;
  const auto& text = synapses_.at(name);
  if (!text) return;
  const auto& data = out_.network.data();
  const auto& made = *std::find_if(data.projections.begin(), data.projections.end(), [&](const auto& each) { return each.name == p.name(); });
  SynapseUse use;
  const auto end = [&](const View& v) {
    return SynapseEnd{v.population, &*std::find_if(data.populations.begin(), data.populations.end(), [&](const auto& each) { return each.name == v.population; })};
  };
  use.pre = end(made.pre);
  use.post = end(made.post);
  use.weight = table.find("weight") || made.rule.has_weights();
  if (const auto* m = table.find("initial")) {
    for (const auto& each : m->value.members) use.initial.insert(each.name);
  }
  const bool as_plasticity = table.find("plasticity") && &table.find("plasticity")->value == &wanted;
  if (as_plasticity && made.synapse && made.synapse->receives) {
    use.receiver = made.synapse->states[*made.synapse->receives].name;
    use.received = made.synapse->states[*made.synapse->receives].dimension * (made.output ? detail::unit_of_weight(made) : Dimension{});
  }
  for (const char* other : {"output", "plasticity"}) {
    const auto* m = as_plasticity ? nullptr : table.find(other);
    if (m) return fail(m->key, std::string("'") + other + "' beside a synapse of the file", "its equations say all");
  }
  BuiltSynapse built;
  if (!guard(wanted.piece, [&] { built = build_synapse(name, *text, use, surroundings()); })) return;
  guard(wanted.piece, [&] {
    if (built.synapse) p.synapse(*built.synapse);
    if (built.output) p.output(*built.output);
    if (built.plasticity) p.plasticity(*built.plasticity);
    if (!built.onto.empty()) p.onto(built.onto);
    if (built.at_source) p.aligned_to_pre();
    fill_own_weight(p, table, built, *text, made.rule.has_weights());
  });
}

/// The weight, wherever it is said, and what the projection's synapses start with.
void FileReader::fill_own_weight(Projection& p, const Node& table, const BuiltSynapse& built, const SynapseText& text, bool listed) {
  const auto* weight = table.find("weight");
  const auto* initial = table.find("initial");
  if (built.weight) {
    if (weight) return fail(weight->key, "the synapse's own statements say the weight", "leave it out, or declare w and write += w");
    p.weight(*built.weight);
  } else if (weight) {
    if (const auto e = expression(weight->value, "weight", synapse_names())) guard(weight->key, [&] { p.weight(*e); });
  }
  bool given = weight || built.weight || built.plasticity || listed;
  for (const auto& [name, key, value] : initial ? initial->value.members : std::vector<Member>()) {
    const bool is_weight = !built.plasticity && name == built.weight_name;
    if (built.plasticity) {
      set_initial(p, {name, key, value});
    } else if (!is_weight) {
      fail(key, "'" + name + "' is no variable that synapses start with",
           built.weight_name.empty() ? "leave it out" : "there is '" + built.weight_name + "'");
    } else if (is_value_list(value)) {
      fail(value.piece, "a list of weights",
           "give it with the connections: rule = { name = \"list\", pre = [...], post = [...], weight = [...] }");
    } else if (const auto e = expression(value, "'" + name + "'", synapse_names())) {
      given = true;
      guard(key, [&] { p.weight(*e); });
    }
  }
  if (given) return;
  const auto own = text.initial.find(built.weight_name);
  if (own == text.initial.end()) {
    return fail(table.piece, "the synapses have no weight", "give weight = \"...\"" + (built.weight_name.empty() ? "" : ", the value of '" + built.weight_name + "'"));
  }
  Node node;
  node.kind = Node::Kind::string;
  node.piece = own->second;
  if (const auto e = expression(node, "'" + built.weight_name + "'", synapse_names()))
    guard(own->second, [&] { p.weight(*e); });
}

}  // namespace ranvier::text
