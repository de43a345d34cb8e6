// Models, expressions and network files from text: see include/ranvier/equations.hpp and network_file.hpp.
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "bindings.hpp"
#include "choices.hpp"
#include "held_simulation.hpp"
#include "model/model_data.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/equations.hpp"
#include "ranvier/network_file.hpp"
#include "simulation_options.hpp"
#include "text/surroundings.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

/// (text, file, line, column)
TextPiece piece_of(nb::handle given) {
  const auto t = nb::cast<nb::tuple>(given);
  return {nb::cast<std::string>(t[0]), nb::cast<std::string>(t[1]), nb::cast<std::uint32_t>(t[2]), nb::cast<std::uint32_t>(t[3])};
}

std::map<std::string, TextPiece> pieces_of(const nb::dict& given) {
  std::map<std::string, TextPiece> out;
  for (const auto& [name, piece] : given) out.emplace(nb::cast<std::string>(name), piece_of(piece));
  return out;
}

Model model(const std::string& name, nb::handle equations, const nb::dict& parameters, nb::handle threshold, nb::handle reset,
            nb::handle refractory, const nb::dict& initial, const std::map<std::string, TimeArray>& arrays) {
  ModelText t;
  t.equations = piece_of(equations);
  t.parameters = pieces_of(parameters);
  t.threshold = piece_of(threshold);
  t.reset = piece_of(reset);
  t.refractory = piece_of(refractory);
  t.initial = pieces_of(initial);
  text::Surroundings around;
  around.array = [&arrays](const std::string& wanted) {
    const auto it = arrays.find(wanted);
    return it == arrays.end() ? nullptr : &it->second;
  };
  for (const auto& [array, values] : arrays) around.arrays.push_back(array);
  return text::build_model(name, t, around);
}

/// Of a population (its model and size): the model's parameters, the number i of the neuron, N of them. Of synapses (no model): the numbers
/// i and j of source and target within their views.
Expr value(nb::handle text, const Model* of, std::uint32_t size) {
  ExpressionNames names;
  names.known = of ? std::vector<std::string>{"i", "N"} : std::vector<std::string>{"i", "j"};
  if (of) {
    for (const auto& p : of->data().parameters) names.known.push_back(p.name);
  }
  names.find = [&](const std::string& name) -> std::optional<Expr> {
    if (std::find(names.known.begin() + 2, names.known.end(), name) != names.known.end()) return of->find(name);
    if (name == "i") return of ? neuron_index() : source_index();
    if (of && name == "N") return Expr(static_cast<double>(size));
    if (!of && name == "j") return target_index();
    return {};
  };
  return expression_from_text(piece_of(text), names);
}

nb::object run_settings(const RunSettings& run) {
  nb::dict out;
  out["duration"] = run.duration;
  out["dt"] = run.dt;
  out["seed"] = run.seed;
  out["threads"] = run.threads;
  out["precision"] = run.precision ? nb::cast(*run.precision == Precision::f32 ? "f32" : "f64") : nb::none();
  out["method"] = run.method;
  return out;
}

nb::tuple opened(NetworkFile file) {
  nb::dict constants;
  for (const auto& [name, each] : file.constants) constants[name.c_str()] = each;
  nb::list recordings;
  for (const auto& r : file.recordings) recordings.append(nb::make_tuple(r.name, r.what == Recording::What::synapses));
  const nb::object network = nb::cast(file.network), run = run_settings(file.run), title = nb::cast(file.title), source = nb::cast(file.source);
  return nb::make_tuple(network, run, constants, title, source, recordings, std::move(file));
}

/// One of the file's recordings: a record of spikes, or of values.
nb::object attached(const NetworkFile& file, std::size_t k, const HeldSimulation& held, const Quantity& duration, const Quantity& dt) {
  const Turn turn(held.use);
  const auto made = attach(turn.simulation(), file.recordings.at(k), duration, dt);
  return made.spikes ? nb::cast(HeldSpikes{made.spikes, held.use}) : nb::cast(HeldStates{made.values, held.use});
}

std::string written(const Network& network, const Quantity& duration, const nb::dict& options) {
  NetworkFile file;
  file.network = network;
  const auto o = simulation_options(options);
  file.run.duration = duration;
  file.run.dt = o.dt;
  file.run.seed = o.seed;
  file.run.threads = o.threads;
  file.run.precision = o.precision;
  file.run.method = o.method;
  return to_toml(file);
}

}  // namespace

void bind_text(nb::module_& m) {
  m.def("model_from_text", &model, "name"_a, "equations"_a, "parameters"_a, "threshold"_a, "reset"_a, "refractory"_a, "initial"_a, "arrays"_a);
  m.def("value_from_text", &value, "text"_a, "model"_a.none(), "size"_a);
  nb::class_<NetworkFile>(m, "NetworkFile", "A network file that was read.").def("attach", &attached);
  m.def("to_toml", &written, "network"_a, "duration"_a, "options"_a);
  m.def("network_from_toml", [](const std::string& text, const ConstantValues& set, const std::string& name) {
    return opened(network_from_toml(text, set, name));
  }, "text"_a, "set"_a, "name"_a);
}

}  // namespace ranvier::python
