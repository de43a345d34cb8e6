// A model as the section of a network file.
#include <algorithm>

#include "text/write.hpp"

namespace ranvier::text {
namespace {

using detail::ExprAccess;
using detail::ModelData;
using ir::Op;

std::string one_line(std::string text) {
  for (auto& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

/// Draws that stand in several places are one value: they need a name.
std::vector<ir::NodeId> shared_draws(const ModelData& m) {
  const auto& graph = m.scope->graph;
  std::vector<ir::NodeId> roots;
  for (const auto& s : m.states) {
    if (s.rate != ir::no_node) roots.push_back(s.rate);
  }
  for (const auto& r : m.resets) roots.push_back(r.value);
  for (const auto& e : m.each_step) roots.push_back(e.value);
  if (m.threshold) roots.push_back(m.threshold->now);
  std::map<ir::NodeId, int> uses;
  for (const auto root : roots) ++uses[root];
  for (const auto id : ir::topological(graph, roots)) {
    for (const auto arg : graph[id].arg) {
      if (arg != ir::no_node && graph[id].op != Op::poisson) ++uses[arg];
    }
  }
  std::vector<ir::NodeId> out;
  for (const auto& [id, count] : uses) {
    const auto op = graph[id].op;
    const bool named = std::any_of(m.lets.begin(), m.lets.end(), [&, node = id](const auto& l) { return l.node == node; });
    if (count > 1 && !named && (op == Op::uniform || op == Op::normal || op == Op::poisson)) out.push_back(id);
  }
  return out;
}

class ModelWriter {
 public:
  ModelWriter(const std::string& name, const ModelData& m)
      : name_(name), m_(m), where_("model '" + m.name + "'"), names_(names_of(m)), draws_(shared_draws(m)),
        writer_(m.scope->graph, names_, where_) {
    for (const auto id : draws_) names_.of[id] = {names_.fresh("draw"), {}};
  }

  std::string run() {
    refuse_what_has_no_words();
    std::string out = "[models." + name_ + "]\n";
    if (!m_.summary.empty()) out += "summary = " + toml_string(m_.summary) + "\n";
    if (!m_.source.empty()) out += "source = " + toml_string(m_.source) + "\n";
    out += "equations = \"\"\"\n" + equations() + "\"\"\"\n" + threshold() + reset() + refractory() + each_step();
    if (!m_.method.empty()) out += "method = \"" + m_.method + "\"\n";
    if (m_.precision) out += std::string("precision = \"") + (*m_.precision == Precision::f32 ? "f32" : "f64") + "\"\n";
    return out + parameters() + initial();
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw UnsupportedError(where_, what, "say it in C++"); }

  void refuse_what_has_no_words() const {
    for (const auto& a : m_.time_arrays) {
      if (a.values->width > 1) refuse("values over time for each neuron ('" + a.name + "')");
    }
    const bool synaptic = m_.receives || m_.sends || !m_.on_spike.empty() || !m_.every_step.empty() || m_.jump || !m_.pre_states.empty();
    if (synaptic) refuse("a synapse as the model of a population");
    for (const auto& s : m_.states) {
      const auto sets = [&](const auto& list) { return std::any_of(list.begin(), list.end(), [&](const auto& r) { return &m_.states[r.state] == &s; }); };
      const bool set = s.initial || sets(m_.resets) || sets(m_.each_step);
      if (s.rate == ir::no_node && !set) refuse("the state '" + s.name + "', which nothing changes");
    }
  }

  [[nodiscard]] const std::string& called(ir::NodeId symbol) const { return names_.of.at(symbol).text; }
  [[nodiscard]] static std::string unit(const Dimension& d) { return d.is_none() ? "1" : unit_name(d); }
  [[nodiscard]] bool frozen(std::size_t state) const {
    return m_.refractory && std::find(m_.refractory->frozen.begin(), m_.refractory->frozen.end(), state) != m_.refractory->frozen.end();
  }

  std::string equations() {
    std::string out;
    for (std::size_t k = 0; k < m_.states.size(); ++k) {
      const auto& s = m_.states[k];
      const auto& name = called(s.symbol);
      if (s.rate == ir::no_node) {
        if (frozen(k)) refuse("a state without a rate ('" + s.name + "') that stands still while refractory");
        out += name + " : " + unit(s.dimension) + "\n";
      } else {
        const auto rate = writer_.write(s.rate, s.dimension / dimension::time);
        out += "d" + name + "/dt = " + rate + " : " + unit(s.dimension) + (frozen(k) ? " (unless refractory)" : "") + "\n";
      }
    }
    for (const auto id : draws_) out += called(id) + " = " + writer_.write_definition(id, {}) + " : 1\n";
    std::set<ir::NodeId> defined;
    for (const auto& l : m_.lets) {
      const auto it = names_.of.find(l.node);
      const bool own = it != names_.of.end() && !is_symbol(l.node) && defined.insert(l.node).second;
      if (own) out += it->second.text + " = " + writer_.write_definition(l.node, l.dimension) + " : " + unit(l.dimension) + "\n";
    }
    for (const auto& i : m_.inputs) out += called(i.symbol) + " : " + unit(i.dimension) + (i.kind == InputKind::held ? " (input, held)\n" : " (input)\n");
    return out;
  }

  [[nodiscard]] bool is_symbol(ir::NodeId id) const {
    const auto op = m_.scope->graph[id].op;
    return op == Op::symbol || op == Op::literal;
  }

  std::string threshold() {
    if (!m_.threshold) return "";
    const auto& t = *m_.threshold;
    const auto& graph = m_.scope->graph;
    if (!t.crossing) return "threshold = " + toml_string(writer_.write_condition(t.now)) + "\n";
    const auto &now = graph[t.now], &before = graph[t.before];
    if (now.op != Op::ge || before.op != Op::lt || now.arg[0] != before.arg[0] || now.arg[1] != before.arg[1]) {
      refuse("a spike where one condition held before the step and another after it");
    }
    const auto [x, level] = writer_.write_sides(t.now);
    return "threshold = " + toml_string("crosses_up(" + x + ", " + level + ")") + "\n";
  }

  std::string reset() {
    std::string out;
    for (const auto& r : m_.resets) {
      const auto& s = m_.states[r.state];
      out += (out.empty() ? "" : "; ") + called(s.symbol) + " = " + writer_.write(r.value, s.dimension);
    }
    return out.empty() ? "" : "reset = " + toml_string(out) + "\n";
  }

  /// A model sets all at once, a text one after the other: nothing may read what an earlier statement has set.
  std::string each_step() {
    std::string out;
    std::set<ir::NodeId> changed;
    for (const auto& e : m_.each_step) {
      const auto& s = m_.states[e.state];
      const ir::NodeId roots[] = {e.value};
      for (const auto id : ir::topological(m_.scope->graph, roots)) {
        if (changed.contains(id)) refuse("states that are set in each step from one another ('" + s.name + "')");
      }
      changed.insert(s.symbol);
      out += (out.empty() ? "" : "; ") + called(s.symbol) + " = " + writer_.write(e.value, s.dimension);
    }
    return out.empty() ? "" : "each_step = " + toml_string(out) + "\n";
  }

  std::string refractory() {
    if (!m_.refractory) return "";
    const auto& r = *m_.refractory;
    return "refractory = " + toml_string(r.period == ir::no_node ? write_quantity(r.duration) : writer_.write(r.period, dimension::time)) + "\n";
  }

  std::string parameters() {
    std::string out;
    for (const auto& p : m_.parameters) {
      out += called(p.symbol) + " = " + toml_string(write_quantity(p.value));
      out += (p.meaning.empty() ? "" : "  # " + one_line(p.meaning)) + "\n";
    }
    return out.empty() ? "" : "\n[models." + name_ + ".parameters]\n" + out;
  }

  std::string initial() {
    std::string out;
    for (const auto& s : m_.states) {
      if (!s.initial) continue;
      // In a graph of its own, so that what it holds alone leaves the model's as it is.
      const auto scope = detail::copied(m_.scope);
      const auto node = ExprAccess::in(scope, *s.initial);
      out += called(s.symbol) + " = " + toml_string(Writer(scope->graph, names_, where_).write(node, s.dimension)) + "\n";
    }
    return out.empty() ? "" : "\n[models." + name_ + ".initial]\n" + out;
  }

  const std::string& name_;
  const ModelData& m_;
  std::string where_;
  WrittenNames names_;
  std::vector<ir::NodeId> draws_;
  Writer writer_;
};

}  // namespace

WrittenNames names_of(const ModelData& m) {
  WrittenNames out;
  const auto add = [&](ir::NodeId node, const std::string& name, const Dimension& d) { out.of[node] = {out.fresh(name), d}; };
  for (const auto& s : m.states) add(s.symbol, s.name, s.dimension);
  for (const auto& i : m.inputs) add(i.symbol, i.name, i.dimension);
  for (const auto& p : m.parameters) add(p.symbol, p.name, p.value.dimension);
  for (const auto& a : m.time_arrays) {
    const auto name = out.fresh(a.name);
    out.of[a.symbol] = {name + "(t)", a.values->unit.dimension};
  }
  for (const auto& n : m.noises) {
    const std::string text = n.name == "xi" || n.name.starts_with("xi_") ? n.name : "xi_" + n.name;
    out.taken.insert(text);
    out.of[n.node] = {text, power(dimension::time, -1)};
  }
  for (const auto& l : m.lets) {
    const auto op = m.scope->graph[l.node].op;
    if (op != Op::symbol && op != Op::literal && !out.of.contains(l.node)) add(l.node, l.name, l.dimension);
  }
  return out;
}

std::string write_model(const std::string& name, const ModelData& model) { return ModelWriter(name, model).run(); }

}  // namespace ranvier::text
