// What a part is, as text: its equations with the names that were given to intermediate expressions, and its properties.
#include "models/part.hpp"

#include "ir/passes.hpp"
#include "model/model_data.hpp"

namespace ranvier::models {
namespace {

using detail::ExprAccess;
using detail::ModelData;

std::string unit_of(const Dimension& d) { return d.is_none() ? "no unit" : coherent_unit_name(d); }

std::vector<Setting> parameters_of(const ModelData& m) {
  std::vector<Setting> out;
  for (const auto& p : m.parameters) out.push_back({p.name, p.value, p.meaning});
  return out;
}

/// Prints expressions of a model with its named intermediates by name.
class Printer {
 public:
  explicit Printer(const ModelData& m) : graph_(m.scope->graph) {
    for (const auto& l : m.lets) {
      const auto known = lets_;  // an intermediate may use those before it, and is not its own value
      texts_.emplace_back(l.name, ir::print(graph_, ir::substitute(graph_, l.node, known)));
      if (graph_[l.node].op != ir::Op::symbol && graph_[l.node].op != ir::Op::literal) {
        lets_[l.node] = graph_.symbol(l.name, ir::Rate::varying);
      }
    }
  }
  std::string operator()(ir::NodeId node) { return ir::print(graph_, ir::substitute(graph_, node, lets_)); }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& lets() const { return texts_; }

 private:
  ir::Graph graph_;
  ir::Substitution lets_;
  std::vector<std::pair<std::string, std::string>> texts_;
};

void describe_states(const ModelData& m, Printer& print, Description& d) {
  for (const auto& s : m.states) {
    if (s.rate != ir::no_node) d.equations.push_back("d" + s.name + "/dt = " + print(s.rate));
  }
  for (const auto& [name, text] : print.lets()) d.equations.push_back(name + " = " + text);
  for (const auto& s : m.states) {
    const std::string start = s.initial ? print(ExprAccess::in(m.scope, *s.initial)) : "0";
    d.properties.emplace_back("state", s.name + " (" + unit_of(s.dimension) + "), starts at " + start);
  }
}

void describe_spikes(const ModelData& m, Printer& print, Description& d) {
  if (m.threshold) d.properties.emplace_back("threshold", print(m.threshold->now) + (m.threshold->crossing ? " (on becoming true)" : ""));
  for (const auto& r : m.resets) d.properties.emplace_back("reset", m.states[r.state].name + " = " + print(r.value));
  if (!m.refractory) return;
  std::string text = m.refractory->period == ir::no_node ? to_string(m.refractory->duration) : print(m.refractory->period);
  for (std::size_t i = 0; i < m.refractory->frozen.size(); ++i) {
    text += (i == 0 ? ", holds " : ", ") + m.states[m.refractory->frozen[i]].name;
  }
  d.properties.emplace_back("refractory", text);
}

}  // namespace

Description describe(const Model& model) {
  const auto& m = model.data();
  Description d{"", m.name, m.summary, m.source, {}, parameters_of(m), {}};
  Printer print(m);
  describe_states(m, print, d);
  for (const auto& i : m.inputs) {
    d.properties.emplace_back("input", i.name + " (" + unit_of(i.dimension) + (i.kind == InputKind::held ? "), held over a step" : ")"));
  }
  if (m.receives) d.properties.emplace_back("receives", "an arrival adds its weight to " + m.states[*m.receives].name);
  describe_spikes(m, print, d);
  if (!m.method.empty()) d.properties.emplace_back("method", m.method);
  d.properties.emplace_back("precision", m.precision == Precision::f32 ? "f32" : "f64");
  return d;
}

Description describe(const Output& output) {
  const auto& m = output.data();
  Description d{"", m.name, m.summary, m.source, {}, parameters_of(m), {}};
  if (m.current) d.equations.push_back("I = " + m.current->text());
  for (const auto& p : m.post_states) d.properties.emplace_back("reads", p.name + " (" + unit_of(p.dimension) + ") of the target");
  return d;
}

Description describe(const Channel& channel) {
  const auto& m = channel.data();
  Description d{"", m.name, m.summary, m.source, {}, parameters_of(m), {}};
  Printer print(m);
  for (const auto& c : channel.currents()) {
    d.equations.push_back("I" + (c.ion.empty() ? "" : "_" + c.ion) + " = " + print(ExprAccess::in(m.scope, c.value)));
  }
  describe_states(m, print, d);
  for (const auto& i : m.inputs) d.properties.emplace_back("reads", i.name + " (" + unit_of(i.dimension) + ") of the group");
  return d;
}

Description describe(const Ion& ion) {
  const auto& m = ion.data();
  Description d{"", m.name, m.summary, m.source, {}, parameters_of(m), {}};
  Printer print(m);
  const auto state = [&](const char* what, const std::optional<Expr>& e) {
    if (e) d.equations.push_back(std::string(what) + " = " + print(ExprAccess::in(m.scope, *e)));
  };
  describe_states(m, print, d);
  state("concentration", ion.concentration());
  state("reversal potential", ion.reversal());
  return d;
}

Description describe(const Plasticity& plasticity) {
  const auto& m = plasticity.data();
  Description d{"", m.name, m.summary, m.source, {}, parameters_of(m), {}};
  Printer print(m);
  describe_states(m, print, d);
  const auto statements = [&](const char* when, const std::vector<detail::PlasticityData::Statement>& list) {
    for (const auto& s : list) {
      const bool sends = s.state == detail::PlasticityData::sends;
      d.properties.emplace_back(when, (sends ? "send " : m.states[s.state].name + " = ") + print(s.value));
    }
  };
  statements("at a pre event", m.on_pre);
  statements("at a post event", m.on_post);
  for (const auto& r : m.reads) d.properties.emplace_back("reads", r.state + (r.pre ? " of the source" : " of the target"));
  return d;
}

Description describe(const Entry& network) {
  return {"", network.name, network.summary, network.source, {}, network.settings, {{"default duration", to_string(network.duration)}}};
}

}  // namespace ranvier::models
