// Currents that are summed over the synapses of a target: I_post = w*s*(E - V_post) : amp (summed). What belongs to the source is kept once for each
// source (or, where that comes to the same, once for each target); what is left must be a multiple of the weight.
#include <algorithm>

#include "ir/passes.hpp"
#include "model/synaptic_unit.hpp"
#include "text/synapse_builder.hpp"

namespace ranvier::text {

using detail::ExprAccess;

namespace {

constexpr std::size_t most_nodes = 100'000;

bool unary(Form f) { return f == Form::negate || f == Form::logic_not; }
bool leaf(Form f) { return f == Form::number || f == Form::name; }

/// The operands of a node.
std::vector<std::uint32_t> children(const Syntax& e, const SyntaxNode& n) {
  if (leaf(n.form)) return {};
  if (n.form == Form::call) return {e.arguments.begin() + n.a, e.arguments.begin() + n.a + n.b};
  return unary(n.form) ? std::vector<std::uint32_t>{n.a} : std::vector<std::uint32_t>{n.a, n.b};
}

/// A copy of the tree below `root`, appended to `to`; `replace` may put another tree in the place of a node, by appending it itself.
std::uint32_t copy(const Syntax& from, std::uint32_t root, Syntax& to, const std::function<std::optional<std::uint32_t>(std::uint32_t)>& replace) {
  std::map<std::uint32_t, std::uint32_t> done;
  std::vector<std::uint32_t> todo{root};
  while (!todo.empty()) {
    const auto at = todo.back();
    if (done.contains(at)) {
      todo.pop_back();
      continue;
    }
    if (const auto other = replace(at)) {
      done[at] = *other;
      continue;
    }
    auto n = from.nodes[at];
    const auto below = children(from, n);
    bool waits = false;
    for (const auto c : below) {
      if (!done.contains(c)) todo.push_back(c), waits = true;
    }
    if (waits) continue;
    if (n.form == Form::call) {
      const auto first = static_cast<std::uint32_t>(to.arguments.size());
      for (const auto c : below) to.arguments.push_back(done.at(c));
      n.a = first;
    } else if (!below.empty()) {
      n.a = done.at(below[0]);
      n.b = below.size() > 1 ? done.at(below[1]) : 0;
    }
    to.nodes.push_back(std::move(n));
    done[at] = static_cast<std::uint32_t>(to.nodes.size() - 1);
  }
  return done.at(root);
}

std::uint32_t root_of(const Syntax& e) { return static_cast<std::uint32_t>(e.nodes.size() - 1); }
const std::string source_name = "the source's part";

}  // namespace

/// Named expressions of both sides are written out.
bool SynapseBuilder::write_out(const Syntax& e, Syntax& to, std::size_t depth) {
  bool good = true;
  const auto root = copy(e, root_of(e), to, [&](std::uint32_t at) -> std::optional<std::uint32_t> {
    const auto& n = e.nodes[at];
    const auto it = n.form == Form::name ? entries_.find(n.name) : entries_.end();
    if (it == entries_.end() || it->second.what != What::expression) return {};
    const auto mask = uses_of(n.name, nullptr);
    if (!(mask & of_source) || mask == of_source) return {};
    if (depth >= deepest_nesting || to.nodes.size() > most_nodes) {
      good = false;
      return {};
    }
    good = write_out(*it->second.declared->value, to, depth + 1) && good;
    return root_of(to);
  });
  (void)root;
  return good;
}

/// The one part of the sum that belongs to the source; the rest has a name in its place.
std::optional<Syntax> SynapseBuilder::take_source_part(Syntax& e) {
  std::vector<unsigned> mask(e.nodes.size(), nothing);
  for (std::size_t k = 0; k < e.nodes.size(); ++k) {
    if (e.nodes[k].form == Form::name) mask[k] = uses_of(e.nodes[k].name, nullptr);
    for (const auto c : children(e, e.nodes[k])) mask[k] |= mask[c];
  }
  std::vector<Syntax> parts;
  Syntax rest;
  copy(e, root_of(e), rest, [&](std::uint32_t at) -> std::optional<std::uint32_t> {
    if (mask[at] != of_source) return {};
    Syntax part;
    copy(e, at, part, [](std::uint32_t) { return std::nullopt; });
    if (parts.empty() || print(parts[0]) != print(part)) parts.push_back(std::move(part));
    SyntaxNode n;
    n.form = Form::name;
    n.span = e.nodes[at].span;
    n.name = source_name;
    rest.nodes.push_back(std::move(n));
    return root_of(rest);
  });
  if (parts.size() == 1) {
    e = std::move(rest);
    return parts[0];
  }
  const auto at = summed_->value->root().span;
  if (parts.empty()) {
    fail(equations_, at, "the sum reads nothing of the source", "give the synapse a state that on_pre changes, or read a variable of the source, such as V_pre");
  } else {
    fail(equations_, at, "the sum has several parts of the source, '" + print(parts[0]) + "' and '" + print(parts[1]) + "'",
         "write one synapse and one projection for each");
  }
  return {};
}

/// What each step sets: states of the synapse that have no rate, kept once for each source.
void SynapseBuilder::check_each_step() {
  if (steps_.empty()) return;
  if (!summed_) return fail(each_step_, steps_[0].at, "each_step of a synapse that acts by events", "it is for states that a sum reads, I_post = ... : amp (summed)");
  for (const auto& s : steps_) {
    const auto it = entries_.find(s.name);
    if (it == entries_.end() || it->second.what != What::state) {
      fail(each_step_, s.at, "'" + s.name + "' is no state of the synapse", detail::suggest(s.name, order_));
    } else if (it->second.declared->kind == Declaration::Kind::rate) {
      fail(each_step_, s.at, "'" + s.name + "' has a rate and is set in each step", "do one of them");
    } else if (uses(s.value) & ~of_source) {
      fail(each_step_, s.at, "'" + s.name + "' is changed by what differs between synapses or by the target", "a summed state is kept once for each source");
    }
  }
}

/// Rates and statements of the states that the sum reads may use states and the source alone.
bool SynapseBuilder::states_of_source() {
  bool good = true;
  const auto refuse = [&](const Source& where, Span at, const std::string& name, const std::string& problem) {
    fail(where, at, "'" + name + "' " + problem, "a summed state is kept once for each source: let the sum have the weight, I_post = w*" + name + "*... ");
    good = false;
  };
  for (const auto& name : order_) {
    const auto& e = entries_.at(name);
    if (e.what != What::state) continue;
    const bool rate = e.declared->kind == Declaration::Kind::rate;
    if (!rate && !stepped(name)) refuse(equations_, e.declared->at, name, "changes and has no rate");
    if (rate && (uses(*e.declared->value) & ~of_source)) refuse(equations_, e.declared->at, name, "depends on the target or on what differs between synapses");
  }
  for (const auto& s : pre_) {
    if (uses(s.value) & ~of_source) refuse(on_pre_, s.at, s.name, "is changed by what differs between synapses or by the target");
  }
  return good;
}

/// Whether what arrives can be summed before the equations act: one event adds the weight (or a constant) to a state of linear equations.
bool SynapseBuilder::model_at_target(BuiltSynapse& out, const Syntax& part, bool weighted) {
  if (pre_.size() != 1 || pre_[0].operation != '+' || pre_[0].value.nodes.size() != 1) return false;
  const auto& added = pre_[0].value.root();
  const bool by_weight = added.form == Form::name && added.name == weight_name() && !weighted;
  const bool by_one = added.form == Form::number && added.number == 1 && weighted;
  if (!by_weight && !by_one) return false;
  for (const auto& name : order_) {
    const auto& e = entries_.at(name);
    if (e.what == What::state && (e.declared->kind != Declaration::Kind::rate || (uses(*e.declared->value) & ~of_source))) return false;
  }
  if (reads_source_neuron(part)) return false;
  Model m{name_};
  auto place = place_in(m);
  if (!declare_states(m, place)) return false;
  const auto& data = m.data();
  ir::Graph graph = data.scope->graph;
  std::vector<ir::NodeId> states;
  for (const auto& s : data.states) states.push_back(s.symbol);
  for (const auto& s : data.states) {
    if (s.rate == ir::no_node || !detail::linear(graph, s.rate, states)) return false;
  }
  m.receives(place.known.at(pre_[0].name));
  const auto meaning = names(place, equations_);
  const auto sent = Compiler(equations_, report_, meaning).real(part, "what is summed");
  if (!sent || !detail::linear(graph = m.data().scope->graph, ExprAccess::in(m.data().scope, *sent), states)) return false;
  if (print(part) != pre_[0].name) m.sends(*sent);
  out.synapse = std::move(m);
  return true;
}

bool SynapseBuilder::reads_source_neuron(const Syntax& part) const {
  std::vector<const Syntax*> todo{&part};
  for (const auto& name : order_) {
    const auto& e = entries_.at(name);
    if (e.what == What::state && e.declared->value) todo.push_back(&*e.declared->value);
    if (e.what == What::expression && uses_of(name, nullptr) == of_source) todo.push_back(&*e.declared->value);
  }
  bool pre = false;
  for (const auto* e : todo) {
    for (const auto& n : e->nodes) {
      if (n.form == Form::name && neuron_variable(n.name, pre) && uses_of(n.name, nullptr) != nothing) return true;
    }
  }
  return false;
}

/// States with their rates and initial values.
bool SynapseBuilder::declare_states(Model& m, Place& place) {
  for (const auto& name : order_) {
    const auto& e = entries_.at(name);
    if (e.what == What::state) place.known.emplace(name, m.state(name, {e.dimension, 0}));
  }
  const auto before = report_.count();
  for (const auto& name : order_) {
    const auto& e = entries_.at(name);
    if (e.what != What::state || !e.declared->value) continue;
    const auto meaning = names(place, equations_);
    if (const auto rate = Compiler(equations_, report_, meaning).real(*e.declared->value, e.dimension / dimension::time, "d" + name + "/dt")) m.d(place.known.at(name)) = *rate;
  }
  for (const auto& [name, piece] : text_.initial) {
    const Source source(piece);
    const auto it = entries_.find(name);
    if (it == entries_.end() || it->second.what != What::state) continue;
    auto meaning = names(place, source);
    meaning.no_random.clear();
    const auto syntax = parse_whole(source, report_);
    if (!syntax) continue;
    if (const auto e = Compiler(source, report_, meaning).real(*syntax, it->second.dimension, "the initial value of " + name)) m.initial(place.known.at(name), *e);
  }
  if (!text_.method.empty()) m.method(text_.method);
  return report_.count() == before;
}

void SynapseBuilder::model_at_source(BuiltSynapse& out, const Syntax& part) {
  if (!states_of_source()) return;
  Model m{name_};
  auto place = place_in(m);
  if (!declare_states(m, place)) return;
  for (const auto& s : pre_) {
    const auto it = place.known.find(s.name);
    if (it == place.known.end()) continue;
    const auto state = it->second;
    if (const auto value = value_of(place, s, on_pre_, state.dimension())) m.on_spike(state, changed(state, s, *value));
  }
  for (const auto& s : steps_) {
    const auto state = place.known.at(s.name);
    if (const auto value = value_of(place, s, each_step_, state.dimension())) m.every_step(state, changed(state, s, *value));
  }
  const auto meaning = names(place, equations_);
  if (const auto sent = Compiler(equations_, report_, meaning).real(part, "what is summed")) m.sends(*sent);
  out.synapse = std::move(m);
  out.at_source = true;
}

/// The current as a function of the sum over synapses of weight times the source's part, and of the sum of the weights.
bool SynapseBuilder::make_output(BuiltSynapse& out, const Syntax& rest, const Dimension& part, const std::string& weight, bool at_source) {
  Output o{name_};
  auto place = place_in(o);
  const auto& scope = o.data().scope;
  auto& g = scope->graph;
  const auto x = g.symbol(source_name, ir::Rate::varying), w = g.symbol("the weight", ir::Rate::varying);
  place.known.emplace(source_name, ExprAccess::make(scope, x, part));
  const Dimension unit = weight.empty() ? Dimension{} : entries_.at(weight).dimension;
  if (!weight.empty()) place.known.emplace(weight, ExprAccess::make(scope, w, unit));
  const auto meaning = names(place, equations_);
  const auto e = Compiler(equations_, report_, meaning).real(rest, summed_->dimension, "'" + summed_->name + "'");
  if (!e) return false;
  const auto refuse = [&](const std::string& problem, const std::string& remedy) {
    fail(equations_, summed_->value->root().span, problem, remedy);
    return false;
  };
  const auto whole = ExprAccess::in(scope, *e);
  auto f = whole;
  if (!weight.empty()) {
    const auto by_weight = ir::affine_in(g, f, w);
    if (!by_weight.ok || !g.is_literal(by_weight.offset, 0.0)) return refuse("the sum is no multiple of the weight '" + weight + "'", "write " + weight + "*(...)");
    f = by_weight.slope;
  }
  const auto by_source = ir::affine_in(g, f, x);
  if (!by_source.ok || !ir::independent(g, by_source.slope, x))
    return refuse("the sum is not linear in what belongs to the source",
                  "write a product of a part of the source and a part of the target, one synapse and projection for "
                  "each: sin(x_pre)*cos(x_post) and -cos(x_pre)*sin(x_post) for sin(x_pre - x_post)");
  const bool total = !g.is_literal(by_source.offset, 0.0);
  if (total && !at_source) return refuse("the sum has a part without the source's", "leave it out, or add it in the neuron's equations");
  const Expr sum = o.synaptic({unit * part, 0});
  const ir::NodeId together = weight.empty() ? x : g.make(ir::Op::mul, w, x);
  const auto as_written = ir::substitute(g, whole, {{together, ExprAccess::node(sum)}});
  if (!total && ir::independent(g, as_written, x) && ir::independent(g, as_written, w)) {  // in the order of the text
    o.current(ExprAccess::make(scope, as_written, e->dimension()));
    out.output = std::move(o);
    return true;
  }
  const Expr slope = ExprAccess::make(scope, by_source.slope, e->dimension() / unit / part);
  Expr current = sum * slope;
  if (total) current = current + o.total_weight({unit, 0}) * ExprAccess::make(scope, by_source.offset, e->dimension() / unit);
  o.current(current);
  out.output = std::move(o);
  return true;
}

void SynapseBuilder::build_summed(BuiltSynapse& out) {
  if (!post_.empty()) fail(on_post_, post_[0].at, "on_post beside a sum", "plastic synapses act by events: on_pre adds to a state of the neuron, g_post += w");
  if (sent_) fail(on_pre_, sent_->statement->at, "on_pre adds to the target beside a sum", "do one of them");
  const std::string input = summed_->name.substr(0, summed_->name.size() - 5);
  const auto& inputs = use_.post.data->model.inputs;
  if (std::none_of(inputs.begin(), inputs.end(), [&](const auto& i) { return i.name == input; })) {
    std::vector<std::string> known;
    for (const auto& i : inputs) known.push_back(i.name + "_post");
    fail(equations_, summed_->at, "population '" + use_.post.population + "' has no input '" + input + "'",
         "declare " + input + " : " + unit_of(summed_->dimension) + " (input) in its equations" + (known.empty() ? "" : "; " + detail::suggest(summed_->name, known)));
  }
  Syntax e;
  if (!write_out(*summed_->value, e, 0)) fail(equations_, summed_->at, "the sum is too long, or defined by itself", "name parts of it that belong to one side");
  if (!report_.empty()) return;
  std::set<std::string> weights;
  for (const auto& n : e.nodes) {
    if (n.form == Form::name && uses_of(n.name, nullptr) == of_synapse) weights.insert(n.name);
  }
  if (weights.size() > 1) {
    return fail(equations_, summed_->at, "the sum has two variables of the synapse, '" + *weights.begin() + "' and '" + *weights.rbegin() + "'", "one weight, w, can differ between synapses");
  }
  const auto part = take_source_part(e);
  if (!part) return;
  const std::string weight = weights.empty() ? "" : *weights.begin();
  const bool at_target = model_at_target(out, *part, !weight.empty());
  if (!at_target && report_.empty()) model_at_source(out, *part);
  if (!report_.empty()) return;
  const auto& sent = out.synapse->data().sends;
  const auto dimension = sent ? sent->dimension() : out.synapse->data().states[*out.synapse->data().receives].dimension;
  if (!make_output(out, e, dimension, weight, out.at_source)) return;
  out.onto = input;
  out.weight_name = !weight.empty() ? weight : at_target ? weight_name() : "";
  if (out.weight_name.empty()) out.weight = Quantity{1};
}

BuiltSynapse SynapseBuilder::run() {
  declare();
  add_locals(pre_, on_pre_);
  add_locals(post_, on_post_);
  check_statements(pre_, on_pre_, true);
  check_statements(post_, on_post_, false);
  check_each_step();
  report_.finish();
  BuiltSynapse out;
  summed_ ? build_summed(out) : build_plain_or_plastic(out);
  report_.finish();
  return out;
}

BuiltSynapse build_synapse(const std::string& name, const SynapseText& text, const SynapseUse& use, const Surroundings& around) {
  return SynapseBuilder(name, text, use, around).run();
}

}  // namespace ranvier::text
