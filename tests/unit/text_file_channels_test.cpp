// links: ranvier_text ranvier_engine ranvier_models
// Neurons of ion channels in network files: those of the library give the same step program as in C++, those of one's own the same numbers.
#include <gtest/gtest.h>

#include <cmath>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"
#include "ranvier/network_file.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

TEST(FileChannels, GroupsOfTheLibrary) {
  const auto file = network_from_toml(R"toml(
[models.cell]
channels = ["INa_TM1991(g_max = 90*mS/cm**2)", "IK_TM1991", { name = "IL", as = "leak", E = "-65*mV" }, "ICaT_HP1992", "IAHP_De1994"]
ions = ["CalciumDetailed(tau = 50*ms)"]
C = "1*uF/cm**2"
V_th = "-10*mV"
V_init = "-68*mV"
input = "held"
parameters = { INa.V_sh = "-60*mV", "IK.g_max" = "20*mS/cm**2" }
[populations]
N = { model = "cell", size = 3, initial = { INa.p = 0.1, V = "-70*mV + i*mV" } }
[[inputs]]
target = "N"
value = "2*uA/cm**2"
)toml");
  ConductanceOptions o{.C = 1 * uF_per_cm2, .V_th = -10 * mV, .V_init = -68 * mV, .input = InputKind::held, .ions = {models::ion("CalciumDetailed", {{"tau", 50 * ms}})}};
  auto cell = conductance_group("cell", o, {models::channel("INa_TM1991", {{"g_max", 90 * mS_per_cm2}}), models::channel("IK_TM1991"),
                                            models::channel("IL", {{"E", -65 * mV}}).named("leak"), models::channel("ICaT_HP1992"), models::channel("IAHP_De1994")});
  cell.set("INa.V_sh", -60 * mV);
  cell.set("IK.g_max", 20 * mS_per_cm2);
  cell.inject(cell.find("I"), 2 * uA_per_cm2);
  Network net;
  auto N = net.add("N", cell, 3);
  N["INa.p"] = 0.1;
  N["V"] = -70 * mV + neuron_index() * mV;
  Simulation text(file.network), cpp(net);
  EXPECT_EQ(text.program_hash(), cpp.program_hash());
  text.run(50 * ms);
  cpp.run(50 * ms);
  const auto a = text.get("N", "V"), b = cpp.get("N", "V");
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(a[i], b[i], 1e-9);
  EXPECT_EQ(text.checksum(), cpp.checksum());
}

/// Traub and Miles' sodium current by name and written out.
TEST(FileChannels, AChannelOfOnesOwn) {
  const std::string cell = "C = '1*uF/cm**2'\nV_init = '-65*mV'\n[populations]\nN = { model = 'cell', size = 1, initial = { V = '-60*mV' } }\n"
                           "[[inputs]]\ntarget = 'N'\nvalue = '5*uA/cm**2'\n";
  const auto named = network_from_toml("[models.cell]\nchannels = ['INa_TM1991', 'IK_TM1991', 'IL']\n" + cell);
  const auto own = network_from_toml(R"toml(
[constants]
V_sh = "-63*mV"
[channels.INa]
equations = """
v = V - V_sh : volt
dp/dt = alpha_p*(1 - p) - beta_p*p : 1
dq/dt = (q_inf - q)/tau_q : 1
alpha_p = 0.32/mV/ms*(13*mV - v)/(exp((13*mV - v)/(4*mV)) - 1) : hertz
beta_p = 0.28/mV/ms*(v - 40*mV)/(exp((v - 40*mV)/(5*mV)) - 1) : hertz
alpha_q = 0.128/ms*exp((17*mV - v)/(18*mV)) : hertz
beta_q = 4/ms/(1 + exp(-(v - 40*mV)/(5*mV))) : hertz
tau_q = 1/(alpha_q + beta_q) : second
q_inf = alpha_q*tau_q : 1
"""
current = "g_max*p**3*q*(E - V)"
parameters = { g_max = "100*mS/cm**2", E = "50*mV" }
[models.cell]
channels = ["INa", "IK_TM1991", "IL"]
)toml" + cell);
  Simulation a(named.network, {.dt = 0.02 * ms, .method = "exp_euler"}), b(own.network, {.dt = 0.02 * ms, .method = "exp_euler"});
  EXPECT_NEAR(a.get("N", "INa.p")[0], b.get("N", "INa.p")[0], 1e-12);  // both start in their steady states
  EXPECT_NEAR(a.get("N", "INa.q")[0], b.get("N", "INa.q")[0], 1e-12);
  EXPECT_GT(a.get("N", "INa.q")[0], 0.1);
  a.run(50 * ms);
  b.run(50 * ms);
  EXPECT_GT(a.spike_count(), 0u);
  EXPECT_EQ(a.spike_count(), b.spike_count());
  EXPECT_NEAR(a.get("N", "V")[0], b.get("N", "V")[0], 1e-6);
}

TEST(FileChannels, IonsAndAreas) {
  const auto file = network_from_toml(R"toml(
[channels.leakyCa]
current = "g*(Ca.reversal - V)"
ion = "Ca"
parameters = { g = "0.1*mS/cm**2" }
[models.cell]
channels = ["leakyCa"]
ions = ["CalciumFixed"]
C = "1*uF/cm**2"
area = "20000*um**2"
[populations]
N = { model = "cell", size = 1, initial = { V = "0*mV" } }
[[inputs]]
target = "N"
value = "100*pA"
)toml");
  Simulation sim(file.network, {.method = "rk4"});
  sim.run(200 * ms);  // 20 time constants
  const double E = sim.get("N", "V")[0] - 100 / (20000 * 0.001);  // I/(g A): g = 0.001 nS/um2
  const auto ion = models::ion("CalciumFixed");
  double reversal = 0;
  for (const auto& p : ion.data().parameters) reversal = p.name == "E" ? p.value.value : reversal;
  EXPECT_NEAR(E, reversal, 1e-4);
}

TEST(FileChannels, MistakesAreNamed) {
  struct Wrong {
    std::string text, problem, remedy;
  };
  const Wrong all[] = {
      {"[models.c]\nchannels = ['INa_TM1992']", "there is no channel 'INa_TM1992'", "INa_TM1991"},
      {"[models.c]\nchannels = ['INa_TM1991(gmax = 3*mS/cm**2)']", "has no argument 'gmax'", "g_max"},
      {"[models.c]\nchannels = ['IL', 'IL']", "two of its parts are called 'IL'", "rename"},
      {"[models.c]\nchannels = ['ICaT_HP1992']", "needs the ion 'Ca'", "ions"},
      {"[models.c]\nchannels = 'IL'", "channels is text", "channels = ["},
      {"[models.c]\nchannels = ['IL']\narea = '3*um'", "area must be in um^2", ""},
      {"[models.c]\nchannels = ['IL']\nthreshold = 'V > 0*mV'", "has no key 'threshold'", ""},
      {"[channels.k]\nequations = 'dp/dt = (q - p)/ms : 1'\ncurrent = 'p*nS*mV'", "unknown name 'q'", "'p'"},
      {"[channels.k]\nequations = 'dp/dt = -p/ms : 1'", "'current' is missing", "current = ..."},
      {"[channels.k]\ncurrent = '3*mV'\n[models.c]\nchannels = ['k']", "mV", ""},
      {"[channels.k]\nequations = 'a = b : 1\nb = a : 1'\ncurrent = 'a*pA'", "is defined by itself", "circle"},
  };
  for (const auto& w : all) {
    auto text = w.text;
    for (auto at = text.find(" : 1\nb"); at != std::string::npos; at = std::string::npos) text.replace(at + 4, 1, "\\n");
    for (auto& c : text) c = c == '\'' ? '"' : c;
    try {
      (void)network_from_toml(text + "\n[populations]\nA = { model = \"lif\", size = 1 }\n");
      ADD_FAILURE() << "accepted: " << w.text;
    } catch (const ParseError& e) {
      EXPECT_EQ(e.diagnostics().size(), 1u) << e.what();
      EXPECT_NE(std::string(e.what()).find(w.problem), std::string::npos) << e.what();
      EXPECT_NE(std::string(e.what()).find(w.remedy), std::string::npos) << e.what();
    }
  }
}

}  // namespace
