#include "model/step_program.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <functional>

#include "base/hash.hpp"
#include "ir/passes.hpp"

namespace ranvier::model {
namespace {

const char* role_name(Role r) {
  switch (r) {
    case Role::state: return "state";
    case Role::parameter: return "parameter";
    case Role::arrivals: return "arrivals";
    case Role::refractory: return "refractory";
    case Role::time_array: return "time array";
  }
  return "";
}

std::string unit_of(const Dimension& d) { return d.is_none() ? "1" : unit_name(d); }

void print_statement(std::string& out, const Domain& d, const Statement& s) {
  if (s.kind == Statement::Kind::emit) {
    out += "  emit spikes where " + ir::print(*d.graph, s.now, 2000);
    if (s.before != ir::no_node) out += " and before: " + ir::print(*d.graph, s.before, 2000);
    out += "\n";
    return;
  }
  for (const auto& a : s.assignments) {
    out += "  assign " + d.arrays[a.array].name + " = " + ir::print(*d.graph, a.value, 2000) + "    # " + s.title + "\n";
  }
}

}  // namespace

const Array* find_array(const Domain& domain, const std::string& name) {
  for (const auto& a : domain.arrays) {
    if (a.name == name) return &a;
  }
  return nullptr;
}

bool Plasticity::reads_sources() const {
  for (const auto* k : {&on_pre, &on_post, &step}) {
    if (!*k) continue;
    for (const auto& p : (*k)->places) {
      if (p.from == SynapticPlace::From::pre_trace || p.from == SynapticPlace::From::pre_neuron) return true;
    }
  }
  return false;
}

namespace {

constexpr const char* kernel_names[] = {"on pre", "on pre, trace", "on post", "on post, trace", "step", "step of pre traces", "step of post traces"};

std::array<const std::optional<SynapticKernel>*, 7> kernels_of(const Plasticity& p) {
  return {&p.on_pre, &p.pre_jump, &p.on_post, &p.post_jump, &p.step, &p.pre_step, &p.post_step};
}

void print_plasticity(std::string& out, const Plasticity& p) {
  out += "synapses of " + p.projection + " (" + (p.precision == Precision::f32 ? "f32" : "f64") + (p.method.empty() ? "" : ", " + p.method) + ")\n";
  for (const auto& [side, arrays] : {std::pair{"each synapse", &p.synapse}, std::pair{"each source", &p.pre}, std::pair{"each target", &p.post}}) {
    for (const auto& a : *arrays) out += "  array " + a.name + " : " + unit_of(a.dimension) + " (" + side + ")\n";
  }
  const auto kernels = kernels_of(p);
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    if (!*kernels[k]) continue;
    const auto& d = (*kernels[k])->domain;
    for (const auto& s : d.stores) {
      out += std::string("  ") + kernel_names[k] + ": " + d.arrays[s.array].name + " = " + ir::print(*d.graph, s.value, 2000) + "\n";
    }
  }
}

}  // namespace

std::string print(const StepProgram& program) {
  std::string out = "step of " + to_string(Quantity{program.dt_ms, dimension::time}) + "\n";
  for (const auto& d : program.deliveries) {
    const auto& pre = program.domains[d.pre_domain];
    const auto& post = program.domains[d.post_domain];
    const std::string what = d.source ? "values " + pre.arrays[*d.source].name + " of " : std::string("spikes of ");
    out += "propagate " + what + pre.name + "[" + std::to_string(d.pre_first) + ":" + std::to_string(d.pre_last) + "] -> " +
           post.name + "[" + std::to_string(d.post_first) + ":" + std::to_string(d.post_last) + "]." + post.arrays[d.array].name +
           " via " + d.projection + " " + to_string(d.rule) + (d.counted ? " counted" : " weighted") + " after " +
           (d.delay_law ? ir::print(*d.delay_law->graph, d.delay_law->root, 400) + " ms" : std::to_string(d.delay_steps) + " steps") + "\n";
    if (d.weight_law) out += "  weight = " + ir::print(*d.weight_law->graph, d.weight_law->root, 400) + "\n";
  }
  for (const auto& d : program.domains) {
    if (d.positions) out += "positions of " + d.name + ": " + d.positions->text() + "\n";
    out += "domain " + d.name + " of " + std::to_string(d.size) + " (" + (d.precision == Precision::f32 ? "f32" : "f64") + ", " +
           d.method + ")\n";
    for (const auto& a : d.arrays) {
      out += "  array " + a.name + " : " + unit_of(a.dimension) + " (" + role_name(a.role) + ")\n";
    }
    for (const auto& s : d.statements) print_statement(out, d, s);
  }
  for (const auto& p : program.plasticity) print_plasticity(out, p);
  for (const auto& [name, value] : program.uniforms) out += "uniform " + name + " = " + to_string(value) + "\n";
  return out;
}

void check_refractory(const std::string& what, Quantity period, double dt_ms) {
  require(period, dimension::time, what);
  if (period.value >= 0 && std::floor(period.value / dt_ms + 0.5) <= 0x1p24) return;
  throw UserError(what, "the refractory period is " + to_string(period), "give a time of 0 to 16,777,216 steps");
}

namespace {

void hash_plasticity(std::string& canonical, const Plasticity& p, const StepProgram& program) {
  const auto put = [&](std::uint64_t number) { canonical += std::to_string(number) + ","; };
  std::map<std::string, std::string> position;
  const auto label = [&](const ir::Symbol& s) -> std::string {
    if (const auto at = position.find(s.name); at != position.end()) return at->second;
    if (const auto u = program.uniforms.find(s.name); u != program.uniforms.end() && s.name != "dt") return "=" + to_string(u->second);
    return s.name;
  };
  put(p.delivery);
  put(static_cast<std::uint64_t>(p.precision));
  put(p.weight ? *p.weight + 1 : 0);
  for (const auto* arrays : {&p.synapse, &p.pre, &p.post}) {
    put(arrays->size());
    for (const auto& a : *arrays) {
      for (const double value : a.values) put(std::bit_cast<std::uint64_t>(value));
      const ir::NodeId root[] = {a.initial};
      put(a.initial == ir::no_node ? 0 : ir::structural_hash(*p.graph, root, label));
    }
  }
  for (const auto* kernel : kernels_of(p)) {
    put(kernel->has_value());
    if (!*kernel) continue;
    const auto& d = (*kernel)->domain;
    position.clear();
    for (std::size_t k = 0; k < d.arrays.size(); ++k) {
      const auto& place = (*kernel)->places[k];
      position[d.arrays[k].name] = "@" + std::to_string(static_cast<int>(place.from)) + "." + std::to_string(place.index);
    }
    for (const auto& s : d.stores) {
      const ir::NodeId root[] = {s.value};
      canonical += position.at(d.arrays[s.array].name);
      put(ir::structural_hash(*d.graph, root, label));
    }
  }
}

}  // namespace

std::uint64_t hash(const StepProgram& program) {
  std::string canonical;
  const auto put = [&](std::uint64_t number) { canonical += std::to_string(number) + ","; };
  const auto put_real = [&](double number) { put(std::bit_cast<std::uint64_t>(number)); };
  put_real(program.dt_ms);
  for (const auto& d : program.domains) {
    std::map<std::string, std::size_t> position;
    for (std::size_t i = 0; i < d.arrays.size(); ++i) position[d.arrays[i].name] = i;
    const auto label = [&](const ir::Symbol& s) -> std::string {
      if (const auto at = position.find(s.name); at != position.end()) return "@" + std::to_string(at->second);
      if (const auto u = program.uniforms.find(s.name); u != program.uniforms.end() && s.name != "dt") return "=" + to_string(u->second);
      for (std::size_t i = 0; i < d.time_values.size(); ++i) {
        const auto symbol = d.time_values[i].symbol;
        if (symbol != ir::no_node && d.graph->symbol_of(symbol).name == s.name) return "~" + std::to_string(i);
      }
      return s.name;  // t, dt, step
    };
    put(d.size);
    put(static_cast<std::uint64_t>(d.precision));
    if (d.positions) canonical += d.positions->text() + ";";
    if (d.positions && std::holds_alternative<Positions::Explicit>(d.positions->what())) {
      for (const double x : std::get<Positions::Explicit>(d.positions->what()).coordinates) put_real(x);
    }
    for (const auto& a : d.arrays) {
      put(static_cast<std::uint64_t>(a.role));
      for (const double value : a.values) put_real(value);
      if (a.initial == ir::no_node) continue;
      const ir::NodeId root[] = {a.initial};
      put(ir::structural_hash(*d.graph, root, label));
    }
    for (const auto& t : d.time_values) {
      put_real(t.values->dt.value);
      put(static_cast<std::uint64_t>(t.values->between));
      for (const double v : t.values->values) put_real(v);
    }
    if (d.prescribed) {
      for (const auto step : d.prescribed->steps) put(step);
      for (const auto id : d.prescribed->ids) put(id);
    }
    for (const auto& s : d.stores) {
      const ir::NodeId root[] = {s.value};
      put(s.array);
      put(ir::structural_hash(*d.graph, root, label));
    }
    if (d.spikes != ir::no_node) {
      const ir::NodeId root[] = {d.spikes};
      put(ir::structural_hash(*d.graph, root, label));
    }
  }
  for (const auto& d : program.deliveries) {
    for (const std::uint64_t n : {std::uint64_t{d.pre_domain}, std::uint64_t{d.post_domain}, std::uint64_t{d.pre_first},
                                  std::uint64_t{d.pre_last}, std::uint64_t{d.post_first}, std::uint64_t{d.post_last},
                                  std::uint64_t{d.array}, std::uint64_t{d.delay_steps}}) {
      put(n);
    }
    if (d.source) put(*d.source + 1);
    if (d.weight_sums) put(*d.weight_sums + 1);
    canonical += (d.rule.pairs() ? "list" : to_string(d.rule)) + ";";
    put(d.rule.hash());
    for (const auto* law : {&d.weight_law, &d.delay_law}) {
      if (!*law) continue;
      const ir::NodeId root[] = {(*law)->root};
      put(law == &d.weight_law ? 1 : 2);
      put(ir::structural_hash(*(*law)->graph, root, ir::by_name()));
    }
  }
  for (const auto& p : program.plasticity) hash_plasticity(canonical, p, program);
  return base::hash64(canonical);
}

}  // namespace ranvier::model
