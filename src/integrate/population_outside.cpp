// The part of a population that comes from outside and by chance: draws and their streams, noise, values over time, injections,
// assignments of each step, lists of spikes.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "integrate/population_builder.hpp"
#include "ir/passes.hpp"

namespace ranvier::integrate {

using ir::NodeId;
using ir::Op;
using ir::Rate;
using model::Role;

/// The same for the same identity of one owner; numbered as they are met.
std::uint64_t PopulationBuilder::draw_number(Op op, std::uint64_t identity) {
  const std::string& owner = owner_.empty() ? domain_.name : owner_;
  auto at = std::find(domain_.noise.begin(), domain_.noise.end(), owner);
  if (at == domain_.noise.end()) at = domain_.noise.insert(at, owner);
  const auto index = static_cast<std::uint64_t>(at - domain_.noise.begin());
  auto& numbers = draws_[{index, op}];
  const std::uint64_t next = numbers.size();
  return index << 32 | numbers.emplace(identity, next).first->second;
}

namespace {

/// The largest rate of a source that spikes where rand() < rate dt; nothing for other models, and for rates that are drawn.
std::optional<double> largest_rate(const detail::PopulationData& population) {
  const auto& m = population.model;
  const auto& g = m.scope->graph;
  if (!m.threshold || g[m.threshold->now].op != Op::lt || g[g[m.threshold->now].arg[0]].op != Op::uniform) return {};
  const auto product = g[g[m.threshold->now].arg[1]];
  const NodeId dt = g.find_symbol("dt");
  if (product.op != Op::mul || (product.arg[0] != dt && product.arg[1] != dt)) return {};
  const NodeId rate = product.arg[0] == dt ? product.arg[1] : product.arg[0];
  for (const auto& p : m.parameters) {
    if (p.symbol != rate || population.parameter_laws.contains(p.name)) continue;
    if (const auto each = population.parameter_values.find(p.name); each != population.parameter_values.end()) {
      return *std::max_element(each->second.begin(), each->second.end());
    }
    const auto set = population.parameters.find(p.name);
    return set == population.parameters.end() ? p.value.value : set->second.value;
  }
  for (const auto& t : m.time_arrays) {
    if (t.symbol == rate) return *std::max_element(t.values->values.begin(), t.values->values.end());
  }
  return {};
}

}  // namespace

void PopulationBuilder::declare_outside() {
  if (const auto rate = largest_rate(population_); rate && *rate * program_.dt_ms > 1) {
    program_.warnings.push_back("population '" + domain_.name + "': a rate of " + to_string(Quantity{*rate * 1000}) +
                                " Hz is above 1/dt, and a neuron spikes once a step at most; use a smaller dt, or with_poisson_input() for many trains");
  }
  const std::string where = "population '" + domain_.name + "'";
  for (const auto& noise : model_.noises) {
    // Identities of draws count from 1; noise takes those at the other end.
    const auto number = draw_number(Op::normal, ~std::uint64_t{noises_.size()});
    const NodeId symbol = g_.symbol(noise.name, Rate::varying);
    noises_.push_back({noise.name, symbol, g_.make(Op::normal, ir::no_node, ir::no_node, ir::no_node, number)});
    symbols_[noise.node] = symbol;
  }
  for (const auto& table : model_.time_arrays) {
    model::TimeValues values{.name = where + ": time array '" + table.name + "'", .symbol = ir::no_node, .array = 0, .values = table.values};
    if (table.values->width == 1) {
      values.symbol = g_.symbol(domain_.name + "." + table.name, Rate::uniform);
      symbols_[table.symbol] = values.symbol;
    } else if (table.values->width == domain_.size) {
      values.array = add_array({.name = table.name, .role = Role::time_array, .dimension = table.values->unit.dimension});
      symbols_[table.symbol] = domain_.arrays[values.array].symbol;
    } else {
      throw UserError(values.name, "its rows are of " + std::to_string(table.values->width) + " values and there are " +
                                       std::to_string(domain_.size) + " neurons", "give rows of one value, or of one for each neuron");
    }
    domain_.time_values.push_back(std::move(values));
  }
}

void PopulationBuilder::receive_injections() {
  const auto& graph = model_.scope->graph;
  for (const auto& injection : model_.injections) {
    const NodeId root[] = {injection.value};
    const auto& target = model_.inputs[injection.input];
    for (const NodeId id : ir::topological(graph, root)) {
      for (const auto& input : model_.inputs) {
        if (input.symbol != id) continue;
        throw UserError("population '" + domain_.name + "'", "what input '" + target.name + "' receives uses input '" + input.name + "'",
                        "inject states, parameters, noise and values over time");
      }
    }
    const auto value = bring(*model_.scope, injection.value, symbols_);
    auto& sum = target.kind == InputKind::held ? inputs_[injection.input].held : inputs_[injection.input].inside;
    sum = sum == ir::no_node ? value : g_.add(sum, value);
  }
}

bool PopulationBuilder::is_stochastic(const OdeSystem& s) const {
  std::vector<NodeId> roots;
  for (const auto& state : s.states) roots.push_back(ir::substitute(g_, state.rate, s.held));
  const auto below = ir::topological(g_, roots);
  return std::any_of(below.begin(), below.end(), [&](NodeId id) {
    const bool noise = std::any_of(s.noises.begin(), s.noises.end(), [&](const auto& n) { return n.symbol == id; });
    return noise || g_[id].op == Op::normal || g_[id].op == Op::uniform;
  });
}

void PopulationBuilder::state_each_step(const OdeSystem& s, NodeId active) {
  if (model_.each_step.empty()) return;
  model::Statement step{.kind = model::Statement::Kind::assign, .title = "each step", .assignments = {}};
  for (const auto& e : model_.each_step) {
    const auto array = model_states_[e.state];
    NodeId value = ir::substitute(g_, bring(*model_.scope, e.value, symbols_), s.held);
    const bool frozen = model_.refractory && std::count(model_.refractory->frozen.begin(), model_.refractory->frozen.end(), e.state) > 0;
    if (frozen) value = g_.select(active, value, domain_.arrays[array].symbol);
    step.assignments.push_back({array, value});
  }
  domain_.statements.push_back(std::move(step));
}

/// Times become steps of emission, in order of (step, id).
void PopulationBuilder::prescribe_spikes() {
  const std::string where = "population '" + domain_.name + "'";
  if (model_.threshold || !model_.resets.empty() || model_.refractory) {
    throw UserError(where, "model '" + model_.name + "' has a list of spikes and a threshold, reset or refractory period",
                    "make it two populations");
  }
  const auto& train = *model_.train;
  std::vector<std::uint64_t> step(train.ids.size());
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (train.ids[i] >= domain_.size) {
      throw UserError(where, "its list has a spike of neuron " + std::to_string(train.ids[i]), "ids go from 0 to " + std::to_string(domain_.size - 1));
    }
    const double stamp = std::floor(train.times_ms[i] / program_.dt_ms + 0.5);
    if (stamp > 9e15) throw UserError(where, "its list has a spike at " + to_string(Quantity{train.times_ms[i], dimension::time}), "check its unit");
    step[i] = stamp < 1 ? 0 : static_cast<std::uint64_t>(stamp) - 1;
  }
  std::vector<std::size_t> order(step.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return step[a] != step[b] ? step[a] < step[b] : train.ids[a] < train.ids[b];
  });
  auto spikes = std::make_shared<model::PrescribedSpikes>();
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto i = order[k];
    if (k > 0 && spikes->steps.back() == step[i] && spikes->ids.back() == train.ids[i]) {
      const auto shown = [&](std::size_t n) { return to_string(Quantity{train.times_ms[n], dimension::time}); };
      throw UserError(where, "neuron " + std::to_string(train.ids[i]) + " has two spikes in one step, at " + shown(order[k - 1]) + " and " + shown(i),
                      "use a smaller dt, or leave one of them out");
    }
    spikes->steps.push_back(step[i]);
    spikes->ids.push_back(train.ids[i]);
  }
  domain_.prescribed = std::move(spikes);
}

}  // namespace ranvier::integrate
