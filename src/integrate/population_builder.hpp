// Builds the domain of one population: its model's arrays, what arrives, the inputs, the integrated step, threshold and reset.
//
//   PopulationBuilder b(population, index, program, options);
//   b.declare();  b.receive(projection);  program.domains.push_back(b.finish());
#pragma once

#include <span>
#include <map>
#include <string>
#include <vector>

#include "integrate/build.hpp"
#include "integrate/leg.hpp"
#include "integrate/method.hpp"
#include "model/step_program.hpp"

namespace ranvier::integrate {

class PopulationBuilder {
 public:
  PopulationBuilder(const detail::PopulationData& population, std::size_t index, model::StepProgram& program,
                    const BuildOptions& options);
  void declare();                                        ///< the model's states, parameters
  void send(const Leg& leg);     ///< states of a synapse that lives with this population's neurons
  void receive(const Leg& leg);  ///< arrivals or values, synaptic states, the current they give
  model::Domain finish();

 private:
  /// A synaptic state shared by projections of the same kind and constants.
  struct Receptor {
    std::string key, owner;
    std::size_t state_array = 0;             ///< what arrivals add to
    std::map<std::string, std::size_t> arrivals;  ///< weight (as text; "" per synapse) -> array
    std::vector<ir::NodeId> terms;           ///< what the arrivals statement adds
    std::vector<std::size_t> states;         ///< arrays of all its states
    Arrivals order = Arrivals::after_decay;
  };
  /// What an input receives, by how it enters the equations; no_node: nothing.
  struct Received {
    ir::NodeId inside = ir::no_node, held = ir::no_node;
  };

  std::size_t add_array(model::Array array);
  ir::NodeId uniform(const std::string& qualified, Quantity value);
  ir::Substitution bind_parameters(const detail::ModelData& part, const std::string& owner);
  /// `numbered`: random draws by their order of appearance; their identities depend on what else the program wrote.
  enum class Draws : std::uint8_t { as_written, numbered };
  ir::NodeId bring(const detail::Scope& scope, ir::NodeId node, const ir::Substitution& symbols, Draws draws = Draws::as_written);
  std::vector<ir::NodeId> bring(const detail::Scope& scope, std::span<const ir::NodeId> roots, const ir::Substitution& symbols, Draws draws = Draws::as_written);
  Receptor& receptor_of(const detail::ProjectionData& p);
  Receptor make_receptor(const detail::ProjectionData& p, std::string key);
  /// Jumps of one state of the target, dropped or kept while it is refractory.
  struct Jump {
    Receptor receptor;
    bool dropped = false;
  };
  /// The states of a synapse that live here, shared by projections of equal synapses.
  struct SourceSide {
    std::string key, owner;
    detail::ModelData synapse;
    ir::Substitution map;                    ///< synapse symbol -> domain symbol
    std::vector<std::size_t> arrays;         ///< of its states
    bool coupled = false;                    ///< its equations read the neuron: integrated with them
    std::size_t sent = 0;                    ///< array that is propagated
    ir::NodeId value = ir::no_node;          ///< what `sent` gets at the end of a step; no_node: it is a state
  };
  static constexpr std::size_t none = ~std::size_t{0};

  std::vector<std::size_t> declare_synaptic_states(const detail::ProjectionData& p, ir::Substitution& map,
                                                   const Dimension& scale = {});
  void connect_output(const detail::ProjectionData& p, ir::NodeId g, const Dimension& dimension, ir::NodeId total_weight = ir::no_node);
  void add_arrivals(const Leg& p, Receptor& receptor);
  void add_shared_arrivals(const Leg& p, Receptor& receptor);
  void receive_jump(const Leg& p);
  void receive_values(const Leg& p);
  SourceSide make_source(const Leg& p, std::string key);
  void read_source_neuron(const Leg& p, SourceSide& s);
  void choose_sent(const Leg& p, SourceSide& s);
  void state_jumps();
  [[nodiscard]] ir::NodeId spikes_now();
  void state_sources();
  void advance_source(const SourceSide& s);
  ir::NodeId not_refractory();
  const detail::InputData& target_input(const detail::ProjectionData& p) const;

  // What comes from outside and by chance: population_outside.cpp.
  std::uint64_t draw_number(ir::Op op, std::uint64_t identity);
  void declare_outside();
  void receive_injections();
  [[nodiscard]] bool is_stochastic(const OdeSystem& s) const;
  void state_each_step(const OdeSystem& s, ir::NodeId active);
  void prescribe_spikes();

  void state_arrivals();
  void state_early_synapses(OdeSystem& s, const Method& method);
  void bind_inputs(OdeSystem& s);
  void state_integration();
  void state_spikes();
  ir::NodeId refractory_steps();
  void declare_initial_values();
  ir::NodeId initial_value(const detail::ModelData& part, const std::string& state, const Expr& e, const ir::Substitution& symbols);
  void lower();
  void require_only_arrays(const ir::Substitution& stores) const;
  OdeSystem system();
  [[nodiscard]] const Method& choose(const OdeSystem& s, const std::string& own) const;
  void warn_of_precision();
  void name_parts();

  const detail::PopulationData& population_;
  const detail::ModelData& model_;
  std::size_t index_;
  model::StepProgram& program_;
  const BuildOptions& options_;
  model::Domain domain_;
  ir::Graph& g_;
  ir::NodeId t_, dt_, step_;
  ir::Substitution symbols_;                  ///< model symbol -> domain symbol
  std::vector<std::size_t> model_states_;     ///< array of each model state
  std::vector<std::pair<std::size_t, ir::NodeId>> rates_;  ///< (array, rate) of every state that has an equation
  std::vector<Received> inputs_;              ///< sums of what each input receives
  ir::Substitution held_;                     ///< symbols of what is held -> its value
  std::vector<Receptor> receptors_;
  std::string owner_;                         ///< whose expressions are brought in; empty: the population's
  std::map<std::pair<std::uint64_t, ir::Op>, std::map<std::uint64_t, std::uint64_t>> draws_;  ///< identity -> number, by owner
  std::vector<OdeSystem::Noise> noises_;
  std::vector<Jump> jumps_;
  std::vector<SourceSide> sources_;
  std::vector<std::size_t> shared_arrivals_;  ///< of several receptors on one connectivity
  std::vector<std::size_t> sent_whole_;       ///< arrays that sources need at whole steps
  std::size_t refractory_ = none;
};

}  // namespace ranvier::integrate
