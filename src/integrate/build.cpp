#include "integrate/build.hpp"

#include <algorithm>
#include <cmath>

#include "integrate/population_builder.hpp"
#include "integrate/synapse_builder.hpp"
#include "integrate/synapse_law.hpp"
#include "ir/passes.hpp"

namespace ranvier::integrate {

using detail::NetworkData;
using detail::ProjectionData;
using model::StepProgram;

namespace {

std::size_t domain_index(const NetworkData& net, const std::string& population) {
  for (std::size_t i = 0; i < net.populations.size(); ++i) {
    if (net.populations[i].name == population) return i;
  }
  throw InternalError("a projection refers to the unknown population '" + population + "'");
}

void check_dt(Quantity dt) {
  require(dt, dimension::time, "dt");
  if (!(dt.value > 0) || std::isinf(dt.value)) {
    throw UserError("simulation", "dt is " + to_string(dt), "give a time step above 0, such as 0.1 ms");
  }
}

std::uint32_t delay_steps(const ProjectionData& p, double dt_ms) {
  const double steps = p.delay.value / dt_ms;
  const double whole = std::floor(steps + 0.5);
  if (std::fabs(steps - whole) > 1e-6) {
    throw UserError("projection '" + p.name + "'", "the delay " + to_string(p.delay) + " is not a multiple of dt = " +
                        to_string(Quantity{dt_ms, dimension::time}), "use a multiple, or another dt");
  }
  if (whole > 1e6) {
    throw UserError("projection '" + p.name + "'", "the delay " + to_string(p.delay) + " is over a million steps",
                    "check its unit");
  }
  return static_cast<std::uint32_t>(whole);
}

/// What a leg needs of the engine; nothing if another leg of its projection brings the same events. Legs share their rows.
std::optional<model::Delivery> delivery_of(const Leg& p, const NetworkData& net, const StepProgram& program) {
  model::Delivery d;
  d.projection = p.projection;
  for (std::size_t k = 0; k < program.deliveries.size(); ++k) {
    const auto& earlier = program.deliveries[k];
    if (earlier.projection != p.projection) continue;
    if (!p.at_source && !earlier.source) return {};
    if (!d.shares_rows_of) d.shares_rows_of = k;
  }
  d.pre_domain = domain_index(net, p.pre.population);
  d.post_domain = domain_index(net, p.post.population);
  d.pre_first = p.pre.first;
  d.pre_last = p.pre.last;
  d.post_first = p.post.first;
  d.post_last = p.post.last;
  d.rule = p.rule;
  d.counted = !p.at_source && !p.weighted();
  lower_laws(p, net, d);
  d.delay_steps = delay_steps(p, program.dt_ms);
  const auto& arrays = program.array_aliases;
  if (p.at_source) {
    d.source = arrays.at(p.name + ".sent").second;
    d.array = arrays.at(p.name + ".values").second;
    if (const auto sums = arrays.find(p.name + ".synapses"); sums != arrays.end()) d.weight_sums = sums->second.second;
  } else {
    d.array = arrays.at(p.projection + ".arrivals").second;
  }
  return d;
}

}  // namespace

StepProgram build_step_program(const NetworkData& net, const BuildOptions& options) {
  check_dt(options.dt);
  if (net.populations.empty()) throw UserError("network", "it has no population", "add one with Network::add()");
  StepProgram program;
  program.dt_ms = options.dt.value;
  program.uniforms["dt"] = options.dt;

  std::vector<Leg> legs;
  for (const auto& p : net.projections) {
    for (auto& leg : legs_of(p)) legs.push_back(std::move(leg));
  }
  for (std::size_t i = 0; i < net.populations.size(); ++i) {
    PopulationBuilder builder(net.populations[i], i, program, options);
    builder.declare();
    for (const auto& leg : legs) {
      if (leg.at_source && leg.pre.population == net.populations[i].name) builder.send(leg);
    }
    for (const auto& leg : legs) {
      if (leg.post.population == net.populations[i].name) builder.receive(leg);
    }
    program.domains.push_back(builder.finish());
  }
  for (const auto& p : legs) {
    if (p.plasticity && (p.at_source || p.several)) {
      throw UnsupportedError("projection '" + p.projection + "'", "plasticity together with several receptors or a synapse at the source",
                             "use a projection for each receptor, with a synapse that receives events");
    }
    auto d = delivery_of(p, net, program);
    if (!d) continue;
    if (p.plasticity) d->plastic = program.plasticity.size();
    program.deliveries.push_back(std::move(*d));
    if (p.plasticity) program.plasticity.push_back(build_plasticity(p, program.deliveries.size() - 1, program, options));
  }
  return program;
}

}  // namespace ranvier::integrate
