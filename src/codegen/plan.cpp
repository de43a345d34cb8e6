#include "codegen/plan.hpp"

#include <string>

#include "ranvier/error.hpp"

namespace ranvier::codegen {
namespace {

[[noreturn]] void reject(const ir::Kernel& kernel, const std::string& why) {
  throw InternalError("kernel \"" + kernel.name + "\" " + why);
}

std::vector<ir::NodeId> collect_roots(const ir::Kernel& kernel) {
  std::vector<ir::NodeId> roots;
  const auto require = [&](ir::NodeId id, ir::Type type, const std::string& what) {
    if (id >= kernel.graph.size()) reject(kernel, "has no such node for " + what);
    if (kernel.graph[id].type != type) reject(kernel, "has a value of the wrong type for " + what);
    roots.push_back(id);
  };
  for (const auto& array : kernel.arrays)
    if (array.store != ir::no_node) require(array.store, ir::Type::real, "array \"" + array.name + "\"");
  for (const auto& event : kernel.events)
    if (event.mask != ir::no_node) require(event.mask, ir::Type::boolean, "event \"" + event.name + "\"");
  return roots;
}

}  // namespace

KernelPlan make_plan(const ir::Kernel& kernel) {
  std::unordered_map<ir::NodeId, SymbolSource> known;
  for (std::size_t k = 0; k < kernel.arrays.size(); ++k) {
    const ir::NodeId id = kernel.arrays[k].load;
    if (id == ir::no_node) continue;
    if (id >= kernel.graph.size() || kernel.graph[id].op != ir::Op::symbol || kernel.graph[id].type != ir::Type::real)
      reject(kernel, "loads array \"" + kernel.arrays[k].name + "\" into something that is not a real symbol");
    known[id] = {SymbolSource::Kind::array, static_cast<std::uint32_t>(k)};
  }
  for (std::size_t k = 0; k < kernel.scalars.size(); ++k) {
    const ir::NodeId id = kernel.scalars[k];
    if (id >= kernel.graph.size() || kernel.graph[id].op != ir::Op::symbol || kernel.graph[id].type == ir::Type::boolean)
      reject(kernel, "has a scalar that is not a real or integer symbol");
    known[id] = {SymbolSource::Kind::scalar, static_cast<std::uint32_t>(k)};
  }

  KernelPlan plan;
  const auto roots = collect_roots(kernel);
  plan.order = ir::topological(kernel.graph, roots);
  for (const ir::NodeId id : plan.order) {
    const ir::Node& node = kernel.graph[id];
    const ir::OpInfo& info = ir::op_info(node.op);
    if (!info.basic) reject(kernel, "still contains \"" + std::string(info.name) + "\", which expand() should have rewritten");
    if (node.op != ir::Op::symbol) continue;
    const auto found = known.find(id);
    if (found == known.end())
      reject(kernel, "reads \"" + kernel.graph.symbol_of(id).name + "\", which is neither an array nor a scalar of it");
    plan.sources.emplace(id, found->second);
  }
  return plan;
}

}  // namespace ranvier::codegen
