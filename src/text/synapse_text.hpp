// Synapses as text, in the syntax that users of this field write: variables of each synapse, what an event does, sums over the synapses of a target.
// Where the states live is found out here: with the source, with the target, or with each synapse.
//
//   BuiltSynapse s = build_synapse("stdp", text, {.pre = {"E", &e}, .post = {"I", &i}, .weight = true}, around);
//   projection.synapse(*s.synapse).plasticity(*s.plasticity);
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "ranvier/plasticity.hpp"
#include "text/surroundings.hpp"

namespace ranvier::text {

struct SynapseText {
  TextPiece equations, on_pre, on_post, each_step;
  std::map<std::string, TextPiece> parameters, initial;
  std::string method;
  std::optional<Precision> precision;
};

/// A side of the projection.
struct SynapseEnd {
  std::string population;
  const detail::PopulationData* data = nullptr;
};

struct SynapseUse {
  SynapseEnd pre, post;
  bool weight = false;                ///< the projection, or its list, gives weights
  std::set<std::string> initial;      ///< variables whose values the projection gives
  std::string receiver;               ///< the state of the projection's own synapse that arrivals add to; empty: it has none
  Dimension received{};
};

struct BuiltSynapse {
  std::optional<Model> synapse;       ///< nothing: the projection's own
  std::optional<Output> output;
  std::optional<Plasticity> plasticity;
  std::string onto;                   ///< the target's input; empty: none
  std::optional<Quantity> weight;     ///< a constant one that the statements contain
  std::string weight_name;            ///< the variable that the projection's weight is the value of; empty: none
  bool at_source = false;
};

/// ParseError with all mistakes.
[[nodiscard]] BuiltSynapse build_synapse(const std::string& name, const SynapseText& text, const SynapseUse& use, const Surroundings& around);

}  // namespace ranvier::text
