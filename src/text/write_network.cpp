// A network as a network file.
#include <algorithm>
#include <functional>

#include "ranvier/models.hpp"
#include "text/report.hpp"
#include "text/write.hpp"

namespace ranvier {
namespace text {
namespace {

using detail::ExprAccess;
using detail::ModelData;
using detail::PopulationData;
using detail::ProjectionData;

[[noreturn]] void refuse(const std::string& where, const std::string& what) { throw UnsupportedError(where, what, "say it in C++"); }

/// "name(a = 1*mV, b = 2)"
std::string write_part(const ModelData& part) {
  std::string out = part.name;
  for (std::size_t k = 0; k < part.parameters.size(); ++k) {
    out += (k == 0 ? "(" : ", ") + part.parameters[k].name + " = " + write_quantity(part.parameters[k].value);
  }
  return out + (part.parameters.empty() ? "" : ")");
}

/// An expression of parameters, or of nothing but draws and distances.
std::string write_value(const Expr& e, const WrittenNames& names, const std::string& where) {
  const auto& scope = ExprAccess::scope(e);
  if (!scope) return write_quantity({ExprAccess::value(e), e.dimension()});
  return Writer(scope->graph, names, where).write(ExprAccess::node(e), e.dimension());
}

/// The names of a model's symbols in the graph in which an expression lives, which may be a copy's.
WrittenNames names_in(const ModelData& m, const Expr& e) {
  auto names = names_of(m);
  const auto& scope = ExprAccess::scope(e);
  if (!scope || scope == m.scope) return names;
  WrittenNames out;
  for (const auto& [node, name] : names.of) {
    if (m.scope->graph[node].op != ir::Op::symbol) continue;
    const auto there = scope->graph.find_symbol(m.scope->graph.symbol_of(node).name);
    if (there != ir::no_node) out.of[there] = name;
  }
  return out;
}

class NetworkWriter {
 public:
  NetworkWriter(const NetworkFile& file, LibraryParts parts) : file_(file), net_(file.network.data()), parts_(parts) {}

  std::string run() {
    std::string populations, projections;
    for (const auto& p : net_.populations) populations += population(p);
    for (const auto& p : net_.projections) projections += projection(p);
    std::string out;
    if (!file_.title.empty()) out += "title = " + toml_string(file_.title) + "\n";
    if (!file_.source.empty()) out += "source = " + toml_string(file_.source) + "\n";
    for (const auto& [name, section] : arrays_) out += section;
    for (const auto& [name, section] : models_) out += (out.empty() ? "" : "\n") + section;
    for (const auto& [name, section] : synapses_) out += "\n" + section;
    return out + populations + projections + settings();
  }

 private:
  /// The name of the model's section; populations of equal models share one.
  std::string model_name(const ModelData& m) {
    std::string name;
    for (const char c : m.name) name += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ? c : '_';
    if (name.empty()) name = "model";
    for (;; name += "_") {
      const auto section = write_model(name, m);
      const auto known = std::find_if(models_.begin(), models_.end(), [&](const auto& each) { return each.first == name; });
      if (known == models_.end()) return models_.emplace_back(name, section).first;
      if (known->second == section) return name;
    }
  }

  std::string population(const PopulationData& p) {
    const std::string where = "population '" + p.name + "'";
    if (!p.external.empty()) refuse(where, "an input that is set while it runs ('" + p.external[0] + "')");
    std::string out = "\n[populations." + p.name + "]\n";
    const std::string placed = p.positions ? "positions = " + positions(*p.positions, where) + "\n" : "";
    if (p.model.train) {
      if (p.model.threshold || !p.model.states.empty() || !p.model.parameters.empty())
        refuse(where, "spikes from a list beside equations");
      return out + "size = " + std::to_string(p.size) + "\nspikes = " + spike_list(*p.model.train) + "\n" + placed;
    }
    ModelData model = p.model;
    add_arrays(model);
    out += "model = \"" + model_name(model) + "\"\nsize = " + std::to_string(p.size) + "\n" + placed;
    const auto names = names_of(model);
    std::string parameters, initial;
    for (const auto& [name, values] : p.parameter_values)
      parameters += called(p.model, names, name) + " = " + value_list(values, dimension_of(p.model, name)) + "\n";
    for (const auto& [name, values] : p.initial_values)
      initial += called(p.model, names, name) + " = " + value_list(values, dimension_of(p.model, name)) + "\n";
    for (const auto& [name, value] : p.parameters)
      parameters += called(p.model, names, name) + " = " + toml_string(write_quantity(value)) + "\n";
    for (const auto& [name, law] : p.parameter_laws) {
      parameters += called(p.model, names, name) + " = " + toml_string(write_value(law, names_in(p.model, law), where)) + "\n";
    }
    for (const auto& [name, e] : p.initial) initial += called(p.model, names, name) + " = " + toml_string(write_value(e, names_in(p.model, e), where)) + "\n";
    if (!parameters.empty()) out += "\n[populations." + p.name + ".parameters]\n" + parameters;
    if (!initial.empty()) out += "\n[populations." + p.name + ".initial]\n" + initial;
    return out + inputs(p.name, model, names, where);
  }

  /// What is added to inputs within the model.
  static std::string inputs(const std::string& population, const ModelData& model, const WrittenNames& names, const std::string& where) {
    std::string out;
    for (const auto& i : model.injections) {
      const auto& input = model.inputs[i.input];
      const auto value = Writer(model.scope->graph, names, where).write(i.value, input.dimension);
      out += "\n[[inputs]]\ntarget = \"" + population + "\"\nonto = \"" + names.of.at(input.symbol).text + "\"\nvalue = " + toml_string(value) + "\n";
    }
    return out;
  }

  template <class T>
  static std::string list_of(const std::vector<T>& values, const std::function<std::string(const T&)>& text) {
    std::string out;
    for (const auto& v : values) out += (out.empty() ? "" : ", ") + text(v);
    return "[" + out + "]";
  }
  static std::string number(double value) { return write_quantity(Quantity{value}); }
  static std::string lengths(const std::vector<double>& um) {
    return list_of<double>(um, [](double x) { return toml_string(write_quantity({x, dimension::length})); });
  }

  /// One value a neuron or synapse, in coherent units.
  static std::string value_list(const std::vector<double>& values, const Dimension& d) {
    const auto list = list_of<double>(values, number);
    return d.is_none() ? list : "{ values = " + list + ", unit = " + toml_string(write_quantity({1, d})) + " }";
  }

  static Dimension dimension_of(const ModelData& m, const std::string& name) {
    for (const auto& s : m.states) {
      if (s.name == name) return s.dimension;
    }
    for (const auto& p : m.parameters) {
      if (p.name == name) return p.value.dimension;
    }
    throw InternalError("'" + name + "' is neither a state nor a parameter of '" + m.name + "'");
  }

  static std::string positions(const Positions& p, const std::string& where) {
    if (!p.shift().empty()) refuse(where, "positions that are shifted");
    std::string out, more;
    if (const auto* grid = std::get_if<Positions::Grid>(&p.what())) {
      out = "{ name = \"grid\", shape = " +
            list_of<std::uint32_t>(grid->shape, [](std::uint32_t n) { return std::to_string(n); }) +
            ", spacing = " + lengths(grid->spacing);
    } else if (const auto* box = std::get_if<Positions::Box>(&p.what())) {
      out = "{ name = \"random_box\", sides = " + lengths(box->sides);
    } else if (const auto* ball = std::get_if<Positions::Ball>(&p.what())) {
      out = std::string("{ name = \"") + (ball->dimensions == 2 ? "random_disc" : "random_ball") +
            "\", radius = " + toml_string(write_quantity({ball->radius, dimension::length}));
    } else {
      const auto& points = std::get<Positions::Explicit>(p.what());
      const auto axes = static_cast<std::ptrdiff_t>(points.dimensions);
      std::vector<std::vector<double>> each;
      for (auto at = points.coordinates.begin(); at != points.coordinates.end(); at += axes)
        each.emplace_back(at, at + axes);
      out = "{ name = \"points\", at = " +
            list_of<std::vector<double>>(each, [](const auto& x) { return list_of<double>(x, number); }) +
            ", unit = \"um\"";
    }
    if (p.period().empty()) return out + " }";
    const bool extent =
        std::holds_alternative<Positions::Grid>(p.what()) || std::holds_alternative<Positions::Box>(p.what());
    if (!extent || Positions(p.what()).periodic() != p)
      refuse(where, "positions whose space repeats after other lengths than their own");
    return out + ", periodic = true }";
  }

  static std::string spike_list(const SpikeTrain& train) {
    return "{ neurons = " + list_of<std::uint32_t>(train.ids, [](std::uint32_t i) { return std::to_string(i); }) +
           ", times = " + list_of<double>(train.times_ms, number) + ", unit = \"ms\" }";
  }

  /// The sections of a model's values over time; different ones of a name get a number behind.
  void add_arrays(ModelData& m) {
    for (auto& a : m.time_arrays) {
      const auto& v = *a.values;
      const char* between = v.between == TimeArray::Between::hold ? "hold" : "linear";
      const std::string section = "values = " + list_of<double>(v.values, number) + "\nunit = " + toml_string(coherent_unit_name(v.unit.dimension)) +
                                  "\ndt = " + toml_string(write_quantity(v.dt)) + "\nbetween = \"" + between + "\"\n";
      const auto wanted = a.name;
      for (int k = 2;; ++k) {
        const auto call = names_of(m).of.at(a.symbol).text;
        const auto name = call.substr(0, call.find('('));
        const auto [known, added] = arrays_.emplace(name, "\n[arrays." + name + "]\n" + section);
        if (added || known->second == "\n[arrays." + name + "]\n" + section) break;
        a.name = wanted + "_" + std::to_string(k);
      }
    }
  }

  static std::string called(const ModelData& m, const WrittenNames& names, const std::string& name) {
    for (const auto& s : m.states) {
      if (s.name == name) return names.of.at(s.symbol).text;
    }
    for (const auto& p : m.parameters) {
      if (p.name == name) return names.of.at(p.symbol).text;
    }
    throw InternalError("'" + name + "' is neither a state nor a parameter of '" + m.name + "'");
  }

  std::string view(const View& v) const {
    const auto& p = *std::find_if(net_.populations.begin(), net_.populations.end(), [&](const auto& each) { return each.name == v.population; });
    if (v.first == 0 && v.last == p.size) return toml_string(v.population);
    return toml_string(v.population + "[" + std::to_string(v.first) + ":" + std::to_string(v.last) + "]");
  }

  /// Weights are in the unit of the projection's weight, which the numbers leave out.
  static std::string pair_list(const Rule& r, const PairList& pairs) {
    const auto index = [](std::uint32_t i) { return std::to_string(i); };
    std::string out = "{ name = \"list\", pre = " + list_of<std::uint32_t>(pairs.pre, index) +
                      ", post = " + list_of<std::uint32_t>(pairs.post, index);
    if (!pairs.weight.empty()) out += ", weight = " + list_of<double>(pairs.weight, number);
    if (!pairs.delay.empty())
      out += ", delay = " + list_of<double>(pairs.delay, [](double d) {
               return toml_string(write_quantity({d, dimension::time}));
             });
    if (!r.allows_self()) out += ", self_connections = false";
    return out + (r.allows_multiple() ? ", multiple = true }" : " }");
  }

  /// "fixed_indegree(k = 10).self_connections(false)" -> "fixed_indegree(k = 10, self_connections = false)"
  static std::string rule(const ProjectionData& p) {
    if (const auto* pairs = p.rule.pairs()) return pair_list(p.rule, *pairs);
    const auto text = to_string(p.rule);
    const auto close = text.find(')');
    std::string out = text.substr(0, close);
    std::string more;
    for (auto at = text.find(").", 0); at != std::string::npos; at = text.find(").", at + 2)) {
      const auto open = text.find('(', at), end = text.find(')', open);
      more += (more.empty() ? "" : ", ") + text.substr(at + 2, open - at - 2) + " = " + text.substr(open + 1, end - open - 1);
    }
    if (!more.empty()) out += (out.back() == '(' ? "" : ", ") + more;
    return toml_string(out + ")");
  }

  /// Whether the library has a part of this name with these states and parameters.
  template <class Made>
  static bool in_library(const char* kind, const ModelData& part) {
    for (const auto* each : models::parts(kind)) {
      if (each->name != part.name) continue;
      const auto made = std::any_cast<Made>(each->make());
      const auto& m = made.data();
      const auto same = [](const auto& a, const auto& b) {
        return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) { return x.name == y.name; });
      };
      if (same(m.parameters, part.parameters) && same(m.states, part.states)) return true;
    }
    return false;
  }

  const ModelData& model_of(const std::string& population) const {
    return std::find_if(net_.populations.begin(), net_.populations.end(), [&](const auto& each) { return each.name == population; })->model;
  }

  /// The name of the section that `write` gives; equal ones share one.
  std::string section(const ModelData& part, const ProjectionData& p, std::string (*write)(const std::string&, const SynapseEnds&, const ProjectionData&)) {
    std::string name;
    for (const char c : part.name) name += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ? c : '_';
    if (name.empty()) name = "synapse";
    // A part of the library that is written without parentheses would be taken for this section.
    for (const auto* each : models::parts("synapses")) {
      if (each->name == name && std::any_cast<Model>(each->make()).data().parameters.empty()) name += "_equations";
    }
    for (;; name += "_") {
      const auto text = write(name, {model_of(p.pre.population), model_of(p.post.population)}, p);
      const auto known = std::find_if(synapses_.begin(), synapses_.end(), [&](const auto& each) { return each.first == name; });
      if (known == synapses_.end()) return synapses_.emplace_back(name, text).first;
      if (known->second == text) return name;
    }
  }

  /// By name what the library has, unless equations are wanted; a synapse of one's own includes its output.
  std::string synapse(const ProjectionData& p) {
    if (!p.synapse) return "";
    const bool known = in_library<Model>("synapses", *p.synapse) && (!p.output || in_library<Output>("outputs", *p.output));
    const bool by_name = known && (parts_ == LibraryParts::by_name || p.plasticity);
    if (!by_name) return "synapse = " + toml_string(section(*p.synapse, p, write_synapse)) + "\n";
    std::string out = "synapse = " + toml_string(write_part(*p.synapse)) + "\n";
    if (p.output) out += "output = " + toml_string(write_part(*p.output)) + "\n";
    if (!p.plasticity) return out;
    const bool named = parts_ == LibraryParts::by_name && in_library<Plasticity>("plasticities", *p.plasticity);
    return out + "plasticity = " + toml_string(named ? write_part(*p.plasticity) : section(*p.plasticity, p, write_plasticity)) + "\n";
  }

  static std::string receptor(const detail::ReceptorData& r, const std::string& where) {
    if (!r.initial_values.empty()) refuse(where, "lists of initial values");
    if (!in_library<Model>("synapses", r.synapse) || !in_library<Output>("outputs", r.output)) {
      refuse(where, "receptor '" + r.name + "', whose synapse or output is none of the library's");
    }
    return "\n[[projections.receptors]]\nname = " + toml_string(r.name) + "\nsynapse = " + toml_string(write_part(r.synapse)) + "\noutput = " +
           toml_string(write_part(r.output)) + "\nweight = " + toml_string(write_quantity(r.weight)) + "\n";
  }

  /// What the synapses of a plasticity start with; the section that was written for it may call them otherwise.
  static std::string synapse_initial(const ProjectionData& p, const std::string& where) {
    std::string out;
    const auto add = [&](const std::string& name, const std::string& value) {
      WrittenNames reserved;
      if (reserved.fresh(name) != name)
        refuse(where, "an initial value of '" + name + "', which equations call otherwise");
      out += (out.empty() ? "" : ", ") + name + " = " + value;
    };
    for (const auto& [name, e] : p.synapse_initial) add(name, toml_string(write_value(e, {}, where)));
    for (const auto& [name, values] : p.synapse_values) {
      const auto& states = p.plasticity->states;
      const auto state =
          std::find_if(states.begin(), states.end(), [&, &n = name](const auto& s) { return s.name == n; });
      if (state == states.end()) refuse(where, "a list of values of '" + name + "'");
      add(name, value_list(values, state->dimension));
    }
    return "{ " + out + " }";
  }

  std::string projection(const ProjectionData& p) {
    const std::string where = "projection '" + p.name + "'";
    if (!p.initial_values.empty()) refuse(where, "lists of initial values of its synapses' states");
    std::string out = "\n[[projections]]\n";
    if (p.name != p.pre.population + "_to_" + p.post.population) out += "name = " + toml_string(p.name) + "\n";
    out += "source = " + view(p.pre) + "\ntarget = " + view(p.post) + "\nrule = " + rule(p) + "\n";
    out += synapse(p);
    if (p.weight_law) out += "weight = " + toml_string(write_value(*p.weight_law, {}, where)) + "\n";
    else if (p.weight_given) out += "weight = " + toml_string(write_quantity(p.weight)) + "\n";
    if (p.delay_law) out += "delay = " + toml_string(write_value(*p.delay_law, {}, where)) + "\n";
    else if (p.delay_given) out += "delay = " + toml_string(write_quantity(p.delay)) + "\n";
    if (!p.input.empty()) out += "onto = " + toml_string(p.input) + "\n";
    if (p.current) out += std::string("current = \"") + (*p.current == InputKind::held ? "held" : "inside") + "\"\n";
    if (p.arrivals == Arrivals::before_decay) out += "arrivals = \"before_decay\"\n";
    if (p.separate) out += "separate = true\n";
    if (p.aligned_to_pre) out += "aligned_to_pre = true\n";
    if (!p.synapse_initial.empty() || !p.synapse_values.empty()) out += "initial = " + synapse_initial(p, where) + "\n";
    for (const auto& r : p.receptors) out += receptor(r, where);
    return out;
  }

  std::string settings() const {
    const auto& r = file_.run;
    std::string out = "\n[run]\nduration = " + toml_string(write_quantity(r.duration)) + "\ndt = " + toml_string(write_quantity(r.dt));
    out += "\nseed = " + std::to_string(r.seed) + "\n";
    if (!r.method.empty()) out += "method = " + toml_string(r.method) + "\n";
    if (r.precision) out += std::string("precision = \"") + (*r.precision == Precision::f32 ? "f32" : "f64") + "\"\n";
    return out;
  }

  const NetworkFile& file_;
  const detail::NetworkData& net_;
  LibraryParts parts_;
  std::vector<std::pair<std::string, std::string>> models_, synapses_;
  std::map<std::string, std::string> arrays_;
};

}  // namespace

std::string write_network(const NetworkFile& file, LibraryParts parts) {
  auto text = NetworkWriter(file, parts).run();
  if (text.size() > longest_text) {
    throw UnsupportedError("the network as text",
                           "it has " + std::to_string(text.size()) + " bytes, and files of up to 16 MB are read",
                           "write it as a SONATA folder, with write_sonata(), or leave long lists to C++ or Python");
  }
  return text;
}

}  // namespace text

std::string to_toml(const NetworkFile& file, LibraryParts parts) { return text::write_network(file, parts); }

}  // namespace ranvier
