// From models and networks back to text: the inverse of reading. What is written reads back to the same nodes, bit for bit.
//
//   Names names = names_of(model);
//   std::string s = Writer(model.scope->graph, names).write(node, dimension::voltage);      // "13*mV - V + VT"
//   std::string section = write_model("hh", model, names);
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"
#include "text/ast.hpp"

namespace ranvier::text {

/// A quantity as an expression that has its very value: "10*nS", "0.32/mV".
[[nodiscard]] std::string write_quantity(Quantity q);
/// A string of TOML, in quotes.
[[nodiscard]] std::string toml_string(const std::string& text);

/// What nodes of a graph are called, and in what dimension.
struct WrittenNames {
  struct Name {
    std::string text;
    Dimension dimension{};
  };
  std::unordered_map<ir::NodeId, Name> of;
  std::set<std::string> taken;
  /// An identifier that equations may declare: characters that cannot stand become '_', reserved names and names that are taken get
  /// one behind.
  std::string fresh(const std::string& wanted);
};

/// Nodes carry no dimensions: those of symbols are known, the others follow, and literals take what is left. Where a factor of one
/// unit has vanished from the graph it is written again.
class Writer {
 public:
  Writer(const ir::Graph& graph, const WrittenNames& names, std::string where) : graph_(graph), names_(names), where_(std::move(where)) {}
  /// UnsupportedError, naming `where`, for what the syntax of equations cannot say.
  [[nodiscard]] std::string write(ir::NodeId node, const Dimension& wanted);
  [[nodiscard]] std::string write_condition(ir::NodeId node);
  /// The two sides of a comparison.
  [[nodiscard]] std::pair<std::string, std::string> write_sides(ir::NodeId comparison);
  /// The same for a node that has a name: what the name stands for.
  [[nodiscard]] std::string write_definition(ir::NodeId node, const Dimension& wanted);

 private:
  struct Text {
    std::string text;
    int binding = 0;
  };
  using Wanted = std::optional<Dimension>;
  void learn(ir::NodeId root);
  [[nodiscard]] Wanted dimension_of(ir::NodeId id) const;
  [[nodiscard]] Wanted derived(ir::NodeId id) const;
  [[nodiscard]] std::string whole(ir::NodeId root, const Wanted& wanted, bool own_name);
  [[nodiscard]] Text node(ir::NodeId id, const Wanted& wanted);
  [[nodiscard]] std::pair<Text, Text> sides(ir::NodeId comparison);
  [[nodiscard]] Text bare(ir::NodeId id, const Dimension& d);
  [[nodiscard]] Text product(ir::NodeId id, const Dimension& d);
  [[nodiscard]] Text call(ir::NodeId id, const Dimension& d);
  [[nodiscard]] Text infix(const char* symbol, Form form, const Text& a, const Text& b) const;
  [[nodiscard]] std::string operand(const Text& t, int least) const { return t.binding < least ? "(" + t.text + ")" : t.text; }
  [[noreturn]] void refuse(const std::string& what) const;

  const ir::Graph& graph_;
  const WrittenNames& names_;
  std::string where_;
  std::unordered_map<ir::NodeId, Wanted> known_;
  std::optional<ir::NodeId> defining_;   ///< this node's name is not used
  std::size_t length_ = 0, depth_ = 0;
};

/// A whole file. UnsupportedError as above.
[[nodiscard]] std::string write_network(const NetworkFile& file, LibraryParts parts);
/// Names of a model's symbols and of its named expressions.
[[nodiscard]] WrittenNames names_of(const detail::ModelData& model);
/// The section [models.NAME]. UnsupportedError for what the format cannot say.
[[nodiscard]] std::string write_model(const std::string& name, const detail::ModelData& model);

/// The models of the two populations that a projection connects.
struct SynapseEnds {
  const detail::ModelData &pre, &post;
};
/// The section [synapses.NAME] of a projection's synapse with its output, and of its plasticity beside a synapse that has a name.
[[nodiscard]] std::string write_synapse(const std::string& name, const SynapseEnds& ends, const detail::ProjectionData& p);
[[nodiscard]] std::string write_plasticity(const std::string& name, const SynapseEnds& ends, const detail::ProjectionData& p);

/// A network of two neurons that uses this synapse, output or plasticity of the library; nothing for other kinds.
[[nodiscard]] std::optional<Network> example_of(const models::Part& part);

}  // namespace ranvier::text
