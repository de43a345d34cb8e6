// An ion channel as text: its equations read the voltage V of the group and its ions, Ca.concentration and Ca.reversal.
//
//   Channel c = build_channel("IM", {.equations = "dp/dt = (p_inf - p)/tau : 1 ...", .current = "g_max*p*(E - V)", .ion = ""}, around);
#pragma once

#include "ranvier/channel.hpp"
#include "text/surroundings.hpp"

namespace ranvier::text {

struct ChannelText {
  TextPiece equations, current;
  std::map<std::string, TextPiece> parameters, initial;
  std::string ion;                 ///< that carries the current; empty: none
};

/// A state without an initial value whose equation is linear in it starts in its steady state. ParseError with all mistakes.
[[nodiscard]] Channel build_channel(const std::string& name, const ChannelText& text, const Surroundings& around);

}  // namespace ranvier::text
