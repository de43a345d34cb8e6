#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "ir/passes.hpp"
#include "ir/rebuild.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {

std::vector<NodeId> topological(const Graph& g, std::span<const NodeId> roots) {
  return reachable(g, roots, [](NodeId) { return false; });
}

std::vector<NodeId> substitute(Graph& g, std::span<const NodeId> roots, const Substitution& map) {
  if (map.empty()) return {roots.begin(), roots.end()};
  // What lies below a replaced node alone is not walked: its replacement is final.
  const auto order = reachable(g, roots, [&](NodeId id) { return map.contains(id); });
  NodeMap done(roots);
  for (const NodeId id : order) {
    const auto found = map.find(id);
    done[id] = found == map.end() ? rebuild(g, g, id, done) : found->second;
  }
  return done.of(roots);
}

NodeId substitute(Graph& g, NodeId root, const Substitution& map) { return substitute(g, std::span(&root, 1), map).front(); }

std::vector<NodeId> import(Graph& to, const Graph& from, std::span<const NodeId> roots) {
  NodeMap done(roots);
  for (const NodeId id : topological(from, roots)) done[id] = rebuild(to, from, id, done);
  return done.of(roots);
}

bool independent(const Graph& g, NodeId f, NodeId x) {
  const auto order = reachable(g, std::span(&f, 1), [&](NodeId id) { return id < x; });
  return !std::binary_search(order.begin(), order.end(), x);
}

namespace {

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

std::uint64_t combined(std::uint64_t h, std::uint64_t value) { return mixed(h * 0x9e3779b97f4a7c15u + value + 1); }

std::uint64_t hash_of_text(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mixed(h);
}

}  // namespace

Label by_name() {
  return [](const Symbol& symbol) { return symbol.name; };
}

Label by_position(const Graph& g) {
  auto position = std::make_shared<std::unordered_map<std::string, std::size_t>>();
  for (const Symbol& symbol : g.symbols()) position->emplace(symbol.name, position->size());
  return [position](const Symbol& symbol) { return std::to_string(position->at(symbol.name)); };
}

std::uint64_t structural_hash(const Graph& g, std::span<const NodeId> roots, const Label& label) {
  const auto hashes = structural_hashes(g, roots, label);
  std::uint64_t digest = 0;
  for (const NodeId root : roots) digest = combined(digest, hashes[root]);
  return digest;
}

std::vector<std::uint64_t> structural_hashes(const Graph& g, std::span<const NodeId> roots, const Label& label) {
  std::vector<std::uint64_t> hash(width(roots));
  for (const NodeId id : topological(g, roots)) {
    const Node& node = g[id];
    const OpInfo& info = op_info(node.op);
    // The operator's name, not its number: a new row in the table leaves all digests as they are.
    std::uint64_t h = combined(hash_of_text(info.name), static_cast<std::uint64_t>(node.type));
    if (node.op == Op::symbol) {
      h = combined(combined(h, node.uniform), hash_of_text(label(g.symbol_of(id))));
    } else {
      h = combined(h, node.payload);
    }
    std::array<std::uint64_t, 3> operand{};
    for (int k = 0; k < info.arity; ++k) operand[k] = hash[node.arg[k]];
    if (info.commutative && operand[0] > operand[1]) std::swap(operand[0], operand[1]);
    for (int k = 0; k < info.arity; ++k) h = combined(h, operand[k]);
    hash[id] = h;
  }
  return hash;
}

}  // namespace ranvier::ir
