// Plasticity of synapses as a value: a state for each synapse, traces of its two neurons, what happens when spikes
// come.
//
//   Plasticity stdp{"stdp"};
//   auto w = stdp.weight("w", nS);                                    // one per synapse; starts at the projection's
//   weight() auto x = stdp.pre_state("x"), y = stdp.post_state("y");           // traces, one per source and per target
//   neuron stdp.d(x) = -x / (20 * ms);  stdp.d(y) = -y / (20 * ms); stdp.sends(w);  stdp.on_pre(x, x + 1);
//   stdp.on_pre(w, max(w - 0.06 * nS * y, 0 * nS)); stdp.on_post(y, y + 1);  stdp.on_post(w, min(w + 0.05 * nS * x, 6 *
//   nS)); net.connect(E, I, rule).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(3 * nS).plasticity(stdp);
#pragma once

#include <memory>
#include <string>

#include "ranvier/model.hpp"

namespace ranvier {

namespace detail {
struct PlasticityData;
}

/// What the synapses of a projection do beyond passing on a constant weight. See docs/plasticity.md.
///
/// An event at time t: a *pre event* of a synapse is the arrival of a spike of its source, at the spike's stamp plus
/// the delay; a *post event* is a spike of its target, at its stamp. What happens at t, in this order: (1) all pre
/// events, (2) all post events: a pair that coincides counts as pre before post, so on_post sees a source's trace with
/// that arrival and on_pre a target's trace without that spike; (3) arrivals act on the target's receiving state, and
/// everything is integrated to t + dt. Statements of one event act in the order in which they are written, sends()
/// included. pre() and post() give the neuron's value at t. Recorders and get() at t show everything before the events
/// of t.
class Plasticity {
 public:
  explicit Plasticity(std::string name);
  [[nodiscard]] const std::string& name() const;
  Plasticity& describe(const std::string& summary, const std::string& source);  ///< as Model::describe()

  /// A state of each synapse whose initial value is the projection's weight(), or that of its list. One at most.
  Expr weight(const std::string& name, Unit unit);
  /// A state of each synapse; starts at 0 unless initial() or Projection::initial() says otherwise.
  Expr state(const std::string& name, Unit unit = {});
  /// A trace that each source neuron (and each delay, where synapses have delays of their own) has once; it is changed
  /// by d() and on_pre().
  Expr pre_state(const std::string& name, Unit unit = {});
  /// A trace that each target neuron has once; it is changed by d() and on_post().
  Expr post_state(const std::string& name, Unit unit = {});
  Expr parameter(const std::string& name, Quantity value, const std::string& meaning = {});  ///< "PROJECTION.name", shared by all synapses
  Expr pre(const std::string& state, Unit unit);            ///< a state or per-neuron parameter of the source neuron
  Expr post(const std::string& state, Unit unit);           ///< of the target neuron
  Expr time();                                              ///< of the event, or start of the step [ms]
  Expr dt();

  /// plasticity.d(x) = rate: dx/dt between events. A rate of a synapse's state may read all; that of a trace, its own
  /// side only.
  class Derivative {
   public:
    void operator=(const Expr& rate);  // NOLINT: assignment is the point

   private:
    friend class Plasticity;
    Derivative(Plasticity& owner, Expr state) : owner_(owner), state_(std::move(state)) {}
    Plasticity& owner_;
    Expr state_;
  };
  [[nodiscard]] Derivative d(const Expr& state) { return {*this, state}; }
  /// This state of each synapse is not stepped: at an event it is brought there by the closed form of its equation,
  /// which must be linear in it with coefficients that all synapses share (an eligibility that decays, say). Costs 4
  /// bytes a synapse.
  void event_driven(const Expr& state);

  /// At a pre event: state = value. The state is one of the synapse, or a trace of the source (value then reads the
  /// source only).
  void on_pre(const Expr& state, const Expr& value);
  /// At a post event: the state is one of the synapse, or a trace of the target (value then reads the target only).
  void on_post(const Expr& state, const Expr& value);
  /// At a pre event, what arrives at the target: added to the synapse's receiving state. Once.
  void sends(const Expr& value);

  /// Initial value of a state; may use parameters, and, for states of synapses, randn() and rand().
  void initial(const Expr& state, const Expr& value);
  /// Integration method of what d() gives; empty: chosen by the equations.
  void method(const std::string& name);
  /// Of states, traces and expressions; that of the target unless given. f32: 4 bytes for each state of a synapse.
  void precision(Precision p);

  /// The equations and statements, one a line, as text.
  [[nodiscard]] std::string text() const;
  Plasticity& set(const std::string& parameter, Quantity value);  ///< as Model::set()
  [[nodiscard]] const detail::PlasticityData& data() const { return *data_; }

 private:
  detail::PlasticityData& own();
  std::shared_ptr<detail::PlasticityData> data_;  // copied on write
};

}  // namespace ranvier
