// A projection as the builders see it: one leg a receptor, each like a projection with one synapse, all on one connectivity.
//
//   for (const Leg& leg : legs_of(projection)) builder.receive(leg);      // leg.name: "E_to_I" or "E_to_I.NMDA"
#pragma once

#include <string>
#include <vector>

#include "model/model_data.hpp"

namespace ranvier::integrate {

struct Leg : detail::ProjectionData {
  std::string projection;   ///< whose connectivity it uses
  bool several = false;     ///< one of named receptors
  bool at_source = false;   ///< its synapse's states live with the sources: values are propagated, not events
};

[[nodiscard]] inline std::vector<Leg> legs_of(const detail::ProjectionData& p) {
  std::vector<Leg> legs;
  const auto add = [&](detail::ProjectionData leg, bool several) {
    const bool at_source = leg.synapse && detail::lives_at_source(leg, *leg.synapse);
    legs.push_back({std::move(leg), p.name, several, at_source});
  };
  for (const auto& r : p.receptors) {
    detail::ProjectionData leg = p;
    leg.name = p.name + "." + r.name;
    leg.synapse = r.synapse;
    leg.output = r.output;
    leg.weight = r.weight;
    leg.weight_given = true;
    leg.initial_values = r.initial_values;
    leg.receptors.clear();
    add(std::move(leg), true);
  }
  if (legs.empty()) add(p, false);
  return legs;
}

}  // namespace ranvier::integrate
