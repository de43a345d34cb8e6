// links: ranvier_text ranvier_engine ranvier_models
// Synapses and plasticity as text: the same step program and spikes as in C++, or the values of a closed form; mistakes with their place.
#include <gtest/gtest.h>

#include <cmath>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"
#include "ranvier/sources.hpp"
#include "ranvier/synapses.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

const std::string neurons = R"toml(
[constants]
Ee = "0*mV"
[models.cell]
equations = """
dV/dt = (El - V + drive + ge*R*(Ee - V) + R*(I_syn + I_gap))/tau : volt
dge/dt = -ge/(5*ms) : siemens
I_syn : amp (input)
I_gap : amp (input)
"""
parameters = { El = "-60*mV", tau = "10*ms", R = "100*Mohm", drive = "8*mV" }
threshold = "V > -50*mV"
reset = "V = El"
initial = { V = "El + 10*mV*rand()" }
[populations]
P = { model = "poisson(rate = 40*Hz)", size = 30 }
A = { model = "cell", size = 20 }
[run]
duration = "100*ms"
method = "exp_euler"
)toml";

Model cell_in_cpp() {
  Model m{"cell"};
  const auto V = m.state("V", volt), ge = m.state("ge", siemens);
  const auto I = m.input("I_syn", amp), J = m.input("I_gap", amp);
  const auto El = m.parameter("El", -60 * mV), tau = m.parameter("tau", 10 * ms), R = m.parameter("R", 100 * Mohm), drive = m.parameter("drive", 8 * mV);
  const auto Ee = m.parameter("Ee", 0 * mV);
  m.d(V) = (El - V + drive + ge * R * (Ee - V) + R * (I + J)) / tau;
  m.d(ge) = -ge / (5 * ms);
  m.threshold(V > -50 * mV);
  m.reset(V, El);
  m.initial(V, El + 10 * mV * ranvier::rand());
  return m;
}

/// Both have the same program and do the same.
void expect_same(const std::string& text, const std::function<void(Network&, Population&, Population&)>& connect) {
  const auto file = network_from_toml(neurons + text);
  Network net;
  auto P = net.add("P", models::source("poisson", {{"rate", 40 * Hz}}), 30), A = net.add("A", cell_in_cpp(), 20);
  connect(net, P, A);
  Simulation from_text(file.network, file.run.options()), cpp(net, file.run.options());
  EXPECT_EQ(from_text.program_hash(), cpp.program_hash()) << text;
  from_text.run(100 * ms);
  cpp.run(100 * ms);
  EXPECT_GT(cpp.spike_counts().at("A"), 5u) << text;
  EXPECT_EQ(from_text.checksum(), cpp.checksum()) << text;
  // Operands of sums and products may stand in another order, which the hash does not see and rounding does.
  const auto a = from_text.get("A", "V"), b = cpp.get("A", "V");
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-10) << text;
}

const std::string wiring = "[[projections]]\nname = 'S'\nsource = 'P'\ntarget = 'A'\nrule = 'bernoulli(0.5)'\n";

TEST(FileSynapses, AConstantOrOneVariableIsAJump) {
  const auto cpp = [](const Expr& w) {
    return [w](Network& net, Population& P, Population& A) { net.connect(P, A, bernoulli(0.5)).named("S").synapse(delta("ge", siemens)).weight(w).delay(1 * ms); };
  };
  expect_same("[synapses.s]\non_pre = 'ge += 3*nS'\n" + wiring + "synapse = 's'\ndelay = '1*ms'\n", cpp(3 * nS));
  expect_same("[synapses.s]\non_pre = 'ge_post += step'\nparameters = { step = '6*nS/2' }\n" + wiring + "synapse = 's'\ndelay = '1*ms'\n", cpp(3 * nS));
  expect_same("[synapses.s]\nequations = 'w : siemens'\non_pre = 'ge_post += w'\n" + wiring + "synapse = 's'\nweight = '3*nS'\ndelay = '1*ms'\n", cpp(3 * nS));
  expect_same("[synapses.s]\nequations = 'w : siemens'\non_pre = 'ge += w'\n" + wiring + "synapse = 's'\ninitial = { w = '6*nS*rand()' }\ndelay = '1*ms'\n",
              cpp(6 * nS * ranvier::rand()));
  expect_same("[synapses.s]\nequations = 'w : siemens'\non_pre = 'ge += w'\ninitial = { w = '(1 + i)*0.1*nS' }\n" + wiring + "synapse = 's'\ndelay = '1*ms'\n",
              cpp((1 + source_index()) * 0.1 * nS));
}

/// Song, Miller & Abbott as users of this field write it.
TEST(FileSynapses, StdpIsThatOfCpp) {
  expect_same(R"toml(
[synapses.stdp]
equations = """
w : siemens
dApre/dt = -Apre/taupre : 1 (event-driven)
dApost/dt = -Apost/taupost : 1 (event-driven)
"""
on_pre = """
ge += w
Apre += dApre
w = clip(w + Apost*gmax, 0*nS, gmax)
"""
on_post = """
Apost += dApost
w = clip(w + Apre*gmax, 0*nS, gmax)
"""
parameters = { taupre = "20*ms", taupost = "taupre", gmax = "5*nS", dApre = 0.01, dApost = "-dApre*1.05" }
)toml" + wiring + "synapse = 'stdp'\ninitial = { w = '5*nS*rand()' }\n",
              [](Network& net, Population& P, Population& A) {
                Plasticity p{"stdp"};
                const auto w = p.state("w", siemens), x = p.pre_state("Apre"), y = p.post_state("Apost");
                const auto gmax = p.parameter("gmax", 5 * nS), taupre = p.parameter("taupre", 20 * ms), taupost = p.parameter("taupost", 20 * ms);
                const auto dx = p.parameter("dApre", 0.01), dy = p.parameter("dApost", -0.0105);
                p.d(x) = -x / taupre;
                p.d(y) = -y / taupost;
                p.sends(w);
                p.on_pre(x, x + dx);
                p.on_pre(w, clip(w + y * gmax, 0 * nS, gmax));
                p.on_post(y, y + dy);
                p.on_post(w, clip(w + x * gmax, 0 * nS, gmax));
                net.connect(P, A, bernoulli(0.5)).named("S").synapse(delta("ge", siemens)).plasticity(p).initial("w", 5 * nS * ranvier::rand());
              });
}

/// Short-term plasticity: what is used is kept for the statements after it.
TEST(FileSynapses, LocalNamesKeepTheirMoment) {
  const auto file = network_from_toml(R"toml(
[models.target]
equations = "g : 1\ny : 1"
reset = "g = 0"
threshold = "y > 1"
[synapses.stp]
equations = """
dx/dt = (1 - x)/tau_d : 1 (event-driven)
w : 1
"""
on_pre = "used = U*x; x -= used; g_post += w*used"
initial = { x = 1 }
parameters = { U = 0.4, tau_d = "50*ms" }
[populations]
S = { size = 1, spikes = { neurons = [0, 0, 0], times = [1, 21, 61], unit = "ms" } }
T = { model = "target", size = 1 }
[[projections]]
source = "S"
target = "T"
rule = "all_to_all"
synapse = "stp"
weight = 3
)toml");
  Simulation sim(file.network);
  sim.run(100 * ms);
  double x = 1, g = 0, last = 1;
  for (const double t : {1.0, 21.0, 61.0}) {
    x = 1 + (x - 1) * std::exp(-(t - last) / 50);
    g += 3 * 0.4 * x;
    x -= 0.4 * x;
    last = t;
  }
  EXPECT_NEAR(sim.get("T", "g")[0], g, 1e-12);
}

TEST(FileSynapses, SynapsesMayFollowVoltages) {
  expect_same(R"toml(
[synapses.v]
equations = """
dw/dt = eta*u*(wmax - w)*where(V_post > El_post, 1, 0) : siemens (clock-driven)
du/dt = -u/(15*ms) : 1 (clock-driven)
"""
on_pre = "ge_post += w; u += 1"
parameters = { eta = "0.1*Hz", wmax = "4*nS" }
method = "exp_midpoint"
)toml" + wiring + "synapse = 'v'\nweight = '2*nS'\n",
              [](Network& net, Population& P, Population& A) {
                Plasticity p{"v"};
                const auto w = p.weight("w", siemens), u = p.pre_state("u");
                const auto eta = p.parameter("eta", 0.1 * Hz), wmax = p.parameter("wmax", 4 * nS), El = p.parameter("El_post", -60 * mV);
                p.d(w) = eta * u * (wmax - w) * where(p.post("V", mV) > El, 1, 0);
                p.d(u) = -u / (15 * ms);
                p.sends(w);
                p.on_pre(u, u + 1);
                p.method("exp_midpoint");
                net.connect(P, A, bernoulli(0.5)).named("S").synapse(delta("ge", siemens)).plasticity(p).weight(2 * nS);
              });
}

TEST(FileSynapses, PlasticityBesideASynapseOfTheLibrary) {
  expect_same(R"toml(
[synapses.facilitation]
equations = """
du/dt = -u/(100*ms) : 1
w : siemens
"""
on_pre = "u += 0.2; g += w*u"
)toml" + wiring + "synapse = 'exponential(tau = 5*ms)'\noutput = 'coba(E = 0*mV)'\nonto = 'I_syn'\nplasticity = 'facilitation'\nweight = '40*nS'\n",
              [](Network& net, Population& P, Population& A) {
                Plasticity p{"facilitation"};
                const auto u = p.pre_state("u"), w = p.weight("w", siemens);
                p.d(u) = -u / (100 * ms);
                p.on_pre(u, u + 0.2);
                p.sends(w * u);
                net.connect(P, A, bernoulli(0.5)).named("S").synapse(models::synapse("exponential", {{"tau", 5 * ms}})).output(coba(0 * mV)).onto("I_syn").plasticity(p)
                    .weight(40 * nS);
              });
}

// ------------------------------------------------------------------------------------------------------------------- sums

TEST(FileSynapses, LinearSumsLiveWithTheTarget) {
  const auto cpp = [](Network& net, Population& P, Population& A) {
    net.connect(P, A, bernoulli(0.5)).named("S").synapse(exponential(5 * ms, siemens)).output(coba(0 * mV)).onto("I_syn").weight(30 * nS);
  };
  // The weight is what a spike adds; the sum is of conductances.
  expect_same("[synapses.s]\nequations = '''\ndg/dt = -g/tau : siemens\nw : siemens\nI_syn_post = g*(E - V_post) : amp (summed)\n'''\non_pre = 'g += w'\n"
              "parameters = { tau = '5*ms', E = '0*mV' }\n" + wiring + "synapse = 's'\nweight = '30*nS'\n", cpp);
}

TEST(FileSynapses, LinearSumsOfUnitSynapsesLiveWithTheTarget) {
  expect_same("[synapses.s]\nequations = '''\nds/dt = -s/tau : 1\nw : siemens\nI_syn_post = w*s*(E - V_post) : amp (summed)\n'''\non_pre = 's += 1'\n"
              "parameters = { tau = '5*ms', E = '0*mV' }\n" + wiring + "synapse = 's'\nweight = '30*nS'\n",
              [](Network& net, Population& P, Population& A) {
                net.connect(P, A, bernoulli(0.5)).named("S").synapse(models::synapse("exponential", {{"tau", 5 * ms}})).output(coba(0 * mV)).onto("I_syn").weight(30 * nS);
              });
}

TEST(FileSynapses, SaturatingSumsLiveWithTheSource) {
  expect_same(R"toml(
[synapses.nmda]
equations = """
dx/dt = -x/tau_rise : 1 (clock-driven)
ds/dt = a*x*(1 - s) - s/tau_decay : 1 (clock-driven)
w : siemens
I_syn_post = w*s*(E - V_post)*block : amp (summed)
block = 1/(1 + Mg/beta*exp(-alpha*V_post)) : 1
"""
on_pre = "x += 1"
parameters = { tau_rise = "2*ms", tau_decay = "100*ms", a = "0.5/ms", E = "0*mV", Mg = 1.2, beta = 3.57, alpha = "0.062/mV" }
)toml" + wiring + "synapse = 'nmda'\nweight = '30*nS'\n",
              [](Network& net, Population& P, Population& A) {
                Output o{"o"};
                const auto g = o.synaptic(nS), V = o.post("V", mV), E = o.parameter("E", 0 * mV), Mg = o.parameter("Mg", 1.2), beta = o.parameter("beta", 3.57);
                const auto alpha = o.parameter("alpha", 0.062 / mV);
                o.current(g * (E - V) * (1 / (1 + Mg / beta * exp(-alpha * V))));
                net.connect(P, A, bernoulli(0.5)).named("S").synapse(models::synapse("nmda")).output(o).onto("I_syn").weight(30 * nS);
              });
}

/// A pulse of transmitter that each step shortens: the library's own AMPA receptors, read from their text.
TEST(FileSynapses, EachStep) {
  expect_same(R"toml(
[synapses.receptor]
equations = """
w : siemens
ds/dt = alpha*where(left > dt/2, T, 0)*(1 - s) - beta*s : 1
left : ms
I_syn_post = w*s*(E - V_post) : amp (summed)
"""
on_pre = "left = T_dur"
each_step = "left = max(left - dt, 0*ms)"
parameters = { alpha = "0.98/ms", beta = "0.18/ms", T = 0.5, T_dur = "0.5*ms", E = "0*mV" }
)toml" + wiring + "synapse = 'receptor'\nweight = '30*nS'\n",
              [](Network& net, Population& P, Population& A) {
                net.connect(P, A, bernoulli(0.5)).named("S").synapse(models::synapse("ampa")).output(coba(0 * mV)).onto("I_syn").weight(30 * nS);
              });
}

TEST(FileSynapses, GapJunctions) {
  expect_same("[synapses.gap]\nequations = '''\nw : siemens\nI_gap_post = w*(V_pre - V_post) : amp (summed)\n'''\n"
              "[[projections]]\nsource = 'A'\ntarget = 'A'\nrule = 'fixed_outdegree(3)'\nsynapse = 'gap'\nweight = '400*nS'\n"
              "[synapses.s]\non_pre = 'ge += 3*nS'\n" + wiring + "synapse = 's'\n",
              [](Network& net, Population& P, Population& A) {
                net.connect(A, A, fixed_outdegree(3)).synapse(presynaptic("V")).output(gap_junction()).onto("I_gap").weight(400 * nS);
                net.connect(P, A, bernoulli(0.5)).named("S").synapse(delta("ge", siemens)).weight(3 * nS);
              });
}

/// However many named expressions there are, each belongs to the side that it reads.
TEST(FileSynapses, ManyNamedExpressionsKeepTheirSides) {
  std::string names, sum = "0";
  for (int k = 0; k < 400; ++k) {
    names += "p" + std::to_string(k) + " = V_post/mV + " + std::to_string(k) + " : 1\n";
    sum += " + p" + std::to_string(k);
  }
  const auto file = network_from_toml(neurons + "[synapses.s]\nequations = '''\nds/dt = -s/(5*ms) : 1\n" + names + "all = " + sum +
                                      " : 1\nw : amp\nI_syn_post = w*s*all : amp (summed)\n'''\non_pre = 's += 1'\n" + wiring + "synapse = 's'\nweight = '1*pA'\n");
  const auto& p = file.network.data().projections[0];
  EXPECT_EQ(p.output->post_states.size(), 1u);
  EXPECT_TRUE(p.synapse->pre_states.empty());
  EXPECT_FALSE(detail::lives_at_source(p, *p.synapse));
}

/// A variable that a synapse sums into is an input, as users of this field write it: I_syn : amp.
TEST(FileSynapses, WhatIsSummedIntoIsAnInput) {
  const auto file = network_from_toml(R"toml(
[models.m]
equations = """
dV/dt = I_syn/(100*pF) : volt
I_syn : amp
"""
[synapses.s]
equations = """
ds/dt = -s/(5*ms) : 1
w : 1
I_syn_post = w*s*pA : amp (summed)
"""
on_pre = "s += 1"
[populations]
S = { size = 1, spikes = { neurons = [0], times = [1], unit = "ms" } }
T = { model = "m", size = 1 }
[[projections]]
source = "S"
target = "T"
rule = "all_to_all"
synapse = "s"
weight = 20
)toml");
  Simulation sim(file.network);
  sim.run(101 * ms);
  EXPECT_NEAR(sim.get("T", "V")[0], 20 * 5 / 100.0, 1e-7);
}

// --------------------------------------------------------------------------------------------------------------- mistakes

TEST(FileSynapses, MistakesAreNamed) {
  struct Wrong {
    std::string synapse, use, problem, remedy;
  };
  const Wrong all[] = {
      {"on_pre = 'gi += 1*nS'", "", "'gi' is not declared", "ge"},
      {"on_pre = 'gi_post += 1*nS'", "", "population 'A' has no state 'gi'", "'ge_post'"},
      {"on_pre = 'ge += 1*mV'", "", "must be in nS, but '1*mV' is in mV", "units"},
      {"on_pre = 'ge = 1*nS'", "", "'ge' of the target is set", "ge += ..."},
      {"on_pre = 'ge += 1*nS; V += 1*mV'", "", "adds to the target twice", "two projections"},
      {"on_pre = 'V_pre += 1*mV'", "", "'V_pre' of the source is set", "themselves"},
      {"on_pre = 'ge += 1*nS'\non_post = 'ge += 1*nS'", "", "on_post changes 'ge' of the target", "reset"},
      {"on_pre = 'ge += w*rand()'\nequations = 'w : siemens'", "weight = '1*nS'", "'rand()' cannot stand here", ""},
      {"on_pre = 'ge += 1*nS'", "weight = '1*nS'", "own statements say the weight", "declare w"},
      {"on_pre = 'ge += w'\nequations = 'w : siemens'", "", "the synapses have no weight", "value of 'w'"},
      {"on_pre = 'ge += w*x_post'\nequations = 'w : siemens'", "weight = '1*nS'", "unknown name 'x_post'", "V_post"},
      {"equations = 'w : 1'", "weight = 1", "does nothing to its target", "g_post += w"},
      {"equations = 'dx/dt = -x/ms : 1 (summed)'\non_pre = 'x += 1'", "", "'x' cannot be summed", "I_post"},
      {"equations = 'ds/dt = -s/ms : 1\nI_foo_post = s*pA : amp (summed)'\non_pre = 's += 1'", "", "has no input 'I_foo'", "(input)"},
      {"equations = 'ds/dt = -s/ms : 1\nI_syn_post = s*s*pA*w*w : amp (summed)\nw : 1'\non_pre = 's += 1'", "weight = 1", "no multiple of the weight", "w*("},
      {"equations = 'ds/dt = -s*w/ms : 1\nI_syn_post = s*pA : amp (summed)\nw : 1'\non_pre = 's += 1'", "weight = 1", "depends on the target or on what differs", "w*s"},
      {"equations = 'ds/dt = -s/ms : 1\ndr/dt = -r/ms : 1\nI_syn_post = exp(V_post/mV*s)*r*pA : amp (summed)'\non_pre = 's += 1'", "", "several parts of the source", "projection"},
      {"equations = 'x = y : 1\ny = x : 1'\non_pre = 'ge += x*nS'", "", "is defined by itself", "circle"},
      {"equations = 'w : siemens (input)'\non_pre = 'ge += w'", "weight = '1*nS'", "'w' has a flag of neurons", "event-driven"},
      {"on_pre = 'ge += k*nS'\nparameters = { k = 'l', l = 'k' }", "", "is defined by itself: k -> l -> k", "circle"},
      {"on_prre = 'ge += 1*nS'", "", "has no key 'on_prre'", "'on_pre'"},
      {"on_pre = 'ge += 1*nS'", "output = 'coba'", "'output' beside a synapse of the file", "say all"},
  };
  for (const auto& w : all) {
    auto synapse = w.synapse;
    for (auto at = synapse.find("'"); (at = synapse.find('\n', at)) != std::string::npos; ++at) {
      if (synapse.compare(at, 4, "\non_") != 0 && synapse.compare(at, 4, "\nequ") != 0 && synapse.compare(at, 4, "\npar") != 0) synapse.replace(at, 1, "\\n"), ++at;
    }
    for (auto& c : synapse) c = c == '\'' ? '"' : c;
    try {
      const auto file = network_from_toml(neurons + "[synapses.s]\n" + synapse + "\n" + wiring + "synapse = 's'\n" + w.use + "\n");
      Simulation sim(file.network);
      ADD_FAILURE() << "accepted: " << w.synapse;
    } catch (const UserError& e) {
      EXPECT_NE(std::string(e.what()).find(w.problem), std::string::npos) << w.synapse << "\n" << e.what();
      EXPECT_NE(std::string(e.what()).find(w.remedy), std::string::npos) << w.synapse << "\n" << e.what();
    }
  }
}

}  // namespace
