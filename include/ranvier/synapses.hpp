// Synapses and outputs that take arguments, beyond those of the library: voltage jumps and electrical coupling.
//
//   net.connect(E, I, bernoulli(0.1)).synapse(delta()).weight(0.3 * mV);
//   net.connect(A, A, symmetric({0, 1}, {1, 2})).synapse(presynaptic("V")).output(gap_junction()).weight(2 * nS);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ranvier/connect.hpp"
#include "ranvier/model.hpp"

namespace ranvier {

/// An arrival adds its weight to a state of the target at the start of the step in which it arrives; needs no output. `during`: what
/// becomes of it while a refractory period keeps that state.
Model delta(const std::string& state = "V", Unit unit = units::mV, WhileRefractory during = WhileRefractory::drop);

/// No dynamics: sends a state of the source neuron as it is (rate models, gap junctions).
Model presynaptic(const std::string& state = "V", Unit unit = units::mV);

/// I_i = sum over j of w_ij (V_j - V_i): gap junctions, with presynaptic(voltage) and a weight that is a conductance. V_i moves during
/// the step, V_j is that of its start. In f32 the difference is of two sums: some 1e-7 of degree * w * V is lost.
Output gap_junction(const std::string& voltage = "V");

/// These pairs and their reverses, one weight a pair: a connectivity as gap junctions have it. UserError as explicit_list(), and for
/// a pair that is given both ways.
Rule symmetric(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b, const std::vector<double>& weight = {});

}  // namespace ranvier
