// Synapses, outputs and plasticities as [synapses.NAME] of a network file.
#include <algorithm>

#include "model/synaptic_unit.hpp"
#include "text/write.hpp"

namespace ranvier::text {
namespace {

using detail::ExprAccess;
using detail::ModelData;
using detail::PlasticityData;
using detail::ProjectionData;

std::string unit(const Dimension& d) { return d.is_none() ? "1" : unit_name(d); }

/// A name that equations of synapses may declare.
std::string declared(WrittenNames& names, const std::string& wanted) {
  const bool reserved = wanted == "i" || wanted == "j" || wanted == "lastupdate" || wanted.ends_with("_pre") || wanted.ends_with("_post");
  return names.fresh(reserved ? wanted + "_" : wanted);
}

/// What the equations of a neuron's model call a state, a parameter or an input, or what they would.
std::string name_at(const ModelData& m, const std::string& name) {
  const auto names = names_of(m);
  for (const auto& s : m.states) {
    if (s.name == name) return names.of.at(s.symbol).text;
  }
  for (const auto& p : m.parameters) {
    if (p.name == name) return names.of.at(p.symbol).text;
  }
  for (const auto& i : m.inputs) {
    if (i.name == name) return names.of.at(i.symbol).text;
  }
  return name;
}

class SynapseWriter {
 public:
  SynapseWriter(const std::string& name, const SynapseEnds& ends, const ProjectionData& p) : name_(name), ends_(ends), p_(p), where_("projection '" + p.name + "'") {}

  std::string synapse() {
    const auto& m = *p_.synapse;
    if (p_.plasticity) refuse("a synapse of its own beside a plasticity");
    if (m.jump) return jump(*m.jump);
    weight_ = declared(names_, "w");
    name_all(m);
    for (const auto& s : m.pre_states) names_.of[s.symbol] = {name_at(ends_.pre, s.name) + "_pre", s.dimension};
    source_states(m);
    source_statements(m);
    const auto sent = what_is_sent(m);
    if (!m.method.empty()) settings_ += "method = \"" + m.method + "\"\n";
    sum(m, sent);
    return section();
  }

  std::string plasticity() {
    const auto& m = *p_.plasticity;
    if (m.weight) names_.of[m.states[*m.weight].symbol] = {declared(names_, "w"), m.states[*m.weight].dimension};
    name_all(m);
    for (const auto& r : m.reads) names_.of[r.symbol] = {name_at(r.pre ? ends_.pre : ends_.post, r.state) + (r.pre ? "_pre" : "_post"), r.dimension};
    for (std::size_t k = 0; k < m.states.size(); ++k) {
      const auto& s = m.states[k];
      equation(m, s, m.event_driven[k] ? " (event-driven)" : "");
      initial(m, s);
    }
    on_pre_ = statements(m, m.on_pre);
    on_post_ = statements(m, m.on_post);
    if (!m.method.empty()) settings_ += "method = \"" + m.method + "\"\n";
    if (m.precision) settings_ += std::string("precision = \"") + (*m.precision == Precision::f32 ? "f32" : "f64") + "\"\n";
    return section();
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw UnsupportedError(where_, what, "say it in C++"); }
  [[nodiscard]] const std::string& called(ir::NodeId symbol) const { return names_.of.at(symbol).text; }
  [[nodiscard]] std::string written(const ModelData& m, ir::NodeId node, const Dimension& d) const { return Writer(m.scope->graph, names_, where_).write(node, d); }
  /// An expression that lives in the model's graph or in a copy's.
  [[nodiscard]] std::string written(const ModelData& m, const Expr& e, const Dimension& d) const {
    const auto scope = detail::copied(m.scope);
    return Writer(scope->graph, names_, where_).write(ExprAccess::in(scope, e), d);
  }

  std::string jump(const detail::JumpData& j) {
    if (j.during != WhileRefractory::drop) refuse("jumps that are kept while the target is refractory");
    equations_ = "w : " + unit(j.dimension) + "\n";
    on_pre_ = name_at(ends_.post, j.state) + "_post += w\n";
    return section();
  }

  void name_all(const ModelData& m) {
    for (const auto& s : m.states) {
      if (!names_.of.contains(s.symbol)) names_.of[s.symbol] = {declared(names_, s.name), s.dimension};
    }
    for (const auto& p : m.parameters) {
      const auto name = declared(names_, p.name);
      names_.of[p.symbol] = {name, p.value.dimension};
      parameters_ += name + " = " + toml_string(write_quantity(p.value)) + (p.meaning.empty() ? "" : "  # " + p.meaning) + "\n";
    }
  }

  void equation(const ModelData& m, const detail::StateData& s, const std::string& flag) {
    const auto& name = called(s.symbol);
    if (s.rate == ir::no_node) equations_ += name + " : " + unit(s.dimension) + "\n";
    else equations_ += "d" + name + "/dt = " + written(m, s.rate, s.dimension / dimension::time) + " : " + unit(s.dimension) + flag + "\n";
  }
  void initial(const ModelData& m, const detail::StateData& s) {
    if (s.initial) initial_ += called(s.symbol) + " = " + toml_string(written(m, *s.initial, s.dimension)) + "\n";
  }

  void source_states(const ModelData& m) {
    for (const auto& s : m.states) {
      equation(m, s, "");
      initial(m, s);
    }
    for (const auto& each : m.every_step) {
      const auto& s = m.states[each.state];
      each_step_ += called(s.symbol) + " = " + written(m, each.value, s.dimension) + "\n";
    }
  }

  void source_statements(const ModelData& m) {
    if (m.receives) {
      const auto& s = m.states[*m.receives];
      if (!m.on_spike.empty() || !m.every_step.empty() || !m.pre_states.empty()) refuse("a synapse that receives and is changed in other ways");
      on_pre_ = called(s.symbol) + (weight_in_sum() ? " += 1\n" : " += " + weight_ + "\n");
    }
    for (const auto& r : m.on_spike) on_pre_ += called(m.states[r.state].symbol) + " = " + written(m, r.value, m.states[r.state].dimension) + "\n";
  }

  /// A synapse without units that receives takes the weight's with its output; one that has units is sent weights in them.
  [[nodiscard]] bool weight_in_sum() const { return !p_.synapse->receives || p_.synapse->states[*p_.synapse->receives].dimension.is_none(); }

  /// The name of what acts on the target, and its dimension.
  WrittenNames::Name what_is_sent(const ModelData& m) {
    if (!m.sends) return names_.of.at(m.states[m.receives.value()].symbol);
    const auto d = m.sends->dimension();
    const auto text = written(m, *m.sends, d);
    const bool name = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
    if (name) return {text, d};
    const auto sent = declared(names_, "sent");
    equations_ += sent + " = " + text + " : " + unit(d) + "\n";
    return {sent, d};
  }

  void sum(const ModelData& m, const WrittenNames::Name& sent) {
    const auto* o = p_.output ? &*p_.output : nullptr;
    const auto total = o && o->current ? o->current->dimension() : sent.dimension;
    const auto of_synapse = o ? o->synaptic_dimension / sent.dimension : Dimension{};
    const auto weight = !weight_in_sum() ? m.states[*m.receives].dimension : of_synapse;
    const bool factor = weight_in_sum();
    const std::string product = factor ? weight_ + "*" + sent.text : sent.text;
    equations_ = weight_ + " : " + unit(weight) + "\n" + equations_;
    std::string current = product;
    if (o && o->current) {
      // Its nodes are of another graph.
      names_.of.clear();
      name_all(*o);
      names_.of[o->synaptic] = {"(" + product + ")", o->synaptic_dimension};
      if (o->total_weight != ir::no_node) {
        if (!factor) refuse("an output of the total weight and a synapse that holds weights");
        names_.of[o->total_weight] = {weight_, o->total_weight_dimension};
      }
      for (const auto& s : o->post_states) names_.of[s.symbol] = {name_at(ends_.post, s.name) + "_post", s.dimension};
      current = written(*o, *o->current, total);
    }
    equations_ += input() + "_post = " + current + " : " + unit(total) + " (summed)\n";
  }

  std::string input() const {
    const auto& inputs = ends_.post.inputs;
    if (p_.input.empty() && inputs.size() != 1) refuse("a synapse onto one of " + std::to_string(inputs.size()) + " inputs that is not named");
    return name_at(ends_.post, p_.input.empty() ? inputs[0].name : p_.input);
  }

  std::string statements(const PlasticityData& m, const std::vector<PlasticityData::Statement>& list) {
    std::string out;
    for (const auto& s : list) {
      if (s.state == PlasticityData::sends) out += receiver() + " += " + written(m, s.value, m.sent) + "\n";
      else out += called(m.states[s.state].symbol) + " = " + written(m, s.value, m.states[s.state].dimension) + "\n";
    }
    return out;
  }
  std::string receiver() const {
    const auto& s = p_.synapse.value();
    if (s.jump) return name_at(ends_.post, s.jump->state) + "_post";
    if (!s.receives) refuse("a plasticity whose synapse has no state that receives");
    return s.states[*s.receives].name + "_post";
  }

  std::string section() const {
    const auto block = [](const char* key, const std::string& lines) { return lines.empty() ? std::string() : std::string(key) + " = \"\"\"\n" + lines + "\"\"\"\n"; };
    std::string out = "[synapses." + name_ + "]\n" + block("equations", equations_) + block("on_pre", on_pre_) + block("on_post", on_post_) + block("each_step", each_step_) + settings_;
    if (!parameters_.empty()) out += "\n[synapses." + name_ + ".parameters]\n" + parameters_;
    if (!initial_.empty()) out += "\n[synapses." + name_ + ".initial]\n" + initial_;
    return out;
  }

  const std::string& name_;
  SynapseEnds ends_;
  const ProjectionData& p_;
  std::string where_, weight_;
  WrittenNames names_;
  std::string equations_, on_pre_, on_post_, each_step_, settings_, parameters_, initial_;
};

}  // namespace

std::string write_synapse(const std::string& name, const SynapseEnds& ends, const ProjectionData& p) { return SynapseWriter(name, ends, p).synapse(); }
std::string write_plasticity(const std::string& name, const SynapseEnds& ends, const ProjectionData& p) { return SynapseWriter(name, ends, p).plasticity(); }

}  // namespace ranvier::text
