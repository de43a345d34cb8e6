#include "integrate/synapse_builder.hpp"

#include <algorithm>
#include <functional>

#include "integrate/method.hpp"
#include "integrate/pieces.hpp"
#include "ir/passes.hpp"

namespace ranvier::integrate {

using detail::PlasticityData;
using detail::Side;
using ir::NodeId;
using ir::Op;
using ir::Rate;
using model::Role;
using model::SynapticKernel;
using model::SynapticPlace;

namespace {

class SynapseBuilder {
 public:
  SynapseBuilder(const detail::ProjectionData& p, std::size_t delivery, model::StepProgram& program,
                 const BuildOptions& options)
      : p_(p),
        m_(*p.plasticity),
        where_("projection '" + p.name + "'"),
        program_(program),
        options_(options),
        delivery_(program.deliveries.at(delivery)),
        graph_(std::make_shared<ir::Graph>()),
        g_(*graph_) {
    out_.projection = p.name;
    out_.delivery = delivery;
    out_.graph = graph_;
    const auto of_target = program.domains[delivery_.post_domain].precision;
    out_.precision = options.precision.value_or(m_.precision.value_or(of_target));
  }

  model::Plasticity build() {
    declare();
    declare_reads();
    out_.on_pre = event(m_.on_pre, Side::synapse, "pre");
    out_.pre_jump = event(m_.on_pre, Side::pre, "pre_trace");
    out_.on_post = event(m_.on_post, Side::synapse, "post");
    out_.post_jump = event(m_.on_post, Side::post, "post_trace");
    out_.step = step(Side::synapse, "synapses");
    out_.pre_step = step(Side::pre, "pre_traces");
    out_.post_step = step(Side::post, "post_traces");
    if (elapsed_ != ir::no_node) record_event_driven();
    declare_initial_values();
    return std::move(out_);
  }

 private:
  using From = SynapticPlace::From;
  struct Named {
    model::Array array;
    SynapticPlace place;
  };

  /// An expression of the model in the graph of this projection.
  NodeId bring(NodeId node) {
    const NodeId roots[] = {node};
    return ir::substitute(g_, ir::import(g_, m_.scope->graph, roots)[0], symbols_);
  }

  void declare() {
    for (const auto& q : m_.parameters) {
      program_.uniforms.emplace(p_.name + "." + q.name, q.value);
      symbols_[g_.symbol(q.name, Rate::uniform)] = g_.symbol(p_.name + "." + q.name, Rate::uniform);
    }
    for (std::size_t k = 0; k < m_.states.size(); ++k) {
      auto& arrays = m_.sides[k] == Side::synapse ? out_.synapse : m_.sides[k] == Side::pre ? out_.pre : out_.post;
      const auto from = m_.sides[k] == Side::synapse ? From::synapse
                        : m_.sides[k] == Side::pre   ? From::pre_trace
                                                     : From::post_trace;
      model::Array a{.name = m_.states[k].name, .role = Role::state, .dimension = m_.states[k].dimension};
      a.symbol = g_.symbol(a.name, Rate::varying);
      named_.push_back({a, {from, arrays.size()}});
      if (m_.weight == k) out_.weight = arrays.size();
      arrays.push_back(std::move(a));
    }
    const bool any = std::any_of(m_.event_driven.begin(), m_.event_driven.end(), [](bool yes) { return yes; });
    if (!any) return;
    out_.elapsed = true;
    elapsed_ = g_.symbol("elapsed_steps", Rate::varying);
    named_.push_back(
        {{.name = "elapsed_steps", .role = Role::parameter, .element = ir::Element::count, .symbol = elapsed_},
         {From::elapsed, 0}});
  }

  void declare_reads() {
    for (const auto& r : m_.reads) {
      const auto domain = r.pre ? delivery_.pre_domain : delivery_.post_domain;
      const auto& d = program_.domains[domain];
      const auto* found = model::find_array(d, r.state);
      if (!found || (found->role != Role::state && found->role != Role::parameter)) missing(r, d);
      if (found->dimension != r.dimension) {
        throw UnitError(where_,
                        "plasticity '" + m_.name + "' reads '" + r.state + "' of population '" + d.name + "' in " +
                            shown(r.dimension) + ", and it is in " + shown(found->dimension),
                        "name its unit in " + std::string(r.pre ? "pre()" : "post()"));
      }
      const auto& name = m_.scope->graph.symbol_of(r.symbol).name;
      model::Array a{.name = name, .role = Role::parameter, .element = found->element, .dimension = r.dimension};
      a.symbol = g_.symbol(name, Rate::varying);
      named_.push_back(
          {std::move(a),
           {r.pre ? From::pre_neuron : From::post_neuron, static_cast<std::size_t>(found - d.arrays.data())}});
    }
  }

  [[noreturn]] void missing(const PlasticityData::Read& r, const model::Domain& d) const {
    std::vector<std::string> known;
    for (const auto& a : d.arrays) {
      if (a.role == Role::state || a.role == Role::parameter) known.push_back(a.name);
    }
    throw UserError(where_,
                    "plasticity '" + m_.name + "' reads '" + r.state + "' of its " + (r.pre ? "source" : "target") +
                        ", which population '" + d.name + "' lacks",
                    detail::suggest(r.state, known));
  }

  static std::string shown(const Dimension& d) { return d.is_none() ? std::string("no unit") : unit_name(d); }

  /// The states of `from` where `states` says, and what they become, as a kernel; nothing if nothing is stored.
  std::optional<SynapticKernel> kernel(const std::string& title,
                                       const std::vector<std::pair<std::size_t, NodeId>>& stores) {
    if (stores.empty()) return {};
    SynapticKernel k;
    k.domain.name = p_.name + "." + title;
    k.domain.graph = graph_;
    k.domain.precision = out_.precision;
    for (const auto& n : named_) {
      k.domain.arrays.push_back(n.array);
      k.places.push_back(n.place);
    }
    std::vector<NodeId> roots;
    for (const auto& [array, value] : stores) roots.push_back(value);
    const auto precision = out_.precision == Precision::f32 ? ir::Precision::f32 : ir::Precision::f64;
    roots = ir::simplify(g_, roots);
    roots = ir::share_exponentials(g_, roots, precision, ir::by_position(g_));
    roots = ir::multiply_by_reciprocals(g_, roots);
    for (std::size_t i = 0; i < stores.size(); ++i) k.domain.stores.push_back({stores[i].first, roots[i]});
    // Only what is used: an array that nothing reads need not be gathered.
    return k;
  }

  /// The event-driven states at the time of the event.
  ir::Substitution brought_here() {
    ir::Substitution now;
    const auto h = elapsed_ == ir::no_node ? ir::no_node : g_.mul(elapsed_, g_.symbol("dt", Rate::uniform));
    for (std::size_t k = 0; k < m_.states.size(); ++k) {
      if (!m_.event_driven[k]) continue;
      const auto x = named_[k].array.symbol;
      const auto affine = ir::affine_in(g_, bring(m_.states[k].rate), x);
      const auto t = g_.symbol("t", Rate::uniform);
      const auto constant = [&](NodeId n) { return g_[n].uniform && ir::independent(g_, n, t); };
      if (!affine.ok || !constant(affine.slope) || !constant(affine.offset)) {
        throw UserError(
            where_,
            "'" + m_.states[k].name +
                "' cannot be event-driven: its equation is not linear with coefficients that all synapses share",
            "leave event_driven() out; it is then stepped");
      }
      if (g_.is_literal(affine.offset, 0.0)) {
        now[x] = decayed(g_, x, affine.slope, h);
      } else {
        const auto f = g_.add(g_.mul(affine.slope, x), affine.offset);
        now[x] = g_.add(x, g_.mul(g_.mul(h, f), g_.make(Op::exprel, g_.mul(affine.slope, h))));
      }
    }
    return now;
  }

  /// The statements one after the other, symbolically; `side` says whose states are stored.
  std::optional<SynapticKernel> event(const std::vector<PlasticityData::Statement>& statements, Side side,
                                      const std::string& title) {
    auto now = brought_here();
    std::vector<std::size_t> written;
    if (side == Side::synapse) {
      for (std::size_t k = 0; k < m_.states.size(); ++k) {
        if (m_.event_driven[k]) written.push_back(k);
      }
      if (statements.empty()) return {};
    }
    NodeId sent = ir::no_node;
    for (const auto& s : statements) {
      const auto value = ir::substitute(g_, bring(s.value), now);
      if (s.state == PlasticityData::sends) {
        sent = value;
        continue;
      }
      now[named_[s.state].array.symbol] = value;
      if (m_.sides[s.state] == side && std::find(written.begin(), written.end(), s.state) == written.end())
        written.push_back(s.state);
    }
    std::sort(written.begin(), written.end());
    std::vector<std::pair<std::size_t, NodeId>> stores;
    for (const auto k : written) stores.emplace_back(k, now.at(named_[k].array.symbol));
    if (side == Side::synapse && sent != ir::no_node) {
      check_sent();
      stores.emplace_back(named_.size(), sent);
      named_.push_back(
          {{.name = "sent", .role = Role::arrivals, .symbol = g_.symbol("sent", Rate::varying)}, {From::sent, 0}});
      auto k = kernel(title, stores);
      named_.pop_back();
      return k;
    }
    // A target that spikes changes nothing of its synapses: they need not be visited.
    const bool only_brought =
        side == Side::synapse && std::none_of(statements.begin(), statements.end(), [&](const auto& s) {
          return s.state != PlasticityData::sends && m_.sides[s.state] == Side::synapse;
        });
    if (only_brought) return {};
    return kernel(title, stores);
  }

  void check_sent() const {
    // That of the arrivals: a synapse without units has taken what its output asks for, and a jump has that of the target's state.
    const auto& arrivals = program_.domains[delivery_.post_domain].arrays[delivery_.array].dimension;
    if (m_.sent == arrivals) return;
    const auto& name = p_.synapse->jump ? p_.synapse->jump->state : p_.synapse->states.at(*p_.synapse->receives).name;
    throw UnitError(where_, "plasticity '" + m_.name + "' sends " + shown(m_.sent) + ", and the synapse's state '" + name + "' is in " + shown(arrivals),
                    "check the unit of sends()");
  }

  const Method& choose(const OdeSystem& s) const {
    const std::string& name = options_.method.empty() || !m_.method.empty() ? m_.method : options_.method;
    if (name.empty()) {
      const auto& chosen = default_method(s);
      return chosen.name == "exp_staggered" ? find_method("exp_midpoint") : chosen;
    }
    const auto& method = find_method(name);
    const auto why = method.refuses(s);
    // States that events change are known at whole steps.
    if (!why && name != "exp_staggered") return method;
    if (m_.method.empty())
      return default_method(s).name == "exact" ? find_method("exact") : find_method("exp_midpoint");
    throw UserError(where_,
                    "method '" + name + "' cannot integrate plasticity '" + m_.name +
                        "': " + why.value_or("its states change at events, so that nothing can be staggered"),
                    "choose another method, such as exp_midpoint");
  }

  std::optional<SynapticKernel> step(Side side, const std::string& title) {
    OdeSystem s;
    s.graph = &g_;
    s.t = g_.symbol("t", Rate::uniform);
    s.dt = g_.symbol("dt", Rate::uniform);
    s.step = g_.symbol("step", Rate::uniform);
    std::vector<std::size_t> arrays;
    for (std::size_t k = 0; k < m_.states.size(); ++k) {
      if (m_.sides[k] != side || m_.states[k].rate == ir::no_node || m_.event_driven[k]) continue;
      const NodeId roots[] = {bring(m_.states[k].rate)};
      for (std::size_t e = 0; e < m_.states.size(); ++e) {
        if (!m_.event_driven[e] || ir::independent(g_, roots[0], named_[e].array.symbol)) continue;
        throw UserError(
            where_, "d" + m_.states[k].name + "/dt reads '" + m_.states[e].name + "', which is known at events only",
            "leave event_driven() out, so that it is stepped too");
      }
      s.states.push_back(
          {named_[k].array.name, named_[k].array.symbol, ir::recognise_singularities(g_, roots)[0], true});
      arrays.push_back(k);
    }
    if (s.states.empty()) return {};
    const auto& method = choose(s);
    if (out_.method.find(method.name) == std::string::npos)
      out_.method += (out_.method.empty() ? "" : ", ") + std::string(method.name);
    const auto update = method.advance(s);
    std::vector<std::pair<std::size_t, NodeId>> stores;
    for (std::size_t i = 0; i < arrays.size(); ++i) stores.emplace_back(arrays[i], update.next[i]);
    return kernel(title, stores);
  }

  void record_event_driven() {
    const auto now = brought_here();
    std::vector<std::pair<std::size_t, NodeId>> stores;
    for (std::size_t k = 0; k < m_.states.size(); ++k) {
      if (m_.event_driven[k]) stores.emplace_back(k, now.at(named_[k].array.symbol));
    }
    out_.recorded = kernel("recorded", stores);
  }

  /// In the program's graph, with draws numbered by their order of appearance.
  NodeId initial_value(const std::string& state, const Expr& e) {
    const auto& graph = detail::ExprAccess::scope(e)->graph;
    const NodeId roots[] = {detail::ExprAccess::node(e)};
    std::map<NodeId, NodeId> done;
    std::uint64_t number = 0;
    for (const NodeId id : ir::topological(graph, roots)) {
      const ir::Node n = graph[id];
      if (n.op == Op::symbol) {
        const auto& name = graph.symbol_of(id).name;
        if (!program_.uniforms.contains(p_.name + "." + name)) {
          throw UserError(where_, "the initial value of '" + state + "' uses '" + name + "'",
                          "initial values may use parameters, numbers, randn() and rand()");
        }
        done[id] = g_.symbol(p_.name + "." + name, Rate::uniform);
      } else if (n.op == Op::literal) {
        done[id] = n.type == ir::Type::boolean ? g_.boolean(n.payload != 0) : g_.literal(graph.literal_value(id));
      } else {
        std::array<NodeId, 3> a{ir::no_node, ir::no_node, ir::no_node};
        for (int k = 0; k < ir::op_info(n.op).arity; ++k) a[k] = done.at(n.arg[k]);
        const bool random = n.op == Op::normal || n.op == Op::uniform;
        done[id] = g_.make(n.op, a[0], a[1], a[2], random ? number++ : n.payload);
      }
    }
    return done.at(roots[0]);
  }

  void declare_initial_values() {
    for (std::size_t k = 0; k < m_.states.size(); ++k) {
      const auto& s = m_.states[k];
      const auto& place = named_[k].place;
      auto& a = (m_.sides[k] == Side::synapse ? out_.synapse
                 : m_.sides[k] == Side::pre   ? out_.pre
                                              : out_.post)[place.index];
      const auto values = p_.synapse_values.find(s.name);
      const auto given = p_.synapse_initial.find(s.name);
      if (values != p_.synapse_values.end()) {
        a.values = values->second;
      } else if (given != p_.synapse_initial.end()) {
        a.initial = initial_value(s.name, given->second);
      } else if (m_.weight == k && (p_.weight_given || p_.weight_law || p_.rule.has_weights())) {
        a.initial = initial_weight(s);
      } else if (s.initial) {
        a.initial = initial_value(s.name, *s.initial);
      } else if (m_.weight == k) {
        throw UserError(where_, "the weight '" + s.name + "' of plasticity '" + m_.name + "' starts nowhere",
                        "give the projection a weight() or an initial(\"" + s.name + "\", ...)");
      }
    }
    const auto& w = m_.weight;
    if (!w && (p_.weight_given || p_.weight_law || p_.rule.has_weights())) {
      throw UserError(where_, "it has a weight, and plasticity '" + m_.name + "' has none",
                      "declare one with weight(), or leave the projection's out");
    }
    // The list's weights count only where nothing else was said.
    if (w && (p_.synapse_values.contains(m_.states[*w].name) || p_.synapse_initial.contains(m_.states[*w].name) ||
              !(p_.rule.has_weights() || p_.weight_law)))
      out_.weight.reset();
  }

  NodeId initial_weight(const detail::StateData& s) {
    if (p_.rule.has_weights()) {
      if (!p_.weight_given) return ir::no_node;
      throw UserError(where_, "it has a weight, and its list has one for each synapse", "give one or the other");
    }
    const bool law = p_.weight_law.has_value();
    if (p_.weight.dimension != s.dimension) {
      throw UnitError(where_, "the weight " + to_string(p_.weight) + " must be in " + shown(s.dimension),
                      "'" + s.name + "' of plasticity '" + m_.name + "' has that unit");
    }
    if (law) return ir::no_node;  // drawn with the connections
    program_.uniforms.emplace(p_.name + ".weight", p_.weight);
    return g_.symbol(p_.name + ".weight", Rate::uniform);
  }

  const detail::ProjectionData& p_;
  const PlasticityData& m_;
  std::string where_;
  model::StepProgram& program_;
  const BuildOptions& options_;
  const model::Delivery& delivery_;
  std::shared_ptr<ir::Graph> graph_;
  ir::Graph& g_;
  ir::Substitution symbols_;
  std::vector<Named> named_;  ///< the states in their order, then what else expressions may name
  NodeId elapsed_ = ir::no_node;
  model::Plasticity out_;
};

}  // namespace

model::Plasticity build_plasticity(const detail::ProjectionData& projection, std::size_t delivery,
                                   model::StepProgram& program, const BuildOptions& options) {
  return SynapseBuilder(projection, delivery, program, options).build();
}

}  // namespace ranvier::integrate
