#include <algorithm>

#include "model/model_data.hpp"
#include "ranvier/sinks.hpp"
#include "ranvier/sonata.hpp"
#include "sonata/json.hpp"
#include "sonata/table.hpp"

namespace ranvier {
namespace {

using sonata::Json;
using sonata::Table;
namespace fs = std::filesystem;

class Loader {
 public:
  Loader(const fs::path& folder, const SonataModels& models) : folder_(folder), models_(models), path_(folder / "circuit_config.json") {}

  Network load() {
    config_ = sonata::read_json(path_);
    try {
      const auto& networks = config_.at("networks");
      for (const auto& entry : networks.at("nodes").items()) load_nodes(file(entry.at("nodes_file")), file(entry.at("node_types_file")));
      if (networks.has("edges")) {
        for (const auto& entry : networks.at("edges").items()) load_edges(file(entry.at("edges_file")), file(entry.at("edge_types_file")));
      }
    } catch (const UserError& e) {
      if (!e.where().empty()) throw;
      throw UserError(path_.string(), e.problem(), e.remedy());  // of the configuration itself
    }
    return std::move(net_);
  }

 private:
  /// With the names of the manifest replaced, relative to the configuration.
  fs::path file(const Json& text) const {
    std::string name = text.text();
    for (int round = 0; round < 8 && name.find('$') != std::string::npos && config_.has("manifest"); ++round) {
      for (const auto& key : config_.at("manifest").names()) {
        const auto at = name.find(key);
        if (at != std::string::npos) name.replace(at, key.size(), config_.at("manifest").at(key).text());
      }
    }
    return fs::path(name).is_absolute() ? fs::path(name) : folder_ / name;
  }

  static std::string model_name(const Table& table, std::size_t row) {
    const auto& text = table.text(row, "model_template");
    return text.substr(text.find(':') == std::string::npos ? 0 : text.find(':') + 1);
  }

  template <class F>
  auto look_up(const F& find, const std::string& what, const std::string& name) const {
    if (!find) throw UserError("load_sonata", "there is no function that gives " + what + " '" + name + "'", "pass one in SonataModels");
    return find(name);
  }

  /// Values of a dynamics_params file, if the row names one.
  Json parameters(const Table& table, std::size_t row, const char* folder) const {
    if (!table.has("dynamics_params") || table.text(row, "dynamics_params") == "NULL") return Json(std::vector<std::pair<std::string, Json>>{});
    fs::path where = folder_;
    if (config_.has("components") && config_.at("components").has(folder)) where = file(config_.at("components").at(folder));
    return sonata::read_json(where / table.text(row, "dynamics_params"));
  }

  [[noreturn]] static void unknown(const fs::path& path, const std::string& whose, const std::string& name) {
    throw UserError(path.string(), whose + " has no state or parameter '" + name + "', which is in the file", "give the model that was saved");
  }

  void load_nodes(const fs::path& nodes, const fs::path& types) {
    const auto table = sonata::read_table(types);
    auto populations = io::read_nodes(nodes);
    std::stable_sort(populations.begin(), populations.end(), [](const auto& a, const auto& b) { return a.type < b.type; });
    for (const auto& p : populations) {
      std::size_t row = 0;
      while (row < table.rows.size() && table.text(row, "node_type_id") != std::to_string(p.type)) ++row;
      if (row == table.rows.size()) {
        throw UserError(types.string(), "there is no node_type_id " + std::to_string(p.type) + ", which " + nodes.string() + " uses", "add the row");
      }
      if (p.size == 0 || p.size > 0xffffffffu) throw UserError(nodes.string(), "population '" + p.name + "' has " + std::to_string(p.size) + " neurons", "1 to 2^32 - 1 are possible");
      const Model model = look_up(models_.neuron, "neuron model", model_name(table, row));
      auto population = net_.add(p.name, model, static_cast<std::uint32_t>(p.size));
      const auto shared = parameters(table, row, "point_neuron_models_dir");
      for (const auto& name : shared.names()) {
        const auto* declared = parameter_of(model.data(), name);
        if (!declared) unknown(types, "model '" + model.name() + "'", name);
        population.set(name, Quantity{shared.at(name).number(), declared->value.dimension});
      }
      for (const auto& v : p.dynamics) set_values(nodes, model, population, v);
      if (p.points.dimensions > 0) population.positions(positions_of(p.points));
      if (!table.has("external") || table.text(row, "external") == "NULL") continue;
      std::string inputs = table.text(row, "external") + ",";
      for (std::size_t comma; (comma = inputs.find(',')) != std::string::npos; inputs.erase(0, comma + 1)) population.external(inputs.substr(0, comma));
    }
  }

  static Positions positions_of(const Points& points) {
    const auto dimensions = static_cast<std::size_t>(points.dimensions);
    const Positions where(Positions::Explicit{points.dimensions, points.coordinates});
    std::vector<Quantity> period;
    for (std::size_t axis = 0; axis < dimensions && points.period[axis] > 0; ++axis) period.push_back(points.period[axis] * units::um);
    return period.size() == dimensions ? where.periodic(period) : where;
  }

  static const detail::ParameterData* parameter_of(const detail::ModelData& m, const std::string& name) {
    const auto found = std::find_if(m.parameters.begin(), m.parameters.end(), [&](const auto& p) { return p.name == name; });
    return found == m.parameters.end() ? nullptr : &*found;
  }

  static void set_values(const fs::path& path, const Model& model, Population& population, const io::NodeValues& v) {
    if (const auto* declared = parameter_of(model.data(), v.name)) return population.set(v.name, v.values, Unit{declared->value.dimension, 0});
    for (const auto& s : model.data().states) {
      if (s.name == v.name) return population[v.name].set(v.values, Unit{s.dimension, 0});
    }
    unknown(path, "model '" + model.name() + "' of population '" + population.name() + "'", v.name);
  }

  /// Ids within a view, counted from its first neuron. UserError for one that is not in it.
  static void into_view(const fs::path& path, const char* side, const View& view, std::vector<std::uint32_t>& ids) {
    for (auto& id : ids) {
      if (id < view.first || id >= view.last) {
        throw UserError(path.string(), "a synapse names the " + std::string(side) + " neuron " + std::to_string(id) + " of '" + view.population + "'",
                        "ids go from " + std::to_string(view.first) + " to " + std::to_string(view.last - 1));
      }
      id -= view.first;
    }
  }

  View view_of(const Table& table, const std::string& side, const char* population) const {
    const auto whole = net_.population(table.text(0, population));
    if (!table.has(side + "_first")) return whole;
    return whole.slice(table.whole(0, side + "_first"), table.whole(0, side + "_last"));
  }

  void load_edges(const fs::path& path, const fs::path& types) {
    const auto table = sonata::read_table(types);
    if (table.rows.size() != 1) throw UserError(types.string(), "it has " + std::to_string(table.rows.size()) + " types of edges", "one type a file can be loaded");
    const auto name = table.text(0, "population");
    auto edges = io::read_edges(path, name);
    const auto pre = view_of(table, "pre", "source"), post = view_of(table, "post", "target");
    into_view(path, "source", pre, edges.pre);
    into_view(path, "target", post, edges.post);
    const bool one_weight = table.text(0, "syn_weight") != "NULL", one_delay = table.text(0, "delay") != "NULL";
    PairList list{std::move(edges.pre), std::move(edges.post), {}, {}, path.string()};
    const auto spread = [&](std::vector<double> values) {  // equal values were read as one
      if (values.size() == 1) values.resize(list.pre.size(), values[0]);
      return values;
    };
    if (!one_weight) list.weight = spread(edges.weight);
    if (!one_delay) list.delay = spread(edges.delay);
    auto projection = net_.connect(pre, post, explicit_list(std::move(list)).multiple(true)).named(name);
    const Model synapse = look_up(models_.synapse, "synapse model", model_name(table, 0));
    projection.synapse(synapse).output(look_up(models_.output, "output", table.text(0, "output")));
    if (one_weight) {
      // Where the synapse counts arrivals without unit, the weight has the output's.
      auto unit = synapse.data().states[*synapse.data().receives].dimension;
      if (unit.is_none()) unit = net_.data().projections.back().output->synaptic_dimension;
      projection.weight(Quantity{table.number(0, "syn_weight"), unit});
    }
    if (one_delay) projection.delay(table.number(0, "delay") * units::ms);
    if (table.has("input") && table.text(0, "input") != "NULL") projection.onto(table.text(0, "input"));
    projection.separate(table.has("separate") && table.text(0, "separate") == "1");
    if (table.has("arrivals") && table.text(0, "arrivals") == "before_decay") projection.arrivals(Arrivals::before_decay);
    if (table.has("current") && table.text(0, "current") != "NULL") {
      projection.current(table.text(0, "current") == "held" ? InputKind::held : InputKind::inside);
    }
    const auto shared = parameters(table, 0, "synaptic_models_dir");
    for (const auto& parameter : shared.names()) {
      const auto& data = net_.data().projections.back();
      const auto* declared = parameter_of(*data.synapse, parameter);
      if (!declared) declared = parameter_of(*data.output, parameter);
      if (!declared) unknown(types, "projection '" + name + "'", parameter);
      net_.set(name + "." + parameter, Quantity{shared.at(parameter).number(), declared->value.dimension});
    }
  }

  fs::path folder_;
  const SonataModels& models_;
  fs::path path_;
  Json config_;
  Network net_;
};

}  // namespace

Network load_sonata(const fs::path& folder, const SonataModels& models) { return Loader(folder, models).load(); }

}  // namespace ranvier
