#include "integrate/synapse_law.hpp"

#include <algorithm>
#include <map>

namespace ranvier::integrate {

using ir::NodeId;
using ir::Op;

namespace {

/// A copy with a graph of its own, whose draws are numbered by their order of appearance.
model::SynapseLaw lower(const Expr& e, const std::string& where, const char* what) {
  const auto& from = detail::ExprAccess::scope(e)->graph;
  auto graph = std::make_shared<ir::Graph>();
  const NodeId roots[] = {detail::ExprAccess::node(e)};
  std::map<NodeId, NodeId> done;
  std::uint64_t draws = 0;
  for (const NodeId id : ir::topological(from, roots)) {
    const ir::Node n = from[id];
    if (n.op == Op::symbol) {
      const auto& name = from.symbol_of(id).name;
      if (name != "distance()" && name != "source_index()" && name != "target_index()") {
        throw UserError(where, std::string("the ") + what + " '" + e.text() + "' uses '" + name + "'",
                        std::string("a ") + what + " may use numbers, distance(), source_index(), target_index(), randn() and rand()");
      }
      done[id] = graph->symbol(name, ir::Rate::varying);
    } else if (n.op == Op::literal) {
      done[id] = n.type == ir::Type::boolean ? graph->boolean(n.payload != 0) : graph->literal(from.literal_value(id));
    } else {
      std::array<NodeId, 3> a{ir::no_node, ir::no_node, ir::no_node};
      for (int k = 0; k < ir::op_info(n.op).arity; ++k) a[k] = done.at(n.arg[k]);
      const bool random = n.op == Op::normal || n.op == Op::uniform;
      done[id] = graph->make(n.op, a[0], a[1], a[2], random ? draws++ : n.payload);
    }
  }
  return {graph, done.at(roots[0]), e.dimension()};
}

void require_positions(const model::SynapseLaw& law, const detail::ProjectionData& p, const detail::NetworkData& net,
                       const std::string& where, const char* what) {
  if (law.graph->find_symbol("distance()") == ir::no_node) return;
  for (const auto& population : net.populations) {
    if (population.name != p.pre.population && population.name != p.post.population) continue;
    if (population.positions) continue;
    throw UserError(where, std::string("the ") + what + " uses distance(), and population '" + population.name + "' has no positions",
                    "give it some with positions(), such as grid({40, 80}, 25 * um)");
  }
}

}  // namespace

void lower_laws(const detail::ProjectionData& p, const detail::NetworkData& net, model::Delivery& delivery) {
  const std::string where = "projection '" + p.name + "'";
  if (p.rule.has_delays() && p.delay_given) {
    throw UserError(where, "it has a delay, and its list has one for each synapse", "give one or the other");
  }
  if (p.weight_law) {
    delivery.weight_law = lower(*p.weight_law, where, "weight");
    require_positions(*delivery.weight_law, p, net, where, "weight");
  }
  if (p.delay_law) {
    delivery.delay_law = lower(*p.delay_law, where, "delay");
    require_positions(*delivery.delay_law, p, net, where, "delay");
  }
}

}  // namespace ranvier::integrate
