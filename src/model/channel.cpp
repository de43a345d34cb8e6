#include "ranvier/channel.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/in_unit.hpp"
#include "ir/passes.hpp"
#include "model/model_data.hpp"

namespace ranvier {

using detail::ExprAccess;
using detail::ModelData;
using ir::NodeId;
using ir::Rate;

namespace {

/// A symbol that the group fills in; made at first use.
Expr placeholder_of(Model& model, const std::string& name, Dimension dimension) {
  const auto node = model.data().scope->graph.find_symbol(name);
  for (const auto& input : model.data().inputs) {
    if (input.name == name && input.dimension == dimension) return ExprAccess::make(model.data().scope, node, dimension);
  }
  return model.input(name, Unit{dimension, 0});
}

void require_dimension(const std::string& owner, const std::string& what, const Expr& value, const Dimension& wanted) {
  if (value.dimension() == wanted) return;
  throw UnitError(owner, what + " must be " + base::in_unit(wanted) + ", not " + base::in_unit(value.dimension()), "check the units of its terms");
}

std::string quoted(const std::string& name) { return "'" + name + "'"; }

void set_defaults(ModelData& m, const std::map<std::string, Quantity>& parameters) {
  for (const auto& [name, value] : parameters) {
    std::vector<std::string> known;
    detail::ParameterData* found = nullptr;
    for (auto& p : m.parameters) {
      known.push_back(p.name);
      if (p.name == name) found = &p;
    }
    if (!found) throw UserError(m.scope->owner, "there is no parameter " + quoted(name), detail::suggest(name, known));
    require(value, found->value.dimension, m.scope->owner + ": parameter " + quoted(name));
    if (std::isnan(value.value)) throw UserError(m.scope->owner, "parameter " + quoted(name) + " is NaN", "give it a number");
    found->value = value;
  }
}

void rename(ModelData& m, const char* kind, const std::string& name) {
  m.name = name;
  m.scope->owner = std::string(kind) + " " + quoted(name);
}

}  // namespace

// ------------------------------------------------------------------------------------------------------------ Channel and Ion

Channel::Channel(std::string name) : Model(name) { data().scope->owner = "channel " + quoted(name); }

Expr Channel::placeholder(const std::string& name, Dimension dimension) { return placeholder_of(*this, name, dimension); }
Expr Channel::voltage() { return placeholder("V", dimension::voltage); }

IonView Channel::ion(const std::string& name) {
  if (std::find(ions_.begin(), ions_.end(), name) == ions_.end()) ions_.push_back(name);
  return {placeholder(name + "_concentration", dimension::concentration), placeholder(name + "_reversal", dimension::voltage)};
}

Expr Channel::gate(const std::string& name, const Rates& rates, const Expr& speed) {
  const auto x = state(name);
  d(x) = speed * (rates.alpha * (1 - x) - rates.beta * x);
  initial(x, rates.alpha / (rates.alpha + rates.beta));
  return x;
}

Expr Channel::gate(const std::string& name, const Relaxation& relaxation, const Expr& speed) {
  const auto x = state(name);
  d(x) = speed * (relaxation.inf - x) / relaxation.tau;
  initial(x, relaxation.inf);
  return x;
}

void Channel::current(const Expr& inward, const std::string& ion) {
  if (!ion.empty()) (void)this->ion(ion);
  currents_.push_back({inward, ion});
}

Channel Channel::with(const std::map<std::string, Quantity>& parameters) const {
  Channel copy = *this;
  set_defaults(detail::ModelAccess::own(copy), parameters);
  return copy;
}
Channel Channel::named(const std::string& other) const {
  Channel copy = *this;
  rename(detail::ModelAccess::own(copy), "channel", other);
  return copy;
}

Ion Ion::with(const std::map<std::string, Quantity>& parameters) const {
  Ion copy = *this;
  set_defaults(detail::ModelAccess::own(copy), parameters);
  return copy;
}
Ion Ion::named(const std::string& other) const {
  Ion copy = *this;
  rename(detail::ModelAccess::own(copy), "ion", other);
  return copy;
}

Ion::Ion(std::string name) : Model(name) { data().scope->owner = "ion " + quoted(name); }
Expr Ion::voltage() { return placeholder_of(*this, "V", dimension::voltage); }
Expr Ion::current(Unit unit) { return placeholder_of(*this, "current", unit.dimension); }
void Ion::concentration(const Expr& inside) {
  require_dimension("ion " + quoted(name()), "the concentration", inside, dimension::concentration);
  concentration_ = inside;
}
void Ion::reversal(const Expr& potential) {
  require_dimension("ion " + quoted(name()), "the reversal potential", potential, dimension::voltage);
  reversal_ = potential;
}

Expr nernst(const Expr& inside, const Expr& outside, int valence, const Expr& temperature) {
  if (valence == 0) throw UserError("nernst()", "the valence is 0", "give that of the ion, such as 2 for calcium");
  const auto gas_constant_over_faraday = 0.08617333262145 * units::mV / units::kelvin;
  return gas_constant_over_faraday / static_cast<double>(valence) * temperature * log(outside / inside);
}

// ----------------------------------------------------------------------------------------------------------------------- Group

namespace detail {

/// Puts channels and ions into one model, name by name and node by node.
struct GroupComposer {
  GroupComposer(const std::string& name, const ConductanceOptions& o, const std::vector<Channel>& c) : options(o), channels(c), model(name) {}

  /// A channel or ion: its symbols as nodes of the group, now and at the start.
  struct Part {
    const ModelData* data;
    ir::Substitution now, start;
  };

  const ConductanceOptions& options;
  const std::vector<Channel>& channels;
  Model model;
  Expr voltage, start_voltage;
  Dimension density{};                        ///< of the channels' currents
  std::map<std::string, NodeId> ion_current;  ///< sums, by ion
  std::map<std::string, NodeId> concentration[2], reversal[2];  ///< by ion: now, at the start
  std::map<std::string, std::pair<NodeId, Quantity>> shared;

  [[nodiscard]] std::string where() const { return "conductance group " + quoted(model.name()); }
  ModelData& data() { return ModelAccess::own(model); }
  ir::Graph& graph() { return data().scope->graph; }
  NodeId node(const Expr& e) { return ExprAccess::in(data().scope, e); }
  Expr expr(NodeId n, const Dimension& d) { return ExprAccess::make(data().scope, n, d); }

  void check_names() {
    std::vector<std::string> names;
    for (const auto& ion : options.ions) names.push_back(ion.name());
    for (const auto& channel : channels) names.push_back(channel.name());
    for (const auto& name : names) {
      if (name.empty() || name.find_first_of("./ ") != std::string::npos) {
        throw UserError(where(), quoted(name) + " is not the name of a channel or an ion", "use letters, digits and '_'");
      }
      if (std::count(names.begin(), names.end(), name) > 1) {
        throw UserError(where(), "two of its parts are called " + quoted(name), "rename one of them");
      }
    }
    for (const auto& channel : channels) {
      for (const auto& needed : channel.ions_) {
        std::string known;
        bool found = false;
        for (const auto& ion : options.ions) {
          known += (known.empty() ? "" : ", ") + quoted(ion.name());
          found |= ion.name() == needed;
        }
        if (found) continue;
        throw UserError(where(), "channel " + quoted(channel.name()) + " needs the ion " + quoted(needed) + ", which the group lacks: it has " +
                            (known.empty() ? "no ions" : known), "add one of that name to its ions; ranvier list ions shows the library's");
      }
    }
  }

  /// Copies an expression of a part into the group.
  NodeId bring(const Part& part, const Expr& e, const ir::Substitution& symbols) {
    return bring(part, ExprAccess::in(part.data->scope, e), symbols);
  }
  NodeId bring(const Part& part, NodeId root, const ir::Substitution& symbols) {
    const auto& from = part.data->scope->graph;
    auto& to = graph();
    std::map<NodeId, NodeId> done;
    const NodeId roots[] = {root};
    for (const NodeId id : ir::topological(from, roots)) {
      const ir::Node n = from[id];
      if (const auto it = symbols.find(id); it != symbols.end()) {
        done[id] = it->second;
      } else if (n.op == ir::Op::symbol) {
        const auto& name = from.symbol_of(id).name;
        if (name != "t" && name != "dt") {
          throw UserError(part.data->scope->owner, quoted(name) + " cannot be used there", "use parameters, states, the voltage and ions");
        }
        done[id] = to.symbol(name, Rate::uniform);
      } else if (n.op == ir::Op::literal) {
        done[id] = n.type == ir::Type::boolean ? to.boolean(n.payload != 0) : to.literal(from.literal_value(id));
      } else {
        std::array<NodeId, 3> a{ir::no_node, ir::no_node, ir::no_node};
        for (int k = 0; k < ir::op_info(n.op).arity; ++k) a[k] = done.at(n.arg[k]);
        done[id] = to.make(n.op, a[0], a[1], a[2], n.payload);
      }
    }
    return done.at(root);
  }

  NodeId shared_parameter(const ParameterData& p, const std::string& part) {
    const auto found = shared.find(p.name);
    if (found == shared.end()) {
      const auto symbol = node(model.parameter(p.name, p.value));
      shared.emplace(p.name, std::pair{symbol, p.value});
      return symbol;
    }
    const auto& first = found->second.second;
    if (first.dimension != p.value.dimension || first.value != p.value.value) {
      throw UserError(where(), "the shared parameter " + quoted(p.name) + " is " + to_string(p.value) + " in " + quoted(part) + " but " +
                                   to_string(first) + " before", "give the channels one value, or do not share it");
    }
    return found->second.first;
  }

  /// The part's parameters and states become the group's, as "PART.NAME"; the voltage is the group's.
  Part declare(const ModelData& part) {
    Part out{&part, {}, {}};
    const auto bind = [&](NodeId symbol, NodeId now, NodeId start) { out.now[symbol] = now, out.start[symbol] = start; };
    for (const auto& p : part.parameters) {
      NodeId symbol = ir::no_node;
      if (std::find(options.shared.begin(), options.shared.end(), p.name) != options.shared.end()) {
        symbol = shared_parameter(p, part.name);
      } else {
        symbol = graph().symbol(part.name + "." + p.name, Rate::uniform);
        data().parameters.push_back({part.name + "." + p.name, p.value, symbol});
      }
      bind(p.symbol, symbol, symbol);
    }
    if (const auto v = part.scope->graph.find_symbol("V"); v != ir::no_node) bind(v, node(voltage), node(start_voltage));
    for (const auto& s : part.states) {
      const auto symbol = graph().symbol(part.name + "." + s.name, Rate::varying);
      data().states.push_back({part.name + "." + s.name, s.dimension, symbol, ir::no_node, {}});
      out.now[s.symbol] = symbol;
    }
    return out;
  }

  /// Where the part's states start: its own initial values, with the voltage and the ions as they are then.
  void start_states(Part& part, bool at_zero) {
    for (const auto& s : part.data->states) {
      NodeId value = graph().literal(0.0);
      if (s.initial && !at_zero) {
        const NodeId plain[] = {bring(part, *s.initial, part.start)};
        value = ir::recognise_singularities(graph(), plain)[0];
        const auto symbol = part.now.at(s.symbol);
        for (auto& state : data().states) {
          if (state.symbol == symbol) state.initial = expr(value, s.dimension);
        }
      }
      part.start[s.symbol] = value;
    }
  }

  void state_rates(const Part& part) {
    for (const auto& s : part.data->states) {
      if (s.rate == ir::no_node) continue;
      const auto rate = bring(part, s.rate, part.now);
      for (auto& state : data().states) {
        if (state.symbol == part.now.at(s.symbol)) state.rate = rate;
      }
    }
    for (const auto& l : part.data->lets) data().lets.push_back({part.data->name + "." + l.name, bring(part, l.node, part.now)});
  }

  Part declare(const Ion& ion) {
    Part part = declare(ion.data());
    start_states(part, false);
    const std::pair<const std::optional<Expr>*, std::map<std::string, NodeId>*> seen[] = {{&ion.concentration_, concentration},
                                                                                         {&ion.reversal_, reversal}};
    for (const auto& [given, by_ion] : seen) {
      if (!*given) continue;
      by_ion[0][ion.name()] = bring(part, **given, part.now);
      by_ion[1][ion.name()] = bring(part, **given, part.start);
    }
    return part;
  }

  Part declare(const Channel& channel) {
    Part part = declare(channel.data());
    for (const auto& ion : channel.ions_) {
      const std::tuple<const char*, const char*, std::map<std::string, NodeId>*> seen[] = {
          {"_concentration", "concentration", concentration}, {"_reversal", "reversal potential", reversal}};
      for (const auto& [suffix, what, by_ion] : seen) {
        const auto symbol = channel.data().scope->graph.find_symbol(ion + suffix);
        if (symbol == ir::no_node) continue;
        if (!by_ion[0].contains(ion)) {
          if (!uses(channel, symbol)) continue;
          throw UserError(where(), "channel " + quoted(channel.name()) + " reads the " + what + " of ion " + quoted(ion) + ", which gives none",
                          "declare it in the ion");
        }
        part.now[symbol] = by_ion[0].at(ion);
        part.start[symbol] = by_ion[1].at(ion);
      }
    }
    start_states(part, options.gates == Gates::zero);
    return part;
  }

  [[nodiscard]] static bool uses(const Channel& channel, NodeId symbol) {
    std::vector<NodeId> roots;
    for (const auto& s : channel.data().states) {
      if (s.rate != ir::no_node) roots.push_back(s.rate);
      if (s.initial) roots.push_back(ExprAccess::in(channel.data().scope, *s.initial));
    }
    for (const auto& c : channel.currents_) roots.push_back(ExprAccess::in(channel.data().scope, c.value));
    const auto reached = ir::topological(channel.data().scope->graph, roots);
    return std::find(reached.begin(), reached.end(), symbol) != reached.end();
  }

  void add_current(const Part& part, const Channel& channel, Expr& total) {
    for (const auto& current : channel.currents_) {
      if (current.value.dimension() != density) {
        throw UnitError(where(), "the current of channel " + quoted(channel.name()) + " is in " + unit_name(current.value.dimension()) +
                                     ", but with C = " + to_string(options.C) + " it must be in " + unit_name(density),
                        "give conductances per area where C is, and in nS where C is in pF");
      }
      const auto value = bring(part, current.value, part.now);
      total = total + expr(value, density);
      if (current.ion.empty()) continue;
      const auto [sum, first] = ion_current.emplace(current.ion, value);
      if (!first) sum->second = graph().add(sum->second, value);
    }
  }

  /// The ion's equations, now that the current that it carries is known.
  void finish(Part& part) {
    for (const auto& input : part.data->inputs) {
      if (input.name != "current") continue;
      if (input.dimension != density) {
        throw UnitError(where(), "ion " + quoted(part.data->name) + " takes its current in " + unit_name(input.dimension) +
                                     ", the channels' are in " + unit_name(density), "check the unit that current() was given");
      }
      const auto sum = ion_current.find(part.data->name);
      part.now[input.symbol] = sum == ion_current.end() ? graph().literal(0.0) : sum->second;
    }
    state_rates(part);
  }

  Expr begin() {
    using namespace units;
    const auto require_positive = [&](const char* what, Quantity q) {
      if (q.value > 0 && std::isfinite(q.value)) return;
      throw UserError(where(), std::string(what) + " is " + to_string(q), "give a finite value above 0");
    };
    require_positive("C", options.C);
    const auto area = dimension::length * dimension::length;
    if (options.C.dimension != dimension::capacitance && options.C.dimension != dimension::capacitance / area) {
      throw UnitError(where(), "C must be a capacitance or one per area, got " + to_string(options.C), "give it in pF or uF/cm^2");
    }
    density = options.C.dimension * dimension::voltage / dimension::time;
    voltage = model.state("V", mV);
    const auto C = model.parameter("C", options.C);
    model.threshold(crosses_up(voltage, model.parameter("V_th", require_voltage("V_th", options.V_th))));
    start_voltage = model.parameter("V_init", require_voltage("V_init", options.V_init));
    model.initial(voltage, start_voltage);
    if (!options.A) return model.input("I", Unit{density, 0}, options.input);
    require(*options.A, area, where() + ": A");
    require_positive("A", *options.A);
    if (density == dimension::current) throw UnitError(where(), "A is given, but C is not per area", "give C in uF/cm^2, or no A");
    return model.input("I", pA, options.input) / model.parameter("A", *options.A);
  }
  Quantity require_voltage(const char* what, Quantity q) const {
    require(q, dimension::voltage, where() + ": " + what);
    return q;
  }

  Model compose() {
    check_names();
    Expr total = begin();
    std::vector<Part> ions, parts;
    for (const auto& ion : options.ions) ions.push_back(declare(ion));
    for (const auto& channel : channels) parts.push_back(declare(channel));
    for (const auto& name : options.shared) {
      if (!shared.contains(name)) throw UserError(where(), "no channel has the shared parameter " + quoted(name), "check its name");
    }
    for (std::size_t k = 0; k < channels.size(); ++k) add_current(parts[k], channels[k], total);
    for (const auto& part : parts) state_rates(part);
    for (auto& part : ions) finish(part);
    model.d(voltage) = total / expr(graph().find_symbol("C"), options.C.dimension);
    return model;
  }
};

}  // namespace detail

Model conductance_group(const std::string& name, const ConductanceOptions& options, const std::vector<Channel>& channels) {
  return detail::GroupComposer(name, options, channels).compose();
}

}  // namespace ranvier
