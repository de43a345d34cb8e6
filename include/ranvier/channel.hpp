// Ion channels, the ions that they share, and the conductance-based group that collects them into the model of a neuron.
//
//   Channel leak{"IL"};
//   auto g = leak.parameter("g_max", 0.05 * mS_per_cm2), E = leak.parameter("E", -60 * mV);
//   leak.current(g * (E - leak.voltage()));
//   Model hh = conductance_group("HH", {.C = 1 * uF_per_cm2}, {sodium, potassium, leak});
//   auto N = net.add("N", hh, 4000);
//   net.set("N.IL.g_max", 0.1 * mS_per_cm2);          // and N["INa.p"] records a gate
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ranvier/model.hpp"

namespace ranvier {

namespace units {
inline constexpr Unit mS_per_cm2 = mS / (cm * cm), uF_per_cm2 = uF / (cm * cm), uA_per_cm2 = uA / (cm * cm);
inline constexpr Unit mM{dimension::concentration, -18};  ///< millimoles per litre
}  // namespace units

namespace detail {
struct GroupComposer;
}

/// What a channel sees of an ion.
struct IonView {
  Expr concentration;  ///< inside the cell [mM]
  Expr reversal;       ///< [mV]
};

/// Kinetics by opening and closing rates, dx/dt = alpha (1 - x) - beta x, or by dx/dt = (inf - x) / tau.
struct Rates {
  Expr alpha, beta;  ///< 1/ms
};
struct Relaxation {
  Expr inf;  ///< no unit
  Expr tau;  ///< ms
};

/// An ion channel: states and parameters of its own, the group's voltage and ions, and the current that it gives. A value.
class Channel : private Model {
 public:
  explicit Channel(std::string name);
  using Model::name, Model::state, Model::states, Model::parameter, Model::let, Model::d, Model::initial, Model::time,
      Model::dt, Model::text, Model::describe;

  /// The membrane voltage of the group [mV].
  Expr voltage();
  /// An ion of the group. A group without it is an error.
  IonView ion(const std::string& name);
  /// A gate (dimensionless state) that starts in its steady state. `speed` multiplies the rates (temperature).
  Expr gate(const std::string& name, const Rates& rates, const Expr& speed = 1.0);
  Expr gate(const std::string& name, const Relaxation& relaxation, const Expr& speed = 1.0);
  /// A current into the cell (positive: depolarises), in pA or per area as the group's capacitance is. With `ion`, it also
  /// counts as that ion's current. Several calls add up.
  void current(const Expr& inward, const std::string& ion = {});

  /// A copy with other defaults: INa().with({{"g_max", 100 * mS_per_cm2}}). UserError with near names for an absent parameter,
  /// UnitError for one in another unit.
  [[nodiscard]] Channel with(const std::map<std::string, Quantity>& parameters) const;
  /// A copy of another name, so that a group may have two of a kind.
  [[nodiscard]] Channel named(const std::string& name) const;
  struct Current {
    Expr value;
    std::string ion;  ///< empty: none
  };
  [[nodiscard]] const std::vector<Current>& currents() const { return currents_; }
  [[nodiscard]] const detail::ModelData& data() const { return Model::data(); }

 private:
  friend struct detail::GroupComposer;
  Expr placeholder(const std::string& name, Dimension dimension);
  std::vector<Current> currents_;
  std::vector<std::string> ions_;
};

/// The concentration of an ion inside a cell and its reversal potential, shared by the channels of one group.
class Ion : private Model {
 public:
  explicit Ion(std::string name);
  using Model::name, Model::state, Model::states, Model::parameter, Model::let, Model::d, Model::initial, Model::time,
      Model::dt, Model::text, Model::describe;

  Expr voltage();
  /// The sum of the currents into the cell that the group's channels carry by this ion, in `unit`.
  Expr current(Unit unit);
  void concentration(const Expr& inside);  ///< what channels see [mM]; UnitError for another dimension
  void reversal(const Expr& potential);    ///< what channels see [mV]; UnitError for another dimension
  [[nodiscard]] const std::optional<Expr>& concentration() const { return concentration_; }
  [[nodiscard]] const std::optional<Expr>& reversal() const { return reversal_; }

  [[nodiscard]] Ion with(const std::map<std::string, Quantity>& parameters) const;  ///< as a channel's
  [[nodiscard]] Ion named(const std::string& name) const;
  [[nodiscard]] const detail::ModelData& data() const { return Model::data(); }

 private:
  friend struct detail::GroupComposer;
  std::optional<Expr> concentration_, reversal_;
};

/// Nernst potential RT/(zF) log(outside/inside); `temperature` in kelvin.
[[nodiscard]] Expr nernst(const Expr& inside, const Expr& outside, int valence, const Expr& temperature);

/// How gates start: in their steady state at V_init, or at 0 (as a BrainPy group does that was not reset).
enum class Gates { steady, zero };

struct ConductanceOptions {
  Quantity C = 1.0 * units::uF_per_cm2;    ///< a capacitance (currents in pA) or one per area (currents in pA/um^2)
  std::optional<Quantity> A = {};          ///< area: the input is then a current [pA], and is divided by it; C per area
  Quantity V_th = 0.0 * units::mV;         ///< a spike is an upward crossing
  Quantity V_init = -65.0 * units::mV;
  InputKind input = InputKind::inside;     ///< of the input "I", unless a projection says otherwise
  Gates gates = Gates::steady;
  std::vector<Ion> ions = {};
  std::vector<std::string> shared = {};    ///< parameters that channels have in common: one "V_sh" instead of "INa.V_sh", "IK.V_sh"
};

/// C dV/dt = I + the sum of the channels' currents. States "V", "INa.p" ...; parameters "C", "A", "V_th", "V_init", "INa.g_max" ...;
/// input "I". UserError that names channel and ion where an ion is lacking, for two parts of one name, for shared parameters
/// whose defaults differ; UnitError for a current that does not fit C.
[[nodiscard]] Model conductance_group(const std::string& name, const ConductanceOptions& options, const std::vector<Channel>& channels);

}  // namespace ranvier
