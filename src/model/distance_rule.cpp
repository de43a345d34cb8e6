// bernoulli() with an expression of the distance as probability.
#include "ir/interpret.hpp"
#include "model/model_data.hpp"

namespace ranvier {
namespace {

class Expression : public DistanceProfile {
 public:
  /// Of a graph of its own: rows are made by several threads, while others may extend the expression.
  explicit Expression(const Expr& e) : graph_(detail::ExprAccess::scope(e)->graph), root_(detail::ExprAccess::node(e)), text_(ir::print(graph_, root_)) {}

  void evaluate(std::span<const double> distance, std::span<double> probability) const override {
    const auto value_of = [&](const ir::Symbol&, std::uint64_t i) { return distance[i]; };
    ir::evaluate_block(graph_, root_, {.seed = 0, .first = 0, .count = distance.size()}, value_of, probability);
  }
  std::string call() const override { return "bernoulli(" + text_ + ")"; }
  std::string law() const override { return text_; }

 private:
  ir::Graph graph_;
  ir::NodeId root_;
  std::string text_;
};

}  // namespace

Rule bernoulli(const Expr& p) {
  if (detail::ExprAccess::is_literal(p) && p.dimension().is_none()) return bernoulli(detail::ExprAccess::value(p));
  const std::string where = "bernoulli(" + p.text() + ")";
  if (!p.dimension().is_none()) {
    throw UnitError(where, "the probability is in " + unit_name(p.dimension()), "divide the distance by a length");
  }
  const auto& graph = detail::ExprAccess::scope(p)->graph;
  const ir::NodeId roots[] = {detail::ExprAccess::node(p)};
  for (const auto id : ir::topological(graph, roots)) {
    const bool random = graph[id].op == ir::Op::normal || graph[id].op == ir::Op::uniform;
    const bool foreign = graph[id].op == ir::Op::symbol && graph.symbol_of(id).name != "distance()";
    if (!random && !foreign) continue;
    throw UserError(where, std::string("it uses ") + (random ? "a random number" : "'" + graph.symbol_of(id).name + "'"),
                    "a probability is an expression of distance() and numbers");
  }
  return Rule(Rule::ByDistance{std::make_shared<Expression>(p)});
}

}  // namespace ranvier
