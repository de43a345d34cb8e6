#include "engine/facts.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace ranvier::engine {
namespace {

constexpr std::size_t whole = 1 << 20;  ///< characters of a printed expression

/// Equations as they are printed, names included: the streams of random numbers go by them.
std::string digest_of(const model::Domain& d) {
  base::Hasher h;
  const auto add = [&](ir::NodeId node) {
    if (node != ir::no_node) h.add(ir::print(*d.graph, node, whole));
  };
  for (const auto& a : d.arrays) {
    h.add(a.name).add(static_cast<int>(a.role)).add(a.follows);
    add(a.initial);
  }
  for (const auto& s : d.stores) {
    h.add(d.arrays[s.array].name);
    add(s.value);
  }
  add(d.spikes);
  for (const auto& name : d.noise) h.add(name);
  return h.digest().hex();
}

std::string digest_of(const model::Plasticity& p) {
  base::Hasher h;
  h.add(static_cast<int>(p.precision)).add(p.elapsed);
  for (const auto* arrays : {&p.synapse, &p.pre, &p.post}) {
    for (const auto& a : *arrays) h.add(a.name);
  }
  for (const auto* kernel : {&p.on_pre, &p.pre_jump, &p.on_post, &p.post_jump, &p.step, &p.pre_step, &p.post_step}) {
    h.add(kernel->has_value());
    if (*kernel) h.add(digest_of((*kernel)->domain));
  }
  return h.digest().hex();
}

std::string clean(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  return text;
}

const Fact* find(const Facts& facts, const std::string& what) {
  const auto at = std::find_if(facts.begin(), facts.end(), [&](const Fact& f) { return f.what == what; });
  return at == facts.end() ? nullptr : &*at;
}

}  // namespace

Facts structure_facts(const model::StepProgram& program, std::uint64_t seed) {
  Facts out{{"dt", to_string(Quantity{program.dt_ms, dimension::time})}, {"seed", std::to_string(seed)}};
  for (const auto& d : program.domains) {
    out.push_back({"population " + d.name, std::to_string(d.size) + " neurons, " +
                                               (d.precision == Precision::f32 ? "f32" : "f64") +
                                               (d.method.empty() ? "" : ", " + d.method)});
  }
  for (const auto& d : program.deliveries) {
    if (d.shares_rows_of) continue;
    out.push_back({"projection " + d.projection, program.domains[d.pre_domain].name + " to " +
                                                     program.domains[d.post_domain].name + ", " + to_string(d.rule)});
  }
  for (const auto& d : program.domains) out.push_back({"equations of " + d.name, {}, digest_of(d)});
  for (const auto& p : program.plasticity)
    out.push_back({"equations of the synapses of " + p.projection, {}, digest_of(p)});
  for (const auto& d : program.domains) {
    for (const auto& t : d.time_values) {
      base::Hasher h;
      h.add(t.values->dt.value).add(static_cast<int>(t.values->between));
      for (const double x : t.values->values) h.add(x);
      out.push_back({"values over time, " + t.name, {}, h.digest().hex()});
    }
    if (!d.prescribed) continue;
    base::Hasher h;
    for (const auto step : d.prescribed->steps) h.add(step);
    for (const auto id : d.prescribed->ids) h.add(id);
    out.push_back({"spike times of " + d.name, std::to_string(d.prescribed->ids.size()) + " spikes", h.digest().hex()});
  }
  for (auto& f : out) f = {clean(f.what), clean(f.value), f.digest};
  return out;
}

Facts parameter_facts(const model::StepProgram& program) {
  Facts out;
  for (const auto& [name, value] : program.uniforms) {
    if (name != "dt") out.push_back({clean("parameter " + name), to_string(value)});
  }
  for (const auto& d : program.domains) {
    for (const auto& a : d.arrays) {
      if (a.role != model::Role::parameter || a.values.empty()) continue;
      base::Hasher h;
      for (const double x : a.values) h.add(x);
      out.push_back({clean("values of " + d.name + "." + a.name), {}, h.digest().hex()});
    }
  }
  return out;
}

std::optional<std::string> first_difference(const Facts& there, const Facts& here) {
  for (const auto& f : here) {
    const auto* other = find(there, f.what);
    if (!other) return f.what + ": here alone";
    if (other->value != f.value) return f.what + ": " + other->value + " there, " + f.value + " here";
    if (other->digest != f.digest) return f.what + ": not the same";
  }
  for (const auto& f : there) {
    if (!find(here, f.what)) return f.what + ": there alone";
  }
  return {};
}

std::string as_text(const Facts& facts) {
  std::string out;
  for (const auto& f : facts) out += f.what + "\t" + f.value + "\t" + f.digest + "\n";
  return out;
}

Facts from_text(const std::string& text) {
  Facts out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    const auto first = std::min(line.find('\t'), line.size()),
               second = std::min(line.find('\t', std::min(first + 1, line.size())), line.size());
    out.push_back({line.substr(0, first), first < second ? line.substr(first + 1, second - first - 1) : "",
                   second < line.size() ? line.substr(second + 1) : ""});
    at = end + 1;
  }
  return out;
}

}  // namespace ranvier::engine
