// Small models and networks that the engine's tests share.
#pragma once

#include <string>
#include <vector>

#include "ranvier/simulation.hpp"

using namespace ranvier;
using namespace ranvier::units;

/// Fires once, stamped `when` steps: x counts steps.
inline Model once() {
  Model m{"once"};
  const auto x = m.state("x"), when = m.parameter("when", 1.0);
  m.d(x) = 1 / m.dt();
  m.threshold(crosses_up(x, when));
  return m;
}

/// A target whose V sums up its current.
inline Model summing() {
  Model m{"summing"};
  const auto V = m.state("V", mV);
  const auto I = m.input("I", pA);
  m.d(V) = I * (1 * Gohm) / ms;
  return m;
}

/// A synapse whose state s is the sum of all weights that have arrived.
inline Model collecting(Unit unit = nS) {
  Model m{"collecting"};
  m.receives(m.state("s", unit));
  return m;
}

/// A voltage and a gate by the staggered scheme, with a refractory period and an input current I.
inline Model gated() {
  Model m{"gated"};
  const auto V = m.state("V", mV), w = m.state("w");
  const auto I = m.input("I", pA);
  m.d(V) = (-60 * mV - V + 25 * mV * w + I * (0.05 * Gohm)) / (10 * ms);
  m.d(w) = (0.5 + V / (200 * mV) - w) / (30 * ms);
  m.initial(V, -60 * mV + 10 * mV * ranvier::rand());
  m.threshold(V >= -52 * mV);
  m.reset(V, -62 * mV);
  m.refractory(1 * ms, {V});
  m.method("exp_staggered");
  return m;
}

/// Leaky integrate-and-fire with a drive of its own per neuron and an input.
inline Model driven_lif() {
  Model m{"lif"};
  const auto V = m.state("V", mV);
  const auto drive = m.parameter("drive", 20 * mV), tau = m.parameter("tau", 10 * ms);
  const auto I = m.input("I", pA);
  m.d(V) = (-60 * mV - V + drive + I * (0.05 * Gohm)) / tau;
  m.initial(V, -60 * mV + 12 * mV * ranvier::rand());
  m.threshold(V >= -45 * mV);
  m.reset(V, -60 * mV);
  m.refractory(1 * ms, {V});
  return m;
}

/// Numbers without a law that matters, the same everywhere.
class Mixed {
 public:
  std::uint32_t below(std::uint32_t bound) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>((state_ >> 33) % bound);
  }

 private:
  std::uint64_t state_ = 12345;
};

/// n distinct pairs with weights that are no round binary numbers, and delays of 0 to 1 ms.
inline PairList mixed_pairs(std::uint32_t n, std::uint32_t n_pre, std::uint32_t n_post, bool delays = true) {
  Mixed random;
  std::vector<bool> used(std::size_t{n_pre} * n_post);
  PairList list;
  while (list.pre.size() < n) {
    const auto pre = random.below(n_pre), post = random.below(n_post);
    if (used[std::size_t{pre} * n_post + post]) continue;
    used[std::size_t{pre} * n_post + post] = true;
    list.pre.push_back(pre), list.post.push_back(post);
    list.weight.push_back(0.1 + random.below(1000) / 700.0);
    if (delays) list.delay.push_back(random.below(11) * 0.1);
  }
  return list;
}
