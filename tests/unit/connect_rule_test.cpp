// links: ranvier_connect ranvier_base
// Rules as values: printing, comparison, hashing, the errors of their making, and lists read from text files.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>
#include <unordered_set>

#include "ranvier/connect.hpp"
#include "temporary_folder.hpp"

namespace ranvier {
namespace {

template <class F>
std::string message(F&& f) {
  try {
    f();
  } catch (const UserError& e) {
    EXPECT_FALSE(e.where().empty()) << e.what();
    EXPECT_FALSE(e.remedy().empty()) << e.what();
    return e.what();
  }
  return "no error";
}
bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
#define EXPECT_SAYS(text, part) EXPECT_TRUE(contains(text, part)) << text

TEST(Rule, PrintsAsItIsWritten) {
  EXPECT_EQ(to_string(bernoulli(0.02)), "bernoulli(p = 0.02)");
  EXPECT_EQ(to_string(fixed_outdegree(64)), "fixed_outdegree(k = 64)");
  EXPECT_EQ(to_string(fixed_outdegree(64).self_connections(false).multiple(true)),
            "fixed_outdegree(k = 64).self_connections(false).multiple(true)");
  EXPECT_EQ(to_string(fixed_indegree_fraction(0.1)), "fixed_indegree_fraction(p = 0.1)");
  EXPECT_EQ(to_string(fixed_total(9)), "fixed_total(n = 9)");
  EXPECT_EQ(to_string(explicit_list({0, 1}, {1, 0})), "explicit_list(2 pairs)");
  std::ostringstream out;
  out << one_to_one() << ' ' << all_to_all();
  EXPECT_EQ(out.str(), "one_to_one() all_to_all()");
}

TEST(Rule, LawSaysWhatIsFixed) {
  EXPECT_EQ(fixed_outdegree(64).law(),
            "every source has exactly 64 targets, drawn uniformly from the target view without replacement");
  EXPECT_SAYS(fixed_outdegree(64).multiple(true).law(), "with replacement");
  EXPECT_SAYS(fixed_indegree(3).self_connections(false).law(), "self-connections are left out");
  EXPECT_SAYS(fixed_outdegree_fraction(0.02).law(), "trunc(0.02 * n_post)");
  EXPECT_SAYS(bernoulli(0.5).law(), "independently");
}

TEST(Rule, ComparesAndHashesByValue) {
  const std::vector<Rule> different = {
      bernoulli(0.5),     fixed_outdegree(5),  fixed_indegree(5), fixed_total(5), fixed_outdegree_fraction(0.5),
      one_to_one(),       all_to_all(),        fixed_outdegree(6), fixed_outdegree(5).self_connections(false),
      fixed_outdegree(5).multiple(true), explicit_list({0}, {1}), explicit_list({1}, {0}), explicit_list({0}, {1}, {2.0})};
  std::unordered_set<std::size_t> hashes;
  for (std::size_t i = 0; i < different.size(); ++i) {
    for (std::size_t j = 0; j < different.size(); ++j) EXPECT_EQ(different[i] == different[j], i == j) << i << ' ' << j;
    hashes.insert(std::hash<Rule>{}(different[i]));
  }
  EXPECT_EQ(hashes.size(), different.size());
  EXPECT_EQ(explicit_list({0}, {1}, {2.0}), explicit_list({0}, {1}, {2.0}));
  EXPECT_EQ(explicit_list({0}, {1}, {0.0}).hash(), explicit_list({0}, {1}, {-0.0}).hash());
  EXPECT_EQ(fixed_outdegree(5).multiple(true).multiple(false), fixed_outdegree(5));
}

TEST(Rule, OptionsDoNotChangeTheRuleTheyAreAskedOf) {
  const Rule rule = fixed_outdegree(5);
  const Rule changed = rule.self_connections(false);
  EXPECT_TRUE(rule.allows_self());
  EXPECT_FALSE(changed.allows_self());
}

TEST(Rule, RefusesWhatIsNoProbability) {
  for (const double p : {-0.1, 1.5, std::nan(""), std::numeric_limits<double>::infinity()}) {
    for (const auto make : {bernoulli, fixed_outdegree_fraction, fixed_indegree_fraction}) {
      EXPECT_SAYS(message([&] { (void)make(p); }), "from 0 to 1");
    }
  }
  EXPECT_EQ(message([] { (void)bernoulli(1.5); }), "bernoulli(1.5): the probability is 1.5; it must be a number from 0 to 1");
}

TEST(Rule, RefusesNegativeCounts) {
  EXPECT_EQ(message([] { (void)fixed_outdegree(-3); }),
            "fixed_outdegree(-3): the number of targets is negative; it must be 0 or more");
  EXPECT_SAYS(message([] { (void)fixed_indegree(-1); }), "the number of sources is negative");
  EXPECT_SAYS(message([] { (void)fixed_total(-1); }), "the number of connections is negative");
}

TEST(Rule, MultipleNeedsARuleThatCanRepeat) {
  for (const Rule& rule : {bernoulli(0.1), one_to_one(), all_to_all()}) {
    EXPECT_SAYS(message([&] { (void)rule.multiple(true); }), "visits each pair once");
    EXPECT_EQ(rule.multiple(false), rule);
  }
}

TEST(Rule, ListMustBeWellFormed) {
  EXPECT_EQ(message([] { (void)explicit_list({0, 1}, {0}); }),
            "explicit_list(2 pairs): post has 1 entries and pre has 2; give one entry for each pair");
  EXPECT_SAYS(message([] { (void)explicit_list({0, 1}, {0, 1}, {1.0}); }), "weight has 1 entries");
  EXPECT_SAYS(message([] { (void)explicit_list({0, 1}, {0, 1}, {}, {1.0}); }), "delay has 1 entries");
  EXPECT_SAYS(message([] { (void)explicit_list({0, 1}, {0, 1}, {1.0, std::nan("")}); }), "entry 1: the weight is nan");
  EXPECT_SAYS(message([] { (void)explicit_list({0}, {0}, {}, {-0.5}); }), "entry 0: the delay is -0.5 ms");
  EXPECT_SAYS(message([] { (void)explicit_list({0}, {0}, {}, {std::numeric_limits<double>::infinity()}); }), "the delay is inf");
}

class ListFile : public ::testing::Test {
 protected:
  Rule read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return from_file(path_);
  }
  std::string error(const std::string& text) {
    return message([&] { (void)read(text); });
  }
  const TemporaryFolder folder_;
  const std::string path_ = (folder_ / "list.csv").string();
};

TEST_F(ListFile, ReadsCommasBlanksCommentsAndHeaders) {
  const std::vector<std::uint32_t> pre = {0, 2}, post = {1, 3};
  for (const char* text : {"0,1\n2,3\n", "0 1\r\n2\t3", "# made by hand\n\n0;1 # first\n  2 , 3\n", "pre,post\n0,1\n2,3\n",
                           "post pre\n1 0\n3 2\n", "\xEF\xBB\xBFpre,post\n0,1\n2,3\n"}) {
    const Rule rule = read(text);
    EXPECT_EQ(rule.pairs()->pre, pre) << text;
    EXPECT_EQ(rule.pairs()->post, post) << text;
    EXPECT_FALSE(rule.has_weights() || rule.has_delays());
  }
  const Rule full = read("0 1 0.5 1.5\n2 3 -1e-3 +2\n");
  EXPECT_EQ(full.pairs()->weight, (std::vector<double>{0.5, -1e-3}));
  EXPECT_EQ(full.pairs()->delay, (std::vector<double>{1.5, 2}));
  const Rule delays = read("delay,pre,post\n0.3,7,8\n");
  EXPECT_EQ(delays.pairs()->delay, std::vector<double>{0.3});
  EXPECT_FALSE(delays.has_weights());
  EXPECT_SAYS(to_string(delays), path_);
  EXPECT_EQ(read("").pairs()->pre.size(), 0u);
}

TEST_F(ListFile, ErrorsNameFileAndLine) {
  EXPECT_EQ(error("0 1\n2 x\n"), path_ + ":2: post is \"x\"; it must be a whole number from 0 to 4294967295");
  EXPECT_SAYS(error("0 1\n\n-2 1\n"), ":3: pre is \"-2\"");
  EXPECT_SAYS(error("0 1\n2 4294967296\n"), ":2: post is \"4294967296\"");
  EXPECT_SAYS(error("0 1.5\n"), ":1: post is \"1.5\"");
  EXPECT_SAYS(error("0\n"), ":1: expected 2 to 4 columns and found 1");
  EXPECT_SAYS(error("1 2 3 4 5\n"), ":1: expected 2 to 4 columns and found 5");
  EXPECT_SAYS(error("0 1 2\n0 1\n"), ":2: expected 3 columns and found 2");
  EXPECT_SAYS(error("0,,1\n"), ":1: post is \"\"");
  EXPECT_SAYS(error("0,1,\n"), ":1: weight is \"\"");
  EXPECT_SAYS(error("pre,weight\n0,1\n"), ":1: the columns pre and post are not both named");
  EXPECT_SAYS(error("pre,post,colour\n"), ":1: unknown column \"colour\"");
  EXPECT_SAYS(error("pre,pre,post\n"), ":1: column \"pre\" is named twice");
  EXPECT_SAYS(error("source target\n"), ":1: pre is \"source\"");
  EXPECT_SAYS(error("0 1 nan\n"), ":1: weight is \"nan\"");
  EXPECT_SAYS(error("0 1 1e999\n"), ":1: weight is \"1e999\"");
  EXPECT_SAYS(error("0 1 2nS\n"), ":1: weight is \"2nS\"");
  EXPECT_SAYS(error("0 1 1 -2\n"), ":1: the delay is negative: \"-2\"");
}

TEST_F(ListFile, MissingFilesAndFoldersAreSaid) {
  EXPECT_SAYS(message([] { (void)from_file("/no/such/file.csv"); }), "/no/such/file.csv: cannot be opened: No such file");
  EXPECT_SAYS(message([] { (void)from_file("/"); }), "cannot be read");
}

TEST_F(ListFile, GarbageIsRefusedOrReadButNeverCrashes) {
  std::mt19937 bytes(7);
  const std::string alphabet("0123456789 ,;\t\n\r#.-+eprostwighdlay\0\xff\xc3", 37);
  for (int trial = 0; trial < 500; ++trial) {
    std::string text(bytes() % 60, ' ');
    for (char& c : text) c = trial % 2 == 0 ? static_cast<char>(bytes()) : alphabet[bytes() % alphabet.size()];
    try {
      const Rule rule = read(text);
      EXPECT_EQ(rule.pairs()->pre.size(), rule.pairs()->post.size());
    } catch (const UserError& e) {
      EXPECT_SAYS(std::string(e.what()), path_);
    }
  }
}

}  // namespace
}  // namespace ranvier
