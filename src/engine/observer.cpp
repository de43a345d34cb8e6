#include "engine/observer.hpp"

#include "engine/step_tools.hpp"

#include "ir/passes.hpp"

namespace ranvier::engine {

Observer::Observer(const model::StepProgram& program, std::size_t domain, const std::string& name, ir::Graph graph, ir::NodeId node,
                   int workers, const Cuts& cuts, const MakeCode& make)
    : program_(program), domain_(domain), view_(program.domains[domain]), workers_(static_cast<std::size_t>(workers)) {
  view_.graph = std::make_shared<ir::Graph>(std::move(graph));
  auto& g = *view_.graph;
  // Staggered gates are read as a recorder shows them, at the time of the others.
  ir::Substitution shown;
  for (const auto& a : view_.arrays) {
    if (a.recorded != ir::no_node) shown[a.symbol] = a.recorded;
  }
  node = ir::substitute(g, node, shown);
  const ir::NodeId roots[] = {node};
  node = ir::simplify(g, ir::recognise_singularities(g, roots))[0];
  for (auto& a : view_.arrays) a.recorded = ir::no_node;
  model::Array observed;
  observed.name = "observed " + name;
  observed.role = model::Role::parameter;
  observed.recorded = node;
  view_.arrays.push_back(std::move(observed));
  plan_ = codegen::synchronise(view_, {view_.arrays.size() - 1});
  code_ = make(plan_.kernels);
  host_ = std::make_unique<ir::HostProgram>(g, plan_.scalars);
  scratch_ = ArrayMemory(view_.size, element_bytes(view_, view_.arrays.size() - 1), cuts);
}

void Observer::bind(const State& state) {
  pointers_.assign(workers_.size(), std::vector<std::vector<void*>>(plan_.slots.size()));
  for (std::size_t k = 0; k < plan_.slots.size(); ++k) {
    for (const auto& slot : plan_.slots[k]) {
      const auto& memory = slot.scratch ? scratch_ : state.domains[domain_].arrays[slot.array];
      for (std::size_t w = 0; w < workers_.size(); ++w) pointers_[w][k].push_back(memory.part<void>(static_cast<int>(w)));
    }
  }
}

void Observer::fill(PerWorker& w, std::uint64_t step) const {
  w.symbols.clear();
  for (const auto& s : host_->symbols()) {
    const auto at = static_cast<double>(step);
    if (const auto* table = uniform_table(view_, s.name)) {
      w.symbols.push_back(value_at(*table, 0, step, program_.dt_ms));
      continue;
    }
    w.symbols.push_back(s.name == "t" ? at * program_.dt_ms : s.name == "step" ? at : program_.uniforms.at(s.name).value);
  }
  w.results.resize(plan_.scalars.size());
  host_->evaluate(w.symbols, w.slots, w.results);
  const bool f32 = view_.precision == Precision::f32;
  w.scalars.resize(plan_.scalars.size() * RANVIER_SCALAR_LANES * (f32 ? 4 : 8));
  for (std::size_t k = 0; k < w.results.size(); ++k) {
    for (std::size_t lane = 0; lane < RANVIER_SCALAR_LANES; ++lane) {
      const auto at = k * RANVIER_SCALAR_LANES + lane;
      if (f32) {
        reinterpret_cast<float*>(w.scalars.data())[at] = static_cast<float>(w.results[k]);
      } else {
        reinterpret_cast<double*>(w.scalars.data())[at] = w.results[k];
      }
    }
  }
}

void Observer::run(int worker, std::uint32_t lo, std::uint32_t hi, std::uint64_t step) {
  auto& w = workers_[static_cast<std::size_t>(worker)];
  fill(w, step);
  for (std::size_t k = 0; k < code_.size(); ++k) {
    RanvierKernelArgs args{pointers_[static_cast<std::size_t>(worker)][k].data(), w.scalars.data(), lo, hi, nullptr, nullptr, static_cast<std::int64_t>(step)};
    code_[k]->run(args);
  }
}

}  // namespace ranvier::engine
