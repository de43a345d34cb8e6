// The interpreter, the oracle of every compiled kernel. It judges twice: a high-level expression in double with libm (is the
// function accurate?) and a basic kernel in the kernel's own precision (is the kernel exact?).
//
//   double v = evaluate(g, root, {{V, -50.0}});
//   evaluate_block(g, roots, bindings, 1024, out);   // element by element over arrays
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "ir/graph.hpp"

namespace ranvier::ir {

/// Which elementary functions evaluate a high-level node: libm (the oracle) or base/elementary (what reaches states).
enum class Functions : std::uint8_t { libm, own };

/// Value of a high-level real or boolean node (booleans as 0 and 1) with symbols bound to numbers. UserError if one is unbound.
[[nodiscard]] double evaluate(const Graph& g, NodeId root, const std::unordered_map<NodeId, double>& symbols,
                              Functions functions = Functions::libm);

struct Program;

/// Prepared evaluation of several uniform roots, for values that the host computes again and again (kernel scalars).
class HostProgram {
 public:
  HostProgram(const Graph& g, std::vector<NodeId> roots);
  /// `value_of(symbol)` is asked once per distinct symbol; evaluated in f64 with base/elementary.
  void evaluate(const std::function<double(const Symbol&)>& value_of, std::span<double> out) const;
  [[nodiscard]] const std::vector<Symbol>& symbols() const;  ///< each once
  /// The same with the values of symbols() in their order. Calls with the same `scratch` allocate once.
  void evaluate(std::span<const double> values, std::vector<double>& scratch, std::span<double> out) const;

 private:
  std::shared_ptr<const Program> program_;  ///< holds what it needs: the graph may go
};

/// Element-wise evaluation of a high-level root for initial values: out[k] belongs to the element `first + k`, whose symbols are
/// read by value_of(symbol, first + k); uniform symbols are read once, at `first`. Random operators draw at counter
/// (first + k, 0) of the key make_key(seed, "stream " + the node's payload in decimal). base/elementary, f64.
/// UserError if `out` is not of `count` elements.
struct BlockRequest {
  std::uint64_t seed = 0;
  std::uint64_t first = 0;  ///< index of the first element
  std::size_t count = 0;
  /// Not empty: element k is elements[k] instead of first + k, and its random draws are at counter (elements[k], copies[k]).
  std::span<const std::uint64_t> elements{}, copies{};
};
void evaluate_block(const Graph& g, NodeId root, const BlockRequest& request,
                    const std::function<double(const Symbol&, std::uint64_t element)>& value_of, std::span<double> out);

}  // namespace ranvier::ir
