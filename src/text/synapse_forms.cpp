// What events do: a constant jump of a state of the target, or plasticity.
#include <algorithm>

#include "ranvier/synapses.hpp"
#include "text/synapse_builder.hpp"

namespace ranvier::text {

using detail::Side;

// ------------------------------------------------------------------------------------------------------------ statements

/// What a statement of on_pre adds to at the target: a state of the neuron, or that of the projection's own synapse.
std::optional<std::string> SynapseBuilder::target_variable(const Statement& s) const {
  if (entries_.contains(s.name)) return {};
  bool pre = false;
  const auto variable = neuron_variable(s.name, pre);
  if (variable && pre) return {};
  const auto name = variable.value_or(s.name);
  if (name == use_.receiver || state_of(use_.post, name)) return name;
  return {};
}

void SynapseBuilder::check_statements(const std::vector<Statement>& statements, const Source& source, bool pre) {
  for (const auto& s : statements) {
    bool of_pre = false;
    if (const auto to = target_variable(s)) {
      if (!pre) {
        fail(source, s.at, "on_post changes '" + s.name + "' of the target", "an event of the target changes synapses; a reset of the neuron changes the neuron");
      } else if (s.operation != '+' && s.operation != '-') {
        fail(source, s.at, "'" + s.name + "' of the target is set", "synapses add to it: " + s.name + " += ...");
      } else if (sent_) {
        fail(source, s.at, "on_pre adds to the target twice", "add the sum to one variable, or write two projections");
      } else {
        sent_ = Sent{&s, *to, *to != use_.receiver};
      }
      continue;
    }
    const auto it = entries_.find(s.name);
    if (broken_.contains(s.name) || (it != entries_.end() && (it->second.what == What::state || it->second.what == What::local))) continue;
    if (it != entries_.end()) {
      fail(source, s.at, "'" + s.name + "' is " + (it->second.what == What::parameter ? "a parameter" : "an expression") + " and cannot be set", "set variables of the synapse");
    } else if (const auto v = neuron_variable(s.name, of_pre)) {
      std::vector<std::string> states;
      for (const auto& st : use_.post.data->model.states) states.push_back(st.name + "_post");
      fail(source, s.at, of_pre ? "'" + s.name + "' of the source is set" : "population '" + use_.post.population + "' has no state '" + *v + "'",
           of_pre ? "synapses change themselves and their targets" : detail::suggest(s.name, states));
    } else {
      fail(source, s.at, "'" + s.name + "' is not declared", detail::suggest(s.name, known()));
    }
  }
}

/// Names that a statement introduces: kept with each synapse, so that later statements see the value of that moment.
void SynapseBuilder::add_locals(const std::vector<Statement>& statements, const Source& source) {
  for (const auto& s : statements) {
    bool pre = false;
    if (s.operation != '=' || entries_.contains(s.name) || broken_.contains(s.name) || neuron_variable(s.name, pre) || state_of(use_.post, s.name) || s.name == use_.receiver) continue;
    if (unit_or_constant(s.name) || around_.constant(s.name)) {
      fail(source, s.at, "'" + s.name + "' is the name of a unit or constant", "choose another name");
      broken_.insert(s.name);
      continue;
    }
    // Its unit is that of its first value.
    Output scratch{"scratch"};
    Place place = place_in(scratch);
    for (const auto& [name, e] : entries_) {
      if (e.what != What::parameter && e.what != What::expression) place.known.emplace(name, Expr(Quantity{1, e.dimension}));
    }
    const auto meaning = names(place, source);
    const auto value = Compiler(source, report_, meaning).real(s.value, "'" + s.name + "'");
    if (!value) {
      broken_.insert(s.name);
      continue;
    }
    entries_[s.name] = {What::local, nullptr, Side::synapse, value->dimension(), false};
    order_.push_back(s.name);
  }
}

Expr SynapseBuilder::changed(const Expr& state, const Statement& s, const Expr& value) const {
  switch (s.operation) {
    case '+': return state + value;
    case '-': return state - value;
    case '*': return state * value;
    case '/': return state / value;
    default: return value;
  }
}

std::optional<Expr> SynapseBuilder::value_of(Place& place, const Statement& s, const Source& source, const Dimension& d) {
  const auto meaning = names(place, source);
  const bool factor = s.operation == '*' || s.operation == '/';
  return Compiler(source, report_, meaning).real(s.value, factor ? Dimension{} : d, "'" + s.name + " " + (s.operation == '=' ? "" : std::string(1, s.operation)) + "='");
}

SynapseBuilder::Place SynapseBuilder::place_in(Model& m) {
  return {[&m](const std::string& n, Quantity q) { return m.parameter(n, q); },
          [&m](const std::string& n, Unit u, bool pre) {
            if (!pre) throw InternalError("a synapse at the source reads its target");
            return m.pre(n, u);
          },
          [&m](const std::string& n) { return n == "t" ? std::optional(m.time()) : n == "dt" ? std::optional(m.dt()) : std::nullopt; }, {}, {}};
}
SynapseBuilder::Place SynapseBuilder::place_in(Plasticity& p) {
  return {[&p](const std::string& n, Quantity q) { return p.parameter(n, q); },
          [&p](const std::string& n, Unit u, bool pre) { return pre ? p.pre(n, u) : p.post(n, u); },
          [&p](const std::string& n) { return n == "t" ? std::optional(p.time()) : n == "dt" ? std::optional(p.dt()) : std::nullopt; }, {}, {}};
}
SynapseBuilder::Place SynapseBuilder::place_in(Output& o) {
  return {[&o](const std::string& n, Quantity q) { return o.parameter(n, q); },
          [&o](const std::string& n, Unit u, bool pre) { return pre ? Expr(Quantity{1, u.dimension}) : o.post(n, u); },
          [](const std::string& n) { return n == "t" || n == "dt" ? std::optional(Expr(1.0 * units::ms)) : std::nullopt; }, {}, {}};
}

// ------------------------------------------------------------------------------------------------------------- plasticity

/// Which variable the projection's weight is the value of.
std::string SynapseBuilder::weight_name() const {
  for (const char* name : {"w", "weight"}) {
    const auto it = entries_.find(name);
    if (it != entries_.end() && (it->second.what == What::variable || it->second.what == What::state)) return name;
  }
  std::string only;
  for (const auto& name : order_) {
    if (entries_.at(name).what != What::variable) continue;
    if (!only.empty()) return "";
    only = name;
  }
  return only;
}

/// One constant, or one variable of each synapse, is added, and nothing else happens.
bool SynapseBuilder::build_plain(BuiltSynapse& out) {
  if (!post_.empty() || pre_.size() != 1 || !sent_->jump) return false;
  const auto& s = *sent_->statement;
  const auto& d = state_of(use_.post, sent_->variable)->dimension;
  if (s.value.nodes.size() == 1 && s.operation == '+' && s.value.root().form == Form::name) {
    const auto it = entries_.find(s.value.root().name);
    if (it != entries_.end() && it->second.what == What::variable && s.value.root().name == weight_name() && it->second.dimension == d) {
      out.weight_name = it->first;
      out.synapse = delta(sent_->variable, {d, 0});
      return true;
    }
  }
  for (const auto& [name, e] : entries_) {
    if (e.what != What::parameter && e.what != What::expression) return false;
  }
  if (uses(s.value) != nothing) return false;
  // All that it reads is constant: numbers take the place of parameters.
  Output scratch{"scratch"};
  Place place = place_in(scratch);
  place.parameter = [](const std::string&, Quantity q) { return Expr(q); };
  place.time = [](const std::string&) { return std::optional<Expr>(); };
  const auto value = value_of(place, s, on_pre_, d);
  const auto number = value ? constant_value(*value) : std::nullopt;
  if (!number) return value.has_value() ? false : true;  // a mistake is reported
  out.weight = Quantity{s.operation == '-' ? -number->value : number->value, d};
  out.synapse = delta(sent_->variable, {d, 0});
  return true;
}

void SynapseBuilder::plastic_statements(Plasticity& p, Place& place, const std::vector<Statement>& statements, const Source& source, bool pre) {
  for (const auto& s : statements) {
    if (pre && sent_ && sent_->statement == &s) {
      const bool any = !sent_->jump && use_.received.is_none();  // a synapse without units takes that of what it is sent
      const auto meaning = names(place, source);
      Compiler compiler(source, report_, meaning);
      const auto& d = sent_->jump ? state_of(use_.post, sent_->variable)->dimension : use_.received;
      const auto value = any ? compiler.real(s.value, "'" + s.name + " +='") : compiler.real(s.value, d, "'" + s.name + " +='");
      if (value) p.sends(s.operation == '-' ? -*value : *value);
      continue;
    }
    const auto it = place.known.find(s.name);
    if (it == place.known.end() || !entries_.contains(s.name)) continue;
    const auto state = it->second;
    const auto value = value_of(place, s, source, state.dimension());
    if (!value) continue;
    try {
      pre ? p.on_pre(state, changed(state, s, *value)) : p.on_post(state, changed(state, s, *value));
    } catch (const UserError& e) {
      fail(source, s.at, e.problem(), e.remedy());
    }
  }
}

void SynapseBuilder::build_plastic(BuiltSynapse& out) {
  Plasticity p{name_};
  Place place = place_in(p);
  if (use_.weight) out.weight_name = weight_name();
  for (const auto& name : order_) {
    const auto& e = entries_.at(name);
    if (e.what != What::state && e.what != What::variable && e.what != What::local) continue;
    const Unit unit{e.dimension, 0};
    const auto state = e.side == Side::pre    ? p.pre_state(name, unit)
                       : e.side == Side::post ? p.post_state(name, unit)
                       : name == out.weight_name ? p.weight(name, unit)
                                                 : p.state(name, unit);
    place.known.emplace(name, state);
  }
  for (const auto& name : order_) {
    const auto& e = entries_.at(name);
    if (e.what != What::state || e.declared->kind != Declaration::Kind::rate) continue;
    const auto meaning = names(place, equations_);
    const auto rate = Compiler(equations_, report_, meaning).real(*e.declared->value, e.dimension / dimension::time, "d" + name + "/dt");
    if (!rate) continue;
    p.d(place.known.at(name)) = *rate;
    if (e.event_driven && e.side == Side::synapse) p.event_driven(place.known.at(name));
  }
  plastic_statements(p, place, pre_, on_pre_, true);
  plastic_statements(p, place, post_, on_post_, false);
  for (const auto& [name, piece] : text_.initial) {
    const Source source(piece);
    const auto it = place.known.find(name);
    const auto syntax = parse_whole(source, report_);
    if (it == place.known.end() || !entries_.contains(name)) {
      fail(source, {0, static_cast<std::uint32_t>(piece.text.size())}, "an initial value for '" + name + "', which is no variable of the synapse", detail::suggest(name, order_));
    } else if (syntax) {
      auto meaning = names(place, source);
      meaning.no_random.clear();
      if (const auto e = Compiler(source, report_, meaning).real(*syntax, it->second.dimension(), "the initial value of " + name)) p.initial(it->second, *e);
    }
  }
  if (!text_.method.empty()) p.method(text_.method);
  if (text_.precision) p.precision(*text_.precision);
  if (!report_.empty()) return;
  if (sent_->jump) out.synapse = delta(sent_->variable, {state_of(use_.post, sent_->variable)->dimension, 0});
  out.plasticity = std::move(p);
}

void SynapseBuilder::build_plain_or_plastic(BuiltSynapse& out) {
  if (!sent_) {
    const Span all{0, 1};
    const bool statements = !text_.on_pre.text.empty();
    return fail(statements ? on_pre_ : equations_, all, "synapse '" + name_ + "' does nothing to its target",
                "add to a variable of it in on_pre (g_post += w), or write I_post = ... : amp (summed)");
  }
  for (const auto& [name, piece] : text_.initial) {
    if (entries_.contains(name)) continue;
    fail(Source(piece), {0, static_cast<std::uint32_t>(piece.text.size())}, "an initial value for '" + name + "', which is no variable of the synapse", detail::suggest(name, order_));
  }
  if (build_plain(out)) return;
  if (use_.weight && weight_name().empty()) {
    return fail(equations_, {0, 1}, "the projection has a weight, and synapse '" + name_ + "' no variable 'w' that it could be", "declare w : siemens, or leave the weight out");
  }
  choose_sides();
  build_plastic(out);
}

}  // namespace ranvier::text
