// What a Model, Output, Network hold: plain data behind the public handles. Everything below the front doors reads this.
//
//   const detail::ModelData& m = model.data();
//   for (const auto& s : m.states) use(s.name, s.rate);
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "ir/graph.hpp"
#include "ranvier/network.hpp"
#include "ranvier/plasticity.hpp"

namespace ranvier::detail {

/// An expression graph and its owner. Anonymous scopes (randn() alone) are absorbed by the first named one they meet.
struct Scope {
  ir::Graph graph;
  std::string owner;  ///< "model 'hh'"; empty: anonymous
  /// A copied model continues in a graph of its own, whose first `shared` nodes are those of the original.
  std::shared_ptr<const Scope> original;
  std::size_t shared = 0;
  std::map<ir::NodeId, std::string> calls;  ///< "normal(1 ms, 2 ms)": how users say what a distribution expands to, for messages
};

struct StateData {
  std::string name;
  Dimension dimension{};
  ir::NodeId symbol = ir::no_node;
  ir::NodeId rate = ir::no_node;     ///< right-hand side; no_node: constant but for events
  std::optional<Expr> initial;
};

struct ParameterData {
  std::string name;
  Quantity value{};
  ir::NodeId symbol = ir::no_node;
  std::string meaning;
};

struct InputData {
  std::string name;
  Dimension dimension{};
  InputKind kind{};
  ir::NodeId symbol = ir::no_node;
};

struct NamedNode {
  std::string name;
  ir::NodeId node = ir::no_node;
  Dimension dimension{};
};

struct ResetData {
  std::size_t state;
  ir::NodeId value;
};

/// What an input receives beside projections.
struct InjectionData {
  std::size_t input;
  ir::NodeId value;
};

struct TimeArrayData {
  std::string name;
  std::shared_ptr<const TimeArray> values;  ///< in coherent units
  ir::NodeId symbol = ir::no_node;
};

struct ThresholdData {
  ir::NodeId before = ir::no_node, now = ir::no_node;
  bool crossing = false;
};

struct RefractoryData {
  Quantity duration{};
  std::vector<std::size_t> frozen;
  ir::NodeId period = ir::no_node;  ///< an expression of parameters, in place of the duration
};

/// What arrives is added to a state of the target.
struct JumpData {
  std::string state;
  Dimension dimension{};
  WhileRefractory during{};
};

struct ModelData {
  std::string name, summary, source;
  std::shared_ptr<Scope> scope;
  std::vector<StateData> states;
  std::vector<ParameterData> parameters;
  std::vector<InputData> inputs;
  std::vector<NamedNode> lets;
  std::unordered_set<std::string> let_names;  ///< of those that let() made: thousands are looked up one by one
  std::vector<NamedNode> noises;
  std::vector<TimeArrayData> time_arrays;
  std::vector<ResetData> each_step;
  std::vector<InjectionData> injections;
  std::shared_ptr<const SpikeTrain> train;
  std::optional<ThresholdData> threshold;
  std::vector<ResetData> resets;
  std::optional<RefractoryData> refractory;
  std::optional<std::size_t> receives;       ///< synapses: index of the state that arrivals add to
  std::optional<Expr> sends;                 ///< synapses: what acts on the target; none: the state that receives
  std::vector<ResetData> on_spike, every_step;
  std::vector<InputData> pre_states;         ///< states of the source that it reads
  std::optional<JumpData> jump;
  std::string method;
  std::optional<Precision> precision;
  // Outputs only.
  ir::NodeId synaptic = ir::no_node;
  Dimension synaptic_dimension{}, total_weight_dimension{};
  ir::NodeId total_weight = ir::no_node;
  std::vector<InputData> post_states;
  std::optional<Expr> current;
};

enum class Side : std::uint8_t { synapse, pre, post };

/// A Plasticity: `states` of the base are those of synapses and traces, `sides` says which.
struct PlasticityData : ModelData {
  struct Read {
    std::string state;
    Dimension dimension{};
    ir::NodeId symbol = ir::no_node;
    bool pre = false;
  };
  struct Statement {
    std::size_t state = sends;
    ir::NodeId value = ir::no_node;
  };
  static constexpr std::size_t sends = ~std::size_t{0};
  std::vector<Side> sides;             ///< by state
  std::vector<bool> event_driven;      ///< by state
  std::optional<std::size_t> weight;   ///< which starts at the projection's weight
  std::vector<Read> reads;
  std::vector<Statement> on_pre, on_post;
  Dimension sent{};
};

struct PopulationData {
  std::string name;
  ModelData model;
  std::uint32_t size = 0;
  std::map<std::string, Expr> initial;                     ///< state -> expression
  std::map<std::string, std::vector<double>> initial_values;  ///< state -> one value per neuron
  std::map<std::string, Quantity> parameters;
  std::map<std::string, std::vector<double>> parameter_values;
  std::vector<std::string> external;                          ///< inputs that the user sets while it runs
  std::map<std::string, Expr> parameter_laws;              ///< one value per neuron, drawn
  std::optional<Positions> positions;
};

/// One of several receptors of a projection.
struct ReceptorData {
  std::string name;
  ModelData synapse, output;
  Quantity weight{1.0};
  std::map<std::string, std::vector<double>> initial_values;
};

struct ProjectionData {
  std::string name;
  View pre, post;
  Rule rule{Rule::AllToAll{}};
  std::optional<ModelData> synapse, output;
  std::string input;
  Quantity weight{1.0};
  bool weight_given = false;
  Quantity delay = 0 * units::ms;
  bool delay_given = false;
  std::optional<Expr> weight_law, delay_law;  ///< one value per synapse
  bool separate = false;
  Arrivals arrivals = Arrivals::after_decay;
  std::optional<InputKind> current;          ///< none: as the target's input says
  bool aligned_to_pre = false;
  std::map<std::string, std::vector<double>> initial_values;  ///< synaptic state -> one value per neuron where it lives
  std::vector<ReceptorData> receptors;                        ///< by name, instead of synapse, output and weight
  std::optional<PlasticityData> plasticity;
  std::map<std::string, Expr> synapse_initial;                ///< state of a synapse -> expression
  std::map<std::string, std::vector<double>> synapse_values;  ///< state of a synapse -> one value each, as connectivity() orders them
  /// Arrivals are added one by one, not counted: synapses have weights of their own.
  [[nodiscard]] bool weighted() const { return plasticity || rule.has_weights() || weight_law; }
};

/// Whether the synapse's states live with the sources.
[[nodiscard]] inline bool lives_at_source(const ProjectionData& p, const ModelData& synapse) {
  return !synapse.jump && (p.aligned_to_pre || !synapse.receives);
}

struct NetworkData {
  std::vector<PopulationData> populations;
  std::vector<ProjectionData> projections;
};

/// The way between Expr and the graph.
struct ExprAccess {
  static Expr make(std::shared_ptr<Scope> scope, ir::NodeId node, Dimension dimension);
  static Condition condition(std::shared_ptr<Scope> scope, ir::NodeId node);
  static const std::shared_ptr<Scope>& scope(const Expr& e) { return e.scope_; }
  static const std::shared_ptr<Scope>& scope(const Condition& c) { return c.scope_; }
  static ir::NodeId node(const Expr& e) { return e.node_; }
  static ir::NodeId node(const Condition& c) { return c.node_; }
  static bool is_literal(const Expr& e) { return !e.scope_; }
  static double value(const Expr& e) { return e.value_; }
  static void set_dimension(Expr& e, Dimension d) { e.dimension_ = d; }
  /// The node of `e` in `scope`'s graph. UserError, naming both owners, if it belongs to another named scope.
  static ir::NodeId in(const std::shared_ptr<Scope>& scope, const Expr& e);
  static ir::NodeId in(const std::shared_ptr<Scope>& scope, const Condition& c);
};

/// For what composes models out of parts.
struct ModelAccess {
  static ModelData& own(Model& model) { return model.own(); }
};

/// For writing: a copy, with a graph of its own, if others hold it too.
[[nodiscard]] ModelData& own(std::shared_ptr<ModelData>& data);

// What declarations check, for every kind of model. UserError or UnitError.
[[nodiscard]] Expr add_parameter(ModelData& m, const std::string& name, Quantity value, const std::string& meaning);
void set_parameter(ModelData& m, const std::string& name, Quantity value);
/// The scope of a copy: a graph of its own that begins with the nodes of the original.
[[nodiscard]] std::shared_ptr<Scope> copied(const std::shared_ptr<Scope>& scope);
/// Gives a network graphs of its own: from then on nobody who extends an expression of its models writes where it is read.
void detach(NetworkData& net);

/// "did you mean 'a' or 'b'?" for an unknown name, or a list of what there is.
[[nodiscard]] std::string suggest(const std::string& name, const std::vector<std::string>& known);

}  // namespace ranvier::detail
