#include "cli/network_view.hpp"

#include <algorithm>
#include <cmath>

#include "connect/text.hpp"
#include "engine/footprint.hpp"
#include "engine/team.hpp"
#include "ir/interpret.hpp"
#include "model/model_data.hpp"

namespace ranvier::cli {
namespace {

using detail::ExprAccess;
using detail::ModelData;

std::string with_arguments(const ModelData& part) {
  std::string out = part.name;
  for (std::size_t k = 0; k < part.parameters.size(); ++k) {
    out += (k == 0 ? "(" : ", ") + part.parameters[k].name + " = " + to_string(part.parameters[k].value);
  }
  return out + (part.parameters.empty() ? "" : ")");
}

/// The sign of the current that an output gives for one unit of its synapse, at -55 mV.
Effect effect_of(const ModelData& output) {
  if (!output.current || ExprAccess::is_literal(*output.current)) return Effect::unknown;
  std::unordered_map<ir::NodeId, double> symbols;
  const auto bind = [&](ir::NodeId symbol, double value) {
    if (symbol != ir::no_node) symbols[symbol] = value;
  };
  bind(output.synaptic, 1);
  bind(output.total_weight, 1);
  for (const auto& s : output.post_states) bind(s.symbol, s.dimension == dimension::voltage ? -55 : 0);
  for (const auto& p : output.parameters) bind(p.symbol, p.value.value);
  const double current = ir::evaluate(output.scope->graph, ExprAccess::in(output.scope, *output.current), symbols);
  return current > 0 ? Effect::excites : current < 0 ? Effect::inhibits : Effect::unknown;
}

Effect turned(Effect e, double weight) {
  if (!(weight < 0) || e == Effect::unknown) return e;
  return e == Effect::excites ? Effect::inhibits : Effect::excites;
}

/// The weights' sign, of a list by its sum; 1 where they are drawn.
double sign_of(const detail::ProjectionData& p) {
  if (p.rule.has_weights()) {
    double sum = 0;
    for (const double w : p.rule.pairs()->weight) sum += w;
    return sum;
  }
  if (p.weight_law) {
    if (const auto& scope = ExprAccess::scope(*p.weight_law)) {
      const ir::NodeId root[] = {ExprAccess::node(*p.weight_law)};
      std::unordered_map<ir::NodeId, double> symbols;
      for (const auto id : ir::topological(scope->graph, root)) {
        const auto op = scope->graph[id].op;
        if (op == ir::Op::symbol) symbols[id] = 0;  // a distance
        if (op == ir::Op::uniform || op == ir::Op::normal || op == ir::Op::poisson) return 1;
      }
      return ir::evaluate(scope->graph, root[0], symbols);
    }
  }
  return p.weight.value;
}

Effect effect_of(const detail::ProjectionData& p) {
  const double sign = sign_of(p);
  if (p.output) return turned(effect_of(*p.output), sign);
  if (!p.receptors.empty()) {
    const auto first = turned(effect_of(p.receptors[0].output), p.receptors[0].weight.value);
    const bool alike = std::all_of(p.receptors.begin(), p.receptors.end(), [&](const auto& r) { return turned(effect_of(r.output), r.weight.value) == first; });
    return alike ? first : Effect::unknown;
  }
  if (p.synapse && p.synapse->jump && p.synapse->jump->dimension == dimension::voltage) return turned(Effect::excites, sign);
  return Effect::unknown;
}

std::string view_text(const detail::NetworkData& net, const View& v) {
  const auto& p = *std::find_if(net.populations.begin(), net.populations.end(), [&](const auto& each) { return each.name == v.population; });
  if (v.first == 0 && v.last == p.size) return v.population;
  return v.population + "[" + std::to_string(v.first) + ":" + std::to_string(v.last) + "]";
}

ProjectionView view_of(const detail::NetworkData& net, const detail::ProjectionData& p, const engine::Footprint& memory) {
  ProjectionView v;
  v.name = p.name;
  v.source = p.pre.population;
  v.target = p.post.population;
  v.from = view_text(net, p.pre);
  v.to = view_text(net, p.post);
  v.rule = to_string(p.rule);
  v.weight = p.weight_law ? p.weight_law->text() : p.rule.has_weights() ? "of the list" : p.receptors.empty() ? to_string(p.weight) : "";
  v.delay = p.delay_law ? p.delay_law->text() + " ms" : p.rule.has_delays() ? "of the list" : p.delay.value != 0 ? to_string(p.delay) : "";
  if (p.synapse) v.synapse = with_arguments(*p.synapse);
  if (p.output) v.output = with_arguments(*p.output);
  for (const auto& r : p.receptors) {
    v.synapse += (v.synapse.empty() ? "" : "; ") + r.name + ": " + with_arguments(r.synapse);
    v.output += (v.output.empty() ? "" : "; ") + r.name + ": " + with_arguments(r.output);
    v.weight += (v.weight.empty() ? "" : "; ") + r.name + ": " + to_string(r.weight);
  }
  if (p.plasticity) v.plasticity = with_arguments(*p.plasticity);
  v.effect = effect_of(p);
  const auto& need = memory.projections.at(p.name);
  v.synapses = need.synapses;
  v.bytes = need.bytes();
  return v;
}

PopulationView view_of(const detail::PopulationData& p, const model::Domain& domain, const engine::Footprint& memory) {
  PopulationView v;
  v.name = p.name;
  v.model = p.model.name;
  v.method = domain.method;
  v.precision = domain.precision == Precision::f32 ? "f32" : "f64";
  v.size = p.size;
  for (const auto& s : p.model.states) v.states.push_back(s.dimension.is_none() ? s.name : s.name + " (" + unit_name(s.dimension) + ")");
  v.source = p.model.inputs.empty() && (p.model.train || p.model.threshold) &&
             std::none_of(p.model.states.begin(), p.model.states.end(), [](const auto& s) { return s.rate != ir::no_node; });
  v.bytes = memory.populations.at(p.name);
  return v;
}

void add_inputs(const detail::PopulationData& p, std::vector<TapView>& inputs) {
  for (const auto& a : p.model.time_arrays) {
    inputs.push_back({p.name, a.name + "(t): " + std::to_string(a.values->rows()) + " values" + (a.values->width > 1 ? " for each neuron" : "") +
                                  ", one each " + to_string(a.values->dt)});
  }
  for (const auto& i : p.model.injections) inputs.push_back({p.name, p.model.inputs[i.input].name + " += " + ir::print(p.model.scope->graph, i.value, 80)});
  for (const auto& n : p.model.noises) inputs.push_back({p.name, "white noise " + n.name});
  for (const auto& e : p.external) inputs.push_back({p.name, e + ": set while it runs"});
  if (p.model.train) inputs.push_back({p.name, std::to_string(p.model.train->ids.size()) + " spikes from a list"});
}

}  // namespace

NetworkView view_of(const Network& network, const model::StepProgram& program, int threads, std::uint64_t seed) {
  NetworkView v;
  const auto& net = network.data();
  v.threads = threads > 0 ? threads : engine::usable_cores();
  const auto memory = engine::footprint(program, v.threads, seed);
  for (std::size_t i = 0; i < net.populations.size(); ++i) {
    v.populations.push_back(view_of(net.populations[i], program.domains[i], memory));
    add_inputs(net.populations[i], v.inputs);
  }
  for (const auto& p : net.projections) v.projections.push_back(view_of(net, p, memory));
  for (auto& population : v.populations) {
    bool any = false;
    for (const auto& p : v.projections) {
      if (p.source != population.name) continue;
      population.effect = !any || population.effect == p.effect ? p.effect : Effect::unknown;
      any = true;
    }
  }
  v.bytes = memory.bytes;
  v.peak_bytes = memory.peak_bytes;
  return v;
}

}  // namespace ranvier::cli
