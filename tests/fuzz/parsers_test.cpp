// Whatever text comes in, a parser returns a value or throws a UserError with a message; it never crashes, hangs or throws anything else.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <random>
#include <string>

#include "ranvier/connect.hpp"
#include "ranvier/equations.hpp"
#include "ranvier/units.hpp"
#include "temporary_folder.hpp"

using namespace ranvier;

namespace {

/// Mutations of good examples: bytes changed, removed, doubled, spliced with another example, or noise alone.
class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::uint64_t seed) : seeds_(std::move(seeds)), random_(seed) {}

  std::string next() {
    std::string s = seeds_[random_() % seeds_.size()];
    for (auto n = random_() % 6; n > 0; --n) {
      const auto at = s.empty() ? 0 : random_() % s.size();
      switch (random_() % 6) {
        case 0: if (!s.empty()) s[at] = static_cast<char>(random_()); break;
        case 1: if (!s.empty()) s.erase(at, 1 + random_() % 3); break;
        case 2: s.insert(at, 1, "0123456789.-+eE*/^() \n\t,;#munpkMGVASFHz"[random_() % 40]); break;
        case 3: s += s.substr(at); break;
        case 4: s = s.substr(0, at) + seeds_[random_() % seeds_.size()]; break;
        default: s.insert(at, std::string(1 + random_() % 2000, "(9^-"[random_() % 4])); break;
      }
    }
    return s;
  }

 private:
  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

TEST(Fuzz, Quantities) {
  Mutator mutator({"100ms", "-3.5 mV/ms", "1e-3 uF/cm^2", "0.02", "12 nsiemens", "5*mV", "3 kg*m^2/s^3/A", "inf ms", "1e400 V", "7 (mV)"}, 1);
  int accepted = 0;
  for (int i = 0; i < 40'000; ++i) {
    const auto text = mutator.next();
    try {
      const auto q = parse_quantity(text);
      ++accepted;
      EXPECT_FALSE(std::isnan(q.value)) << text;
      if (std::isfinite(q.value) && q.value != 0) {
        const auto again = parse_quantity(to_string(q));  // what we print, we read
        EXPECT_EQ(again.dimension, q.dimension) << text;
        EXPECT_EQ(again.value, q.value) << text << " -> " << to_string(q);
      }
    } catch (const UserError& e) {
      EXPECT_GT(std::string(e.what()).size(), 10u);
    }
  }
  EXPECT_GT(accepted, 2'000);
}

TEST(Fuzz, ConnectionLists) {
  Mutator mutator({"0 1\n1 2\n", "pre,post,weight,delay\n0,1,0.5,1.5\n3,4,-2e3,0\n", "# comment\n5;6;7.5\n", "post pre\n1 0\n", "4294967295 0\n"}, 2);
  const TemporaryFolder folder;
  const auto path = (folder / "fuzz_pairs.txt").string();
  int accepted = 0;
  for (int i = 0; i < 4'000; ++i) {
    const auto text = mutator.next();
    std::ofstream(path, std::ios::binary) << text;
    try {
      const auto rule = from_file(path);
      ASSERT_NE(rule.pairs(), nullptr);
      EXPECT_EQ(rule.pairs()->pre.size(), rule.pairs()->post.size());
      ++accepted;
    } catch (const UserError& e) {
      EXPECT_NE(std::string(e.what()).find("fuzz_pairs.txt"), std::string::npos) << e.what();
    }
  }
  EXPECT_GT(accepted, 150);
}

TEST(Fuzz, Equations) {
  Mutator mutator({"dV/dt = (El - V + R*I)/tau : volt (unless refractory)\nI : amp (input)\ntau : second (constant)\n",
                   "m_inf = 1/(1 + exp(-(V + 40*mV)/(9*mV))) : 1\ndm/dt = (m_inf - m)/ms : 1\nV : volt",
                   "x = where(a < b and not a > 2*b, a**2, sqrt(b)) : 1\na : 1\nb : 1 # comment", "y = (1 + \\\n 2) : 1",
                   "dg/dt = -g/(5*ms) : siemens\nz = clip(g/nS, 0, 1) % 3 // 2 : 1"}, 3);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    ModelText text;
    text.equations = TextPiece(mutator.next());
    try {
      accepted += model_from_text("m", text).text().empty() ? 0 : 1;
    } catch (const ParseError& e) {
      ASSERT_FALSE(e.diagnostics().empty());
      for (const auto& d : e.diagnostics()) {
        EXPECT_GE(d.line, 1u);
        EXPECT_GE(d.column, 1u);
        EXPECT_FALSE(d.problem.empty());
      }
    }
  }
  EXPECT_GT(accepted, 1'000);
}

TEST(Fuzz, Expressions) {
  Mutator mutator({"0.5*(3 + 2)*nS", "-2**-3", "exp(1)/log(2)", "int(1 < 2 or not 3 >= 4)", "max(1, 2)%3//2", "1e3*mV + 2*volt", "where(1 < 2, 3, 4)"}, 4);
  int accepted = 0;
  for (int i = 0; i < 40'000; ++i) {
    const auto text = mutator.next();
    try {
      const auto printed = canonical_expression(text);
      EXPECT_EQ(canonical_expression(printed), printed) << text;
      ++accepted;
      (void)quantity_from_text(text);
    } catch (const ParseError& e) {
      EXPECT_GT(std::string(e.what()).size(), 10u);
    }
  }
  EXPECT_GT(accepted, 2'000);
}

}  // namespace
