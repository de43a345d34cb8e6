// links: ranvier_text ranvier_models ranvier_engine ranvier_integrate ranvier_connect
// Models from text: the same step program as the C++ door's, and every mistake named with its place.
#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/equations.hpp"
#include "ranvier/models.hpp"
#include "ranvier/simulation.hpp"

namespace ranvier {
namespace {

using namespace units;

const char* const hh_equations = R"(
  # Traub & Miles rates
  dV/dt = (-gl*(V - El) - g_Na*(m*m*m)*h*(V - ENa) - g_Kd*(n*n*n*n)*(V - EK) + I_syn)/Cm : volt
  dm/dt = m_alpha*(1 - m) - m_beta*m : 1
  dn/dt = n_alpha*(1 - n) - n_beta*n : 1
  dh/dt = h_alpha*(1 - h) - h_beta*h : 1
  m_alpha = 0.32/mV/ms*(13*mV - V + VT)/(exp((13*mV - V + VT)/(4*mV)) - 1) : Hz
  m_beta = 0.28/mV/ms*(V - VT - 40*mV)/(exp((V - VT - 40*mV)/(5*mV)) - 1) : Hz
  h_alpha = 0.128/ms*exp((17*mV - V + VT)/(18*mV)) : Hz
  h_beta = 4/ms/(1 + exp(-(V - VT - 40*mV)/(5*mV))) : Hz
  n_alpha = 0.032/mV/ms*(15*mV - V + VT)/(exp((15*mV - V + VT)/(5*mV)) - 1) : Hz
  n_beta = 0.5/ms*exp((10*mV - V + VT)/(40*mV)) : Hz
  I_syn : amp (input, held)
)";

ModelText hh_text() {
  ModelText text;
  text.equations = TextPiece(hh_equations);
  text.parameters = {{"Cm", "200*pF"},  {"gl", "10*nS"},  {"g_Na", "20*uS"}, {"g_Kd", "6*uS"},  {"El", "-60*mV"},
                     {"ENa", "50*mV"}, {"EK", "-90*mV"}, {"VT", "-63*mV"},  {"V_th", "-20*mV"}};
  text.threshold = "crosses_up(V, V_th)";
  text.method = "exp_euler";
  text.initial = {{"V", "El + (5*mV*randn() - 5*mV)"}};
  return text;
}

Network coba_hh(Model hh) {
  hh.precision(Precision::f32);
  Network net;
  const auto E = net.add("E", hh, 3200), I = net.add("I", hh, 800);
  for (const auto& post : {E, I}) net.connect(E, post, fixed_outdegree_fraction(0.02)).synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(6 * nS);
  for (const auto& post : {E, I}) net.connect(I, post, fixed_outdegree_fraction(0.02)).synapse(exponential(10 * ms)).output(coba(-80 * mV)).weight(67 * nS);
  return net;
}

TEST(TextModel, CobaHhHasTheHashAndTheSpikesOfTheLibrarys) {
  Simulation text(coba_hh(model_from_text("hh", hh_text())), {.threads = 1});
  Simulation library(models::find("coba_hh").build({}), {.threads = 1});
  EXPECT_EQ(text.program_hash(), library.program_hash());
  text.run(20 * ms);
  library.run(20 * ms);
  EXPECT_GT(text.spike_count(), 100u);
  EXPECT_EQ(text.checksum(), library.checksum());
}

TEST(TextModel, LeakyNeuronFollowsItsClosedForm) {
  const auto lif = model_from_text("lif", {.equations = R"(
      dV/dt = (El - V + R*I)/tau : volt (unless refractory)
      tau : second (constant)
      I : amp
      spikes : 1)",
      .parameters = {{"El", "-65*mV"}, {"R", "100*Mohm"}, {"tau", "2*half"}, {"half", "5*ms"}, {"I", "0.3*nA"}},
      .threshold = "V >= -50*mV", .reset = "V = El; spikes += 1", .refractory = "half - 3*ms", .initial = {{"V", "El"}}});
  Network net;
  const auto E = net.add("E", lif, 1);
  Simulation sim(net, {.dt = 0.1 * ms});
  const auto spikes = sim.record(E.spikes());
  sim.run(500 * ms);
  // V(t) = El + RI (1 - exp(-t/tau)): 15 = 30 (1 - exp(-t/10)), t = 10 ln 2 = 6.93 ms, reached at the 70th step; 20 refractory ones follow.
  ASSERT_GT(spikes->count(), 50u);
  EXPECT_EQ(spikes->stamps()[0], 70u);
  for (std::size_t k = 1; k < spikes->count(); ++k) EXPECT_EQ(spikes->stamps()[k] - spikes->stamps()[k - 1], 90u);
  EXPECT_EQ(sim.get("E", "spikes")[0], double(spikes->count()));
}

/// x decays from 1 at each spike and passes 0.5 after 20 ms ln 2 = 13.86 ms, at the end of the 139th step: the 140th is
/// the first that is free. V reaches 1 of 2 (1 - exp(-t/tau)) after 10 ms ln 2 = 6.93 ms, 70 steps. Spikes are stamped
/// with the ends of their steps.
TEST(TextModel, RefractorinessMayLastAsLongAsACondition) {
  for (const char* threshold : {"V > 1", "crosses_up(V, 1)"}) {
    const Model m = model_from_text(
        "held", {.equations = TextPiece("dV/dt = (2 - V)/(10*ms) : 1 (unless refractory)\ndx/dt = -x/(20*ms) : 1"),
                 .threshold = threshold,
                 .reset = "V = 0; x = 1",
                 .refractory = "x > 0.5",
                 .method = "exp_euler"});
    Network net;
    const auto N = net.add("N", m, 1);
    Simulation sim(net, {.dt = 0.1 * ms, .threads = 1});
    const auto spikes = sim.record(N.spikes());
    const auto V = sim.record(N["V"]);
    sim.run(60 * ms);
    EXPECT_EQ(spikes->stamps(), (std::vector<std::uint64_t>{70, 70 + 139 + 70, 2 * (139 + 70) + 70})) << threshold;
    for (std::size_t frame = 70; frame <= 70 + 139; ++frame) ASSERT_EQ(V->value(frame, 0), 0.0) << frame;
    EXPECT_GT(V->value(70 + 140, 0), 0.0);
  }
}

TEST(TextModel, ExpressionsMayStandInAnyOrderAndParametersMayUseEachOther) {
  const auto m = model_from_text("m", {.equations = "dx/dt = -c : 1\n c = b/tau : Hz\n b = 2*a : 1\n a = x + 1 : 1\n", .parameters = {{"tau", "3*ms"}}});
  Network net;
  net.add("P", m, 1);
  Simulation sim(net, {.dt = 0.01 * ms, .method = "rk4"});
  sim.run(3 * ms);
  EXPECT_NEAR(sim.get("P", "x")[0], std::exp(-2.0) - 1, 1e-9);  // dx/dt = -2 (x + 1) / tau
}

/// All mistakes, as printed.
std::string mistakes(const ModelText& text) {
  try {
    (void)model_from_text("m", text);
  } catch (const ParseError& e) {
    return e.what();
  }
  return "no mistake was found";
}

void expect_mistake(const std::string& equations, const std::string& place, const std::string& words) {
  const auto all = mistakes({.equations = TextPiece(equations)});
  EXPECT_NE(all.find("equations:" + place + ": "), std::string::npos) << all;
  EXPECT_NE(all.find(words), std::string::npos) << all;
}

TEST(TextModel, MistakesAreNamedWithTheirPlace) {
  const std::string rate = "dV/dt = -V/(10*ms) : volt\n";
  expect_mistake("dV/dt = (El - V)/tua : volt\nEl : volt\ntau : second", "1:18", "unknown name 'tua'; there is 'El', 'V', 'tau'");
  expect_mistake("dV/dt = -V : volt", "1:9", "dV/dt must be in mV/ms, but '-V' is in mV");
  expect_mistake("dV/dt = (V + gl)/ms : volt\ngl : siemens", "1:9", "cannot add 'V' [mV] and 'gl' [nS]");
  expect_mistake("dV/dt = exp(V)*mV/ms : volt", "1:13", "exp() needs a number without unit, but 'V' is in mV");
  expect_mistake("dV/dt = -V/ms", "1:2", "'V' has no unit; end the line with its unit");
  expect_mistake("dV/dt = -V/ms :", "1:15", "the unit of 'V' is missing");
  expect_mistake("dV/dt = -V/ms : vlot", "1:17", "vlot");
  expect_mistake("dV/dt = -(V/ms : volt", "1:10", "this '(' is never closed");
  expect_mistake("dV/dt = -V/ms) : volt", "1:14", "this ')' closes nothing");
  expect_mistake("dV/dt = 5mV/ms : volt", "1:9", "a name follows a number; write a product: 5*mV");
  expect_mistake("dV/dt = V^2/mV/ms : volt", "1:10", "'^' is no operator");
  expect_mistake("dV/dt = 2 V/ms : volt", "1:11", "an operator is missing before 'V'");
  expect_mistake("dV/dt = V*/ms : volt", "1:11", "'/' cannot stand here");
  expect_mistake("dV/dt =  : volt", "1:10", "the expression ends too early");
  expect_mistake("dV/dt = -V/ms : volt (unless refratory)", "1:23", "the flag 'unless refratory' is unknown");
  expect_mistake(rate + rate, "2:2", "'V' is declared twice");
  expect_mistake("mV : volt", "1:1", "'mV' is the name of a unit or constant");
  expect_mistake("exp : volt", "1:1", "'exp' is the name of a function");
  expect_mistake("t : second", "1:1", "'t' is reserved");
  expect_mistake("a = b : 1\nb = c : 1\nc = a : 1\n", "3:5", "'c' is defined by itself: a -> b -> c -> a");
  expect_mistake("a = 2*a : 1", "1:7", "'a' is defined by itself: a -> a");
  expect_mistake("a = foo(2) : 1", "1:5", "unknown function 'foo'");
  expect_mistake("a = exp(2, 3) : 1", "1:5", "'exp' takes 1 argument, not 2");
  expect_mistake("a = exp : 1", "1:5", "'exp' is a function; call it: exp(x)");
  expect_mistake("a = 1 < 2 < 3 : 1", "1:11", "comparisons cannot be chained");
  expect_mistake("a = 1 < 2 : 1", "1:5", "must be a number, but '1 < 2' is a condition");
  expect_mistake("a = where(2, 1, 0) : 1", "1:11", "'2' is a number where a condition is needed");
  expect_mistake("a = b**V : 1\nb = 2*mV/mV : 1\nV : volt", "1:5", "an exponent has the unit mV");
  expect_mistake("a = V**b : 1\nb : 1\nV : volt", "1:5", "raised to a power that varies");
  expect_mistake("a = 1e999 : 1", "1:5", "out of range");
  expect_mistake("a = \xff : 1", "1:5", "not UTF-8");
  expect_mistake("a = 3\u20ac : 1", "1:6", "has no meaning here");
  expect_mistake("V + 2 = 3", "1:1", "a line cannot begin with a formula");
  expect_mistake("3 = V", "1:1", "a line cannot begin with '3'");
  expect_mistake("dx/dt = xi : 1", "1:9", "");  // 1/sqrt(s) where 1/s is wanted
  expect_mistake("a : boolean", "1:5", "not boolean");
  expect_mistake("dV/dt = -V/ms : volt (unless refractory)", "1:2", "there is no refractory period");
  std::string deep = "a = ";
  for (int k = 0; k < 100000; ++k) deep += '(';
  expect_mistake(deep, "1:205", "more than 200 levels of parentheses");
  std::string powers = "a = 1";
  for (int k = 0; k < 100000; ++k) powers += "**1";
  expect_mistake(powers, "1:608", "more than 200 levels");
}

TEST(TextModel, MistakesOfTheOtherPartsAreNamed) {
  ModelText text{.equations = "dV/dt = -V/(10*ms) : volt\nI : amp (input)\nx = 2*V : volt\n"};
  const auto with = [&](const auto& change) {
    auto changed = text;
    change(changed);
    return mistakes(changed);
  };
  const auto has = [](const std::string& all, const std::string& words) { EXPECT_NE(all.find(words), std::string::npos) << all; };
  has(with([](auto& t) { t.threshold = "V + 1*mV"; }), "the threshold must be a condition, but 'V + 1*mV' is a number");
  has(with([](auto& t) { t.reset = "V = 0*mV"; }), "there is a reset and no threshold");
  const auto reset = [&](const char* r) { return with([&](auto& t) { t.threshold = "V > 1*mV", t.reset = r; }); };
  has(reset("W = 0*mV"), "the reset sets 'W', which does not exist");
  has(reset("I = 0*amp"), "the reset sets 'I', which is an input");
  has(reset("x = 0*mV"), "the reset sets 'x', which is an expression");
  has(reset("V = 0"), "the reset of V must be in mV, but '0' is without unit");
  has(reset("V += 1*nS"), "the reset of V must be in mV");
  has(reset("V == 1*mV"), "this is no assignment");
  has(reset("V"), "this is no assignment");
  has(with([](auto& t) { t.threshold = "V > 1*mV", t.refractory = "5"; }), "the refractory period must be in ms");
  has(with([](auto& t) { t.threshold = "V > 1*mV", t.refractory = "-5*ms"; }), "the refractory period is -5 ms");
  has(with([](auto& t) { t.refractory = "5*ms"; }), "there is a refractory period and no threshold");
  has(with([](auto& t) { t.refractory = "V > 0*mV"; }), "there is a refractory period and no threshold");
  has(with([](auto& t) { t.threshold = "V > 1*mV", t.refractory = "V > 3"; }), "cannot compare 'V' [mV] with '3' [no unit]");
  has(with([](auto& t) { t.initial = {{"W", "1"}}; }), "an initial value for 'W', which does not exist");
  has(with([](auto& t) { t.initial = {{"V", "2*V"}}; }), "'V' is no parameter");
  has(with([](auto& t) { t.initial = {{"V", "1*nS"}}; }), "the initial value of V must be in mV");
  has(with([](auto& t) { t.parameters = {{"V", "1*mV"}}; }), "'V' is no parameter");
  has(with([](auto& t) { t.parameters = {{"a", "b"}, {"b", "a"}}; }), "is defined by itself: a -> b -> a");
  has(with([](auto& t) { t.parameters = {{"a", "rand()"}}; }), "a parameter is one constant");
  has(with([](auto& t) { t.parameters = {{"a", ""}}; }), "the expression ends too early");
}

TEST(TextModel, SeveralMistakesAreReportedAtOnceWithoutConsequences) {
  const auto all = mistakes({.equations = "dV/dt = (El - V)/tua : volt\nx = V + : volt\ny = 2*x : volt\nz = q : 1", .threshold = "V > w"});
  EXPECT_NE(all.find("unknown name 'El'"), std::string::npos) << all;
  EXPECT_NE(all.find("unknown name 'tua'"), std::string::npos) << all;
  EXPECT_NE(all.find("unknown name 'q'"), std::string::npos) << all;
  EXPECT_NE(all.find("unknown name 'w'"), std::string::npos) << all;
  EXPECT_EQ(all.find("'x'"), std::string::npos) << all;   // has a mistake of its own
  EXPECT_NE(all.find("  1 | dV/dt = (El - V)/tua : volt\n    |          ^^\n"), std::string::npos) << all;
}

TEST(TextModel, PlacesCountFromTheFilesOwnLines) {
  ModelText text{.equations = TextPiece("dV/dt = -V/tua : volt", "net.toml", 12, 5)};
  EXPECT_NE(mistakes(text).find("net.toml:12:16: unknown name 'tua'"), std::string::npos) << mistakes(text);
}

TEST(TextModel, TenThousandLinesAreReadInLinearTime) {
  std::string equations = "dx0/dt = -x0/ms : 1\n";
  for (int k = 1; k < 10000; ++k) equations += "dx" + std::to_string(k) + "/dt = (x" + std::to_string(k - 1) + " - x" + std::to_string(k) + ")/ms : 1\n";
  const auto m = model_from_text("chain", {.equations = TextPiece(equations)});
  EXPECT_NE(m.text().find("dx9999/dt"), std::string::npos);
}

}  // namespace
/// xi and xi_NAME are white noise; rand(), randn() and poisson() are drawn once a step.
TEST(ModelText, NoiseMeansWhatItMeansInCpp) {
  const auto text = model_from_text("m", {.equations = "dx/dt = -x/tau + s*xi/sqrt(tau) + xi_b*randn()/sqrt(tau) : 1",
                                          .parameters = {{"tau", "5*ms"}, {"s", "2"}},
                                          .threshold = "x > poisson(3)"});
  Model cpp{"m"};
  const auto x = cpp.state("x"), s = cpp.parameter("s", 2.0), tau = cpp.parameter("tau", 5 * units::ms);
  const auto xi = cpp.noise("xi"), b = cpp.noise("xi_b");
  const auto decay = -x / tau;  // one by one: C++ leaves the order of operands open, and commutative ones are printed as they came
  const auto first = s * xi / sqrt(tau);
  const auto second = b * randn() / sqrt(tau);
  cpp.d(x) = decay + first + second;
  cpp.threshold(x > poisson(3));
  EXPECT_EQ(text.text(), cpp.text());
}

}  // namespace ranvier
