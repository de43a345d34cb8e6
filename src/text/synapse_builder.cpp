// What the names of a synapse mean, and on which side its states live.
#include "text/synapse_builder.hpp"

#include <algorithm>

#include "text/functions.hpp"

namespace ranvier::text {

using detail::Side;

// ----------------------------------------------------------------------------------------------------------- declarations

bool SynapseBuilder::is_assigned(const std::string& name) const {
  const auto sets = [&](const auto& s) { return s.name == name; };
  return std::any_of(pre_.begin(), pre_.end(), sets) || std::any_of(post_.begin(), post_.end(), sets) || std::any_of(steps_.begin(), steps_.end(), sets);
}

void SynapseBuilder::declare_one(const Declaration& d) {
  const auto refuse = [&](std::string problem, std::string remedy) { fail(equations_, d.at, std::move(problem), std::move(remedy)); };
  const bool summed = std::find(d.flags.begin(), d.flags.end(), "summed") != d.flags.end();
  if (d.unless_refractory || d.input) return refuse("'" + d.name + "' has a flag of neurons", "flags of synapses are event-driven, clock-driven, summed, constant, shared");
  if (summed) {
    if (d.kind != Declaration::Kind::expression || !d.name.ends_with("_post")) {
      return refuse("'" + d.name + "' cannot be summed", "write I_post = ... : amp (summed), where I is an input of the target");
    }
    if (summed_) return refuse("two sums, '" + summed_->name + "' and '" + d.name + "'", "write one synapse and one projection each");
    summed_ = &d;
    return;
  }
  const char* taken = nullptr;
  if (entries_.contains(d.name)) taken = "is declared twice";
  if (d.name == "t" || d.name == "dt" || d.name == "i" || d.name == "j" || d.name == "lastupdate") taken = "is reserved";
  if (d.name.size() > 1 && unit_or_constant(d.name) && d.name != "inf") taken = "is the name of a unit or constant";
  if (find_function(d.name)) taken = "is the name of a function";
  if (d.name.ends_with("_pre") || d.name.ends_with("_post")) taken = "would be a variable of a neuron";
  if (taken) {
    if (!entries_.contains(d.name)) broken_.insert(d.name);
    return refuse("'" + d.name + "' " + taken, "choose another name");
  }
  Entry e{What::expression, &d, Side::synapse, d.dimension, false};
  e.event_driven = std::find(d.flags.begin(), d.flags.end(), "event-driven") != d.flags.end();
  if (d.kind == Declaration::Kind::rate) e.what = What::state;
  if (e.event_driven && d.kind != Declaration::Kind::rate) return refuse("'" + d.name + "' is event-driven and has no rate", "write d" + d.name + "/dt = ...");
  if (d.kind == Declaration::Kind::parameter) {
    e.what = is_assigned(d.name) ? What::state : text_.parameters.contains(d.name) ? What::parameter : What::variable;
  }
  entries_.emplace(d.name, e);
  order_.push_back(d.name);
}

void SynapseBuilder::declare() {
  std::vector<std::string> broken;
  declarations_ = parse_declarations(equations_, report_, broken, {"event-driven", "clock-driven", "summed"});
  broken_.insert(broken.begin(), broken.end());
  pre_ = parse_statements(on_pre_, report_);
  post_ = parse_statements(on_post_, report_);
  steps_ = parse_statements(each_step_, report_);
  for (const auto& d : declarations_) declare_one(d);
  for (const auto& [name, piece] : text_.parameters) {
    const auto it = entries_.find(name);
    if (it == entries_.end()) {
      if (!broken_.contains(name)) entries_[name] = {What::parameter, nullptr, Side::synapse, {}, false};
    } else if (it->second.what != What::parameter) {
      const Source source(piece);
      fail(source, {0, static_cast<std::uint32_t>(piece.text.size())}, "'" + name + "' is no parameter: the equations compute it or events change it",
           "give it an initial value instead");
    }
  }
  for (auto& [name, e] : entries_) {
    if (e.what == What::parameter) values_.declare(name, e.declared ? std::optional(e.dimension) : std::nullopt);
    if (e.what != What::parameter) values_.hide(name);
  }
  for (auto& [name, e] : entries_) {
    const auto q = e.what == What::parameter ? values_.of(name) : std::nullopt;
    if (q) e.dimension = q->dimension;
  }
}

bool SynapseBuilder::stepped(const std::string& name) const {
  return std::any_of(steps_.begin(), steps_.end(), [&](const auto& s) { return s.name == name; });
}

// ----------------------------------------------------------------------------------------------------------------- names

const detail::StateData* SynapseBuilder::state_of(const SynapseEnd& end, const std::string& name) const {
  const auto& states = end.data->model.states;
  const auto it = std::find_if(states.begin(), states.end(), [&](const auto& s) { return s.name == name; });
  return it == states.end() ? nullptr : &*it;
}

/// "V_pre": V, of the source.
std::optional<std::string> SynapseBuilder::neuron_variable(const std::string& name, bool& pre) const {
  if (entries_.contains(name) || broken_.contains(name)) return {};
  pre = name.ends_with("_pre");
  if (pre && name.size() > 4) return name.substr(0, name.size() - 4);
  if (name.ends_with("_post") && name.size() > 5) return name.substr(0, name.size() - 5);
  return {};
}

std::vector<std::string> SynapseBuilder::known() const {
  std::vector<std::string> out = around_.constants;
  for (const auto& [name, e] : entries_) out.push_back(name);
  for (const bool pre : {true, false}) {
    const auto& m = (pre ? use_.pre : use_.post).data->model;
    for (const auto& s : m.states) out.push_back(s.name + (pre ? "_pre" : "_post"));
    for (const auto& p : m.parameters) out.push_back(p.name + (pre ? "_pre" : "_post"));
  }
  return out;
}

/// A state, a parameter that differs between neurons, or the number that a shared parameter is.
std::optional<Expr> SynapseBuilder::neuron_value(Place& place, const std::string& name) {
  bool pre = false;
  const auto variable = neuron_variable(name, pre);
  if (!variable) return {};
  const auto& end = pre ? use_.pre : use_.post;
  if (const auto* s = state_of(end, *variable)) return place.neuron(*variable, {s->dimension, 0}, pre);
  for (const auto& p : end.data->model.parameters) {
    if (p.name != *variable) continue;
    if (end.data->parameter_values.contains(p.name) || end.data->parameter_laws.contains(p.name)) return place.neuron(*variable, {p.value.dimension, 0}, pre);
    const auto set = end.data->parameters.find(p.name);
    return place.parameter(name, set == end.data->parameters.end() ? p.value : set->second);
  }
  return {};
}

std::optional<Expr> SynapseBuilder::find(Place& place, const std::string& name, const Source& source) {
  if (const auto it = place.known.find(name); it != place.known.end()) return it->second;
  std::optional<Expr> made;
  const auto it = entries_.find(name);
  if (it != entries_.end() && it->second.what == What::parameter) {
    if (const auto q = values_.of(name)) made = place.parameter(name, *q);
  } else if (it != entries_.end() && it->second.what == What::expression) {
    const auto again = std::find(place.open.begin(), place.open.end(), name);
    if (again != place.open.end() || place.open.size() >= deepest_nesting) {
      const auto& d = *it->second.declared;
      std::string cycle;
      for (auto step = again; step != place.open.end(); ++step) cycle += *step + " -> ";
      const bool circle = !cycle.empty();
      if (!broken_.contains(name)) {
        fail(equations_, d.at, circle ? "'" + name + "' is defined by itself: " + cycle + name : "more than 200 expressions stand one for the other up to '" + name + "'",
             circle ? "break the circle" : "write some of them out");
      }
      broken_.insert(name);
      return Expr(Quantity{0, d.dimension});
    }
    place.open.push_back(name);
    const auto& d = *it->second.declared;
    const auto meaning = names(place, equations_);
    made = Compiler(equations_, report_, meaning).real(*d.value, d.dimension, "'" + name + "'");
    place.open.pop_back();
    if (!made) made = Expr(Quantity{0, d.dimension});  // reported once
  } else if (it == entries_.end()) {
    made = neuron_value(place, name);
    if (!made) made = place.time(name);
    if (!made) {
      if (const auto value = around_.constant(name)) made = place.parameter(name, *value);
    }
  }
  if (made) place.known.emplace(name, *made);
  (void)source;
  return made;
}

Names SynapseBuilder::names(Place& place, const Source& source) {
  Names n;
  n.find = [this, &place, &source](const std::string& name) { return find(place, name, source); };
  n.known = [this] { return known(); };
  n.bad = [this](const std::string& name) {
    const auto it = entries_.find(name);
    if (broken_.contains(name)) return true;
    return it == entries_.end() ? around_.bad(name) : it->second.what == What::parameter && !values_.of(name);
  };
  n.no_random = "what a synapse draws at an event would depend on how events are grouped; draw initial values, or in the neuron's equations";
  return n;
}

// ----------------------------------------------------------------------------------------------------------------- sides

unsigned SynapseBuilder::uses_of(const std::string& name, std::set<std::string>* open) const {
  const auto it = entries_.find(name);
  bool pre = false;
  if (it == entries_.end()) {
    const auto variable = neuron_variable(name, pre);
    if (!variable) return nothing;
    const auto& end = pre ? use_.pre : use_.post;
    const auto& d = *end.data;
    // A shared parameter is a number.
    const bool number = !state_of(end, *variable) && !d.parameter_values.contains(*variable) && !d.parameter_laws.contains(*variable);
    return number ? nothing : pre ? of_source : of_target;
  }
  switch (it->second.what) {
    case What::parameter: return nothing;
    case What::variable: case What::local: return of_synapse;
    case What::state: return (it->second.declared && it->second.declared->kind == Declaration::Kind::rate) || stepped(name) ? of_source : of_synapse;
    case What::summed: return of_target;
    case What::expression: break;
  }
  std::set<std::string> own;
  auto& seen = open ? *open : own;
  if (!seen.insert(name).second || seen.size() > deepest_nesting) return nothing;
  return uses(*it->second.declared->value, &seen);
}

/// `of_source` counts states of the synapse, which a sum takes where its sources live.
unsigned SynapseBuilder::uses(const Syntax& e, std::set<std::string>* open) const {
  unsigned out = nothing;
  for (const auto& n : e.nodes) {
    if (n.form == Form::name) out |= uses_of(n.name, open);
  }
  return out;
}

bool SynapseBuilder::reads_only(const Syntax& e, Side side) const {
  std::vector<const Syntax*> todo{&e};
  std::set<std::string> seen;
  while (!todo.empty()) {
    const auto& now = *todo.back();
    todo.pop_back();
    for (const auto& n : now.nodes) {
      if (n.form != Form::name || !seen.insert(n.name).second) continue;
      const auto it = entries_.find(n.name);
      bool pre = false;
      if (it == entries_.end()) {
        if (neuron_variable(n.name, pre) && uses_of(n.name, nullptr) != nothing && pre != (side == Side::pre)) return false;
        continue;
      }
      const auto what = it->second.what;
      if (what == What::expression) todo.push_back(&*it->second.declared->value);
      if (what == What::variable || what == What::local || (what == What::state && it->second.side != side)) return false;
    }
  }
  return true;
}

/// A state of the synapses that one neuron could hold for all of its own: changed by its events alone, and reading nothing of the other side.
bool SynapseBuilder::fits_side(const std::string& name, Side side) const {
  const auto& e = entries_.at(name);
  const auto& own = side == Side::pre ? pre_ : post_;
  const auto& other = side == Side::pre ? post_ : pre_;
  const auto sets = [&](const Statement& s) { return s.name == name; };
  if (std::any_of(other.begin(), other.end(), sets) || !reads_only(*e.declared->value, side)) return false;
  return std::all_of(own.begin(), own.end(), [&](const Statement& s) { return s.name != name || reads_only(s.value, side); });
}

/// What all synapses start a state with: neither drawn nor read from what differs between them.
bool SynapseBuilder::one_initial_value(const std::string& name) const {
  Report ignored;
  const auto syntax = parse_whole(Source(text_.initial.at(name)), ignored);
  const auto differs = [&](const SyntaxNode& n) { return n.form == Form::call && (!find_function(n.name) || find_function(n.name)->random); };
  return syntax && uses(*syntax) == nothing && std::none_of(syntax->nodes.begin(), syntax->nodes.end(), differs);
}

void SynapseBuilder::choose_sides() {
  for (const Side side : {Side::pre, Side::post}) {
    std::vector<std::string> trial;
    for (const auto& name : order_) {
      auto& e = entries_.at(name);
      const bool rate = e.what == What::state && e.declared->kind == Declaration::Kind::rate && e.side == Side::synapse;
      if (!rate || use_.initial.contains(name) || (text_.initial.contains(name) && !one_initial_value(name))) continue;
      e.side = side;
      trial.push_back(name);
    }
    // What one of them reads may have to go, and others with it.
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& name : trial) {
        if (entries_.at(name).side != side || fits_side(name, side)) continue;
        entries_.at(name).side = Side::synapse;
        changed = true;
      }
    }
  }
}

}  // namespace ranvier::text
