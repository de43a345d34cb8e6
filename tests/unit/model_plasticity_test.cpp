// links: ranvier_engine
// What users of plasticity are told when something does not fit.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "engine_networks.hpp"

namespace {

/// The message of the UserError that `f` throws has all of these words.
testing::AssertionResult says(const std::function<void()>& f, const std::vector<std::string>& words) {
  try {
    f();
  } catch (const UserError& e) {
    for (const auto& w : words) {
      if (std::string(e.what()).find(w) == std::string::npos)
        return testing::AssertionFailure() << "'" << w << "' is not in: " << e.what();
    }
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << "nothing was thrown";
}

Output out() {
  Output o{"out"};
  o.current(o.synaptic(nS) * (1 * mV));
  return o;
}

Projection project(Network& net, const Plasticity& p, bool weight = true) {
  auto A = net.add("A", driven_lif(), 3), B = net.add("B", driven_lif(), 2);
  auto c = net.connect(A, B, all_to_all()).synapse(exponential(5 * ms)).output(out()).named("S");
  if (weight) c.weight(1 * nS);
  return c.plasticity(p);
}

void simulate(const Plasticity& p, bool weight = true) {
  Network net;
  project(net, p, weight);
  Simulation sim(net, {.threads = 1});
  sim.run(200 * ms);
}

struct Basic {
  Plasticity p{"rule"};
  Expr w = p.weight("w", nS);
  Basic() { p.sends(w); }
};

TEST(PlasticityErrors, ReadsOfWhatIsNotThere) {
  Basic b;
  b.p.on_post(b.w, b.w + b.p.post("U", mV) * (1 * nS / mV));
  EXPECT_TRUE(says([&] { simulate(b.p); }, {"projection 'S'", "'rule'", "'U'", "target", "'B'", "V"}));
  Basic c;
  c.p.on_post(c.w, c.w + c.p.pre("W", mV) * (1 * nS / mV));
  EXPECT_TRUE(says([&] { simulate(c.p); }, {"source", "'A'", "'W'"}));
  Basic d;
  d.p.on_post(d.w, d.w + d.p.pre("V", pA) * (1 * nS / pA));
  EXPECT_TRUE(says([&] { simulate(d.p); }, {"'V'", "pA", "mV"}));
}

TEST(PlasticityErrors, ASynapseMustSendSomethingThatFits) {
  Plasticity p{"silent"};
  p.weight("w", nS);
  EXPECT_TRUE(says([&] { simulate(p); }, {"'silent'", "send nothing", "sends("}));
  Plasticity q{"wrong"};
  q.sends(q.weight("w", nS) * (1 * mV));
  EXPECT_TRUE(says([&] { simulate(q); }, {"sends", "pA", "nS"}));
  EXPECT_TRUE(says([&] { q.sends(1.0); }, {"twice"}));
}

TEST(PlasticityErrors, Traces) {
  Basic b;
  const auto x = b.p.pre_state("x"), y = b.p.post_state("y");
  EXPECT_TRUE(says([&] { simulate(b.p); }, {"trace 'x'", "no equation"}));
  EXPECT_TRUE(says([&] { b.p.on_post(x, x + 1); }, {"'x'", "source", "on_post"}));
  EXPECT_TRUE(says([&] { b.p.on_pre(y, y + 1); }, {"'y'", "target"}));
  EXPECT_TRUE(says([&] { b.p.on_pre(x, x + y); }, {"'y'", "source"}));
  EXPECT_TRUE(says([&] { b.p.d(x) = -y / ms; }, {"'y'"}));
  EXPECT_TRUE(says([&] { b.p.event_driven(x); }, {"trace"}));
  EXPECT_TRUE(says([&] { b.p.on_pre(x, x + ranvier::rand()); }, {"random"}));
  EXPECT_THROW(b.p.on_pre(b.w, b.w + 1.0), UnitError);
  EXPECT_THROW(b.p.on_pre(b.w, 1 * pA), UnitError);
  EXPECT_THROW(b.p.d(x) = x, UnitError);
  EXPECT_TRUE(says([&] { b.p.weight("v", nS); }, {"two weights"}));
  EXPECT_TRUE(says([&] { b.p.state("w"); }, {"'w'", "twice"}));
}

TEST(PlasticityErrors, EventDrivenNeedsAClosedForm) {
  Basic b;
  const auto e = b.p.state("e");
  b.p.d(e) = -e * e / ms;
  b.p.event_driven(e);
  EXPECT_TRUE(says([&] { simulate(b.p); }, {"'e'", "event-driven", "linear"}));
}

TEST(PlasticityErrors, InitialValues) {
  Network net;
  Basic b;
  auto s = project(net, b.p);
  EXPECT_TRUE(says([&] { s.initial("v", 1 * nS); }, {"'v'", "'w'"}));
  EXPECT_THROW(s.initial("w", 1 * mV), UnitError);
  EXPECT_TRUE(says([&] { s.initial("w", {1, 2, NAN, 4, 5, 6}, nS); }, {"synapse 2", "not finite"}));
  s.initial("w", {1, 2, 3}, nS);
  EXPECT_TRUE(says([&] { Simulation sim(net); }, {"3 values", "6 synapses"}));
  s.initial("w", 1 * nS * log(0.0 * ranvier::rand()));
  EXPECT_TRUE(says([&] { Simulation sim(net); }, {"'w'", "synapse 0", "not finite"}));
  EXPECT_TRUE(says([&] { (void)s["x"]; }, {"'x'", "'w'"}));
  EXPECT_TRUE(says([&] { simulate(b.p, false); }, {"'w'", "starts nowhere", "weight()"}));
  Plasticity none{"none"};
  none.sends(1 * nS);
  EXPECT_TRUE(says([&] { simulate(none); }, {"has a weight", "'none'"}));
}

TEST(PlasticityErrors, AWeightThatDivergesStopsTheRun) {
  Basic b;
  b.p.on_pre(b.w, b.w * 1e200);
  EXPECT_TRUE(says([&] { simulate(b.p); }, {"projection 'S'", "'w'", "->", "infinite", "t ="}));
}

TEST(PlasticityErrors, AccessByName) {
  Network net;
  Basic b;
  project(net, b.p);
  Simulation sim(net, {.threads = 1});
  EXPECT_TRUE(says([&] { (void)sim.get("S", "v"); }, {"'S'", "'v'", "'w'"}));
  EXPECT_TRUE(says([&] { sim.set("S", "w", {1, 2}); }, {"2 values", "6 synapses"}));
  EXPECT_TRUE(says([&] { sim.set("S", "w", {1, 2, 3, INFINITY, 5, 6}); }, {"synapse 3"}));
  EXPECT_TRUE(says([&] { (void)sim.record(SynapseRef{"S", "w"}, {.neurons = {6}}); }, {"no synapse 6", "0 to 5"}));
  EXPECT_TRUE(says([&] { (void)sim.record(SynapseRef{"T", "w"}); }, {"'T'", "'S'"}));
}

}  // namespace
