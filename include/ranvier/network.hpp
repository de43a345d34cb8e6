// A network as a value: populations of models, projections between them, initial values. Nothing is allocated per neuron.
//
//   Network net;
//   auto E = net.add("E", hh, 3200), I = net.add("I", hh, 800);
//   E["V"] = El + 5 * mV * randn() - 5 * mV;
//   net.connect(E, I, fixed_outdegree_fraction(0.02)).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(6 * nS);
//   Simulation sim{net};
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "ranvier/connect.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/model.hpp"
#include "ranvier/positions.hpp"
#include "ranvier/plasticity.hpp"

namespace ranvier {

class Network;
namespace detail {
struct NetworkData;
struct PopulationData;
struct ProjectionData;
}  // namespace detail

/// A state of a population, for initial values and recording.
class StateRef {
 public:
  /// Initial value: an expression of parameters, randn() and rand(). UnitError if the dimension differs.
  StateRef& operator=(const Expr& initial);
  /// One initial value per neuron, in `unit`. UserError if the count differs.
  void set(const std::vector<double>& values, Unit unit);
  [[nodiscard]] const std::string& population() const { return population_; }
  [[nodiscard]] const std::string& state() const { return state_; }

 private:
  friend class Population;
  std::shared_ptr<detail::NetworkData> network_;
  std::string population_, state_;
};

/// A variable of a projection's synapses (or a trace of its neurons), for recording.
struct SynapseRef {
  std::string projection, state;
};

/// The spikes of a population, for recording.
struct SpikesRef {
  std::string population;
};

/// A contiguous part [first, last) of a population, as a side of a projection.
struct View {
  std::string population;
  std::uint32_t first = 0, last = 0;
};

/// Handle of a population of a network.
class Population {
 public:
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] std::uint32_t size() const;
  /// Also a synaptic state of a projection onto this population, "I_to_E.g", for recording: of projections whose synapses were
  /// merged, it is the sum. UserError that lists near names if there is no such state.
  StateRef operator[](const std::string& state) const;
  /// A number: a parameter shared by all neurons. An expression of randn(), rand(), position() and the model's parameters: one
  /// value per neuron, drawn when a simulation is built. UnitError if the dimension differs. When built, UserError that names the
  /// neuron if a value is not finite, or is a negative conductance or capacitance.
  void set(const std::string& parameter, const Expr& value);
  /// One value per neuron, in `unit`. UserError if the count differs.
  void set(const std::string& parameter, const std::vector<double>& values, Unit unit);
  /// Opens an input of the model to Simulation::set_input(): one value per neuron, 0 at first. It adds to what synapses send in.
  void external(const std::string& input);
  /// Where the neurons are. UserError if their number differs.
  void positions(const Positions& where);
  [[nodiscard]] SpikesRef spikes() const { return {name()}; }
  [[nodiscard]] View slice(std::uint32_t first, std::uint32_t last) const;  ///< UserError unless first < last <= size
  operator View() const { return {name(), 0, size()}; }                      // NOLINT

 private:
  friend class Network;
  std::shared_ptr<detail::NetworkData> network_;
  std::size_t index_ = 0;
};

/// When what arrives joins a synapse's state, as the target's step sees it.
enum class Arrivals {
  after_decay,  ///< the state has decayed, arrivals are added: they act at full weight in this step
  before_decay  ///< arrivals are added, the state advances by dt, and the target sees the result
};

/// Handle of a projection; the methods chain.
class Projection {
 public:
  Projection& synapse(const Model& model);      ///< dynamics at the post-synaptic side
  Projection& output(const Output& output);     ///< how the synapse acts on the target
  Projection& onto(const std::string& input);   ///< which input of the target; needed only if there are several
  Projection& arrivals(Arrivals when);          ///< default after_decay
  /// How its current enters the target's equations, whatever the target's input says: inside, or held over a step.
  Projection& current(InputKind kind);
  /// A number: one constant for all synapses. An expression of randn(), rand() and distance(): one weight per synapse, drawn when a
  /// simulation is built. When built, UserError that names the synapse if a weight is not finite or is a negative conductance.
  Projection& weight(const Expr& each);
  /// A number: a multiple of dt; 0 acts in the step after the spike. An expression: one delay per synapse, rounded to the nearest
  /// step. When built, UserError that names the synapse if one is not finite, negative, or above 0 and shorter than dt.
  Projection& delay(const Expr& each);
  /// Keep a synaptic state of its own. Otherwise projections onto one population and input share one state where that is the
  /// same: linear equations with equal constants, an output linear in the state, no initial value.
  Projection& separate(bool yes = true);
  /// The synapse's states live with the source neurons, one a source whatever the number of targets, shared by projections of equal
  /// synapses from one population; in every step their value, times the weight, is summed over the synapses of each target, where
  /// the output acts. A delay is that of the value. Synapses without receives() are always aligned so.
  Projection& aligned_to_pre(bool yes = true);
  /// One of several receptors on this connectivity, instead of synapse(), output() and weight(): "E_to_I.NMDA.tau" is its
  /// parameter, "E_to_I.NMDA.g" its state. Where the rule has weights, `weight` is a factor on them.
  Projection& receptor(const std::string& name, const Model& synapse, const Output& output, Quantity weight);
  /// States of synapses and what changes them; weight() is then where its weights start.
  Projection& plasticity(const Plasticity& rule);
  /// Initial value of a state of the synapses: an expression of the plasticity's parameters, randn() and rand(); the same for every
  /// number of workers. UserError or UnitError if it does not fit.
  Projection& initial(const std::string& state, const Expr& value);
  /// One value per synapse in `unit`, in the order of Simulation::connectivity(); UserError when simulated if the count differs.
  Projection& initial(const std::string& state, const std::vector<double>& values, Unit unit);
  /// A state of its synapses, or a trace, for recording. UserError with near names if there is none.
  [[nodiscard]] SynapseRef operator[](const std::string& state) const;
  Projection& named(const std::string& name);   ///< default "pre_to_post"; keys the wiring's random numbers
  [[nodiscard]] const std::string& name() const;

 private:
  friend class Network;
  std::shared_ptr<detail::NetworkData> network_;
  std::size_t index_ = 0;
  [[nodiscard]] detail::ProjectionData& data() const;
  void require_one_way() const;
};

class Network {
 public:
  Network();
  Network(const Network& other);             ///< a network of its own; handles stay with the original
  Network& operator=(const Network& other);
  Network(Network&&) noexcept = default;     ///< handles go along
  Network& operator=(Network&&) noexcept = default;
  ~Network() = default;
  /// UserError if the name is taken (by a projection too) or empty, if the size is zero, or if a different model has this model's name.
  Population add(const std::string& name, const Model& model, std::uint32_t size);
  Projection connect(const View& pre, const View& post, const Rule& rule);
  [[nodiscard]] Population population(const std::string& name) const;   ///< UserError with near names if there is none
  [[nodiscard]] Projection projection(const std::string& name) const;   ///< UserError with near names if there is none
  [[nodiscard]] std::vector<std::string> populations() const;
  [[nodiscard]] std::vector<std::string> projections() const;
  /// "V" of all, "E.gl" of one: sets a parameter wherever that name exists (populations, synapses as "E_to_I.tau",
  /// outputs, weights as "E_to_I.weight"). UserError with near names if nowhere.
  void set(const std::string& name, Quantity value);
  [[nodiscard]] const detail::NetworkData& data() const { return *data_; }

 private:
  std::shared_ptr<detail::NetworkData> data_;
};

}  // namespace ranvier
