// Graphs of its own for a network: expressions of a model all grow one graph, which other threads must not read meanwhile.
#include <map>

#include "model/model_data.hpp"

namespace ranvier::detail {
namespace {

class Detach {
 public:
  void data(NetworkData& net) {
    for (auto& p : net.populations) {
      model(p.model);
      each(p.initial);
      each(p.parameter_laws);
    }
    for (auto& p : net.projections) {
      for (auto* part : {&p.synapse, &p.output}) {
        if (*part) model(**part);
      }
      if (p.plasticity) model(*p.plasticity);
      for (auto& r : p.receptors) model(r.synapse), model(r.output);
      if (p.weight_law) expression(*p.weight_law);
      if (p.delay_law) expression(*p.delay_law);
      each(p.synapse_initial);
    }
  }

 private:
  void scope(std::shared_ptr<Scope>& s) {
    auto& own = copies_[s];
    if (!own) own = copied(s);
    s = own;
  }
  void expression(Expr& e) {
    if (ExprAccess::is_literal(e)) return;
    auto s = ExprAccess::scope(e);
    scope(s);
    e = ExprAccess::make(s, ExprAccess::node(e), e.dimension());
  }
  void each(std::map<std::string, Expr>& expressions) {
    for (auto& [name, e] : expressions) expression(e);
  }
  void model(ModelData& m) {
    scope(m.scope);
    for (auto& s : m.states) {
      if (s.initial) expression(*s.initial);
    }
    if (m.sends) expression(*m.sends);
    if (m.current) expression(*m.current);
  }

  std::map<std::shared_ptr<Scope>, std::shared_ptr<Scope>> copies_;
};

}  // namespace

void detach(NetworkData& net) { Detach{}.data(net); }

}  // namespace ranvier::detail
