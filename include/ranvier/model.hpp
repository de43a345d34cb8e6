// A model of a neuron (or of a synapse) as a value: states, parameters, inputs, equations, threshold, reset.
//
//   Model lif{"lif"};
//   auto V = lif.state("V", mV);
//   auto tau = lif.parameter("tau", 20 * ms, "membrane time constant");
//   lif.d(V) = (-60 * mV - V) / tau;
//   lif.threshold(V >= -50 * mV);
//   lif.reset(V, -60 * mV);
//   lif.refractory(5 * ms, {V});
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "ranvier/expr.hpp"
#include "ranvier/inputs.hpp"

namespace ranvier {

namespace detail {
struct ModelData;
struct ModelAccess;
}

/// When a neuron spikes. `level`: in every step after which the condition holds; `crossing`: when it becomes true.
struct Threshold {
  Threshold(Condition level) : now(std::move(level)) {}  // NOLINT
  Threshold(Condition before_, Condition now_) : before(std::move(before_)), now(std::move(now_)), crossing(true) {}
  Condition before, now;  ///< for a crossing: `before` on the old state and `now` on the new one
  bool crossing = false;
};
/// x was below `level` before the step and is at or above it after.
Threshold crosses_up(const Expr& x, const Expr& level);

/// How an input is treated by methods that linearise an equation around its own variable (exp_euler).
enum class InputKind {
  inside,  ///< part of the equation: what flows through it counts in the linear coefficient
  held     ///< evaluated once from the old state and constant over the step, as a plain argument of the derivative is
};

enum class Precision { f32, f64 };

/// What becomes of a jump that arrives while the state is kept by a refractory period.
enum class WhileRefractory { drop, keep };

class Model {
 public:
  explicit Model(std::string name);
  [[nodiscard]] const std::string& name() const;
  /// One line on what it is, and where it is from (paper and equation numbers): what `ranvier show` prints.
  Model& describe(const std::string& summary, const std::string& source);

  // A copy of a model may be changed without the original; what state() and parameter() returned before serves both.
  /// A state variable; starts at 0 unless initial() says otherwise. UserError if the name is taken or not an identifier.
  Expr state(const std::string& name, Unit unit = {});
  /// Several dimensionless states: auto [m, h, n] = model.states("m", "h", "n").
  template <class... Names>
  std::array<Expr, sizeof...(Names)> states(const Names&... names) {
    return {state(names)...};
  }
  /// A parameter with its default; shared by the population, or one value per neuron where the population says so. `meaning` is
  /// for readers.
  Expr parameter(const std::string& name, Quantity value, const std::string& meaning = {});
  /// Another default for a parameter. UserError with near names if there is no such parameter, UnitError if the unit differs.
  Model& set(const std::string& parameter, Quantity value);
  /// A sum of what synapses and users send in; 0 where nothing does.
  Expr input(const std::string& name, Unit unit, InputKind kind = InputKind::inside);
  /// White noise of unit 1/sqrt(time), independent for each neuron and name: dx/dt = f + g xi is dx = f dt + g dW in the sense of Ito.
  /// Enters the equations linearly; methods euler_maruyama and milstein.
  Expr noise(const std::string& name);
  /// Values over time as an expression. UserError unless it has whole rows of finite values, and at simulation where it is shorter than a
  /// run or its rows are not of the population's size.
  Expr time_array(const std::string& name, TimeArray values);
  /// A state, parameter or input that was declared before, by name: for parts that are added to models. UserError if there is none.
  Expr find(const std::string& name) const;
  Expr time();  ///< start of the step [ms]
  Expr dt();    ///< the time step [ms]
  /// Names an intermediate expression so that messages and dumps can show it; returns it.
  Expr let(const std::string& name, const Expr& value);

  /// model.d(V) = expression: dV/dt. UnitError unless it has V's unit per time.
  class Derivative {
   public:
    void operator=(const Expr& rate);  // NOLINT: assignment is the point

   private:
    friend class Model;
    Derivative(Model& model, Expr state) : model_(model), state_(std::move(state)) {}
    Model& model_;
    Expr state_;
  };
  [[nodiscard]] Derivative d(const Expr& state) { return {*this, state}; }

  /// In each step, after what arrives and before the equations advance: state = value (all at once, of the states as they are then).
  /// May draw rand() and randn(). A state that is frozen (refractory) keeps its value.
  void each_step(const Expr& state, const Expr& value);
  /// Adds to what an input of this model receives. UnitError unless it has the input's unit.
  void inject(const Expr& input, const Expr& value);
  /// The population spikes as the list says; the model then has no threshold. UserError for times that are negative or not finite; at
  /// simulation for ids beyond the population, and for two spikes of one neuron in one step.
  void emits(SpikeTrain spikes);

  void threshold(const Threshold& when);
  /// At a spike, after the step: state = value (of the new state). Several take effect in the order given. UserError when
  /// simulated without a threshold; the same for refractory().
  void reset(const Expr& state, const Expr& value);
  /// For exactly round(duration/dt) (halves up; at most 2^24) updates after a spike the `frozen` states keep their value and no spike is emitted.
  void refractory(Quantity duration, const std::vector<Expr>& frozen);
  /// The same with a duration made of parameters (UserError if it reads anything else), which may differ between neurons.
  void refractory(const Expr& duration, const std::vector<Expr>& frozen);
  /// Default initial value; may use randn() and rand(), parameters, not states.
  void initial(const Expr& state, const Expr& value);
  /// Default integration method (see docs/methods.md) and precision; empty: chosen by the equations.
  void method(const std::string& name);
  void precision(Precision p);

  // For synapses. Those that receive live with their targets, one state for all that arrives, unless Projection::aligned_to_pre();
  // the others live with their sources, one state for all targets, and their value is propagated in every step.
  /// What arrives is added to this state. Aligned to the pre side a spike adds one (of the state's unit).
  void receives(const Expr& state);
  /// What acts on the target, Output::synaptic(): default the state that receives. Where the synapse lives with its source, a value
  /// of the end of a step acts in the next one.
  void sends(const Expr& value);
  /// At a spike of the source, after the step: state = value. Several take effect in the order given.
  void on_spike(const Expr& state, const Expr& value);
  /// In every step after the equations, before on_spike(): state = value. For synapses that live with their sources.
  void every_step(const Expr& state, const Expr& value);
  /// A state of the source neuron, for equations and sends() of a synapse that lives there (graded release, gap junctions).
  Expr pre(const std::string& state, Unit unit);
  /// No synaptic state: what arrives is added to this state of the target, at the start of the step.
  void jumps(const std::string& state, Unit unit, WhileRefractory during = WhileRefractory::drop);

  /// The equations, one a line, as text.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] const detail::ModelData& data() const { return *data_; }

 private:
  friend struct detail::ModelAccess;
  detail::ModelData& own();  // copy on write: a Model is a value
  std::shared_ptr<detail::ModelData> data_;
};

/// How a synapse's state acts on its target: the current as a function of the synapse's state and of post-synaptic states.
class Output {
 public:
  explicit Output(std::string name);
  Expr synaptic(Unit unit);                                ///< the synapse's state
  Expr post(const std::string& state, Unit unit);          ///< a state of the target
  /// The sum of the weights of a target's synapses, for currents such as sum of w (V_j - V_i). Synapses aligned to the pre side.
  Expr total_weight(Unit unit);
  Expr parameter(const std::string& name, Quantity value, const std::string& meaning = {});
  void current(const Expr& value);
  Output& describe(const std::string& summary, const std::string& source);  ///< as Model::describe()
  Output& set(const std::string& parameter, Quantity value);                ///< as Model::set()
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const detail::ModelData& data() const { return *data_; }

 private:
  std::shared_ptr<detail::ModelData> data_;  // copied on write
};

/// dg/dt = -g/tau; an arrival adds its weight to g [weight_unit].
Model exponential(Quantity tau, Unit weight_unit = units::nS);
/// I = g (E - V): conductance-based; `weight_unit` is that of g, a conductance or one per area.
Output coba(Quantity reversal, const std::string& voltage = "V", Unit weight_unit = units::nS);
/// I = g: current-based (the weight is a current).
Output cuba(Unit weight_unit = units::pA);

}  // namespace ranvier
