#include <algorithm>
#include <cmath>

#include "model/model_data.hpp"
#include "ranvier/io.hpp"
#include "ranvier/sonata.hpp"
#include "sonata/json.hpp"
#include "sonata/table.hpp"

namespace ranvier {
namespace {

using sonata::Json;
using sonata::Table;
namespace fs = std::filesystem;

std::string word(const std::string& text) { return text.empty() ? "NULL" : text; }
Json file_in(const std::string& name) { return Json("$BASE_DIR/" + name); }

void write_parameters(const fs::path& folder, const std::string& name, const std::vector<std::pair<std::string, double>>& values) {
  std::vector<std::pair<std::string, Json>> members;
  for (const auto& [parameter, value] : values) {
    if (!std::isfinite(value)) throw UnsupportedError("'" + name + "." + parameter + "' is not finite, which JSON cannot hold", "give it a finite value");
    members.emplace_back(parameter, Json(value));
  }
  sonata::write_text(folder / "components" / (name + ".json"), Json(std::move(members)).print() + "\n");
}

class Saver {
 public:
  Saver(const Network& network, const fs::path& folder, SimulationOptions options)
      : net_(network.data()), folder_(folder), sim_(network, quiet(std::move(options))) {}

  void save() {
    std::error_code error;
    fs::create_directories(folder_ / "components", error);
    if (error) throw UserError(folder_.string(), "it cannot be made: " + error.message(), "choose another folder");
    save_nodes();
    std::vector<Json> edges;
    for (const auto& p : net_.projections) edges.push_back(save_projection(p));
    using Members = std::vector<std::pair<std::string, Json>>;
    const Json nodes(Members{{"nodes_file", file_in("nodes.h5")}, {"node_types_file", file_in("node_types.csv")}});
    const Json config(Members{
        {"manifest", Json(Members{{"$BASE_DIR", Json(std::string("."))}})},
        {"components", Json(Members{{"point_neuron_models_dir", file_in("components")}, {"synaptic_models_dir", file_in("components")}})},
        {"networks", Json(Members{{"nodes", Json(std::vector<Json>{nodes})}, {"edges", Json(std::move(edges))}})}});
    sonata::write_text(folder_ / "circuit_config.json", config.print() + "\n");
  }

 private:
  /// Nothing is run: kernels need not be compiled.
  static SimulationOptions quiet(SimulationOptions o) {
    o.backend = Backend::interpreter;
    o.dump.clear();
    return o;
  }

  void save_nodes() {
    Table types{{}, {"node_type_id", "population", "model_type", "model_template", "dynamics_params", "external"}, {}};
    std::vector<io::NodePopulation> populations;
    for (const auto& p : net_.populations) {
      io::NodePopulation out{p.name, p.size, static_cast<std::int64_t>(populations.size()), {}};
      std::vector<std::pair<std::string, double>> shared;
      for (const auto& q : p.model.parameters) {
        auto values = sim_.get(p.name, q.name);
        const bool same = std::all_of(values.begin(), values.end(), [&](double x) { return x == values[0]; });
        if (same && !p.parameter_values.contains(q.name)) {
          shared.emplace_back(q.name, values[0]);
        } else {
          out.dynamics.push_back({q.name, unit_text(q.value.dimension), std::move(values)});
        }
      }
      for (const auto& s : p.model.states) out.dynamics.push_back({s.name, unit_text(s.dimension), sim_.get(p.name, s.name)});
      if (p.positions) out.points = sim_.positions(p.name);
      std::string external;
      for (const auto& input : p.external) external += (external.empty() ? "" : ",") + input;
      types.rows.push_back({std::to_string(out.type), p.name, "point_neuron", "ranvier:" + p.model.name, p.name + ".json", word(external)});
      write_parameters(folder_, p.name, shared);
      populations.push_back(std::move(out));
    }
    sonata::write_text(folder_ / "node_types.csv", types.print());
    io::write_nodes(folder_ / "nodes.h5", populations);
  }

  static std::string unit_text(const Dimension& d) { return d.is_none() ? "" : unit_name(d); }

  Json save_projection(const detail::ProjectionData& p) {
    if (!p.synapse || !p.output) {
      throw UnsupportedError("projection '" + p.name + "' has no synapse with an output, and SONATA has no place for what it has instead",
                             "save the network without it");
    }
    auto edges = sim_.connectivity(p.name);
    const bool one_weight = p.weight_given && !p.weighted();
    const auto first_delay = edges.delay.empty() ? p.delay.value : edges.delay[0];
    const bool one_delay = std::all_of(edges.delay.begin(), edges.delay.end(), [&](double d) { return d == first_delay; });
    Table types{{},
                {"edge_type_id", "population", "source", "target", "model_template", "dynamics_params", "syn_weight", "delay", "output", "input",
                 "pre_first", "pre_last", "post_first", "post_last", "separate", "arrivals", "current"},
                {}};
    const auto current = !p.current ? "NULL" : *p.current == InputKind::held ? "held" : "inside";
    types.rows.push_back({"0", p.name, p.pre.population, p.post.population, "ranvier:" + p.synapse->name, p.name + ".json",
                          one_weight ? sonata::shortest(p.weight.value) : "NULL", one_delay ? sonata::shortest(first_delay) : "NULL", p.output->name,
                          word(p.input), std::to_string(p.pre.first), std::to_string(p.pre.last), std::to_string(p.post.first),
                          std::to_string(p.post.last), p.separate ? "1" : "0",
                          p.arrivals == Arrivals::before_decay ? "before_decay" : "after_decay", current});
    const std::string types_file = "edge_types_" + p.name + ".csv", edges_file = "edges_" + p.name + ".h5";
    sonata::write_text(folder_ / types_file, types.print());
    std::vector<std::pair<std::string, double>> shared;
    for (const auto* part : {&*p.synapse, &*p.output}) {
      for (const auto& q : part->parameters) shared.emplace_back(q.name, q.value.value);
    }
    write_parameters(folder_, p.name, shared);
    if (one_weight) edges.weight = {p.weight.value};
    const auto received = p.synapse->receives ? p.synapse->states[*p.synapse->receives].dimension : p.weight.dimension;
    const auto unit = unit_text(one_weight ? p.weight.dimension : received);
    const io::EdgesView view{p.name, p.pre.population, p.post.population, size_of(p.pre.population), size_of(p.post.population),
                             edges.pre, edges.post, edges.weight, edges.delay, unit};
    io::write_edges(folder_ / edges_file, std::span(&view, 1));
    return Json(std::vector<std::pair<std::string, Json>>{{"edges_file", file_in(edges_file)}, {"edge_types_file", file_in(types_file)}});
  }

  std::uint64_t size_of(const std::string& population) const {
    const auto p = std::find_if(net_.populations.begin(), net_.populations.end(), [&](const auto& q) { return q.name == population; });
    return p->size;
  }

  const detail::NetworkData& net_;
  fs::path folder_;
  Simulation sim_;
};

}  // namespace

void save_sonata(const Network& network, const fs::path& folder, SimulationOptions options) { Saver(network, folder, std::move(options)).save(); }

}  // namespace ranvier
