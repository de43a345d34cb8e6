// Pure rewrites of the graph. Each takes nodes and returns nodes of the same graph (or of a new one, where it says so);
// nothing that exists is changed. None looks at the value of a parameter.
//
//   NodeId slope = differentiate(g, f, v);
//   roots = recognise_singularities(g, roots);          // x/(exp(x)-1) -> 1/exprel(x)
//   roots = simplify(g, roots);
//   roots = divide_early(g, roots);
//   roots = share_exponentials(g, roots, Precision::f32);
//   roots = multiply_by_reciprocals(g, roots);
//   Expanded basic = expand(g, roots, Precision::f32);  // thirty basic operators only
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/graph.hpp"

namespace ranvier::ir {

enum class Precision : std::uint8_t { f32, f64 };

using Substitution = std::unordered_map<NodeId, NodeId>;

/// What stands for a symbol in structural digests: its name, or its role where results must not depend on names.
using Label = std::function<std::string(const Symbol&)>;
[[nodiscard]] Label by_name();
/// The place of each symbol of `g` as it is now, in the order in which they were made.
[[nodiscard]] Label by_position(const Graph& g);

/// Each root with every key of `map` replaced by its value (outermost match first, replacements are not searched again).
[[nodiscard]] std::vector<NodeId> substitute(Graph& g, std::span<const NodeId> roots, const Substitution& map);
[[nodiscard]] NodeId substitute(Graph& g, NodeId root, const Substitution& map);

/// Copies `roots` of `from` into `to` (symbols by name) and returns their ids there.
[[nodiscard]] std::vector<NodeId> import(Graph& to, const Graph& from, std::span<const NodeId> roots);

/// Partial derivative of f with respect to the symbol x; structural zeros and ones vanish as they arise.
/// Piecewise operators (select, min, max, abs, clip, floor) are differentiated branch by branch.
/// UserError for random operators.
[[nodiscard]] NodeId differentiate(Graph& g, NodeId f, NodeId x);

/// True if f does not depend on x.
[[nodiscard]] bool independent(const Graph& g, NodeId f, NodeId x);

/// f == a*x + b with a, b independent of x (by structure: sums, products, quotients, negation).
struct Affine {
  bool ok = false;
  NodeId slope = no_node, offset = no_node;
};
[[nodiscard]] Affine affine_in(Graph& g, NodeId f, NodeId x);

/// x/(exp(x)-1), x/(1-exp(x)), (exp(x)-1)/x, x/expm1(x) in any scaling of numerator and argument (c*(V-a)/(exp((V-a)/k)-1),
/// signs and constants spread however) become expressions of exprel, finite at the removable singularity. Numerator and
/// argument may differ by any uniform factor that can be established structurally; where it cannot, nothing is done.
[[nodiscard]] std::vector<NodeId> recognise_singularities(Graph& g, std::span<const NodeId> roots);

/// Deterministic, idempotent clean-up: literal folding through sums and products of literals, x/literal kept, integer powers
/// as pow, pow(x,2) from x*x is not made. Never changes the value by more than the stated reassociation of literals.
[[nodiscard]] std::vector<NodeId> simplify(Graph& g, std::span<const NodeId> roots);

/// A product with h exprel(h s) in it, s varying and h uniform, becomes the rest of it over s, times expm1(h s): the division need not wait for
/// the exponential. A smaller s than 1e-18 is taken as that, where both forms are the rest times h. Changes bits: applied before fusion.
[[nodiscard]] std::vector<NodeId> divide_early(Graph& g, std::span<const NodeId> roots);

/// Exponentials whose arguments are affine in the same varying node with literal slopes that are integer multiples (up to 16,
/// either sign) of the group's smallest slope are computed from one exponential by powers:
/// exp(k*s*x+b) = exp(s*x+b0)^k * exp(b-k*b0). The last factor must be a number whatever the parameters are (they cancel) and
/// moderate, or the exponential stays by itself: so the range of the shared form is that of the plain one but for this factor.
/// a/exprel(u) takes part too, guarded by a polynomial for |u| < 0.125 (f32) or 0.5 (f64). Changes bits: applied before fusion.
[[nodiscard]] std::vector<NodeId> share_exponentials(Graph& g, std::span<const NodeId> roots,
                                                     Precision precision = Precision::f64, const Label& label = by_name());

/// varying / uniform becomes varying * (1/uniform); the host computes the reciprocal in f64 and it is rounded once. Changes bits:
/// applied before fusion, after share_exponentials.
[[nodiscard]] std::vector<NodeId> multiply_by_reciprocals(Graph& g, std::span<const NodeId> roots);

/// The basic form of `roots`, in a graph of its own. Maximal uniform sub-expressions that are not literals have become
/// symbols named "$0", "$1", ...; `scalars[k]` is the node of the *source* graph that the host evaluates in f64 for "$k".
/// A random operator's payload is owner << 32 | number: draws of one number are one draw, and each owner has a Philox key of its own,
/// whose two words are integer symbols, key_symbol(owner, word). They are counted by (element, number, step).
struct KeyWord {
  std::uint32_t owner = 0;
  int word = 0;
};
[[nodiscard]] std::string key_symbol(std::uint32_t owner, int word);
struct Expanded {
  Graph graph;
  std::vector<NodeId> roots;
  std::vector<NodeId> scalars;
  std::vector<KeyWord> keys;
};
/// Ties between equal alternatives are broken by structure, in which symbols stand as `label` says.
[[nodiscard]] Expanded expand(const Graph& g, std::span<const NodeId> roots, Precision precision, const Label& label = by_name());

/// A digest of the roots that does not depend on node numbering and orders commutative operands; symbols are named by `label`.
[[nodiscard]] std::uint64_t structural_hash(const Graph& g, std::span<const NodeId> roots, const Label& label);

}  // namespace ranvier::ir
