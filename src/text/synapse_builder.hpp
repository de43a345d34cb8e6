// From the text of a synapse to the forms that projections know; see synapse_text.hpp.
//
//   BuiltSynapse s = SynapseBuilder(name, text, use, around).run();
#pragma once

#include <functional>

#include "model/model_data.hpp"
#include "text/compile.hpp"
#include "text/equations.hpp"
#include "text/parameter_values.hpp"
#include "text/synapse_text.hpp"

namespace ranvier::text {

class SynapseBuilder {
 public:
  SynapseBuilder(const std::string& name, const SynapseText& text, const SynapseUse& use, const Surroundings& around)
      : name_(name), text_(text), use_(use), around_(around), equations_(text.equations), on_pre_(text.on_pre), on_post_(text.on_post), each_step_(text.each_step),
        values_(text.parameters, around, report_) {}
  BuiltSynapse run();

 private:
  /// `variable`: one value a synapse, which nothing changes. `local`: set by one statement, for those after it.
  enum class What : std::uint8_t { state, variable, parameter, expression, summed, local };
  struct Entry {
    What what{};
    const Declaration* declared = nullptr;
    detail::Side side = detail::Side::synapse;
    Dimension dimension{};
    bool event_driven = false;
  };
  /// What an expression depends on.
  enum Uses : unsigned { nothing = 0, of_source = 1, of_synapse = 2, of_target = 4 };
  /// Where an expression is built: a model, an output or a plasticity.
  struct Place {
    std::function<Expr(const std::string&, Quantity)> parameter;
    std::function<Expr(const std::string&, Unit, bool pre)> neuron;
    std::function<std::optional<Expr>(const std::string&)> time;   ///< "t", "dt"; nothing: not here
    std::map<std::string, Expr> known;
    std::vector<std::string> open;                                 ///< named expressions that are being built
  };
  /// A statement that adds to a variable of the target.
  struct Sent {
    const Statement* statement = nullptr;
    std::string variable;
    bool jump = false;   ///< of the neuron's own state; else the state of the projection's synapse
  };

  void declare();
  void declare_one(const Declaration& d);
  void classify();
  void add_locals(const std::vector<Statement>& statements, const Source& source);
  bool is_assigned(const std::string& name) const;
  bool stepped(const std::string& name) const;   ///< set by each_step
  std::optional<std::string> neuron_variable(const std::string& name, bool& pre) const;
  const detail::StateData* state_of(const SynapseEnd& end, const std::string& name) const;
  std::optional<std::string> target_variable(const Statement& s) const;
  void check_statements(const std::vector<Statement>& statements, const Source& source, bool pre);
  unsigned uses(const Syntax& e, std::set<std::string>* open = nullptr) const;
  unsigned uses_of(const std::string& name, std::set<std::string>* open) const;
  void choose_sides();
  bool one_initial_value(const std::string& name) const;
  bool fits_side(const std::string& name, detail::Side side) const;
  bool reads_only(const Syntax& e, detail::Side side) const;
  std::string weight_name() const;

  Names names(Place& place, const Source& source);
  std::optional<Expr> find(Place& place, const std::string& name, const Source& source);
  std::optional<Expr> neuron_value(Place& place, const std::string& name);
  std::vector<std::string> known() const;
  Expr changed(const Expr& state, const Statement& s, const Expr& value) const;
  std::optional<Expr> value_of(Place& place, const Statement& s, const Source& source, const Dimension& d);
  void fail(const Source& source, Span at, std::string problem, std::string remedy) { report_.add(source, at, std::move(problem), std::move(remedy)); }

  void build_plain_or_plastic(BuiltSynapse& out);
  bool build_plain(BuiltSynapse& out);
  void build_plastic(BuiltSynapse& out);
  void plastic_statements(Plasticity& p, Place& place, const std::vector<Statement>& statements, const Source& source, bool pre);
  void build_summed(BuiltSynapse& out);
  bool write_out(const Syntax& e, Syntax& to, std::size_t depth);
  std::optional<Syntax> take_source_part(Syntax& e);
  void check_each_step();
  bool states_of_source();
  bool reads_source_neuron(const Syntax& part) const;
  bool declare_states(Model& m, Place& place);
  bool model_at_target(BuiltSynapse& out, const Syntax& part, bool weighted);
  void model_at_source(BuiltSynapse& out, const Syntax& part);
  bool make_output(BuiltSynapse& out, const Syntax& rest, const Dimension& part, const std::string& weight, bool at_source);
  Place place_in(Model& m);
  Place place_in(Plasticity& p);
  Place place_in(Output& o);

  const std::string& name_;
  const SynapseText& text_;
  const SynapseUse& use_;
  const Surroundings& around_;
  Report report_;
  Source equations_, on_pre_, on_post_, each_step_;
  std::vector<Declaration> declarations_;
  std::vector<Statement> pre_, post_, steps_;
  std::vector<std::string> order_;                 ///< of declaration
  std::map<std::string, Entry> entries_;
  std::set<std::string> broken_;
  ParameterValues values_;
  std::optional<Sent> sent_;
  const Declaration* summed_ = nullptr;
};

}  // namespace ranvier::text
