// Reads a network file. Mistakes are collected; what depends on something that has one is left out without a word.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "ranvier/channel.hpp"
#include "ranvier/network_file.hpp"
#include "text/compile.hpp"
#include "text/network_file_nodes.hpp"
#include "text/surroundings.hpp"
#include "text/synapse_text.hpp"

namespace ranvier::text {

/// "name(a, key = b)" or { name = "...", key = ... }.
struct Part {
  struct Argument {
    std::string name;  ///< empty: by position
    Node value;
    bool used = false;
  };
  std::string name;
  TextPiece at;
  std::vector<Argument> arguments;
};

/// A population that is not in the network yet: inputs are added to its model first.
struct PendingPopulation {
  Model model;
  std::uint32_t size = 0;
  const Member* member = nullptr;
  std::vector<std::pair<std::string, Expr>> laws;  ///< parameters that differ between neurons
};

[[nodiscard]] std::vector<std::string> parameter_names(const detail::ModelData& m);

/// One value for each neuron or synapse, in coherent units.
struct ValueList {
  std::vector<double> numbers;
  Unit unit;
};

class FileReader {
 public:
  FileReader(const std::string& text, const std::string& file, const ConstantValues& set, const RunOverrides& run)
      : text_(text), file_(file), set_(set), overrides_(run) {}
  NetworkFile run();

 private:
  void fail(const TextPiece& at, std::string problem, std::string remedy = {});
  bool guard(const TextPiece& at, const std::function<void()>& f);
  /// Notes where a part stands and each of its keys.
  void note(const std::string& part, const TextPiece& at, const Node& table);
  void note_method(const Node& value);
  bool check_keys(const Node& table, const std::string& what, const std::vector<std::string>& known);
  const Node* required(const Node& table, const std::string& key, const TextPiece& at);
  std::optional<TextPiece> piece(const Node& node, const std::string& what);
  std::optional<Quantity> quantity(const Node& node, const std::string& what, const std::optional<Dimension>& wanted = {});
  std::optional<std::int64_t> whole(const Node& node, const std::string& what, double least, double most);
  std::optional<Expr> expression(const Node& node, const std::string& what, const Names& names);
  bool truth(const Node& node, const std::string& what);
  std::optional<std::size_t> choice(const Node& node, const std::string& what, const std::vector<std::string>& known);
  std::optional<Part> part(const Node& node, const std::string& what);
  bool set_arguments(Part& part, const std::vector<std::string>& names, const std::function<void(const std::string&, Quantity)>& set);
  std::optional<std::vector<Quantity>> arguments(Part& part, const std::vector<std::string>& names, std::size_t required);
  std::optional<Quantity> constant(const std::string& name);
  Names constant_names();
  Names value_names();
  Names neuron_names(const Model& model, std::uint32_t size);
  Names synapse_names();
  Names names_in(PendingPopulation& population);

  void read_constants();
  void read_run();
  void read_run(const Member& section);
  void read_model(const Member& member);
  std::optional<Model> text_model(const Member& member);
  std::optional<Model> changed_model(const Node& table);
  std::optional<Model> model_of(const Node& node);
  void set_parameters(Model& model, const Node& table);
  static std::vector<std::pair<std::string, const Member*>> flat(const Node& table, const std::string& prefix = "");
  void read_channel(const Member& member);
  static std::vector<std::string> group_keys();
  std::optional<Model> group(const Member& member);
  std::optional<Channel> channel_of(const Node& node);
  std::optional<Ion> ion_of(const Node& node);
  void group_options(const Node& table, ConductanceOptions& options);
  void read_population(const Member& member);
  void add_population(const std::string& name, const PendingPopulation& pending);
  void read_array(const Member& member);
  const TimeArray* array(const std::string& name) const;
  std::optional<TimeArray> array_table(const Node& table);
  std::optional<Waveform> waveform(const Node& node);
  std::optional<std::vector<Quantity>> quantities(const Node& list, const std::string& what, const Member* unit);
  static bool is_value_list(const Node& n);
  std::optional<ValueList> value_list(const Node& node, const std::string& what);
  void set_initial(Projection& p, const Member& m);
  std::optional<Model> spike_list(const Node& table, std::uint32_t size);
  void read_input(const Node& table);
  void add_input(const Node& table, PendingPopulation& population, const View& view);
  std::optional<std::string> input_name(const Node& table, const Model& model);
  void add_expression(const Node& value, const std::string& input, PendingPopulation& population, const View& view);
  void add_waveform(const Waveform& values, const std::string& name, const std::string& input, PendingPopulation& population, const View& view);
  void add_noise(const Node& value, const std::string& wanted, const std::string& input, PendingPopulation& population, const View& view);
  using Laws = std::vector<std::pair<Quantity, std::optional<Expr>>>;
  std::optional<Laws> laws(Part& p, const std::vector<std::string>& names, const PendingPopulation& population, std::size_t needed);
  void set_laws(const Laws& given, const std::vector<std::string>& names, const std::string& name, const std::vector<std::size_t>& amounts,
                PendingPopulation& population, const View& view);
  void add_poisson(const Node& value, const std::string& name, const std::string& state, PendingPopulation& population, const View& view);
  void read_projection(const Node& table);
  void read_recording(const Node& table);
  Recording recording(const Node& table);
  std::string recording_name(const Node& table, const Recording& r, bool several);
  bool recorded_variable(Recording& r, const Node& what);
  bool recorded_expression(Recording& r, const Node& what);
  void read_list(const char* name, void (FileReader::*read)(const Node&));
  std::optional<View> view(const Node& node);
  /// Whole numbers below `size`: one, a list of them, or "0:10", "0:10:2".
  std::optional<std::vector<std::uint32_t>> indices(const Node& node, const std::string& what, std::uint64_t size);
  std::optional<Rule> rule(const Node& node, std::uint32_t n_pre, std::uint32_t n_post);
  std::optional<Rule> made_rule(Part& p, std::uint32_t n_pre, std::uint32_t n_post);
  std::optional<Rule> listed_rule(Part& p);
  void check_listed_weights(const Projection& p);
  std::optional<Rule> matrix_rule(const Node& values, bool mask, const Member* unit);
  std::optional<Rule> computed_rule(Part& p, std::uint32_t n_pre, std::uint32_t n_post);
  std::optional<Rule> spatial_bernoulli(const Part& p);
  bool is_pairwise(const Node& node);
  std::optional<bool> take_truth(Part& p, const std::string& name);
  std::optional<std::vector<std::uint32_t>> take_shape(Part& p, const std::string& name);
  void fill_receptors(Projection& p, const Node& table, const Node& list);
  void set_positions(Population& population, const Node& node);
  std::optional<Positions> positions(Part& p, const Node& node);
  std::map<std::string, TextPiece> texts(const Node& table, const char* key, std::set<std::string>* broken = nullptr);
  void fill(Projection& p, const Node& table);
  bool unknown_synapse(const Node& node);
  Output output(const std::string& name, const Projection& p, const Node& table);
  void fill_options(Projection& p, const Node& table);
  void fill_parts(Projection& p, const Node& table);
  void read_synapse(const Member& member);
  void changed_by_synapses(Surroundings& around) const;
  void regular_statements(const Node& table, ModelText& t);
  const Node* own_synapse(const Node& table) const;
  void fill_own_synapse(Projection& p, const Node& table, const Node& wanted);
  void fill_own_weight(Projection& p, const Node& table, const BuiltSynapse& built, const SynapseText& text, bool listed);
  Surroundings surroundings();

  const std::string& text_;
  const std::string& file_;
  const ConstantValues& set_;
  const RunOverrides& overrides_;
  Report report_;
  NetworkFile out_;
  Node root_;
  std::map<std::string, std::optional<Quantity>> constants_;  ///< nothing: has a mistake
  std::vector<std::string> open_;
  std::map<std::string, std::optional<Channel>> channels_;
  std::map<std::string, std::optional<Model>> models_;
  std::map<std::string, std::optional<SynapseText>> synapses_;
  std::map<std::string, std::optional<TimeArray>> arrays_;
  std::map<std::string, std::optional<PendingPopulation>> pending_;
  std::map<std::string, std::optional<Population>> populations_;
  std::map<std::string, std::optional<Projection>> projections_;
  /// The unit of the weights in the latest rule, and where they stand; none: plain numbers, or no list.
  std::optional<std::pair<Dimension, TextPiece>> listed_weights_;
};

}  // namespace ranvier::text
