// The step program: the ordered list of what happens in one time step, over named arrays. Whatever front door was used ends here;
// whatever backend runs starts here.
//
//   StepProgram p = integrate::build_step_program(network.data(), {...});
//   std::string text = print(p);       // RANVIER_DUMP=step
//   std::uint64_t h = hash(p);         // names do not enter, commutative operands are ordered
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ir/graph.hpp"
#include "ir/kernel.hpp"
#include "model/model_data.hpp"

namespace ranvier::model {

enum class Role { state, parameter, arrivals, refractory, time_array };

/// One array over the neurons of a domain.
struct Array {
  std::string name;
  Role role{};
  ir::Element element = ir::Element::real;
  Dimension dimension{};
  ir::NodeId symbol = ir::no_node;
  ir::NodeId initial = ir::no_node;        ///< expression for the initial value; no_node: `values`, else 0
  std::vector<double> values;              ///< one initial value per neuron
  ir::NodeId recorded = ir::no_node;       ///< what a recorder shows, if it is not the stored value
  bool follows = false;                    ///< `initial` is a function of the other arrays, and holds again when one of them is set
};

struct Assignment {
  std::size_t array;
  ir::NodeId value;
};

/// `assign`: simultaneous assignments, all right-hand sides from before. `emit`: spikes where `mask` holds; in `before` the
/// symbols stand for the values at the start of the step.
struct Statement {
  enum class Kind { assign, emit } kind{};
  std::string title;
  std::vector<Assignment> assignments;
  ir::NodeId now = ir::no_node, before = ir::no_node;
};

/// Spikes that a list prescribes, by step of emission (the stamp less one), then id.
struct PrescribedSpikes {
  std::vector<std::uint64_t> steps;
  std::vector<std::uint32_t> ids;
};

/// Values over time that the engine looks up: of a uniform symbol of the domain, or into an array before each step.
struct TimeValues {
  std::string name;                        ///< in messages
  ir::NodeId symbol = ir::no_node;         ///< of a uniform one
  std::size_t array = 0;                   ///< otherwise
  std::shared_ptr<const TimeArray> values;
};

/// A population: its arrays, and the statements of a step in their order.
struct Domain {
  std::string name;
  std::uint32_t size = 0;
  std::shared_ptr<ir::Graph> graph;
  std::vector<Array> arrays;
  std::vector<Statement> statements;
  std::vector<TimeValues> time_values;
  std::shared_ptr<const PrescribedSpikes> prescribed;
  std::optional<std::size_t> prescribed_now;  ///< an array that the engine makes 1 where a prescribed spike is due, in its step, else 0
  std::vector<std::string> noise;  ///< owners of random draws: this population, parts and projections; keys of their streams
  Precision precision{};
  std::string method;
  /// The step as pure functions of the arrays at its start: array <- node, and the spike mask. What kernels are made of.
  std::vector<Assignment> stores;
  ir::NodeId spikes = ir::no_node;
  /// What else of the model has a name that a recorder may ask for: inputs and named expressions, as functions of the arrays.
  struct Named {
    ir::NodeId node = ir::no_node;
    Dimension dimension{};
  };
  std::map<std::string, Named> named;
  std::optional<Positions> positions;
  std::shared_ptr<const Points> points;   ///< of `positions`, once the seed is known
};

/// A value for each synapse, drawn when it is made: an expression of distance(), rand() and randn().
struct SynapseLaw {
  std::shared_ptr<const ir::Graph> graph;
  ir::NodeId root = ir::no_node;
  Dimension dimension{};
};

/// `propagate events -> array via projection`: rows of sources that spiked are added to an array of the target domain, which its
/// kernel clears. `propagate values -> array via projection`, where there is a `source` array: in every step the array of the target
/// domain becomes the sum over synapses of weight * value(source), in ascending order of source, then of storage; the value is that
/// at the end of the step before, or `delay_steps` earlier (before the first step: the initial value).
struct Delivery {
  std::string projection;
  std::size_t pre_domain = 0, post_domain = 0;
  std::uint32_t pre_first = 0, pre_last = 0, post_first = 0, post_last = 0;
  std::size_t array = 0;        ///< in the target domain
  bool counted = true;          ///< all weights are one constant: arrivals are counted and multiplied by the receiving kernel
  std::uint32_t delay_steps = 0;
  std::optional<std::size_t> source;          ///< values: the array of the source domain
  std::optional<std::size_t> weight_sums;     ///< values: the array of the target domain that holds the sum of each one's weights
  std::optional<std::size_t> shares_rows_of;  ///< an earlier delivery, of the same projection
  Rule rule{Rule::AllToAll{}};
  std::optional<SynapseLaw> weight_law, delay_law;
  std::optional<std::size_t> plastic;  ///< among StepProgram::plasticity: what is added is computed at each event
};

/// What stands behind an array of a synaptic kernel: a state of the synapses, a trace, an array of the source's or target's
/// population, the steps since the synapse's last event, or what it sends.
struct SynapticPlace {
  enum class From : std::uint8_t { synapse, pre_trace, post_trace, pre_neuron, post_neuron, elapsed, sent } from{};
  std::size_t index = 0;
};

/// An elementwise computation over some synapses, or over the traces of some neurons. `domain` has no size of its own.
struct SynapticKernel {
  Domain domain;
  std::vector<SynapticPlace> places;  ///< by array of `domain`
};

/// The synapses of a projection as a domain, and its two domains of traces: sources x delays, and targets.
///   on pre: synapses of arriving spikes, then `pre_jump` of their traces; on post: `post_jump`, with the synapses before it;
///   then the steps. Where a pre and a post event coincide, the pre event is first.
struct Plasticity {
  std::string projection, method;
  std::size_t delivery = 0;
  Precision precision{};
  std::shared_ptr<ir::Graph> graph;
  std::vector<Array> synapse, pre, post;
  std::optional<std::size_t> weight;  ///< the state that starts at the weights of the projection's list
  bool elapsed = false;               ///< synapses keep the step of their last event
  std::optional<SynapticKernel> on_pre, pre_jump, on_post, post_jump, step, pre_step, post_step;
  std::optional<SynapticKernel> recorded;  ///< event-driven states, brought to the present
  /// Some kernel over synapses reads what another worker may own.
  [[nodiscard]] bool reads_sources() const;
};

struct StepProgram {
  std::vector<Domain> domains;
  std::vector<Delivery> deliveries;
  std::vector<Plasticity> plasticity;
  /// Values of uniform symbols by name ("E.gl", "E_to_I.weight", "dt"), in coherent units, with their dimensions.
  std::map<std::string, Quantity> uniforms;
  /// Names that share a uniform since their states were merged: "I_to_I.tau" -> "I_to_E.tau".
  std::map<std::string, std::string> aliases;
  /// Where a projection's arrivals and synaptic states are: "I_to_E.arrivals", "I_to_E.g" -> (domain, array).
  std::map<std::string, std::pair<std::size_t, std::size_t>> array_aliases;
  std::set<std::string> refractory;  ///< which uniforms are refractory periods
  std::vector<std::string> warnings;
  double dt_ms = 0.1;
};

[[nodiscard]] std::string print(const StepProgram& program);
[[nodiscard]] std::uint64_t hash(const StepProgram& program);
/// UserError, naming `what`, unless the period is a time of 0 to 2^24 steps: steps are counted in the kernel's precision.
void check_refractory(const std::string& what, Quantity period, double dt_ms);
/// nullptr if there is none of that name.
[[nodiscard]] const Array* find_array(const Domain& domain, const std::string& name);

}  // namespace ranvier::model
