// links: ranvier_engine ranvier_text ranvier_models
// Networks from TOML: the same step program as the library's, and every mistake with its place.
#include "ranvier/network_file.hpp"

#include <gtest/gtest.h>

#include <random>

#include "ranvier/models.hpp"

using namespace ranvier;
using namespace ranvier::units;

namespace {

const std::string example = RANVIER_SOURCE_DIR "/examples/coba_hh.toml";

TEST(NetworkFile, CobaHhIsThatOfTheLibrary) {
  const auto file = read_network_file(example);
  Simulation text(file.network, file.run.options()), library(models::find("coba_hh").build({}), {});
  EXPECT_EQ(text.program_hash(), library.program_hash());
  EXPECT_EQ(text.run(10 * ms), library.run(10 * ms));
  EXPECT_EQ(text.checksum(), library.checksum());
  EXPECT_EQ(file.run.duration.value, 100);
}

TEST(NetworkFile, ConstantsFollowEachOtherAndCanBeReplaced) {
  const std::string text = "constants = { p = \"80/N\", N = 4000 }\n[models.m]\nequations = '''\ndv/dt = (El - v)/tau : volt\n'''\n"
                           "parameters = { tau = '10*ms', El = '-60*mV' }\n[populations]\nA = { model = 'm', size = 'N', initial = { v = 'El + 5*mV*randn()' } }\n"
                           "[[projections]]\nsource = 'A[0:N/2]'\ntarget = 'A'\nrule = 'bernoulli(p, self_connections = false)'\nsynapse = 'delta'\n";
  EXPECT_DOUBLE_EQ(network_from_toml(text).constants.at("p").value, 0.02);
  const auto other = network_from_toml(text, {{"N", 100.0}});
  EXPECT_DOUBLE_EQ(other.constants.at("p").value, 0.8);
  EXPECT_EQ(other.network.population("A").size(), 100u);
  EXPECT_THROW((void)network_from_toml(text, {{"M", 1.0}}), UserError);
  EXPECT_THROW((void)network_from_toml(text, {{"N", 1 * mV}}), UnitError);
}

std::vector<Diagnostic> mistakes(const std::string& text) {
  try {
    (void)network_from_toml(text);
  } catch (const ParseError& e) {
    return e.diagnostics();
  }
  return {};
}

TEST(NetworkFile, EveryMistakeHasItsPlace) {
  const auto all = mistakes("[constants]\na = \"3*mVv\"\n[models.m]\nequations = \"\"\"\ndv/dt = (El - v)/taux : volt\n\"\"\"\n"
                            "parameters = { tau = \"10*ms\", El = \"-60*mV\" }\nthreshhold = \"v > 0*mV\"\n"
                            "[populations]\nA = { model = \"lif\", size = 2.5 }\nB = { model = \"lif(taz = 3*ms)\", size = 1 }\n");
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(std::pair(all[0].line, all[0].column), std::pair(2u, 8u));
  EXPECT_EQ(std::pair(all[1].line, all[1].column), std::pair(5u, 18u));
  EXPECT_NE(all[1].remedy.find("'tau'"), std::string::npos);
  EXPECT_EQ(std::pair(all[2].line, all[2].column), std::pair(8u, 1u));
  EXPECT_EQ(std::pair(all[3].line, all[3].column), std::pair(10u, 29u));
  EXPECT_EQ(all[4].line, 11u);
  EXPECT_EQ(all[4].excerpt, "B = { model = \"lif(taz = 3*ms)\", size = 1 }");
}

TEST(NetworkFile, BadTextIsRefusedWithAMessage) {
  EXPECT_EQ(mistakes("a = 1\na = 2\n").size(), 1u);
  EXPECT_EQ(mistakes("title = \"x\nb = 1\n").size(), 1u);
  EXPECT_EQ(mistakes("title = \"\xff\"\n").at(0).problem, "the text is not UTF-8 here");
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  EXPECT_EQ(mistakes(deep + " = 1").size(), 1u);
  EXPECT_EQ(mistakes("a = " + std::string(100'000, '[')).size(), 1u);
  EXPECT_FALSE(mistakes("[constants]\na = \"" + std::string(100'000, '(') + "\"\n").empty());
  EXPECT_NE(mistakes("[constants]\nka = \"kb\"\nkb = \"ka\"\n").at(1).problem.find("ka -> kb -> ka"), std::string::npos);
  // The reader of TOML does not expect characters beyond ASCII outside of texts.
  for (const char* text : {"[models\u048f]\na = 1\n", "\u2000a = 1", "a = 1 \u3000", "a\u00a0= 1"}) {
    EXPECT_NE(mistakes(text).at(0).problem.find("stands outside of quotes"), std::string::npos) << text;
  }
  for (const char* text : {"# \u048f\ntitle = \"\u048f \\\" \u048f\"", "title = QQQ\u048fQQQQQ\n", "title = QQQ\n\u048f Q Q QQ \u2000 QQQ\n", "title = 'x\\'"}) {
    std::string s = text;
    for (auto& c : s) c = c == 'Q' ? '\'' : c;
    EXPECT_EQ(mistakes(s).at(0).problem, "there is no population") << s;
  }
  EXPECT_THROW((void)read_network_file("no_such.toml"), UserError);
}

TEST(NetworkFile, TextsGoOnWithAnyLetterBehindABackslash) {
  const std::string rest = "[models.m]\nequations = 'dv/dt = -v/(10*ms) : 1'\n[populations]\nA = { model = 'm', size = 1 }\n";
  for (const std::string letter : {"\u00b5", "\u03a9", "\u0436", "\u00e9", "\u2c60"}) {
    EXPECT_TRUE(network_from_toml("title = \"\"\"one \\\n  " + letter + " two\"\"\"\n" + rest).title.ends_with(" " + letter + " two"));
    const auto found = mistakes("title = \"\"\"one \\" + letter + "\"\"\"\n" + rest);
    ASSERT_EQ(found.size(), 1u) << letter;
    EXPECT_NE(found[0].problem.find("escape"), std::string::npos) << found[0].problem;
  }
}

TEST(NetworkFile, MutatedFilesGiveANetworkOrMessages) {
  const std::string good = "[constants]\nw = '2*nS'\n[populations]\nA = { model = 'lif(tau = 10*ms)', size = 10, initial = { V = 'uniform(-60*mV, -50*mV)' } }\n"
                           "[[projections]]\nsource = 'A[0:5]'\ntarget = 'A'\nrule = { name = 'bernoulli', p = 0.1 }\nsynapse = 'exponential'\noutput = 'coba'\n"
                           "weight = 'w'\ndelay = '1*ms'\n[run]\ndt = '0.1*ms'\n";
  const std::string rich = "[arrays.a]\nvalues = [[1, 2], [3, 4]]\nunit = 'pA'\ndt = '1*ms'\n[channels.k]\nequations = '''dn/dt = (n_inf - n)/ms : 1\nn_inf = 1/(1 + exp(-V/mV)) : 1'''\n"
                           "current = 'n*mS/cm**2*(-90*mV - V)'\n[models.c]\nchannels = ['k', 'IL(E = -60*mV)']\n[models.m]\nequations = '''dV/dt = (a(t, i) + I)/pF : volt\ndg/dt = -g/ms : 1\nI : amp'''\n"
                           "each_step = 'g = g + rand()'\n[synapses.s]\nequations = '''w : 1\ndx/dt = -x/ms : 1 (event-driven)'''\non_pre = 'g_post += w; x += 1'\non_post = 'w = clip(w + x, 0, 1)'\n"
                           "[synapses.u]\nequations = '''ds/dt = -s/ms : 1\nw : amp\nI_post = w*s*(1 - V_post/mV) : amp (summed)'''\non_pre = 's += 1'\n[populations]\n"
                           "S = { size = 2, spikes = { neurons = [0, 1], times = [1, 2], unit = 'ms' }, positions = 'grid(1, 2)' }\nA = { model = 'm', size = 2, positions = 'random_box(1*um, 2*um)' }\n"
                           "C = { model = 'c', size = 3, initial = { k.n = 0.5 } }\n[[inputs]]\ntarget = 'A[0:1]'\nvalue = 'i*pA*sin(t/ms)'\n[[inputs]]\ntarget = 'C'\nnoise = 'ou(0*uA/cm**2, 1*uA/cm**2, 5*ms)'\n"
                           "[[projections]]\nsource = 'S'\ntarget = 'A'\nrule = { name = 'matrix', values = [[1, 0], [1, 1]] }\nsynapse = 's'\n[[projections]]\nname = 'u'\nsource = 'S'\ntarget = 'A'\n"
                           "rule = { name = 'condition', where = 'i != j' }\nsynapse = 'u'\nweight = '2*pA*exp(-distance()/um)'\n[[recordings]]\nof = 'A'\nwhat = ['V', 'rate', 'V*g']\nevery = '1*ms'\n";
  (void)network_from_toml(rich);
  std::mt19937_64 random(3);
  for (int i = 0; i < 8000; ++i) {
    std::string s = i % 2 == 0 ? good : rich;
    for (auto n = random() % 5; n > 0; --n) {
      const auto at = random() % s.size();
      switch (random() % 4) {
        case 0: s[at] = static_cast<char>(random()); break;
        case 1: s.erase(at, 1 + random() % 4); break;
        case 2: s.insert(at, 1, "[]{}()='\".,:\n0"[random() % 14]); break;
        default: s.insert(at, s.substr(random() % s.size(), random() % 60)); break;
      }
      if (s.empty()) s = "x";
    }
    try {
      (void)network_from_toml(s);
    } catch (const UserError& e) {
      EXPECT_GT(std::string(e.what()).size(), 10u);
    }
  }
}

}  // namespace
